package scanner

import "github.com/unleaked/unleaked/rules"

// An edgeSetup is what is used together with one Edge.
type edgeSetup struct {
	backend, frontend []edgeToken
	names             map[string]bool // by which other services know it
}

// An edgeToken is a credential at one of its sites.
type edgeToken struct {
	site *siteFact
	of   *credential
}

// edges judges which backend tokens of each Edge cover the frontend tokens used with it. The result points, for each
// backend token's site, to the frontend token that it does not cover.
func (e *engine) edges(verdicts map[*credential]rules.Verdict,
	sites map[*credential][]rules.Site) map[*siteFact]*Place {
	list := e.gatherEdges(sites)
	e.joinFrontends(list, verdicts, sites)
	out := map[*siteFact]*Place{}
	for _, g := range list {
		for _, f := range g.frontend {
			if verdicts[f.of].Kind != rules.Frontend || f.site.cred.Environment == "" {
				continue
			}
			for _, b := range g.uncovering(f, verdicts) {
				if out[b.site] == nil {
					out[b.site] = &Place{File: f.site.file.path, Line: f.site.at.Line, Text: "the frontend token " +
						f.site.cred.Secret.String() + " is used with this Edge, and no backend token of it covers that"}
				}
			}
		}
	}
	return out
}

// gatherEdges collects the tokens that stand in Edge's own settings, in the order of the credentials.
func (e *engine) gatherEdges(sites map[*credential][]rules.Site) []*edgeSetup {
	var list []*edgeSetup
	byService := map[string]*edgeSetup{}
	for _, c := range e.order {
		for i, s := range c.sites {
			for _, u := range sites[c][i].Uses {
				if u.Via != rules.ViaEdge || u.Commented {
					continue
				}
				g := byService[u.Service]
				if g == nil {
					g = &edgeSetup{names: map[string]bool{}}
					byService[u.Service] = g
					list = append(list, g)
				}
				for _, n := range u.Names {
					g.names[n] = true
				}
				switch u.Takes {
				case rules.Backend:
					g.backend = append(g.backend, edgeToken{s, c})
				case rules.Frontend:
					g.frontend = append(g.frontend, edgeToken{s, c})
				}
			}
		}
	}
	return list
}

// joinFrontends adds the tokens of frontend applications whose URL names an Edge.
func (e *engine) joinFrontends(list []*edgeSetup, verdicts map[*credential]rules.Verdict,
	sites map[*credential][]rules.Site) {
	byName := map[string][]*edgeSetup{}
	for _, g := range list {
		for n := range g.names {
			byName[n] = append(byName[n], g) // one entry a name and Edge: the order of each list is that of the Edges
		}
	}
	if len(byName) == 0 {
		return
	}
	placeHosts := map[*siteFact][]string{}
	for _, f := range e.files {
		for _, p := range f.places {
			if len(byName[p.host]) == 0 || p.host == "" {
				continue
			}
			for _, a := range p.atoms {
				if a.site != nil && a.site.file == f {
					placeHosts[a.site] = append(placeHosts[a.site], p.host)
				}
			}
		}
	}
	for _, c := range e.order {
		if verdicts[c].Kind != rules.Frontend {
			continue
		}
		for i, s := range c.sites {
			hosts := placeHosts[s]
			for _, u := range sites[c][i].Uses {
				if u.Via != rules.ViaEdge && u.Host != "" && !u.Commented {
					hosts = append(hosts[:len(hosts):len(hosts)], u.Host)
				}
			}
			joined := map[*edgeSetup]bool{}
			for _, h := range hosts {
				for _, g := range byName[h] {
					if !joined[g] {
						joined[g] = true
						g.frontend = append(g.frontend, edgeToken{s, c})
					}
				}
			}
		}
	}
}

// uncovering are the backend tokens of an Edge to mark where none covers a frontend token: those of the same
// environment, else the first (VOCABULARY, item 30). None where one covers it, or may.
func (g *edgeSetup) uncovering(f edgeToken, verdicts map[*credential]rules.Verdict) []edgeToken {
	var same, all []edgeToken
	for _, b := range g.backend {
		if verdicts[b.of].Kind != rules.Backend || b.site.cred.Environment == "" || b.site.cred.Malformed {
			continue
		}
		if rules.Covers(b.site.cred, f.site.cred) >= 0 {
			return nil
		}
		if b.site.cred.Environment == f.site.cred.Environment {
			same = append(same, b)
		}
		all = append(all, b)
	}
	if len(same) == 0 && len(all) > 0 {
		return all[:1]
	}
	return same
}
