package gitdb

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// An IndexEntry is one name in the index.
type IndexEntry struct {
	Path        string
	Mode        uint32
	ID          Hash
	Stage       uint8 // 1 to 3 of a conflict, 0 of others
	IntentToAdd bool  // its name only was added: a commit does not take it
}

// IsTree reports whether the entry stands for a whole folder, in a sparse index. Its Path ends in "/".
func (e *IndexEntry) IsTree() bool { return e.Mode&modeMask == ModeTree }

// IsModule reports whether the entry is a commit of another repository: a submodule.
func (e *IndexEntry) IsModule() bool { return e.Mode&modeMask == ModeGitlink }

// IsBlob reports whether the entry is a file or a symbolic link.
func (e *IndexEntry) IsBlob() bool {
	m := e.Mode & modeMask
	return m == ModeFile || m == ModeLink
}

// An Index is what the next commit would record.
type Index struct {
	Entries []IndexEntry // in order of paths, then stages
	// Cache holds the trees that git knows for folders of the index, nil where it knows none.
	Cache *CacheTree
}

// A CacheTree is a folder of the index whose tree is known, or was until something in it changed.
type CacheTree struct {
	Name    string
	Entries int  // index entries below; -1 where the tree is not known any more
	ID      Hash // where Entries is not -1
	Kids    []*CacheTree
}

// Kid is the folder of this name, nil where the cache holds none.
func (c *CacheTree) Kid(name string) *CacheTree {
	if c == nil {
		return nil
	}
	for _, k := range c.Kids {
		if k.Name == name {
			return k
		}
	}
	return nil
}

var errIndex = errors.New("the index is damaged")

// ReadIndex reads the repository's index (IndexFile), with the shared part of a split one. A repository without an
// index has an empty one.
func (r *Repo) ReadIndex() (*Index, error) {
	data, err := readText(r.IndexFile, 2<<30)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return &Index{}, nil
		}
		return nil, err
	}
	x, link, err := parseIndex(data, r.DB.hashLen)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.IndexFile, err)
	}
	if link == nil || link.base.IsZero() {
		return x, nil
	}
	var shared string
	for _, dir := range []string{filepath.Dir(r.IndexFile), r.GitDir} {
		if shared, err = readText(filepath.Join(dir, "sharedindex."+link.base.String()), 2<<30); err == nil {
			break
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: its shared part: %w", r.IndexFile, err)
	}
	base, _, err := parseIndex(shared, r.DB.hashLen)
	if err != nil {
		return nil, fmt.Errorf("%s: its shared part: %w", r.IndexFile, err)
	}
	if x.Entries, err = link.merge(base.Entries, x.Entries); err != nil {
		return nil, fmt.Errorf("%s: %w", r.IndexFile, err)
	}
	return x, nil
}

// A splitLink says how an index differs from the shared one.
type splitLink struct {
	base             Hash
	deleted, changed []bool // by position in the shared index
}

// merge puts the entries of a split index upon those of the shared one. Replaced entries have no name in the split
// index and come first there, in order.
func (l *splitLink) merge(shared, own []IndexEntry) ([]IndexEntry, error) {
	var kept []IndexEntry
	next := 0
	for i, e := range shared {
		if i < len(l.changed) && l.changed[i] {
			if next >= len(own) || own[next].Path != "" {
				return nil, errIndex
			}
			path := e.Path
			e = own[next]
			e.Path = path
			next++
		}
		if i < len(l.deleted) && l.deleted[i] {
			continue
		}
		kept = append(kept, e)
	}
	own = own[next:]
	out := make([]IndexEntry, 0, len(kept)+len(own))
	for len(kept) > 0 && len(own) > 0 {
		switch a, b := &kept[0], &own[0]; {
		case a.Path == b.Path && a.Stage == b.Stage:
			out = append(out, *b)
			kept, own = kept[1:], own[1:]
		case a.Path < b.Path || a.Path == b.Path && a.Stage < b.Stage:
			out = append(out, *a)
			kept = kept[1:]
		default:
			out = append(out, *b)
			own = own[1:]
		}
	}
	return append(append(out, kept...), own...), nil
}

