package scanner

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// followDepth bounds how many names in a row are followed.
const followDepth = 8

// A localIndex finds what a file's own names hold.
type localIndex struct {
	// by the first part of the name: declarations and assignments, fields, setter calls
	binds  map[string][]*syntax.Node
	funcs  map[string][]*syntax.Node // Blocks by name, and anonymous ones by the name that they are bound to
	calls  map[string][]*syntax.Node // by last name of the callee
	fields map[string][]*syntax.Node // assignments to x.field, by the field
	// the Binds that bring a name in, by their block and the name
	declares map[declaring][]*syntax.Node
	meant    map[meaning][]*syntax.Node
	flags    map[string]*flag // see gatherFlags; nil until they are asked for
}

// setters are methods that set an entry of their receiver: h.Set("Authorization", x).
func setters(name string) bool {
	switch name {
	case "set", "add", "put", "append", "insert", "setheader", "addheader", "header", "setitem", "store",
		"insert_header":
		return true
	}
	return false
}

func (r *reader) index() *localIndex {
	if r.local != nil {
		return r.local
	}
	x := &localIndex{binds: map[string][]*syntax.Node{}, funcs: map[string][]*syntax.Node{},
		calls: map[string][]*syntax.Node{}, fields: map[string][]*syntax.Node{},
		declares: map[declaring][]*syntax.Node{}, meant: map[meaning][]*syntax.Node{}}
	r.local = x
	var walk func(n *syntax.Node, depth int)
	walk = func(n *syntax.Node, depth int) {
		if depth > 400 {
			return
		}
		for _, k := range n.Kids {
			switch k.Kind {
			case syntax.Bind:
				if statementLevel(k) || r.settings() || n.Kind == syntax.Return { // C(O o) => _o = o.Value
					if strings.HasPrefix(k.Name, "{") {
						for _, entry := range strings.Split(strings.Trim(k.Name, "{}"), ",") {
							local := strings.TrimSpace(entry[strings.IndexByte(entry, ':')+1:])
							x.binds[local] = append(x.binds[local], k)
							r.declare(x, k, local)
						}
						break
					}
					first := firstName(k.Name)
					x.binds[first] = append(x.binds[first], k)
					if !r.settings() && !isField(k.Name) {
						r.declare(x, k, first)
					}
					if last := rules.LastName(k.Name); last != k.Name && len(k.Kids) > 0 {
						x.fields[last] = append(x.fields[last], k)
					}
				}
				for _, b := range k.Kids {
					if b.Kind == syntax.Block && b.Name == "" {
						x.funcs[rules.LastName(k.Name)] = append(x.funcs[rules.LastName(k.Name)], b)
					}
				}
			case syntax.Block:
				if k.Name != "" && len(k.Kids)+len(k.Params) > 0 { // mod x; of Rust names another file
					x.funcs[rules.LastName(k.Name)] = append(x.funcs[rules.LastName(k.Name)], k)
				}
			case syntax.Call:
				last := rules.LastName(k.Name)
				if class := strings.TrimSuffix(k.Name, ".new"); class != k.Name {
					last = rules.LastName(class) // Ruby's and Rust's constructors
				}
				x.calls[last] = append(x.calls[last], k)
				if later := calledLater(k); later != nil {
					name := rules.LastName(later.Name)
					x.calls[name] = append(x.calls[name], later)
				}
				if n.Kind == syntax.Block && n.Name != "" && len(n.Params) == 0 {
					// An enum's constants are calls of its constructor.
					x.calls[rules.LastName(n.Name)] = append(x.calls[rules.LastName(n.Name)], k)
				}
				if at := pointedTo(k); at != nil {
					x.binds[firstName(at.Name)] = append(x.binds[firstName(at.Name)], k)
				}
				if (setters(strings.ToLower(rules.LastName(k.Name))) || setsHeaderOf(k.Name)) && strings.ContainsAny(k.Name, ".>") {
					first := firstName(k.Name)
					x.binds[first] = append(x.binds[first], k)
				}
			}
			walk(k, depth+1)
		}
	}
	walk(r.doc.Root, 0)
	x.callsOfResults()
	return x
}

// calledLater is the call that something which takes a function and its arguments makes of them: Singleton(Gateway,
// phrase=x) of a container, partial(connect, x), Thread(target=run, …). Nil for other calls.
func calledLater(call *syntax.Node) *syntax.Node {
	switch rules.LastName(call.Name) {
	case "Singleton", "ThreadSafeSingleton", "ThreadLocalSingleton", "Factory", "Callable", "Resource", "partial",
		"Coroutine":
	default:
		return nil
	}
	if len(call.Kids) < 2 || call.Kids[0].Kind != syntax.Arg {
		return nil
	}
	of := onlyKid(call.Kids[0])
	if of == nil || of.Kind != syntax.Ref {
		return nil
	}
	out := &syntax.Node{Kind: syntax.Call, Name: of.Name, Parent: call.Parent, Start: call.Start, End: call.End,
		NameStart: of.Start}
	for _, k := range call.Kids[1:] {
		if k.Kind == syntax.Arg {
			arg := *k
			arg.Index--
			k = &arg
		}
		out.Kids = append(out.Kids, k)
	}
	return out
}

// callsOfResults lists the calls of what a function gives, open := openAt(url); open(token), as calls of "openAt()".
func (x *localIndex) callsOfResults() {
	for _, name := range slices.Sorted(maps.Keys(x.binds)) {
		for _, b := range x.binds[name] {
			if b.Kind != syntax.Bind || b.Name != name || len(b.Kids) != 1 || b.Kids[0].Kind != syntax.Call {
				continue
			}
			if calls := x.calls[name]; len(calls) > 0 {
				result := rules.LastName(b.Kids[0].Name) + "()"
				x.calls[result] = append(x.calls[result], calls...)
			}
		}
	}
}

// pointedTo is the variable that a call of a library for flags fills: StringVar(&token, "token", "…", "…"), nil for
// other calls.
func pointedTo(call *syntax.Node) *syntax.Node {
	last := rules.LastName(call.Name)
	if call.Kind != syntax.Call || !strings.HasSuffix(last, "StringVar") && !strings.HasSuffix(last, "StringVarP") &&
		!strings.HasSuffix(last, "SliceVar") && !strings.HasSuffix(last, "TextVar") || len(call.Kids) < 3 {
		return nil
	}
	if at := onlyValue(call.Kids[0]); at != nil && at.Kind == syntax.Ref {
		return at
	}
	return nil
}

// firstName is a dotted name up to its first separator; "this", "self" and Ruby's and PHP's sigils are no part of it.
func firstName(name string) string {
	if !strings.ContainsAny(name, ".>\\?!:@$&*-") {
		return name
	}
	parts := nameParts(name)
	if len(parts) == 0 {
		return name
	}
	return parts[0]
}

