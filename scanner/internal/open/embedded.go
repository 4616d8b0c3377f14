package open

import (
	"bytes"
	"path"
	"strconv"
	"strings"
)

// A part is a file that another one holds as JSON strings: a source of a source map, the code of a notebook.
type part struct {
	path  string // View.InnerPath
	texts []span // the strings that make it up, inside their quotes
}

// embeddedFactor is how many times larger than others a source map or a notebook may be to be held whole: what is in it
// is worth little when it is cut.
const embeddedFactor = 6

// mayEmbed reports whether a file of this name may hold others.
func mayEmbed(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".map" || ext == ".ipynb"
}

// embedded finds the files in a source map or a notebook; nil in anything else. It reads JSON only as far as it has to,
// and takes what it can of broken text.
func embedded(name string, text []byte) []part {
	switch base := path.Base(name); strings.ToLower(path.Ext(base)) {
	case ".map":
		if bytes.Contains(text, []byte(`"sourcesContent"`)) {
			return sourcesOf(name, text)
		}
	case ".ipynb":
		if bytes.Contains(text, []byte(`"cells"`)) {
			return codeOf(name, text)
		}
	}
	return nil
}

// sourcesOf finds the sources of a source map, those of its sections included.
func sourcesOf(name string, text []byte) []part {
	var parts []part
	var sources, contents []span
	r := jsonReader{text: text}
	r.each(func(key string, depth int) bool {
		switch key {
		case "sources":
			sources = r.strings()
		case "sourcesContent":
			contents = r.strings()
		default:
			return false
		}
		if len(sources) > 0 && len(contents) > 0 {
			for i, c := range contents {
				inner := name + "/" + strconv.Itoa(i)
				if i < len(sources) {
					if s := unquoteJSON(nil, text[sources[i].start:sources[i].end], nil); len(s) > 0 {
						inner = sourcePath(name, string(s))
					}
				}
				if c.start < c.end {
					parts = append(parts, part{inner, []span{c}})
				}
			}
			sources, contents = nil, nil
		}
		return true
	})
	return parts
}

// sourcePath is the path of a source as a build tool wrote it: "webpack:///./src/a.ts?1f2e", "../../src/a.ts".
func sourcePath(name, source string) string {
	if _, rest, ok := strings.Cut(source, "://"); ok {
		source = strings.TrimLeft(rest, "/")
	} else {
		source = path.Join(path.Dir(name), source)
	}
	if i := strings.IndexByte(source, '?'); i > 0 {
		source = source[:i]
	}
	return strings.TrimPrefix(source, "./")
}

// codeOf finds the code of a notebook: its code cells one after the other, for what one imports the next ones use.
func codeOf(name string, text []byte) []part {
	ext := ".py"
	var code, source []span
	kind := ""
	cell := 0 // depth of the cells' keys
	flush := func() {
		if kind == "code" {
			code = append(code, source...)
		}
		kind, source = "", nil
	}
	r := jsonReader{text: text}
	r.each(func(key string, depth int) bool {
		switch {
		case key == "cells" && cell == 0:
			cell = depth + 1
			r.onOpen = func(depth int) {
				if depth == cell {
					flush()
				}
			}
		case key == "cell_type" && depth == cell:
			kind = r.text1()
			return true
		case key == "source" && depth == cell:
			source = r.strings()
			return true
		case key == "language" || key == "file_extension":
			if e := languageExt(strings.ToLower(r.text1())); e != "" {
				ext = e
			}
			return true
		}
		return false
	})
	flush()
	if len(code) == 0 {
		return nil
	}
	return []part{{strings.TrimSuffix(name, path.Ext(name)) + ext, code}}
}

func languageExt(name string) string {
	switch name {
	case "python":
		return ".py"
	case "r", ".r":
		return ".r"
	case "julia", ".jl":
		return ".jl"
	case "scala":
		return ".scala"
	case "javascript", ".js":
		return ".js"
	case "typescript", ".ts":
		return ".ts"
	case "ruby", ".rb":
		return ".rb"
	case "go", ".go":
		return ".go"
	case "kotlin", ".kt":
		return ".kt"
	case "java":
		return ".java"
	case "c#", ".cs":
		return ".cs"
	case "f#":
		return ".fs"
	case "rust", ".rs":
		return ".rs"
	case "bash", ".sh":
		return ".sh"
	case "php":
		return ".php"
	case "powershell":
		return ".ps1"
	}
	return ""
}

// embedded reads the files in text as texts of their own, and the rest of it as it is. Findings stand where the strings
// stand.
func (o *Opener) embedded(m member, text []byte, parts []part) {
	outer := newPositions(text, top)
	rest := bytes.Clone(text)
	for _, p := range parts {
		var inner []byte
		var jumps []jump
		for _, s := range p.texts {
			inner = unquoteJSON(inner, text[s.start:s.end],
				func(at, from int) { jumps = append(jumps, jump{at, s.start + from}) })
			blank(rest[s.start:s.end])
		}
		v := o.newView(m, inner, outer)
		v.InnerPath = p.path
		v.Layers = with(v.Layers, "json")
		v.jumps = jumps
		o.view(v)
	}
	o.view(o.newView(m, rest, outer))
}

// blank takes a text out of another one without moving what is behind it.
func blank(text []byte) {
	for i := range text {
		text[i] = ' '
	}
}

// A jump says that the decoded text from offset at on stands in the encoded one from offset from on, byte for byte, up
// to the next jump.
type jump struct{ at, from int }

// origin is the offset in the encoded text of a byte of the decoded one.
func origin(jumps []jump, offset int) int {
	low, high := 0, len(jumps)
	for low < high {
		mid := (low + high) / 2
		if jumps[mid].at <= offset {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low == 0 {
		return offset
	}
	j := jumps[low-1]
	return j.from + offset - j.at
}
