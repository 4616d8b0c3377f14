package glimpse

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	mathbits "math/bits"
	"slices"
	"strings"
	"sync"

	"github.com/unleaked/unleaked/rules"
)

// tellingWords are what a version of a file is looked through for: what says that it has to do with Unleash, what
// stands in published defaults, and, in lower case, what the names have in which any text can be a credential: options
// of SDKs, settings, headers.
var tellingWords = sync.OnceValue(func() *wordFinder {
	return newWordFinder(map[wordKind][]string{
		mentionWord: rules.MentionWords(),
		defaultWord: rules.DefaultWords(),
		mailWord:    {"quoted-printable"},
		placeWord: {
			"clientkey", "client_key", "client-key", "clientsecret", "client_secret", "client-secret",
			"apikey", "api_key", "api-key", "apitoken", "api_token", "api-token", "authorization", "_token",
			"unleash.token", "unleash-token", "client-token", "frontend-token",
			"proxykey", "proxy_key", "proxysecret", "proxy_secret", "withproxy", "unleashconfig", "clientconfig",
			"unleashtoken", "unleash_key", "unleashkey", "secret", tokenTable},
	})
})

// tokenTable is the server's table of tokens, in dumps; mostTableRows are the bytes of it that are told apart.
const (
	tokenTable    = "api_tokens"
	mostTableRows = 64 << 10
)

// A wording is what the words of a text say of it.
type wording struct {
	mentioned bool // it has to do with Unleash
	defaults  bool // a published default may stand in it
	mail      bool // its lines may be broken as those of a message
	// placed are the hashes of the values which, in a text that has to do with Unleash, only their place may make
	// credentials: each value behind a name that takes one. Only where one is new the whole file is read.
	placed []uint64
}

// read adds what the words say that begin in text[from:to].
func (w *wording) read(text []byte, from, to int) {
	done := 0 // names before it have been seen
	tellingWords().each(text, from, to, func(start, end int, kind wordKind) {
		if kind&mentionWord != 0 {
			w.mentioned = w.mentioned || rules.Mentions(text[max(0, start-mentionReach):min(len(text), start+mentionReach)])
			if name := nameAround(text, start, end); statesSecret(name) {
				w.place(name)
			}
		}
		w.defaults = w.defaults || kind&defaultWord != 0
		w.mail = w.mail || kind&mailWord != 0
		if kind&placeWord == 0 || start < done {
			return
		}
		done = end
		rest := text[end:min(len(text), end+400)]
		if value := valueBehind(rest); value != nil {
			w.place(value)
		} else {
			w.choices(rest)
			w.place(optionValue(text[:end], rest))
		}
		w.place(digestBehind(rest))
		if end-start == len(tokenTable) && bytes.EqualFold(text[start:end], []byte(tokenTable)) {
			w.place(text[end:min(len(text), end+mostTableRows)]) // its rows have no names before their values
		}
	})
}

// split adds the literals in text[from:to] that end within a token: another goes on with it. It is asked of texts that
// have to do with Unleash.
func (w *wording) split(text []byte, from, to int) {
	for at := from; at < to; {
		i := bytes.IndexByte(text[at:to], ':')
		if i < 0 {
			return
		}
		at += i + 1
		w.place(beginning(text, at))
	}
}

// choices adds the literals on the line behind a name that takes a value: of what is chosen, or stands in for what is
// not set, one is it.
func (w *wording) choices(text []byte) {
	line := text
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	for at := 0; at < len(line); at++ {
		c, end := line[at], -1
		switch {
		case c == '"' || c == '\'' || c == '`':
			end = bytes.IndexByte(line[at+1:], c)
		case c == '-' && at > 0 && line[at-1] == ':': // ${NAME:-value}
			end = bytes.IndexByte(line[at+1:], '}')
		}
		if end < 0 {
			continue
		}
		if value := line[at+1 : at+1+end]; canBeValue(value) && bytes.ContainsAny(value, "0123456789-") {
			w.place(value)
		}
		at += end + 1
	}
}

