package scanner

import (
	"hash/maphash"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// A callFact is a call with arguments that may be credentials: if the function hands its parameter to a sink, they are.
type callFact struct {
	file  *fileFacts
	name  string // last name of the callee; of a constructor the class's
	whole string // the callee as written
	first string // the name that is its first argument, "" where that is none
	recv  receiver
	// subjects are the classes that an object which it hands to its lambda may be of, by what the file says
	subjects []string
	start    int  // in the view
	test     bool // it stands in test code (VOCABULARY, item 44)
	line     int
	known    *arguments
	nth      int       // among all calls of the file, in the order in which they are listed
	of       *callFact // the call of the facts that these are a copy of, nil where they are none
}

// An arguments is what a call hands over.
type arguments struct {
	args  map[int][]atom    // by place
	named map[string][]atom // by the name of the parameter, or of an entry of a table of options
	sets  []fieldSet        // what its lambdas set
}

// arguments are what the call hands over. Of a file that a question led to they are looked for when somebody asks: it
// has thousands of calls, and few of them are asked.
func (c *callFact) arguments() *arguments {
	if c.file.late != nil {
		return c.file.late.arguments(c)
	}
	if c.known == nil {
		c.known = c.of.arguments().in(c.file)
	}
	return c.known
}

// in are the arguments in a copy of the file.
func (a *arguments) in(f *fileFacts) *arguments {
	out := &arguments{args: maps.Clone(a.args), named: maps.Clone(a.named), sets: slices.Clone(a.sets)}
	for i, s := range out.sets {
		out.sets[i].atoms = f.own(s.atoms)
	}
	for k, list := range out.args {
		out.args[k] = f.own(list)
	}
	for k, list := range out.named {
		out.named[k] = f.own(list)
	}
	return out
}

// gatherCalls keeps the calls whose arguments may be credentials.
func (r *reader) gatherCalls() {
	if len(r.f.sites) == 0 && !r.f.mentions && !r.asked || r.settings() && r.doc.Lang != "html" {
		return
	}
	late := r.asked && len(r.f.sites) == 0
	if late {
		r.noteSites()
	}
	inTests := rules.InTestCode(r.f.filePath)
	r.eachCall(func(nth int, name string, c *syntax.Node) {
		if len(r.f.calls) == callsLimit {
			r.f.bounded = true
			return
		}
		if !slices.ContainsFunc(c.Kids, r.mayBeToken) {
			return
		}
		f := &callFact{file: r.f, name: name, whole: c.Name, recv: r.receiverOf(c), start: c.Start,
			first: strings.TrimPrefix(keyGiven(c), "\""), line: r.line(c.Start), test: inTests || r.inTests(c), nth: nth,
			subjects: r.subjects(c)}
		if !late {
			f.known = r.argumentsOf(c)
		}
		r.f.calls = append(r.f.calls, f)
	})
	if late && len(r.f.calls) > 0 {
		r.f.late = newLateFile(r)
	}
}

const callsLimit = 5000 // calls kept of one file

// eachCall visits the calls of the file by their names, each with its place among them all.
func (r *reader) eachCall(visit func(nth int, name string, c *syntax.Node)) {
	index, nth := r.index().calls, 0
	for _, name := range slices.Sorted(maps.Keys(index)) {
		if len(name) < 2 {
			continue
		}
		for _, c := range index[name] {
			visit(nth, name, c)
			nth++
		}
	}
}

// argumentsOf are what a call hands over.
func (r *reader) argumentsOf(c *syntax.Node) *arguments {
	out := &arguments{}
	atoms := func(n *syntax.Node, kids []*syntax.Node) []atom {
		return r.atomsOf(&syntax.Node{Kind: syntax.Table, Kids: kids, Parent: n.Parent, Start: n.Start, End: n.End}, nil)
	}
	for _, k := range c.Kids {
		if !r.mayBeToken(k) {
			continue
		}
		for _, t := range k.Kids {
			for b := t; k.Kind == syntax.Arg && b != nil && b.Kind == syntax.Bind && len(b.Kids) > 0; b = nestedBind(b) {
				out.name(b.Name, atoms(b, b.Kids[:1])) // Spec()..token = x
			}
			if t.Kind != syntax.Table {
				continue
			}
			for _, b := range t.Kids {
				if b.Kind == syntax.Bind && r.tokenish(b, 0) {
					out.name(b.Name, atoms(b, b.Kids))
				}
			}
		}
		if k.Kind == syntax.Block {
			continue
		}
		if list := atoms(k, k.Kids); k.Kind == syntax.Bind {
			out.name(k.Name, list)
		} else {
			if out.args == nil {
				out.args = map[int][]atom{}
			}
			out.args[k.Index] = list
		}
	}
	out.sets = r.setsOf(c)
	return out
}

// nestedBind is what a cascade sets after b, nil where it ends.
func nestedBind(b *syntax.Node) *syntax.Node {
	for i, k := range b.Kids {
		if i > 0 && k.Kind == syntax.Bind && len(k.Kids) > 0 {
			return k
		}
	}
	return nil
}

func (a *arguments) name(name string, list []atom) {
	if a.named == nil {
		a.named = map[string][]atom{}
	}
	a.named[rules.LastName(name)] = list
}

// mayBeToken reports whether a part of a call is an argument that holds a credential, or a name that holds one by its
// own words.
func (r *reader) mayBeToken(k *syntax.Node) bool {
	return (k.Kind == syntax.Arg || k.Kind == syntax.Bind || k.Kind == syntax.Block) && r.tokenish(k, 0)
}

// tokenish is mayBeToken for whatever stands below a node.
func (r *reader) tokenish(n *syntax.Node, depth int) bool {
	if depth > 4 {
		return false
	}
	for _, k := range n.Kids {
		if r.holdsSite(k) {
			return true
		}
		if k.Kind == syntax.Ref && (r.asked || len(r.f.sites) > 0 || rules.ClassifyName(rules.LastName(k.Name)).Holds ||
			r.settingOf(k) != "") {
			return true
		}
		if k.Kind == syntax.Call && r.readsName(k) {
			return true
		}
		if r.tokenish(k, depth+1) || k.Kind == syntax.Call && r.doc.Lang == "kotlin" && qualifiedBy(k) != "" {
			return true
		}
	}
	return false
}

// holdsSite reports whether a literal was seen to be a credential, or something that a place may make one.
func (r *reader) holdsSite(n *syntax.Node) bool {
	if r.noted != nil {
		return r.noted[n]
	}
	return len(r.sites[n]) > 0
}

// noteSites notes which literals hold sites, so that what is looked for later does not depend on what was looked for
// before it.
func (r *reader) noteSites() {
	r.noted = map[*syntax.Node]bool{}
	for n, list := range r.sites {
		if len(list) > 0 {
			r.noted[n] = true
		}
	}
}

// A lateFile looks for the arguments of a file's calls when they are asked for. The file's tree may have been let go in
// between: it is made again from the text.
type lateFile struct {
	shelf *lateShelf
	facts *fileFacts
	open  func() ([]byte, bool) // the text again, false where it cannot be had
	sum   uint64                // of the text
	size  int                   // of it, in bytes

	mu    sync.Mutex
	read  *reader
	calls []*syntax.Node // of read, by callFact.nth
	sites map[int]leafSites
}

// A leafSites is the sites of a leaf; noted reports whether they were there when the calls were gathered.
type leafSites struct {
	list  []*siteFact
	noted bool
}

var lateSeed = maphash.MakeSeed()

func newLateFile(r *reader) *lateFile {
	return &lateFile{facts: r.f, read: r, sum: maphash.Bytes(lateSeed, r.v.Text), size: len(r.v.Text)}
}

// keepLate has a shelf keep what is needed to look for the arguments of the file's calls. open gives the file's text
// again.
func (f *fileFacts) keepLate(s *lateShelf, open func() ([]byte, bool)) {
	if f.late != nil {
		f.late.shelf, f.late.open = s, open
		s.use(f.late)
	}
}

func (l *lateFile) arguments(c *callFact) *arguments {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.known == nil {
		c.known = &arguments{}
		if l.again() {
			l.read.paid = 0 // what a call hands over does not depend on which were asked before
			c.known = l.read.argumentsOf(l.calls[c.nth])
		}
	}
	return c.known
}

// again makes the file's tree again where it was let go, and reports whether it is there.
func (l *lateFile) again() bool {
	if l.read == nil && !l.readAgain() {
		return false
	}
	if l.calls == nil {
		l.read.eachCall(func(_ int, _ string, c *syntax.Node) { l.calls = append(l.calls, c) })
	}
	if l.shelf != nil {
		l.shelf.use(l)
	}
	return true
}

func (l *lateFile) readAgain() bool {
	text, ok := l.open()
	if !ok || len(text) != l.size || maphash.Bytes(lateSeed, text) != l.sum {
		return false // another one stands there now
	}
	r := &reader{v: demandedView(l.facts.path, text), f: l.facts, asked: true, sites: map[*syntax.Node][]*siteFact{}}
	_ = r.parse() // told when it was read first
	r.listLeaves()
	r.noted = map[*syntax.Node]bool{}
	for i, s := range l.sites {
		if i < len(r.leaves) {
			r.sites[r.leaves[i]] = s.list
			r.noted[r.leaves[i]] = s.noted
		}
	}
	l.read = r
	return true
}

// letGo drops the file's tree, unless somebody is at it.
func (l *lateFile) letGo() bool {
	if !l.mu.TryLock() {
		return false
	}
	defer l.mu.Unlock()
	r := l.read
	if r == nil {
		return true
	}
	l.sites = map[int]leafSites{}
	for i, n := range r.leaves {
		if list := r.sites[n]; len(list) > 0 {
			l.sites[i] = leafSites{list, r.noted[n]}
		}
	}
	l.read, l.calls = nil, nil
	return true
}

// A lateShelf keeps the trees of the files that were asked for last.
type lateShelf struct {
	mu   sync.Mutex
	last []*lateFile // the one that was asked last at the end
	size int         // bytes of their texts
}

// lateBytes bounds the texts of the files whose trees are kept. A tree takes some forty times as much.
const lateBytes = 1 << 20

// use keeps the tree of a file, and lets those go for which there is no room.
func (s *lateShelf) use(l *lateFile) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.last); n > 0 && s.last[n-1] == l {
		return
	}
	if i := slices.Index(s.last, l); i >= 0 {
		s.last = slices.Delete(s.last, i, i+1)
		s.size -= l.size
	}
	for len(s.last) > 0 && s.size+l.size > lateBytes {
		if !s.last[0].letGo() {
			break
		}
		s.size -= s.last[0].size
		s.last = slices.Delete(s.last, 0, 1)
	}
	s.last = append(s.last, l)
	s.size += l.size
}
