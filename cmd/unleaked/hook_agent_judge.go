package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/unleaked/unleaked/internal/agent"
	"github.com/unleaked/unleaked/internal/plain"
	"github.com/unleaked/unleaked/mask"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner"
)

// loadPatience is how long the tree around may take to read, where a text has given cause to. Agents wait for half a
// minute, and then go on without the answer: without the tree what is not decided counts as secret.
const loadPatience = 10 * time.Second

// A judge looks at texts that are not files yet, or will never be.
type judge struct {
	ctx      context.Context
	settings *settings
	dir      string // the agent's working folder, "" is our own
}

// textFolder is where texts that are no file's lie on the bench.
const textFolder = "<agent>/"

// A suspect is a text to look at.
type suspect struct {
	file   string // absolute, "" of a text that is no file's
	name   string // in the workspace of its tree
	text   []byte
	before []byte // what the file is now; nil where it is not, or does not matter
}

// outgoing is why a call must not go on, "" where it may.
func (j *judge) outgoing(c *agent.Call) (string, error) {
	trees := map[string][]suspect{} // by their roots
	for _, w := range c.Writes {
		file := j.abs(w.Path)
		before, err := plain.ReadFile(file)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("reading what %s is now: %w", w.Path, err)
		}
		if w.Edit == nil {
			continue
		}
		after := w.Edit(before)
		if reason := lostTokens(filepath.Base(file), before, after); reason != "" {
			return reason, nil
		}
		root := rootOf(filepath.Dir(file))
		trees[root] = append(trees[root], suspect{file: file, text: after, before: before})
	}
	root := rootOf(j.abs("."))
	for _, t := range c.Texts {
		trees[root] = append(trees[root], suspect{name: textFolder + t.Name, text: []byte(t.Text)})
	}
	var found []scanner.Finding
	for root, list := range trees {
		some, err := j.look(root, list)
		if err != nil {
			return "", err
		}
		found = append(found, some...)
	}
	if len(found) == 0 {
		return "", nil
	}
	slices.SortFunc(found, func(a, b scanner.Finding) int {
		if n := strings.Compare(a.File, b.File); n != 0 {
			return n
		}
		return a.Line - b.Line
	})
	return stopped(c, found), nil
}

// incoming are the secrets in what the model is about to see, or has seen, without those that it has itself given to the
// tool: agents say of a file that was written what stands in it.
func (j *judge) incoming(c *agent.Call) ([]scanner.Finding, error) {
	text := strings.Join(c.Output, "\n")
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	root, s := rootOf(j.abs(".")), suspect{name: textFolder + "output.txt", text: []byte(text)}
	if c.Reads != "" {
		file := j.abs(c.Reads)
		root, s = rootOf(filepath.Dir(file)), suspect{file: file, text: []byte(text)}
	}
	found, err := j.lookRead(root, s)
	given := strings.Join(c.Given, "\n")
	return slices.DeleteFunc(found, func(f scanner.Finding) bool { return strings.Contains(given, f.Secret.Reveal()) }), err
}

// rootOf is the root of the tree that a folder belongs to, which need not be there yet.
func rootOf(dir string) string {
	for {
		if info, err := os.Stat(dir); err == nil && info.IsDir() || dir == filepath.Dir(dir) {
			return scanner.NewTree(dir).Root()
		}
		dir = filepath.Dir(dir)
	}
}

// abs is a path of the agent's as one of ours.
func (j *judge) abs(name string) string {
	name = filepath.FromSlash(name)
	if home, err := os.UserHomeDir(); err == nil && (name == "~" || strings.HasPrefix(name, "~"+string(filepath.Separator))) {
		name = filepath.Join(home, name[1:])
	}
	if !filepath.IsAbs(name) && j.dir != "" {
		name = filepath.Join(j.dir, name)
	}
	abs, err := filepath.Abs(name)
	if err != nil {
		return filepath.Clean(name)
	}
	return abs
}

// A bench is a workspace with the terms that hold in it.
type bench struct {
	space *scanner.Workspace
	terms *terms
	opts  scanner.Options
	least rules.Severity
	inGit bool
}

// bench is what a tree's texts are laid on.
func (j *judge) bench(root string) (*bench, error) {
	tree := scanner.NewTree(root)
	t, err := j.settings.loadPolicy(j.ctx, job{root: tree.Root(), partial: true})
	if err != nil {
		return nil, err
	}
	tree.Ignore = t.ignore
	b := &bench{terms: t, least: rules.Severity(j.settings.failOn), opts: scanner.Options{Public: true, Policy: &t.Policy}}
	if t.Config != nil && t.Config.HasFailOn && !j.settings.failOnSet() {
		b.least = t.Config.FailOn
	}
	b.space = scanner.NewWorkspace(tree, b.opts)
	_, err = os.Stat(filepath.Join(tree.Root(), ".git"))
	b.inGit = err == nil
	return b, nil
}

