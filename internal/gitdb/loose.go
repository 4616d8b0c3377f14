package gitdb

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"github.com/unleaked/unleaked/internal/plain"
)

// loosePath is where the object directory dir keeps a loose object.
func loosePath(dir string, id Hash) string {
	s := id.String()
	return filepath.Join(dir, s[:2], s[2:])
}

// looseIn lists the ids of the loose objects of an object directory, in order.
func looseIn(dir string, hashLen int) ([]Hash, error) { return lowestLoose(dir, hashLen, math.MaxInt) }

// lowestLoose is looseIn for the lowest ids: it goes on until it has most of them or more.
func lowestLoose(dir string, hashLen, most int) ([]Hash, error) {
	var ids []Hash
	for i := 0; i < 256 && len(ids) < most; i++ {
		sub := fmt.Sprintf("%02x", i)
		names, err := os.ReadDir(filepath.Join(dir, sub))
		if err != nil {
			if errors.Is(err, os.ErrNotExist) {
				continue
			}
			return ids, err
		}
		for _, n := range names {
			if len(n.Name()) != 2*hashLen-2 {
				continue // a temporary file of git's
			}
			if id, err := ParseHash(sub + n.Name()); err == nil {
				ids = append(ids, id)
			}
		}
	}
	return ids, nil
}

var errLoose = errors.New("the loose object is damaged")

// readLoose reads one loose object file. An object larger than most gives a tooBig error.
func readLoose(f *inflater, name string, most int64) (Type, []byte, error) {
	file, fi, err := plain.Open(name)
	if err != nil {
		return 0, nil, err
	}
	defer file.Close()
	if fi.Size() > most+most/8+4096 {
		return 0, nil, tooBig(fi.Size())
	}
	src := make([]byte, fi.Size())
	if _, err := io.ReadFull(file, src); err != nil {
		return 0, nil, err
	}
	return parseLoose(f, src, most)
}

func parseLoose(f *inflater, src []byte, most int64) (Type, []byte, error) {
	var head [64]byte
	n, err := f.head(head[:], src)
	if err != nil {
		return 0, nil, err
	}
	nul := bytes.IndexByte(head[:n], 0)
	if nul < 0 {
		return 0, nil, errLoose
	}
	word, digits, ok := bytes.Cut(head[:nul], []byte(" "))
	typ := typeNamed(word)
	if !ok || typ == 0 {
		return 0, nil, errLoose
	}
	size, err := strconv.ParseInt(string(digits), 10, 64)
	if err != nil || size < 0 {
		return 0, nil, errLoose
	}
	if size > most {
		return typ, nil, tooBig(size)
	}
	// A stream of so few bytes cannot unpack to so many: deflate's best is about 1032 to 1.
	if size > int64(len(src))*1040+1024 {
		return typ, nil, errLoose
	}
	out := make([]byte, int64(nul)+1+size)
	if err := f.inflate(out, src); err != nil {
		return typ, nil, err
	}
	return typ, out[nul+1:], nil
}
