package gitdb

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A madePack is a pack written by hand, with whatever lies it is to tell.
type madePack struct {
	t       testing.TB
	data    []byte
	ids     []Hash
	offsets []int64
}

func newMadePack(t testing.TB) *madePack {
	return &madePack{t: t, data: []byte("PACK\x00\x00\x00\x02\x00\x00\x00\x00")}
}

func idOf(n int) Hash {
	sum := sha1.Sum([]byte(fmt.Sprint("object ", n)))
	return HashOf(sum[:])
}

// add appends an entry: its type, the size that its head tells, what stands between head and body, and the body before
// it is compressed.
func (p *madePack) add(n int, typ Type, size int, base, body []byte) int64 {
	off := int64(len(p.data))
	c := byte(typ)<<4 | byte(size&15)
	for size >>= 4; size > 0; size >>= 7 {
		p.data = append(p.data, c|0x80)
		c = byte(size & 0x7f)
	}
	p.data = append(p.data, c)
	p.data = append(p.data, base...)
	p.data = append(p.data, deflated(p.t, body, 6)...)
	p.ids = append(p.ids, idOf(n))
	p.offsets = append(p.offsets, off)
	return off
}

// back is the distance that an OFS delta at the end of the pack names its base with.
func (p *madePack) back(to int64) []byte {
	d := int64(len(p.data)) - to
	out := []byte{byte(d & 0x7f)}
	for d >>= 7; d > 0; d >>= 7 {
		d--
		out = append([]byte{byte(d&0x7f) | 0x80}, out...)
	}
	return out
}

// deltaHead is the head of a delta.
func deltaHead(base, result int) []byte {
	var out []byte
	for _, v := range []int{base, result} {
		for v >= 0x80 {
			out = append(out, byte(v)|0x80)
			v >>= 7
		}
		out = append(out, byte(v))
	}
	return out
}

// store writes the pack and its index into a new repository and opens it.
func (p *madePack) store() *Repo {
	p.t.Helper()
	dir := p.t.(interface{ TempDir() string }).TempDir()
	packs := filepath.Join(dir, "objects", "pack")
	for _, d := range []string{packs, filepath.Join(dir, "refs")} {
		if err := os.MkdirAll(d, 0o777); err != nil {
			p.t.Fatal(err)
		}
	}
	binary.BigEndian.PutUint32(p.data[8:], uint32(len(p.ids)))
	p.data = append(p.data, make([]byte, 20)...)
	order := make([]int, len(p.ids))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return p.ids[a].Compare(p.ids[b]) })
	idx := []byte("\xfftOc\x00\x00\x00\x02")
	for b := range 256 {
		n := 0
		for _, id := range p.ids {
			if int(id.Bytes()[0]) <= b {
				n++
			}
		}
		idx = binary.BigEndian.AppendUint32(idx, uint32(n))
	}
	for _, i := range order {
		idx = append(idx, p.ids[i].Bytes()...)
	}
	idx = append(idx, make([]byte, 4*len(order))...)
	for _, i := range order {
		idx = binary.BigEndian.AppendUint32(idx, uint32(p.offsets[i]))
	}
	idx = append(idx, make([]byte, 40)...)
	for name, data := range map[string][]byte{filepath.Join(packs, "pack-x.pack"): p.data,
		filepath.Join(packs, "pack-x.idx"): idx, filepath.Join(dir, "HEAD"): []byte("ref: refs/heads/main\n")} {
		if err := os.WriteFile(name, data, 0o666); err != nil {
			p.t.Fatal(err)
		}
	}
	r, err := Open(dir, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(r.Close)
	return r
}

