package gitdb

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// A LogEntry is a line of a reflog.
type LogEntry struct {
	Old, New Hash
	Who      string // name, address, time and zone
	Message  string
}

// parseReflog reads what it can; a line that makes no sense is passed over.
func parseReflog(text []byte) []LogEntry {
	var log []LogEntry
	for line := range bytes.SplitSeq(text, []byte("\n")) {
		head, message, _ := bytes.Cut(line, []byte("\t"))
		a, rest, ok := bytes.Cut(head, []byte(" "))
		if !ok {
			continue
		}
		b, who, _ := bytes.Cut(rest, []byte(" "))
		from, err := ParseHash(string(a))
		if err != nil {
			continue
		}
		to, err := ParseHash(string(b))
		if err != nil {
			continue
		}
		log = append(log, LogEntry{from, to, string(who), string(message)})
	}
	return log
}

// Reflog is the log of a ref, oldest entry first.
func (r *Repo) Reflog(name string) ([]LogEntry, error) {
	if strings.Contains(name, "..") {
		return nil, ErrNoRef
	}
	var first error
	for _, dir := range []string{r.GitDir, r.CommonDir} {
		text, err := readSmall(filepath.Join(dir, "logs", filepath.FromSlash(name)), 1<<30)
		if err == nil {
			return parseReflog(text), nil
		}
		first = errOr(first, err)
	}
	return nil, first
}

// fromReflog is what a ref was n changes ago.
func (r *Repo) fromReflog(name string, n int) (Hash, error) {
	for _, form := range []string{"%s", "refs/%s", "refs/tags/%s", "refs/heads/%s", "refs/remotes/%s"} {
		log, err := r.Reflog(fmt.Sprintf(form, name))
		if err != nil || len(log) == 0 {
			continue
		}
		switch {
		case n < len(log):
			return log[len(log)-1-n].New, nil
		case n == len(log) && !log[0].Old.IsZero():
			return log[0].Old, nil
		}
		return Hash{}, errors.New("the reflog does not reach so far back")
	}
	return Hash{}, ErrNoRef
}
