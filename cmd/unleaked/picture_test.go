package main

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// The picture of a terminal: what the program prints there, with its colours, as an SVG.
const (
	pictureColumns = 100
	cellWidth      = 8.4 // of a character of 14 px in the fonts named below
	lineHeight     = 19
	pictureMargin  = 18
)

// pictureColours are the colours of what the palette asks a terminal for.
var pictureColours = map[string]string{
	"31": "#f47067", "33": "#e0a458", "34": "#6cb6ff", "32": "#7ee787", "36": "#56d4dd", "91": "#ff7b72",
}

var escapes = regexp.MustCompile("\x1b\\[([0-9;]*)m")

// picture draws a command and what it prints.
func picture(command, printed string) string {
	lines := strings.Split(strings.TrimRight(printed, "\n"), "\n")
	width := int(pictureColumns*cellWidth) + 2*pictureMargin
	height := (len(lines)+1)*lineHeight + 2*pictureMargin
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" `+
		`aria-label="What unleaked prints in a terminal">`+"\n", width, height, width, height)
	b.WriteString(`<rect width="100%" height="100%" rx="8" fill="#1c2128"/>` + "\n")
	b.WriteString(`<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" ` +
		`fill="#d0d7de">` + "\n")
	pictureLine(&b, 0, "\x1b[32m$\x1b[0m "+command)
	for i, l := range lines {
		pictureLine(&b, i+1, l)
	}
	b.WriteString("</g>\n</svg>\n")
	return b.String()
}

// pictureLine draws one line: a run of characters in one colour is one text, at its column, whatever the font.
func pictureLine(b *strings.Builder, row int, line string) {
	column, style := 0, ""
	put := func(text string) {
		trimmed := strings.TrimLeft(text, " ")
		column += len(text) - len(trimmed)
		if trimmed = strings.TrimRight(trimmed, " "); trimmed != "" {
			n := utf8.RuneCountInString(trimmed)
			fmt.Fprintf(b, `<text x="%.1f" y="%d" textLength="%.1f"%s xml:space="preserve">%s</text>`+"\n",
				pictureMargin+float64(column)*cellWidth, pictureMargin+(row+1)*lineHeight-5, float64(n)*cellWidth, style,
				html.EscapeString(trimmed))
		}
		column += utf8.RuneCountInString(strings.TrimLeft(text, " "))
	}
	at := 0
	for _, m := range escapes.FindAllStringSubmatchIndex(line, -1) {
		put(line[at:m[0]])
		at, style = m[1], ""
		for _, code := range strings.Split(line[m[2]:m[3]], ";") {
			switch {
			case code == "1":
				style += ` font-weight="bold"`
			case code == "2":
				style += ` fill-opacity="0.62"`
			case pictureColours[code] != "":
				style += ` fill="` + pictureColours[code] + `"`
			}
		}
	}
	put(line[at:])
}

func TestPicture(t *testing.T) {
	got := picture("x", "a \x1b[1;91mb<c\x1b[0m  d\n")
	for _, want := range []string{
		`>a</text>`, ` font-weight="bold" fill="#ff7b72" xml:space="preserve">b&lt;c</text>`, `<text x="76.8" y="51"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}
