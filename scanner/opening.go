package scanner

// An opening is one blob being read, with all that is found in it: members of an archive, texts in other encodings.
// It is used by one goroutine; seq numbers its views, so that their order does not depend on which blob was read first.
type opening struct {
	in   *Intake
	blob Blob
	seq  int
	hits int
}

// text reads one text that is held whole.
func (o *opening) text(path string, text []byte, layers []string) {
	v := &View{Path: path, Text: text, Layers: layers, Ignored: o.blob.Ignored, Git: o.blob.Git}
	o.view(v)
}

// view hands a view to the engine, where there is something in it to read.
func (o *opening) view(v *View) {
	seq := o.seq
	o.seq++
	hits := findHits(v.Text)
	if len(hits) == 0 && !mentions(v.Text) && !wantsFile(v.Path) {
		return
	}
	if v.Position == nil {
		v.Position = newPositions(v.Text, Position{1, 1, 1}).at
	}
	v.hits = hits
	facts := readFile(v, hits)
	if facts == nil {
		return
	}
	u := unit{path: v.Path, seq: seq, facts: facts}
	if g := v.Git; g != nil {
		u.blob, u.where, u.commit = g.Blob, g.Where, g.Commit
	}
	o.in.keep(u)
}

// findHits finds the credentials that stand in text as they are.
func findHits(text []byte) []Hit {
	var hits []Hit
	for _, c := range findCredentials(text) {
		hits = append(hits, Hit{Credential: c, Start: c.Start, End: c.End})
	}
	return hits
}

func mentions(text []byte) bool { return mentionsUnleash(text) }
