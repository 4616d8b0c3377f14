package open

import (
	"bytes"
	"slices"

	"github.com/unleaked/unleaked/rules"
)

// A text that is larger than Limits.Site is not read for its sites as a whole where it mentions Unleash here and there:
// what stands a megabyte from a mention says nothing of it, and bundles, lock files and logs would be parsed for one
// line. Read are the pieces that mention Unleash, each with what stands around it. A text with credentials, or with
// mentions everywhere, is read whole: what they are may stand at its beginning.
//
// How much of one blob is read in all is bounded; beyond that it is the nearest lines of each credential, and
// operator-chosen tokens, which nothing but their place tells, are no longer looked for.
const (
	pieceBlock   = 8 << 10  // bytes: the grain in which a text is divided
	pieceContext = 24 << 10 // bytes seen before and behind a piece
	pieceNarrow  = 512      // the same where little may still be read
	// Of the bytes that may be read one part in so many is for texts that only mention Unleash.
	mentionShare = 4
	// A text is read whole where the pieces are one part in so many of it.
	wholeShare = 4
)

// A Piece is a part of a view, or all of it, with the hits that begin in it.
type Piece struct {
	View *View
	Hits []Hit
}

// Pieces divides the larger views of one blob. The zero value has divided none.
type Pieces struct {
	seen int // bytes of all pieces
}

// Of returns what of a view is to be read for sites; mentioned says that it mentions Unleash. narrow reports whether
// that is no more than the nearest lines of its credentials, because so much was read before.
func (p *Pieces) Of(l *Limits, v *View, hits []Hit, mentioned bool) (list []Piece, narrow bool) {
	block, context := pieceBlock, pieceContext
	marked := v.marks(l, hits, mentioned, block)
	held, cost := 0, 0
	for _, s := range marked {
		held += s.end - s.start
		cost += s.end - s.start + 2*context
	}
	budget := l.Sites
	whole := len(hits) > 0 || held*wholeShare >= v.To-v.From
	if whole {
		cost = len(v.Text)
	} else {
		budget /= mentionShare
	}
	switch {
	case p.seen+cost <= budget && whole:
		p.seen += cost
		return []Piece{{v, hits}}, false
	case p.seen+cost <= budget:
		p.seen += cost
	default:
		p.seen = l.Sites + 1
		narrow = true
		block, context = 2*pieceNarrow, pieceNarrow
		marked = v.marks(l, hits, false, block)
	}
	for _, s := range marked {
		var own []Hit
		for ; len(hits) > 0 && hits[0].Start < s.end; hits = hits[1:] {
			own = append(own, hits[0])
		}
		list = append(list, v.piece(s, context, own))
	}
	return list, narrow
}

// piece is the piece s of a view, with the hits that begin in it.
func (v *View) piece(s span, context int, hits []Hit) Piece {
	low, high := pieceEdges(v.Text, s.start, s.end, context)
	sub := *v
	sub.Text, sub.From, sub.To = v.Text[low:high], s.start-low, s.end-low
	sub.CutBefore = low > 0 && v.Text[low-1] != '\n' || low == 0 && v.CutBefore
	sub.CutBehind = high < len(v.Text) && v.Text[high-1] != '\n' || high == len(v.Text) && v.CutBehind
	sub.shift = v.shift + low
	for i := range hits {
		h := &hits[i]
		h.Start, h.End = h.Start-low, min(h.End-low, high-low)
		if len(h.Layers) == 0 {
			h.Credential.Start, h.Credential.End = h.Start, h.End
		}
	}
	return Piece{&sub, hits}
}

// marks are the pieces of a view that hold credentials or, where it does, mention Unleash: whole blocks, joined where
// the text that they see would overlap.
func (v *View) marks(l *Limits, hits []Hit, mentioned bool, block int) []span {
	blocks := make([]bool, (v.To-v.From)/block+1)
	for _, h := range hits {
		blocks[(h.Start-v.From)/block] = true
	}
	const seam = rules.MentionReach + 32 // longer than any mention
	for i := range blocks {
		if mentioned && !blocks[i] {
			start := v.From + i*block
			blocks[i] = rules.Mentions(v.Text[max(0, start-seam):min(len(v.Text), start+block+seam)])
		}
	}
	var list []span
	for i, is := range blocks {
		if !is {
			continue
		}
		s := span{v.From + i*block, min(v.From+(i+1)*block, v.To)}
		if n := len(list); n > 0 && s.start-list[n-1].end < 4*block && s.end-list[n-1].start <= l.Site {
			list[n-1].end = s.end
			continue
		}
		list = append(list, s)
	}
	return slices.DeleteFunc(list, func(s span) bool { return s.start >= s.end })
}

// pieceEdges is what is seen of text around text[start:end]: from the beginning of a line to the end of one, where
// there is one near, else from a place that stands in no quotes.
func pieceEdges(text []byte, start, end, context int) (low, high int) {
	low, high = max(0, start-context), min(len(text), end+context)
	if low > 0 {
		if i := bytes.IndexByte(text[low:start-context/4], '\n'); i >= 0 {
			low += i + 1
		} else {
			low = unquoted(text, low, start-context/4)
		}
	}
	if high < len(text) {
		if i := bytes.LastIndexByte(text[end+context/4:high], '\n'); i >= 0 {
			high = end + context/4 + i + 1
		}
	}
	return low, high
}

// unquoted is the first offset in text[low:high] that begins a word or what stands in quotes, and does not stand in
// quotes itself as far as the quotes behind it tell: each second one closes, so that something follows it that can
// follow a value. It is low where none does.
func unquoted(text []byte, low, high int) int {
	for at := low + 1; at < high && at < low+quoteTries; at++ {
		if c := text[at-1]; bytes.IndexByte([]byte(" ,;{([}])"), c) >= 0 && text[at] != c &&
			opensHere(text[at:min(len(text), at+quoteSight)]) {
			return at
		}
	}
	return low
}

const (
	quoteSight = 512 // bytes in which quotes are looked at
	quoteTries = 256 // offsets that are tried
)

// opensHere reports whether the first double quote of text, and the first single one, open something.
func opensHere(text []byte) bool {
	for _, q := range []byte{'"', '\''} {
		strict := q == '"' // an apostrophe may be none
		open, fits, seen := false, 0, 0
		for i := 0; i < len(text) && seen < 8 && (!strict || fits == seen); i++ {
			switch {
			case text[i] == '\\':
				i++
			case text[i] == q && open:
				open = false
				seen++
				if i+1 == len(text) || bytes.IndexByte([]byte(" \t\n,:;)]}>+.=/"), text[i+1]) >= 0 {
					fits++
				}
			case text[i] == q:
				open = true
				seen++
				if i == 0 || bytes.IndexByte([]byte(" \t\n,:;([{<+=/"), text[i-1]) >= 0 {
					fits++
				}
			}
		}
		if strict && fits < seen || fits*4 < seen*3 {
			return false
		}
	}
	return true
}
