package report

import (
	"bufio"
	"io"

	"github.com/unleaked/unleaked/finding"
)

// A jsonSummary is the last line of a JSON Lines report. A report without it was cut off.
type jsonSummary struct {
	Summary struct {
		Version    int             `json:"version"`
		Tool       jsonTool        `json:"tool"`
		Complete   bool            `json:"complete"`
		Coverage   jsonCoverage    `json:"coverage"`
		Findings   int             `json:"findings"`
		Suppressed int             `json:"suppressed"`
		Notices    []finding.Place `json:"notices"`
		Hidden     jsonHidden      `json:"hidden"`
		Mode       string          `json:"mode,omitempty"`
		// Repositories are all that a sweep was to read.
		Repositories []finding.Repository `json:"repositories,omitempty"`
	} `json:"summary"`
}

// writeJSONLines writes one finding a line, as the JSON report has them, the suppressed ones last, and a line of
// summary.
func writeJSONLines(w io.Writer, r *finding.Result, o Options) error {
	b := bufio.NewWriter(w)
	for _, list := range [][]finding.Finding{r.Findings, r.Suppressed} {
		for i := range list {
			if err := encode(b, findingJSON(&list[i], o), ""); err != nil {
				return err
			}
		}
	}
	var s jsonSummary
	s.Summary.Version, s.Summary.Tool = jsonVersion, jsonTool{toolName, o.version()}
	s.Summary.Complete, s.Summary.Coverage = r.Complete(), coverageJSON(r.Coverage)
	s.Summary.Findings, s.Summary.Suppressed = len(r.Findings), len(r.Suppressed)
	s.Summary.Notices, s.Summary.Mode = placesJSON(r.Notices), r.Mode
	s.Summary.Repositories = repositoriesJSON(r.Repositories)
	s.Summary.Hidden = jsonHidden{r.PublicHidden, r.PublicByUse, r.ExamplesHidden}
	if err := encode(b, s, ""); err != nil {
		return err
	}
	return b.Flush()
}
