package syntax

import (
	"path"
	"strings"
)

// langOf says what a text is written in: by its name, else by its first line, else by how its lines look. "" where
// nothing tells.
func langOf(name, text string) string {
	if l := langOfName(name); l != "" {
		return langByContent(l, text)
	}
	if strings.HasPrefix(text, "#!") {
		if l := shebang(text); l != "" {
			return l
		}
	}
	return sniff(text)
}

// langByContent corrects what a name says where the same ending serves several formats.
func langByContent(lang, text string) string {
	l := languageOf(lang)
	if l == nil || l.really == nil {
		return lang
	}
	return l.really(strings.TrimLeft(strings.TrimPrefix(text[:min(len(text), 4096)], "\ufeff"), " \t\r\n"), text)
}

// langOfName says what a file's name tells of its language; "" where it tells nothing. "txt" and "template" say that
// the name leaves it to the content.
func langOfName(name string) string {
	base := strings.ToLower(path.Base(strings.ReplaceAll(name, "\\", "/")))
	// Copies and templates of files: unleash.env.j2, values.yaml.tpl, nginx.conf.template, config.json.example.
	for of, n := base, 0; n < 3; n++ {
		ext := path.Ext(of)
		if !isCopyExt(ext) {
			break
		}
		of = strings.TrimSuffix(of, ext)
		if l := langOfBase(of); l != "" && l != "template" && l != "txt" {
			return l
		}
	}
	return langOfBase(base)
}

func isCopyExt(ext string) bool {
	switch ext {
	case ".example", ".sample", ".template", ".tpl", ".tmpl", ".dist", ".j2", ".jinja", ".jinja2", ".erb", ".gotmpl",
		".bak",
		".old", ".orig", ".backup", ".save", ".tftpl", ".in", ".mustache", ".hbs", ".ejs", ".local", ".default",
		".redacted",
		".copy", ".swp", ".disabled", ".ctmpl", ".enc", ".dec", ".tmp", ".1", ".2", ".new":
		return true
	}
	return false
}

func langOfBase(base string) string {
	if l := langOfFile(base); l != "" {
		return l
	}
	for _, l := range known.byNamed {
		if l.named(base) {
			return l.name
		}
	}
	ext := path.Ext(base)
	l := langOfEnding(ext)
	if ext == base && codeOf(l) != nil { // .properties and .toml are names, .py is none
		return ""
	}
	return l
}

// shebang says which language a first line names.
func shebang(text string) string {
	line := text[:lineEnd(text, 0)]
	for _, f := range strings.Fields(strings.TrimPrefix(line, "#!")) {
		f = f[strings.LastIndexByte(f, '/')+1:]
		if f == "env" || strings.HasPrefix(f, "-") || strings.Contains(f, "=") {
			continue
		}
		f = strings.TrimRight(f, "0123456789.")
		return langOfProgram(f)
	}
	return ""
}

// sniff says what a text without a telling name looks like; "" where it looks like nothing that is known.
func sniff(text string) string {
	head := strings.TrimPrefix(text[:min(len(text), 1<<14)], "\ufeff")
	head = strings.TrimLeft(head, " \t\r\n")
	switch {
	case head == "":
		return ""
	case strings.HasPrefix(head, "#!"):
		return shebang(head)
	case strings.HasPrefix(head, "<?xml"), strings.HasPrefix(head, "<!DOCTYPE plist"), strings.HasPrefix(head,
		"<plist"):
		return "xml"
	case strings.HasPrefix(head, "<!"), hasPrefixFold(head, "<html"), hasPrefixFold(head, "<div"),
		hasPrefixFold(head, "<script"):
		return "html"
	case strings.HasPrefix(head, "<?php"):
		return "php"
	case strings.HasPrefix(head, "<") && strings.Contains(head, "</"):
		return "xml"
	case strings.HasPrefix(head, "---\n"), strings.HasPrefix(head, "apiVersion:"), strings.HasPrefix(head, "%YAML"):
		return "yaml"
	case strings.HasPrefix(head, "diff --git "), strings.HasPrefix(head, "--- a/"), strings.HasPrefix(head, "Index: "),
		strings.HasPrefix(head, "From ") && strings.Contains(head, "\ndiff --git "), strings.HasPrefix(head,
			"commit ") && strings.Contains(head, "\ndiff --git "):
		return "diff"
	case strings.HasPrefix(head, "-----BEGIN "):
		return "prose"
	case head[0] == '{' && strings.IndexByte(head, '"') > 0 && !strings.HasPrefix(head, "{{"):
		return "json"
	case head[0] == '[' && strings.HasPrefix(strings.TrimLeft(head[1:], " \t\r\n"), `"`), head[0] == '[' &&
		strings.HasPrefix(strings.TrimLeft(head[1:], " \t\r\n"), "{"):
		return "json"
	case isRequestLine(firstLine(head)), strings.HasPrefix(head, "HTTP/1."), strings.HasPrefix(head, "HTTP/2"):
		return "http"
	}
	return sniffLines(head)
}

