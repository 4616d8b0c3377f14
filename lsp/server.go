// Package lsp is the language server: it says of what an editor holds what a scan would say of it, while it is typed.
//
// Its nouns: a server speaks the protocol; a room is a folder with its workspace, or one document that lies in none; a
// document is a text that the editor holds. It knows no rules: package scanner finds and judges.
package lsp

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/unleaked/unleaked/scanner"
)

// Options say how the server scans.
type Options struct {
	Version  string
	Public   bool // also report public credentials
	Examples bool // also report documented examples
	// Policy reads what holds in a folder: what its owners have accepted, and what is not read. nil accepts nothing.
	Policy func(root string) (*scanner.Policy, *scanner.Ignore, error)
	// Oracle knows of credentials what no text says; nil for nobody.
	Oracle scanner.Oracle
}

// The states of a session.
const (
	fresh = iota
	running
	shutDown
	exited
)

// A server is one session with an editor.
type server struct {
	o    Options
	conn *jsonrpc2.Conn
	stop func()

	mu      sync.Mutex
	state   int
	enc     encoding
	pull    bool // the editor asks for diagnostics, and is not sent any
	refresh bool // it can be told to ask again
	watch   bool // it can be asked to watch files
	rooms   []*room
	docs    map[string]*document
	cancels map[jsonrpc2.ID]context.CancelFunc
	wake    chan struct{}
}

// Serve speaks the protocol over in and out until the editor ends the session, and returns the exit status: 0 where it
// said shutdown before, else 1.
func Serve(ctx context.Context, in io.Reader, out io.Writer, o Options) int {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &server{o: o, enc: utf16Units, docs: map[string]*document{}, cancels: map[jsonrpc2.ID]context.CancelFunc{},
		wake: make(chan struct{}, 1), stop: cancel}
	ready := make(chan struct{})
	s.conn = jsonrpc2.NewConn(ctx, &stream{r: bufio.NewReader(in), w: out, closed: cancel}, handlerFunc(
		func(ctx context.Context, _ *jsonrpc2.Conn, r *jsonrpc2.Request) {
			<-ready
			s.handle(ctx, r)
		}), jsonrpc2.SetLogger(silent{}))
	close(ready)
	done := make(chan struct{})
	go func() { defer close(done); s.publish(ctx) }()
	select {
	case <-ctx.Done():
	case <-s.conn.DisconnectNotify():
	}
	cancel()
	<-done
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state == shutDown {
		return 0
	}
	return 1
}

type handlerFunc func(context.Context, *jsonrpc2.Conn, *jsonrpc2.Request)

func (f handlerFunc) Handle(ctx context.Context, c *jsonrpc2.Conn, r *jsonrpc2.Request) { f(ctx, c, r) }

// silent drops what jsonrpc2 logs: standard error is the editor's log, and texts have no place in it.
type silent struct{}

func (silent) Printf(string, ...any) {}

const (
	codeNotInitialized = -32002
	codeCancelled      = -32800
)

// handle takes the messages in their order. What has to be computed is done beside, so that it can be cancelled.
func (s *server) handle(ctx context.Context, r *jsonrpc2.Request) {
	s.mu.Lock()
	state := s.state
	s.mu.Unlock()
	if r.Notif {
		s.notified(r, state)
		return
	}
	switch {
	case r.Method == "initialize" && state == fresh:
		s.initialize(ctx, r)
		return
	case state == fresh:
		s.fail(ctx, r, codeNotInitialized, "the session has not begun")
		return
	case state != running || r.Method == "initialize":
		s.fail(ctx, r, jsonrpc2.CodeInvalidRequest, r.Method+" has no place here")
		return
	case r.Method == "shutdown":
		s.mu.Lock()
		s.state = shutDown
		s.mu.Unlock()
		s.reply(ctx, r, nil)
		return
	}
	answer := requests[r.Method]
	if answer == nil {
		s.fail(ctx, r, jsonrpc2.CodeMethodNotFound, "there is no method "+r.Method)
		return
	}
	inner, cancel := context.WithCancel(ctx)
	s.mu.Lock()
	s.cancels[r.ID] = cancel
	s.mu.Unlock()
	go s.answer(ctx, inner, cancel, r, answer)
}

// requests are the methods that are answered.
var requests = map[string]func(*server, context.Context, *jsonrpc2.Request) (any, error){
	"textDocument/diagnostic":  (*server).diagnose,
	"textDocument/hover":       (*server).hover,
	"textDocument/codeAction":  (*server).codeActions,
	"workspace/executeCommand": (*server).execute,
}

