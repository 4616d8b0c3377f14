package linehash

import (
	"maps"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

func TestHashes(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "c129715d7a2bc9a3:1"},
		{" a\nb\n  \t\tc\n d", "271789c17abda88f:1 54703d4cd895b18:1 180aee12dab6264:1 a23a3dc5e078b07b:1"},
	} {
		for _, text := range []string{c.text, strings.ReplaceAll(c.text, "\n", "\r\n"), strings.ReplaceAll(c.text, "\n",
			"\r")} {
			want := map[int]string{}
			for i, h := range strings.Fields(c.want) {
				want[i+1] = h
			}
			if got := Hashes([]byte(text), []int{4, 0, 2, -1, 1, 3, 3, 99}); !maps.Equal(got, want) {
				t.Errorf("%q: got %v, want %v", text, got, want)
			}
		}
	}
	if got := Hashes([]byte("a\nb\nc\n"), []int{2}); len(got) != 1 {
		t.Errorf("asked for one line, got %v", got)
	}
}

// The hashes equal those of the definition, computed line by line without any rolling.
func TestHashesAgainstDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"a", "b", " ", "\t", "\n", "\r", "\r\n", "\ufeff", "é", "\U0001F600", "\xff", "\xe2\x82",
		"\xed\xa0\x80", "\xf0\x90", strings.Repeat("x", 120), "\n\n\n"}
	for range 2000 {
		var b strings.Builder
		for range r.IntN(40) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		want := define(b.String())
		lines := make([]int, len(want)+3)
		for i := range lines {
			lines[i] = i + 1
		}
		if got := Hashes([]byte(b.String()), lines); !maps.Equal(got, want) {
			t.Fatalf("%q:\ngot  %v\nwant %v", b.String(), got, want)
		}
		one := 1 + r.IntN(len(want))
		if got := Hashes([]byte(b.String()), []int{one}); len(got) != 1 || got[one] != want[one] {
			t.Fatalf("%q: line %d alone: got %v, want %v", b.String(), one, got, want[one])
		}
	}
}

// define computes each line's hash from its window alone.
func define(text string) map[int]string {
	var kept []uint16
	var begins []int
	start := true
	all := utf16.Encode([]rune(whatwg(text)))
	for i, u := range all {
		if u == ' ' || u == '\t' || u == '\n' && i > 0 && all[i-1] == '\r' {
			continue
		}
		if u == '\r' {
			u = '\n'
		}
		if start {
			begins, start = append(begins, len(kept)), false
		}
		kept = append(kept, u)
		start = u == '\n'
	}
	if start {
		begins = append(begins, len(kept))
	}
	kept = append(kept, 0xFFFF)
	kept = append(kept, make([]uint16, 2*Window)...)
	hashes, seen := map[int]string{}, map[uint64]int{}
	for i, at := range begins {
		var h uint64
		for _, u := range kept[at : at+Window] {
			h = h*base + uint64(u)
		}
		seen[h]++
		hashes[i+1] = strconv.FormatUint(h, 16) + ":" + strconv.Itoa(seen[h])
	}
	return hashes
}

// whatwg replaces the broken pieces that the test uses, each by the number of marks that the standard says.
func whatwg(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		switch rest := text[i:]; {
		case strings.HasPrefix(rest, "\xff"):
			b.WriteString("\ufffd")
			i++
		case strings.HasPrefix(rest, "\xed\xa0\x80"):
			b.WriteString("\ufffd\ufffd\ufffd")
			i += 3
		case strings.HasPrefix(rest, "\xe2\x82"), strings.HasPrefix(rest, "\xf0\x90"):
			b.WriteString("\ufffd")
			i += 2
		default:
			b.WriteByte(text[i])
			i++
		}
	}
	return b.String()
}

func BenchmarkHashes(b *testing.B) {
	text := []byte(strings.Repeat("const flags = initialize({ url: 'https://unleash.example.com' });\n", 1<<14))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Hashes(text, []int{1 << 14})
	}
}
