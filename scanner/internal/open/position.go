package open

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf8"

	"github.com/unleaked/unleaked/finding"
)

// positionBlock is the distance of the known places of a text: what a look-up has to count at most.
const positionBlock = 1 << 10

// positions maps byte offsets of one text to lines and columns. It is built in one pass when first asked, and counts at
// most one block for each answer, so that a thousand tokens on one line of 100 MB cost no more than on a thousand
// lines.
type positions struct {
	text  []byte
	first finding.Position   // of text[0]
	marks []finding.Position // of text[i*positionBlock]
}

// top is the place of the first byte of a text.
var top = finding.Position{Line: 1, Column: 1, UTF16Column: 1}

func newPositions(text []byte, first finding.Position) *positions {
	return &positions{text: text, first: first}
}

// at is the place of the byte at offset.
func (p *positions) at(offset int) finding.Position {
	offset = min(max(offset, 0), len(p.text))
	block := offset / positionBlock
	for len(p.marks) <= block {
		if len(p.marks) == 0 {
			p.marks = append(p.marks, p.first)
			continue
		}
		n := len(p.marks)
		p.marks = append(p.marks, advance(p.marks[n-1], p.text[(n-1)*positionBlock:n*positionBlock]))
	}
	return advance(p.marks[block], p.text[block*positionBlock:offset])
}

// advance is the place behind text, where text begins at pos.
//
// A code point is counted at its first byte: all bytes but those of the form 10xxxxxx. That is exact for UTF-8, needs
// no decoding, and gives the same sum however a text is cut.
func advance(pos finding.Position, text []byte) finding.Position {
	if n := bytes.Count(text, newline); n > 0 {
		pos.Line += n
		pos.Column, pos.UTF16Column = 1, 1
		text = text[bytes.LastIndexByte(text, '\n')+1:]
	}
	points, pairs := countPoints(text)
	pos.Column += points
	pos.UTF16Column += points + pairs
	return pos
}

var newline = []byte{'\n'}

// countPoints counts the code points of text, and those of them that are two units in UTF-16.
func countPoints(text []byte) (points, pairs int) {
	const high = 0x8080808080808080
	for len(text) >= 8 {
		w := binary.LittleEndian.Uint64(text)
		text = text[8:]
		if w&high == 0 {
			points += 8
			continue
		}
		// A continuation byte has bit 7 and not bit 6; the first byte of four has bits 7 to 4.
		points += 8 - bits.OnesCount64(w&^(w<<1)&high)
		pairs += bits.OnesCount64(w & (w << 1) & (w << 2) & (w << 3) & high)
	}
	for _, c := range text {
		if utf8.RuneStart(c) {
			points++
		}
		if c >= 0xf0 {
			pairs++
		}
	}
	return points, pairs
}