// optionValue is the word behind the option of a command line that text ends in, and whose name rest may go on with:
// --client-tokens VALUE. Nil where there is none.
func optionValue(text, rest []byte) []byte {
	i := len(text)
	for i > 0 && isWord[text[i-1]] {
		i--
	}
	j := 0
	for j < len(rest) && isWord[rest[j]] {
		j++
	}
	if !bytes.HasPrefix(text[i:], []byte("--")) || j == len(rest) || rest[j] != ' ' {
		return nil
	}
	value := rest[j+1:]
	if k := bytes.IndexAny(value, " \t\r\n\"'\\"); k >= 0 {
		value = value[:k]
	}
	if !canBeValue(value) || !bytes.ContainsAny(value, "0123456789") {
		return nil
	}
	return value
}

// digits adds the runs in text[from:to] that are as long as a token without its scope, but for what is said to be a
// digest. It is asked of texts that have to do with Unleash: a header may be made of such a run far from its name.
func (w *wording) digits(text []byte, from, to int) {
	for at := from; ; {
		start, end := nextDigits(text, at, to)
		if start < 0 {
			return
		}
		at = end
		line := text[max(0, start-40):start]
		line = bytes.ToLower(line[bytes.LastIndexByte(line, '\n')+1:])
		if !slices.ContainsFunc(digestWords, func(word string) bool { return bytes.Contains(line, []byte(word)) }) {
			w.place(text[start:end])
		}
	}
}

// digestWords are words before digits that are a digest, of an image, of a package's file.
var digestWords = []string{"sha", "checksum", "digest", "hash", "integrity", "zh:", "h1:"}

// place adds a value that its place may make a credential, nil for none.
func (w *wording) place(value []byte) {
	if value == nil || len(w.placed) == mostValues {
		return
	}
	if h := maphash.Bytes(placeSeed, value); !slices.Contains(w.placed, h) {
		w.placed = append(w.placed, h)
	}
}

// beginning is the piece of a token around the colon before at, if the literal ends in it: 'shop:production.' +, or the
// line does; nil where it does not.
func beginning(text []byte, at int) []byte {
	start := at - 1
	if start > 0 && text[start-1] == '\\' {
		start-- // an escaped colon
	}
	for start > 0 && at-start < 100 && (isWord[text[start-1]] || text[start-1] == '*') {
		start--
	}
	if !isWord[text[start]] && text[start] != '*' {
		return nil
	}
	if at == len(text) || text[at] != '*' && (text[at]|0x20 < 'a' || text[at]|0x20 > 'z') {
		return nil // no environment: npm:3.0.0
	}
	end, dot := at, false
	for end < len(text) && end-at < 200 && (isWord[text[end]] || text[end] == '*') {
		dot = dot || text[end] == '.'
		end++
	}
	if !dot || end == len(text) || bytes.IndexByte([]byte("\"'`\\"), text[end]) < 0 {
		return nil
	}
	i := bytes.LastIndexByte(text[at:end], '.')
	if random := text[at+i+1 : end]; len(random) > 0 && !isHex(random) && !isRandom(random) {
		return nil
	}
	return text[start:end]
}

// isRandom reports whether a text may be what somebody chose for the random part of a token.
func isRandom(text []byte) bool {
	const least = 12
	return len(text) >= least && bytes.ContainsAny(text, "0123456789") && !isCamel(text)
}

func isHex(text []byte) bool {
	return !slices.ContainsFunc(text, func(c byte) bool { return !isHexDigit[c] })
}

// digestBehind is the first run of as many hexadecimal digits as a token without its scope has, nil for none.
func digestBehind(text []byte) []byte {
	if start, end := nextDigits(text, 0, len(text)); start >= 0 {
		return text[start:end]
	}
	return nil
}

// nextDigits finds the first run of as many hexadecimal digits as a token without its scope has that stands, in part at
// least, in text[from:to]; start is -1 without one.
func nextDigits(text []byte, from, to int) (start, end int) {
	const least = 48
	for at := from + least - 1; at < min(len(text), to+least-1); at += least {
		if !isHexDigit[text[at]] {
			continue
		}
		start, end := at, at
		for start > 0 && isHexDigit[text[start-1]] {
			start--
		}
		for end < len(text) && isHexDigit[text[end]] {
			end++
		}
		switch end - start {
		case 48, 56, 64:
			return start, end
		}
		at = max(at, end-least)
	}
	return -1, -1
}

var isHexDigit = func() (is [256]bool) {
	for _, c := range []byte("0123456789abcdef") {
		is[c] = true
	}
	return is
}()

