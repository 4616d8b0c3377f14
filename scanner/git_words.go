package scanner

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// placeWords are, in lower case, what the names have in which any text can be a credential: options of SDKs, settings, headers.
var placeWords = newWordFinder(
	"clientkey", "client_key", "client-key", "clientsecret", "client_secret", "client-secret",
	"apikey", "api_key", "api-key", "apitoken", "api_token", "api-token", "authorization", "_token", "unleash.token", "unleash-token",
	"proxykey", "proxy_key", "proxysecret", "proxy_secret", "withproxy", "unleashconfig", "clientconfig", "unleashtoken", "unleash_key", "unleashkey", "_secret")

// appendPlaced appends to dst the hashes of the values in a text that has to do with Unleash which only their place may make credentials: each
// value behind a name that takes one. It is asked of every version of every file, and only where it finds something new the whole file is read.
func appendPlaced(dst []uint64, text []byte) []uint64 {
	for at := 0; ; {
		_, end := placeWords.next(text, at)
		if end < 0 {
			return dst
		}
		at = end
		value := valueBehind(text[end:min(len(text), end+400)])
		if value == nil {
			continue
		}
		if h := maphash.Bytes(placeSeed, value); !slices.Contains(dst, h) && len(dst) < mostPlaced {
			dst = append(dst, h)
		}
	}
}

// mostPlacedText is the size, in bytes, up to which a text without any credential is read for what only its place makes one. Nobody writes larger ones
// by hand, and a history has many versions of each.
const mostPlacedText = 512 << 10

// mostPlaced bounds the values of one text that are told apart.
const mostPlaced = 256

// placeSeed makes the hashes; they decide only which texts are read twice.
var placeSeed = maphash.MakeSeed()

// valueBehind is the value that follows a name, if it can be a credential; nil where there is none.
func valueBehind(text []byte) []byte {
	i := 0
	for i < len(text) && isWord[text[i]] {
		i++ // the rest of the name
	}
	marked := false // there was something that binds a value to a name
	for n := 0; i < len(text) && n < 60; i, n = i+1, n+1 {
		switch c := text[i]; c {
		case '\n':
			if !marked {
				return nil
			}
		case '=', ':', ',', '(', '>', '{', '[':
			marked = true
		case ' ', '\t', '\r', ')', ']', '*', '?', '\\':
		case '"', '\'', '`':
			end := bytes.IndexByte(text[i+1:], c)
			if end < 0 {
				return nil
			}
			value := text[i+1 : i+1+end]
			if len(value) < 2 {
				continue // the end of a quoted name
			}
			if canBeValue(value) {
				return value
			}
			// An argument before the value, say.
			i += 1 + end
			n = 0
		default:
			if !marked || !isWord[c] {
				return nil
			}
			end := i
			for end < len(text) && bytes.IndexByte([]byte(" \t\r\n,;\"'`<"), text[end]) < 0 {
				end++
			}
			value := text[i:end]
			// A bare word is a value where it does not look like one of a program's own.
			if last := len(value) - 1; canBeValue(value) && value[last] != ':' && value[last] != '?' && value[last] != '.' && bytes.ContainsAny(value, "0123456789-:") {
				return value
			}
			return nil
		}
	}
	return nil
}

// plainWords are words that stand behind such names in code, and are nobody's credential.
var plainWords = map[string]bool{"authorization": true, "authentication": true, "default": true, "description": true, "secret": true, "bearer": true, "string": true, "environment": true,
	"production": true, "development": true, "undefined": true, "password": true, "client": true, "frontend": true, "backend": true}

func canBeValue(value []byte) bool {
	if len(value) < 20 && plainWords[strings.ToLower(string(value))] {
		return false
	}
	return len(value) >= 6 && len(value) <= 300 && !bytes.ContainsAny(value, " \t\n{}$<>|\\;()/") && !rules.IsPlaceholder(string(value))
}

var isWord = func() (is [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.") {
		is[c] = true
	}
	return is
}()

// A wordFinder finds any of some words in a text, in any case. Two bytes at every fifth offset meet the first six of each word exactly once.
type wordFinder struct {
	words []string
	pairs [1 << 16]uint8 // of two bytes, the offsets at which they stand in the head of a word
	heads [1 << 12]bool  // of the first four bytes, hashed: whether a word may begin with them
}

const wordHead = 6

func newWordFinder(words ...string) *wordFinder {
	f := &wordFinder{words: words}
	for _, w := range words {
		up := bytes.ToUpper([]byte(w))
		f.heads[headHash([]byte(w))] = true
		for k := range wordHead - 1 {
			for _, a := range [2]byte{w[k], up[k]} {
				for _, b := range [2]byte{w[k+1], up[k+1]} {
					f.pairs[uint(a)|uint(b)<<8] |= 1 << k
				}
			}
		}
	}
	return f
}

// headHash is a hash of the first four bytes, the same for both cases of a letter.
func headHash(b []byte) uint32 {
	return (binary.LittleEndian.Uint32(b) | 0x20202020) * 0x9e3779b1 >> 20
}

// next finds a word that begins at or after from; end is -1 where there is none.
func (f *wordFinder) next(text []byte, from int) (start, end int) {
	const stride = wordHead - 1
	for at := from; at+2 <= len(text); at += stride {
		bits := f.pairs[binary.LittleEndian.Uint16(text[at:])]
		if bits == 0 {
			continue
		}
		for k := stride - 1; k >= 0; k-- {
			if s := at - k; bits&(1<<k) != 0 && s >= from {
				if n := f.wordAt(text[s:]); n > 0 {
					return s, s + n
				}
			}
		}
	}
	return -1, -1
}

func (f *wordFinder) wordAt(text []byte) int {
	if len(text) < wordHead || !f.heads[headHash(text)] {
		return 0
	}
next:
	for _, w := range f.words {
		if len(text) < len(w) {
			continue
		}
		for i := range len(w) {
			c := text[i]
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			if c != w[i] {
				continue next
			}
		}
		return len(w)
	}
	return 0
}
