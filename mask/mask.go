// Package mask takes credentials out of a stream of text: each becomes a pseudonym that keeps its project and its
// environment, and every other byte stays as it is.
//
// Its nouns: a Writer masks what is written to it; a Span is a part of a text that is replaced; Options say what else
// than tokens is to be masked. It knows what a credential is from package rules alone: it opens no file and runs nothing.
package mask

import (
	"bytes"
	"cmp"
	"io"
	"slices"

	"github.com/unleaked/unleaked/rules"
)

// Options say what is masked besides the credentials that a text gives away by itself. The zero value adds nothing.
type Options struct {
	// Known are texts that are masked wherever they stand: client keys, bare hexadecimal digits, what an operator chose.
	// Those that are shorter than MinKnown bytes are left alone.
	Known []string
	// Key makes the pseudonyms of texts that can be guessed; those of one key are the same in every run. Without it
	// they are the run's own.
	Key []byte
	// Encoded, where set, appends the spans of text that hold credentials in encoded form. It makes what continues over
	// several lines be held until it ends.
	Encoded func(dst []Span, text []byte) []Span
}

// MinKnown is the length in bytes of the shortest text of Options.Known that is looked for: shorter ones are parts of
// words everywhere.
const MinKnown = 4

// A Span is a part of a text that a credential fills: the bytes Start to End, from 0.
type Span struct {
	rules.Credential
	Start, End int
	Wide       bool // each of its characters stands in two bytes, of which the second is NUL
}

// A Writer masks what is written to it and hands the rest on. What it hands on in the end is the same whatever the
// pieces in which it is written; it holds back only what may be the beginning of a credential, and at most some
// hundred kilobytes. It is not safe for concurrent use.
type Writer struct {
	to      io.Writer
	name    *namer
	known   *matcher
	encoded func(dst []Span, text []byte) []Span
	reach   int // bytes before and behind an offset that decide what stands there

	buf   []byte // what was sent last, as it was before masking, and what was not sent yet
	sent  int    // buf[:sent] was sent, or belongs to a pseudonym that was
	found []rules.Credential
	spans []Span
	out   []byte // masked text, handed on in one piece
	err   error
}

const (
	plainReach   = rules.Overlap
	encodedReach = 64 << 10
	chunk        = 256 << 10 // bytes that are looked at in one go
)

// NewWriter returns a Writer that hands the masked text on to w.
func NewWriter(w io.Writer, o Options) *Writer {
	m := &Writer{to: w, name: newNamer(o.Key), known: newMatcher(o.Known), encoded: o.Encoded, reach: plainReach}
	if m.encoded != nil {
		m.reach = encodedReach
	}
	if m.known != nil {
		m.reach = max(m.reach, m.known.longest)
	}
	return m
}

// Write masks p. It returns the first error of the writer behind, which ends all writing.
func (m *Writer) Write(p []byte) (int, error) {
	written := 0
	for written < len(p) && m.err == nil {
		n := min(chunk, len(p)-written)
		m.buf = append(m.buf, p[written:written+n]...)
		written += n
		m.send(m.decided())
	}
	return written, m.err
}

// Pause says that the input has paused for long. What cannot show a character of a secret is handed on then, also where
// it may be a credential's beginning: the question of a program that waits for its answer ("Password:").
func (m *Writer) Pause() error {
	if err := m.Late(); err != nil {
		return err
	}
	m.send(len(m.buf) - m.tail())
	open := m.buf[m.sent:]
	if at := bytes.IndexByte(open, ':'); (at < 0 || at == len(open)-1) && longestRun(m.open()) < minSecret {
		m.send(len(m.buf))
	}
	return m.err
}

// open is the end of what was written that may belong to one credential, with what of it was handed on in a pause before.
func (m *Writer) open() []byte {
	at := m.sent
	for at > 0 && isToken[m.buf[at-1]] {
		at--
	}
	return m.buf[at:]
}

// Held returns the number of bytes that were written and not handed on yet.
func (m *Writer) Held() int { return len(m.buf) - m.sent }

// Close hands on what was held back. It does not close the writer behind.
func (m *Writer) Close() error {
	m.send(len(m.buf))
	return m.err
}

// minSecret is how many characters of a secret are enough to be worth hiding.
const minSecret = 12

// longestRun is the length of the longest run of digits of base64url in text.
func longestRun(text []byte) int {
	longest, n := 0, 0
	for _, c := range text {
		if n++; !isDigit[c] {
			n = 0
		}
		longest = max(longest, n)
	}
	return longest
}

// decided is the offset in buf up to which nothing that is still to come changes anything.
func (m *Writer) decided() int {
	end := len(m.buf)
	if m.encoded != nil {
		end = m.sent + closedLines(m.buf[m.sent:])
		if len(m.buf)-m.reach > end && len(m.buf)-m.sent > chunk {
			end = len(m.buf) - m.reach
		}
	}
	end = min(end, len(m.buf)-m.tail())
	return max(end, m.sent)
}

