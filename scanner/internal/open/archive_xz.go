package open

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
	"sync"

	"github.com/ulikunitz/xz/lzma"
)

// An xzReader reads one stream of the .xz format (https://tukaani.org/xz/xz-file-format.txt) and leaves what stands
// behind it. The blocks are unpacked by package lzma; its neighbour xz does all of this, but makes tables before main
// that every commit would wait for.
type xzReader struct {
	in    *countedBytes
	check byte
	block *lzma.Reader2 // nil between two blocks
	start int64         // of the block's data
	sum   hash.Hash     // nil where the format has none, or one that is not known
	err   error
}

func newXZReader(in *bufio.Reader) *xzReader { return &xzReader{in: &countedBytes{in: in}} }

// A countedBytes is a reader that knows where it is.
type countedBytes struct {
	in *bufio.Reader
	at int64
}

func (c *countedBytes) Read(b []byte) (int, error) {
	n, err := c.in.Read(b)
	c.at += int64(n)
	return n, err
}

func (c *countedBytes) ReadByte() (byte, error) {
	b, err := c.in.ReadByte()
	if err == nil {
		c.at++
	}
	return b, err
}

func (c *countedBytes) full(b []byte) error {
	_, err := io.ReadFull(c, b)
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

var errXZ = errors.New("the xz stream is damaged")

func (x *xzReader) Read(b []byte) (int, error) {
	for x.err == nil {
		if x.block == nil {
			x.err = x.begin()
			continue
		}
		n, err := x.block.Read(b)
		if x.sum != nil {
			x.sum.Write(b[:n])
		}
		if err == io.EOF {
			if err = x.endBlock(); err == nil && n == 0 {
				continue
			}
		}
		x.err = err
		if n > 0 {
			return n, nil
		}
	}
	return 0, x.err
}

// xzChecks are the sizes of the checks behind each block, by their number.
var xzChecks = [16]int{0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64}

// begin reads the head of the stream, where it is at its beginning, and of the next block; io.EOF behind the last.
func (x *xzReader) begin() error {
	if x.in.at == 0 {
		var head [12]byte
		if err := x.in.full(head[:]); err != nil {
			return err
		}
		if head[6] != 0 || head[7] > 15 || crc32.ChecksumIEEE(head[6:8]) != binary.LittleEndian.Uint32(head[8:]) {
			return errXZ
		}
		x.check = head[7]
	}
	var size [1]byte
	if err := x.in.full(size[:]); err != nil {
		return err
	}
	if size[0] == 0 {
		return x.end()
	}
	head := make([]byte, 4*int(size[0])+4)
	head[0] = size[0]
	if err := x.in.full(head[1:]); err != nil {
		return err
	}
	body := head[:len(head)-4]
	if crc32.ChecksumIEEE(body) != binary.LittleEndian.Uint32(head[len(body):]) {
		return errXZ
	}
	dict, err := xzDictionary(body[1:])
	if err != nil {
		return err
	}
	if dict > maxDictionary {
		return dictionaryError(dict)
	}
	x.start = x.in.at
	x.sum = xzSum(x.check)
	x.block, err = lzma.Reader2Config{DictCap: int(max(dict, lzma.MinDictCap))}.NewReader2(x.in)
	return err
}

// xzDictionary is the size of the dictionary that a block's head names.
func xzDictionary(head []byte) (int64, error) {
	flags := head[0]
	head = head[1:]
	number := func() uint64 {
		v, n := binary.Uvarint(head)
		if n <= 0 {
			head = nil
			return 0
		}
		head = head[n:]
		return v
	}
	for _, has := range [...]byte{0x40, 0x80} { // the sizes of the data, packed and unpacked
		if flags&has != 0 {
			number()
		}
	}
	switch id := number(); {
	case head == nil:
		return 0, errXZ
	case flags&3 != 0 || id != 0x21:
		return 0, fmt.Errorf("the xz filter %#x is not undone", id)
	}
	if number() != 1 || len(head) == 0 || head[0] > 40 {
		return 0, errXZ
	}
	if head[0] == 40 {
		return 1<<32 - 1, nil
	}
	return int64(2|head[0]&1) << (head[0]/2 + 11), nil
}

var xzCRC64 = sync.OnceValue(func() *crc64.Table { return crc64.MakeTable(crc64.ECMA) })

func xzSum(check byte) hash.Hash {
	switch check {
	case 1:
		return crc32.NewIEEE()
	case 4:
		return crc64.New(xzCRC64())
	case 10:
		return sha256.New()
	}
	return nil
}

// endBlock reads what stands behind the data of a block, and compares its check.
func (x *xzReader) endBlock() error {
	tail := make([]byte, int((x.start-x.in.at)&3)+xzChecks[x.check])
	if err := x.in.full(tail); err != nil {
		return err
	}
	tail = tail[len(tail)-xzChecks[x.check]:]
	if x.sum != nil {
		sum := x.sum.Sum(nil)
		for i := range sum {
			j := i
			if x.check != 10 { // crc is written from its lowest byte on
				j = len(sum) - 1 - i
			}
			if sum[i] != tail[j] {
				return errors.New("the checksum of an xz block is wrong")
			}
		}
	}
	x.block = nil
	return nil
}

// end reads the index behind the blocks, and the foot of the stream.
func (x *xzReader) end() error {
	start := x.in.at - 1
	records, err := binary.ReadUvarint(x.in)
	for i := uint64(0); i < 2*records && err == nil; i++ {
		_, err = binary.ReadUvarint(x.in)
	}
	if err != nil {
		return fmt.Errorf("the index: %w", errXZ)
	}
	foot := make([]byte, int((start-x.in.at)&3)+4+12)
	if err := x.in.full(foot); err != nil {
		return err
	}
	if string(foot[len(foot)-2:]) != "YZ" {
		return errXZ
	}
	return io.EOF
}
