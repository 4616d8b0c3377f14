package gitdb

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// A CommitInfo is what a commit says. Its byte slices are parts of the object's text.
type CommitInfo struct {
	ID        Hash
	Tree      Hash
	Parents   []Hash
	Author    []byte // name, address, time and zone
	Committer []byte
	Headers   []byte // the whole head, author and committer included
	Message   []byte
}

var errCommit = errors.New("the commit is damaged")

// ParseCommit reads the text of a commit. Only the tree is needed; anything else may be missing.
func ParseCommit(id Hash, data []byte) (*CommitInfo, error) {
	c := &CommitInfo{ID: id}
	head, message, _ := bytes.Cut(data, []byte("\n\n"))
	if bytes.HasPrefix(data, []byte("\n")) {
		head, message = nil, data[1:]
	}
	c.Headers, c.Message = head, message
	for len(head) > 0 {
		line, rest, _ := bytes.Cut(head, []byte("\n"))
		head = rest
		key, value, _ := bytes.Cut(line, []byte(" "))
		switch string(key) {
		case "tree":
			if c.Tree.IsZero() {
				c.Tree, _ = ParseHash(string(value))
			}
		case "parent":
			if p, err := ParseHash(string(value)); err == nil {
				c.Parents = append(c.Parents, p)
			}
		case "author":
			c.Author = value
		case "committer":
			c.Committer = value
		}
	}
	if c.Tree.IsZero() {
		return c, errCommit
	}
	return c, nil
}

// When is the time of an author or committer line; the zero time where it has none.
func When(who []byte) time.Time {
	i := bytes.LastIndexByte(who, '>')
	f := bytes.Fields(who[i+1:])
	if len(f) == 0 {
		return time.Time{}
	}
	sec, err := strconv.ParseInt(string(f[0]), 10, 64)
	if err != nil || sec < -1<<40 || sec > 1<<40 {
		return time.Time{}
	}
	zone := time.UTC
	if len(f) > 1 && len(f[1]) == 5 {
		if n, err := strconv.Atoi(string(f[1][1:])); err == nil && n < 2400 && (f[1][0] == '+' || f[1][0] == '-') {
			off := (n/100*60 + n%100) * 60
			if f[1][0] == '-' {
				off = -off
			}
			if off != 0 {
				zone = time.FixedZone("", off)
			}
		}
	}
	t := time.Unix(sec, 0).In(zone)
	if t.Year() < 0 || t.Year() > 9999 { // RFC 3339 has no others
		return time.Time{}
	}
	return t
}

// A TagInfo is what an annotated tag says.
type TagInfo struct {
	Object  Hash
	Type    Type
	Name    []byte
	Tagger  []byte
	Headers []byte
	Message []byte
}

// ParseTag reads the text of an annotated tag.
func ParseTag(data []byte) (*TagInfo, error) {
	t := &TagInfo{}
	head, message, _ := bytes.Cut(data, []byte("\n\n"))
	t.Headers, t.Message = head, message
	for len(head) > 0 {
		line, rest, _ := bytes.Cut(head, []byte("\n"))
		head = rest
		key, value, _ := bytes.Cut(line, []byte(" "))
		switch string(key) {
		case "object":
			t.Object, _ = ParseHash(string(value))
		case "type":
			t.Type = typeNamed(value)
		case "tag":
			t.Name = value
		case "tagger":
			t.Tagger = value
		}
	}
	if t.Object.IsZero() {
		return t, errors.New("the tag is damaged")
	}
	return t, nil
}

// Peel follows tags from id to what they stand on.
func (r *Repo) Peel(id Hash) (Hash, Type, error) {
	for range 50 {
		typ, data, err := r.DB.Read(id)
		if err != nil {
			return id, 0, err
		}
		if typ != Tag {
			return id, typ, nil
		}
		t, err := ParseTag(data)
		if err != nil {
			return id, 0, err
		}
		id = t.Object
	}
	return id, 0, errors.New("tags of tags without an end")
}

// ReadCommit reads a commit, or the one that a tag stands on.
func (r *Repo) ReadCommit(id Hash) (*CommitInfo, error) {
	id, typ, err := r.Peel(id)
	if err != nil {
		return nil, err
	}
	if typ != Commit {
		return nil, fmt.Errorf("%v is a %v, not a commit", id, typ)
	}
	_, data, err := r.DB.Read(id)
	if err != nil {
		return nil, err
	}
	return ParseCommit(id, data)
}