// nameParts are the parts of a dotted name, without this, self and sigils.
func nameParts(name string) []string {
	name = strings.TrimLeft(name, "@$&*")
	parts := strings.FieldsFunc(name, func(c rune) bool {
		return c == '.' || c == '>' || c == '\\' || c == '?' ||
			c == '!'
	})
	out := parts[:0]
	for i, p := range parts {
		p = strings.TrimSuffix(p, "-")
		for _, q := range strings.Split(p, "::") {
			if q == "" || i == 0 && (q == "this" || q == "self" || q == "Self" || q == "static" || q == "cls" ||
				q == "_") {
				continue
			}
			out = append(out, q)
		}
	}
	return out
}

// parts is nameParts, remembered: a name stands in many places. What it returns may be appended to, and not changed.
func (r *reader) parts(name string) []string {
	parts, ok := r.split[name]
	if !ok {
		if r.split == nil {
			r.split = map[string][]string{}
		}
		parts = slices.Clip(nameParts(name))
		r.split[name] = parts
	}
	return parts
}

// atomsOf is what a node's value can be: the literals under it, and what the names under it hold. fields are the
// entries of the value that matter, outermost first; nil takes all.
func (r *reader) atomsOf(n *syntax.Node, fields []string) []atom {
	c := collector{r: r, seen: map[*syntax.Node]int{}}
	c.out = r.gathered[:0]
	c.node(n, fields, 0, nil)
	r.gathered = c.out
	return append([]atom(nil), c.out...)
}

// A collector gathers atoms.
type collector struct {
	r    *reader
	out  []atom
	seen map[*syntax.Node]int // how deep in the walk a node was resolved: a cycle ends it
	work int
	// frames are the calls that the walk went into, outermost first: the parameter of a function is what its call hands
	// over, not what others hand to it
	frames []frame
	// asked are the names of settings that were followed, and how deep in the walk: what one holds is told once
	asked   map[question]int
	through string // the function whose callers, all of them, the walk went on to; "" for none
}

// A frame is a call and the function of the same file that it calls.
type frame struct{ call, fn *syntax.Node }

// A question is what entry of a name is asked for, and where.
type question struct {
	block *syntax.Node
	in    frame
	want  string
}

// again reports whether what a name of a file of settings holds was asked for before: there all values of a name count,
// wherever in its block they stand.
func (c *collector) again(n *syntax.Node, want []string, depth int) bool {
	if !c.r.settings() {
		return false
	}
	q := question{block: c.r.blockOf(n), want: strings.Join(want, "\x00")}
	if len(c.frames) > 0 {
		q.in = c.frames[len(c.frames)-1]
	}
	if before, was := c.asked[q]; was && before <= depth {
		return true
	}
	if c.asked == nil {
		c.asked = map[question]int{}
	}
	c.asked[q] = depth
	return false
}

const (
	collectLimit = 4000 // nodes looked at for one place
	collected    = 64   // atoms of one place
)

// emit keeps an atom.
func (c *collector) emit(a atom) {
	a.through = c.through
	c.out = append(c.out, a)
}

// spent counts a step, and reports whether there were too many or enough was found: a name may be bound, and a function
// called, a million times.
func (c *collector) spent() bool {
	c.work++
	return c.r.pay(1) || c.work > collectLimit || len(c.out) > collected
}

// What may be spent on following the names of one file, in nodes looked at. A real text takes a twentieth of it at most.
const (
	followPerByte = 16
	followAtLeast = 4 << 20
)

// errUnfollowed is why a file's names were not followed to what they hold, or not all of them.
var errUnfollowed = errors.New("its names lead to each other too often to follow them all")

// pay pays for n nodes that are looked at to follow names, and reports whether the file has had its share of that.
func (r *reader) pay(n int) bool {
	if r.paid += n; r.paid <= followAtLeast+followPerByte*len(r.doc.Text) {
		return false
	}
	if r.f.unread == nil && r.f.late == nil {
		r.f.unread = errUnfollowed
	}
	return true
}

func (c *collector) node(n *syntax.Node, fields []string, depth int, via []string) {
	if c.spent() || depth > followDepth {
		return
	}
	switch n.Kind {
	case syntax.Literal:
		c.literal(n, fields, via)
	case syntax.Ref:
		c.ref(n, fields, depth, via)
	case syntax.Bind:
		if len(fields) == 0 {
			c.kids(n, nil, depth, via)
			return
		}
		if fieldNamed(fields[0], rules.LastName(n.Name)) {
			c.kids(n, fields[1:], depth, via)
		} else if isHeaderOption(n.Name) || asksHeader(fields) && isHeaders(n.Name) {
			// -H of a shell's array, { headers: { Authorization: x } }
			c.kids(n, fields, depth, via)
		} else if asksHeader(fields) {
			if ifs, is := c.r.headerNamed(n); is { // { [AUTH]: x }
				c.under(ifs, func() { c.kids(n, fields[1:], depth, via) })
			}
		}
	case syntax.Call:
		c.call(n, fields, depth, via)
	case syntax.Block:
		if n.Name == "" {
			c.returns(n, fields, depth, via)
		}
	case syntax.List:
		if len(fields) > 0 && numeric(fields[0]) {
			for _, k := range n.Kids {
				if k.Kind == syntax.Element && strconv.Itoa(k.Index) == fields[0] {
					c.kids(k, fields[1:], depth, via)
				}
			}
			return
		}
		if len(n.Kids) == 2 && len(fields) > 0 {
			if name := nameText(n.Kids[0]); name != "" {
				if strings.EqualFold(name, fields[0]) {
					c.kids(n.Kids[1], fields[1:], depth, via)
				}
				return
			}
			if ref := onlyValue(n.Kids[0]); asksHeader(fields) && ref != nil && ref.Kind == syntax.Ref && callsIt(ref.Name) {
				if ifs, is := c.r.headerIfs(ref); is { // {@auth, x}
					c.under(ifs, func() { c.kids(n.Kids[1], fields[1:], depth, via) })
				}
				return
			}
		}
		c.kids(n, fields, depth, via)
	default:
		c.kids(n, fields, depth, via)
	}
}

func (c *collector) kids(n *syntax.Node, fields []string, depth int, via []string) {
	for i, k := range n.Kids {
		if len(fields) > 0 && c.r.hides(n, i, fields[0]) {
			continue
		}
		if i+1 < len(n.Kids) {
			read := readOf(k, n.Kids[i+1])
			if read != nil && k.Type != "" {
				c.typed(k, k.Type, append(read, fields...), via)
			}
			if read != nil && len(fields) > 0 { // load().public: only that entry of what it gives
				c.node(k, append(read, fields...), depth, via)
				continue
			}
		}
		c.node(k, fields, depth, via)
	}
}

