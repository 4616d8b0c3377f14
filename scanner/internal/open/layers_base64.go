package open

import (
	"bytes"
	"io"
	"slices"

	"github.com/klauspost/compress/gzip"
)

// base64Value is the value of a digit of Base64, of its standard or its URL alphabet; 0xff is no digit.
var base64Value = func() (v [256]uint8) {
	for i := range v {
		v[i] = 0xff
	}
	for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") {
		v[c] = uint8(i)
	}
	v['+'], v['-'], v['/'], v['_'] = 62, 62, 63, 63
	return v
}()

// nextBase64Run finds the first maximal run of at least MinRun digits in text[from:]; start is -1 without one. Such a
// run covers a whole block of half as many bytes, wherever the blocks begin; in ordinary text one of a few bytes of
// each block is no digit.
func nextBase64Run(text []byte, from int) (start, end int) {
	const block = MinRun / 2
	no := &noBase64
	for at := from; at+block <= len(text); at += block {
		b := text[at : at+block : at+block]
		if no[b[0]]|no[b[3]]|no[b[6]]|no[b[9]]|no[b[12]]|no[b[15]]|no[b[18]]|no[b[21]]|no[b[24]] != 0 {
			continue
		}
		start, end = at, at+1
		for start > from && no[text[start-1]] == 0 {
			start--
		}
		for end < len(text) && no[text[end]] == 0 {
			end++
		}
		if end-start >= MinRun {
			return start, end
		}
		at = end + 1 - block
	}
	return -1, -1
}

// noBase64 is 1 for bytes that are no digits.
var noBase64 = func() (no [256]uint8) {
	for c, v := range base64Value {
		if v == 0xff {
			no[c] = 1
		}
	}
	return no
}()

// A base64Reader decodes the runs of one text that are the Base64 of something readable.
type base64Reader struct {
	d    *decoding
	done int // what stands before it was decoded with an earlier run, of which it is another line
}

// run decodes text[start:end] where it is the Base64 of text. Most long runs are digests, identifiers, pictures: of
// each place that is tried, four digits that do not give printable text end it at once for one alignment.
func (b *base64Reader) run(more []Hit, start, end int) []Hit {
	d := b.d
	if start < b.done || d.depth >= d.limits.LayerDepth {
		return more
	}
	text := d.text
	run := text[start:end]
	if i := bytes.Index(run[:min(len(run), 8)], []byte("H4sI")); i >= 0 {
		return b.gzipped(more, start+i, end)
	}
	if i := packedAt(run); i >= 0 {
		return b.packed(more, start+i, end)
	}
	// Digests are the most frequent long runs. The Base64 of a text is not all hexadecimal at both of its ends.
	if lowerHex(run[:8]) && lowerHex(run[len(run)-8:]) {
		return more
	}
	var tried [4]bool
	for at := 0; at+probeLen <= len(run); at += probeStep {
		for k := range 4 {
			if base64First[run[at+k]] && base64First[run[at+k+4]] && base64First[run[at+k+8]] && !tried[k] &&
				readable(run, at+k) {
				tried[k] = true
				// The alignment of the whole is that of this place.
				more = b.decode(more, start, end, (at+k)%4)
			}
		}
	}
	return more
}

// mayDecode reports whether run decodes anything of a run, whatever stands around it.
func mayDecode(run []byte) bool {
	if bytes.Contains(run[:min(len(run), 8)], []byte("H4sI")) || packedAt(run) >= 0 {
		return true
	}
	if lowerHex(run[:8]) && lowerHex(run[len(run)-8:]) {
		return false
	}
	for at := 0; at+probeLen <= len(run); at += probeStep {
		for k := range 4 {
			if base64First[run[at+k]] && base64First[run[at+k+4]] && base64First[run[at+k+8]] && readable(run, at+k) {
				return true
			}
		}
	}
	return false
}

// A run is tried at places that lie so near to each other that the shortest part of a token on one line holds a whole
// one; at each, three digits of every fourth.
const (
	probeStep = 28
	probeLen  = 16
)

// base64First are the digits that a printable byte, a line end or a NUL begins with.
var base64First = func() (is [256]bool) {
	for c := range 256 {
		if v := base64Value[c]; v != 0xff {
			is[c] = v >= 0x20>>2 && v <= 0x7f>>2 || v == '\t'>>2 || v == '\r'>>2 || v == 0
		}
	}
	return is
}()

// readableLen is how many digits in a row have to be those of printable text: as many as stand on one line of the
// shortest token, where it is parted in two. By chance hardly any are.
const readableLen = 40

