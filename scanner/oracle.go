package scanner

import (
	"context"

	"github.com/unleaked/unleaked/rules"
)

// An Oracle knows of credentials what no scanned text says: an inventory of a server's tokens, or the server itself.
type Oracle interface {
	// Know returns what is known of each credential of the list, in its order. It is called from several goroutines.
	Know(ctx context.Context, list []rules.Credential) []rules.Knowledge
}

// know asks the oracle about the credentials of records: about each once, and about none that stands only where nothing
// is reported, or that is no live credential by its text.
func (in *Intake) know(records []*Record) {
	o := in.opts.Oracle
	if o == nil || in.ctx.Err() != nil {
		return
	}
	index := map[rules.Secret]int{}
	var list []rules.Credential
	for _, r := range records {
		c := r.Site.Credential
		if _, known := index[c.Secret]; known || r.Context || r.Waiting || c.Malformed || c.Weak && !r.Site.Placed ||
			c.Example && !c.Default && !in.opts.Examples {
			continue
		}
		index[c.Secret] = len(list)
		list = append(list, c)
	}
	if len(list) == 0 {
		return
	}
	known := o.Know(in.ctx, list)
	for _, r := range records {
		if i, ok := index[r.Site.Credential.Secret]; ok {
			r.Known = known[i]
		}
	}
}
