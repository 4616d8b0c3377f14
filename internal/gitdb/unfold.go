package gitdb

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sort"
	"sync"
	"sync/atomic"
)

// A Visit is one object, shown once.
type Visit struct {
	ID   Hash
	N    int // its number, see DB.Number
	Type Type
	Data []byte // stands during the call only, and must not be changed

	// Derived says that Data was unfolded from an object that has been visited before, with BaseMark. Changed is what
	// that one did not hold: inserted bytes, and the seams between copies as empty spans; the rest of Data is copied.
	// Both serve to search only what is new.
	Derived  bool
	Base     int // the number of that one
	BaseMark uint32
	Changed  []Span

	// Mark is for the visitor to set; the objects unfolded from this one get it as BaseMark.
	Mark uint32
}

// EachOptions say how Each reads.
type EachOptions struct {
	Types func(Type) bool // which types to visit; nil for all
	Jobs  int             // goroutines, at least 1
	// Skip is told of every object (or pack) that could not be read. It may be called from several goroutines.
	Skip func(what, why string)
	// Leave says of an object, by its number, that it is not to be visited; nil for none. Between two calls of DB.Rest it
	// has to say the same of the same objects.
	Leave func(n int) bool
	// Progress is told now and then how many objects of how many are done. It may be nil, and is called from several
	// goroutines.
	Progress func(done, total int64)
	// MaxUnfolded bounds the bytes unfolded in all; 0 is 2000 times the size of the packs and 64 GB. A pack of deltas
	// that copy their base over and over unfolds to any amount.
	MaxUnfolded int64
}

// Each visits every object of the wanted types once, in no certain order, from Jobs goroutines. Objects of a pack are
// unfolded base first: every entry is unpacked once, and a base is let go when the last delta on it is applied. An
// error of visit ends the walk.
func (db *DB) Each(ctx context.Context, o EachOptions, visit func(*Visit) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	w := &walk{db: db, ctx: ctx, cancel: cancel, o: o, visit: visit}
	if w.o.Jobs < 1 {
		w.o.Jobs = 1
	}
	if w.o.Skip == nil {
		w.o.Skip = func(string, string) {}
	}
	if w.o.MaxUnfolded == 0 {
		w.o.MaxUnfolded = 64 << 30
		for _, p := range db.packs {
			w.o.MaxUnfolded += 2000 * p.file.size
		}
	}
	return w.run()
}

// A walk is one call of Each.
type walk struct {
	db       *DB
	ctx      context.Context
	cancel   context.CancelCauseFunc
	o        EachOptions
	visit    func(*Visit) error
	done     atomic.Int64
	total    int64
	unfolded atomic.Int64
	overDone atomic.Bool
	big      sync.Mutex // held while a family with large objects is unfolded, so that only one is at a time

	mu     sync.Mutex
	failed map[Hash]string // why: to be read from elsewhere, or skipped
}

func (w *walk) run() error {
	for _, dir := range w.db.numbers().unread {
		w.o.Skip(dir, "a folder of loose objects cannot be read")
	}
	w.total = int64(w.db.Count())
	w.failed = map[Hash]string{}
	base := 0
	for _, p := range w.db.packs {
		if err := w.pack(p, base); err != nil {
			return err
		}
		base += p.idx.n
	}
	if err := w.loose(base); err != nil {
		return err
	}
	if err := w.retry(); err != nil {
		return err
	}
	w.tell(0)
	return context.Cause(w.ctx)
}

// loose visits the loose objects.
func (w *walk) loose(base int) error {
	ids, dirs := w.db.nums.loose, w.db.nums.dirs
	var next atomic.Int64
	w.parallel(func() {
		f := w.db.inflaters.Get().(*inflater)
		defer w.db.inflaters.Put(f)
		for w.ctx.Err() == nil {
			i := int(next.Add(1)) - 1
			if i >= len(ids) {
				return
			}
			id := ids[i]
			if w.o.Leave != nil && w.o.Leave(base+i) {
				w.tell(1)
				continue
			}
			typ, data, err := readLoose(f, loosePath(w.db.dirs[dirs[i]], id), w.db.MaxSize)
			if err != nil {
				w.fail(id, err.Error())
				continue
			}
			if w.wants(typ) {
				w.show(&Visit{ID: id, N: base + i, Type: typ, Data: data})
			}
			w.tell(1)
		}
	})
	return context.Cause(w.ctx)
}