// readOf are the names that are read of a call's value, nil where next is no name that is.
func readOf(call, next *syntax.Node) []string {
	if next.Kind != syntax.Ref || call.Kind != syntax.Call && call.Kind != syntax.Chain {
		return nil
	}
	name := call.Name
	if call.Kind == syntax.Chain {
		names := make([]string, len(call.Kids))
		for i, k := range call.Kids {
			names[i] = k.Name
		}
		name = strings.Join(names, ".")
	}
	rest, is := strings.CutPrefix(next.Name, name+".")
	if !is || name == "" {
		return nil
	}
	return nameParts(rest)
}

func (c *collector) literal(n *syntax.Node, fields []string, via []string) {
	for len(fields) > 0 && passesOn(fields[0]) { // found.strip of Ruby
		fields = fields[1:]
	}
	if len(fields) > 0 {
		// A header in one text: "Authorization: token".
		if i := strings.IndexByte(n.Text, ':'); i < 0 || !strings.EqualFold(strings.TrimSpace(n.Text[:i]), fields[0]) {
			return
		}
	}
	if name, kind := c.r.referenceIn(n); name != "" {
		c.setting(n, name, kind, nil, via)
		return
	}
	for _, s := range c.r.sitesIn(n) {
		c.emit(atom{site: s, line: s.at.Line, via: via})
	}
	if len(c.r.sitesIn(n)) == 0 && len(n.Text) <= 300 {
		c.emit(atom{text: n.Text, line: c.r.line(n.Start), via: via})
	}
}

// setting keeps a setting that a node reads by its name.
func (c *collector) setting(n *syntax.Node, name string, kind lookupKind, fields, via []string) {
	a := atom{fields: fields, line: c.r.line(n.Start), via: via}
	if kind != keyLookup {
		a.setting = name
	}
	if kind != envLookup {
		a.key = name
	}
	c.emit(a)
}

// call passes the arguments on, except that a literal alone that can be a name is the name of a setting that the call
// looks up.
func (c *collector) call(n *syntax.Node, fields []string, depth int, via []string) {
	if c.r.describes(n) {
		return
	}
	if key, entry := c.taken(n); key != "" {
		c.emit(atom{given: key, fields: append(entry, fields...), line: c.r.line(n.Start), via: via})
		for _, k := range n.Kids[min(2, len(n.Kids)):] { // a default
			if entry != nil {
				c.node(k, fields, depth, via)
			}
		}
		return
	}
	if name := c.r.flagAsked(n); name != "" {
		before := len(c.out)
		c.flagged(n, []string{"options", name}, depth, via)
		if len(c.out) == before {
			c.emit(atom{ref: "options", fields: []string{name}, line: c.r.line(n.Start), via: via})
		}
	}
	if of, entry := c.r.entryTaken(n); of != nil {
		c.node(of, append([]string{entry}, fields...), depth, via)
		return
	}
	if asksHeader(fields) {
		if value, ifs, is := c.r.headerCall(n); is {
			c.under(ifs, func() { c.kids(value, fields[1:], depth, via) })
			return
		}
	}
	last := rules.LastName(n.Name)
	if key := c.r.stackKey(n, last); key != "" {
		c.emit(atom{key: key, fields: fields, line: c.r.line(n.Start), via: via})
		return
	}
	if names := c.r.dug(n); len(names) > 0 {
		parts := c.r.parts(n.Name)
		c.named(n, append(slices.Clone(parts[:len(parts)-1]), names...), fields, depth, via)
		return
	}
	known, before, class := false, len(c.out), ""
	for _, f := range c.r.index().funcs[last] {
		if c.spent() {
			return
		}
		if !c.r.calls(n, f) {
			continue
		}
		known = true
		if f.Flags&syntax.Class != 0 {
			class = last
		}
		if c.seen[f] == 0 {
			c.seen[f]++
			c.frames = append(c.frames, frame{n, f})
			c.returns(f, fields, depth+1, append(via[:len(via):len(via)], last+"()"))
			c.frames = c.frames[:len(c.frames)-1]
			c.seen[f]--
		}
	}
	parts := c.r.parts(n.Name)
	if known && tells(c.out[before:]) && !c.r.wholeEnvironment(c.out[before:]) {
		return // what it gives is known, and what of its arguments is in that
	}
	if want, is := ofEntries(strings.ToLower(last), fields); is && len(parts) > 1 && len(fields) > 0 {
		if want != nil { // Object.values(x), x.items()
			c.named(n, parts[:len(parts)-1], want, depth, via)
			for _, k := range n.Kids {
				c.kids(k, want, depth, via)
			}
		}
		return
	}
	asked := fields
	if len(fields) > 0 && numeric(fields[0]) { // a part of what it gives
		if pairs(strings.ToLower(last)) {
			c.part(n, fields, depth, via)
			return
		}
		fields = fields[1:]
	}
	lookup, kind := isLookup(n), noLookup
	if lookup >= 0 {
		name := nameText(n.Kids[lookup])
		if kind = c.r.lookupOf(n, name); kind != noLookup {
			c.lookedUp(n, n.Kids[lookup], name, kind, fields, via)
		}
	}
	for i, k := range n.Kids {
		if lookup == i && kind != noLookup || len(fields) > 0 && c.r.hides(n, i, fields[0]) {
			continue
		}
		switch k.Kind {
		case syntax.Arg:
			c.kids(k, fields, depth, via)
		case syntax.Bind:
			c.node(k, fields, depth, via)
		case syntax.Block:
			c.returns(k, fields, depth, via)
		}
	}
	if class != "" && len(fields) > 0 && !tells(c.out[before:]) { // others may set the fields of what it constructs
		c.emit(atom{ref: class, fields: fields, inst: true, open: true, line: c.r.line(n.Start), via: via[:len(via):len(via)]})
	}
	if known || len(parts) == 0 || kind == envLookup || len(fields) > 0 && c.r.isHidden(n, fields[0]) {
		return
	}
	// A function of another file, or a method on a name: stage.token(), settings.getToken(), token.get_secret_value().
	via = via[:len(via):len(via)]
	switch {
	case len(parts) == 1:
		c.emit(atom{ref: parts[0], fields: asked, inst: true, call: n.Start + 1, line: c.r.line(n.Start), via: via})
	case unwraps(strings.ToLower(last)):
		c.named(n, parts[:len(parts)-1], fields, depth, via)
	default:
		c.named(n, parts, asked, depth, via)
	}
}

// dug are the names by which Ruby's dig and fetch go into a table, none for anything else.
func (r *reader) dug(n *syntax.Node) []string {
	last := rules.LastName(n.Name)
	if n.Kind != syntax.Call || last != "dig" && (last != "fetch" || r.doc.Lang != "ruby") || n.Name == last {
		return nil
	}
	kids := n.Kids
	if last == "fetch" {
		kids = kids[:min(len(kids), 1)] // behind it stands a default
	}
	var out []string
	for _, k := range kids {
		lit := onlyLiteral(k)
		if k.Kind != syntax.Arg || lit == nil || !isName(lit.Text) || last == "fetch" && lit.Flags&syntax.Quoted != 0 {
			return nil // ENV.fetch('TOKEN') reads a setting
		}
		out = append(out, lit.Text)
	}
	return out
}