// readable reports whether the digits around run[at] decode to printable text, or to such with NULs beside each
// character, as many as UTF-16 and UTF-32 have.
func readable(run []byte, at int) bool {
	digits, printable := 0, 0
	step := func(i int) bool {
		v := uint32(base64Value[run[i]])<<18 | uint32(base64Value[run[i+1]])<<12 |
			uint32(base64Value[run[i+2]])<<6 | uint32(base64Value[run[i+3]])
		for _, c := range [3]byte{byte(v >> 16), byte(v >> 8), byte(v)} {
			switch {
			case c >= 0x20 && c < 0x7f, c == '\n', c == '\r', c == '\t':
				printable++
			case c != 0:
				return false
			}
		}
		digits += 4
		return true
	}
	for i := at; i+4 <= len(run) && digits < readableLen && step(i); i += 4 {
	}
	for i := at - 4; i >= 0 && digits < readableLen && step(i); i -= 4 {
	}
	return digits >= readableLen && printable*4 >= digits/4*3-4
}

// A line is a piece of an encoded text: line breaks part it.
type encodedLine struct{ start, end, at int } // byte range in the text, and how many digits stand before it

// decode decodes the run and the lines that go on with it, from its digit skip on.
func (b *base64Reader) decode(more []Hit, start, end, skip int) []Hit {
	d := b.d
	lines := b.lines(start, end)
	if len(lines) > 1 {
		// The lines before decide the alignment; a whole number of digits on each keeps that of this line.
		skip = (skip + lines[lineOf(lines, start)].at) % 4
	}
	total := lines[len(lines)-1]
	digits := total.at + total.end - total.start
	if !d.spend(digits / 4 * 3) {
		return more
	}
	decoded := decodeLines(d.text, lines, skip)
	b.done = max(b.done, total.end)
	layers := []string{"base64"}
	if enc := sniffWide(decoded); enc != 0 {
		width := enc.width()
		layers = append(layers, enc.layer())
		return d.inner(more, appendNarrow(nil, decoded, enc), layers, func(start, end int) (int, int) {
			return b.place(lines, skip, width*start, width*end) // of characters of one unit each, as a token's are
		})
	}
	return d.inner(more, decoded, layers, func(start, end int) (int, int) { return b.place(lines, skip, start, end) })
}

// place is where the digits stand that encode decoded[start:end], the padding behind them included.
func (b *base64Reader) place(lines []encodedLine, skip, start, end int) (int, int) {
	offset := func(digit int) int {
		for i := len(lines) - 1; i > 0; i-- {
			if lines[i].at <= digit {
				return lines[i].start + digit - lines[i].at
			}
		}
		return lines[0].start + digit - lines[0].at
	}
	last := lines[len(lines)-1]
	digits := last.at + last.end - last.start
	from := offset(skip + start/3*4)
	to := offset(min(skip+(end+2)/3*4, digits)-1) + 1
	for n := 0; n < 2 && to < len(b.d.text) && b.d.text[to] == '='; n++ {
		to++
	}
	return from, to
}

// lineOf is the line that holds the byte at offset.
func lineOf(lines []encodedLine, offset int) int {
	for i, l := range lines {
		if l.start <= offset && offset < l.end {
			return i
		}
	}
	return 0
}

// decodeLines decodes the digits of all lines but the first skip ones. What is left over at the end makes one or two
// bytes.
func decodeLines(text []byte, lines []encodedLine, skip int) []byte {
	last := lines[len(lines)-1]
	out := make([]byte, 0, (last.at+last.end-last.start)/4*3+3)
	var acc uint32
	have := 0
	for _, l := range lines {
		line := text[l.start:l.end]
		cut := min(len(line), skip)
		line, skip = line[cut:], skip-cut
		for have == 0 && len(line) >= 4 {
			v := uint32(base64Value[line[0]])<<18 | uint32(base64Value[line[1]])<<12 |
				uint32(base64Value[line[2]])<<6 | uint32(base64Value[line[3]])
			out = append(out, byte(v>>16), byte(v>>8), byte(v))
			line = line[4:]
		}
		for _, c := range line {
			acc = acc<<6 | uint32(base64Value[c])
			if have++; have == 4 {
				out = append(out, byte(acc>>16), byte(acc>>8), byte(acc))
				acc, have = 0, 0
			}
		}
	}
	switch have {
	case 2:
		out = append(out, byte(acc>>4))
	case 3:
		out = append(out, byte(acc>>10), byte(acc>>2))
	}
	return out
}

const maxIndent = 64