func firstLine(s string) string { return strings.TrimRight(s[:lineEnd(s, 0)], "\r") }

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// sniffLines judges by how many lines look like what.
func sniffLines(text string) string {
	var lines, env, props, colons, indented, commands, sections, code, comments int
	for i, n := 0, 0; i < len(text) && n < 200; n++ {
		e := lineEnd(text, i)
		k, stop := trimLine(text, i, e)
		at := i
		i = e + 1
		if k >= stop {
			continue
		}
		line := text[k:stop]
		if line[0] == '#' {
			comments++
			continue
		}
		lines++
		if isRequestLine(line) || requestIn(line) >= 0 || isPseudoHeader(line) {
			return "http"
		}
		if line[0] == '[' && line[len(line)-1] == ']' && strings.IndexByte(line, '"') < 0 && len(line) > 2 {
			sections++
			continue
		}
		rest := strings.TrimPrefix(line, "export ")
		m := nameEnd(rest, 0)
		if m > 0 && m < len(rest) && rest[m] == '=' && !strings.HasSuffix(line, ";") && !strings.HasSuffix(line, "{") {
			if isUpperName(rest[:m]) {
				env++
			} else {
				props++
			}
			continue
		}
		item := strings.TrimPrefix(line, "- ")
		m = 0
		for m < len(item) && (isNameByte(item[m]) || strings.IndexByte(".-/\"'", item[m]) >= 0) {
			m++
		}
		switch {
		case m > 0 && m < len(item) && item[m] == ':' && (m+1 == len(item) || item[m+1] == ' ') &&
			!strings.HasSuffix(line, ",") && !strings.HasSuffix(line, ";"):
			colons++
			if k > at || m+1 == len(item) || item != line {
				indented++
			}
		case item != line && len(line) > 2:
			indented++
		case strings.HasPrefix(line, "curl "), strings.HasPrefix(line, "docker "), strings.HasPrefix(line, "kubectl "),
			strings.HasPrefix(line, "$ "),
			strings.HasPrefix(line, "echo "), strings.HasPrefix(line, "export "), strings.HasPrefix(line, "npm "),
			strings.HasPrefix(line, "sudo "),
			strings.HasPrefix(line, "helm "), strings.HasPrefix(line, "cd "), strings.HasPrefix(line, "set -"):
			commands++
		case strings.HasSuffix(line, ";"), strings.HasSuffix(line, "{"), line == "}", strings.HasPrefix(line,
			"import "), strings.HasPrefix(line, "const "):
			code++
		}
	}
	switch {
	case lines == 0:
		if comments > 0 {
			return "dotenv"
		}
		return ""
	case strings.HasPrefix(text, "$ ") || strings.Contains(text, "\n$ "):
		return "console"
	case sections > 0 && env+props > 0 && code == 0:
		return "ini"
	case commands > 0 && commands+env+props >= lines/3:
		return "shell"
	case env+props > 0 && (env+props)*2 >= lines && code == 0:
		return "dotenv"
	case colons >= 2 && colons+indented >= lines*2/3 && indented > 0 && code == 0:
		return "yaml"
	}
	return ""
}

// isRequestLine says that a line asks for something by HTTP: GET /path, POST https://host/path HTTP/1.1.
func isRequestLine(line string) bool {
	line = strings.TrimLeft(line, "> ")
	method, rest, ok := strings.Cut(line, " ")
	if !ok || !isMethod(method) {
		return false
	}
	rest = strings.TrimLeft(rest, " ")
	return strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, "http") || strings.HasPrefix(rest, "{{")
}

// requestIn is where in a line a request begins that a capture shows behind words of its own (10.4.2.17:51514: GET
// https://host/path HTTP/1.1), -1 where there is none.
func requestIn(line string) int {
	line = strings.TrimSuffix(strings.TrimRight(line, " \t\r"), `\r\n`)
	h := strings.LastIndex(line, " HTTP/")
	if h < 0 || strings.Trim(line[h+len(" HTTP/"):], "0123456789.") != "" {
		return -1
	}
	for i, n := 0, 0; i < h && n < 32; n++ {
		end := nextBlank(line, i, h)
		k := end
		for k > i && line[k-1] >= 'A' && line[k-1] <= 'Z' {
			k-- // what a dump of packets shows before the method is no word of its own
		}
		if isMethod(line[k:end]) && isRequestLine(line[k:]) {
			return k
		}
		for i = end; i < h && isSpace(line[i]); i++ {
		}
	}
	return -1
}

// isPseudoHeader says that a line is one that only HTTP/2 has: :path: /x, in brackets of a trace or not.
func isPseudoHeader(line string) bool {
	for _, name := range [...]string{":method: ", ":path: /", ":authority: ", ":scheme: http", ":status: "} {
		i := strings.Index(line, name)
		if i == 0 || i > 0 && (line[i-1] == '[' || line[i-1] == ' ') {
			return true
		}
	}
	return false
}

func isMethod(w string) bool {
	switch w {
	case "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "QUERY", "CONNECT":
		return true
	}
	return false
}

// guessCode guesses the language of a piece of code without a name: the quotes, brackets and words of JavaScript are
// those of most others.
func guessCode(text string) string {
	switch {
	case strings.Contains(text, "def ") && strings.Contains(text, ":\n"), strings.Contains(text, "import ") &&
		!strings.ContainsAny(text, ";{"):
		return "python"
	case strings.Contains(text, "package main"), strings.Contains(text, ":= "), strings.Contains(text, "func "):
		return "go"
	case strings.Contains(text, "=> {"), strings.Contains(text, "const "), strings.Contains(text, "require("),
		strings.Contains(text, "import {"):
		return "typescript"
	case strings.Contains(text, "public class "), strings.Contains(text, "import io."), strings.Contains(text,
		"new ") && strings.Contains(text, ";"):
		return "java"
	case strings.Contains(text, "resource \""), strings.Contains(text, "provider \""):
		return "hcl"
	case strings.ContainsAny(text, "({") && strings.ContainsAny(text, `"'`):
		return "typescript"
	}
	return ""
}