// pairs are functions (lower case) that give their arguments as the parts of what they give.
func pairs(name string) bool {
	switch name {
	case "pair", "triple", "tuple", "create", "make_pair", "make_tuple", "listof", "arrayof", "aslist", "of", "array":
		return true
	}
	return false
}

// part follows the argument of a call that is the part of its value that the first field asks for.
func (c *collector) part(n *syntax.Node, fields []string, depth int, via []string) {
	for _, k := range n.Kids {
		if k.Kind == syntax.Arg && strconv.Itoa(k.Index) == fields[0] {
			c.kids(k, fields[1:], depth, via)
		}
	}
}

// unwraps are methods that give what their receiver holds.
func unwraps(name string) bool {
	switch name {
	case "get", "value", "get_secret_value", "trim", "strip", "tostring", "to_string", "toowned", "to_owned",
		"unwrap", "clone", "expose_secret", "as_str", "expose", "getvalue", "reveal", "into", "freeze",
		"copy", "copywith", "merge", "deep_merge", "reverse_merge":
		return true
	}
	return false
}

// propertyOf is the property that a getter gives: getToken gives token.
func propertyOf(getter string) string {
	for _, p := range []string{"get", "Get"} {
		if rest := strings.TrimPrefix(getter, p); rest != getter && rest != "" && (rest[0] >= 'A' && rest[0] <= 'Z' ||
			rest[0] == '_') {
			return strings.TrimPrefix(rest, "_")
		}
	}
	return getter
}

// labelsLookup reports whether an argument's label says that it names what is looked up: object(forInfoDictionaryKey: x).
func labelsLookup(label string) bool {
	return strings.HasPrefix(label, "for") && strings.HasSuffix(label, "Key") || label == "forResource" ||
		label == "dictionaryKey"
}

// isLookup is the index among a call's kids of the argument that names a setting (getenv("X"), env('X'),
// String.fromEnvironment('X'), ENV.fetch("X", "d")), -1 where the call looks nothing up.
func isLookup(n *syntax.Node) int {
	if last := rules.LastName(n.Name); passing(strings.ToLower(last)) &&
		lookupOf(strings.TrimSuffix(n.Name, last), "X") != envLookup { // env.str("X") of environs
		return -1
	}
	for i, k := range n.Kids {
		if (k.Kind != syntax.Arg || k.Index > 0) && !(k.Kind == syntax.Bind && labelsLookup(k.Name)) {
			continue
		}
		if name := nameText(k); name != "" && !strings.EqualFold(name, "authorization") && !strings.EqualFold(name,
			"bearer") {
			return i
		}
		return -1
	}
	return -1
}

// passing are calls whose argument is the value itself, though it may look like a name.
func passing(name string) bool {
	switch name {
	case "some", "just", "string", "stringify", "str", "freeze", "of", "ok", "from", "to_string", "new",
		"to_owned", "into", "text", "parse", "uri", "url", "listof", "setof", "arrayof", "aslist", "trim",
		"default", "field":
		return true
	}
	return false
}

func (c *collector) returns(f *syntax.Node, fields []string, depth int, via []string) {
	if depth > followDepth {
		return
	}
	var walk func(n *syntax.Node)
	walk = func(n *syntax.Node) {
		for _, k := range n.Kids {
			if c.spent() {
				return
			}
			switch k.Kind {
			case syntax.Return:
				c.kids(k, fields, depth, via)
			case syntax.Block:
				// A class's methods that give headers, and blocks of statements; not the functions inside.
				switch {
				case len(fields) > 0 && k.Name != "" && f.Flags&syntax.Class != 0:
					if isMember(k.Name, fields[0]) {
						c.returns(k, fields[1:], depth+1, via)
					} else if k.Flags&syntax.Class == 0 {
						c.fieldsSet(k, fields, depth, via)
					}
				case k.Name == "" || len(k.Params) == 0:
					walk(k)
				}
			case syntax.Literal, syntax.Ref, syntax.Table:
				if len(f.Kids) == 1 {
					c.node(k, fields, depth, via)
				}
			case syntax.Bind:
				if len(fields) > 0 && isMember(rules.LastName(k.Name), fields[0]) {
					c.declared(f, k, fields[1:], depth, via)
				}
			}
		}
	}
	walk(f)
	if f.Flags&syntax.Class == 0 || len(fields) == 0 {
		return
	}
	for _, m := range c.r.index().funcs[fields[0]] { // methods of Go stand beside their type
		if recv := typeNames(m.Type); m.Flags&syntax.Class == 0 && len(recv) > 0 && recv[len(recv)-1] == f.Name {
			c.returns(m, fields[1:], depth+1, via)
		}
	}
}

// declared follows what a declaration of a class's field holds: its value, the setting that its annotations bind it to,
// fields of its type.
func (c *collector) declared(class, b *syntax.Node, fields []string, depth int, via []string) {
	if name, kind := boundTo(b); name != "" && len(fields) == 0 {
		c.setting(b, name, kind, nil, via)
		c.sitesUnder(b, via)
		return
	}
	if name := fieldSetting(class, b); name != "" && len(fields) == 0 {
		c.setting(b, name, envLookup, nil, via)
	}
	if b.Flags&syntax.Typed != 0 {
		if len(fields) > 0 { // what fills the class fills the other one's fields too
			c.emit(atom{ref: class.Name, fields: append([]string{b.Name}, fields...), inst: true,
				line: c.r.line(b.Start), via: via})
		}
		if len(fields) == 0 {
			c.defaults(b, via)
		}
		c.typed(b, beforeTag(b.Type), fields, via)
		return
	}
	c.kids(b, fields, depth, via)
}

// defaults follows what annotations and tags of a declaration say that it holds where nothing else is given, and reports
// whether they do: @Option(defaultValue = "x"), #[arg(default_value = "x")], `default:"x"`.
func (c *collector) defaults(b *syntax.Node, via []string) bool {
	before := len(c.out)
	for _, note := range b.Kids {
		if note.Kind != syntax.Call || !strings.HasPrefix(note.Name, "@") {
			continue
		}
		if isDefault(rules.LastName(strings.TrimPrefix(note.Name, "@"))) {
			c.sitesUnder(note, via)
			continue
		}
		if flag := noteFlag(note, rules.LastName(b.Name)); flag != "" {
			c.setting(note, flag, envLookup, nil, via)
		}
		for _, k := range note.Kids {
			if k.Kind == syntax.Bind && isDefault(k.Name) {
				c.sitesUnder(k, via)
			}
		}
	}
	return len(c.out) > before
}

// isDefault reports whether an entry says what holds where nothing else is given.
func isDefault(name string) bool {
	switch strings.ToLower(strings.ReplaceAll(name, "_", "")) {
	case "default", "defaultvalue", "defaultvaluet", "envdefault", "fallback":
		return true
	}
	return false
}

