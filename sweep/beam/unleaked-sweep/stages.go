package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"

	"github.com/unleaked/unleaked/scanner"
	"github.com/unleaked/unleaked/sweep"
)

// What runs on workers is found by its name. It is called by reflection: code that is generated for each signature
// takes a minute to compile, and what a call costs is nothing beside the reading of a repository.
func init() {
	for _, fn := range []any{(*nameFn)(nil), (*readFn)(nil), (*judgeFn)(nil), (*writeFn)(nil), (*joinFn)(nil)} {
		beam.RegisterType(reflect.TypeOf(fn).Elem())
	}
	for _, fn := range []any{distinct, listLine} {
		beam.RegisterFunction(fn)
	}
}

// stageOptions are what every worker has to know. They travel with the pipeline, as JSON.
type stageOptions struct {
	Key                        []byte // nil where KeyFile or State holds it
	KeyFile, State             string // as the workers see them
	Inventories                []string
	Complete                   bool // the inventories list all tokens that there are
	Public, Examples, NoInline bool
	NameFrom                   sweep.NameFrom
	FailOn                     int // a rules.Severity, which is written and not read as text
	Version                    string
	Jobs                       int
}

// sweep are the options of the library, with the key that a file holds.
func (o *stageOptions) sweep() (sweep.Options, error) {
	out := sweep.Options{Key: o.Key, State: o.State, Public: o.Public, Examples: o.Examples, NoInline: o.NoInline,
		Version: o.Version, Jobs: o.Jobs}
	if o.KeyFile != "" {
		var err error
		if out.Key, err = readKey(o.KeyFile); err != nil {
			return out, err
		}
	}
	oracle, knowing, err := openInventories(o.Inventories, out.Key, o.Complete)
	if err != nil {
		return out, err
	}
	if oracle != nil {
		out.Oracle, out.Knowing = oracle, knowing
	}
	return out, nil
}

// nameFn gives each repository the name that reports call it by: as it is listed, or as its remote calls it.
type nameFn struct{ Remote bool }

// ProcessElement returns the name, and the path that was listed.
func (f *nameFn) ProcessElement(_ context.Context, listed string) (name, path string) {
	path = sweep.CleanPath(listed)
	if f.Remote {
		if remote := sweep.RemoteName(path); remote != "" {
			return remote, path
		}
	}
	return path, path
}

// distinct emits each repository once, under a name that no other has.
func distinct(name string, paths func(*string) bool, emit func(name, path string)) {
	all := map[string]bool{}
	var path string
	for paths(&path) {
		all[path] = true
	}
	for _, path := range slices.Sorted(maps.Keys(all)) {
		if len(all) > 1 {
			emit(sweep.Distinct(name, path), path)
		} else {
			emit(name, path)
		}
	}
}

// readFn is stage 1: it reads a repository.
type readFn struct {
	Options stageOptions

	reader *sweep.Reader
}

// readers are those of a process: instances of one stage share them, and with them the key of a state.
var readers struct {
	sync.Mutex
	byOptions map[string]*sweep.Reader
}

// Setup opens the state, the key and the inventories.
func (f *readFn) Setup() error {
	id, err := json.Marshal(f.Options)
	if err != nil {
		return err
	}
	readers.Lock()
	defer readers.Unlock()
	if f.reader = readers.byOptions[string(id)]; f.reader != nil {
		return nil
	}
	o, err := f.Options.sweep()
	if err != nil {
		return err
	}
	if f.reader, err = sweep.NewReader(o); err != nil {
		return err
	}
	if readers.byOptions == nil {
		readers.byOptions = map[string]*sweep.Reader{}
	}
	readers.byOptions[string(id)] = f.reader
	return nil
}

// ProcessElement emits what the repository says; and for each credential in it, by what joins it to others, the summary of
// what is said of it. Whatever goes wrong is in the facts.
func (f *readFn) ProcessElement(ctx context.Context, name, path string, facts func([]byte), summaries func(string, []byte)) {
	one := f.reader.Read(ctx, path).Named(name)
	text, err := json.Marshal(one)
	if err != nil { // of texts that JSON has no form for
		one = sweep.Unreadable(path, "its facts cannot be sent: "+err.Error()).Named(name)
		text, _ = json.Marshal(one)
	}
	facts(text)
	for join, summary := range one.Summaries(f.reader.Key()) {
		if text, err := json.Marshal(summary); err == nil {
			summaries(join, text)
		}
	}
}

// joinFn combines summaries of one credential, before the shuffle and after it.
type joinFn struct{}

// CreateAccumulator returns the summary of nothing.
func (joinFn) CreateAccumulator() []byte { return nil }

// MergeAccumulators returns the summary of what two summarise.
func (joinFn) MergeAccumulators(a, b []byte) ([]byte, error) {
	switch {
	case len(a) == 0:
		return b, nil
	case len(b) == 0:
		return a, nil
	}
	var s, o scanner.Summary
	if err := json.Unmarshal(a, &s); err != nil {
		return nil, fmt.Errorf("summary: %w", err)
	}
	if err := json.Unmarshal(b, &o); err != nil {
		return nil, fmt.Errorf("summary: %w", err)
	}
	s.Join(&o)
	return json.Marshal(&s)
}

// judgeFn is stage 2: it judges what stands in a repository.
type judgeFn struct {
	Options stageOptions

	key []byte
}

// Setup opens the key.
func (f *judgeFn) Setup() error {
	r := readFn{Options: f.Options}
	if err := r.Setup(); err != nil {
		return err
	}
	f.key = r.reader.Key()
	return nil
}

// ProcessElement returns the part of a repository in the result. summaries are those of all credentials.
func (f *judgeFn) ProcessElement(_ context.Context, facts []byte, summaries func(string) func(*[]byte) bool) ([]byte, error) {
	one := &sweep.Facts{}
	if err := json.Unmarshal(facts, one); err != nil {
		return nil, fmt.Errorf("facts: %w", err)
	}
	var failed error
	part := one.Judge(f.key, func(join string) *scanner.Summary {
		s := &scanner.Summary{}
		var text []byte
		if !summaries(join)(&text) {
			failed = fmt.Errorf("%s: a credential without a summary", one.Repository)
		} else if err := json.Unmarshal(text, s); err != nil {
			failed = fmt.Errorf("%s: summary: %w", one.Repository, err)
		}
		return s
	}, sweep.Options{Public: f.Options.Public, Examples: f.Options.Examples})
	if failed != nil {
		return nil, failed
	}
	return json.Marshal(part)
}
