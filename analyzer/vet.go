package analyzer

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/format"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/unleaked/unleaked/rules"
)

// Options are those of a Vet.
type Options struct {
	Dir       string // where patterns are resolved; "" is the current folder
	Silent    bool   // nothing is written: the report has it all
	JSON      bool   // one JSON object a package, as go vet -json has it
	Fix       bool   // write the suggested fixes instead of telling
	Tests     bool   // read test files too
	Public    bool   // tell of public credentials too
	Generated bool   // tell of generated files
	Examples  bool   // tell of documented examples
	// Known, where set, says what somebody who can know says of a token. It is called from several goroutines.
	Known     func(rules.Credential) rules.Knowledge
	BuildTags []string
	Env       []string // of the go command; nil is this process's own
}

// A Report says what a Vet came to.
type Report struct {
	Findings int      // diagnostics, without those that were fixed
	Fixed    int      // files that were written
	Problems []string // packages that could not be read or checked; each makes the check incomplete
	// Diagnostics are the findings one by one, in the order of files and places.
	Diagnostics []Diagnostic
	Files       int   // source files that were checked
	Bytes       int64 // of those files
}

// A Diagnostic is one finding of a Vet, for reports in other forms than go vet's.
type Diagnostic struct {
	File       string   // relative to the checked folder where it lies below it, forward slashes
	Start, End Position // of what is told of; End is behind it, and zero where that is not known
	Rules      []rules.RuleID
	Message    string // what the rules mean here, without their names
	Related    []Related
	Held       *Held // the token that stands there, nil where none does: it is read from the environment, or from elsewhere
}

// A Held is a token in the code, and what it was found to be.
type Held struct {
	Credential rules.Credential
	Verdict    rules.Verdict   // its evidence has the last part of a file's path only
	Knowledge  rules.Knowledge // of an inventory; zero where none was asked
	Name       string          // what the code binds it to, "" where that has no name
}

// A Position is a place in a file. Line counts from 1, Column counts Unicode code points from 1.
type Position struct{ Line, Column int }

// A Related is another place that a finding points to.
type Related struct {
	File string
	Line int // from 1
	Text string
}

// Vet checks packages of Go code: patterns as the go command takes them, "./..." where there are none. Diagnostics go
// to out. The error is one of loading at all; packages that do not compile are among the report's problems.
//
// Only packages that matter are read from source: those asked for, those of the same modules, and those of other
// modules on the way to an SDK. What is known of the others is in their compiled form.
func Vet(ctx context.Context, patterns []string, opts Options, out io.Writer) (Report, error) {
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	roots, rep, err := load(ctx, patterns, opts)
	if err != nil {
		return rep, err
	}
	a := newPass(opts.Known)
	for name, value := range map[string]bool{"tests": opts.Tests, "public": opts.Public, "generated": opts.Generated,
		"examples": opts.Examples} {
		if err := a.Flags.Set(name, fmt.Sprint(value)); err != nil {
			return rep, fmt.Errorf("setting of the pass: %w", err)
		}
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{a}, roots.all, nil)
	if err != nil {
		return rep, fmt.Errorf("check: %w", err)
	}
	var told []located
	seen := map[string]bool{}
	for _, act := range graph.Roots {
		if !roots.asked[act.Package] {
			continue
		}
		if act.Err != nil {
			rep.Problems = append(rep.Problems, fmt.Sprintf("%s: %v", act.Package.ID, act.Err))
			continue
		}
		for _, d := range act.Diagnostics {
			held, _ := act.Result.(map[token.Pos]*Held)
			t := located{act.Package, act.Package.Fset.Position(d.Pos), d, held[d.Pos]}
			key := fmt.Sprintf("%s:%d:%s", t.pos.Filename, t.pos.Offset, d.Category)
			if !seen[key] {
				seen[key] = true
				told = append(told, t)
			}
		}
	}
	slices.Sort(rep.Problems)
	rep.Problems = slices.Compact(rep.Problems)
	slices.SortFunc(told, func(x, y located) int {
		return cmp.Or(cmp.Compare(x.pos.Filename, y.pos.Filename), cmp.Compare(x.pos.Offset, y.pos.Offset),
			cmp.Compare(x.d.Category, y.d.Category))
	})
	if opts.Fix {
		if told, rep.Fixed, err = applyFixes(told); err != nil {
			return rep, err
		}
	}
	rep.Findings = len(told)
	rep.Files, rep.Bytes = roots.files()
	base := opts.Dir
	if base == "" {
		base, _ = os.Getwd() // without it, paths stay absolute
	}
	rep.Diagnostics = diagnostics(told, base)
	if opts.Silent {
		return rep, nil
	}
	if opts.JSON {
		return rep, writeJSON(out, told, a.Name)
	}
	return rep, writeText(out, told, base)
}