// sitesUnder keeps the credentials under a declaration: what stands in where the setting is not set.
func (c *collector) sitesUnder(n *syntax.Node, via []string) {
	for _, k := range n.Kids {
		for _, s := range c.r.sites[k] {
			c.emit(atom{site: s, line: s.at.Line, via: via})
		}
		c.sitesUnder(k, via)
	}
}

// typed keeps the fields of an instance of the classes that a type names.
func (c *collector) typed(n *syntax.Node, text string, fields []string, via []string) bool {
	if len(fields) == 0 || strings.HasPrefix(strings.TrimSpace(text), "{") {
		return false // a structural type is no construction
	}
	names := typeNames(text)
	if strings.Contains(text, "IOptions") && len(fields) > 1 && (fields[0] == "Value" || fields[0] == "CurrentValue") {
		fields = fields[1:]
	}
	for _, t := range names {
		c.emit(atom{ref: t, fields: fields, inst: true, line: c.r.line(n.Start), via: via})
	}
	return len(names) > 0
}

// fieldsSet follows what a method sets a field of its object to.
func (c *collector) fieldsSet(method *syntax.Node, fields []string, depth int, via []string) {
	for _, k := range method.Kids {
		if c.spent() {
			return
		}
		if k.Kind == syntax.Bind && isField(k.Name) && isMember(rules.LastName(strings.TrimLeft(k.Name, "@")), fields[0]) {
			c.kids(k, fields[1:], depth+1, via)
		}
	}
}

// isMember reports whether a member's name is the one that is asked for, or that of its getter: getToken, token.
func isMember(name, want string) bool {
	return name == want || want == baseAddress && isBase(name) || strings.EqualFold(name, want) ||
		strings.EqualFold(name, propertyOf(want)) ||
		strings.EqualFold(propertyOf(name), want)
}

// typeNames are the names of classes that a type as written may speak of, without those of the languages themselves.
func typeNames(text string) []string {
	var names []string
	for _, w := range strings.FieldsFunc(text, func(c rune) bool {
		return c != '_' && c != '$' && c != '.' && c != '\\' && c != ':' && !('a' <= c && c <= 'z') &&
			!('A' <= c && c <= 'Z') && !('0' <= c && c <= '9')
	}) {
		w = strings.Trim(w, ".:\\")
		last := rules.LastName(w)
		if len(last) < 2 || typeWord(last) || wrapper(strings.ToLower(last)) || len(names) == 4 {
			continue
		}
		names = append(names, w)
	}
	return names
}

// typeWord reports whether a word of a type is no name of a class.
func typeWord(name string) bool {
	switch name {
	case "mut", "const", "var", "val", "let", "final", "static", "private", "public", "protected", "extends",
		"implements", "typeof", "keyof", "struct", "interface", "undefined", "null", "dyn", "void",
		"readonly", "export", "default", "async", "override", "self":
		return true
	}
	return false
}

// wrapper reports whether a class (lower case) holds no fields that anybody would follow, or only wraps another one.
func wrapper(name string) bool {
	switch name {
	case "string", "str", "int", "integer", "bool", "boolean", "number", "any", "unknown", "float", "double",
		"long", "byte", "object", "option", "optional", "promise", "readonly", "partial", "required",
		"ioptions", "ioptionssnapshot", "ioptionsmonitor", "arc", "rc", "box", "list", "map", "record",
		"array", "vec", "none", "error", "result", "task", "future":
		return true
	}
	return false
}

func (c *collector) ref(n *syntax.Node, fields []string, depth int, via []string) {
	if of, key, is := c.r.refersTo(n); is {
		c.out = append(c.out, atom{object: &of, key: key, line: c.r.line(n.Start), via: via})
		return
	}
	parts := c.r.parts(n.Name)
	if name := c.r.settingOf(n); name != "" {
		c.setting(n, name, envLookup, fields, via)
		// A parameter called env may be an object of the program's own as well, and a class called Env: env.token.
		if len(parts) < 2 || parts[0] != "Env" && (!strings.EqualFold(parts[0], "env") || c.r.scopeOf(n, parts[0]).param < 0) {
			return
		}
	}
	if c.r.doc.Lang == "php" && len(parts) > 2 && parts[0] == "app" && parts[1] == "config" { // Laravel's container
		c.setting(n, strings.Join(parts[2:], "."), keyLookup, fields, via)
		return
	}
	if c.r.settings() && isInputName(parts) { // of the program that reads the file, no keys of it
		c.emit(atom{ref: n.Name, fields: fields, process: c.r.processAround(n), line: c.r.line(n.Start), via: via})
		return
	}
	if len(fields) > 0 && namesClass(parts) { // decode(Flags.self, from: data)
		parts = parts[:1]
	}
	c.named(n, parts, fields, depth, via)
}

// namesClass reports whether a name is a class as a value: T.class, T.self.
func namesClass(parts []string) bool {
	return len(parts) == 2 && (parts[1] == "class" || parts[1] == "self") && isUpper(parts[0])
}

