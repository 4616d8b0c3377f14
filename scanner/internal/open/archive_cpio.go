package open

import (
	"bufio"
	"errors"
	"io"
	"strconv"
)

// cpio reads the members of a cpio archive: the payload of an RPM package, an initial file system. The forms newc, crc
// (its sums are not checked) and odc are read.
func (o *Opener) cpio(m member, in *bufio.Reader) (whole bool) {
	for {
		h, err := cpioHeader(in)
		if err != nil {
			o.unreadable(m.path, err)
			return false
		}
		if h.name == "TRAILER!!!" && h.size == 0 {
			return true
		}
		sub := member{path: inside(m.path, h.name), depth: m.depth}
		o.note(sub.path, []byte(h.name))
		if !o.packed(sub, &io.LimitedReader{R: in, N: h.size}) {
			return false
		}
		if _, err := in.Discard(h.pad); err != nil {
			o.unreadable(m.path, err)
			return false
		}
	}
}

type cpioMember struct {
	name string
	size int64
	pad  int // bytes behind the content
}

// cpioHeader reads the header of a member, up to its content.
func cpioHeader(in *bufio.Reader) (cpioMember, error) {
	damaged := errors.New("the header of a member is damaged")
	magic, err := in.Peek(6)
	if err != nil {
		return cpioMember{}, io.ErrUnexpectedEOF
	}
	// Where the sizes of the name and the content stand, how they are written, and to what parts are filled up.
	var length, nameAt, sizeAt, digits, base, align int
	switch string(magic) {
	case "070701", "070702":
		length, nameAt, sizeAt, digits, base, align = 110, 94, 54, 8, 16, 4
	case "070707":
		length, nameAt, sizeAt, digits, base, align = 76, 59, 65, 6, 8, 1
	default:
		return cpioMember{}, damaged
	}
	head := make([]byte, length)
	if _, err := io.ReadFull(in, head); err != nil {
		return cpioMember{}, io.ErrUnexpectedEOF
	}
	sizeDigits := digits
	if base == 8 {
		sizeDigits = 11
	}
	nameSize, err := strconv.ParseUint(string(head[nameAt:nameAt+digits]), base, 63)
	size, err2 := strconv.ParseUint(string(head[sizeAt:sizeAt+sizeDigits]), base, 63)
	if err != nil || err2 != nil || nameSize == 0 || nameSize > 1<<20 {
		return cpioMember{}, damaged
	}
	name := make([]byte, int(nameSize)+-(length+int(nameSize))&(align-1))
	if _, err := io.ReadFull(in, name); err != nil {
		return cpioMember{}, io.ErrUnexpectedEOF
	}
	return cpioMember{name: string(name[:nameSize-1]), size: int64(size), pad: -int(size) & (align - 1)}, nil
}
