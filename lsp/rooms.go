package lsp

import (
	"context"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/unleaked/unleaked/scanner"
)

// A document is a text that the editor holds. The server's mutex guards it.
type document struct {
	uri     string
	file    string // absolute path, "" where the document is no file
	room    *room
	name    string // in the room's workspace
	text    []byte // replaced, never changed
	version int
	told    string // the diagnostics that the editor was told last, "" of none yet
	at      int    // the version that they were of
}

// A room is a folder and its workspace, or one document that lies in none.
type room struct {
	folder string // absolute; "" of a document by itself
	root   string // absolute: what names are relative to

	// The server's mutex guards these.
	stale   bool                 // the tree has to be read
	pending map[string]*document // by name: to be set, or unset where nil
	written map[string]bool      // names of files that were saved
	moves   uint64               // changes so far

	computing sync.Mutex // guards what follows
	space     *scanner.Workspace
	seen      uint64 // moves that found is of
	found     *state
}

// A state is what was found, and the texts that it was found in.
type state struct {
	result *scanner.Result
	texts  map[string]snapshot // by name
}

type snapshot struct {
	text    []byte
	version int
}

// addRoom adds a folder. The server's mutex is held.
func (s *server) addRoom(uri string) {
	dir := pathOf(uri)
	if dir == "" {
		return
	}
	for _, r := range s.rooms {
		if r.folder == dir {
			return
		}
	}
	tree := scanner.NewTree(dir)
	s.rooms = append(s.rooms, &room{folder: dir, root: tree.Root(), stale: true, pending: map[string]*document{},
		written: map[string]bool{}, space: scanner.NewWorkspace(tree, s.options(nil))})
}

func (s *server) options(p *scanner.Policy) scanner.Options {
	return scanner.Options{Public: true, Examples: true, Policy: p, Oracle: s.o.Oracle}
}

// settle puts a document into its room: the innermost folder that holds it, else one of its own. The server's mutex is
// held.
func (s *server) settle(d *document, language string) {
	for _, r := range s.rooms {
		rel, err := filepath.Rel(r.folder, d.file)
		if d.file == "" || err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			continue
		}
		if d.room == nil || len(r.folder) > len(d.room.folder) {
			d.room = r
		}
	}
	if d.room != nil {
		d.name = relative(d.room.root, d.file)
		return
	}
	tree := &scanner.Tree{}
	d.name = path.Base(d.uri)
	if d.file != "" {
		tree = scanner.NewTree(d.file)
		d.name = relative(tree.Root(), d.file)
	} else if path.Ext(d.name) == "" {
		d.name += extensions()[language]
	}
	d.room = &room{root: tree.Root(), pending: map[string]*document{}, written: map[string]bool{},
		space: scanner.NewWorkspace(tree, s.options(nil))}
}

// extensions are those of documents that have no name yet.
var extensions = sync.OnceValue(func() map[string]string {
	return map[string]string{"go": ".go", "javascript": ".js", "javascriptreact": ".jsx", "typescript": ".ts",
		"typescriptreact": ".tsx", "python": ".py", "java": ".java", "kotlin": ".kt", "yaml": ".yaml", "json": ".json",
		"dockerfile": ".dockerfile", "dotenv": ".env", "shellscript": ".sh", "ruby": ".rb", "php": ".php", "csharp": ".cs",
		"rust": ".rs", "swift": ".swift", "dart": ".dart", "html": ".html", "terraform": ".tf", "markdown": ".md"}
})

func relative(root, file string) string {
	rel, err := filepath.Rel(root, file)
	if err != nil {
		return filepath.ToSlash(file)
	}
	return filepath.ToSlash(rel)
}

// change notes that a document's text is another. The server's mutex is held.
func (r *room) change(name string, d *document) {
	r.pending[name] = d
	r.moves++
}

func (s *server) opened(r *jsonrpc2.Request) {
	p, err := params[openParams](r)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d := &document{uri: p.Document.URI, file: pathOf(p.Document.URI), text: []byte(p.Document.Text),
		version: p.Document.Version}
	s.docs[d.uri] = d
	s.settle(d, p.Document.Language)
	d.room.change(d.name, d)
	s.rouse()
}

func (s *server) changed(r *jsonrpc2.Request) {
	p, err := params[changeParams](r)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.docs[p.Document.URI]
	if d == nil {
		return
	}
	for _, c := range p.Changes {
		if c.Range == nil {
			d.text = []byte(c.Text)
			continue
		}
		start := s.enc.offset(d.text, c.Range.Start)
		end := max(start, s.enc.offset(d.text, c.Range.End))
		text := make([]byte, 0, len(d.text)-(end-start)+len(c.Text))
		text = append(append(append(text, d.text[:start]...), c.Text...), d.text[end:]...)
		d.text = text
	}
	d.version = p.Document.Version
	d.room.change(d.name, d)
	s.rouse()
}

func (s *server) saved(r *jsonrpc2.Request) {
	p, err := params[documentParams](r)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.docs[p.Document.URI]; d != nil && d.file != "" {
		d.room.wrote(d.name)
		s.rouse()
	}
}