// named follows a name as this file defines it; where it does not, the name becomes an atom for others to resolve.
func (c *collector) named(n *syntax.Node, parts, fields []string, depth int, via []string) {
	if len(parts) == 0 {
		return
	}
	want := append(append([]string(nil), parts...), fields...)
	if c.again(n, want, depth) {
		return
	}
	found := false
	x := c.r.index()
	c.flagged(n, want, depth, via)
	binds, of, replaced := c.binding(n, parts[0])
	ofType, start := false, len(c.out)
	for _, b := range binds {
		if c.spent() {
			return
		}
		if c.seen[b] > 0 {
			continue
		}
		have, value, typed := c.r.bindParts(b)
		rest, ok := afterPrefix(want, have)
		if b.Kind == syntax.Bind && b.Index > 0 {
			rest = append([]string{strconv.Itoa(b.Index - 1)}, rest...)
		}
		if outside, is := destructured(b.Name, parts[0]); is {
			// const { token: x } = load(): x is an entry of what load gives.
			have, rest, ok = parts[:1], append(strings.Split(outside, "."), want[1:]...), true
			if c.opaque(value) {
				c.flagged(n, append(have[:1:1], rest...), depth, via)
				if isRequire(value) {
					c.emit(atom{ref: strings.Join(parts, "."), fields: fields, line: c.r.line(b.Start),
						via: via})
				} else {
					c.instance(n, value, rest, want, via)
				}
				found = true
				continue
			}
		}
		var ifs []atom
		if !ok && asksHeader(want[min(len(want), len(parts)):]) {
			h, is := c.r.headerOf(b, want)
			value, rest, ifs, ok = h.value, h.rest, h.ifs, is
			have = want[:len(parts)]
		}
		if !ok {
			continue
		}
		if name, kind := boundTo(b); b.Kind == syntax.Bind && name != "" && len(rest) == 0 {
			c.setting(b, name, kind, nil, via)
			c.sitesUnder(b, via)
			found = true
			continue
		}
		if family(c.r.doc.Lang) == "js" && len(rest) > 0 {
			if key := injectedAs(b); key != nil { // @Inject(flags.KEY) private readonly settings
				c.injected(key, rest, depth, via)
				found = true
				continue
			}
		}
		if typed && onlyNotes(b) {
			if len(rest) == 0 {
				found = c.defaults(b, via) || found
			}
			// What is of a type has what the constructions of the type put in, and what is put into it here.
			ofType = c.typed(b, b.Type, rest, via) || ofType
			continue
		}
		if isRequire(value) {
			c.emit(atom{ref: strings.Join(parts, "."), fields: fields, line: c.r.line(b.Start), via: via})
			found = true
			continue
		}
		if len(rest) > 0 && c.opaque(value) {
			if t := beforeTag(b.Type); b.Kind == syntax.Bind && t != "" { // let c: Settings = toml::from_str(…)?
				c.typed(n, t, rest, via)
			}
			found = c.instance(n, value, rest, want, via) || found
			continue
		}
		before := len(c.out)
		c.seen[b]++
		c.under(ifs, func() {
			c.kids(value, rest, depth+1, append(via[:len(via):len(via)], strings.Join(have, ".")))
		})
		c.seen[b]--
		// An entry of what only others know (cfg = load()) is followed by its own name.
		found = found || len(rest) == 0 || tells(c.out[before:])
	}
	if class := c.r.classOfField(n, of); class != "" && !tells(c.out[start:]) { // others may set it
		c.emit(atom{ref: class, fields: want, inst: true, open: true, line: c.r.line(n.Start),
			via: via[:len(via):len(via)]})
	}
	if found && (of.param < 0 || replaced) {
		return
	}
	if of.param >= 0 && !replaced && of.block.Flags&syntax.Class == 0 {
		c.parameter(n, of, parts, fields, depth, via)
		return
	}
	if len(parts) > 1 {
		before := len(c.out)
		c.membersOf(n, want, depth, via)
		c.ofProperty(n, want, depth, via)
		if tells(c.out[before:]) {
			return
		}
		// A field that any function of this file sets: o.token = t.
		before = len(c.out)
		for _, b := range x.fields[parts[len(parts)-1]] {
			if c.spent() {
				return
			}
			if c.seen[b] > 0 || encloses(b, n) || c.r.ofOtherType(n, parts, b) {
				continue
			}
			c.seen[b]++
			c.kids(b, fields, depth+1, append(via[:len(via):len(via)], b.Name))
			c.seen[b]--
		}
		if ofType || tells(c.out[before:]) {
			return
		}
	}
	if ofType {
		return
	}
	// A name that is a function or a computed property.
	last := parts[len(parts)-1]
	for _, f := range x.funcs[last] {
		if c.spent() {
			return
		}
		if c.seen[f] > 0 || encloses(f, n) || len(f.Params) > 0 {
			continue
		}
		before := len(c.out)
		c.seen[f]++
		c.returns(f, fields, depth+1, append(via[:len(via):len(via)], last))
		c.seen[f]--
		found = found || len(c.out) > before
	}
	if found {
		return
	}
	// A parameter of a function around it.
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Kind != syntax.Block {
			continue
		}
		if class, _, is := strings.Cut(p.Name, "."); is && p.Flags&syntax.Class == 0 && c.r.doc.Lang == "kotlin" {
			c.typed(n, class, append(append([]string(nil), parts...), fields...), via)
		}
		if self, class, is := strings.Cut(p.Type, " "); is && p.Flags&syntax.Class == 0 && self == parts[0] {
			if rest := append(append([]string(nil), parts[1:]...), fields...); c.typed(n, class, rest, via) {
				return // the receiver of a method of Go
			}
		}
		if p.Flags&syntax.Class == 0 && isField(n.Name) {
			continue
		}
		for i, name := range p.Params {
			if c.r.isParam(name, parts[0]) {
				c.parameter(n, scope{p, i}, parts, fields, depth, via)
				return
			}
		}
	}
	if c.r.doc.Lang == "dockerfile" && len(binds) == 0 {
		return // what its stage does not declare is empty
	}
	a := atom{ref: strings.Join(parts, "."), fields: fields, line: c.r.line(n.Start), via: via,
		inst: n.Kind == syntax.Call}
	if a.inst {
		a.call = n.Start + 1
	}
	if !c.r.settings() && n.Kind == syntax.Ref {
		a.key = configKey(parts)
	}
	if c.r.settings() {
		a.process = c.r.processAround(n)
	}
	if c.r.doc.Lang == "ruby" && isUpper(parts[0]) {
		a.within = modulesAround(n)
	}
	c.emit(a)
}

// modulesAround are the modules and classes that a node stands in, outermost first, each as it is written.
func modulesAround(n *syntax.Node) []string {
	var out []string
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Kind == syntax.Block && isUpper(p.Name) {
			out = append(out, p.Name)
		}
	}
	slices.Reverse(out)
	return out
}

// membersOf follows a member of a class, module or namespace of this file: want is its name and the member's, and the
// entries of the member that matter.
func (c *collector) membersOf(n *syntax.Node, want []string, depth int, via []string) {
	for _, f := range c.r.index().funcs[want[0]] {
		if c.spent() {
			return
		}
		if c.seen[f] > 0 || f.Flags&syntax.Class == 0 && len(f.Params) > 0 {
			continue
		}
		c.seen[f]++
		c.member(f, want[1:], depth+1, append(via[:len(via):len(via)], want[0]))
		c.seen[f]--
	}
}

// ofProperty follows an entry of what a computed property of this file gives: want is the property's name and the entry's.
func (c *collector) ofProperty(n *syntax.Node, want []string, depth int, via []string) {
	switch c.r.doc.Lang {
	case "swift", "kotlin", "csharp", "dart", "ruby", "scala":
	default:
		return // elsewhere a function that is not called gives nothing
	}
	for _, f := range c.r.index().funcs[want[0]] {
		if c.spent() {
			return
		}
		if c.seen[f] > 0 || f.Flags&syntax.Class != 0 || len(f.Params) > 0 || f.Name == "" || encloses(f, n) {
			continue
		}
		c.seen[f]++
		c.returns(f, want[1:], depth+1, append(via[:len(via):len(via)], want[0]))
		c.seen[f]--
	}
}

