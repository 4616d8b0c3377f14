package scanner

import (
	"context"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/internal/syntax"
)

// TestUnread holds that a text whose syntax cannot be read in the time that its size allows is listed with its path, that
// the scan goes on, and that the credentials in both inMemory are findings.
func TestUnread(t *testing.T) {
	defer func() { readSyntax = syntax.Read }()
	readSyntax = func(name string, text []byte) (*syntax.Document, error) {
		if name == "a.sh" {
			return &syntax.Document{Path: name, Text: text, Root: &syntax.Node{Kind: syntax.File, End: len(text)}},
				syntax.ErrExhausted
		}
		return syntax.Read(name, text)
	}
	token := "default:production." + strings.Repeat("3f9c07a1", 7)
	res, err := Scan(context.Background(), inMemory{"a.sh": "x=" + token, "b.sh": "x=" + token}, Options{Public: true})
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, f := range res.Findings {
		files = append(files, f.File)
	}
	if got := strings.Join(files, " "); got != "a.sh b.sh" {
		t.Errorf("findings in %q", got)
	}
	want := Skip{What: "a.sh", Why: syntax.ErrExhausted.Error()}
	if s := res.Coverage.Skipped; len(s) != 1 || s[0] != want || res.Complete() {
		t.Errorf("not read: %v", s)
	}
}

// inMemory is a source of files in memory.
type inMemory map[string]string

func (s inMemory) Scan(_ context.Context, in *Intake) error {
	for name, text := range s {
		in.Blob(Blob{Path: name, Text: []byte(text)})
	}
	return nil
}

// A stubborn source yields a blob and then does not return until it is let go, whatever becomes of its context.
type stubborn struct {
	inMemory
	yielded func()
	goOn    chan struct{}
}

func (s stubborn) Scan(ctx context.Context, in *Intake) error {
	if err := s.inMemory.Scan(ctx, in); err != nil {
		return err
	}
	s.yielded()
	<-s.goOn
	in.Skip("late", "nobody waits for it")
	return nil
}

// TestLeave holds that a scan whose context ends reports what was found though its source is busy and stays so.
func TestLeave(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	goOn := make(chan struct{})
	defer close(goOn)
	token := "default:production." + strings.Repeat("3f9c07a1", 7)
	res, err := Scan(ctx, stubborn{inMemory{"a.sh": "x=" + token}, cancel, goOn}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Findings) != 1 || res.Complete() || res.Coverage.Skipped[0].Why != "interrupted" {
		t.Errorf("%d findings, not read: %v", len(res.Findings), res.Coverage.Skipped)
	}
}
