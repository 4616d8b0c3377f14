package gitdb

import (
	"bytes"
	"compress/zlib"
	"math/rand/v2"
	"strings"
	"testing"
)

func deflated(t testing.TB, data []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// someTexts are texts of many shapes: empty, short, repetitive, random, like source code.
func someTexts() [][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	texts := [][]byte{nil, []byte("a"), []byte(strings.Repeat("a", 70000)), []byte(strings.Repeat("abc", 300))}
	words := strings.Fields("func return if err nil string the token of a project package import range for := == != { } ( ) [ ]")
	for n := 1; n < 300000; n *= 3 {
		noise := make([]byte, n)
		for i := range noise {
			noise[i] = byte(r.Uint32())
		}
		few := make([]byte, n)
		for i := range few {
			few[i] = "ab\n"[r.IntN(3)]
		}
		var code bytes.Buffer
		for code.Len() < n {
			code.WriteString(words[r.IntN(len(words))])
			code.WriteByte(" \n\t"[r.IntN(3)])
		}
		skew := make([]byte, n) // codes of very different lengths
		for i := range skew {
			skew[i] = byte(int(r.ExpFloat64() * 12))
		}
		texts = append(texts, noise, few, code.Bytes(), skew)
	}
	return texts
}

func TestInflateGivesBackWhatWasDeflated(t *testing.T) {
	var f inflater
	for i, text := range someTexts() {
		for _, level := range []int{zlib.HuffmanOnly, 0, 1, 6, 9} {
			packed := deflated(t, text, level)
			out := make([]byte, len(text))
			if err := f.inflate(out, packed); err != nil {
				t.Fatalf("text %d, level %d: %v", i, level, err)
			}
			if !bytes.Equal(out, text) {
				t.Fatalf("text %d, level %d: differs", i, level)
			}
			if err := f.inflate(out, append(packed, "more"...)); err != nil {
				t.Errorf("text %d, level %d: what follows the stream matters: %v", i, level, err)
			}
			head := make([]byte, 64)
			n, err := f.head(head, packed)
			if want := text[:min(64, len(text))]; err != nil || !bytes.Equal(head[:n], want) {
				t.Errorf("text %d, level %d: the head differs: %v", i, level, err)
			}
			if f.inflate(make([]byte, len(text)+1), packed) == nil {
				t.Errorf("text %d, level %d: a stream that is too short is not noticed", i, level)
			}
			if len(text) > 0 && f.inflate(make([]byte, len(text)-1), packed) == nil {
				t.Errorf("text %d, level %d: a stream that is too long is not noticed", i, level)
			}
		}
	}
}

// FuzzInflate compares with the standard library: the same text, or damage seen by both.
func FuzzInflate(f *testing.F) {
	for _, text := range someTexts() {
		if len(text) < 3000 {
			f.Add(deflated(f, text, 6))
			f.Add(deflated(f, text, 1))
		}
	}
	r := rand.New(rand.NewPCG(7, 8))
	for i := range 20 {
		packed, text := made(r, i%2 > 0)
		if len(text) < 3000 {
			f.Add(packed)
		}
	}
	f.Fuzz(func(t *testing.T, packed []byte) {
		sameAsStd(t, new(inflater), packed)
	})
}
