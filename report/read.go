package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// maxJSON bounds a report that is read: beyond it no one has written it with this program.
const maxJSON = 1 << 30

// ReadJSON reads a JSON report back, to merge several or to write it in another format. The credentials themselves are
// not in it, nor the lines of source around them.
func ReadJSON(r io.Reader) (*finding.Result, error) {
	limited := &io.LimitedReader{R: r, N: maxJSON}
	dec := json.NewDecoder(limited)
	var j jsonReport
	if err := dec.Decode(&j); err != nil {
		return nil, fmt.Errorf("not a JSON report of this program: %w", jsonError(err))
	}
	if err := dec.Decode(new(json.RawMessage)); !errors.Is(err, io.EOF) {
		return nil, errors.New("not a JSON report of this program: more follows behind it (a JSON Lines report cannot be read back)")
	}
	if j.Tool.Name != toolName {
		return nil, errors.New("not a JSON report of this program: it does not name its tool")
	}
	if j.Version != jsonVersion {
		return nil, fmt.Errorf("report of version %d: this program reads version %d", j.Version, jsonVersion)
	}
	res := &finding.Result{
		Notices: j.Notices, Mode: j.Mode, Repositories: j.Repositories,
		PublicHidden: j.Hidden.Public, PublicByUse: j.Hidden.PublicByUse, ExamplesHidden: j.Hidden.Examples,
		Coverage: finding.Coverage{
			Files: j.Coverage.Files, Bytes: j.Coverage.Bytes, Objects: j.Coverage.Objects, Commits: j.Coverage.Commits,
			Skipped: j.Coverage.Skipped, Ignored: j.Coverage.Ignored,
		},
	}
	if !j.Complete && len(j.Coverage.Skipped) == 0 {
		// Partial is never clean, whatever was lost on the way.
		res.Coverage.Skipped = []finding.Skip{{What: "report",
			Why: "it says that its scan was incomplete, and not why"}}
	}
	var err error
	if res.Findings, err = findingsOf(j.Findings); err != nil {
		return nil, err
	}
	if res.Suppressed, err = findingsOf(j.Suppressed); err != nil {
		return nil, err
	}
	c := count(res.Findings)
	res.Credentials = c.tokens
	return res, nil
}

// jsonError is a decoder's error without the text that it quotes.
func jsonError(err error) error {
	var syntax *json.SyntaxError
	var typ *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("malformed at byte %d", syntax.Offset)
	case errors.As(err, &typ):
		return fmt.Errorf("wrong type of %s at byte %d", visible(typ.Field), typ.Offset)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it ends too early")
	}
	return err
}

func findingsOf(list []jsonFinding) ([]finding.Finding, error) {
	var out []finding.Finding
	for i := range list {
		j := &list[i]
		severity, ok := rules.ParseSeverity(j.Severity)
		if !ok {
			return nil, fmt.Errorf("finding %d: no such severity", i+1)
		}
		f := finding.Finding{
			Rule: j.Rule, Also: j.Also, Severity: severity, Kind: j.Kind, Format: j.Format, Certainty: j.Certainty,
			Project: j.Project, Environment: j.Environment, Selector: j.Selector,
			Repository: j.Repository, File: j.File, Line: j.Line, Column: j.Column, EndLine: j.EndLine, EndColumn: j.EndColumn,
			UTF16Column: j.UTF16Column, UTF16EndColumn: j.UTF16EndColumn,
			Redacted: j.Redacted, Fingerprint: j.Fingerprint, Message: j.Message, Fix: j.Fix,
			Evidence: j.Evidence, Related: j.Related, Layers: j.Layers, Git: j.Git, LineHash: j.LineHash,
			Listing: j.Inventory.listing(), Verification: j.Verification, Example: j.Example, Suppressed: j.Suppressed,
		}
		if f.UTF16Column == 0 {
			f.UTF16Column = f.Column
		}
		if f.UTF16EndColumn == 0 {
			f.UTF16EndColumn = f.EndColumn
		}
		if j.Secret != "" {
			f.Secret = rules.NewSecret(j.Secret, j.Format)
		}
		out = append(out, f)
	}
	return out, nil
}