// tail is the number of bytes at the end of buf that may be the beginning of a credential.
func (m *Writer) tail() int {
	at, low := len(m.buf), max(m.sent, len(m.buf)-m.reach)
	alphabet := &isToken
	if m.encoded != nil {
		alphabet = &isEncoded
	}
	for at > low && alphabet[m.buf[at-1]] {
		at--
	}
	at = min(at, beforeBlank(m.buf, at)) // the quote before the name may have been sent
	if m.known != nil {
		at = min(at, len(m.buf)-m.known.begun(m.buf[m.sent:]))
	}
	return len(m.buf) - at
}

// beforeBlank is where a near miss begins whose blank after the colon is the byte before at: "*: production.…"; at
// where none does. A name in quotes may stand there too.
func beforeBlank(text []byte, at int) int {
	if at < 3 || text[at-1] != ' ' || text[at-2] != ':' {
		return at
	}
	i := at - 2
	for i > 0 && isToken[text[i-1]] && text[i-1] != ':' {
		i--
	}
	name := text[i : at-2]
	quoted := i > 0 && (text[i-1] == '"' || text[i-1] == '`') || bytes.IndexByte(name, '\'') >= 0
	if quoted || bytes.HasSuffix(name, []byte("*")) || bytes.HasSuffix(name, []byte("[]")) {
		return i
	}
	return at
}

// closedLines is the length of the lines of text of which the last does not go on in the next: it ends in no long run of
// Base64 and in no sign that breaks a line of quoted-printable.
func closedLines(text []byte) int {
	for end := len(text); ; {
		end = bytes.LastIndexByte(text[:end], '\n')
		if end < 0 {
			return 0
		}
		line := bytes.TrimRight(text[:end], "\r \t")
		run := 0
		for run < len(line) && run < minOpenRun && isEncodedDigit[line[len(line)-1-run]] {
			run++
		}
		if run < minOpenRun && !bytes.HasSuffix(line, []byte("=")) {
			return end + 1
		}
	}
}

// minOpenRun is the length of the shortest line of Base64 that may go on in the next.
const minOpenRun = 32

// send masks and hands on buf[sent:end], and what of a credential that begins there stands behind end.
func (m *Writer) send(end int) {
	if end <= m.sent || m.err != nil {
		return
	}
	m.find()
	at := m.sent
	m.out = m.out[:0]
	for i := 0; i < len(m.spans) && m.spans[i].Start < end; {
		var whole Span
		if whole, i = union(m.spans, i); whole.End <= m.sent {
			continue
		}
		if whole.End > end && len(m.buf)-whole.Start < m.reach {
			end = whole.Start // what is still to come may belong to it
			break
		}
		m.out = append(m.out, m.buf[at:max(at, whole.Start)]...)
		m.out = append(m.out, m.name.pseudonym(whole)...)
		at = whole.End
	}
	switch {
	case len(m.out) == 0:
		m.put(m.buf[at:max(at, end)])
	default:
		m.put(append(m.out, m.buf[at:max(at, end)]...))
	}
	at = max(at, end)
	drop := max(0, at-m.reach)
	m.buf = m.buf[:copy(m.buf, m.buf[drop:])]
	m.sent = at - drop
}

// union is the i'th span of a list and those after it that overlap it, as one: it is called what the longest of them is.
// next is the index of the first span that is no part of it.
func union(list []Span, i int) (whole Span, next int) {
	whole = list[i]
	longest := whole.End - whole.Start
	for next = i + 1; next < len(list) && list[next].Start < whole.End; next++ {
		s := list[next]
		if n := s.End - s.Start; n > longest {
			longest, whole.Credential, whole.Wide = n, s.Credential, s.Wide
		}
		whole.End = max(whole.End, s.End)
	}
	return whole, next
}

// find makes spans of what is to be masked in buf, by their starts.
func (m *Writer) find() {
	m.spans = m.spans[:0]
	m.found = rules.AppendCredentials(m.found[:0], m.buf)
	for _, c := range m.found {
		// What reads as the tag of an image or as the key of a cache is no token; a person's may be one all the same.
		if !c.Weak || c.Format == rules.Account || c.Format == rules.AccountV2 {
			m.spans = append(m.spans, Span{Credential: c, Start: c.Start, End: c.End})
		}
	}
	if m.encoded == nil && m.known == nil {
		return
	}
	if m.encoded != nil {
		m.spans = m.encoded(m.spans, m.buf)
	}
	if m.known != nil {
		m.spans = m.known.appendSpans(m.spans, m.buf)
	}
	slices.SortStableFunc(m.spans, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
}

func (m *Writer) put(text []byte) {
	if m.err == nil && len(text) > 0 {
		_, m.err = m.to.Write(text)
	}
}

// Late hands on the lines that were held back because they may go on in the next; those of Options.Encoded alone are.
func (m *Writer) Late() error {
	m.send(m.sent + bytes.LastIndexByte(m.buf[m.sent:], '\n') + 1)
	return m.err
}
