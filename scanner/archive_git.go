package scanner

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/unleaked/unleaked/internal/gitdb"
)

// git reads a bundle, or a pack wherever it lies: in a bare repository, in the .git folder of a backup. All objects of
// it are read as those of a repository are, and the paths in its commits are those of an archive's members.
func (o *opening) git(m member, kind archiveKind, in *bufio.Reader) (whole bool) {
	hashLen := 0
	if kind == gitBundle {
		head, err := bundleHead(in)
		o.note(m.path, head)
		if err != nil {
			o.unreadable(m.path, err)
			return false
		}
		hashLen = 20
		if bytes.Contains(head, []byte("\n@object-format=sha256\n")) {
			hashLen = 32
		}
	}
	limit := o.limits().Pack
	meter := &metered{o: o, r: in}
	text, err := io.ReadAll(io.LimitReader(meter, limit+1))
	if int64(len(text)) > limit {
		o.skip(m.path, fmt.Sprintf("a pack of git's of more than %d bytes is not opened", limit))
		return false
	}
	if err != nil {
		o.unreadable(m.path, err)
	}
	repo, used, err := gitdb.HoldPack(text, hashLen, heldRatio*int64(len(text))+1<<20)
	if err != nil {
		o.unreadable(m.path, err)
		return false
	}
	defer repo.Close()
	for _, p := range repo.DB.Problems {
		o.skip(m.path, p[0]+": "+p[1])
	}
	if err := o.repository(m, repo, int64(used)); err != nil && o.in.ctx.Err() == nil {
		o.skip(m.path, err.Error())
	}
	if used < len(text) {
		o.salvage(m, bytes.NewReader(text[used:]))
	}
	return true
}

// heldRatio is how many bytes the objects of a pack may have for one of it. Versions of a text differ little, so that
// packs unfold to much more than archives do.
const heldRatio = 1000

// bundleHead reads what stands before the pack of a bundle: what it needs, and the refs that it brings.
func bundleHead(in *bufio.Reader) ([]byte, error) {
	const most = 16 << 20
	var head []byte
	for {
		line, err := in.ReadSlice('\n')
		head = append(head, line...)
		switch {
		case len(head) > most:
			return head, errors.New("the head of the bundle is too large")
		case err == bufio.ErrBufferFull:
		case err != nil:
			return head, io.ErrUnexpectedEOF
		case len(line) == 1:
			return head, nil
		}
	}
}

// repository reads the objects of a repository that is in an archive, in a pack of size bytes.
func (o *opening) repository(m member, r *gitdb.Repo, size int64) error {
	if o.look != nil {
		return r.DB.Each(o.in.ctx, gitdb.EachOptions{Jobs: 1, MaxUnfolded: heldRatio*size + 1<<20, Skip: func(_, why string) { o.skip(m.path, why) }},
			func(v *gitdb.Visit) error {
				o.bytes(member{path: inside(m.path, v.ID.String()), depth: m.depth}, v.Data)
				return nil
			})
	}
	sub := &Intake{ctx: o.in.ctx, opts: o.in.opts}
	sub.opts.depth, sub.opts.Jobs = m.depth, 1
	s := newHistoryScan(o.in.ctx, sub, r, inside(m.path, ""))
	s.held, s.mostUnfolded = true, heldRatio*size+1<<20
	s.marks = make([]uint8, r.DB.Count())
	for _, step := range []func() error{s.objects, s.trees, func() error { s.arrange(); return s.locate() }} {
		if err := gitdb.Guard(step); err != nil {
			return err
		}
	}
	s.feed()
	o.in.merge(sub)
	o.in.Count(0, int(sub.objects.Load()), int(sub.commits.Load()), sub.bytes.Load())
	return context.Cause(o.in.ctx)
}