// located is a diagnostic with its place.
type located struct {
	pkg *packages.Package
	pos token.Position
	d   analysis.Diagnostic
	is  *Held
}

func writeText(out io.Writer, list []located, base string) error {
	var b bytes.Buffer
	for _, t := range list {
		name := relative(base, t.pos.Filename)
		fmt.Fprintf(&b, "%s:%d:%d: %s\n", escapeName(name), t.pos.Line, t.pos.Column, t.d.Message)
	}
	_, err := out.Write(b.Bytes())
	return err
}

// relative is a file's name from a folder, where it lies below it.
func relative(base, name string) string {
	if rel, err := filepath.Rel(base, name); err == nil && !strings.HasPrefix(rel, "..") {
		return rel
	}
	return name
}

// escapeName shows a file's name so that it cannot write to the terminal.
func escapeName(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool {
		return r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 ||
			r >= 0x202a && r <= 0x2069
	}) {
		return fmt.Sprintf("%+q", name)
	}
	return name
}

// jsonDiagnostic has the fields of go vet -json, and the rule's page.
type jsonDiagnostic struct {
	Category string    `json:"category"`
	Posn     string    `json:"posn"`
	End      string    `json:"end"`
	Message  string    `json:"message"`
	URL      string    `json:"url"`
	Fixes    []jsonFix `json:"suggested_fixes,omitempty"`
}

type jsonFix struct {
	Message string     `json:"message"`
	Edits   []jsonEdit `json:"edits"`
}

type jsonEdit struct {
	Filename string `json:"filename"`
	Start    int    `json:"start"` // bytes, from 0
	End      int    `json:"end"`
	New      string `json:"new"`
}

func writeJSON(out io.Writer, list []located, name string) error {
	tree := map[string]map[string][]jsonDiagnostic{}
	for _, t := range list {
		fset := t.pkg.Fset
		j := jsonDiagnostic{Category: t.d.Category, Posn: t.pos.String(), End: fset.Position(t.d.End).String(),
			Message: t.d.Message, URL: t.d.URL}
		for _, f := range t.d.SuggestedFixes {
			fix := jsonFix{Message: f.Message}
			for _, e := range f.TextEdits {
				start, end := fset.Position(e.Pos), fset.Position(e.End)
				fix.Edits = append(fix.Edits, jsonEdit{start.Filename, start.Offset, end.Offset, string(e.NewText)})
			}
			j.Fixes = append(j.Fixes, fix)
		}
		if tree[t.pkg.ID] == nil {
			tree[t.pkg.ID] = map[string][]jsonDiagnostic{}
		}
		tree[t.pkg.ID][name] = append(tree[t.pkg.ID][name], j)
	}
	enc := json.NewEncoder(out)
	enc.SetIndent("", "\t")
	enc.SetEscapeHTML(false)
	return enc.Encode(tree)
}

// loaded are packages: those that are checked, and which of them were asked for.
type loaded struct {
	all   []*packages.Package
	asked map[*packages.Package]bool
}

func load(ctx context.Context, patterns []string, opts Options) (loaded, Report, error) {
	var rep Report
	cfg := packages.Config{Context: ctx, Dir: opts.Dir, Tests: opts.Tests, Env: opts.Env}
	if len(opts.BuildTags) > 0 {
		cfg.BuildFlags = []string{"-tags=" + strings.Join(opts.BuildTags, ",")}
	}
	cfg.Mode = packages.NeedName | packages.NeedImports | packages.NeedDeps | packages.NeedModule
	names, err := packages.Load(&cfg, patterns...)
	if err != nil {
		return loaded{}, rep, fmt.Errorf("packages %s: %w", strings.Join(patterns, " "), err)
	}
	if len(names) == 0 {
		return loaded{}, rep, fmt.Errorf("packages %s: none found", strings.Join(patterns, " "))
	}
	extra := worthReading(names)
	asked := map[string]bool{}
	for _, p := range names {
		asked[p.ID] = true
	}
	cfg.Mode = packages.LoadSyntax | packages.NeedModule
	list, err := packages.Load(&cfg, append(slices.Clone(patterns), extra...)...)
	if err != nil {
		return loaded{}, rep, fmt.Errorf("packages %s: %w", strings.Join(patterns, " "), err)
	}
	l := loaded{asked: map[*packages.Package]bool{}}
	read := map[string]bool{}
	variant := map[string]bool{}
	for _, p := range list {
		read[p.ID] = true
		if p.ForTest != "" && p.PkgPath == p.ForTest {
			variant[p.ForTest] = true // holds all files of the package, and its tests
		}
	}
	for _, p := range list {
		for path, dep := range p.Imports {
			if !read[dep.ID] {
				delete(p.Imports, path) // known by its compiled form alone: it has no facts
			}
		}
		if strings.HasSuffix(p.ID, ".test") || p.Name == "" && len(p.Errors) == 0 {
			continue // the main package that go test makes
		}
		for _, e := range p.Errors {
			if asked[p.ID] {
				rep.Problems = append(rep.Problems, e.Error())
			}
		}
		l.all = append(l.all, p)
		if asked[p.ID] && !(variant[p.PkgPath] && p.ForTest == "") {
			l.asked[p] = true
		}
	}
	return l, rep, nil
}

