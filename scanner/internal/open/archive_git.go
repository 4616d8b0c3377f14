package open

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/unleaked/unleaked/internal/gitdb"
)

// git reads a bundle, or a pack wherever it lies: in a bare repository, in the .git folder of a backup. All objects of
// it are read as those of a repository are, and the paths in its commits are those of an archive's members.
func (o *Opener) git(m member, kind archiveKind, in *bufio.Reader) (whole bool) {
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
		o.to.Skip(m.path, fmt.Sprintf("a pack of git's of more than %d bytes is not opened", limit))
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
		o.to.Skip(m.path, p[0]+": "+p[1])
	}
	if err := o.repository(m, repo, int64(used)); err != nil && o.session.ctx.Err() == nil {
		o.to.Skip(m.path, err.Error())
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
func (o *Opener) repository(m member, r *gitdb.Repo, size int64) error {
	p := Pack{Repo: r, Prefix: inside(m.path, ""), Depth: m.depth, Most: heldRatio*size + 1<<20}
	if taken, err := o.to.Repository(p); taken || err != nil {
		return err
	}
	each := gitdb.EachOptions{Jobs: 1, MaxUnfolded: p.Most, Skip: func(_, why string) { o.to.Skip(m.path, why) }}
	return r.DB.Each(o.session.ctx, each, func(v *gitdb.Visit) error {
		o.bytes(member{path: p.Prefix + v.ID.String(), depth: m.depth}, v.Data)
		return nil
	})
}