// lines are the lines of the Base64 text that the run is one of: those next to it that hold nothing else, after the
// same indentation or none.
func (b *base64Reader) lines(start, end int) []encodedLine {
	text := b.d.text
	lines := []encodedLine{{start: start, end: end}}
	for len(lines) < 4 {
		first := lines[0]
		from, to, ok := lineBefore(text, first.start)
		if !ok || from < b.done || to-from != end-start {
			break
		}
		lines = append([]encodedLine{{start: from, end: to}}, lines...)
	}
	for size := end - start; ; {
		last := lines[len(lines)-1]
		from, to, ok := lineAfter(text, last.end)
		if !ok {
			break
		}
		lines = append(lines, encodedLine{start: from, end: to})
		if to-from != size {
			break
		}
	}
	for i := 1; i < len(lines); i++ {
		lines[i].at = lines[i-1].at + lines[i-1].end - lines[i-1].start
	}
	return lines
}

// lineAfter is the run of digits on the line behind the run that ends at end.
func lineAfter(text []byte, end int) (from, to int, ok bool) {
	i := end
	switch {
	case bytes.HasPrefix(text[i:], []byte("\r\n")):
		i += 2
	case i < len(text) && text[i] == '\n':
		i++
	case bytes.HasPrefix(text[i:], []byte(`\n`)):
		i += 2
	default:
		return 0, 0, false
	}
	for n := 0; n < maxIndent && i < len(text) && (text[i] == ' ' || text[i] == '\t'); n++ {
		i++
	}
	from = i
	for i < len(text) && base64Value[text[i]] != 0xff {
		i++
	}
	if i == from {
		return 0, 0, false
	}
	// Words of a sentence, a key: it is no line of digits then.
	if rest := text[i:]; len(rest) > 0 && bytes.IndexByte([]byte("=\r\n\"'\\`<"), rest[0]) < 0 {
		return 0, 0, false
	}
	return from, i, true
}

// lineBefore is the run of digits on the line before the one whose digits begin at start.
func lineBefore(text []byte, start int) (from, to int, ok bool) {
	i := start
	for n := 0; n < maxIndent && i > 0 && (text[i-1] == ' ' || text[i-1] == '\t'); n++ {
		i--
	}
	if i == 0 || text[i-1] != '\n' {
		return 0, 0, false
	}
	i--
	if i > 0 && text[i-1] == '\r' {
		i--
	}
	to = i
	for i > 0 && base64Value[text[i-1]] != 0xff && to-i < 1<<10 {
		i--
	}
	return i, to, i < to
}

// packedAt is where in a run the Base64 of an archive begins that is no gzip file; -1 for none.
func packedAt(run []byte) int {
	head := run[:min(len(run), 16)]
	for _, magic := range [...]string{"UEsDB", "QlpoO", "/Td6WFo", "KLUv/", "BCJNG"} {
		if i := bytes.Index(head, []byte(magic)); i >= 0 && i < 8 {
			return i
		}
	}
	return -1
}

// packed reads a run that is an archive: no byte of it stands for a credential, it is all of it.
func (b *base64Reader) packed(more []Hit, start, end int) []Hit {
	lines := b.lines(start, end)
	lines = lines[lineOf(lines, start):]
	last := lines[len(lines)-1]
	b.done = max(b.done, last.end)
	return b.d.opened(more, decodeLines(b.d.text, lines, start-lines[0].start), []string{"base64"}, start, last.end)
}

// opened adds the hits of an archive that text[start:end] is when decoded.
func (d *decoding) opened(more []Hit, packed []byte, layers []string, start, end int) []Hit {
	if d.open == nil || !d.spend(len(packed)) {
		return more
	}
	for _, h := range d.open(packed, d.depth+len(layers)) {
		h.Layers = append(slices.Clone(layers), h.Layers...)
		h.Start, h.End = start, end
		more = append(more, h)
	}
	return more
}

// gzipped decodes a run that begins as a gzip file does: Helm keeps its releases so, in Base64 twice.
func (b *base64Reader) gzipped(more []Hit, start, end int) []Hit {
	d := b.d
	lines := b.lines(start, end)
	lines = lines[lineOf(lines, start):]
	last := lines[len(lines)-1]
	b.done = max(b.done, last.end)
	packed := decodeLines(d.text, lines, start-lines[0].start)
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return more
	}
	const most = 16 << 20
	text, err := io.ReadAll(io.LimitReader(z, int64(min(d.left, most)+1)))
	if len(text) > min(d.left, most) {
		d.bitten = true
		text = text[:min(d.left, most)]
	}
	if err != nil && len(text) == 0 {
		return more
	}
	d.left -= len(text)
	if sniff("", text) != noArchive {
		return d.opened(more, text, []string{"base64", "gzip"}, start, last.end)
	}
	// No byte of the packed text stands for a credential: it is all of it.
	return d.inner(more, text, []string{"base64", "gzip"}, func(int, int) (int, int) { return start, last.end })
}