// member follows a member of a class, module or namespace.
func (c *collector) member(block *syntax.Node, fields []string, depth int, via []string) {
	if len(fields) == 0 || depth > followDepth {
		return
	}
	for _, k := range block.Kids {
		if c.spent() {
			return
		}
		if k.Kind == syntax.Block && k.Flags&syntax.Class != 0 && c.r.open(k) { // a companion
			c.member(k, fields, depth+1, via)
		}
		if k.Kind != syntax.Bind && k.Kind != syntax.Block || !isMember(rules.LastName(k.Name), fields[0]) {
			continue
		}
		switch {
		case k.Kind == syntax.Bind:
			if c.seen[k] == 0 {
				c.seen[k]++
				c.declared(block, k, fields[1:], depth, via)
				c.seen[k]--
			}
		case c.seen[k] > 0:
		case k.Flags&syntax.Class != 0 || c.r.isModule(k):
			c.member(k, fields[1:], depth+1, via)
		default:
			c.seen[k]++
			c.returns(k, fields[1:], depth+1, append(via[:len(via):len(via)], rules.LastName(k.Name)))
			c.seen[k]--
		}
	}
}

// parameter follows a parameter of a function around a node to what is handed over for it.
func (c *collector) parameter(n *syntax.Node, of scope, parts, fields []string, depth int, via []string) {
	p := of.block
	outside, ok := destructured(p.Params[of.param], parts[0])
	if !ok {
		outside = parts[0]
	}
	fn, class := functionName(p)
	rest := append(append([]string(nil), parts[1:]...), fields...)
	if of.param < len(p.Types) {
		c.typed(n, p.Types[of.param], rest, via)
	}
	if fn != "" && of.param < len(p.Types) && p.Types[of.param] == "HttpClient" && len(rest) > 0 {
		c.emit(atom{given: clientOfClass(fn), fields: rest, line: c.r.line(n.Start), via: via})
	}
	if key := factoryArgument(p, of.param); key != nil {
		c.injected(key, rest, depth, via)
	}
	if family(c.r.doc.Lang) == "js" {
		if key := annotated(p, parts[0]); key != nil {
			c.injected(key, rest, depth, via)
		}
	}
	if len(rest) == 0 {
		c.options(p, parts[0], depth, via)
	}
	if fn == "" {
		entry := ""
		if ok && (numeric(outside) || c.r.handler(p)) {
			entry = outside
		}
		c.element(p, of.param, entry, rest, depth, via)
		return
	}
	at := param{block: p, fn: fn, class: class, index: of.param, outside: outside, name: parts[0],
		entry: ok}
	if c.entered(at, rest, depth, via) {
		return
	}
	c.callers(n, at, rest, depth, via)
	c.emit(atom{fn: fn, class: class, index: of.param, param: outside, entry: ok, fields: rest, line: c.r.line(n.Start), via: via})
	if outer, is := strings.CutSuffix(fn, "()"); is { // openAt(url)(token): the arguments of one call to the syntax
		at.fn, at.index = outer, of.param+len(functionAround(p).Params)
		c.callers(n, at, rest, depth, via)
		c.emit(atom{fn: at.fn, index: at.index, fields: rest, line: c.r.line(n.Start), via: via})
	}
}

// options follows a parameter of a command to the default of the option that fills it:
// @click.option("--token", default="x").
func (c *collector) options(command *syntax.Node, name string, depth int, via []string) {
	for _, note := range command.Kids {
		if note.Kind != syntax.Call || !strings.HasPrefix(note.Name, "@") {
			continue
		}
		for _, k := range note.Kids {
			if k.Kind != syntax.Arg || rules.NormalName(nameText(k)) != rules.NormalName(name) {
				continue
			}
			if flag := nameText(k); strings.HasPrefix(flag, "--") {
				c.setting(note, flag, envLookup, nil, via)
			}
			for _, d := range note.Kids {
				if d.Kind == syntax.Bind && isDefault(d.Name) {
					c.kids(d, nil, depth+1, append(via[:len(via):len(via)], "the option "+nameText(k)))
				}
			}
			break
		}
	}
}

// ofOtherType reports whether the object that a name is an entry of and the one whose entry a Bind sets are of two types
// by what declares them.
func (r *reader) ofOtherType(n *syntax.Node, parts []string, b *syntax.Node) bool {
	set := r.parts(b.Name)
	if len(parts) != 2 || len(set) != 2 {
		return false
	}
	mine := onlyClass(r.declaredType(n, parts[0], r.scopeOf(n, parts[0])))
	its := onlyClass(r.declaredType(b, set[0], r.scopeOf(b, set[0])))
	return mine != "" && its != "" && mine != its && !r.inherits(mine, its, 0) && !r.inherits(its, mine, 0)
}

// onlyNotes reports whether a declaration has no value: annotations at most.
func onlyNotes(b *syntax.Node) bool {
	for _, k := range b.Kids {
		if k.Kind != syntax.Call || !strings.HasPrefix(k.Name, "@") {
			return false
		}
	}
	return true
}

// instance keeps fields of what a call of another file's function or class gives, and reports whether it did. n is the
// name that asks for them, want its parts.
func (c *collector) instance(n, value *syntax.Node, fields, want, via []string) bool {
	k := value.Kids[0]
	calls := []*syntax.Node{k}
	if k.Kind == syntax.Chain && len(k.Kids) > 0 {
		k, calls = k.Kids[0], k.Kids
	}
	for _, call := range calls {
		for _, arg := range call.Kids { // readValue(text, Flags.class)
			if v := onlyValue(arg); v != nil && v.Kind == syntax.Ref && namesClass(c.r.parts(v.Name)) {
				c.typed(n, c.r.parts(v.Name)[0], fields, via)
			}
		}
		if call.Type != "" { // GetSection("Flags").Get<Flags>()
			c.typed(n, call.Type, fields, via)
		}
	}
	if k.Kind != syntax.Call {
		return false
	}
	if key, entry := c.taken(k); key != "" {
		c.emit(atom{given: key, fields: append(entry, fields...), line: c.r.line(k.Start), via: via})
		return true
	}
	if section := c.r.sectionIn(value.Kids[0], 0); section != "" {
		c.setting(k, section, keyLookup, fields, via)
		return true
	}
	if i := isLookup(k); i >= 0 {
		if file := nameText(k.Kids[i]); lookupOf(k.Name, file) != noLookup && !strings.Contains(file, "/") {
			c.setting(k, file, keyLookup, fields, via)
		}
	}
	for _, arg := range k.Kids { // dict(os.environ), schema.parse(process.env)
		if v := onlyValue(arg); v != nil && v.Kind == syntax.Ref && settingRead(v.Name+"."+fields[0]) == fields[0] {
			c.setting(k, fields[0], envLookup, fields[1:], via)
		}
	}
	parts := c.r.parts(strings.TrimSuffix(k.Name, ".new"))
	if len(parts) == 0 {
		return false
	}
	c.emit(atom{ref: strings.Join(parts, "."), fields: fields, inst: true, call: k.Start + 1,
		line: c.r.line(k.Start), via: via})
	key := configKey(want)
	if n.Kind == syntax.Ref && (strings.Contains(key, ":") || key != "" && configKey(want[:2]) == "") {
		// builder.Configuration["Flags:Token"], app.config["FLAGS_TOKEN"]
		c.emit(atom{key: key, line: c.r.line(n.Start), via: via})
	}
	return true
}

