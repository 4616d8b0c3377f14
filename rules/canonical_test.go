package rules

import (
	"strings"
	"testing"
)

// 16 bytes end with a digit of which four bits are zero, 32 bytes with one of which two are: what ends otherwise was
// not encoded by a server.
func TestCanonicalV2(t *testing.T) {
	selector, verifier := strings.Repeat("k7", 10)+"x", strings.Repeat("Zq3", 14)
	for _, c := range []struct {
		ends [2]string
		want bool
	}{
		{[2]string{"A", "A"}, true}, {[2]string{"g", "8"}, true}, {[2]string{"w", "c"}, true},
		{[2]string{"B", "A"}, false}, {[2]string{"E", "A"}, false},
		{[2]string{"A", "B"}, false}, {[2]string{"A", "_"}, false}, {[2]string{"Q", "9"}, false},
	} {
		text := "default:production.v2_" + selector + c.ends[0] + "_" + verifier + c.ends[1]
		found, ok := ParseValue(text)
		if !ok || found.Format != ScopedV2 || found.Canonical != c.want {
			t.Errorf("a token that ends with %q: %v, canonical %v", c.ends, found.Format, found.Canonical)
		}
	}
}
