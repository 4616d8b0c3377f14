package open

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/unleaked/unleaked/finding"
)

// TestPositions compares with counting from the beginning, code point by code point, for every offset of texts of all
// kinds.
func TestPositions(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	runes := []rune("abc é€𝄞\n\r\t\u2028")
	var long strings.Builder
	for range 5000 {
		long.WriteRune(runes[r.IntN(len(runes))])
	}
	for _, text := range []string{"", "a", "\n", "a\nb", "é\n𝄞x", strings.Repeat("x", 3*positionBlock),
		strings.Repeat("𝄞", positionBlock), long.String()} {
		p := newPositions([]byte(text), top)
		want := top
		for i, c := range text {
			if got := p.at(i); got != want {
				t.Fatalf("offset %d: %v, want %v", i, got, want)
			}
			switch {
			case c == '\n':
				want = finding.Position{Line: want.Line + 1, Column: 1, UTF16Column: 1}
			case c >= 0x10000:
				want.Column++
				want.UTF16Column += 2
			default:
				want.Column++
				want.UTF16Column++
			}
		}
		if got := p.at(len(text)); got != want {
			t.Errorf("the end: %v, want %v", got, want)
		}
		// However the text is cut, the parts add up.
		for range 20 {
			cut := r.IntN(len(text) + 1)
			for cut < len(text) && !utf8.RuneStart(text[cut]) {
				cut++
			}
			if got := advance(advance(top, []byte(text[:cut])), []byte(text[cut:])); got != want {
				t.Errorf("cut at %d: %v, want %v", cut, got, want)
			}
		}
	}
}
