package excerpt

import (
	"strings"
	"testing"

	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner/internal/open"
)

// TestExcerpt shows the lines around a token. Each row marks the token's place with «», which are taken out.
func TestAround(t *testing.T) {
	digits := strings.Repeat("0badf00", 8)
	user, scoped := "user"+":"+digits, "web"+":production."+digits
	const maskedUser, maskedScoped = "user:0bad…df00", "web:production.0bad…df00"
	for _, row := range []struct {
		name, text string
		want       []string // the marked part between «»
	}{
		{"alone", "«" + user + "»", []string{"«" + maskedUser + "»"}},
		{"three lines", "a\nb «" + user + "» c\r\nd\ne", []string{"a", "b «" + maskedUser + "» c", "d"}},
		{"blank lines around", "a\n\n«" + user + "»\n  \nb", []string{"«" + maskedUser + "»"}},
		{"others on the line and beside it", scoped + "\n«" + user + "» " + scoped + "\n" + user, []string{maskedScoped,
			"«" + maskedUser + "» " + maskedScoped, maskedUser}},
		{"an operator's own token beside it", "token: \"web" + ":production.some-own-text\"\n«" + user + "»",
			[]string{"token: \"web:production.…\"", "«" + maskedUser + "»"}},
		{"bare digits beside it", "old=" + digits + "\n«" + user + "»", []string{"old=0bad…df00", "«" + maskedUser +
			"»"}},
		{"a long line", strings.Repeat("é", 200) + "«" + user + "»" + strings.Repeat("é", 200),
			[]string{"…" + strings.Repeat("é", 24) + "«" + maskedUser + "»" + strings.Repeat("é", 32) + "…"}},
		{"a long line full of tokens", strings.Repeat(scoped+" ", 9) + "«" + user + "»" + strings.Repeat(" "+scoped, 9),
			[]string{"…" + maskedScoped + " «" + maskedUser + "» " + maskedScoped + "…"}},
		{"a neighbour that is too long", strings.Repeat("x", 10_000) + scoped + "\n«" + user + "»",
			[]string{"«" + maskedUser + "»"}},
		{"no text", "\xff\xfe\x80«" + user + "»\xff", []string{"\uFFFD«" + maskedUser + "»\uFFFD"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			start := strings.Index(row.text, "«")
			text := strings.Replace(row.text, "«", "", 1)
			end := strings.Index(text, "»")
			text = strings.Replace(text, "»", "", 1)
			var hits []open.Hit
			for _, c := range rules.AppendCredentials(nil, []byte(text)) {
				hits = append(hits, open.Hit{Credential: c, Start: c.Start, End: c.End})
			}
			shown := NewText(open.NewView("a", []byte(text)), hits, nil)
			var got []string
			for _, line := range shown.Around(start, end, rules.Secret{}) {
				s := line.Text
				if line.End > 0 {
					s = s[:line.Start] + "«" + s[line.Start:line.End] + "»" + s[line.End:]
				}
				got = append(got, s)
			}
			if strings.Join(got, "\n") != strings.Join(row.want, "\n") {
				t.Errorf("got  %q\nwant %q", got, row.want)
			}
		})
	}
}

func TestShowing(t *testing.T) {
	const text = "x = process.env.NEXT_PUBLIC_UNLEASH_SERVER_API_TOKEN;"
	lines := NewText(open.NewView("a", []byte(text)), nil, nil).Showing(16, 52)
	if len(lines) != 1 || lines[0].Text != text ||
		lines[0].Text[lines[0].Start:lines[0].End] != "NEXT_PUBLIC_UNLEASH_SERVER_API_TOKEN" {
		t.Errorf("%+v", lines)
	}
}
