// Package agent speaks the hook protocols of coding agents: what an agent is about to do and what a tool has given it, read
// from the event that it writes to a hook's standard input, and the answers that it understands. It judges nothing and
// opens no file.
//
// Its nouns: an Agent is a row of the table; a Call is one event; a Write is a file as a tool would leave it; a Text is
// what goes anywhere else; an Answer is what the hook prints.
package agent

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Moment is when an event comes.
type Moment int

const (
	Other  Moment = iota // an event that holds nothing to judge, or one that nobody here knows
	Before               // a tool is about to run: it can be stopped
	Read                 // a file is about to be read, and its text is in the event: reading it can be stopped
	Prompt               // a person has sent a prompt: it can be stopped
	After                // a tool has run: what it gave can be replaced where Agent.CanReplace says so, else told
)

// An Agent is one row: how an agent tells hooks of its tools, and how it is answered.
type Agent struct {
	ID   string // "claude-code"
	Name string // "Claude Code"
	Doc  string // the address of the documentation that the row follows

	mine   func(event) bool // whether an event is this agent's
	name   func(event) string
	events map[string]Moment
	// The names of an event's members: the tool, its arguments, what it gave, what it failed with, the prompt.
	tool, args, output, failure, prompt []string
	fields                              fields
	// replaces reports whether what this call's tool gave can be replaced.
	replaces func(*Call) bool

	deny    func(c *Call, reason string) any
	replace func(c *Call, output json.RawMessage, note string) any
	tell    func(c *Call, note string) any
	warn    func(c *Call, text string) any // nil where a person can be told nothing
	pass    func(c *Call) any              // nil where silence is no opinion
}

// Events are the events that hold something to judge, by the names that the agent gives them.
func (a *Agent) Events() map[string]Moment { return a.events }

// Agents are the rows, in the order in which an event is offered to them.
func Agents() []*Agent { return []*Agent{cursor, gemini, codex, copilot, claude} }

// A Call is one event.
type Call struct {
	Agent  *Agent
	Event  string // as the agent calls it
	Moment Moment
	Tool   string   // "" where no tool is meant
	Dir    string   // the agent's working folder, "" where it does not say
	Writes []Write  // files that the tool would write
	Texts  []Text   // what would go elsewhere
	Reads  string   // the file or folder that Output is of, "" of any other output
	Output []string // the texts in what the tool gave, or of the file that is about to be read
	Given  []string // after a tool has run, the texts in what the model gave it

	raw    json.RawMessage // what the tool gave
	failed bool            // Output is what the tool failed with
	dialect
}

// A dialect is what differs between the events of one agent.
type dialect struct {
	named bool // the event says its name
	quote bool // what the tool gave is JSON in a string
}

// A Write is a file as a tool would leave it.
type Write struct {
	Path string // as the agent writes it: absolute, or relative to its working folder
	// Edit returns the file's text afterwards; before is nil where there is no such file. It is nil where the tool
	// takes the file away.
	Edit func(before []byte) []byte
}

// A Text is what a tool is given, or a person has sent, other than the text of a file.
type Text struct {
	Name string // what it is like, as the name of a file: "command.sh", "arguments.json", "prompt.md"
	Text string
}

// An event is the object that an agent writes.
type event map[string]json.RawMessage

// ErrNoEvent is the error for input that is no event of a hook.
var ErrNoEvent = errors.New("standard input is no event of a coding agent's hook: it is one JSON object")

// Parse reads an event. It returns ErrNoEvent for what is no JSON object, and an error that names the event where no row
// knows whose it is.
func Parse(input []byte) (*Call, error) {
	var e event
	if err := json.Unmarshal(input, &e); err != nil || e == nil {
		return nil, ErrNoEvent
	}
	for _, a := range Agents() {
		if a.mine(e) {
			return a.read(e), nil
		}
	}
	name := e.text("hook_event_name", "hookEventName")
	if name == "" {
		name = "without a name"
	}
	return nil, fmt.Errorf("the event %s is of no coding agent that is known here: %s", name, names())
}