// nameAround is the name that a word stands in.
func nameAround(text []byte, start, end int) []byte {
	for start > 0 && end-start < 80 && IsNameByte(text[start-1]) {
		start--
	}
	for end < len(text) && end-start < 80 && IsNameByte(text[end]) {
		end++
	}
	return text[start:end]
}

// statesSecret reports whether a name is that of a setting which says that it holds a secret token of Unleash: to read
// or set it in a frontend is a finding without any token.
func statesSecret(name []byte) bool {
	if len(name) < len("UNLEASH_PAT") || isCamelStart(name) {
		return false
	}
	c := rules.ClassifyName(string(name))
	return c.Certainty == rules.ByName && c.Unleash && c.Kind != rules.Frontend && c.Kind != rules.Unknown
}

// isCamelStart reports whether a name is of a program's own: it begins in lower case, and goes on without underscores.
func isCamelStart(name []byte) bool {
	return name[0] >= 'a' && name[0] <= 'z' && bytes.IndexByte(name, '_') < 0
}

// MostPlaced is the size, in bytes, up to which a text without any credential is read for what only its place makes
// one. Nobody writes larger ones by hand, and a history has many versions of each.
const MostPlaced = 512 << 10

// mostValues bounds the values of one text that are told apart.
const mostValues = 256

// placeSeed makes the hashes; they decide only which texts are read twice.
var placeSeed = maphash.MakeSeed()

// valueBehind is the value that follows a name, if it can be a credential; nil where there is none.
func valueBehind(text []byte) []byte {
	i := 0
	for i < len(text) && isWord[text[i]] {
		i++ // the rest of the name
	}
	if i < len(text) && (text[i] == '"' || text[i] == '\'') {
		i++ // the end of a quoted one
	}
	marked := false // there was something that binds a value to a name
	for n := 0; i < len(text) && n < 60; i, n = i+1, n+1 {
		switch c := text[i]; c {
		case '\n':
			if !marked && !bytes.HasPrefix(bytes.TrimLeft(text[i:], " \t\r\n-\"'"), []byte("value")) {
				return nil
			}
		case '=', ':', ',', '(', '>', '{', '[':
			marked = true
		case ' ', '\t', '\r', ')', ']', '*', '?', '\\':
		case '-':
			if !marked {
				return nil
			}
			// ${NAME:-value}
		case '"', '\'', '`':
			end := bytes.IndexByte(text[i+1:], c)
			if end < 0 {
				return nil
			}
			value := text[i+1 : i+1+end]
			if len(value) < 2 {
				continue
			}
			if canBeValue(value) {
				return value
			}
			// An argument before the value, say.
			i += 1 + end
			n = 0
		default:
			if !marked && bytes.HasPrefix(text[i:], []byte("value")) {
				i += len("value") - 1 // the value of an entry that has the name
				continue
			}
			if !marked || !isWord[c] {
				return nil
			}
			end := i
			for end < len(text) && bytes.IndexByte([]byte(" \t\r\n,;\"'`<}"), text[end]) < 0 {
				end++
			}
			value := text[i:end]
			// A bare word is a value where it does not look like one of a program's own.
			if last := len(value) - 1; canBeValue(value) && value[last] != ':' && value[last] != '?' &&
				value[last] != '.' && bytes.ContainsAny(value, "0123456789-:") {
				return value
			}
			return nil
		}
	}
	return nil
}

// plainWords are words that stand behind such names in code, and are nobody's credential.
func plainWords(name string) bool {
	switch name {
	case "authorization", "authentication", "default", "description", "secret", "bearer", "string",
		"environment", "production", "development", "undefined", "password", "client", "frontend", "backend":
		return true
	}
	return false
}

func canBeValue(value []byte) bool {
	if len(value) < 20 && plainWords(strings.ToLower(string(value))) {
		return false
	}
	if isCamel(value) {
		return false
	}
	return len(value) >= 6 && len(value) <= 300 && !bytes.ContainsAny(value, " \t\n{}$<>|\\;()/") &&
		!rules.IsPlaceholder(string(value))
}

// isCamel reports whether a value is a name of a program's own, getLogger or apiTokenServiceV2: words that begin with a
// capital, and no digits but those of a version.
func isCamel(value []byte) bool {
	humps := 0
	for i, c := range value {
		switch {
		case c >= 'a' && c <= 'z':
		case c >= 'A' && c <= 'Z':
			if i > 0 && value[i-1] >= 'a' && value[i-1] <= 'z' {
				humps++
			}
		case c >= '0' && c <= '9' && i > 0 && value[i-1] == 'V':
		default:
			return false
		}
	}
	return humps > 0 && len(value) >= 5*humps // random letters have more
}

