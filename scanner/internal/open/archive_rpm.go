package open

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

const (
	rpmLead       = 96
	rpmHead       = 16
	mostRPMHeader = 64 << 20
)

// rpm reads a package: a lead that says nothing any more, two headers (signatures, and what the package is, with its
// scripts), and the payload, a compressed cpio archive, which is behind what is read here.
func (o *Opener) rpm(m member, in *bufio.Reader) (whole bool) {
	if _, err := in.Discard(rpmLead); err != nil {
		o.unreadable(m.path, io.ErrUnexpectedEOF)
		return false
	}
	for _, name := range [...]string{"signature", "header"} {
		size, err := rpmHeader(in)
		if err != nil {
			o.unreadable(m.path, err)
			return false
		}
		if !o.packed(member{path: inside(m.path, name), depth: m.depth}, &io.LimitedReader{R: in, N: size}) {
			return false
		}
		if name == "signature" {
			_, _ = in.Discard(int(-size & 7))
		}
	}
	return true
}

// rpmHeader reads the beginning of a header, and returns how many bytes follow: the index and the values.
func rpmHeader(in *bufio.Reader) (int64, error) {
	var head [rpmHead]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return 0, io.ErrUnexpectedEOF
	}
	if string(head[:3]) != "\x8e\xad\xe8" {
		return 0, errors.New("a header of the package is damaged")
	}
	size := int64(binary.BigEndian.Uint32(head[8:]))*16 + int64(binary.BigEndian.Uint32(head[12:]))
	if size > mostRPMHeader {
		return 0, errors.New("a header of the package is too large")
	}
	return size, nil
}