// parseIndex reads an index. What it gives shares the text's memory: an index has thousands of names, and a hook needs
// few of them.
func parseIndex(data string, hashLen int) (*Index, *splitLink, error) {
	if len(data) < 12+hashLen || data[:4] != "DIRC" {
		return nil, nil, errIndex
	}
	version := be32(data[4:])
	if version < 2 || version > 4 {
		return nil, nil, fmt.Errorf("index version %d is unknown", version)
	}
	n := int64(be32(data[8:]))
	body := data[12 : len(data)-hashLen]
	least := int64(40 + hashLen + 2 + 1)
	if n > int64(len(body))/least+1 {
		return nil, nil, errIndex
	}
	x := &Index{Entries: make([]IndexEntry, n)}
	rest, err := body, error(nil)
	if version == 4 {
		rest, err = x.shortened(body, hashLen)
	} else {
		rest, err = x.whole(body, hashLen, version)
	}
	if err != nil {
		return nil, nil, err
	}
	link, err := x.extensions(rest, hashLen)
	return x, link, err
}

// entryHead reads an entry up to its name, and gives the length of that.
func (e *IndexEntry) entryHead(b string, hashLen int, version uint32) (int, bool) {
	head := 40 + hashLen + 2
	if len(b) < head+1 {
		return 0, false
	}
	e.Mode = be32(b[24:])
	copy(e.ID.raw[:], b[40:40+hashLen])
	e.ID.n = uint8(hashLen)
	flags := b[40+hashLen]
	e.Stage = flags >> 4 & 3
	if flags&0x40 != 0 { // extended
		if version < 3 || len(b) < head+3 {
			return 0, false
		}
		e.IntentToAdd = b[head]&0x20 != 0
		head += 2
	}
	return head, true
}

// whole reads the entries of versions 2 and 3, whose names stand there whole, and gives what follows.
func (x *Index) whole(b string, hashLen int, version uint32) (string, error) {
	for i := range x.Entries {
		e := &x.Entries[i]
		head, ok := e.entryHead(b, hashLen, version)
		if !ok {
			return "", errIndex
		}
		nul := strings.IndexByte(b[head:], 0)
		size := (head + nul + 8) &^ 7
		if nul < 0 || size > len(b) {
			return "", errIndex
		}
		e.Path = b[head : head+nul]
		b = b[size:]
	}
	return b, nil
}

// maxNames bounds the names of an index of version 4, in bytes: a few of them may stand for any number.
const maxNames = 1 << 30

// shortened reads the entries of version 4, whose names begin as the one before does, and gives what follows.
func (x *Index) shortened(b string, hashLen int) (string, error) {
	var names strings.Builder // one behind the other
	names.Grow(len(b) / 2)
	ends := make([]int, len(x.Entries))
	last := 0 // where the name before begins
	for i := range x.Entries {
		head, ok := x.Entries[i].entryHead(b, hashLen, 4)
		if !ok {
			return "", errIndex
		}
		so := names.String()
		cut, used, ok := indexVarint(b[head:])
		if !ok || cut > uint64(len(so)-last) || len(so) > maxNames {
			return "", errIndex
		}
		b = b[head+used:]
		nul := strings.IndexByte(b, 0)
		if nul < 0 {
			return "", errIndex
		}
		names.WriteString(so[last : len(so)-int(cut)])
		names.WriteString(b[:nul])
		b = b[nul+1:]
		last, ends[i] = len(so), names.Len()
	}
	all, last := names.String(), 0
	for i, end := range ends {
		x.Entries[i].Path = all[last:end]
		last = end
	}
	return b, nil
}

func be32(s string) uint32 {
	return uint32(s[0])<<24 | uint32(s[1])<<16 | uint32(s[2])<<8 | uint32(s[3])
}

