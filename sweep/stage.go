package sweep

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// A Reader does stage 1, repository by repository. It may be used from several goroutines.
type Reader struct {
	store *store
	o     Options
}

// NewReader returns a Reader. An error means that the state or the key of the options cannot be used.
func NewReader(o Options) (*Reader, error) {
	store, err := openStore(&o, true)
	if err != nil {
		return nil, err
	}
	return &Reader{store, o}, nil
}

// Key is the key that the reader seals with: that of the options, of the state, or a random one.
func (r *Reader) Key() []byte { return r.store.key }

// Read returns what the repository at a path says. What could not be read is in it: it is never nil, and nothing that
// a repository holds makes it panic.
func (r *Reader) Read(ctx context.Context, path string) *Facts {
	if f := r.recall(path); f != nil {
		return f
	}
	return r.read(ctx, path, nil)
}

// recall returns what the state knows of a repository, nil where it has to be read.
func (r *Reader) recall(path string) (f *Facts) {
	defer func() {
		if recover() != nil {
			f = nil
		}
	}()
	return r.store.recall(path, &r.o)
}

// read is Read for a repository of which the state knows nothing.
func (r *Reader) read(ctx context.Context, path string, h *household) (f *Facts) {
	defer func() {
		if e := recover(); e != nil {
			f = Unreadable(path, "internal error") // whose words may quote a text
		}
	}()
	return r.store.repository(ctx, path, &r.o, h)
}

// Unreadable are the facts of a repository of which nothing is known but why.
func Unreadable(path, why string) *Facts {
	return &Facts{Version: wireVersion, Repository: path, Skipped: []finding.Skip{{What: ".", Why: why}}}
}

// CleanPath is a name of a list as a sweep takes it: forward slashes, and nothing that says the same in more words.
func CleanPath(name string) string { return filepath.ToSlash(filepath.Clean(name)) }

// RemoteName is what the remote of the repository at a path calls it, "" where there is none.
func RemoteName(path string) string { return homeOf(path).Remote }

// A wireShown is a finding as it is sent. It has no secret; Origin stays behind.
type wireShown struct {
	finding.Finding
	// These stand in the place of the finding's own, which cannot be read back.
	Secret, Origin *struct{} `json:",omitempty"`
	Severity       int
}

type wirePart struct {
	*plainPart
	Findings, Suppressed []wireShown
}

type plainPart Part // without methods

// MarshalJSON returns the part as it is sent from stage to stage. What it looks like is nobody else's business.
func (p *Part) MarshalJSON() ([]byte, error) {
	shown := func(list []finding.Finding) []wireShown {
		out := make([]wireShown, len(list))
		for i, f := range list {
			out[i] = wireShown{Finding: f, Severity: int(f.Severity)}
		}
		return out
	}
	return json.Marshal(wirePart{(*plainPart)(p), shown(p.Findings), shown(p.Suppressed)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (p *Part) UnmarshalJSON(text []byte) error {
	w := wirePart{plainPart: (*plainPart)(p)}
	if err := json.Unmarshal(text, &w); err != nil {
		return fmt.Errorf("part of a sweep: %w", err)
	}
	found := func(list []wireShown) []finding.Finding {
		var out []finding.Finding
		for i := range list {
			f := list[i].Finding
			f.Severity = rules.Severity(list[i].Severity)
			out = append(out, f)
		}
		return out
	}
	p.Findings, p.Suppressed = found(w.Findings), found(w.Suppressed)
	return nil
}
