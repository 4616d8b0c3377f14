package sweep

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"slices"
	"strconv"
	"sync"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner"
)

// wireVersion is that of the wire form. It changes with every field that means something else.
const wireVersion = 2

// A wireRecord is a scanner.Record without the secret: equal credentials have equal Join, and nobody without the key
// can tell of what.
type wireRecord struct {
	Join     string         `json:"join"`
	Finding  wireFinding    `json:"finding"`
	Site     wireSite       `json:"site"`
	Hosts    []string       `json:"hosts,omitempty"`
	Tree     string         `json:"tree,omitempty"`
	ByPlace  bool           `json:"byPlace,omitempty"`
	Waiting  bool           `json:"waiting,omitempty"`
	Context  bool           `json:"context,omitempty"`
	Mismatch *finding.Place `json:"mismatch,omitempty"` // see scanner.Record
	// Known is what an oracle knows of the credential, nil for nothing.
	Known *rules.Knowledge `json:"known,omitempty"`
}

// A wireSite is a rules.Site without the secret.
type wireSite struct {
	Format      rules.Format     `json:"format"`
	Project     string           `json:"project,omitempty"`
	Environment string           `json:"environment,omitempty"`
	Selector    string           `json:"selector,omitempty"`
	Kind        rules.Kind       `json:"kind"`
	Example     bool             `json:"example,omitempty"`
	Default     bool             `json:"default,omitempty"`
	Malformed   bool             `json:"malformed,omitempty"`
	Weak        bool             `json:"weak,omitempty"`
	Canonical   bool             `json:"canonical,omitempty"`
	Problem     string           `json:"problem,omitempty"`
	Evidence    []rules.Evidence `json:"evidence,omitempty"`
	Uses        []rules.Use      `json:"uses,omitempty"`
	Exposures   []rules.Exposure `json:"exposures,omitempty"`
	URLs        []rules.Exposure `json:"urls,omitempty"`
	Declared    rules.Kind       `json:"declared,omitempty"`
	InInit      bool             `json:"inInit,omitempty"`
	InURL       bool             `json:"inURL,omitempty"`
	Placed      bool             `json:"placed,omitempty"`
	Deployment  string           `json:"deployment,omitempty"`
	DeployedBy  string           `json:"deployedBy,omitempty"`
	InComment   bool             `json:"inComment,omitempty"`
}

// A wireFinding is what a finding shows of a place. The rest is told anew, but of one without a credential.
type wireFinding struct {
	File        string                `json:"file"`
	Line        int                   `json:"line"`
	Column      int                   `json:"column"`
	EndLine     int                   `json:"endLine"`
	EndColumn   int                   `json:"endColumn"`
	UTF16Column int                   `json:"utf16Column"`
	UTF16End    int                   `json:"utf16EndColumn"`
	Redacted    string                `json:"redacted,omitempty"`
	Fingerprint string                `json:"fingerprint"` // sealed: see seal
	Layers      []string              `json:"layers,omitempty"`
	Git         *finding.GitPlace     `json:"git,omitempty"`
	Excerpt     []finding.ExcerptLine `json:"excerpt,omitempty"`
	LineHash    string                `json:"lineHash,omitempty"` // sealed
	Suppressed  *finding.Suppression  `json:"suppressed,omitempty"`
	Rule        rules.RuleID          `json:"rule"` // by which it was suppressed
	Kind        rules.Kind            `json:"kind,omitempty"`
	Certainty   rules.Certainty       `json:"certainty,omitempty"`
	Message     string                `json:"message,omitempty"`
	Evidence    []finding.Place       `json:"evidence,omitempty"`
}

// A sealer hides from whoever has the state and not the key what could confirm a guess.
type sealer struct {
	key  []byte
	macs *sync.Pool // of hash.Hash under the key: what the key alone decides is computed once for each
}

func newSealer(key []byte) sealer {
	return sealer{key, &sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}}
}

func (s sealer) mac(parts ...string) []byte {
	h := s.macs.Get().(hash.Hash)
	defer s.macs.Put(h)
	h.Reset()
	var text [256]byte
	for _, p := range parts {
		_, _ = h.Write(append(append(text[:0], p...), 0))
	}
	return h.Sum(nil)
}

