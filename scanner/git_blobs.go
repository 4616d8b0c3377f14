package scanner

import (
	"slices"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/scanner/internal/glimpse"
	"github.com/unleaked/unleaked/scanner/internal/open"
)

// looker is what looks at texts with a worker's room.
func (s *historyScan) looker(k *worker) glimpse.Looker {
	return glimpse.Looker{Session: s.in.session, Buffers: &k.Buffers, Spans: &k.spans}
}

// smallText is the size below which a text is read whole.
const smallText = 2 << 10

// blob looks for credentials in a blob. One that was unfolded from a blob without any is read only where it differs:
// what is copied was read there.
func (s *historyScan) blob(k *worker, v *gitdb.Visit) {
	l, name := s.looker(k), v.ID.String()
	var g glimpse.Glimpse
	switch {
	case open.IsSpecial(v.Data):
		g = l.Content(name, v.Data)
		v.Mark |= markWhole
	case !v.Derived || v.BaseMark&(markHits|markWhole) != 0 || len(v.Data) <= smallText || open.IsBinary(v.Data):
		g = l.Text(name, v.Data)
	default:
		g = l.Changes(name, v.Data, v.Changed, v.BaseMark&markMentions != 0)
	}
	if g.Mentioned {
		v.Mark |= markMentions
	}
	if g.Odd || len(g.Placed) > 0 || g.Trouble {
		v.Mark |= markWhole // what is copied says the same there
	}
	if len(g.Secrets) > 0 {
		v.Mark |= markHits
	}
	s.marks[v.N] |= uint8(v.Mark)
	if len(v.Data) > glimpse.MostPlaced && len(g.Secrets) == 0 {
		g.Placed = nil
	}
	pointer := isPointer(v.Data)
	if pointer {
		k.told++ // each repository has large files of its own
		pointer = s.wanting(v.Data)
	}
	if len(g.Secrets) == 0 && len(g.Placed) == 0 && !g.Trouble && !pointer {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b := &blobRec{id: v.ID, n: v.N, placed: g.Placed, trouble: g.Trouble, pointer: pointer}
	for _, secret := range g.Secrets {
		id := s.secretID(secret)
		if !slices.Contains(b.secrets, id) {
			b.secrets = append(b.secrets, id)
		}
	}
	s.blobs[v.N] = b
}
