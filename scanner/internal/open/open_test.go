package open

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/gzip"
)

// A recording is a Visitor that writes down what it is told.
type recording struct {
	t     *testing.T
	views []string // PATH (INNER) [LAYERS]: LINE:COLUMN of each hit
	skips []string
	files int
	bytes int64
	packs []string
	takes bool // the repositories
}

func (r *recording) View(v *View, hits []Hit, mentioned bool) {
	var b strings.Builder
	fmt.Fprint(&b, v.Path)
	if v.InnerPath != "" {
		fmt.Fprintf(&b, " (%s)", v.InnerPath)
	}
	fmt.Fprintf(&b, " %v", v.Layers)
	if mentioned {
		b.WriteString(" mentioned")
	}
	for _, h := range hits {
		at := v.Position(h.Start)
		fmt.Fprintf(&b, " %d:%d%v", at.Line, at.Column, h.Layers)
		if h.Secret.Reveal() != token {
			r.t.Errorf("%s: a hit is not the token", v.Path)
		}
	}
	r.views = append(r.views, b.String())
}

func (r *recording) Skip(what, why string) { r.skips = append(r.skips, what+": "+why) }

func (r *recording) Count(files int, bytes int64) { r.files += files; r.bytes += bytes }

func (r *recording) Repository(p Pack) (bool, error) {
	r.packs = append(r.packs, fmt.Sprint(p.Prefix, " ", p.Depth, " ", p.Repo.DB.Count()))
	return r.takes, nil
}

var token = "default:development." + strings.Repeat("0badf00", 8)

func (r *recording) same(what string, got []string, want ...string) {
	r.t.Helper()
	if !slices.Equal(got, want) {
		r.t.Errorf("%s: got  %q\nwant %q", what, got, want)
	}
}

// opened is what is told of a content in memory.
func opened(t *testing.T, limits Limits, path string, text string, set ...func(*recording)) *recording {
	t.Helper()
	r := &recording{t: t}
	for _, f := range set {
		f(r)
	}
	NewSession(context.Background(), limits).Opener(&Buffers{}, path, r).Bytes([]byte(text))
	return r
}

func gzipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return b.String()
}

func tarred(files ...[2]string) string {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		_ = w.WriteHeader(&tar.Header{Name: f[0], Mode: 0o644, Size: int64(len(f[1]))})
		_, _ = w.Write([]byte(f[1]))
	}
	_ = w.Close()
	return b.String()
}

// TestOpener opens one content by each of the ways in, with the same result.
func TestOpener(t *testing.T) {
	members := [][2]string{{"a.txt", "x\n y " + token + "\n"}, {"b.txt", "nothing"},
		{"c.env", "A=" + base64.StdEncoding.EncodeToString([]byte("unleash: "+token)) + "\n"}}
	text := gzipped(tarred(members...))
	want := []string{"a.tgz!a.txt [] 2:4[]", "a.tgz!b.txt []", "a.tgz!c.env [] 1:15[base64]"}
	file := filepath.Join(t.TempDir(), "a.tgz")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b Buffers // one for all: nothing of one content may be seen in the next
	for _, way := range []struct {
		name string
		open func(*Opener)
	}{
		{"Bytes", func(o *Opener) { o.Bytes([]byte(text)) }},
		{"File", func(o *Opener) { o.File(f, int64(len(text))) }},
		{"Stream", func(o *Opener) { o.Stream(iotest.OneByteReader(strings.NewReader(text))) }},
	} {
		r := &recording{t: t}
		way.open(NewSession(context.Background(), Limits{}).Opener(&b, "a.tgz", r))
		r.same(way.name, r.views, want...)
		r.same(way.name+" skips", r.skips)
		if r.files != len(members) {
			t.Errorf("%s: %d files, want %d", way.name, r.files, len(members))
		}
	}
	r := &recording{t: t}
	NewSession(context.Background(), Limits{}).Opener(&b, "link", r).Plain([]byte("\xff\xfe" + token))
	r.same("Plain", r.views, "link [] 1:3[]")
}