// look is what the suspects of one tree bring: findings that were not in their files before. Each is looked at by itself
// first; only where that finds something, be it public, is the tree around it read.
func (j *judge) look(root string, list []suspect) ([]scanner.Finding, error) {
	b, err := j.bench(root)
	if err != nil {
		return nil, err
	}
	names := b.lay(list, func(s suspect) []byte { return s.text })
	if !b.any(j.ctx) {
		return nil, nil
	}
	for i, s := range list {
		if s.file != "" && b.inGit && j.gitIgnores(b.space.Root(), s.file) {
			names[i] = ""
		}
	}
	b.load(j.ctx)
	b.lay(list, func(s suspect) []byte { return s.text })
	found := b.findings(j.ctx, names)
	b.lay(list, func(s suspect) []byte { return s.before })
	return newOnes(found, b.findings(j.ctx, names)), nil
}

// lookRead is what a text that is read holds, whether git ignores its file or not.
func (j *judge) lookRead(root string, s suspect) ([]scanner.Finding, error) {
	b, err := j.bench(root)
	if err != nil {
		return nil, err
	}
	list := []suspect{s}
	names := b.lay(list, func(s suspect) []byte { return s.text })
	if !b.any(j.ctx) {
		return nil, nil
	}
	b.load(j.ctx)
	b.lay(list, func(s suspect) []byte { return s.text })
	return secrets(b.findings(j.ctx, names)), nil
}

// lay puts texts on the bench and returns their names there.
func (b *bench) lay(list []suspect, text func(suspect) []byte) []string {
	names := make([]string, len(list))
	for i, s := range list {
		names[i] = s.name
		if s.file != "" {
			rel, err := filepath.Rel(b.space.Root(), s.file)
			if err != nil {
				rel = filepath.Base(s.file)
			}
			names[i] = path.Clean(filepath.ToSlash(rel))
		}
		b.space.Set(names[i], text(s), false)
	}
	return names
}

// load reads the tree around, where it is one that git knows: what lies beside a file elsewhere is nobody's project. What
// cannot be read in time stays unread.
func (b *bench) load(ctx context.Context) {
	if !b.inGit {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, loadPatience)
	defer cancel()
	_ = b.space.Load(ctx, b.opts, b.terms.ignore)
}

// any reports whether what lies on the bench holds anything to tell, whoever may see it.
func (b *bench) any(ctx context.Context) bool {
	result := b.space.Result(ctx)
	return len(result.Findings)+len(result.Suppressed) > 0
}

// findings are those of the named texts that fail, with the ones that a comment in the text accepts: an agent writes
// comments too.
func (b *bench) findings(ctx context.Context, names []string) []scanner.Finding {
	var list []scanner.Finding
	if b.least == 0 {
		return nil
	}
	result := b.space.Result(ctx)
	fails := func(f *scanner.Finding) bool {
		name, _, _ := strings.Cut(f.File, "!")
		return f.Severity >= b.least && slices.Contains(names, name)
	}
	for i := range result.Findings {
		if f := &result.Findings[i]; fails(f) {
			list = append(list, *f)
		}
	}
	for i := range result.Suppressed {
		if f := &result.Suppressed[i]; f.Suppressed.By == "inline" && fails(f) {
			list = append(list, *f)
		}
	}
	return list
}

// secrets are the findings of tokens that are not public; those that a comment accepts stand in a text that a person has
// let be.
func secrets(list []scanner.Finding) []scanner.Finding {
	return slices.DeleteFunc(list, func(f scanner.Finding) bool {
		return f.Suppressed != nil || f.Secret.IsZero() || f.Visibility() == "public"
	})
}

// newOnes are the findings of after that before has not, by what they are of: a token that moves is not new.
func newOnes(after, before []scanner.Finding) []scanner.Finding {
	type key struct {
		file, fingerprint string
		rule              rules.RuleID
		accepted          bool
	}
	of := func(f *scanner.Finding) key { return key{f.File, f.Fingerprint, f.Rule, f.Suppressed != nil} }
	had := map[key]int{}
	for i := range before {
		had[of(&before[i])]++
	}
	var list []scanner.Finding
	for i := range after {
		if k := of(&after[i]); had[k] > 0 {
			had[k]--
		} else {
			list = append(list, after[i])
		}
	}
	return list
}

// gitIgnores reports whether git would leave a file out.
func (j *judge) gitIgnores(root, file string) bool {
	_, err := repository{ctx: j.ctx, dir: root}.git("check-ignore", "-q", "--", file)
	return err == nil
}

// encoder finds the encoded credentials of a text, for mask.
func encoder() func([]mask.Span, []byte) []mask.Span {
	var hits []scanner.Hit
	return func(dst []mask.Span, text []byte) []mask.Span {
		hits = scanner.AppendEncoded(hits[:0], text)
		for _, h := range hits {
			dst = append(dst, mask.Span{Credential: h.Credential, Start: h.Start, End: h.End,
				Wide: len(h.Layers) > 0 && h.Layers[0] == "utf-16"})
		}
		return dst
	}
}

// masker takes the tokens out of a text, and those of the findings in any case. Pseudonyms of texts that can be guessed
// are the same within an answer only.
func masker(found []scanner.Finding) func(string) string {
	o := mask.Options{Key: mask.NewKey(), Encoded: encoder()}
	for i := range found {
		o.Known = append(o.Known, found[i].Secret.Reveal())
	}
	return func(text string) string { return maskText(text, o) }
}

func maskText(text string, o mask.Options) string {
	var b bytes.Buffer
	w := mask.NewWriter(&b, o)
	_, _ = w.Write([]byte(text)) // a buffer takes all
	_ = w.Close()
	return b.String()
}