// name is a text under the key, as a name of it.
func (s sealer) name(parts ...string) string {
	return base64.RawURLEncoding.EncodeToString(s.mac(parts...))
}

// id names the key.
func (s sealer) id() string { return s.name("key") }

// join is the same for equal texts under one key.
func (s sealer) join(secret rules.Secret) string {
	return s.name("credential", secret.Reveal())
}

// seal hides a short text under the key and a name for it; seal of what it returns is the text again, as hex.
func (s sealer) seal(text, name string) string { return hex.EncodeToString(s.mix([]byte(text), name)) }

// open returns what was sealed under the name, "" where it was not.
func (s sealer) open(sealed, name string) string {
	b, err := hex.DecodeString(sealed)
	if err != nil {
		return ""
	}
	return string(s.mix(b, name))
}

func (s sealer) mix(text []byte, name string) []byte {
	out := make([]byte, len(text))
	var pad []byte
	for i := range text {
		if i%sha256.Size == 0 {
			pad = s.mac("seal", name, strconv.Itoa(i))
		}
		out[i] = text[i] ^ pad[i%sha256.Size]
	}
	return out
}

func (s sealer) wireFinding(f *finding.Finding, name string) wireFinding {
	return wireFinding{
		File: finding.Discreet(f.File), Line: f.Line, Column: f.Column, EndLine: f.EndLine, EndColumn: f.EndColumn,
		UTF16Column: f.UTF16Column, UTF16End: f.UTF16EndColumn, Redacted: f.Shown(),
		Fingerprint: s.seal(f.Fingerprint, name+"f"), Layers: f.Layers, Git: s.gitPlace(f.Git, name, s.seal), Excerpt: f.Excerpt,
		LineHash: s.seal(f.LineHash, name+"l"), Suppressed: f.Suppressed, Rule: f.Rule,
	}
}

func (s sealer) finding(w *wireFinding, name, repository string) finding.Finding {
	return finding.Finding{
		Repository: repository, File: w.File, Line: w.Line, Column: w.Column, EndLine: w.EndLine,
		EndColumn: w.EndColumn, UTF16Column: w.UTF16Column, UTF16EndColumn: w.UTF16End, Redacted: w.Redacted,
		Fingerprint: s.open(w.Fingerprint, name+"f"), Layers: w.Layers, Git: s.gitPlace(w.Git, name, s.open), Excerpt: w.Excerpt,
		LineHash: s.open(w.LineHash, name+"l"), Suppressed: w.Suppressed, Rule: w.Rule,
	}
}

// gitPlace is a place with its blob sealed or opened: a blob's id is a digest of its text, which may be a credential alone.
func (s sealer) gitPlace(g *finding.GitPlace, name string, do func(text, name string) string) *finding.GitPlace {
	if g == nil {
		return nil
	}
	out := *g
	out.Blob = do(g.Blob, name+"b")
	out.Refs = discreetly(g.Refs, textOf)
	return &out
}

// pack makes the state's form of what was found.
func (s sealer) pack(f *Facts, list []found) {
	for i := range list {
		r := list[i].record
		if r == nil {
			g := &list[i].finding
			w := s.wireFinding(g, g.File)
			w.Kind, w.Certainty, w.Message, w.Evidence = g.Kind, g.Certainty, g.Message, g.Evidence
			f.Settings = append(f.Settings, w)
			continue
		}
		join := s.join(r.Site.Credential.Secret)
		c, site := &r.Site.Credential, &r.Site
		f.Records = append(f.Records, wireRecord{
			Join: join, Finding: s.wireFinding(&list[i].finding, join), Hosts: discreetly(r.Hosts, textOf), Tree: r.Tree,
			ByPlace: r.ByPlace, Waiting: r.Waiting, Context: r.Context, Known: wireKnowledge(r.Known), Mismatch: discreetPlace(r.Mismatch),
			Site: wireSite{
				Format: c.Format, Project: c.Project, Environment: c.Environment, Selector: c.Selector, Kind: c.Kind,
				Example: c.Example, Default: c.Default, Malformed: c.Malformed, Weak: c.Weak, Canonical: c.Canonical,
				Problem: c.Problem, Evidence: discreetly(site.Evidence, textsOfEvidence), Uses: discreetly(site.Uses, textsOfUse),
				Exposures: discreetly(site.Exposures, textsOfExposure), Declared: site.Declared, InInit: site.InInit,
				URLs: discreetly(site.URLs, textsOfExposure), InURL: site.InURL, Placed: site.Placed, Deployment: site.Deployment,
				DeployedBy: finding.Discreet(site.DeployedBy), InComment: site.InComment,
			},
		})
	}
}

