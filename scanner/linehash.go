package scanner

import "github.com/unleaked/unleaked/internal/linehash"

// lineHashes are GitHub's hashes of the lines of a view that hold credentials. There are none for texts that are no
// file of their own, or not all at hand: GitHub computes them from the file then, or not at all.
func lineHashes(v *View, hits []Hit) map[int]string {
	if len(hits) == 0 || v.Ignored || v.InnerPath != "" || len(v.Layers) > 0 || v.From != 0 || v.To != len(v.Text) {
		return nil
	}
	lines := make([]int, len(hits))
	for i, h := range hits {
		lines[i] = v.Position(h.Start).Line
	}
	return linehash.Hashes(v.Text, lines)
}

// setLineHashes gives findings the hashes that the units of their files have.
func setLineHashes(findings []Finding, units []unit) {
	type text struct{ path, blob string }
	byText := map[text]map[int]string{}
	for i := range units {
		if u := &units[i]; u.hashes != nil {
			byText[text{u.path, u.blob}] = u.hashes
		}
	}
	for i := range findings {
		f := &findings[i]
		k := text{path: f.File}
		if f.Git != nil {
			k.blob = f.Git.Blob
		}
		f.LineHash = byText[k][f.Line]
	}
}
