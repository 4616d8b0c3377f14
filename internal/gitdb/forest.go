package gitdb

import "sync"

// A forest is the entries of a pack as trees: each delta hangs below its base. Entries are numbered in the order of the
// file. It is made from the heads of the entries alone; nothing is unpacked for it.
type forest struct {
	p     *pack
	order *packOrder
	out   []bool // by position in the index: not to be visited; nil for none

	first []int32 // the first child, -1 for none
	next  []int32 // the next child of the same base, -1 for none
	heavy []int32 // the child with the most descendants, -1 for none
	count []int32 // entries in the tree below, itself included
	roots []int32 // those that stand on no entry of this pack, and are needed
	lost  []int32 // those that no root leads to: damaged heads, cycles
	skip  []bool  // nothing below is wanted
	large []bool  // of roots: holds an entry that is large; nil for none
}

const none = int32(-1)

// woods is the forest of a pack of db, but for what is left out. It is made at the first call.
func (p *pack) woods(left func() []bool, jobs int) *forest {
	p.forestOnce.Do(func() { p.forest = newForest(p, left(), max(1, jobs)) })
	return p.forest
}

func newForest(p *pack, out []bool, jobs int) *forest {
	order := p.sorted()
	n := len(order.offs)
	f := &forest{p: p, order: order, out: out,
		first: make([]int32, n), next: make([]int32, n), heavy: make([]int32, n), count: make([]int32, n)}
	const (
		isRoot  = none
		damaged = int32(-2)
	)
	base := make([]int32, n)
	bigs := make([]bool, n)
	var wg sync.WaitGroup
	for j := range jobs {
		lo, hi := n*j/jobs, n*(j+1)/jobs
		wg.Add(1)
		go func() {
			defer wg.Done()
			for k := lo; k < hi; k++ {
				base[k] = damaged
				e, err := safeEntry(p, order.offs[k])
				if err != nil {
					continue
				}
				bigs[k] = e.size >= bigObject
				switch e.typ {
				case ofsDelta:
					if b := f.at(e.baseOff); b >= 0 {
						base[k] = b
					}
				case refDelta:
					base[k] = isRoot // of another pack, if not of this
					if i := p.idx.find(e.baseID.Bytes()); i >= 0 {
						if b := f.at(p.idx.offset(i)); b >= 0 && int(b) != k {
							base[k] = b
						}
					}
				default:
					base[k] = isRoot
				}
			}
		}()
	}
	wg.Wait()

	for k := range n {
		f.first[k], f.next[k], f.heavy[k], f.count[k] = none, none, none, 1
	}
	left := make([]int32, n) // children not counted yet
	// Backwards, so that children stand in the order of the file.
	for k := n - 1; k >= 0; k-- {
		if b := base[k]; b >= 0 {
			f.next[k], f.first[b] = f.first[b], int32(k)
			left[b]++
		}
	}
	// From the leaves down to the roots. What is never reached stands on a circle, or below one.
	needs := make([]bool, n)
	queue := make([]int32, 0, n)
	for k := range n {
		needs[k] = f.wanted(int32(k))
		if left[k] == 0 {
			queue = append(queue, int32(k))
		}
	}
	for i := 0; i < len(queue); i++ {
		k := queue[i]
		b := base[k]
		if b < 0 {
			continue
		}
		f.count[b] += f.count[k]
		needs[b] = needs[b] || needs[k]
		bigs[b] = bigs[b] || bigs[k]
		if h := f.heavy[b]; needs[k] && (h < 0 || f.count[h] < f.count[k]) {
			f.heavy[b] = k
		}
		if left[b]--; left[b] == 0 {
			queue = append(queue, b)
		}
	}
	f.skip = needs
	for k := range needs {
		f.skip[k] = !needs[k]
	}
	f.large = bigs
	reached := make([]bool, n)
	for _, k := range queue {
		reached[k] = true
	}
	for k := range n {
		switch {
		case base[k] == damaged, !reached[k]:
			f.lost = append(f.lost, int32(k))
		case base[k] == isRoot && !f.skip[k]:
			f.roots = append(f.roots, int32(k))
		}
	}
	f.loseBelow()
	return f
}

// loseBelow adds to lost what stands on it.
func (f *forest) loseBelow() {
	if len(f.lost) == 0 {
		return
	}
	seen := map[int32]bool{}
	for _, k := range f.lost {
		seen[k] = true
	}
	for i := 0; i < len(f.lost); i++ {
		for c := f.first[f.lost[i]]; c >= 0; c = f.next[c] {
			if !seen[c] {
				seen[c] = true
				f.lost = append(f.lost, c)
			}
		}
	}
}

func safeEntry(p *pack, off int64) (e entry, err error) {
	defer func() {
		if recover() != nil {
			err = errEntry
		}
	}()
	return p.entry(off)
}

// at is the entry that begins at off, -1 where none does.
func (f *forest) at(off int64) int32 {
	lo, hi := 0, len(f.order.offs)
	for lo < hi {
		m := int(uint(lo+hi) >> 1)
		if f.order.offs[m] < off {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if lo < len(f.order.offs) && f.order.offs[lo] == off {
		return int32(lo)
	}
	return none
}

// end is where the entry k ends at the latest: where the next begins, or the pack's trailer.
func (f *forest) end(k int32) int64 {
	if int(k)+1 < len(f.order.offs) {
		return f.order.offs[k+1]
	}
	return f.p.file.size - int64(f.p.hashLen)
}

func (f *forest) id(k int32) Hash          { return HashOf(f.p.idx.raw(int(f.order.pos[k]))) }
func (f *forest) wanted(k int32) bool      { return f.out == nil || !f.out[f.order.pos[k]] }
func (f *forest) need(k int32) bool        { return !f.skip[k] }
func (f *forest) sibling(k int32) int32    { return f.next[k] }
func (f *forest) heavyweight(k int32) bool { return f.large[k] }
