package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/unleaked/unleaked/rules"
)

// A Config is what a configuration file (.unleaked.yaml) says. It holds settings of the scan and accepted findings, and
// no secrets.
type Config struct {
	Name     string   // as messages name the file
	Ignore   []string // patterns of files that are not read, as in .gitignore
	Public   bool
	Examples bool
	FailOn   rules.Severity // where HasFailOn
	// HasFailOn tells "fail-on: none" from no setting.
	HasFailOn bool
	Baseline  string // path relative to the configuration's folder, "" if not given
	Suppress  []SuppressEntry
	// Unread accepts what cannot be read, by path; AllowIncomplete lets a scan pass that did not read everything.
	Unread          []UnreadEntry
	AllowIncomplete bool
}

// An UnreadEntry accepts that what stands at a path is not read.
type UnreadEntry struct {
	Path, Reason string // Path is a pattern as in SuppressEntry
	Line         int    // of the configuration
}

const (
	maxConfig        = 1 << 20
	maxConfigEntries = 10_000
	configVersion    = "1"
)

// LoadConfig reads a configuration. It is strict: unknown keys, wrong types and entries without a reason are errors,
// each with its line. Errors never repeat the file's text beyond the names of its keys, for it may hold what it should
// not.
func LoadConfig(name string, data []byte) (*Config, error) {
	r := &configReader{config: &Config{Name: name}}
	if len(data) > maxConfig {
		return nil, fmt.Errorf("%s: larger than %d MiB", name, maxConfig>>20)
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF): // empty, or comments only
		r.fail(1, "has no settings; begin it with version: 1")
	case err != nil:
		return nil, yamlError(name, err)
	case len(doc.Content) != 1:
		r.fail(1, "has no settings; begin it with version: 1")
	default:
		r.document(doc.Content[0])
		if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
			r.fail(doc.Content[0].Line, "a second document follows; a configuration is one")
		}
	}
	if err := errors.Join(r.errs...); err != nil {
		return nil, err
	}
	return r.config, nil
}