// visit walks a repository and gives the texts seen and what was skipped.
func visit(t testing.TB, r *Repo, o EachOptions) (seen map[Hash]string, skipped []string) {
	t.Helper()
	seen = map[Hash]string{}
	var mu sync.Mutex
	o.Jobs = 2
	o.Skip = func(what, why string) {
		mu.Lock()
		defer mu.Unlock()
		skipped = append(skipped, what+": "+why)
	}
	err := r.DB.Each(context.Background(), o, func(v *Visit) error {
		mu.Lock()
		defer mu.Unlock()
		if _, twice := seen[v.ID]; twice {
			t.Errorf("%v is visited twice", v.ID)
		}
		seen[v.ID] = string(v.Data[:min(len(v.Data), 64)])
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(skipped)
	return seen, skipped
}

func TestLyingPacksAreReportedAndBounded(t *testing.T) {
	insert := func(base, result int, text string) []byte {
		return append(append(deltaHead(base, result), byte(len(text))), text...)
	}
	rows := []struct {
		name  string
		make  func(p *madePack)
		seen  int
		skips int
	}{
		{"deltas that stand on each other", func(p *madePack) {
			a, b := idOf(1), idOf(2)
			p.add(1, refDelta, 6, b.Bytes(), insert(3, 3, "abc"))
			p.add(2, refDelta, 6, a.Bytes(), insert(3, 3, "abc"))
			p.add(3, refDelta, 6, a.Bytes(), insert(3, 3, "xyz"))
			p.add(4, Blob, 2, nil, []byte("ok"))
		}, 1, 3},
		{"a delta on itself", func(p *madePack) {
			a := idOf(1)
			p.add(1, refDelta, 6, a.Bytes(), insert(3, 3, "abc"))
		}, 0, 1},
		{"a base that nobody has", func(p *madePack) {
			a := idOf(9)
			off := p.add(1, refDelta, 6, a.Bytes(), insert(3, 3, "abc"))
			p.add(2, ofsDelta, 6, p.back(off), insert(3, 3, "abc"))
		}, 0, 2},
		{"a base size that is not the base's", func(p *madePack) {
			off := p.add(1, Blob, 4, nil, []byte("base"))
			p.add(2, ofsDelta, 6, p.back(off), insert(5, 3, "abc"))
		}, 1, 1},
		{"a result size that is not the result's", func(p *madePack) {
			off := p.add(1, Blob, 4, nil, []byte("base"))
			p.add(2, ofsDelta, 6, p.back(off), insert(4, 9, "abc"))
			p.add(3, ofsDelta, 6, p.back(off), insert(4, 2, "abc"))
		}, 1, 2},
		{"a copy from behind the base's end", func(p *madePack) {
			off := p.add(1, Blob, 4, nil, []byte("base"))
			p.add(2, ofsDelta, 5, p.back(off), append(deltaHead(4, 9), 0x91, 2, 9))
		}, 1, 1},
		{"a delta that ends in the middle", func(p *madePack) {
			off := p.add(1, Blob, 4, nil, []byte("base"))
			p.add(2, ofsDelta, 3, p.back(off), append(deltaHead(4, 9), 0xff))
			p.add(3, ofsDelta, 3, p.back(off), append(deltaHead(4, 9), 9))
			p.add(4, ofsDelta, 1, p.back(off), []byte{0x80})
		}, 1, 3},
		{"an empty instruction", func(p *madePack) {
			off := p.add(1, Blob, 4, nil, []byte("base"))
			p.add(2, ofsDelta, 3, p.back(off), append(deltaHead(4, 9), 0))
		}, 1, 1},
		{"a body shorter than its size", func(p *madePack) { p.add(1, Blob, 100, nil, []byte("short")) }, 0, 1},
		{"a body longer than its size", func(p *madePack) { p.add(1, Blob, 2, nil, []byte("longer")) }, 0, 1},
		{"a size beyond all measure", func(p *madePack) {
			p.add(1, Blob, 1<<40, nil, []byte("x"))
			p.add(2, Blob, 1<<26, nil, []byte("x"))
		}, 0, 2},
		{"a result beyond all measure", func(p *madePack) {
			off := p.add(1, Blob, 4, nil, []byte("base"))
			d := append(deltaHead(4, 1<<40), 0x90, 4)
			p.add(2, ofsDelta, len(d), p.back(off), d)
		}, 1, 1},
		{"types that do not exist", func(p *madePack) {
			p.add(1, 0, 1, nil, []byte("x"))
			p.add(2, 5, 1, nil, []byte("x"))
			p.add(3, Blob, 1, nil, []byte("x"))
		}, 1, 2},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			p := newMadePack(t)
			row.make(p)
			r := p.store()
			seen, skipped := visit(t, r, EachOptions{})
			if len(seen) != row.seen || len(skipped) != row.skips {
				t.Errorf("saw %d objects and skipped %d, want %d and %d: %q", len(seen), len(skipped), row.seen,
					row.skips, skipped)
			}
			for _, id := range p.ids {
				_, _, err := r.DB.Read(id)
				if _, ok := seen[id]; ok != (err == nil) {
					t.Errorf("%v: visited %v, read alone: %v", id, ok, err)
				}
			}
		})
	}
}