// worthReading are the packages besides those asked for whose source says something: those of the same modules, and
// those of others from which an SDK can be reached.
func worthReading(names []*packages.Package) []string {
	mains := map[string]bool{}
	for _, p := range names {
		if p.Module != nil {
			mains[p.Module.Path] = true
		}
	}
	memo := map[*packages.Package]bool{}
	var reaches func(p *packages.Package) bool
	reaches = func(p *packages.Package) bool {
		if r, ok := memo[p]; ok {
			return r
		}
		memo[p] = false
		r := isSDK(p.PkgPath)
		for _, imp := range p.Imports {
			r = reaches(imp) || r
		}
		memo[p] = r
		return r
	}
	var extra []string
	packages.Visit(names, nil, func(p *packages.Package) {
		if slices.Contains(names, p) || p.Module == nil || isSDK(p.PkgPath) || p.ForTest != "" {
			return
		}
		if mains[p.Module.Path] || reaches(p) {
			extra = append(extra, p.PkgPath)
		}
	})
	slices.Sort(extra)
	return slices.Compact(extra)
}

// applyFixes writes the first fix of each diagnostic that has one. A fix that overlaps one that is taken already is
// left; equal edits, such as the import that several fixes add, are one. It returns the diagnostics that are left.
func applyFixes(list []located) (left []located, files int, err error) {
	type edit struct {
		start, end int
		text       string
	}
	edits := map[string][]edit{}
	for _, t := range list {
		if len(t.d.SuggestedFixes) == 0 {
			left = append(left, t)
			continue
		}
		fset := t.pkg.Fset
		wanted := map[string][]edit{}
		ok := true
		for _, e := range t.d.SuggestedFixes[0].TextEdits {
			start, end := fset.Position(e.Pos), fset.Position(e.End)
			n := edit{start.Offset, end.Offset, string(e.NewText)}
			have := false
			for _, o := range edits[start.Filename] {
				have = have || o == n
				ok = ok && (o == n || n.end < o.start || o.end < n.start || n.start == n.end && n.end <= o.start ||
					o.start == o.end && o.end <= n.start)
			}
			if !have {
				wanted[start.Filename] = append(wanted[start.Filename], n)
			}
		}
		if !ok {
			left = append(left, t)
			continue
		}
		for name, es := range wanted {
			edits[name] = append(edits[name], es...)
		}
	}
	var errs []error
	for name, es := range edits {
		if err := rewrite(name, func(src []byte) []byte {
			slices.SortFunc(es, func(a, b edit) int { return cmp.Or(b.start-a.start, b.end-a.end) })
			for _, e := range es {
				if e.start < 0 || e.end > len(src) || e.start > e.end {
					continue
				}
				src = slices.Concat(src[:e.start], []byte(e.text), src[e.end:])
			}
			return src
		}); err != nil {
			errs = append(errs, err)
			continue
		}
		files++
	}
	return left, files, errors.Join(errs...)
}

// rewrite changes a file in place, formatted as gofmt does where it was Go before.
func rewrite(name string, change func([]byte) []byte) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	src, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	src = change(src)
	if pretty, err := format.Source(src); err == nil {
		src = pretty
	}
	return os.WriteFile(name, src, info.Mode().Perm())
}

// files is how many source files the packages that were asked for have, and how many bytes those are.
func (l loaded) files() (n int, size int64) {
	seen := map[string]bool{}
	for p := range l.asked {
		for _, name := range p.GoFiles {
			if seen[name] {
				continue
			}
			seen[name] = true
			n++
			if info, err := os.Stat(name); err == nil {
				size += info.Size()
			}
		}
	}
	return n, size
}
