package policy

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// marker begins an inline directive. It stands in a comment of any syntax, behind the token or alone on the line above:
//
//	unleaked:ignore RULE[,RULE...] REASON
const marker = "unleaked:ignore"

// maxDirectives bounds what one text can make us remember.
const maxDirectives = 10_000

// A Directive is one "unleaked:ignore" of a text, with the line that it speaks of.
type Directive struct {
	file    string
	blob    string // the object that holds the text, "" outside history: another version of the file is another text
	line    int    // of the marker, from 1
	covers  int    // the line whose findings it accepts
	rules   []rules.RuleID
	reason  string
	problem string // why it is not honoured, "" if it is
	// standing are the rules of all that stands on that line, listed or not, new or not.
	standing []rules.RuleID
	meant    bool // its mistake is one of somebody who meant a rule
}

// A Text is a text that may have directives in it.
type Text struct {
	File string // as findings name it
	Blob string // the object that holds it, "" outside history
	Text []byte
	Line func(offset int) int // the line of a byte of Text, from 1
}

// Directives returns the directives of a text, nil where it has none. It costs one search where there are none.
func Directives(v Text) []Directive {
	if !bytes.Contains(v.Text, []byte(marker)) {
		return nil
	}
	var found []Directive
	text := v.Text
	for at := 0; len(found) < maxDirectives; {
		i := bytes.Index(text[at:], []byte(marker))
		if i < 0 {
			break
		}
		start := at + i
		at = start + len(marker)
		lineStart := 1 + bytes.LastIndexAny(text[max(0, start-maxComment):start], "\n\r") + max(0, start-maxComment)
		lineEnd := len(text)
		if n := bytes.IndexAny(text[at:min(len(text), at+maxComment)], "\n\r"); n >= 0 {
			lineEnd = at + n
		} else {
			lineEnd = min(lineEnd, at+maxComment)
		}
		if !bounded(text, start, at) {
			continue
		}
		d := parseDirective(string(text[at:lineEnd]))
		d.file, d.blob = v.File, v.Blob
		d.line = v.Line(start)
		d.covers = d.line
		if alone(text[lineStart:start]) {
			d.covers = v.Line(nextLine(text, lineEnd))
		}
		found = append(found, d)
	}
	return found
}

// maxComment is how far around the marker a line is read: a minified text is one line, and must not be read again and
// again.
const maxComment = 1 << 10

// bounded reports whether the marker is a word of its own: "unleaked:ignored" and "xunleaked:ignore" are none.
func bounded(text []byte, start, end int) bool {
	if start > 0 {
		if r, _ := utf8.DecodeLastRune(text[:start]); unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' ||
			r == '-' {
			return false
		}
	}
	if end < len(text) {
		if r, _ := utf8.DecodeRune(text[end:]); unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '-' {
			return false
		}
	}
	return true
}

// alone reports whether nothing but a comment's opening stands before the marker on its line. The directive speaks of
// the next line then; behind other text it speaks of its own line only.
func alone(before []byte) bool {
	word := strings.TrimFunc(string(before), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	switch strings.ToLower(word) {
	case "", "rem", "dnl", "comment":
		return true
	}
	return false
}

// nextLine is the offset at which the line behind end begins, or that of the text's last byte.
func nextLine(text []byte, end int) int {
	i := bytes.IndexAny(text[end:], "\n\r")
	if i < 0 {
		return max(0, len(text)-1)
	}
	i += end
	if text[i] == '\r' && i+1 < len(text) && text[i+1] == '\n' {
		i++
	}
	return min(i+1, max(0, len(text)-1))
}

// parseDirective reads what follows the marker on its line.
func parseDirective(rest string) Directive {
	rest = trimCommentEnd(strings.TrimSpace(strings.ToValidUTF8(rest, "\uFFFD")))
	list := rest
	// Rules are separated by commas, blanks behind a comma allowed; the first word that is not part of that list begins
	// the reason.
	var d Directive
	for {
		list = strings.TrimLeft(list, " \t")
		word := list
		if i := strings.IndexAny(list, ", \t"); i >= 0 {
			word = list[:i]
		}
		if word == "" {
			break
		}
		id := rules.RuleID(word)
		if _, ok := rules.Lookup(id); !ok {
			if d.rules == nil || looksLikeRule(word) {
				d.problem = "names no known rule"
				if looksLikeRule(word) {
					d.meant = true
					d.problem = fmt.Sprintf("names %q, which is no rule", word)
				}
				return d
			}
			break
		}
		d.rules = append(d.rules, id)
		list = list[len(word):]
		trimmed := strings.TrimLeft(list, " \t")
		if !strings.HasPrefix(trimmed, ",") {
			break
		}
		list = trimmed[1:]
	}
	d.reason = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(list), "-:—–"))
	if len(d.rules) == 0 {
		d.problem = "names no rule"
	} else if !isReason(d.reason) {
		d.problem = "has no reason behind the rule"
	}
	return d
}