// TestLongChainsAndBombs: memory is bounded whatever the shape of the deltas, and so is the time.
func TestLongChainsAndBombs(t *testing.T) {
	copyAll := func(n int) []byte { // instructions that copy n bytes from the base's begin
		var out []byte
		for at := 0; at < n; at += 0xffff {
			size := min(0xffff, n-at)
			out = append(out, 0x80|0x01|0x02|0x04|0x10|0x20, byte(at), byte(at>>8), byte(at>>16), byte(size),
				byte(size>>8))
		}
		return out
	}
	t.Run("a chain", func(t *testing.T) {
		p := newMadePack(t)
		const size, links = 1 << 20, 3000
		off := p.add(0, Blob, size, nil, bytes.Repeat([]byte("0123456789abcdef"), size/16))
		for i := 1; i < links; i++ {
			d := append(deltaHead(size, size), copyAll(size-4)...)
			d = append(append(d, 4), fmt.Sprintf("%04d", i)...)
			next := p.add(i, ofsDelta, len(d), p.back(off), d)
			if i%2 == 0 { // a comb: every other link has a child that is no base
				p.add(links+i, ofsDelta, len(d), p.back(off), d)
			}
			off = next
		}
		r := p.store()
		before := heap()
		most := uint64(0)
		var mu sync.Mutex
		n := 0
		err := r.DB.Each(context.Background(), EachOptions{Jobs: 2, Skip: func(what, why string) {
			t.Errorf("%s: %s",
				what, why)
		}}, func(v *Visit) error {
			mu.Lock()
			defer mu.Unlock()
			if n++; n%500 == 0 {
				most = max(most, heap())
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if want := links + (links-1)/2; n != want {
			t.Errorf("visited %d objects, want %d", n, want)
		}
		if most > before+64<<20 {
			t.Errorf("a chain of %d objects of 1 MB took %d MB", n, (most-before)>>20)
		}
	})
	t.Run("a bomb", func(t *testing.T) {
		p := newMadePack(t)
		size := 1 << 10
		off := p.add(0, Blob, size, nil, make([]byte, size))
		for i := 1; i < 40; i++ { // each is twice as long
			d := append(deltaHead(size, 2*size), copyAll(size)...)
			d = append(d, copyAll(size)...)
			if size > 1<<23 {
				d = append(deltaHead(size, 2*size), 0xff)
			}
			off = p.add(i, ofsDelta, len(d), p.back(off), d)
			size = min(2*size, 1<<24)
		}
		r := p.store()
		seen, skipped := visit(t, r, EachOptions{})
		if len(seen)+len(skipped) != 40 || len(skipped) == 0 {
			t.Errorf("saw %d, skipped %d", len(seen), len(skipped))
		}
		_, skipped = visit(t, r, EachOptions{MaxUnfolded: 1 << 20})
		if len(skipped) == 0 || !strings.Contains(strings.Join(skipped, "\n"), "unfold to more") {
			t.Errorf("the bound on what a pack unfolds to was not told of: %q", skipped)
		}
	})
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestDamagedRepositoriesNeverPanic flips bytes of a real pack and its index, and cuts them.
func TestDamagedRepositoriesNeverPanic(t *testing.T) {
	s := newSandbox(t)
	s.fill(6)
	s.git("repack", "-q", "-a", "-d", "--depth=10")
	pack := s.packs()[0]
	idx := strings.TrimSuffix(pack, ".pack") + ".idx"
	for _, name := range []string{pack, idx} {
		whole, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(name, 0o666); err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(whole); i += max(1, len(whole)/150) {
			data := slices.Clone(whole)
			data[i] ^= 0x41
			if i%3 == 0 {
				data = data[:i]
			}
			if err := os.WriteFile(name, data, 0o666); err != nil {
				t.Fatal(err)
			}
			r, err := Open(s.dir, nil)
			if err != nil {
				t.Fatal(err)
			}
			seen, skipped := visit(t, r, EachOptions{})
			// Where the pack cannot be opened it is a problem of the database, and nothing is seen.
			if len(r.DB.Problems) == 0 && len(seen)+len(skipped) < r.DB.Count() && i < len(whole)-40 {
				told := strings.Join(skipped, "\n")
				if !strings.Contains(told, "entries of its index lie") {
					t.Errorf("%s damaged at %d: %d of %d objects are seen, %q told of", filepath.Base(name), i,
						len(seen), r.DB.Count(), told)
				}
			}
			for n := range r.DB.Count() {
				_, _, _ = r.DB.Read(r.DB.ByNumber(n))
			}
			r.Close()
		}
		if err := os.WriteFile(name, whole, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	checkAll(t, s.dir, 2)
}

// simpleDelta is applyDelta as the format describes it, a byte at a time.
func simpleDelta(base, delta []byte) ([]byte, bool) {
	number := func() (v uint64, ok bool) {
		for shift := 0; len(delta) > 0 && shift <= 56; shift += 7 {
			c := delta[0]
			delta = delta[1:]
			v |= uint64(c&0x7f) << shift
			if c < 0x80 {
				return v, true
			}
		}
		return 0, false
	}
	n, ok := number()
	if !ok || n != uint64(len(base)) {
		return nil, false
	}
	size, ok := number()
	if !ok || size > 1<<20 {
		return nil, false
	}
	var out []byte
	for len(delta) > 0 {
		c := delta[0]
		delta = delta[1:]
		if c < 0x80 {
			if c == 0 || int(c) > len(delta) {
				return nil, false
			}
			out = append(out, delta[:c]...)
			delta = delta[c:]
		} else {
			var v [7]byte
			for i := range v {
				if c>>i&1 != 0 {
					if len(delta) == 0 {
						return nil, false
					}
					v[i] = delta[0]
					delta = delta[1:]
				}
			}
			off := int(v[0]) | int(v[1])<<8 | int(v[2])<<16 | int(v[3])<<24
			n := int(v[4]) | int(v[5])<<8 | int(v[6])<<16
			if n == 0 {
				n = 0x10000
			}
			if off+n > len(base) {
				return nil, false
			}
			out = append(out, base[off:off+n]...)
		}
		if uint64(len(out)) > size {
			return nil, false
		}
	}
	return out, uint64(len(out)) == size
}

func FuzzDelta(f *testing.F) {
	base := []byte(strings.Repeat("the base of it all, ", 40))
	f.Add(base, append(append(deltaHead(len(base), 13), 0x91, 5, 10), 3, 'a', 'b', 'c'))
	f.Add(base, append(deltaHead(len(base), 20), 0x90, 10, 0x91, 40, 10))
	f.Fuzz(func(t *testing.T, base, delta []byte) {
		want, ok := simpleDelta(base, delta)
		n, size, pos, err := deltaSizes(delta)
		if err != nil || n != uint64(len(base)) || size > 1<<20 {
			if ok {
				t.Fatalf("refused: %v", err)
			}
			return
		}
		out := make([]byte, size)
		spans, err := applyDelta(out, base, delta, pos, nil)
		if (err == nil) != ok {
			t.Fatalf("got %v, want ok %v", err, ok)
		}
		if !ok {
			return
		}
		if !bytes.Equal(out, want) {
			t.Fatal("the result differs")
		}
		// Between the spans there is nothing but pieces of the base.
		at := 0
		for _, s := range append(spans, Span{len(out), len(out)}) {
			if s.Start < at || s.End < s.Start || s.End > len(out) {
				t.Fatalf("spans %v of %d bytes", spans, len(out))
			}
			if !bytes.Contains(base, out[at:s.Start]) {
				t.Fatalf("%q is not in the base, and no span holds it", out[at:s.Start])
			}
			at = s.End
		}
		// Before the first the two texts are the same, and behind the last.
		if len(spans) == 0 {
			if !bytes.Equal(out, base) {
				t.Fatal("no span tells of a difference")
			}
		} else if !bytes.HasPrefix(base, out[:spans[0].Start]) || !bytes.HasSuffix(base,
			out[spans[len(spans)-1].End:]) {
			t.Fatalf("spans %v: a beginning or an end was cut off, and none tells of it", spans)
		}
	})
}

// FuzzReaders: whatever the bytes are, the readers give an answer and end.
func FuzzReaders(f *testing.F) {
	s := newSandbox(f)
	s.fill(2)
	s.git("repack", "-q", "-a", "-d")
	for _, name := range []string{s.packs()[0], strings.TrimSuffix(s.packs()[0], ".pack") + ".idx",
		filepath.Join(s.dir, ".git/index"), filepath.Join(s.dir, ".git/config"),
		filepath.Join(s.dir, ".git/logs/HEAD")} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, object := range []string{"HEAD", "HEAD^{tree}", "v2"} {
		typ := s.git("cat-file", "-t", object)
		f.Add([]byte(s.git("cat-file", typ, object)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, hashLen := range []int{20, 32} {
			if x, err := parseIdx(data, hashLen); err == nil {
				for i := range x.n {
					x.offset(i)
					x.find(x.raw(i))
				}
			}
			_, _, _ = parseIndex(string(data), hashLen)
			p := &pack{file: &mapped{data: data, size: int64(len(data))}, hashLen: hashLen}
			if e, err := p.entry(12); err == nil && e.size < 1<<20 {
				_ = p.unpack(new(inflater), make([]byte, e.size), e, 0)
			}
			for t := NewTreeText(data, hashLen); ; {
				if ok, err := t.Next(); err != nil || !ok {
					break
				}
			}
		}
		_, _, _ = parseLoose(new(inflater), data, 1<<20)
		if c, err := ParseCommit(Hash{}, data); err == nil {
			When(c.Author)
			When(c.Committer)
		}
		_, _ = ParseTag(data)
		parseConfig(string(data))
		parseReflog(data)
		parsePackedRefs(string(data))
		parseRef("x", string(data))
	})
}
