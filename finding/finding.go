// Package finding holds what a scan has to say: findings with their places and evidence, what was read and what was not,
// and the exit status that follows. Reports need no more than it. It knows nothing of how a finding was found, and its
// words show no secret.
package finding

import "github.com/unleaked/unleaked/rules"

// A Finding is one thing to tell: a credential at a place, or a setting without one, and the rules that apply to it.
type Finding struct {
	Rule        rules.RuleID
	Also        []rules.RuleID // the other rules that apply, most severe first
	Severity    rules.Severity // of Rule
	Kind        rules.Kind
	Format      rules.Format // "" for a setting without a token
	Certainty   rules.Certainty
	Project     string
	Environment string
	Selector    string

	Repository string // of a sweep: the Name of one of Result.Repositories; "" elsewhere
	File       string // relative to the scanned root, forward slashes; a member of an archive is outer.zip!inner/path
	Line       int    // of the first byte of the credential's text, from 1
	Column     int    // Unicode code points, from 1
	EndLine    int
	EndColumn  int // the column after the last code point
	// UTF16Column and UTF16EndColumn count UTF-16 code units, from 1, as SARIF does.
	UTF16Column, UTF16EndColumn int

	Secret      rules.Secret // zero for a setting without a token; shows itself redacted
	Redacted    string       // the redacted form in a finding that was read back from a report, which has no Secret
	Fingerprint string       // stable over moved lines, renames and rebases
	Message     string       // one sentence, without the secret
	Fix         string
	Evidence    []Place // what decided, strongest first
	Related     []Place // other places of the same credential, or what the rule points to
	Layers      []string
	Git         *GitPlace // nil outside history
	Excerpt     []ExcerptLine
	LineHash    string // GitHub's primaryLocationLineHash of the finding's line, "" where not computed

	// Listing is what an inventory of a server's tokens says of the credential, nil where none speaks of it. Verification
	// is what servers said, "" where none was asked.
	Listing      *rules.Listing
	Verification rules.Verification

	Example    bool         // Unleash's public documentation prints the credential
	Suppressed *Suppression // nil of a finding that is reported

	// Identity is the same for findings of one credential where Secret is not at hand to tell that; "" where nobody knows.
	// It is no part of any report.
	Identity string

	// Origin is what whoever found it keeps of it, for settling again; nil of a finding that was read back. It is no part
	// of any report.
	Origin any
}

// Visibility is "public" or "secret", by the finding's kind.
func (f *Finding) Visibility() string { return f.Kind.Visibility() }

// Shown is the credential as reports show it, "" of a setting without a token.
func (f *Finding) Shown() string {
	if f.Secret.IsZero() {
		return f.Redacted
	}
	return f.Secret.String()
}

// Rules is Rule and Also in one list.
func (f *Finding) Rules() []rules.RuleID { return append([]rules.RuleID{f.Rule}, f.Also...) }

// A Place is somewhere in the scanned text, with what is said there, in words and without the secret.
type Place struct {
	Repository string `json:"repository,omitempty"` // of a sweep: as Finding.Repository; "" elsewhere
	File       string `json:"file"`
	Line       int    `json:"line"` // from 1
	Text       string `json:"text"`
}

// A Position is a place in a blob's own text.
type Position struct {
	Line        int // from 1
	Column      int // Unicode code points, from 1
	UTF16Column int // UTF-16 code units, from 1
}

// A GitPlace says where in history a finding stands.
type GitPlace struct {
	Blob   string `json:"blob,omitempty"`
	Commit string `json:"commit,omitempty"` // the oldest commit that brings the text in
	Date   string `json:"date,omitempty"`   // its author date, RFC 3339
	// blob, commit-message, tag-message, ref-name, reflog, note, index, identity
	Where  string   `json:"where"`
	InHead bool     `json:"inHead"`         // the text still stands at this path in HEAD
	Refs   []string `json:"refs,omitempty"` // branches and tags that still hold the blob
	// Tip is the commit that a range ends in, "" elsewhere and where nothing can be told. TipFile reports whether the file
	// is there, TipLine where the text stands in it, from 1, 0 where it is gone.
	Tip     string `json:"tip,omitempty"`
	TipFile bool   `json:"tipFile,omitempty"`
	TipLine int    `json:"tipLine,omitempty"`
}

