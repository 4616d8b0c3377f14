package gitdb

import (
	"bytes"
	"encoding/hex"
	"errors"
)

// A Hash is the id of an object: 20 bytes in a SHA-1 repository, 32 in a SHA-256 one. The zero Hash is no object.
// Hashes are comparable and may be map keys.
type Hash struct {
	raw [32]byte
	n   uint8
}

// HashOf is the Hash whose raw bytes are b, 20 or 32 of them; any other length gives the zero Hash.
func HashOf(b []byte) Hash {
	var h Hash
	if len(b) != 20 && len(b) != 32 {
		return h
	}
	copy(h.raw[:], b)
	h.n = uint8(len(b))
	return h
}

var errHash = errors.New("not an object id")

// ParseHash reads 40 or 64 hex digits.
func ParseHash(s string) (Hash, error) {
	if len(s) != 40 && len(s) != 64 {
		return Hash{}, errHash
	}
	var h Hash
	n, err := hex.Decode(h.raw[:], []byte(s))
	if err != nil {
		return Hash{}, errHash
	}
	h.n = uint8(n)
	return h, nil
}

// Bytes is the raw id.
func (h *Hash) Bytes() []byte { return h.raw[:h.n] }

// String is the id in hex.
func (h Hash) String() string { return hex.EncodeToString(h.raw[:h.n]) }

// IsZero reports whether h names no object: the zero Hash, or the all-zero id that git writes for "nothing".
func (h Hash) IsZero() bool { return h.raw == [32]byte{} }

// Compare orders hashes by their bytes.
func (h Hash) Compare(o Hash) int { return bytes.Compare(h.raw[:h.n], o.raw[:o.n]) }

// Type is what an object is. The values are those of pack files.
type Type uint8

// The types of objects.
const (
	Commit Type = 1
	Tree   Type = 2
	Blob   Type = 3
	Tag    Type = 4

	ofsDelta Type = 6
	refDelta Type = 7
)

// String is git's word for the type.
func (t Type) String() string {
	switch t {
	case Commit:
		return "commit"
	case Tree:
		return "tree"
	case Blob:
		return "blob"
	case Tag:
		return "tag"
	}
	return "unknown"
}

func typeNamed(s []byte) Type {
	switch string(s) {
	case "commit":
		return Commit
	case "tree":
		return Tree
	case "blob":
		return Blob
	case "tag":
		return Tag
	}
	return 0
}