// settingOf is the setting of the process that a name reads (process.env.X, a name that a framework's module exports),
// "" for another name.
func (r *reader) settingOf(n *syntax.Node) string {
	if r.settings() {
		return ""
	}
	if first := firstName(n.Name); first != n.Name || len(r.doc.Imports) > 0 {
		if m := r.moduleOf(n.Name); m != "" {
			switch {
			case isSettingModule(m) || m == "react-native-config" || m == "react-native-dotenv":
				return rules.LastName(n.Name)
			case !strings.HasPrefix(n.Name, "process.") && !strings.HasPrefix(n.Name, "os."):
				return ""
			}
		}
		if strings.HasPrefix(n.Name, "env.") && len(r.index().binds[first]) > 0 {
			return ""
		}
	}
	if name := settingRead(n.Name); name != "" {
		return name
	}
	for _, p := range builtPrefixes {
		if rest, is := strings.CutPrefix(n.Name, p); is && rest == strings.ToUpper(rest) {
			return rest
		}
	}
	return ""
}

// isField reports whether a name is a field of its object, which every method of the class sees.
func isField(name string) bool {
	return strings.HasPrefix(name, "this.") || strings.HasPrefix(name, "self.") || strings.HasPrefix(name, "@") ||
		strings.HasPrefix(name, "$this")
}

// opaque reports whether a value is what a call of another file's function gives: its entries are not in its arguments.
func (c *collector) opaque(value *syntax.Node) bool {
	if len(value.Kids) != 1 {
		return false
	}
	k := value.Kids[0]
	switch k.Kind {
	case syntax.Chain:
		for _, call := range k.Kids {
			if !c.opaqueCall(call) {
				return false
			}
		}
		return true
	case syntax.Call:
		return c.opaqueCall(k)
	}
	return false
}

func (c *collector) opaqueCall(call *syntax.Node) bool {
	if len(c.r.index().funcs[rules.LastName(call.Name)]) > 0 {
		return false
	}
	for _, k := range call.Kids {
		if k.Kind != syntax.Arg {
			return false
		}
		for _, v := range k.Kids {
			if v.Kind != syntax.Literal && v.Kind != syntax.Ref && !(v.Kind == syntax.Call && c.opaqueCall(v)) {
				return false
			}
		}
	}
	return true
}

// tells reports whether atoms say more than that something else is there: a credential, a name to follow, a parameter.
func tells(atoms []atom) bool {
	for _, a := range atoms {
		if a.site != nil || a.ref != "" && !a.open || a.fn != "" || a.setting != "" || a.key != "" ||
			a.given != "" {
			return true
		}
	}
	return false
}

// wholeEnvironment reports whether atoms say no more than that some variable of the environment is read: by a name that a
// function is handed.
func (r *reader) wholeEnvironment(atoms []atom) bool {
	env := false
	for _, a := range atoms {
		switch a.ref {
		case "":
			if tells([]atom{a}) {
				return false
			}
		case "process.env", "os.environ", "ENV", "import.meta.env", "Deno.env", "Bun.env", "_ENV", "_SERVER":
			env = true
		default:
			return false
		}
	}
	return env
}

// destructured is the name by which others know a local name of a destructuring pattern ({clientKey,url:baseUrl}),
// false where the pattern does not bind it.
func destructured(pattern, local string) (string, bool) {
	if !strings.HasPrefix(pattern, "{") {
		return "", false
	}
	for _, entry := range strings.Split(strings.Trim(pattern, "{}"), ",") {
		outside, inside, renamed := strings.Cut(strings.TrimSpace(entry), ":")
		if !renamed {
			inside = outside
		}
		if inside == local {
			return outside, true
		}
	}
	return "", false
}

// handed is what an argument hands to the index-th parameter, called so: itself, or the entry of a table of options.
// Nil for another's.
func handed(arg *syntax.Node, index int, name string) *syntax.Node {
	if arg.Kind == syntax.Bind {
		if rules.LastName(arg.Name) == name {
			return arg
		}
		return nil
	}
	if arg.Kind != syntax.Arg {
		return nil
	}
	for _, t := range arg.Kids {
		if t.Kind != syntax.Table {
			continue
		}
		for _, b := range t.Kids {
			if b.Kind == syntax.Bind && b.Name == name {
				return b
			}
		}
	}
	if arg.Index == index {
		return arg
	}
	return nil
}

// bindParts is the path that a declaration, an assignment or a setter call binds, and the node that holds the value.
func (r *reader) bindParts(b *syntax.Node) (parts []string, value *syntax.Node, typed bool) {
	if b.Kind == syntax.Bind {
		return r.parts(b.Name), b, b.Flags&syntax.Typed != 0
	}
	if at := pointedTo(b); at != nil {
		return r.parts(at.Name), b, false
	}
	parts = r.parts(b.Name)
	if len(parts) > 0 {
		parts = slices.Clip(parts[:len(parts)-1]) // others have them too
	}
	for i, k := range b.Kids {
		if k.Kind != syntax.Arg {
			continue
		}
		if name := nameText(k); name != "" && i+1 < len(b.Kids) {
			return append(parts, name), b.Kids[i+1], false
		}
		break
	}
	return append(parts, "\x00"), b, false
}

// afterPrefix is what is left of want behind have, in any case for the last part; false where have is no prefix.
func afterPrefix(want, have []string) ([]string, bool) {
	if len(have) > len(want) || len(have) == 0 {
		return nil, false
	}
	for i := range have {
		if want[i] != have[i] && !(i > 0 && strings.EqualFold(want[i], have[i])) {
			return nil, false
		}
	}
	return want[len(have):], true
}

func encloses(outer, inner *syntax.Node) bool {
	for p := inner; p != nil; p = p.Parent {
		if p == outer {
			return true
		}
	}
	return false
}

// visible reports whether a declaration can be seen at n: it stands in a block around n, or in the file, a class or a
// section.
func visible(b, n *syntax.Node) bool {
	for p := b.Parent; p != nil; p = p.Parent {
		if p.Kind == syntax.File {
			return true
		}
		if p.Kind == syntax.Block {
			if encloses(p, n) {
				return true
			}
			if p == b.Parent && promotes(p, b.Name) && encloses(p.Parent, n) {
				return true
			}
			if len(p.Params) > 0 {
				return false
			}
		}
	}
	return true
}

// promotes reports whether a parameter of a constructor is a field of its class.
func promotes(constructor *syntax.Node, param string) bool {
	class := constructor.Parent
	return class != nil && class.Kind == syntax.Block && class.Flags&syntax.Class != 0 &&
		slices.Contains(class.Params, param) && slices.Contains(constructor.Params, param)
}

// isRequire reports whether a value is a module that is brought in: require("./config").
func isRequire(value *syntax.Node) bool {
	if len(value.Kids) != 1 {
		return false
	}
	k := value.Kids[0]
	return k.Kind == syntax.Call && k.Name == "require" && len(k.Kids) == 1
}
