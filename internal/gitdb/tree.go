package gitdb

import (
	"bytes"
	"errors"
)

// Modes of tree and index entries, without the permissions.
const (
	ModeTree    = 0o040000
	ModeFile    = 0o100000
	ModeLink    = 0o120000
	ModeGitlink = 0o160000
	modeMask    = 0o170000
)

// A TreeEntry is one name in a tree. Name and Raw are parts of the object's text.
type TreeEntry struct {
	Mode uint32
	Name []byte
	Raw  []byte // the raw id
}

// ID is the entry's object.
func (e *TreeEntry) ID() Hash { return HashOf(e.Raw) }

// IsTree reports whether the entry is a folder.
func (e *TreeEntry) IsTree() bool { return e.Mode&modeMask == ModeTree }

// IsBlob reports whether the entry is a file or a symbolic link: something with text in this repository.
func (e *TreeEntry) IsBlob() bool {
	m := e.Mode & modeMask
	return m == ModeFile || m == ModeLink
}

var errTree = errors.New("the tree is damaged")

// NextEntry takes the first entry off a tree's text. At the end it gives ok false and a nil error.
func NextEntry(data []byte, hashLen int) (e TreeEntry, rest []byte, ok bool, err error) {
	if len(data) == 0 {
		return e, nil, false, nil
	}
	nul := bytes.IndexByte(data, 0)
	if nul < 0 || len(data)-nul-1 < hashLen {
		return e, nil, false, errTree
	}
	i := 0
	for ; i < nul && data[i] != ' '; i++ {
		if data[i] < '0' || data[i] > '7' || i > 8 {
			return e, nil, false, errTree
		}
		e.Mode = e.Mode<<3 | uint32(data[i]-'0')
	}
	if i == 0 || i >= nul-1 {
		return e, nil, false, errTree
	}
	e.Name = data[i+1 : nul]
	e.Raw = data[nul+1 : nul+1+hashLen]
	return e, data[nul+1+hashLen:], true, nil
}

// ReadTree reads the entries of a tree.
func (db *DB) ReadTree(id Hash) ([]TreeEntry, error) {
	typ, data, err := db.Read(id)
	if err != nil {
		return nil, err
	}
	if typ != Tree {
		return nil, errors.New("not a tree")
	}
	entries := make([]TreeEntry, 0, len(data)/(db.hashLen+20)+1)
	for {
		e, rest, ok, err := NextEntry(data, db.hashLen)
		if err != nil || !ok {
			return entries, err
		}
		entries = append(entries, e)
		data = rest
	}
}

// EmptyTree is the id of the tree without entries.
func (db *DB) EmptyTree() Hash {
	s := "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
	if db.hashLen == 32 {
		s = "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"
	}
	h, _ := ParseHash(s)
	return h
}
