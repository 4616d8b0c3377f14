package gitdb

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// ErrFormat says that a repository is written in a way that is not read here. Git itself may know it: Plumbing asks it.
var ErrFormat = errors.New("the repository's format is unknown")

// A Plumbing asks git for what is not read here. It uses commands that run nothing of a repository's choosing, and
// switches off all that could: monitors, hooks, pagers, transports, replaced objects.
type Plumbing struct {
	GitDir string
	// Most bounds the size of one object, in bytes.
	Most int64
}

func (p Plumbing) command(ctx context.Context, args ...string) *exec.Cmd {
	fixed := []string{"--git-dir=" + p.GitDir, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.DevNull, "-c",
		"core.attributesFile=" + os.DevNull,
		"-c", "diff.external=", "-c", "safe.directory=" + p.GitDir}
	// never one of the working folder: the look-up refuses that
	cmd := exec.CommandContext(ctx, "git", append(fixed, args...)...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.DevNull, "LC_ALL=C", "GIT_CONFIG_NOSYSTEM=1",
		"GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_TERMINAL_PROMPT=0",
		"GIT_NO_REPLACE_OBJECTS=1", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=",
		"GIT_PAGER=cat"}
	if root := os.Getenv("SYSTEMROOT"); root != "" {
		cmd.Env = append(cmd.Env, "SYSTEMROOT="+root)
	}
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// Each gives every object that git lists, one after the other. The data stands during the call. Objects that are too
// large are told to skip.
func (p Plumbing) Each(ctx context.Context, skip func(what, why string), visit func(id Hash, typ Type,
	data []byte) error) error {
	cmd := p.command(ctx, "cat-file", "--batch-all-objects", "--unordered", "--buffer", "--batch")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("git cat-file: %w", err)
	}
	err = p.read(bufio.NewReaderSize(out, 1<<20), skip, visit)
	if err != nil {
		_ = cmd.Process.Kill()
	}
	if werr := cmd.Wait(); err == nil && werr != nil {
		err = fmt.Errorf("git cat-file: %w: %s", werr, firstLine(stderr.Bytes()))
	}
	return err
}

func (p Plumbing) read(in *bufio.Reader, skip func(what, why string), visit func(id Hash, typ Type,
	data []byte) error) error {
	most := p.Most
	if most == 0 {
		most = DefaultMaxSize
	}
	var buf []byte
	for {
		line, err := in.ReadString('\n')
		if err == io.EOF && line == "" {
			return nil
		}
		if err != nil {
			return err
		}
		f := strings.Fields(line)
		if len(f) < 2 {
			return errors.New("git cat-file: an answer that makes no sense")
		}
		if len(f) == 2 { // "… missing"
			skip("object "+f[0], "git says: "+f[1])
			continue
		}
		id, err := ParseHash(f[0])
		if err != nil {
			return err
		}
		size, err := strconv.ParseInt(f[2], 10, 64)
		if err != nil || size < 0 {
			return errors.New("git cat-file: an answer that makes no sense")
		}
		if size > most {
			skip("object "+f[0], tooBig(size).Error())
			if _, err := io.CopyN(io.Discard, in, size+1); err != nil {
				return err
			}
			continue
		}
		if int64(cap(buf)) < size+1 {
			buf = make([]byte, size+1)
		}
		buf = buf[:size+1]
		if _, err := io.ReadFull(in, buf); err != nil {
			return err
		}
		if err := visit(id, typeNamed([]byte(f[1])), buf[:size]); err != nil {
			return err
		}
	}
}

// Refs lists what git lists, HEAD included.
func (p Plumbing) Refs(ctx context.Context) ([]Ref, error) {
	var stderr bytes.Buffer
	cmd := p.command(ctx, "for-each-ref", "--format=%(objectname) %(refname) %(symref)")
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git for-each-ref: %w: %s", err, firstLine(stderr.Bytes()))
	}
	var refs []Ref
	for line := range strings.SplitSeq(string(out), "\n") {
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		id, err := ParseHash(f[0])
		if err != nil {
			continue
		}
		r := Ref{Name: f[1], ID: id}
		if len(f) > 2 {
			r.Symref = f[2]
		}
		refs = append(refs, r)
	}
	if head, err := p.command(ctx, "rev-parse", "--verify", "-q", "HEAD").Output(); err == nil {
		if id, err := ParseHash(strings.TrimSpace(string(head))); err == nil {
			r := Ref{Name: "HEAD", ID: id}
			if name, err := p.command(ctx, "symbolic-ref", "-q", "HEAD").Output(); err == nil {
				r.Symref = strings.TrimSpace(string(name))
			}
			refs = append(refs, r)
		}
	}
	return refs, nil
}

func firstLine(text []byte) string {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return string(bytes.TrimSpace(line))
}

// Index is the index as git lists it: every file, without what git remembers of folders.
func (p Plumbing) Index(ctx context.Context, file string) (*Index, error) {
	cmd := p.command(ctx, "ls-files", "--stage", "-z", "--full-name")
	cmd.Env = append(cmd.Env, "GIT_INDEX_FILE="+file, "GIT_WORK_TREE="+p.GitDir)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git ls-files: %w: %s", err, firstLine(stderr.Bytes()))
	}
	x := &Index{}
	for line := range bytes.SplitSeq(out, []byte{0}) {
		head, path, ok := bytes.Cut(line, []byte("\t"))
		f := strings.Fields(string(head))
		if !ok || len(f) != 3 {
			continue
		}
		mode, err := strconv.ParseUint(f[0], 8, 32)
		if err != nil {
			return nil, errIndex
		}
		id, err := ParseHash(f[1])
		if err != nil {
			return nil, errIndex
		}
		stage, err := strconv.ParseUint(f[2], 10, 2)
		if err != nil {
			return nil, errIndex
		}
		x.Entries = append(x.Entries, IndexEntry{Path: string(path), Mode: uint32(mode), ID: id, Stage: uint8(stage)})
	}
	return x, nil
}
