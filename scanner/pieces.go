package scanner

import (
	"bytes"
	"slices"

	"github.com/unleaked/unleaked/rules"
)

// A text that is larger than Limits.Site is not given to the engine as a whole: what stands a megabyte from a token
// says nothing of it, and bundles, dumps and logs would be parsed for one line. The engine sees the pieces that hold
// credentials or mention Unleash, each with what stands around it. How much of one blob it sees in all is bounded too;
// beyond that it sees the nearest lines of each credential, and operator-chosen tokens, which nothing but their place
// tells, are no longer looked for.
const (
	pieceBlock   = 8 << 10  // bytes: the grain in which a text is divided
	pieceContext = 24 << 10 // bytes seen before and behind a piece
	pieceNarrow  = 512      // the same where little may still be read
)

// pieces hands the pieces of a large view to the engine.
func (o *opening) pieces(v *View, hits []Hit, mentioned bool) {
	block, context := pieceBlock, pieceContext
	marked := o.marks(v, hits, mentioned, block)
	cost := 0
	for _, p := range marked {
		cost += p.end - p.start + 2*context
	}
	if o.seen+cost > o.limits().Sites {
		if mentioned && !o.toldSites {
			o.toldSites = true
			o.in.Notice(Place{File: o.blob.Path, Line: v.Position(v.From).Line,
				Text: "too large to look for operator-chosen tokens from here on; all other tokens were looked for"})
		}
		o.seen = o.limits().Sites + 1
		block, context = 2*pieceNarrow, pieceNarrow
		marked = o.marks(v, hits, false, block)
	} else {
		o.seen += cost
	}
	for _, p := range marked {
		low, high := pieceEdges(v.Text, p.start, p.end, context)
		sub := *v
		sub.Text, sub.From, sub.To = v.Text[low:high], p.start-low, p.end-low
		sub.Position = func(offset int) Position { return v.Position(low + offset) }
		var own []Hit
		for ; len(hits) > 0 && hits[0].Start < p.end; hits = hits[1:] {
			h := hits[0]
			h.Start, h.End = h.Start-low, min(h.End-low, high-low)
			if len(h.Layers) == 0 {
				h.Credential.Start, h.Credential.End = h.Start, h.End
			}
			own = append(own, h)
		}
		o.keep(&sub, own)
	}
}

// marks are the pieces of a view that hold credentials or, where it does, mention Unleash: whole blocks, joined where
// the text that they see would overlap.
func (o *opening) marks(v *View, hits []Hit, mentioned bool, block int) []span {
	blocks := make([]bool, (v.To-v.From)/block+1)
	for _, h := range hits {
		blocks[(h.Start-v.From)/block] = true
	}
	const seam = 32 // longer than any mention
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
		if n := len(list); n > 0 && s.start-list[n-1].end < 4*block && s.end-list[n-1].start <= o.limits().Site {
			list[n-1].end = s.end
			continue
		}
		list = append(list, s)
	}
	return slices.DeleteFunc(list, func(s span) bool { return s.start >= s.end })
}

// pieceEdges is what is seen of text around text[start:end]: from the beginning of a line to the end of one, where
// there is one near.
func pieceEdges(text []byte, start, end, context int) (low, high int) {
	low, high = max(0, start-context), min(len(text), end+context)
	if low > 0 {
		if i := bytes.IndexByte(text[low:start-context/4], '\n'); i >= 0 {
			low += i + 1
		}
	}
	if high < len(text) {
		if i := bytes.LastIndexByte(text[end+context/4:high], '\n'); i >= 0 {
			high = end + context/4 + i + 1
		}
	}
	return low, high
}
