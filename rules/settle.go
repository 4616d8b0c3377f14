package rules

import "sort"

// An Evidence is something that says what a credential is.
type Evidence struct {
	Certainty  Certainty
	Kind       Kind
	File       string
	Line       int // from 1
	Text       string
	Site       int    // index of the site that it came by
	Prefix     bool   // a hint from a browser-exposed prefix, which wins among hints
	InInit     bool   `json:",omitempty"` // an entry of INIT_… or initApiTokens declares it
	Repository string // of a sweep: where File stands, "" elsewhere
	Chain      []Link `json:",omitempty"` // from File and Line to the credential
}

// A Link is one step of the way from a place to what it takes: the name that stands for another, and why.
type Link struct {
	File string
	Line int    // from 1
	Text string // what it is there, in words: "through token, imported from here"
}

// A Use is a place that takes the credential.
type Use struct {
	Via        Via
	Side       Side // of the sink
	FileSide   Side // of the file that it stands in
	Takes      Kind // what is right there; Personal for the Admin API, ClientKey for a proxy client key
	API        API  // the URL beside, NoAPI where it says nothing
	Designates bool // a list of proxy client keys
	Commented  bool // it stands in a comment: evidence, but no misuse
	Ships      bool // it hands the credential to browsers or phones
	File       string
	Line       int
	Text       string   // what takes it, in words
	Service    string   // the service, task, script or file that it belongs to; equal for things used together
	Host       string   // host of the URL beside, lower case
	Names      []string // names that other services know this one by
	Chain      []Link   `json:",omitempty"` // from File and Line to the credential
}

// An Exposure is a way in which the place of a credential reaches browsers or phones.
type Exposure struct {
	File string
	Line int
	Why  string
	// Chain leads from File and Line to the credential.
	Chain []Link `json:",omitempty"`
}

// A Site is one place where a credential stands, and all that is said of it there and where it goes from there.
type Site struct {
	Credential Credential
	Repository string // of a sweep: as it was listed, "" elsewhere
	File       string
	Line       int
	Evidence   []Evidence
	Uses       []Use
	Exposures  []Exposure
	URLs       []Exposure // the places that put it into a URL
	Declared   Kind       // what a declaration beside it states, "" for none: the type that its scope is judged against
	InInit     bool       // it is an entry of INIT_… or initApiTokens
	InURL      bool       // it stands in a URL's path, query or user-info
	Placed     bool       // the place is one that holds a token: a sink, or a name that says so
	Deployment string     // the deployment that its place names (VOCABULARY, items 21 and 28), "" for none
	DeployedBy string     // what names it, in words
	InComment  bool
}

// A Verdict is what a credential is.
type Verdict struct {
	Kind      Kind
	Certainty Certainty
	Conflict  bool       // evidence of the deciding rank contradicts itself
	Evidence  []Evidence // what decided, and what says the same, strongest first
}

func rank(key Certainty) int {
	switch key {
	case Verified:
		return 6
	case ByFormat:
		return 5
	case Declared:
		return 4
	case ByName:
		return 3
	case BySink:
		return 2
	case ByHint:
		return 1
	case None:
		return 0
	}
	return 0
}

// Stronger reports whether a kind that rests on c is better known than one that rests on d.
func (c Certainty) Stronger(d Certainty) bool { return rank(c) > rank(d) }

// Possible reports whether the text of a credential allows a kind at all, whatever is said of it.
func Possible(c Credential, k Kind, declared Certainty) bool {
	switch c.Format {
	case Account, AccountV2:
		return k == Personal || k == ServiceAccount
	case ClientKeyFormat:
		if declared == Verified { // a token's alias is any text
			return k == ClientKey || k == Backend || k == Frontend || k == Admin
		}
		return k == ClientKey || k == Frontend
	case Legacy:
		return k != Personal && k != ServiceAccount
	}
	switch k {
	case Backend, Frontend:
		return true
	case Admin:
		return declared == Declared || declared == Verified // INIT_ADMIN_API_TOKENS makes an admin token of any scope
	}
	return false
}

// Settle says what a credential is, from all its sites: the strongest evidence decides.
func Settle(sites []Site) Verdict {
	if len(sites) == 0 {
		return Verdict{Kind: Unknown, Certainty: None}
	}
	cred := sites[0].Credential
	var all []Evidence
	service, designated := false, false
	for i := range sites {
		for _, e := range sites[i].Evidence {
			if e.Kind == ServiceAccount {
				service = true
			}
			if e.Kind == ClientKey && e.Certainty == BySink {
				designated = true
			}
			if Possible(cred, e.Kind, e.Certainty) {
				e.Site = i
				all = append(all, e)
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return rank(all[i].Certainty) > rank(all[j].Certainty) })

	v := Verdict{Kind: Unknown, Certainty: None, Evidence: all}
	if cred.Kind != Unknown && cred.Kind != "" {
		v.Kind, v.Certainty = cred.Kind, ByFormat
	}
	verified := len(all) > 0 && all[0].Certainty == Verified
	if k := kindOfInit(all); k != "" && k != v.Kind && !verified && cred.Format == Custom &&
		(v.Kind == Backend || v.Kind == Frontend) {
		v.Kind, v.Certainty = k, Declared // a published default is what its list declares (VOCABULARY, item 9)
		return v
	}
	if v.Certainty == ByFormat && !verified {
		if v.Kind == Personal && service {
			v.Kind = ServiceAccount
		}
		return v
	}
	if len(all) == 0 {
		return v
	}
	// A designated client key is one, whatever else takes the same text (VOCABULARY, item 25).
	if designated && (cred.Format == ClientKeyFormat || cred.Format == Legacy) &&
		rank(all[0].Certainty) <= rank(BySink) {
		v.Kind, v.Certainty = ClientKey, BySink
		return v
	}
	top := all[0].Certainty
	kinds := map[Kind]bool{}
	prefix := Kind("")
	for _, e := range all {
		if e.Certainty != top {
			break
		}
		kinds[e.Kind] = true
		if e.Prefix {
			prefix = e.Kind
		}
	}
	switch {
	case len(kinds) == 1:
		v.Kind, v.Certainty = all[0].Kind, top
	case top == ByHint && prefix != "":
		v.Kind, v.Certainty = prefix, top
	case top == ByHint:
		// Two weak names that contradict each other decide nothing.
	case kinds[Personal] && kinds[ServiceAccount] && len(kinds) == 2:
		v.Kind, v.Certainty = ServiceAccount, top
	default:
		v.Conflict = true
		v.Certainty = top
	}
	return v
}

// kindOfInit is the kind that INIT_… and initApiTokens declare, "" where none does or two contradict each other.
func kindOfInit(all []Evidence) Kind {
	var kind Kind
	for _, e := range all {
		switch {
		case !e.InInit:
		case kind != "" && kind != e.Kind:
			return ""
		default:
			kind = e.Kind
		}
	}
	return kind
}