// wrote notes that a file was written. The server's mutex is held.
func (r *room) wrote(name string) {
	if base := path.Base(name); rereads[base] {
		r.stale = true
	}
	r.written[name] = true
	r.moves++
}

// rereads are the files that say what else is read, and what is accepted.
var rereads = map[string]bool{".gitignore": true, ".gitattributes": true, ".unleaked.yaml": true, ".unleakedignore": true}

func (s *server) closed(r *jsonrpc2.Request) {
	p, err := params[documentParams](r)
	if err != nil {
		return
	}
	s.mu.Lock()
	d := s.docs[p.Document.URI]
	delete(s.docs, p.Document.URI)
	if d != nil {
		d.room.change(d.name, nil)
		if d.file != "" {
			d.room.written[d.name] = true
		}
	}
	s.mu.Unlock()
	if d == nil {
		return
	}
	// What the editor shows is of documents that it holds: the file itself is read again with the tree.
	s.send(d.uri, nil, nil)
	s.rouse()
}

func (s *server) watched(r *jsonrpc2.Request) {
	p, err := params[watchedParams](r)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range p.Changes {
		file := pathOf(c.URI)
		if file == "" || strings.Contains(filepath.ToSlash(file), "/.git/") {
			continue
		}
		for _, r := range s.rooms {
			rel, err := filepath.Rel(r.folder, file)
			if err != nil || strings.HasPrefix(rel, "..") {
				continue
			}
			r.wrote(relative(r.root, file))
			if c.Type != 2 {
				r.stale = true
			}
		}
	}
	s.rouse()
}

func (s *server) moved(r *jsonrpc2.Request) {
	p, err := params[foldersParams](r)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range p.Event.Removed {
		dir := pathOf(f.URI)
		for i, r := range s.rooms {
			if r.folder == dir {
				s.rooms = append(s.rooms[:i:i], s.rooms[i+1:]...)
				break
			}
		}
	}
	for _, f := range p.Event.Added {
		s.addRoom(f.URI)
	}
	for _, d := range s.docs {
		old := d.room
		d.room = nil
		s.settle(d, "")
		if old != d.room {
			d.room.change(d.name, d)
		}
	}
	s.rouse()
}

// look is what is found in a room now: what has changed since it was asked last is read.
func (s *server) look(ctx context.Context, r *room) *state {
	r.computing.Lock()
	defer r.computing.Unlock()
	s.mu.Lock()
	moves, stale, written := r.moves, r.stale, r.written
	if r.found != nil && r.seen == moves && !stale {
		s.mu.Unlock()
		return r.found
	}
	texts := map[string]snapshot{}
	files := map[string]bool{}
	for _, d := range s.docs {
		if d.room == r {
			texts[d.name] = snapshot{d.text, d.version}
			files[d.name] = d.file != ""
		}
	}
	set := map[string]bool{}
	for name := range r.pending {
		set[name] = true
	}
	r.stale, r.pending, r.written = false, map[string]*document{}, map[string]bool{}
	s.mu.Unlock()
	if r.folder != "" {
		for name := range written {
			if !stale && !r.space.Saved(name) {
				stale = true
			}
		}
		if stale {
			s.load(ctx, r)
			for name := range texts {
				set[name] = true // whether git ignores it may be another matter now
			}
		}
	}
	for name := range set {
		t, open := texts[name]
		if !open {
			r.space.Unset(name)
			continue
		}
		_, err := os.Stat(filepath.Join(r.root, filepath.FromSlash(name)))
		r.space.Set(name, t.text, files[name] && err == nil && r.folder != "")
	}
	r.found, r.seen = &state{r.space.Result(ctx), texts}, moves
	return r.found
}

// load reads the tree of a room, and what holds in it.
func (s *server) load(ctx context.Context, r *room) {
	var policy *scanner.Policy
	var ignore *scanner.Ignore
	if s.o.Policy != nil {
		var err error
		if policy, ignore, err = s.o.Policy(r.root); err != nil {
			s.log(err.Error())
		}
	}
	if err := r.space.Load(ctx, s.options(policy), ignore); err != nil && ctx.Err() == nil {
		s.log(err.Error())
	}
}

// log tells the editor's log of something that it cannot be told otherwise.
func (s *server) log(text string) {
	_ = s.conn.Notify(context.Background(), "window/logMessage", map[string]any{"type": 2, "message": "unleaked: " + text})
}

// pathOf is the absolute path of a file's URI, "" of another.
func pathOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" {
		return ""
	}
	p := u.Path
	if runtime.GOOS == "windows" {
		p = strings.TrimPrefix(p, "/")
		if u.Host != "" {
			p = "//" + u.Host + u.Path
		}
	}
	return filepath.Clean(filepath.FromSlash(p))
}

// uriOf is the URI of a file.
func uriOf(file string) string {
	p := filepath.ToSlash(file)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p
	}
	return (&url.URL{Scheme: "file", Path: p}).String()
}
