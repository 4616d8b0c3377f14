package scanner

import "github.com/unleaked/unleaked/rules"

// An edgeSetup is what is used together with one Edge.
type edgeSetup struct {
	backend, frontend []edgeToken
	names             map[setup]bool // by which other services know it
}

// An edgeToken is a credential at one of its places.
type edgeToken struct {
	record *Record
	of     *settled
}

// coverEdges judges which backend tokens of each Edge cover the frontend tokens used with it. The result points, for
// each backend token's record, to the frontend token that it does not cover. An Edge and what is used with it are of
// one repository.
func coverEdges(order []*settled) map[*Record]*Place {
	list := gatherEdges(order)
	if len(list) == 0 {
		return nil
	}
	joinFrontends(list, order)
	out := map[*Record]*Place{}
	for _, g := range list {
		for _, f := range g.frontend {
			if f.of.verdict.Kind != rules.Frontend || f.record.Site.Credential.Environment == "" {
				continue
			}
			for _, b := range g.uncovering(f) {
				if out[b.record] == nil {
					at := &f.record.Site
					out[b.record] = &Place{Repository: at.Repository, File: at.File, Line: at.Line,
						Text: "the frontend token " + f.record.Finding.Shown() +
							" is used with this Edge, and no backend token of it covers that"}
				}
			}
		}
	}
	return out
}

// A setup is where a service, or a name of one, means one thing: a set of files of one repository.
type setup struct{ repository, tree, name string }

// gatherEdges collects the tokens that stand in Edge's own settings, in the order of the credentials.
func gatherEdges(order []*settled) []*edgeSetup {
	var list []*edgeSetup
	byService := map[setup]*edgeSetup{}
	for _, c := range order {
		for _, r := range c.records {
			for _, u := range r.Site.Uses {
				if u.Via != rules.ViaEdge || u.Commented {
					continue
				}
				key := setup{r.Site.Repository, r.Tree, u.Service}
				g := byService[key]
				if g == nil {
					g = &edgeSetup{names: map[setup]bool{}}
					byService[key] = g
					list = append(list, g)
				}
				for _, n := range u.Names {
					g.names[setup{key.repository, key.tree, n}] = true
				}
				switch u.Takes {
				case rules.Backend:
					g.backend = append(g.backend, edgeToken{r, c})
				case rules.Frontend:
					g.frontend = append(g.frontend, edgeToken{r, c})
				}
			}
		}
	}
	return list
}

// joinFrontends adds the tokens of frontend applications whose URL names an Edge.
func joinFrontends(list []*edgeSetup, order []*settled) {
	byName := map[setup][]*edgeSetup{}
	for _, g := range list {
		for n := range g.names {
			byName[n] = append(byName[n], g) // one entry a name and Edge: the order of each list is that of the Edges
		}
	}
	if len(byName) == 0 {
		return
	}
	for _, c := range order {
		if c.verdict.Kind != rules.Frontend {
			continue
		}
		for _, r := range c.records {
			hosts := r.Hosts
			for _, u := range r.Site.Uses {
				if u.Via != rules.ViaEdge && u.Host != "" && !u.Commented {
					hosts = append(hosts[:len(hosts):len(hosts)], u.Host)
				}
			}
			joined := map[*edgeSetup]bool{}
			for _, h := range hosts {
				for _, g := range byName[setup{r.Site.Repository, r.Tree, h}] {
					if !joined[g] {
						joined[g] = true
						g.frontend = append(g.frontend, edgeToken{r, c})
					}
				}
			}
		}
	}
}

// uncovering are the backend tokens of an Edge to mark where none covers a frontend token: those of the same
// environment, else the first (VOCABULARY, item 30). None where one covers it, or may.
func (g *edgeSetup) uncovering(f edgeToken) []edgeToken {
	scope := f.record.Site.Credential
	var same, all []edgeToken
	for _, b := range g.backend {
		if b.of.verdict.Kind != rules.Backend || b.record.Site.Credential.Environment == "" || b.record.Site.Credential.Malformed {
			continue
		}
		if rules.Covers(b.record.Site.Credential, scope) >= 0 {
			return nil
		}
		if b.record.Site.Credential.Environment == scope.Environment {
			same = append(same, b)
		}
		all = append(all, b)
	}
	if len(same) == 0 && len(all) > 0 {
		return all[:1]
	}
	return same
}