// TestSession holds that the archives of a session have one purse, also within each other, and each its own depth.
func TestSession(t *testing.T) {
	text := gzipped(strings.Repeat("lorem ipsum\n", 1000))
	limits := Limits{All: 15_000, AllRatio: 1}
	s := NewSession(context.Background(), limits)
	first, second := &recording{t: t}, &recording{t: t}
	s.Opener(&Buffers{}, "a.gz", first).Bytes([]byte(text))
	first.same("the first", first.skips)
	s.Within(1).Opener(&Buffers{}, "b.gz", second).Bytes([]byte(text))
	if len(second.skips) != 1 || !strings.HasPrefix(second.skips[0], "b.gz: all archives together unpack to more than") {
		t.Errorf("the second: %q", second.skips)
	}
	third := &recording{t: t}
	NewSession(context.Background(), Limits{Depth: 2}).Within(2).Opener(&Buffers{}, "c.gz", third).Bytes([]byte(text))
	third.same("too deep", third.skips, "c.gz: more than 2 archives in one another")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	fourth := &recording{t: t}
	NewSession(ctx, Limits{}).Opener(&Buffers{}, "d.tar", fourth).Bytes([]byte(tarred([2]string{"a", token})))
	fourth.same("after the end", fourth.views)
}

// TestHitLimit leaves out what is beyond the limit of one content, and tells it.
func TestHitLimit(t *testing.T) {
	r := opened(t, Limits{HitsPerBlob: 2}, "a.tar", tarred([2]string{"a", token + "\n" + token}, [2]string{"b", token}))
	r.same("views", r.views, "a.tar!a [] 1:1[] 2:1[]", "a.tar!b []")
	r.same("skips", r.skips, "a.tar: more than 2 credentials: the rest was left out")
}

// TestRepository offers the visitor a pack: it takes it, or gets its objects one by one.
func TestRepository(t *testing.T) {
	pack := packOf(t, "TOKEN="+token+"\n")
	r := opened(t, Limits{}, "a.pack", pack, func(r *recording) { r.takes = true })
	r.same("offered", r.packs, "a.pack! 1 1")
	r.same("taken", r.views)
	r = opened(t, Limits{}, "a.pack", pack)
	r.same("offered", r.packs, "a.pack! 1 1")
	if len(r.views) != 1 || !strings.HasSuffix(r.views[0], " [] 1:7[]") {
		t.Errorf("not taken: %q", r.views)
	}
	// Encoded in a text it is nobody's to take.
	r = opened(t, Limits{}, "a.txt", "x: "+base64.StdEncoding.EncodeToString([]byte(gzipped(pack))), func(r *recording) {
		r.takes = true
	})
	r.same("encoded", r.views, "a.txt [] 1:4[base64 gzip]")
	r.same("encoded, offered", r.packs)
}

// TestPieces reads of a large text what mentions Unleash, and of what is beyond the limit the lines of its credentials.
func TestPieces(t *testing.T) {
	filler := strings.Repeat(strings.Repeat("lorem ipsum, ", 7)+"\n", 4000)
	limits := NewSession(context.Background(), Limits{Site: 100_000, Sites: 1 << 20}).Limits()
	of := func(p *Pieces, text string, hits []Hit) ([]Piece, bool) {
		return p.Of(limits, NewView("a", []byte(text)), hits, true)
	}
	var p Pieces
	middle := filler + "unleash\n" + filler
	list, narrow := of(&p, middle, nil)
	if len(list) != 1 || narrow || len(list[0].View.Text) > 100_000 || !bytes.Contains(list[0].View.Text, []byte("unleash")) {
		t.Fatalf("%d pieces", len(list))
	}
	v := list[0].View
	if at := v.Position(bytes.Index(v.Text, []byte("unleash"))); at.Line != 4001 || at.Column != 1 {
		t.Errorf("the mention is at %d:%d", at.Line, at.Column)
	}
	if v.CutBefore || v.CutBehind || v.CutAt(0, 1) {
		t.Error("a piece of whole lines is cut")
	}
	hit := func(text string) []Hit {
		h := Hit{Start: strings.Index(text, token)}
		h.End = h.Start + len(token)
		h.Credential.Start, h.Credential.End = h.Start, h.End
		return []Hit{h}
	}
	with := filler + token + "\n" + filler
	if list, narrow = of(&p, with, hit(with)); len(list) != 1 || narrow || len(list[0].View.Text) != len(with) {
		t.Errorf("with a credential: %d pieces, narrow %v", len(list), narrow)
	}
	list, narrow = of(&p, with, hit(with))
	if len(list) != 1 || !narrow || len(list[0].View.Text) > 4096 {
		t.Fatalf("beyond the limit: %d pieces, narrow %v", len(list), narrow)
	}
	if h := list[0].Hits[0]; string(list[0].View.Text[h.Start:h.End]) != token || h.Credential.Start != h.Start {
		t.Error("beyond the limit: the hit is elsewhere")
	}
}

// TestReason leaves out the path, which stands beside it.
func TestReason(t *testing.T) {
	_, err := os.Open(filepath.Join(t.TempDir(), "none"))
	if got := Reason(err); strings.Contains(got, "none") || got == "" {
		t.Errorf("got %q", got)
	}
}
