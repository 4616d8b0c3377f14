package scanner

import "github.com/unleaked/unleaked/rules"

// A View is one text to read: a blob's own bytes, a member of an archive, or the text of a blob in another encoding.
type View struct {
	Path   string   // as findings show it: relative to the root, forward slashes, outer.zip!inner/path
	Text   []byte   // not changed while the scan runs
	Layers []string // what had to be opened to get here from the blob ("utf-16", "gzip"), outermost first
	// Ignored marks a file that git ignores and nobody asked for: it serves to resolve names, and has no findings.
	Ignored bool
	Git     *GitPlace // nil outside history
	// InnerPath is the path of the file that Text is, where that is not Path: a source in a source map's
	// sourcesContent, the code of a notebook. Findings stand at Path; the language and the side are those of InnerPath.
	// "" elsewhere.
	InnerPath string
	// From and To bound the part of Text that this view answers for; what begins outside of it is another view's, of
	// the same file. They are 0 and len(Text) but for texts too large to be held whole.
	From, To int
	// cutBefore and cutBehind say that Text begins or ends within a line of the file: what touches its edge there may
	// be a part of something.
	cutBefore, cutBehind bool
	// Position maps a byte offset of Text to the place in the blob's own text that findings name.
	Position func(offset int) Position

	hits []Hit // all of them; an excerpt masks them
}

// FilePath is the path that says what kind of file Text is.
func (v *View) FilePath() string {
	if v.InnerPath != "" {
		return v.InnerPath
	}
	return v.Path
}

// cutAt reports whether text[start:end] may be a part of something that the view does not show whole. A view that sees
// the whole of it answers for it.
func (v *View) cutAt(start, end int) bool {
	const near = 8 // bytes of punctuation
	return v.cutBefore && start < near || v.cutBehind && end > len(v.Text)-near
}

// blob is the object that holds the text, "" outside history.
func (v *View) blob() string {
	if v.Git == nil {
		return ""
	}
	return v.Git.Blob
}

// A Hit is a credential found in a view.
type Hit struct {
	rules.Credential     // as it reads when decoded; its Start and End are of the text it was decoded from
	Start, End       int // byte range in View.Text of the text that holds it, encoded or not
	// what was decoded between View.Text and the credential ("base64", "percent"), outermost first
	Layers []string
	// Inner is the decoded text that holds the credential where a layer was opened (the whole value of a Kubernetes
	// Secret, say), nil otherwise; the credential stands at Credential.Start in it.
	Inner []byte
}