// names are the agents' names, in a sentence.
func names() string {
	var list []string
	for _, a := range Agents() {
		list = append(list, a.Name)
	}
	return strings.Join(list, ", ")
}

// read is an event of this agent.
func (a *Agent) read(e event) *Call {
	c := &Call{Agent: a, Event: a.name(e), Tool: e.text(a.tool...), Dir: e.text("cwd")}
	if c.Dir == "" {
		var roots []string
		if json.Unmarshal(e["workspace_roots"], &roots) == nil && len(roots) > 0 {
			c.Dir = roots[0]
		}
	}
	c.Moment = a.events[c.Event]
	c.named = byName(e) != ""
	args := e.first(a.args...)
	switch c.Moment {
	case Before:
		if args == nil { // the event is the arguments
			args, _ = json.Marshal(e.only(a.fields.command, a.fields.path, a.fields.content))
		}
		c.arguments(args)
	case Read:
		c.Reads = e.text(a.fields.path...)
		c.Output = append(c.Output, e.text(a.fields.content...))
	case Prompt:
		c.Texts = append(c.Texts, Text{"prompt.md", e.text(a.prompt...)})
	case After:
		c.Reads = pathRead(args, a.fields)
		c.Given = texts(args)
		c.raw = e.first(a.output...)
		if c.raw == nil {
			c.raw, c.failed = e.first(a.failure...), true
		}
		var text string
		if json.Unmarshal(c.raw, &text) == nil && json.Valid([]byte(text)) && strings.ContainsAny(text, `{["`) {
			c.raw, c.quote = json.RawMessage(text), true
		}
		c.Output = texts(c.raw)
	}
	return c
}

// text is the first member of these names that is a text, "" where none is.
func (e event) text(names ...string) string {
	for _, name := range names {
		var s string
		if raw, ok := e[name]; ok && json.Unmarshal(raw, &s) == nil && s != "" {
			return s
		}
	}
	return ""
}

// first is the first member of these names, nil where there is none.
func (e event) first(names ...string) json.RawMessage {
	for _, name := range names {
		if raw, ok := e[name]; ok && string(raw) != "null" {
			return raw
		}
	}
	return nil
}

// only are the members of these names.
func (e event) only(lists ...[]string) event {
	some := event{}
	for name, raw := range e {
		if slices.ContainsFunc(lists, func(list []string) bool { return slices.Contains(list, name) }) {
			some[name] = raw
		}
	}
	return some
}

// An Answer is what the hook prints, and the status that it ends with.
type Answer struct {
	Stdout []byte
	Status int
}

// Deny is the answer that stops what the call is about; the reason goes to the model, of a prompt to the person.
func (c *Call) Deny(reason string) Answer { return answer(c.Agent.deny(c, reason)) }

// CanReplace reports whether what the tool gave can be replaced before the model sees it.
func (c *Call) CanReplace() bool {
	return c.Moment == After && !c.failed && len(c.raw) > 0 && c.Agent.replaces(c)
}

// Replace is the answer that shows the model, in the place of what the tool gave, the same with every text changed by
// change, and a note. It must only be asked for where CanReplace.
func (c *Call) Replace(change func(string) string, note string) Answer {
	return answer(c.Agent.replace(c, eachString(c.raw, change), note))
}

// Tell is the answer that lets the call be, and tells the model something about it.
func (c *Call) Tell(note string) Answer { return answer(c.Agent.tell(c, note)) }

// Pass is the answer that has no opinion: the agent goes on as without a hook, and asks its user where it would have.
func (c *Call) Pass() Answer {
	if c.Agent.pass == nil {
		return Answer{}
	}
	return answer(c.Agent.pass(c))
}

// Warn is the answer that lets the call be, and tells the person something where the protocol can.
func (c *Call) Warn(text string) Answer {
	if c.Agent.warn == nil {
		return c.Pass()
	}
	return answer(c.Agent.warn(c, text))
}

// Blocks is the exit status by which every agent takes a hook's standard error for the reason to stop.
const Blocks = 2

func answer(v any) Answer {
	if v == nil {
		return Answer{}
	}
	return Answer{Stdout: append(encode(v), '\n')}
}
