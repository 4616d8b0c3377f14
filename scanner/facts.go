package scanner

import (
	"slices"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// A fileFacts is what is kept of one text once it has been read: where credentials stand, which places take one, which
// names hold what. It holds no part of the text but the values that may matter.
type fileFacts struct {
	path     string // as findings show it
	filePath string // the path that says what kind of file it is (View.FilePath)
	dir      string // of filePath; the engine's
	pkg      string // folder of the nearest manifest, "" for the root; the engine's
	lang     string
	ignored  bool
	git      *GitPlace
	side     rules.FileSide
	shipped  string          // why the file itself reaches browsers, "" where it does not
	manifest *rules.Manifest // what the file says of its package, nil of other files
	prefixes []string        // public prefixes that it configures
	imports  []syntax.Import
	modules  []string
	sites    []*siteFact
	places   []*placeFact
	defs     []*def
	calls    []*callFact
	envs     []envFile
	mentions bool        // it mentions Unleash
	role     requestRole // what it is to a client of HTTP
	hollow   bool        // its names were not read: nothing in it speaks of tokens
	bounded  bool        // it has more names or calls than are kept
	unread   error       // why its syntax was not read, or not all of it; what it holds is found all the same
	// namespace is the package or namespace that it says it is of, with dots
	namespace string
	classes   []*classFact
	methods   []string       // of Go's types, each with its type before it
	processes []*processFact // that it declares
	fills     []*fillFact
	lenders   []*lenderFact
	kustom    *kustomFact         // what it takes in, nil where it is no kustomization
	makes     []generator         // objects of Kubernetes that it makes of other files
	chart     *chartFact          // what Chart.yaml says, nil of other files
	paths     []string            // of files of settings that code names
	late      *lateFile           // looks for the arguments of calls; nil where they are known
	own       func([]atom) []atom // gives atoms of the facts that these are a copy of as the copy's; nil of an original
}

// An envFile is a file of settings, or an object of Kubernetes, that another file hands to a service.
type envFile struct {
	name   string      // as written, "" of an object
	object *objectName // nil of a file
	says   []string    // what the service says of the texts that sinks want beside them (lower case)
	key    string      // of the service, as places in it have it
	names  []string    // by which others know the service
}

// A siteFact is a literal that is a credential, or that is one if a place says so.
type siteFact struct {
	file    *fileFacts
	cred    rules.Credential
	at, end Position
	layers  []string
	excerpt []ExcerptLine
	start   int // byte range in the view
	stop    int
	name    string
	// Only a place that takes one makes it a credential: text that an operator chose, bare hex, a client key.
	potential bool
	comment   bool
	inURL     bool
	inInit    bool
	placed    bool
	test      bool // it stands in a part of the file that only tests compile
	declared  rules.Kind
	evidence  []rules.Evidence
	exposures []rules.Exposure
	deploys   []deployment
	trail     rules.Trail
}

// A deployment is a name of one at a place, and what names it.
type deployment struct{ name, by string }

// An atom is one thing that a value can be: a literal that may be a credential, a literal of another kind, a name from
// elsewhere, a parameter.
type atom struct {
	site   *siteFact
	text   string   // of a literal that is no site, at most 300 bytes
	ref    string   // dotted name that this file does not define
	fields []string // entries of what ref names, outermost first
	// inst: ref names a class, or what gives one, and fields are those of an instance
	inst bool
	// open: the file gives the entry no value that matters, and others may set it: it is no answer by itself
	open bool
	// setting is a variable of the process's environment that is read, key a key of the program's configuration, each
	// exactly as the code names it; an atom may have both
	setting, key string
	// object is the ConfigMap or Secret whose key of this name is taken
	object  *objectName
	process *processFact // of a file of settings: the process that the name stands in, nil for none
	within  []string     // of ref: the modules and classes around it, outermost first, where the language looks there first
	given   string       // what is given under this key is taken: a name, or a text behind a quote
	fn      string       // parameter: of this function …
	class   string       // … a method of this class, "" where it is none …
	index   int          // … the index-th, from 0
	param   string       // … called so
	entry   bool         // param is an entry of what is handed over: f({ token }) takes it apart
	call    int          // ref is what a call gives that begins at call-1 in the view; 0 for none
	tail    string       // of a URL: the path that follows it in the same text
	through string       // it is what any caller of this function hands over; "" where no parameter was passed
	ifs     []atom       // it counts only where these are the name of the header Authorization; nil where that is known
	line    int
	via     []string // what it went through, in words, nearest the place first
}

// A placeFact is a place that takes, names or ships a credential, and what stands in it.
type placeFact struct {
	file     *fileFacts
	line     int
	at, end  Position
	excerpt  []ExcerptLine
	comment  bool
	expected bool        // a test expects it: evidence, but no use
	from, to int         // byte range in the view of a name that it reads or sets
	match    rules.Match // its Sink is nil where the place is none of an SDK
	declares bool        // what stands beside it declares it a token
	unknown  bool        // something called after Unleash takes a token here, nobody knows of which type
	request  bool        // a raw request: api is its path's
	onServer bool        // a framework runs the function around it on the server, whatever the file is
	inURL    bool        // it is put into a URL's path, query or user-info, behind what urls hold where those are not nil
	header   []atom      // the name of the header, where only other files say whether that is Authorization
	api      rules.API
	urls     []atom // URLs beside, where this file does not say them
	below    string // the path that a request asks for, below what the atoms of base say
	base     []atom
	host     string
	service  string
	names    []string
	class    rules.NameClass // of the name that the place binds
	name     string
	part     *processFact // its sink counts if the process that this one is a part of is the thing, nil for others
	envFile  bool         // its sink counts if another file hands this one, or the object around it, to the thing
	object   *objectFact
	// beside are names of which one has to hold a text of Unleash's product, for the sink to be one (an image that is a
	// setting), and outer the outermost key around, which may be that of a chart; nil and "" where the text is in sight
	beside   []atom
	outer    string
	indirect bool   // another name stands between the value and name
	exposed  string // why what stands here reaches browsers
	reads    bool   // the place reads a setting whose name states a kind
	sets     bool   // the place sets one
	deploys  []deployment
	atoms    []atom
}

// A def is a name that holds something: a setting, a constant, a property, an entry of a table.
type def struct {
	file    *fileFacts
	path    []string // names that lead to it from the top of the file, outermost first, as written
	raw     string   // the innermost of them
	env     bool     // it is set in the environment of a process
	soft    bool     // the name is a literal beside it: the flag that it is the default of, the setting that a call sets
	call    string   // of a soft one: the last name of the call that has it
	start   int      // of the value, in the view
	spaces  int      // how many names of path are those of the namespaces and modules around it
	part    int      // place of the value among several that the name holds or gives, from 1; 0 where it is no such one
	line    int
	atoms   []atom
	process *processFact // that it is given to, nil where its place does not say
	object  *objectFact  // the ConfigMap or Secret whose data it is, nil for others
	command []string     // the command line that gives the flag, nil where it is no flag
	stage   *stageFact   // of a Dockerfile that it stands in, nil for others
	ifs     []atom       // see atom
	// variable is that of the environment which fills the name, as the file says (see namesVariables); "" for others
	variable string
	// alias is the name in its file that the value is, or the class or function whose result it is (inst), for those
	// who ask for entries of it; "" where it is neither
	alias string
	inst  bool
	// merged are names whose entries are entries of the value too: Object.assign({…}, name)
	merged []mergedName
	// hidden are entries of the value that have other ones, by other definitions
	hidden []string
}

// of is a copy for another tree that holds the same file: what the engine says of the one says nothing of the other.
func (f *fileFacts) of(g *GitPlace, ignored bool) *fileFacts {
	out := *f
	out.git, out.ignored = g, ignored
	sites := map[*siteFact]*siteFact{}
	site := func(s *siteFact) *siteFact {
		if s == nil {
			return nil
		}
		c := sites[s]
		if c == nil {
			c = new(siteFact)
			*c = *s
			c.file = &out
			sites[s] = c
		}
		return c
	}
	out.own = func(list []atom) []atom {
		if !slices.ContainsFunc(list, func(a atom) bool { return a.site != nil }) {
			return list
		}
		list = slices.Clone(list)
		for i := range list {
			list[i].site = site(list[i].site)
		}
		return list
	}
	out.late = nil // the original's looks for what is asked of the copy
	out.sites = slices.Clone(f.sites)
	for i, s := range out.sites {
		out.sites[i] = site(s)
	}
	out.places = slices.Clone(f.places)
	for i, p := range out.places {
		c := *p
		c.file, c.atoms, c.urls, c.header = &out, out.own(p.atoms), out.own(p.urls), out.own(p.header)
		c.beside, c.base = out.own(p.beside), out.own(p.base)
		out.places[i] = &c
	}
	out.defs = slices.Clone(f.defs)
	for i, d := range out.defs {
		c := *d
		c.file, c.atoms = &out, out.own(d.atoms)
		out.defs[i] = &c
	}
	out.fills = slices.Clone(f.fills)
	for i, fill := range out.fills {
		c := *fill
		c.file = &out
		out.fills[i] = &c
	}
	out.lenders = slices.Clone(f.lenders)
	for i, t := range out.lenders {
		c := *t
		c.file = &out
		out.lenders[i] = &c
	}
	out.calls = slices.Clone(f.calls)
	for i, call := range out.calls {
		c := *call
		c.file, c.of, c.known = &out, call, nil
		out.calls[i] = &c
	}
	return &out
}

// sideModules are the modules whose import says on which side a file runs: none of a page, whose pieces of code are
// programs of their own.
func (f *fileFacts) sideModules() []string {
	if isPage(f.lang) {
		return nil
	}
	return f.modules
}
