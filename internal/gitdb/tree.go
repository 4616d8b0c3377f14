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

// IsModule reports whether the entry is a commit of another repository: a submodule.
func (e *TreeEntry) IsModule() bool { return e.Mode&modeMask == ModeGitlink }

var errTree = errors.New("the tree is damaged")

// A TreeText is the text of a tree, entry by entry.
type TreeText struct {
	TreeEntry     // the latest
	At, End   int // where it stands in the text
	text      []byte
	hashLen   int
}

// NewTreeText begins before the first entry of a tree's text, in which ids have hashLen bytes.
func NewTreeText(text []byte, hashLen int) TreeText { return TreeText{text: text, hashLen: hashLen} }

// Next goes to the next entry; false at the end, with an error if the text is damaged there.
func (t *TreeText) Next() (bool, error) {
	data := t.text[t.End:]
	if len(data) == 0 {
		return false, nil
	}
	head := 0 // of the mode and the blank behind it
	switch {
	case len(data) > 7 && string(data[:7]) == "100644 ":
		t.Mode, head = ModeFile|0o644, 7
	case len(data) > 6 && string(data[:6]) == "40000 ":
		t.Mode, head = ModeTree, 6
	default:
		t.Mode = 0
		for ; head < len(data) && data[head] != ' '; head++ {
			if data[head] < '0' || data[head] > '7' || head > 8 {
				return false, errTree
			}
			t.Mode = t.Mode<<3 | uint32(data[head]-'0')
		}
		if head == 0 || head == len(data) {
			return false, errTree
		}
		head++
	}
	n := bytes.IndexByte(data[head:], 0)
	if n < 1 || len(data)-head-n-1 < t.hashLen {
		return false, errTree
	}
	t.Name = data[head : head+n]
	t.Raw = data[head+n+1 : head+n+1+t.hashLen]
	t.At = t.End
	t.End += head + n + 1 + t.hashLen
	return true, nil
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
	for t := NewTreeText(data, db.hashLen); ; {
		if ok, err := t.Next(); err != nil || !ok {
			return entries, err
		}
		entries = append(entries, t.TreeEntry)
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