// extensions reads what stands behind the entries. Extensions in capitals are optional and passed over; another unknown
// one changes what the index means.
func (x *Index) extensions(b string, hashLen int) (*splitLink, error) {
	var link *splitLink
	for len(b) >= 8 {
		name := b[:4]
		size := int64(be32(b[4:]))
		if size > int64(len(b)-8) {
			return nil, errIndex
		}
		text := b[8 : 8+size]
		b = b[8+size:]
		switch name {
		case "TREE":
			c, _, err := parseCacheTree(text, hashLen, 0)
			if err == nil { // a hint only: without it folders are compared entry by entry
				x.Cache = c
			}
		case "link":
			var err error
			if link, err = parseLink([]byte(text), hashLen); err != nil {
				return nil, err
			}
		case "sdir": // entries may be folders
		default:
			if name[0] < 'A' || name[0] > 'Z' {
				return nil, fmt.Errorf("index extension %q is unknown", name)
			}
		}
	}
	return link, nil
}

// indexVarint is the number in front of a name in version 4: how many bytes to drop of the name before.
func indexVarint(b string) (v uint64, n int, ok bool) {
	for n < len(b) && n < 9 {
		c := b[n]
		n++
		v |= uint64(c & 0x7f)
		if c&0x80 == 0 {
			return v, n, true
		}
		v = (v + 1) << 7
	}
	return 0, 0, false
}

// parseCacheTree reads a folder: its name, NUL, the numbers of its entries and of its folders in digits, its tree, its
// folders.
func parseCacheTree(b string, hashLen, depth int) (*CacheTree, string, error) {
	name, b, ok := strings.Cut(b, "\x00")
	line, b, ok2 := strings.Cut(b, "\n")
	entries, kids, ok3 := strings.Cut(line, " ")
	if !ok || !ok2 || !ok3 || depth > 4096 {
		return nil, "", errIndex
	}
	c := &CacheTree{Name: name}
	var err error
	if c.Entries, err = strconv.Atoi(entries); err != nil {
		return nil, "", errIndex
	}
	n, err := strconv.Atoi(kids)
	if err != nil || n < 0 || n > len(b) {
		return nil, "", errIndex
	}
	if c.Entries >= 0 {
		if len(b) < hashLen {
			return nil, "", errIndex
		}
		copy(c.ID.raw[:], b[:hashLen])
		c.ID.n = uint8(hashLen)
		b = b[hashLen:]
	}
	if n > 0 {
		c.Kids = make([]*CacheTree, 0, min(n, 64))
	}
	for range n {
		k, rest, err := parseCacheTree(b, hashLen, depth+1)
		if err != nil {
			return nil, "", err
		}
		c.Kids = append(c.Kids, k)
		b = rest
	}
	return c, b, nil
}

func parseLink(b []byte, hashLen int) (*splitLink, error) {
	if len(b) < hashLen {
		return nil, errIndex
	}
	l := &splitLink{base: HashOf(b[:hashLen])}
	b = b[hashLen:]
	if len(b) == 0 {
		return l, nil
	}
	var err error
	if l.deleted, b, err = parseEWAH(b); err != nil {
		return nil, err
	}
	l.changed, _, err = parseEWAH(b)
	return l, err
}

// parseEWAH unpacks a compressed bitmap: runs of equal words, and words as they are.
func parseEWAH(b []byte) ([]bool, []byte, error) {
	if len(b) < 8 {
		return nil, nil, errIndex
	}
	bits := int64(binary.BigEndian.Uint32(b))
	words := int64(binary.BigEndian.Uint32(b[4:]))
	b = b[8:]
	if words > int64(len(b)-4)/8 || bits > 1<<28 {
		return nil, nil, errIndex
	}
	out := make([]bool, 0, min(bits, 1<<20))
	for i := int64(0); i < words; {
		w := binary.BigEndian.Uint64(b[8*i:])
		i++
		run := int64(w >> 1 & (1<<32 - 1))
		literals := int64(w >> 33)
		if literals > words-i || run*64 > bits+64 {
			return nil, nil, errIndex
		}
		for range run * 64 {
			out = append(out, w&1 != 0)
		}
		for range literals {
			v := binary.BigEndian.Uint64(b[8*i:])
			i++
			for k := range 64 {
				out = append(out, v>>k&1 != 0)
			}
		}
		if int64(len(out)) > bits+128 {
			return nil, nil, errIndex
		}
	}
	return out[:min(int64(len(out)), bits)], b[8*words+4:], nil
}