// An ExcerptLine is a line of source around a finding, with everything secret-shaped masked and cut to a readable
// width.
type ExcerptLine struct {
	Number     int    // from 1
	Text       string // masked; control and bidi characters are still raw, the report escapes them
	Start, End int    // byte range in Text of the finding's credential; both 0 on other lines
}

// A Suppression says why a finding is not reported.
type Suppression struct {
	By     string `json:"by"`     // "inline", "config" or "baseline"
	Where  string `json:"where"`  // FILE:LINE of the entry
	Reason string `json:"reason"` // as its author wrote it
}

// NoReason stands for the reason in what is offered to be copied. It is none itself.
const NoReason = "REASON"

// Coverage says what was read, and what was not.
type Coverage struct {
	Files   int   `json:"files"`
	Bytes   int64 `json:"bytes"`
	Objects int   `json:"objects"`
	Commits int   `json:"commits"`
	Ignored int   `json:"ignored"` // files and folders that the user's own ignore patterns left out
	// Linked counts the files that were read, or read again with all their names, because a question led to them: what
	// does this name hold, who hands this over.
	Linked  int    `json:"linked"`
	Skipped []Skip `json:"skipped"`
	// Elsewhere counts what belongs to the scanned repository and has no content here: absent submodules, pointers to
	// large files, pipes. Notices name them; the scan is complete all the same.
	Elsewhere int `json:"elsewhere"`
	// Accepted are those that were not read and that the configuration accepts, with its reason.
	Accepted []Skip `json:"accepted"`
}

// A Skip is something that was not read. Each makes the scan incomplete.
type Skip struct {
	Repository string `json:"repository,omitempty"` // of a sweep: as Finding.Repository; "" elsewhere
	What       string `json:"what"`
	Why        string `json:"why"`
}

// A Result is what a scan has to say. Its findings are sorted by file, line, column and rule.
type Result struct {
	Findings   []Finding // those to report; Options decide whether public ones and examples are among them
	Suppressed []Finding
	// Notices are things that want attention but are no findings: an unused or expired suppression.
	Notices []Place
	// PublicHidden counts public credentials that were not listed (occurrences), PublicByUse those of them that are
	// public by their use alone (certainty sink or hint), ExamplesHidden documented examples that were not listed.
	PublicHidden, PublicByUse, ExamplesHidden int
	Credentials                               int // distinct credentials among Findings
	Coverage                                  Coverage
	Mode                                      string       // "tree", "staged", "history", "range" or "sweep"
	Repositories                              []Repository // of a sweep: all that were listed, sorted by name
	// absolute path that the findings' paths are relative to; "" where there is none
	Root string
}

// A Repository is one that a sweep was to read: a repository, a folder or an archive.
type Repository struct {
	Name     string `json:"name"`               // by which findings name it; no two have one name
	Path     string `json:"path"`               // as it was listed
	Web      string `json:"web,omitempty"`      // the address of its home on the web; "" where no remote tells it
	Revision string `json:"revision,omitempty"` // the commit of HEAD, "" where there is none
	Branch   string `json:"branch,omitempty"`   // that HEAD is on, "" where it is on none
}

// Complete reports whether everything was read.
func (r *Result) Complete() bool { return len(r.Coverage.Skipped) == 0 }

// Hide returns those of all that are to be listed: public credentials and documented examples only where they are asked
// for. It counts the others in the result. It uses the memory of all.
func (r *Result) Hide(all []Finding, public, examples bool) []Finding {
	listed := all[:0]
	for _, f := range all {
		switch {
		case f.Example && !examples:
			r.ExamplesHidden++
		case (f.Rule == rules.FrontendToken || f.Rule == rules.ClientKeyRule) && !public:
			r.PublicHidden++
			if f.Certainty == rules.BySink || f.Certainty == rules.ByHint {
				r.PublicByUse++
			}
		default:
			listed = append(listed, f)
		}
	}
	return listed
}