// retry reads the objects that failed from wherever else they stand, and tells of those that stand nowhere.
func (w *walk) retry() error {
	var ids []Hash
	for id := range w.failed {
		ids = append(ids, id)
	}
	sort.Slice(ids, func(i, j int) bool { return ids[i].Compare(ids[j]) < 0 })
	for n, id := range ids {
		if w.ctx.Err() != nil {
			break
		}
		if n >= maxRetries {
			w.o.Skip(fmt.Sprintf("%d more objects", len(ids)-n), w.failed[id])
			break
		}
		typ, data, err := w.db.Read(id)
		if err != nil {
			w.o.Skip("object "+id.String(), w.failed[id])
			continue
		}
		if w.wants(typ) {
			n, _ := w.db.Number(id)
			w.show(&Visit{ID: id, N: n, Type: typ, Data: data})
		}
	}
	return context.Cause(w.ctx)
}

// maxRetries bounds the objects that are tried again one by one, and told of one by one.
const maxRetries = 1000

func (w *walk) wants(t Type) bool { return w.o.Types == nil || w.o.Types(t) }

func (w *walk) fail(id Hash, why string) {
	w.mu.Lock()
	w.failed[id] = why
	w.mu.Unlock()
}

func (w *walk) show(v *Visit) {
	if err := w.visit(v); err != nil {
		w.cancel(err)
	}
}

func (w *walk) tell(n int64) {
	d := w.done.Add(n)
	if w.o.Progress != nil && (n == 0 || d/1024 != (d-n)/1024) {
		w.o.Progress(d, w.total)
	}
}

// grow counts n bytes more to be held or copied; false where there were too many in all.
func (w *walk) grow(n int) bool {
	if w.unfolded.Add(int64(n)) <= w.o.MaxUnfolded {
		return true
	}
	if w.overDone.CompareAndSwap(false, true) {
		w.o.Skip("packs", fmt.Sprintf("they unfold to more than %d bytes: the rest was not read", w.o.MaxUnfolded))
	}
	return false
}

func (w *walk) parallel(f func()) {
	var wg sync.WaitGroup
	for range w.o.Jobs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			f()
		}()
	}
	wg.Wait()
}

// pack visits the objects of one pack, but those that an earlier one holds too. base is the number of its first object.
func (w *walk) pack(p *pack, base int) error {
	left := func() []bool { return w.db.doubles(p) }
	if w.o.Leave != nil {
		all, rest := w.left(p, base)
		if len(rest) < fewObjects {
			return w.few(p, base, rest)
		}
		left = func() []bool { return all }
	}
	f := p.woods(left, w.o.Jobs)
	if f.order.bad > 0 {
		w.o.Skip(p.name, fmt.Sprintf("%d entries of its index lie", f.order.bad))
	}
	var next atomic.Int64
	w.parallel(func() {
		u := &unfolder{walk: w, forest: f, base: base, inf: w.db.inflaters.Get().(*inflater),
			heldMost: max(16<<20, heldMost/w.o.Jobs)}
		defer w.db.inflaters.Put(u.inf)
		for w.ctx.Err() == nil && !w.overDone.Load() {
			i := int(next.Add(1)) - 1
			if i >= len(f.roots) {
				return
			}
			u.family(f.roots[i])
		}
	})
	for _, k := range f.lost {
		if !f.wanted(k) {
			continue
		}
		w.fail(f.id(k), "its chain of deltas has no end, or a damaged one")
	}
	return context.Cause(w.ctx)
}

// left says which objects of a pack are not to be visited, by their position in its index. rest are the others, or the
// first fewObjects of them.
func (w *walk) left(p *pack, base int) (left []bool, rest []int) {
	if left = w.db.doubles(p); left == nil {
		left = make([]bool, p.idx.n)
	}
	for i := range left {
		if left[i] = left[i] || w.o.Leave(base+i); !left[i] && len(rest) < fewObjects {
			rest = append(rest, i)
		}
	}
	return left, rest
}

// fewObjects is the number of objects of a pack below which each is read by itself: the way of all deltas need not be
// known for that.
const fewObjects = 256

// few visits the objects of a pack at some positions of its index.
func (w *walk) few(p *pack, base int, rest []int) error {
	for _, i := range rest {
		if w.ctx.Err() != nil {
			break
		}
		id := HashOf(p.idx.raw(i))
		typ, data, err := w.db.Read(id)
		switch {
		case err != nil:
			var big *TooBigError
			why := err.Error()
			if !errors.As(err, &big) {
				why = "damaged: " + why
			}
			w.fail(id, why)
		case w.wants(typ):
			w.show(&Visit{ID: id, N: base + i, Type: typ, Data: data})
		}
	}
	w.tell(int64(p.idx.n))
	return context.Cause(w.ctx)
}

