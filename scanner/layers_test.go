package scanner_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/scanner"
)

var (
	personal = token(77)
	scoped   = "default" + ":production." + strings.Repeat("0badf00", 8)
	several  = "[]" + ":staging." + strings.Repeat("c0ffee1", 8)
	scopedV2 = "*" + ":production.v2_" + strings.Repeat("aB3_-x", 4)[:22] + "_" + strings.Repeat("Zy9-_w", 8)[:43]
	longest  = strings.Repeat("p", 100) + ":" + strings.Repeat("e", 100) + "." + strings.Repeat("0badf00", 8)
	quoted   = "it's" + ":o'clock." + strings.Repeat("c0ffee1", 8)
	insecure = "default" + ":development.unleash-insecure-api-token"
)

func base64Lines(text string, width int, newline string) string {
	s := base64.StdEncoding.EncodeToString([]byte(text))
	var lines []string
	for len(s) > width {
		lines, s = append(lines, s[:width]), s[width:]
	}
	return strings.Join(append(lines, s), newline)
}

func utf16Text(order binary.ByteOrder, mark bool, text string) string {
	units := utf16.Encode([]rune(text))
	if mark {
		units = append([]uint16{0xfeff}, units...)
	}
	var b bytes.Buffer
	for _, u := range units {
		if err := binary.Write(&b, order, u); err != nil {
			panic(err)
		}
	}
	return b.String()
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

func quoteJSON(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(b[1 : len(b)-1])
}

func finds(t *testing.T, name, text string) []finding.Finding {
	t.Helper()
	res, err := scanner.Scan(context.Background(), oneBlob{blob: scanner.Blob{Path: name, Text: []byte(text)}},
		scanner.Options{Public: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range res.Coverage.Skipped {
		t.Errorf("%s was not read: %s", s.What, s.Why)
	}
	return res.Findings
}

// oneBlob is a source of one blob.
type oneBlob struct{ blob scanner.Blob }

func (o oneBlob) Scan(_ context.Context, in *scanner.Intake) error {
	in.Blob(o.blob)
	return nil
}

// TestLayers wraps tokens in everything that they are found in, and wants each once, at the first byte of what encodes
// it.
func TestLayers(t *testing.T) {
	std, raw := base64.StdEncoding, base64.RawURLEncoding
	escape := func(old, new string) func(string) string {
		return func(s string) string { return strings.ReplaceAll(s, old, new) }
	}
	each := func(format string) func(string) string {
		return func(s string) (out string) {
			for _, c := range []byte(s) {
				out += fmt.Sprintf(format, c)
			}
			return out
		}
	}
	rows := []struct {
		name   string
		before string // the text before what encodes the token
		encode func(string) string
		after  string
		layers string
		only   []string // the tokens to try; nil is all
	}{
		{"plain", "a ", func(s string) string { return s }, " b", "", nil},
		{"plain, nothing around", "", func(s string) string { return s }, "", "", nil},
		{"JSON", `{"a":"b\n`, func(s string) string { return s }, `\n"}`, "", nil},
		{"percent", "GET /?x=", url.QueryEscape, " HTTP/1.1", "percent", []string{personal, scoped, several, insecure}},
		{"percent, the longest names", "GET /?token=", url.QueryEscape, " HTTP/1.1", "percent", []string{longest}},
		{"percent twice, the longest names", "?next=",
			func(s string) string { return url.QueryEscape(url.QueryEscape(s)) }, "", "percent percent",
			[]string{longest}},
		{"JSON colon, the longest names", `"`, escape(":", `\u003a`), `"`, "backslash", []string{longest}},
		{"underscores in Markdown", "The Unleash token is ", escape("_", `\_`), ".", "backslash", []string{scopedV2}},
		{"underscores in HTML", "<td>unleash</td><td>", escape("_", "&#95;"), "</td>", "html", []string{scopedV2}},
		{"apostrophes in SQL", "values (1,'", escape("'", "''"), "');", "quotes", []string{quoted}},
		{"apostrophes in YAML", "token: '", escape("'", "''"), "' # c", "quotes", []string{quoted}},
		{"apostrophes in CSV", "a,'Bearer ", escape("'", "''"), "',b", "quotes", []string{quoted}},
		{"percent in lower case", "/", escape(":", "%3a"), "", "percent", nil},
		{"percent twice", "?next=", func(s string) string { return url.QueryEscape(url.QueryEscape(s)) }, "",
			"percent percent", []string{personal, scoped, several, insecure}},
		{"JSON colon", `"`, escape(":", `\u003a`), `"`, "backslash", nil},
		{"JSON colon in JSON", `"{\"a\":\"`, escape(":", `\\u003a`), `\"}"`, "backslash backslash", nil},
		{"JavaScript", `'`, escape(":", `\x3a`), `'`, "backslash", nil},
		{"code point", `'`, escape(":", `\u{3a}`), `'`, "backslash", nil},
		{"octal", `'`, escape(":", `\072`), `'`, "backslash", nil},
		{"properties", "unleash.token=", escape(":", `\:`), "\n", "backslash", nil},
		{"HTML", "<td>", escape(":", "&#58;"), "</td>", "html", nil},
		{"HTML in hexadecimal", "<td>", escape(":", "&#x3A;"), "</td>", "html", nil},
		{"HTML by name", "<td>", escape(":", "&colon;"), "</td>", "html", nil},
		{"HTML star", "<td>", escape("*", "&ast;"), "</td>", "html", []string{scopedV2}},
		{"HTML of percent", "<a href='/?x=", func(s string) string { return html.EscapeString(escape(":", "%3A")(s)) },
			"'>", "percent", nil},
		{"quoted-printable", "Token: ", escape(":", "=3A"), "\n", "quoted-printable", nil},
		{"Base64", "token: ", func(s string) string { return std.EncodeToString([]byte(s)) }, "\n", "base64", nil},
		{"Base64 of a line", "token: ", func(s string) string { return std.EncodeToString([]byte(s + "\n")) }, "\n",
			"base64", nil},
		{"Base64 without padding", `"`, func(s string) string { return base64.RawStdEncoding.EncodeToString([]byte(s)) }, `"`, "base64", nil},
		{"Base64 for URLs", "?t=", func(s string) string { return raw.EncodeToString([]byte(s)) }, "&x=1", "base64",
			nil},
		{"Base64 twice", "", func(s string) string {
			return std.EncodeToString([]byte(std.EncodeToString([]byte(s))))
		}, "", "base64 base64", nil},
		{"Base64 three times", "", func(s string) string {
			return std.EncodeToString([]byte(std.EncodeToString([]byte(std.EncodeToString([]byte(s))))))
		}, "", "base64 base64 base64", nil},
		{"Base64 in lines", "x: |\n  ", func(s string) string { return base64Lines(s, 64, "\n  ") }, "\n", "base64",
			nil},
		{"Base64 in lines of 76 and CRLF", "\r\n", func(s string) string { return base64Lines(s, 76, "\r\n") }, "\r\n",
			"base64", nil},
		{"Base64 in lines in JSON", `{"a":"`, func(s string) string { return base64Lines(s, 60, `\n`) }, `"}`, "base64",
			nil},
		{"Base64 of percent", "a=", func(s string) string { return std.EncodeToString([]byte(url.QueryEscape(s))) }, "",
			"base64 percent", []string{personal, scoped, several}},
		{"Base64 of UTF-16", "powershell -e ", func(s string) string {
			return std.EncodeToString([]byte(utf16Text(binary.LittleEndian, false, s)))
		}, "", "base64 utf-16", nil},
		{"Base64 of gzip", "release: ", func(s string) string { return std.EncodeToString([]byte(gzipped(s))) }, "",
			"base64 gzip", []string{scopedV2}},
		{"Base64 of Base64 of gzip", "release: ", func(s string) string {
			return std.EncodeToString([]byte(std.EncodeToString([]byte(gzipped(s)))))
		}, "", "base64 base64 gzip", []string{scopedV2}},
		{"a data URI", "x='data:text/plain;base64,", func(s string) string { return std.EncodeToString([]byte(s)) },
			"'", "base64", nil},
		{"percent throughout", "?t=", each("%%%02x"), "&u=1", "percent", nil},
		{"HTML throughout", "<p>", each("&#%d;"), "</p>", "html", nil},
		{"HTML throughout, in hexadecimal", "<p>", each("&#x%X;"), "</p>", "html", nil},
		{"hexadecimal escapes throughout", "a ", each(`\x%02x`), " b", "backslash", nil},
		{"code units throughout", `"`, each(`\u%04x`), `"`, "backslash", []string{personal, longest}},
		{"octal escapes throughout", "printf ", each(`\%03o`), "", "backslash", nil},
		{"tags between the parts", "<p>It is <b>", func(s string) string {
			return strings.NewReplacer(":", "</b>:<b>", ".", "</b>.<code class='x'>").Replace(s)
		}, "</code></p>", "markup", []string{scoped, scopedV2}},
		{"runs of a document", "<w:t>", escape(".", `.</w:t></w:r><w:r w:rsidR="00A1"><w:rPr><w:b/></w:rPr><w:t>`),
			"</w:t>", "markup", []string{scoped, scopedV2}},
		{"a path before Base64", "a/b/", func(s string) string { return std.EncodeToString([]byte(s)) }, "", "base64",
			[]string{personal}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			tokens := row.only
			if tokens == nil {
				tokens = []string{personal, scoped, several, scopedV2, insecure}
			}
			for _, secret := range tokens {
				encoded := row.encode(secret)
				found := finds(t, "a.txt", "first\n"+row.before+encoded+row.after)
				if len(found) != 1 {
					t.Errorf("%.12s…: %d findings, want 1", secret, len(found))
					continue
				}
				f := found[0]
				if f.Secret.Reveal() != secret {
					t.Errorf("%.12s…: the text is another one: %v", secret, f.Secret)
				}
				before := "first\n" + row.before
				line := 1 + strings.Count(before, "\n")
				column := 1 + len(before) - 1 - strings.LastIndexByte(before, '\n')
				// What stands before a token in one run of digits is of the first digits that encode it.
				if f.Line != line || f.Column < column || f.Column > column+3 && row.name != "a path before Base64" {
					t.Errorf("%.12s…: at %d:%d, want %d:%d", secret, f.Line, f.Column, line, column)
				}
				if got := strings.Join(f.Layers, " "); got != row.layers {
					t.Errorf("%.12s…: layers %q, want %q", secret, got, row.layers)
				}
				for _, x := range f.Excerpt {
					if strings.Contains(x.Text, encoded) || strings.Contains(x.Text, secret[len(secret)-20:]) {
						t.Errorf("%.12s…: the excerpt shows it", secret)
					}
				}
			}
		})
	}
}

// TestLayersInner reads files in an encoded text: each credential stands at its own digits.
func TestLayersInner(t *testing.T) {
	text := "# settings\nA=1\nUNLEASH_PAT=" + personal + "\nB=" + scoped + "\n"
	found := finds(t, "secret.yaml", "data:\n  .env: "+base64.StdEncoding.EncodeToString([]byte(text))+"\n")
	if len(found) != 2 || found[0].Column >= found[1].Column {
		t.Fatalf("%d findings", len(found))
	}
	if found[0].Secret.Reveal() != personal || found[1].Secret.Reveal() != scoped {
		t.Error("other credentials, or in another order")
	}
}

// TestLayersNothing reads what looks like an encoded token and is none.
func TestLayersNothing(t *testing.T) {
	for _, text := range []string{
		"sha256%3A" + strings.Repeat("0badf00", 8),
		`C:\users\sha256\` + strings.Repeat("0badf00", 8),
		`cache\:deps\.` + strings.Repeat("0badf00d", 8),
		base64.StdEncoding.EncodeToString([]byte("user" + ":" + strings.Repeat("0badf00", 7))),
		base64.StdEncoding.EncodeToString([]byte(strings.Repeat("The quick brown fox. ", 50))),
		strings.Repeat("A", 10_000), strings.Repeat("%3A", 1000), strings.Repeat(`\u003a`, 1000),
		strings.Repeat("=", 1000),
	} {
		if found := finds(t, "a.txt", text); len(found) > 0 {
			t.Errorf("%.40q: %d findings", text, len(found))
		}
	}
}

// TestWideInBinary reads a program that holds its texts in UTF-16.
func TestWideInBinary(t *testing.T) {
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		for pad := range 130 {
			text := "MZ\x00\x01" + strings.Repeat("\xfe", 300+pad) + "\x11\x22" + utf16Text(order, false, personal) +
				"\x00\x00" + strings.Repeat("\x90", 200)
			found := finds(t, "a.dll", text)
			if len(found) != 1 || found[0].Secret.Reveal() != personal || !slices.Equal(found[0].Layers,
				[]string{"utf-16"}) {
				t.Errorf("%v, %d: %d findings", order, pad, len(found))
			}
		}
	}
}

// TestQuotedPrintable reads a message whose lines are broken within a token, wherever that is.
func TestQuotedPrintable(t *testing.T) {
	for at := 1; at < len(scoped); at++ {
		text := "Subject: x\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nT=C3=A9l: " + scoped[:at] + "=\r\n" +
			scoped[at:] + "\r\n" + several + "\r\n"
		found := finds(t, "a.txt", text)
		if len(found) != 2 || found[0].Secret.Reveal() != scoped || found[0].Line != 4 || found[0].Column != 11 ||
			found[1].Line != 6 || len(found[1].Layers) > 0 {
			t.Errorf("broken at %d: %d findings", at, len(found))
		}
	}
}

func TestUTF16(t *testing.T) {
	text := "één\r\n𝄞 x=" + personal + "\r\n"
	for _, row := range []struct {
		name  string
		order binary.ByteOrder
		mark  bool
	}{
		{"little-endian with mark", binary.LittleEndian, true},
		{"big-endian with mark", binary.BigEndian, true},
		{"little-endian", binary.LittleEndian, false},
		{"big-endian", binary.BigEndian, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			found := finds(t, "a.txt", utf16Text(row.order, row.mark, text))
			if len(found) != 1 {
				t.Fatalf("%d findings, want 1", len(found))
			}
			f := found[0]
			if f.Line != 2 || f.Column != 5 || f.UTF16Column != 6 || !slices.Equal(f.Layers, []string{"utf-16"}) {
				t.Errorf("at %d:%d (%d), layers %q", f.Line, f.Column, f.UTF16Column, f.Layers)
			}
		})
	}
}

func TestSourceMapAndNotebook(t *testing.T) {
	source := "import x from 'y';\n\tconst t = \"" + personal + "\"; // é \u2028 𝄞\n"
	sourceMap := "{\n \"version\":3,\n \"sources\":[\"webpack:///./src/a.ts\", \"../b.ts\"],\n \"sourcesContent\":[null,\n\"" + quoteJSON(source) + "\"],\n \"names\":[\"" + scoped + "\"]\n}"
	found := finds(t, "dist/a.js.map", sourceMap)
	if len(found) != 2 || found[0].Line != 5 || found[1].Line != 6 || found[0].File != "dist/a.js.map" {
		t.Fatalf("source map: %d findings", len(found))
	}
	if want := 1 + strings.Index(strings.Split(sourceMap, "\n")[4], "user"); found[0].Column != want {
		t.Errorf("source map: column %d, want %d", found[0].Column, want)
	}
	notebook := "{\"cells\":[\n{\"cell_type\":\"code\",\"outputs\":[{\"text\":[\"" + scoped +
		"\\n\"]}],\"source\":[\"import x\\n\",\n\"t = '" + personal + "'\"]},\n" +
		"{\"source\":\"" + several + "\",\"cell_type\":\"code\"},{\"cell_type\":\"markdown\",\"source\":[\"" +
		scopedV2 + "\"]}],\"metadata\":{\"kernelspec\":{\"language\":\"R\"}}}"
	found = finds(t, "n.ipynb", notebook)
	var got []string
	for _, f := range found {
		got = append(got, fmt.Sprintf("%d %s", f.Line, f.Secret.Reveal()))
	}
	same(t, "notebook", got, []string{"2 " + scoped, "3 " + personal, "4 " + several, "4 " + scopedV2})
}

// TestBroken reads what only begins as something that is opened.
func TestBroken(t *testing.T) {
	for _, name := range []string{"a.map", "a.ipynb"} {
		for _, text := range []string{"", "{", `{"sourcesContent":`, `{"sourcesContent":["`, `{"cells":[{"source":["\`,
			`{"cells":[{"cell_type":"code","source":["\u12`, `{"sources":[],"sourcesContent":[{}]}`} {
			finds(t, name, text+" \"sourcesContent\" \"cells\"")
		}
	}
}

// TestSeams puts a token at every place around the seams of a text that is read in windows.
func TestSeams(t *testing.T) {
	limits := scanner.Limits{Whole: 4 << 20}
	const window = 1 << 20
	filler := bytes.Repeat([]byte("lorem ipsum, "), 6<<20/13)
	for _, row := range []struct{ name, encoded string }{
		{"plain", scoped},
		{"percent", url.QueryEscape(several)},
		{"base64", base64.StdEncoding.EncodeToString([]byte(scopedV2))},
	} {
		t.Run(row.name, func(t *testing.T) {
			text := bytes.Clone(filler)
			var want []int
			// Different distances from the seams, and not in one another.
			for k, seam := 0, window; seam+1000 < len(text); k, seam = k+1, seam+window {
				at := seam - 150 + k*37
				copy(text[at:], " "+row.encoded+" ")
				want = append(want, at+2)
			}
			for _, lines := range []bool{false, true} {
				if lines {
					for i := 997; i < len(text); i += 1000 {
						if text[i] == ' ' && !bytes.Contains(text[i-20:i+20], []byte(row.encoded[:10])) {
							text[i] = '\n'
						}
					}
				}
				tree := &scanner.Tree{Paths: []string{"-"}, Stdin: bytes.NewReader(text)}
				res, err := scanner.Scan(context.Background(), tree, scanner.Options{Limits: limits})
				if err != nil {
					t.Fatal(err)
				}
				var got []int
				for _, f := range res.Findings {
					offset := 0
					for range f.Line - 1 {
						offset += bytes.IndexByte(text[offset:], '\n') + 1
					}
					got = append(got, offset+f.Column)
				}
				if !slices.Equal(got, want) {
					t.Errorf("lines %v: columns %v, want %v", lines, got, want)
				}
				if res.Coverage.Bytes != int64(len(text)) {
					t.Errorf("%d bytes of %d", res.Coverage.Bytes, len(text))
				}
			}
		})
	}
}