var isWord = func() (is [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.") {
		is[c] = true
	}
	return is
}()

// A wordKind says what a word is looked for; one text can be several.
type wordKind uint8

const (
	mentionWord wordKind = 1 << iota
	defaultWord
	mailWord
	placeWord
)

// A wordFinder finds any of some words in a text, in any case. It looks at three bytes at every fourth offset: they
// meet the first six of each word exactly once.
type wordFinder struct {
	threes [1 << threeBits]uint8 // of three bytes, hashed: the offsets at which they stand in the head of a word
	heads  [1 << headBits]uint8  // of the first four bytes, hashed: which of groups a word may be of, 0 for none
	groups [][]word
}

type word struct {
	text []byte
	kind wordKind
}

const (
	wordHead  = 6
	wordStep  = 4
	threeBits = 13
	headBits  = 11
	// threeMask takes of four bytes the first three, in one case.
	threeMask = 0x00dfdfdf
)

func threeHash(b uint32) uint32 { return (b & threeMask) * 0x9e3779b1 >> (32 - threeBits) }
func headHash(b uint32) uint32  { return (b | 0x20202020) * 0x9e3779b1 >> (32 - headBits) }

func newWordFinder(lists map[wordKind][]string) *wordFinder {
	f := &wordFinder{groups: [][]word{nil}}
	for kind, list := range lists {
		for _, text := range list {
			w := word{[]byte(strings.ToLower(text)), kind}
			head := &f.heads[headHash(binary.LittleEndian.Uint32(w.text))]
			if *head == 0 {
				*head = uint8(len(f.groups))
				f.groups = append(f.groups, nil)
			}
			f.groups[*head] = append(f.groups[*head], w)
			for k := range wordStep {
				f.threes[threeHash(binary.LittleEndian.Uint32(append(w.text[:len(w.text):len(w.text)],
					0)[k:]))] |= 1 << k
			}
		}
	}
	return f
}

// each calls found for every word that begins in text[from:to], with its end: of several at one place, with the longest
// name's.
func (f *wordFinder) each(text []byte, from, to int, found func(start, end int, kind wordKind)) {
	t := &f.threes
	// a word begins no more than wordStep-1 before the sample that tells it
	at, last := from, min(to+wordStep-1, len(text)-3)
	for ; at < last; at += wordStep {
		if at+3*wordStep+4 <= len(text) {
			b := text[at : at+3*wordStep+4]
			if t[threeHash(binary.LittleEndian.Uint32(b))]|t[threeHash(binary.LittleEndian.Uint32(b[wordStep:]))]|
				t[threeHash(binary.LittleEndian.Uint32(b[2*wordStep:]))]|t[threeHash(binary.LittleEndian.Uint32(b[3*wordStep:]))] == 0 {
				at += 3 * wordStep
				continue
			}
		}
		bits := t[threeHash(binary.LittleEndian.Uint32(text[at:]))]
		for bits != 0 {
			k := mathbits.Len8(bits) - 1
			bits &^= 1 << k
			if s := at - k; s >= from && s < to && s+wordHead <= len(text) {
				if group := f.heads[headHash(binary.LittleEndian.Uint32(text[s:]))]; group != 0 {
					f.at(text, s, f.groups[group], found)
				}
			}
		}
	}
	// The last three bytes of a text end a word only as the end of its head.
	if s := len(text) - wordHead; at == len(text)-3 && s >= from && s < to {
		f.at(text, s, f.groups[f.heads[headHash(binary.LittleEndian.Uint32(text[s:]))]], found)
	}
}

// at calls found if one of some words begins at start.
func (f *wordFinder) at(text []byte, start int, group []word, found func(start, end int, kind wordKind)) {
	rest := text[start:]
	var kind wordKind
	end := start
	for _, w := range group {
		if len(rest) >= len(w.text) && bytes.EqualFold(rest[:len(w.text)], w.text) {
			kind |= w.kind
			end = max(end, start+len(w.text))
		}
	}
	if kind != 0 {
		found(start, end, kind)
	}
}

// IsNameByte reports whether a byte may stand in a name.
func IsNameByte(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_' || c >= 0x80
}