// looksLikeRule reports whether a word is written as rules are; only such a word is repeated in a notice.
func looksLikeRule(word string) bool {
	return len(word) <= 40 && strings.Contains(word, "-") && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz-") == ""
}

// isReason reports whether somebody has written something.
func isReason(s string) bool { return hasWord(s) && s != finding.NoReason }

func hasWord(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// commentEnds close the comments in which a directive may stand, and the strings of formats without comments.
var commentEnds = []string{"-->", "--%>", "%>", "*/}", "*/", "#}", "--}}", "}}", "-}", "*)", "|#", "=#", "\"\"\"", "'''", "\",", "\"", "',", "'", "`"}

func trimCommentEnd(s string) string {
	for again := true; again; {
		again = false
		for _, end := range commentEnds {
			if t, ok := strings.CutSuffix(s, end); ok {
				s, again = strings.TrimSpace(t), true
			}
		}
	}
	return s
}

// An inlineIndex finds the directive of a finding, and remembers which ones were used.
type inlineIndex struct {
	all    []Directive
	used   []bool
	missed [][]rules.RuleID // rules of findings on the covered line that the directive did not accept
	byLine map[inlineKey][]int
}

type inlineKey struct {
	file, blob string
	line       int
}

func newInlineIndex(all []Directive) *inlineIndex {
	x := &inlineIndex{all: all, used: make([]bool, len(all)), missed: make([][]rules.RuleID, len(all)), byLine: map[inlineKey][]int{}}
	for i, d := range all {
		k := inlineKey{d.file, d.blob, d.covers}
		x.byLine[k] = append(x.byLine[k], i)
	}
	return x
}

func (x *inlineIndex) match(f *finding.Finding) *finding.Suppression {
	k := inlineKey{file: f.File, line: f.Line}
	if f.Git != nil {
		k.blob = f.Git.Blob
	}
	var accepted *finding.Suppression
	for _, i := range x.byLine[k] {
		d := &x.all[i]
		switch {
		case d.problem != "" || !slices.Contains(d.rules, f.Rule):
			x.missed[i] = append(x.missed[i], f.Rule)
		case accepted == nil:
			x.used[i] = true
			accepted = &finding.Suppression{By: "inline", Where: where(d.file, d.line), Reason: d.reason}
		}
	}
	return accepted
}

// notices tell of directives that did nothing. One with a mistake in it is told where a finding stands, elsewhere only
// where it names something that is written as rules are: the rest is text about directives.
func (x *inlineIndex) notices(partial bool) []finding.Place {
	var out []finding.Place
	seen := map[finding.Place]bool{} // the same text may stand in many versions of a file
	for i, d := range x.all {
		var text string
		switch {
		case x.used[i]:
			continue
		case d.problem != "" && len(x.missed[i]) > 0:
			text = marker + " is not honoured: it " + d.problem + "; write " + marker + " RULE REASON"
		case d.problem != "" && !d.meant:
			continue
		case d.problem != "":
			text = marker + " " + d.problem + "; write " + marker + " RULE REASON"
		case len(x.missed[i]) > 0:
			text = fmt.Sprintf("%s names %s, but the finding there is %s", marker, ruleList(d.rules), ruleList(x.missed[i]))
		case len(d.standing) > 0 && (partial || slices.ContainsFunc(d.standing, func(r rules.RuleID) bool {
			return slices.Contains(d.rules, r)
		})):
			// What it accepts is not listed, or not new; a part of the files may also not tell how bad it is.
			continue
		default:
			text = fmt.Sprintf("%s of %s is not used: there is no such finding on line %d", marker, ruleList(d.rules), d.covers)
		}
		p := finding.Place{File: d.file, Line: d.line, Text: text}
		if !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	return out
}

// unlisted reports whether findings of a rule are left out unless they are asked for.
func unlisted(id rules.RuleID) bool {
	r, ok := rules.Lookup(id)
	return ok && r.Severity == rules.Info
}

// Mark tells every directive what stands on its line, before anything is left out for being public or known.
func Mark(lists [][]Directive, all []finding.Finding) {
	at := map[inlineKey][]*Directive{}
	for _, list := range lists {
		for j := range list {
			d := &list[j]
			k := inlineKey{d.file, d.blob, d.covers}
			at[k] = append(at[k], d)
		}
	}
	if len(at) == 0 {
		return
	}
	for i := range all {
		f := &all[i]
		k := inlineKey{file: f.File, line: f.Line}
		if f.Git != nil {
			k.blob = f.Git.Blob
		}
		for _, d := range at[k] {
			d.standing = append(d.standing, f.Rule)
		}
	}
}