// unpack returns the records of a repository as settling takes them. What is sealed of them only judging needs.
func (s sealer) unpack(f *Facts, judge bool) []*scanner.Record {
	out := make([]*scanner.Record, len(f.Records))
	for i := range f.Records {
		w := &f.Records[i]
		site := &w.Site
		evidence := append([]rules.Evidence(nil), site.Evidence...)
		for k := range evidence {
			evidence[k].Repository = f.Repository
		}
		shown := finding.Finding{}
		if judge {
			shown = s.finding(&w.Finding, w.Join, f.Repository)
		}
		shown.Identity = w.Join
		mismatch := discreetPlace(w.Mismatch)
		if mismatch != nil {
			mismatch.Repository = f.Repository
		}
		known := rules.Knowledge{}
		if w.Known != nil {
			known = *w.Known
		}
		out[i] = &scanner.Record{
			Finding: shown, Hosts: w.Hosts, Tree: w.Tree, ByPlace: w.ByPlace,
			Waiting: w.Waiting, Context: w.Context, Key: w.Join, Known: known, Mismatch: mismatch,
			Site: rules.Site{
				Credential: rules.Credential{
					Format: site.Format, Project: site.Project, Environment: site.Environment, Selector: site.Selector,
					Kind: site.Kind, Example: site.Example, Default: site.Default, Malformed: site.Malformed,
					Weak: site.Weak, Canonical: site.Canonical, Problem: site.Problem,
				},
				Repository: f.Repository, File: w.Finding.File, Line: w.Finding.Line, Evidence: evidence,
				Uses: site.Uses, Exposures: site.Exposures, Declared: site.Declared, InInit: site.InInit,
				URLs: site.URLs, InURL: site.InURL, Placed: site.Placed, Deployment: site.Deployment, DeployedBy: site.DeployedBy,
				InComment: site.InComment,
			},
		}
	}
	return out
}

// wireKnowledge is what is known without anything that may be a credential: people call a token by its own text.
func wireKnowledge(k rules.Knowledge) *rules.Knowledge {
	if k.IsZero() {
		return nil
	}
	k.Says = discreetly(k.Says, textOf)
	if k.Listing != nil {
		l := *k.Listing
		l.Name, l.Owner = finding.Discreet(l.Name), finding.Discreet(l.Owner)
		k.Listing = &l
	}
	return &k
}

// discreetPlace is a copy of a place without anything that may be a credential, nil of none.
func discreetPlace(p *finding.Place) *finding.Place {
	if p == nil {
		return nil
	}
	return &finding.Place{Repository: p.Repository, File: finding.Discreet(p.File), Line: p.Line, Text: finding.Discreet(p.Text)}
}

// discreetly is a copy of a list with the texts of each entry made so that no credential shows in them.
func discreetly[T any](list []T, texts func(*T) []*string) []T {
	out := slices.Clone(list)
	for i := range out {
		for _, text := range texts(&out[i]) {
			*text = finding.Discreet(*text)
		}
	}
	return out
}

func textOf(s *string) []*string { return []*string{s} }

func textsOfLink(l *rules.Link) []*string { return []*string{&l.File, &l.Text} }

func textsOfEvidence(e *rules.Evidence) []*string {
	e.Chain = discreetly(e.Chain, textsOfLink)
	return []*string{&e.File, &e.Text}
}

func textsOfExposure(x *rules.Exposure) []*string {
	x.Chain = discreetly(x.Chain, textsOfLink)
	return []*string{&x.File, &x.Why}
}

func textsOfUse(u *rules.Use) []*string {
	u.Names, u.Chain = discreetly(u.Names, textOf), discreetly(u.Chain, textsOfLink)
	return []*string{&u.File, &u.Text, &u.Service, &u.Host}
}
