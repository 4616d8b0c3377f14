package mask

import (
	"bytes"
	"encoding/binary"

	"github.com/unleaked/unleaked/rules"
)

// A matcher finds known texts, however many there are: it takes a sample of two bytes at every step'th offset, which
// each occurrence covers, and compares only where some text has those two.
type matcher struct {
	texts   []Span // Start is 0, End the length
	step    int
	longest int            // bytes
	heads   [1 << 16]int32 // by sample: index in places, from 1; 0 where no text has it
	places  []place
}

// A place is where in a text a sample may stand. next is the index of another with the same sample, from 1.
type place struct {
	text, offset, next int32
}

// newMatcher returns a matcher of the texts that are long enough, nil where none is.
func newMatcher(texts []string) *matcher {
	m := &matcher{}
	shortest := 0
	seen := map[string]bool{}
	for _, text := range texts {
		if len(text) < MinKnown || seen[text] {
			continue
		}
		seen[text] = true
		m.texts = append(m.texts, Span{Credential: credentialOf(text), End: len(text)})
		m.longest = max(m.longest, len(text))
		if shortest == 0 || len(text) < shortest {
			shortest = len(text)
		}
	}
	if len(m.texts) == 0 {
		return nil
	}
	m.step = min(shortest-1, 16)
	for i, t := range m.texts {
		text := t.Secret.Reveal()
		for k := range m.step {
			sample := binary.LittleEndian.Uint16([]byte(text[k:]))
			m.places = append(m.places, place{int32(i), int32(k), m.heads[sample]})
			m.heads[sample] = int32(len(m.places))
		}
	}
	return m
}

// credentialOf is what a known text is: a token of a known form, or a client key.
func credentialOf(text string) rules.Credential {
	if c, ok := rules.ParseClientKey(text); ok && c.Secret.Reveal() == text {
		return c
	}
	return rules.Credential{Format: rules.ClientKeyFormat, Secret: rules.NewSecret(text, rules.ClientKeyFormat)}
}

// appendSpans appends where known texts stand in text.
func (m *matcher) appendSpans(dst []Span, text []byte) []Span {
	for at := 0; at+2 <= len(text); at += m.step {
		for p := m.heads[binary.LittleEndian.Uint16(text[at:])]; p != 0; p = m.places[p-1].next {
			of := &m.places[p-1]
			t := &m.texts[of.text]
			start := at - int(of.offset)
			if start >= 0 && start+t.End <= len(text) && string(text[start:start+t.End]) == t.Secret.Reveal() {
				dst = append(dst, Span{Credential: t.Credential, Start: start, End: start + t.End})
			}
		}
	}
	return dst
}

// begun is the length of the longest end of text that is the beginning of a known text, and not all of it.
func (m *matcher) begun(text []byte) int {
	longest := 0
	for _, t := range m.texts {
		known := t.Secret.Reveal()
		for n := min(len(known)-1, len(text)); n > longest; n-- {
			if bytes.HasSuffix(text, []byte(known[:n])) {
				longest = n
			}
		}
	}
	return longest
}
