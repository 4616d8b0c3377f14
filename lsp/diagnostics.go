package lsp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner"
)

// source is what diagnostics say that they come from.
const source = "unleaked"

// pauseOfKeys is how long the keys have to rest before it is worth to look: shorter than a person notices.
const pauseOfKeys = 15 * time.Millisecond

// publish looks at the rooms whenever something has changed, until ctx ends.
func (s *server) publish(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		}
		timer := time.NewTimer(pauseOfKeys)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		s.publishAll(ctx)
	}
}

// publishAll tells the editor of every document of which there is something else to say than before.
func (s *server) publishAll(ctx context.Context) {
	s.mu.Lock()
	if s.state != running {
		s.mu.Unlock()
		return
	}
	rooms := slices.Clone(s.rooms)
	for _, d := range s.docs {
		if d.room.folder == "" {
			rooms = append(rooms, d.room)
		}
	}
	s.mu.Unlock()
	again := false
	for _, r := range rooms {
		again = s.publishRoom(r, s.look(ctx, r)) || again
	}
	if again && ctx.Err() == nil {
		s.mu.Lock()
		ask := s.pull && s.refresh
		s.mu.Unlock()
		if ask {
			go func() {
				_ = s.conn.Call(ctx, "workspace/diagnostic/refresh", nil, nil) // an editor that does not has to wait
			}()
		}
	}
}

// publishRoom sends the diagnostics of a room's documents. It reports whether those of a text that did not change are
// others.
func (s *server) publishRoom(r *room, st *state) (others bool) {
	s.mu.Lock()
	docs := []*document{}
	for _, d := range s.docs {
		if d.room == r {
			docs = append(docs, d)
		}
	}
	s.mu.Unlock()
	for _, d := range docs {
		snap, ok := st.texts[d.name]
		if !ok {
			continue
		}
		list := s.diagnostics(st, r, d.name, d.uri, snap.text)
		told, err := json.Marshal(list)
		s.mu.Lock()
		// A document that is closed meanwhile has been cleared.
		open := s.docs[d.uri] == d
		same := err == nil && d.told == string(told) && d.at == snap.version
		others = others || d.told != string(told) && d.told != "" && d.at == snap.version
		d.told, d.at = string(told), snap.version
		if open && !same && !s.pull {
			s.send(d.uri, &snap.version, list)
		}
		s.mu.Unlock()
	}
	return others
}

// send publishes the diagnostics of a document.
func (s *server) send(uri string, version *int, list []diagnostic) {
	if list == nil {
		list = []diagnostic{}
	}
	_ = s.conn.Notify(context.Background(), "textDocument/publishDiagnostics", struct {
		URI         string       `json:"uri"`
		Version     *int         `json:"version,omitempty"`
		Diagnostics []diagnostic `json:"diagnostics"`
	}{uri, version, list})
}

// diagnose answers an editor that asks for diagnostics.
func (s *server) diagnose(ctx context.Context, r *jsonrpc2.Request) (any, error) {
	p, err := params[documentParams](r)
	if err != nil {
		return nil, err
	}
	list := []diagnostic{}
	if room, name, st, text := s.document(ctx, p.Document.URI); st != nil {
		list = s.diagnostics(st, room, name, p.Document.URI, text)
	}
	told, err := json.Marshal(list)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(told)
	id := hex.EncodeToString(sum[:8])
	if id == p.Previous {
		return map[string]any{"kind": "unchanged", "resultId": id}, nil
	}
	return map[string]any{"kind": "full", "resultId": id, "items": list}, nil
}

// document is what is found in the room of a document, with its name there and its text: one that the editor holds, or
// a file of a folder. st is nil where there is none.
func (s *server) document(ctx context.Context, uri string) (r *room, name string, st *state, text []byte) {
	s.mu.Lock()
	if d := s.docs[uri]; d != nil {
		s.mu.Unlock()
		st = s.look(ctx, d.room)
		return d.room, d.name, st, st.texts[d.name].text
	}
	d := &document{uri: uri, file: pathOf(uri)}
	s.settle(d, "")
	s.mu.Unlock()
	if d.file == "" || d.room.folder == "" {
		return nil, "", nil, nil
	}
	text, err := os.ReadFile(d.file)
	if err != nil {
		return nil, "", nil, nil
	}
	return d.room, d.name, s.look(ctx, d.room), text
}

// diagnostics are the findings of one file, as the protocol has them.
func (s *server) diagnostics(st *state, r *room, name, uri string, text []byte) []diagnostic {
	list := []diagnostic{}
	for i := range st.result.Findings {
		if f := &st.result.Findings[i]; f.File == name && s.reported(f) {
			list = append(list, s.diagnostic(f, r, text))
		}
	}
	return list
}

// reported reports whether a finding is one that the options ask for.
func (s *server) reported(f *scanner.Finding) bool {
	if f.Example && !s.o.Examples {
		return false
	}
	return s.o.Public || f.Rule != rules.FrontendToken && f.Rule != rules.ClientKeyRule
}

func (s *server) diagnostic(f *scanner.Finding, r *room, text []byte) diagnostic {
	d := diagnostic{Range: s.spanOf(f, text), Severity: severityOf(f.Severity), Code: string(f.Rule),
		CodeDescription: &link{f.Rule.URL()}, Source: source, Message: f.Message}
	for _, p := range slices.Concat(f.Evidence, f.Related) {
		at := position{Line: max(0, p.Line-1)}
		d.Related = append(d.Related, related{Location: location{URI: r.uri(p.File), Range: span{at, at}}, Message: p.Text})
	}
	if data, err := json.Marshal(map[string]string{"fingerprint": f.Fingerprint}); err == nil {
		d.Data = data
	}
	return d
}

// uri is the URI of a file of the room, of the archive for a member of one.
func (r *room) uri(name string) string {
	name, _, _ = strings.Cut(name, "!")
	return uriOf(filepath.Join(r.root, filepath.FromSlash(name)))
}

// spanOf is where a finding's credential stands.
func (s *server) spanOf(f *scanner.Finding, text []byte) span {
	start, end := rangeOf(f, text)
	return span{s.enc.position(text, start), s.enc.position(text, end)}
}

// rangeOf is the byte range of a finding's credential.
func rangeOf(f *scanner.Finding, text []byte) (start, end int) {
	start = offsetOf(text, f.Line, f.Column)
	return start, max(start, offsetOf(text, f.EndLine, f.EndColumn))
}

func severityOf(s rules.Severity) int {
	switch {
	case s >= rules.High:
		return 1 // error
	case s == rules.Medium:
		return 2 // warning
	case s == rules.Low:
		return 3 // information
	}
	return 4 // hint
}