var (
	yamlQuoted = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("`[^`]*`|'[^']*'|\"[^\"]*\"") })
	yamlLine   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^line ([0-9]+): `) })
)

// yamlError is a syntax error without the text that it quotes, its line where ours have it.
func yamlError(name string, err error) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	text = yamlQuoted().ReplaceAllString(text, "…")
	if m := yamlLine().FindStringSubmatch(text); m != nil {
		return fmt.Errorf("%s:%s: %s", name, m[1], text[len(m[0]):])
	}
	return fmt.Errorf("%s: %s", name, text)
}

// A configReader walks the nodes of a configuration and gathers every error, so that one run shows them all.
type configReader struct {
	config *Config
	errs   []error
}

func (r *configReader) fail(line int, format string, args ...any) {
	if len(r.errs) < 20 {
		r.errs = append(r.errs, fmt.Errorf("%s:%d: %s", r.config.Name, line, fmt.Sprintf(format, args...)))
	}
}

// configKeys and suppressKeys are the keys there are, in the order of the documentation.
var (
	configKeys = []string{"version", "ignore", "public", "examples", "fail-on", "baseline", "allow-incomplete", "unread",
		"suppress"}
	unreadKeys   = []string{"path", "reason"}
	suppressKeys = []string{"fingerprint", "rule", "path", "reason", "owner", "expires"}
)

func (r *configReader) document(root *yaml.Node) {
	fields, ok := r.fields(root, "the configuration", configKeys)
	if !ok {
		return
	}
	version, ok := fields["version"]
	switch {
	case !ok:
		r.fail(root.Line, "version is missing; begin the file with version: 1")
	case version.Kind != yaml.ScalarNode || version.Value != configVersion:
		r.fail(version.Line, "version must be 1, the only one that this program knows")
	}
	c := r.config
	if n, ok := fields["ignore"]; ok {
		for _, item := range r.list(n, "ignore") {
			c.Ignore = append(c.Ignore, r.text(item, "an ignore pattern"))
		}
	}
	c.Public = r.boolean(fields["public"], "public")
	c.Examples = r.boolean(fields["examples"], "examples")
	if n, ok := fields["fail-on"]; ok {
		c.FailOn, c.HasFailOn = rules.ParseSeverity(r.text(n, "fail-on"))
		if !c.HasFailOn {
			r.fail(n.Line, "fail-on must be info, low, medium, high, critical or none")
		}
	}
	if n, ok := fields["baseline"]; ok {
		c.Baseline = r.text(n, "baseline")
		if !localPath(c.Baseline) {
			r.fail(n.Line, "baseline must be a path below the configuration's folder, with / between folders")
		}
	}
	c.AllowIncomplete = r.boolean(fields["allow-incomplete"], "allow-incomplete")
	if n, ok := fields["unread"]; ok {
		for _, item := range r.list(n, "unread") {
			r.unread(item)
		}
	}
	if n, ok := fields["suppress"]; ok {
		for _, item := range r.list(n, "suppress") {
			r.suppress(item)
		}
	}
}

func (r *configReader) unread(n *yaml.Node) {
	fields, ok := r.fields(n, "an entry of unread", unreadKeys)
	if !ok {
		return
	}
	u := UnreadEntry{Line: n.Line}
	if f, ok := fields["path"]; ok {
		u.Path = r.text(f, "path")
		if err := checkPath(u.Path); err != nil {
			r.fail(f.Line, "path %v", err)
		}
	} else {
		r.fail(n.Line, "an entry of unread needs a path")
	}
	if f, ok := fields["reason"]; ok {
		u.Reason = r.text(f, "reason")
	}
	if !hasWord(u.Reason) {
		r.fail(n.Line, "an entry of unread needs a reason")
	}
	r.config.Unread = append(r.config.Unread, u)
}

func (r *configReader) suppress(n *yaml.Node) {
	fields, ok := r.fields(n, "a suppression", suppressKeys)
	if !ok {
		return
	}
	s := SuppressEntry{Line: n.Line}
	if f, ok := fields["fingerprint"]; ok {
		s.Fingerprint = r.text(f, "fingerprint")
		if !rules.IsFingerprint(s.Fingerprint) {
			r.fail(f.Line, "fingerprint must be one as reports print it, or its first eight characters or more")
		}
	}
	if f, ok := fields["rule"]; ok {
		items := []*yaml.Node{f}
		if f.Kind == yaml.SequenceNode {
			items = f.Content
		}
		for _, item := range items {
			id := rules.RuleID(r.text(item, "rule"))
			if _, known := rules.Lookup(id); !known {
				r.fail(item.Line, "no such rule%s; unleaked rules lists them", hint(string(id), ruleNames()))
				continue
			}
			s.Rules = append(s.Rules, id)
		}
	}
	if f, ok := fields["path"]; ok {
		s.Path = r.text(f, "path")
		if err := checkPath(s.Path); err != nil {
			r.fail(f.Line, "path %v", err)
		}
	}
	if fields["fingerprint"] == nil && fields["rule"] == nil && fields["path"] == nil {
		r.fail(n.Line, "a suppression needs a fingerprint, a rule or a path: this one would hide everything")
	}
	if f, ok := fields["reason"]; ok {
		s.Reason = r.text(f, "reason")
	}
	if !isReason(s.Reason) {
		r.fail(n.Line, "a suppression needs a reason")
	}
	if f, ok := fields["owner"]; ok {
		s.Owner = r.text(f, "owner")
	}
	if f, ok := fields["expires"]; ok {
		day, err := time.Parse(time.DateOnly, r.text(f, "expires"))
		if err != nil {
			r.fail(f.Line, "expires must be a day, written 2027-01-31")
		}
		s.Expires = day
	}
	r.config.Suppress = append(r.config.Suppress, s)
}

// fields are the values of a mapping by key. Unknown and repeated keys are errors.
func (r *configReader) fields(n *yaml.Node, what string, keys []string) (map[string]*yaml.Node, bool) {
	if n.Kind != yaml.MappingNode {
		r.fail(n.Line, "%s must be a mapping with the keys %s", what, strings.Join(keys, ", "))
		return nil, false
	}
	fields := make(map[string]*yaml.Node, len(keys))
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case key.Kind != yaml.ScalarNode || !slices.Contains(keys, key.Value):
			r.fail(key.Line, "unknown key%s; %s has %s", shownKey(key), what, strings.Join(keys, ", "))
		case fields[key.Value] != nil:
			r.fail(key.Line, "%s is given twice", key.Value)
		case value.Kind == yaml.AliasNode:
			r.fail(value.Line, "%s is an alias: write the value out", key.Value)
		default:
			fields[key.Value] = value
		}
	}
	return fields, true
}

// shownKey is an unknown key as an error shows it: only a word, for a token may stand in the wrong place.
func shownKey(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || len(n.Value) > 30 || strings.Trim(n.Value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") != "" {
		return ""
	}
	return fmt.Sprintf(" %q%s", n.Value, hint(n.Value, slices.Concat(configKeys, suppressKeys)))
}

func (r *configReader) list(n *yaml.Node, what string) []*yaml.Node {
	switch {
	case n.Kind == yaml.ScalarNode && n.Tag == "!!null":
		return nil
	case n.Kind != yaml.SequenceNode:
		r.fail(n.Line, "%s must be a list: one entry a line, each behind a dash", what)
		return nil
	case len(n.Content) > maxConfigEntries:
		r.fail(n.Line, "%s has more than %d entries", what, maxConfigEntries)
		return nil
	}
	return n.Content
}

func (r *configReader) text(n *yaml.Node, what string) string {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || strings.TrimSpace(n.Value) == "" {
		r.fail(n.Line, "%s must be a text", what)
		return ""
	}
	return n.Value
}

func (r *configReader) boolean(n *yaml.Node, what string) bool {
	if n == nil {
		return false
	}
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
		r.fail(n.Line, "%s must be true or false", what)
		return false
	}
	return strings.EqualFold(n.Value, "true")
}

// localPath reports whether p stays below the folder it is relative to.
func localPath(p string) bool {
	if p == "" || strings.HasPrefix(p, "/") || strings.ContainsAny(p, "\\:\x00") {
		return false
	}
	return !slices.Contains(strings.Split(p, "/"), "..")
}

func ruleNames() []string {
	var names []string
	for _, r := range rules.All() {
		names = append(names, string(r.ID))
	}
	return names
}

// hint is ", did you mean X?" for a name that is nearly one of names, else "".
func hint(name string, names []string) string {
	best, bestDistance := "", 1+min(3, len(name)/3)
	if len(name) > 40 {
		return ""
	}
	for _, n := range names {
		if d := editDistance(strings.ToLower(name), n); d < bestDistance {
			best, bestDistance = n, d
		}
	}
	if best == "" || best == name {
		return ""
	}
	return fmt.Sprintf(", did you mean %s?", best)
}

// editDistance is the number of insertions, deletions and replacements between two short texts.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
