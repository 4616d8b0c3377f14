package scanner

import (
	"github.com/unleaked/unleaked/internal/linehash"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner/internal/excerpt"
)

// lineHashes are GitHub's hashes of the lines of a view that hold credentials. There are none for texts that are no
// file of their own, or not all at hand, and for lines whose hash would confirm a guess: GitHub computes them from the
// file then, or not at all.
func lineHashes(v *view, hits []Hit) map[int]string {
	if len(hits) == 0 || v.ignored || v.InnerPath != "" || len(v.Layers) > 0 || v.From != 0 || v.To != len(v.Text) {
		return nil
	}
	var lines []int
	for i := range hits {
		if blinds(v.Text, &hits[i]) {
			lines = append(lines, v.Position(hits[i].Start).Line)
		}
	}
	return linehash.Hashes(v.Text, lines)
}

// blinds reports whether enough of a random token is in what its line's hash covers that the hash confirms no guess of
// what else is: the password on the next line, say.
func blinds(text []byte, h *Hit) bool {
	const unknown = 24 // characters, 96 bits and more
	if !h.Random() {
		return false
	}
	secret := h.Secret.Reveal()
	from, _ := excerpt.Line(text, h.Start)
	count := h.Start + len(secret) - len(rules.HiddenPart(secret)) + unknown - from
	for _, c := range text[from:h.Start] {
		if c == ' ' || c == '\t' {
			count--
		}
	}
	return count <= linehash.Window
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