// Rest gives back what only Each needs, until the next call of it. No call of Each may be under way.
func (db *DB) Rest() {
	for _, p := range db.packs {
		p.once, p.order = sync.Once{}, packOrder{}
		p.forestOnce, p.forest = sync.Once{}, nil
		p.file.rest()
	}
}

// An unfolder is one goroutine's work on a forest.
type unfolder struct {
	*walk
	forest *forest
	base   int // the number of the pack's first object
	inf    *inflater
	free   [][]byte
	spare  int // bytes in free
	delta  []byte
	spans  []Span
	stack  []frame
	held   int  // bytes of the stack's data
	alone  bool // holds walk.big
	view   Visit

	heldMost int
}

// A frame is an object whose deltas are being applied.
type frame struct {
	node  int32
	next  int32 // the next light child, -1 for none
	typ   Type
	known bool // visited, with mark
	mark  uint32
	data  []byte
}

// heldMost bounds the bytes that all unfolders together hold in bases; those at the bottom are let go and read again
// when needed.
const heldMost = 192 << 20

// spareMost bounds the bytes that an unfolder keeps in buffers that are not in use.
const spareMost = 8 << 20

// bigObject is the size from which on a family is unfolded alone.
const bigObject = 24 << 20

// family visits a root and all that is unfolded from it.
func (u *unfolder) family(root int32) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			// The mapping was cut under us, or a visitor met what it was not made for. What was not shown is told of.
			u.stack = u.stack[:0]
			u.held = 0
			u.o.Skip(fmt.Sprintf("%s, objects from %v on", u.forest.p.name, u.forest.id(root)), "reading them failed")
		}
	}()
	defer u.unlockBig()
	if u.forest.heavyweight(root) {
		u.lockBig()
	}
	u.root(root)
	for len(u.stack) > 0 && u.ctx.Err() == nil && !u.overDone.Load() {
		top := &u.stack[len(u.stack)-1]
		f := u.forest
		switch {
		case top.next >= 0:
			k := top.next
			top.next = f.sibling(k)
			if k == f.heavy[top.node] || !f.need(k) {
				continue
			}
			u.child(k, top, false)
		case f.heavy[top.node] >= 0 && f.need(f.heavy[top.node]):
			// The child with the most descendants comes last and takes its base's place: so the number of bases held
			// is at most the logarithm of the family's size, however long a chain is.
			u.child(f.heavy[top.node], top, true)
		default:
			u.pop()
		}
	}
	for len(u.stack) > 0 {
		u.pop()
	}
}

// lockBig waits until no other goroutine unfolds large objects. Nothing else is held by one that waits for it, so it
// ends; and large objects are in memory for one goroutine at a time.
func (u *unfolder) lockBig() {
	if !u.alone {
		u.big.Lock()
		u.alone = true
	}
}

func (u *unfolder) unlockBig() {
	if u.alone {
		u.alone = false
		u.free, u.spare, u.delta = nil, 0, nil
		u.big.Unlock()
	}
}

func (u *unfolder) pop() {
	top := u.stack[len(u.stack)-1]
	u.stack = u.stack[:len(u.stack)-1]
	u.held -= len(top.data)
	u.give(top.data)
}

// root unpacks the bottom of a family and pushes it.
func (u *unfolder) root(k int32) {
	f := u.forest
	e, err := f.p.entry(f.order.offs[k])
	if err != nil {
		u.lose(k, err)
		return
	}
	if e.typ == ofsDelta || e.typ == refDelta {
		// A delta whose base is in another pack: a thin pack's leftover, or a pack not meant to stand alone.
		typ, data, err := u.db.Read(e.baseID)
		if err != nil {
			u.lose(k, fmt.Errorf("its base %v: %w", e.baseID, err))
			return
		}
		outside := frame{typ: typ, data: data, node: -1}
		u.child(k, &outside, false)
		return
	}
	if !u.wants(e.typ) {
		u.tell(int64(f.count[k]))
		return
	}
	if e.size > u.db.MaxSize {
		u.lose(k, tooBig(e.size))
		return
	}
	limit := f.end(k)
	if !plausible(e.size, limit-e.body) {
		u.lose(k, errEntry)
		return
	}
	if !u.grow(int(e.size)) {
		return
	}
	data := u.take(int(e.size))
	if err := f.p.unpack(u.inf, data, e, limit); err != nil {
		u.give(data)
		u.lose(k, err)
		return
	}
	u.push(frame{node: k, typ: e.typ, data: data}, nil, nil)
}

