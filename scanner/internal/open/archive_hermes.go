package open

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// hermesMagic begins the bytecode that the Hermes engine runs: the JavaScript of an app made with React Native.
const hermesMagic = "\xc6\x1f\xbc\x03\xc1\x03\x19\x1f"

// mostHermes bounds a bundle, which is held in memory.
const mostHermes = 256 << 20

// hermes reads the strings of a bundle, one a line. They stand in it without anything between them, or in two bytes a
// character; a table says where each begins. Where that is not understood, the bundle is read as the bytes that it is.
func (o *Opener) hermes(m member, in *bufio.Reader) (whole bool) {
	text, err := io.ReadAll(io.LimitReader(in, mostHermes+1))
	if err != nil {
		o.unreadable(m.path, err)
	}
	if len(text) > mostHermes {
		o.to.Skip(m.path, fmt.Sprintf("a bundle of more than %d bytes is not opened", mostHermes))
		return false
	}
	strs, ok := hermesStrings(text)
	if !ok {
		m.depth--
		o.plain(m, text)
		return true
	}
	o.to.Count(0, int64(len(text)))
	m.layers = with(m.layers, "hermes")
	o.plain(m, strs)
	return true
}

// hermesHead is the length of a bundle's head, whatever its version.
const hermesHead = 128

// hermesStrings are the strings of a bundle, one a line; false where its tables are not understood. The sizes of what
// stands before the tables differ from version to version: the one is taken with which every entry leads into the
// storage of strings.
func hermesStrings(text []byte) ([]byte, bool) {
	if len(text) < hermesHead {
		return nil, false
	}
	field := func(at int) int { return int(binary.LittleEndian.Uint32(text[at:])) }
	functions, kinds, identifiers := field(40), field(44), field(48)
	count, overflow, size := field(52), field(56), field(60)
	for _, n := range []int{functions, kinds, identifiers, count, overflow, size} {
		if n > len(text) {
			return nil, false
		}
	}
	for _, header := range [...]int{16, 12, 20, 24, 32} {
		small := hermesHead + functions*header + kinds*4 + identifiers*4
		large := small + count*4
		storage := large + overflow*8
		if storage > len(text) || storage+size > len(text) {
			continue
		}
		if out, ok := hermesTable(text[small:large], text[large:storage], text[storage:storage+size]); ok {
			return out, true
		}
	}
	return nil, false
}

// hermesTable reads the strings that two tables list: the short ones, and those whose length does not fit.
func hermesTable(small, large, storage []byte) ([]byte, bool) {
	var out []byte
	budget := 4*len(storage) + 1<<10 // strings may share their bytes
	for ; len(small) > 0; small = small[4:] {
		e := binary.LittleEndian.Uint32(small)
		wideChars, offset, length := e&1 != 0, int(e>>1&(1<<23-1)), int(e>>24)
		if length == 0xff {
			if 8*offset+8 > len(large) {
				return nil, false
			}
			length = int(binary.LittleEndian.Uint32(large[8*offset+4:]))
			offset = int(binary.LittleEndian.Uint32(large[8*offset:]))
		}
		if wideChars {
			length *= 2
		}
		if offset > len(storage) || length > len(storage)-offset {
			return nil, false
		}
		if budget -= length + 1; budget < 0 {
			return nil, false
		}
		if piece := storage[offset : offset+length]; wideChars {
			out = appendNarrow(out, piece, utf16LE)
		} else {
			out = append(out, piece...)
		}
		out = append(out, '\n')
	}
	return out, len(bytes.TrimSpace(out)) > 0
}
