// Package syntax reads any text that people write programs and settings in, and says of each literal what it is bound
// to: the names, keys, calls and options around it, its neighbours in the same table, the imports of its file.
//
// Its nouns: a Document is a text read; a Node is a named place in it; the leaves are Literals and Refs. It is tolerant
// (templates, diffs, truncated and minified text), linear in the text, and always ends: what it cannot tell, it leaves
// out, and a text that costs too much for its size is not read (ErrExhausted). It knows languages; it knows nothing of Unleash.
package syntax

// Kind is what a Node is.
type Kind uint8

// The kinds of nodes.
const (
	// File is the root. Kids are the statements (or entries) of the text, in order.
	File Kind = iota
	// Bind gives its kids' value the name Name: an assignment, a declaration with a value, an entry of a table or a
	// mapping, a keyword argument, an attribute of a tag, a NAME=value of a shell command or a list of settings.
	// All atoms of the value's expression (both arms of a conditional, the default of `||`, the parts of a
	// concatenation that could not be folded) are kids.
	// Annotations and decorators in front of a declaration are kids too, as Calls named "@Value".
	Bind
	// Call is a function, method, constructor or macro call, a tag (JSX, HTML, XML), a shell command, a typed composite
	// literal. Name is the callee as written, dotted, without `new`, type arguments or the receiver's own calls:
	// "UnleashClient", "unleash.Initialize", "h.Set", "FlagProvider". Kids are Args and Binds (keyword arguments,
	// attributes), a Block for a trailing closure.
	Call
	// Chain is a run of calls on one another: a.b("x").c("y"). Kids are its Calls in order. The first is named with
	// its whole path ("UnleashConfig.builder"), the others with what follows the dot ("apiKey").
	Chain
	// Arg is a positional argument. Index counts from 0, keyword arguments not counted.
	Arg
	// Table is an object, dictionary, map, struct literal or YAML mapping inside a value; kids are mostly Binds.
	Table
	// List is an array or sequence; kids are Elements. A tuple is a List.
	List
	// Element is an item of a List. Index counts from 0.
	Element
	// Block is the body of a function, class, closure, section ([name] of INI and TOML, a HCL block, a heading of
	// Markdown's kind is none), or service. Name is its name, "" of an anonymous one; Params its parameters' names.
	Block
	// Return is what a function gives back: a return statement, the body of an expression function, the last
	// expression of a Ruby, Rust, Kotlin-lambda or Elixir body where that is clear.
	Return
	// Literal is a leaf: a string (Text decoded, Start and End inside the quotes), a number, or an unquoted value of a
	// settings file. Adjacent constant parts ("a" + "b", "a" "b", a line continued) are one Literal from the first to
	// the last part.
	Literal
	// Ref is a leaf: a name that is read. Name is dotted, as written, without noise: "process.env.UNLEASH_TOKEN",
	// "environment.unleash.secret", "TOKEN". An index by a constant string is a dotted part: os.environ["X"] is
	// "os.environ.X". $X, ${X}, ${X:-default}, %X%, $(X), {{ .Values.x.y }}, {{ x }}, ${{ secrets.X }}, @x@ in shells,
	// settings and templates are Refs named X (".Values.x.y", "secrets.X"); what they hold as a default follows as a
	// Literal sibling.
	Ref
)

// Flags tell more about a Node.
type Flags uint16

// The flags.
const (
	InComment Flags = 1 << iota // it stands in a comment
	// Bind or Block: other files can see it (export, public, upper-case Go name, module level)
	Exported
	// Literal: it has parts that are computed (interpolation), which follow as Refs; they are left out of Text
	Template
	Quoted // Literal: it stood in quotes
	Typed  // Bind: a declaration with a type and without a value (kids hold annotations at most)
	// Bind: a NAME=value of a process environment (shell, dotenv, compose, Dockerfile, CI env:, unit file)
	Env
	Multiline // Literal: a block scalar, heredoc or text over several lines
	// Literal: the value that stands in when a Ref beside it is unset (${X:-text}, getenv("X", "text") has not this
	// flag)
	Default
	// Block: the body of a class, struct, interface, enum, object or of an extension of one; not set of functions,
	// namespaces and sections
	Class
	// Bind: it brings a new name in, by a keyword, a type or :=, and does not give another value to one that there is
	Declared
)

// A Node is a named place in a Document.
type Node struct {
	Kind  Kind
	Flags Flags
	// Until, of a Bind in a body, is where the innermost block of statements (of an if, a loop, a try) ends that it
	// stands in: what it declares is known no further, and a value that it gives is given only where that block runs.
	// 0 where it stands in no such block of its Block.
	Until int32
	Name  string
	Text  string // Literal: its decoded text
	// Index is the place of an Arg or Element, from 0. Of a Bind that holds one of the values of its value (a, b := f(),
	// const [a, b] = f()) it is that one's place, from 1; 0 of others.
	Index  int
	Params []string
	// Types are the types of Params, as written, "" where none is, and behind them what a function gives back where it
	// says that; nil where neither is said.
	Types []string
	// Type is the type of a declaration as written (Bind), what a class derives from (Block with Class), the type that
	// a method is of (Block, Go), the type arguments of a call; "" where none is written. At most 120 bytes.
	Type       string
	Start, End int // byte range in Document.Text, from 0; of the whole construct, or inside the quotes of a Literal
	NameStart  int // Bind, Call, Block, Ref: where Name stands (its line is what reports show)
	Parent     *Node
	Kids       []*Node

	constants constants // of a root that was asked for them
}

// Result is the type, as written, of what a Block that is a function gives back; "" where it does not say. At most 120
// bytes.
func (n *Node) Result() string {
	if len(n.Types) > len(n.Params) {
		return n.Types[len(n.Params)]
	}
	return ""
}

// giveType notes what a function gives back.
func (n *Node) giveType(text string) {
	if text == "" || n.Flags&Class != 0 || len(n.Types) > len(n.Params) {
		return
	}
	n.Types = append(append(n.Types, make([]string, len(n.Params)-len(n.Types))...), text)
}

// An Import is one name or module that a file brings in.
type Import struct {
	// as written: "unleash-client", "../shared/constants", "io.getunleash.util.UnleashConfig", "<unleash/x.hpp>"
	Module string
	Name   string // the name that the module exports, "default", "*" for all of it, "" where only the module is named
	Local  string // what it is called here; "" where it is not named (side-effect import, #include)
	Start  int
}

// A Document is a text read.
type Document struct {
	Path string
	// "javascript", "yaml", …; "" where nothing is known: then the text is read as prose with name: value and
	// name=value
	Lang    string
	Text    []byte
	Root    *Node
	Imports []Import
	// Directives are the strings that stand as statements before anything else: "use client", "use server".
	Directives []string

	meter *meter // of the text and of all that is read in it, Embedded's texts included
}