// child applies the delta k to base and pushes the result; last says that base is not needed afterwards.
func (u *unfolder) child(k int32, base *frame, last bool) {
	f := u.forest
	fail := func(err error) {
		u.lose(k, err)
		if last {
			u.pop()
		}
	}
	e, err := f.p.entry(f.order.offs[k])
	if err != nil {
		fail(err)
		return
	}
	if base.data == nil {
		_, data, err := u.db.readPacked(f.p, f.order.offs[base.node], 0)
		if err != nil {
			fail(err)
			return
		}
		base.data = append(u.take(len(data))[:0], data...) // what the database gives is shared, ours is used again
		u.held += len(data)
	}
	if e.size > u.db.MaxSize {
		fail(tooBig(e.size))
		return
	}
	limit := f.end(k)
	if !plausible(e.size, limit-e.body) {
		fail(errEntry)
		return
	}
	if int64(cap(u.delta)) < e.size {
		u.delta = make([]byte, e.size+e.size/4)
	}
	delta := u.delta[:e.size]
	if err := f.p.unpack(u.inf, delta, e, limit); err != nil {
		fail(err)
		return
	}
	baseSize, size, pos, err := deltaSizes(delta)
	if err != nil || baseSize != uint64(len(base.data)) {
		fail(errDelta)
		return
	}
	if size > uint64(u.db.MaxSize) {
		fail(tooBig(int64(min(size, 1<<62))))
		return
	}
	if !u.grow(int(size)) {
		return
	}
	if size >= bigObject {
		u.lockBig()
	}
	out := u.take(int(size))
	if u.spans, err = applyDelta(out, base.data, delta, pos, u.spans[:0]); err != nil {
		u.give(out)
		fail(err)
		return
	}
	if len(u.delta) > 8<<20 {
		u.delta = nil
	}
	fr := frame{node: k, typ: base.typ, data: out}
	from := *base // push may move the stack
	if last {
		u.pop()
	}
	u.push(fr, &from, u.spans)
}

// push shows an object and makes it the base of its deltas.
func (u *unfolder) push(fr frame, base *frame, spans []Span) {
	f := u.forest
	k := fr.node
	if f.wanted(k) && u.wants(fr.typ) {
		v := &u.view
		*v = Visit{ID: f.id(k), N: u.base + int(f.order.pos[k]), Type: fr.typ, Data: fr.data}
		if base != nil && base.known {
			v.Derived, v.Base, v.BaseMark, v.Changed = true, u.base+int(f.order.pos[base.node]), base.mark, spans
		}
		u.show(v)
		fr.known, fr.mark = true, v.Mark
	}
	u.tell(1)
	if f.first[k] < 0 {
		u.give(fr.data)
		return
	}
	fr.next = f.first[k]
	u.stack = append(u.stack, fr)
	u.held += len(fr.data)
	for i := 0; u.held > u.heldMost && i < len(u.stack)-1; i++ {
		b := &u.stack[i]
		u.held -= len(b.data)
		b.data = nil
	}
}

// lose tells that k, and all that is unfolded from it, could not be read here.
func (u *unfolder) lose(k int32, err error) {
	f := u.forest
	why := err.Error()
	var big *TooBigError
	if !errors.As(err, &big) {
		why = "damaged: " + why
	}
	todo := []int32{k}
	for len(todo) > 0 {
		k := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if f.wanted(k) {
			u.fail(f.id(k), why)
		}
		u.tell(1)
		for c := f.first[k]; c >= 0; c = f.sibling(c) {
			todo = append(todo, c)
		}
	}
}

// take is a buffer of n bytes, one given back if it fits.
func (u *unfolder) take(n int) []byte {
	best := -1
	for i, b := range u.free {
		if cap(b) >= n && cap(b) <= 4*n+4096 && (best < 0 || cap(b) < cap(u.free[best])) {
			best = i
		}
	}
	if best < 0 {
		return make([]byte, n, n+n/8+64)
	}
	b := u.free[best][:n]
	u.spare -= cap(b)
	last := len(u.free) - 1
	u.free[best] = u.free[last]
	u.free = u.free[:last]
	return b
}

// give takes a buffer back.
func (u *unfolder) give(b []byte) {
	if cap(b) == 0 || cap(b) > 4<<20 || len(u.free) >= 24 || u.spare+cap(b) > spareMost {
		return
	}
	u.spare += cap(b)
	u.free = append(u.free, b)
}
