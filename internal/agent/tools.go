package agent

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// fields are the names of the members of a tool's arguments. Tools are known by what they are given and not by their
// names: those of MCP servers write files and run commands too.
type fields struct {
	path    []string // of the file
	content []string // its whole text
	old     []string // a part of it, and what takes its place
	new     []string
	edits   []string // a list of such pairs
	command []string // of a shell
	patch   []string // a patch in the form of apply_patch
	cell    []string // the source of a notebook's cell
}

// arguments reads what a tool is given.
func (c *Call) arguments(raw json.RawMessage) {
	var text string
	if json.Unmarshal(raw, &text) == nil { // JSON in a string, or a patch
		if !json.Valid([]byte(text)) || !strings.HasPrefix(strings.TrimSpace(text), "{") {
			c.shell(text)
			return
		}
		raw = json.RawMessage(text)
	}
	var args event
	if json.Unmarshal(raw, &args) != nil {
		return
	}
	f := c.Agent.fields
	used := map[string]bool{}
	take := func(names []string) (string, bool) {
		for _, name := range names {
			var s string
			if v, ok := args[name]; ok && !used[name] && json.Unmarshal(v, &s) == nil {
				used[name] = true
				return s, true
			}
		}
		return "", false
	}
	if p := patchIn(args, f.patch); p != "" {
		used[p] = true
		c.shell(args.text(p))
	} else if name, ok := take(f.path); ok {
		c.writes(name, args, take, used)
	}
	if command, ok := take(f.command); ok {
		c.shell(command)
	}
	for name := range used {
		delete(args, name)
	}
	if rest, err := json.Marshal(args); err == nil && len(args) > 0 {
		c.Texts = append(c.Texts, Text{"arguments.json", string(rest)})
	}
}

// patchIn is the name of the member that holds a patch, "" where none does.
func patchIn(args event, names []string) string {
	for _, name := range names {
		if strings.Contains(args.text(name), beginPatch) {
			return name
		}
	}
	return ""
}

// writes reads what becomes of the file name.
func (c *Call) writes(name string, args event, take func([]string) (string, bool), used map[string]bool) {
	f := c.Agent.fields
	if text, ok := take(f.content); ok {
		c.Writes = append(c.Writes, Write{name, func([]byte) []byte { return []byte(text) }})
		return
	}
	if text, ok := take(f.cell); ok {
		c.Writes = append(c.Writes, Write{name, func([]byte) []byte { return notebook(text) }})
		return
	}
	var list []edit
	if old, hasOld := take(f.old); hasOld || slices.ContainsFunc(f.new, func(n string) bool { return args[n] != nil }) {
		text, _ := take(f.new)
		list = append(list, edit{old, text, everywhere(args)})
	}
	for _, member := range f.edits {
		var items []event
		if json.Unmarshal(args[member], &items) != nil {
			continue
		}
		used[member] = true
		for _, item := range items {
			list = append(list, edit{item.text(f.old...), item.text(f.new...), everywhere(item)})
		}
	}
	if len(list) > 0 {
		c.Writes = append(c.Writes, Write{name, func(before []byte) []byte {
			for _, e := range list {
				before = e.apply(before)
			}
			return before
		}})
	}
}

// everywhere reports whether arguments say that each of several places is meant.
func everywhere(args event) bool {
	var yes bool
	var n float64
	_ = json.Unmarshal(args.first("replace_all", "replaceAll", "allow_multiple"), &yes)
	_ = json.Unmarshal(args.first("expected_replacements"), &n)
	return yes || n > 1
}

// notebook is a notebook of one cell.
func notebook(source string) []byte {
	return encode(object{"nbformat": 4, "nbformat_minor": 5, "metadata": object{},
		"cells": []object{{"cell_type": "code", "metadata": object{}, "outputs": []any{}, "source": source}}})
}

// shell reads the command of a shell, and the patch in it.
func (c *Call) shell(command string) {
	for {
		start := strings.Index(command, beginPatch)
		if start < 0 {
			break
		}
		text := command[start:]
		rest := ""
		if end := strings.Index(text, endPatch); end >= 0 {
			text, rest = text[:end], text[end+len(endPatch):]
		}
		c.Writes = append(c.Writes, patches(text)...)
		command = command[:start] + rest
	}
	if strings.TrimSpace(command) != "" {
		c.Texts = append(c.Texts, Text{"command.sh", command})
	}
}

// pathRead is the file or folder that a tool was given to look at, "" where it was given none or runs a command.
func pathRead(raw json.RawMessage, f fields) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		raw = json.RawMessage(text)
	}
	var args event
	if json.Unmarshal(raw, &args) != nil || args.text(f.command...) != "" {
		return ""
	}
	return args.text(f.path...)
}

// An edit is a part of a text and what takes its place.
type edit struct {
	old, new string
	all      bool
}

// apply is the text after the edit. Where the old part is not there, as agents see through white space, the new one is
// added at the end: what it holds is judged in the file all the same.
func (e edit) apply(before []byte) []byte {
	old := []byte(e.old)
	switch {
	case e.old != "" && e.all && bytes.Contains(before, old):
		return bytes.ReplaceAll(before, old, []byte(e.new))
	case e.old != "" && bytes.Contains(before, old):
		return bytes.Replace(before, old, []byte(e.new), 1)
	case len(before) == 0:
		return []byte(e.new)
	}
	return slices.Concat(before, []byte("\n"), []byte(e.new))
}
