package open

import (
	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// A View is one text to read: a blob's own bytes, a member of an archive, or the text of a blob in another encoding.
type View struct {
	Path   string // as findings show it: relative to the root, forward slashes, outer.zip!inner/path
	Text   []byte
	Layers []string // what had to be opened to get here from the blob ("utf-16", "gzip"), outermost first
	// InnerPath is the path of the file that Text is, where that is not Path: a source in a source map's
	// sourcesContent, the code of a notebook. Findings stand at Path; the language and the side are those of InnerPath.
	// "" elsewhere.
	InnerPath string
	// From and To bound the part of Text that this view answers for; what begins outside of it is another view's, of
	// the same file. They are 0 and len(Text) but for texts too large to be held whole.
	From, To int
	// CutBefore and CutBehind say that Text begins or ends within a line of the file: what touches its edge there may
	// be a part of something.
	CutBefore, CutBehind bool

	places *positions // of the blob's own text
	shift  int        // Text begins so far behind what places and jumps count from
	jumps  []jump     // from the text that was decoded to the blob's own; nil where that is the same
}

// NewView returns the view of a whole file, as it is.
func NewView(path string, text []byte) *View {
	return &View{Path: path, Text: text, To: len(text), places: newPositions(text, top)}
}

// FilePath returns the path that says what kind of file Text is.
func (v *View) FilePath() string {
	if v.InnerPath != "" {
		return v.InnerPath
	}
	return v.Path
}

// Whole reports whether the view answers for all of its text.
func (v *View) Whole() bool { return v.To-v.From == len(v.Text) }

// Position returns the place in the blob's own text, which findings name, of the byte of Text at offset.
func (v *View) Position(offset int) finding.Position {
	return v.places.at(origin(v.jumps, v.shift+offset))
}

// CutAt reports whether Text[start:end] may be a part of something that the view does not show whole. A view that sees
// the whole of it answers for it.
func (v *View) CutAt(start, end int) bool {
	const near = 8 // bytes of punctuation
	return v.CutBefore && start < near || v.CutBehind && end > len(v.Text)-near
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

// A span is a byte range of a text.
type span struct{ start, end int }