// answer computes the answer of one request and sends it.
func (s *server) answer(ctx, inner context.Context, cancel func(), r *jsonrpc2.Request,
	f func(*server, context.Context, *jsonrpc2.Request) (any, error)) {
	defer func() {
		s.mu.Lock()
		delete(s.cancels, r.ID)
		s.mu.Unlock()
		cancel()
		switch e := recover().(type) {
		case nil:
		case runtime.Error:
			s.fail(ctx, r, jsonrpc2.CodeInternalError, e.Error()) // which quotes no text
		default:
			s.fail(ctx, r, jsonrpc2.CodeInternalError, "internal error")
		}
	}()
	result, err := f(s, inner, r)
	switch {
	case inner.Err() != nil:
		s.fail(ctx, r, codeCancelled, "cancelled")
	case err != nil:
		s.fail(ctx, r, jsonrpc2.CodeInvalidParams, err.Error())
	default:
		s.reply(ctx, r, result)
	}
}

func (s *server) reply(ctx context.Context, r *jsonrpc2.Request, result any) {
	// Where the editor has gone, the reading ends too.
	_ = s.conn.Reply(ctx, r.ID, result)
}

func (s *server) fail(ctx context.Context, r *jsonrpc2.Request, code int64, text string) {
	_ = s.conn.ReplyWithError(ctx, r.ID, &jsonrpc2.Error{Code: code, Message: text})
}

// params reads the parameters of a message.
func params[T any](r *jsonrpc2.Request) (p T, err error) {
	if r.Params == nil {
		return p, fmt.Errorf("%s needs parameters", r.Method)
	}
	if err := json.Unmarshal(*r.Params, &p); err != nil {
		return p, fmt.Errorf("the parameters of %s are others: %w", r.Method, err)
	}
	return p, nil
}

func (s *server) initialize(ctx context.Context, r *jsonrpc2.Request) {
	p, err := params[initializeParams](r)
	if err != nil {
		s.fail(ctx, r, jsonrpc2.CodeInvalidParams, err.Error())
		return
	}
	s.mu.Lock()
	for _, e := range p.Capabilities.General.PositionEncodings {
		if e := encoding(e); e == utf8Units || e == utf16Units || e == utf32Units {
			s.enc = e
			break
		}
	}
	s.pull = p.Capabilities.TextDocument.Diagnostic != nil
	s.refresh = p.Capabilities.Workspace.Diagnostics.Refresh
	s.watch = p.Capabilities.Workspace.Watched.Dynamic
	switch {
	case len(p.Folders) > 0:
		for _, f := range p.Folders {
			s.addRoom(f.URI)
		}
	case p.RootURI != "":
		s.addRoom(p.RootURI)
	case p.RootPath != "":
		s.addRoom(uriOf(p.RootPath))
	}
	s.state = running
	enc := s.enc
	s.mu.Unlock()
	s.reply(ctx, r, map[string]any{
		"serverInfo": map[string]string{"name": "unleaked", "version": s.o.Version},
		"capabilities": map[string]any{
			"positionEncoding":   enc,
			"textDocumentSync":   map[string]any{"openClose": true, "change": 2, "save": map[string]bool{"includeText": false}},
			"diagnosticProvider": map[string]any{"identifier": source, "interFileDependencies": true, "workspaceDiagnostics": false},
			"hoverProvider":      true,
			"codeActionProvider": map[string]any{"codeActionKinds": []string{"quickfix"}},
			"executeCommandProvider": map[string]any{
				"commands": []string{copyRedacted}},
			"workspace": map[string]any{"workspaceFolders": map[string]bool{"supported": true, "changeNotifications": true}},
		},
	})
}

// notified takes what wants no answer.
func (s *server) notified(r *jsonrpc2.Request, state int) {
	if r.Method == "exit" {
		s.stop()
		return
	}
	if take := notifications[r.Method]; take != nil && (state == running || r.Method == "$/cancelRequest") {
		take(s, r)
	}
}

// notifications are those that are heard; what is wrong with one cannot be told.
var notifications = map[string]func(*server, *jsonrpc2.Request){
	"initialized":                         func(s *server, _ *jsonrpc2.Request) { go s.register(); s.rouse() },
	"$/cancelRequest":                     (*server).cancel,
	"textDocument/didOpen":                (*server).opened,
	"textDocument/didChange":              (*server).changed,
	"textDocument/didSave":                (*server).saved,
	"textDocument/didClose":               (*server).closed,
	"workspace/didChangeWatchedFiles":     (*server).watched,
	"workspace/didChangeWorkspaceFolders": (*server).moved,
}

func (s *server) cancel(r *jsonrpc2.Request) {
	p, err := params[struct {
		ID jsonrpc2.ID `json:"id"`
	}](r)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if cancel := s.cancels[p.ID]; cancel != nil {
		cancel()
	}
}

// register asks the editor to tell of files that change.
func (s *server) register() {
	s.mu.Lock()
	watch := s.watch
	s.mu.Unlock()
	if !watch {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	// An editor that refuses is served by what it saves.
	_ = s.conn.Call(ctx, "client/registerCapability", map[string]any{"registrations": []any{map[string]any{
		"id": "unleaked-files", "method": "workspace/didChangeWatchedFiles",
		"registerOptions": map[string]any{"watchers": []any{map[string]any{"globPattern": "**/*"}}},
	}}}, nil)
}

// rouse has the publisher look.
func (s *server) rouse() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
