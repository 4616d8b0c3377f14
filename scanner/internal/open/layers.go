package open

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/unleaked/unleaked/rules"
)

// A decoding looks in one text for credentials that do not stand in it as they are: with escapes in them, or encoded as
// a whole.
//
// All of them hold, or are, a long run of one alphabet, as plain ones do: the digits of a token need no escape, and
// Base64 has no blanks. So one pass over the text finds the runs, and only what stands around one is looked at more
// closely.
type decoding struct {
	text      []byte
	hits      []Hit // what was found so far, by start
	mail      bool  // it is a message, see isMail
	stream    bool  // text is a piece of a longer one, of which nothing is known
	mentioned bool  // the text mentions Unleash: then published defaults, which have no such run, are looked for
	depth     int   // layers around text
	limits    *Limits
	left      int  // bytes that may still be decoded
	bitten    bool // there were more
	deep      bool // something is encoded more often than is decoded
	// open reads a decoded archive, around which are so many layers; nil where none is opened.
	open func(packed []byte, depth int) []Hit

	creds []rules.Credential
}

// MinRun is the length of the shortest run that is looked at: the digits of a near miss.
const MinRun = 54

// run adds what it finds to the hits and returns them by start.
func (d *decoding) run() []Hit {
	var more []Hit
	b := base64Reader{d: d}
	for at := 0; ; {
		start, end := nextBase64Run(d.text, at)
		if start < 0 {
			break
		}
		at = end
		more = d.escaped(more, start, end)
		more = d.glued(more, start, end)
		more = d.tagged(more, start, end)
		more = b.run(more, start, end)
	}
	if d.mentioned {
		more = d.escapedDefaults(more)
		more = d.escapedV2(more)
	}
	more = d.spelled(more)
	more = d.doubledQuotes(more)
	more = d.wide(more)
	more = d.quotedPrintable(more)
	if len(more) == 0 {
		return d.hits
	}
	// A credential that had to be decoded takes the place of what the same bytes seemed to be without.
	for i := range more {
		m := &more[i]
		d.hits = slices.DeleteFunc(d.hits, func(h Hit) bool {
			return h.Start < m.End && m.Start < h.End &&
				len(h.Layers) == 0
		})
	}
	d.hits = append(d.hits, more...)
	slices.SortStableFunc(d.hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(len(a.Layers),
			len(b.Layers)))
	})
	return slices.CompactFunc(d.hits, func(a, b Hit) bool {
		return a.Start == b.Start && a.End == b.End &&
			a.Secret == b.Secret
	})
}

// spend takes n bytes from what may be decoded.
func (d *decoding) spend(n int) bool {
	if n > d.left {
		d.bitten = true
		return false
	}
	d.left -= n
	return true
}

// inner finds the credentials of a decoded text, in further layers too. place maps a range of it to the encoded text.
func (d *decoding) inner(more []Hit, decoded []byte, layers []string, place func(start, end int) (int, int)) []Hit {
	found, mentioned := rules.Search(nil, decoded)
	sub := decoding{text: decoded, mentioned: mentioned, depth: d.depth + len(layers), limits: d.limits, left: d.left,
		open: d.open}
	for _, c := range found {
		sub.hits = append(sub.hits, Hit{Credential: c, Start: c.Start, End: c.End})
	}
	hits := sub.hits
	if sub.depth < d.limits.LayerDepth {
		hits = sub.run()
		d.left, d.bitten, d.deep = sub.left, d.bitten || sub.bitten, d.deep || sub.deep
	} else if decodable(decoded) {
		d.deep = true
	}
	for _, h := range hits {
		if h.Inner == nil {
			h.Inner, h.Credential.Start, h.Credential.End = around(decoded, h.Credential.Start, h.Credential.End,
				d.limits.InnerTextBytes)
		}
		h.Layers = append(slices.Clone(layers), h.Layers...)
		h.Start, h.End = place(h.Start, h.End)
		more = append(more, h)
	}
	return more
}

// decodable reports whether a text holds what a further layer would decode.
func decodable(text []byte) bool {
	for at := 0; ; {
		start, end := nextBase64Run(text, at)
		if start < 0 {
			return false
		}
		if mayDecode(text[start:end]) {
			return true
		}
		at = end
	}
}

// around is the part of text that goes with a hit, and where the hit stands in it.
func around(text []byte, start, end, most int) ([]byte, int, int) {
	low, high := 0, len(text)
	if high > most {
		low = max(0, start-most/2)
		high = min(len(text), end+most/2)
		if i := bytes.IndexByte(text[low:start], '\n'); low > 0 && i >= 0 {
			low += i + 1
		}
	}
	return bytes.Clone(text[low:high]), start - low, end - low
}
