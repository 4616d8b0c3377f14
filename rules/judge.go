package rules

// tokenShaped reports whether a credential is an API token by its shape: a Proxy's client key must not be one.
func tokenShaped(c Credential) bool {
	return c.Format != ClientKeyFormat && c.Format != Legacy
}

func decidedSecret(k Kind) bool {
	return k == Backend || k == Admin || k == Personal || k == ServiceAccount
}

// Exposure is the one exposure rule of a credential of this kind: a published default before a legacy token before the
// one of its kind.
func Exposed(c Credential, k Kind) RuleID {
	switch {
	case c.Default:
		return InsecureDefaultToken
	case c.Format == Legacy && k != ClientKey:
		return LegacyToken
	}
	switch k {
	case Backend:
		return BackendToken
	case Frontend:
		return FrontendToken
	case Admin:
		return AdminToken
	case Personal, ServiceAccount:
		return PersonalToken
	case ClientKey:
		return ClientKeyRule
	}
	return UnknownToken
}

// Judge says which rules apply to a site of a credential whose verdict is v, the most severe first. edge-scope-mismatch
// needs the tokens of a whole Edge and is judged apart (coverEdges of package scanner, over Covers).
func Judge(s Site, v Verdict) []RuleID {
	set := map[RuleID]bool{Exposed(s.Credential, v.Kind): true}
	c, k := s.Credential, v.Kind

	for _, u := range s.Uses {
		if u.Commented {
			continue
		}
		for _, id := range Misuse(c, k, u) {
			set[id] = true
		}
	}
	if decidedSecret(k) && len(s.Exposures) > 0 {
		set[SecretInFrontend] = true
	}
	if v.Conflict {
		for _, e := range s.Evidence {
			if e.Certainty == v.Certainty && Possible(c, e.Kind, e.Certainty) {
				set[ConflictingUse] = true
			}
		}
	}
	if c.Malformed && s.Placed {
		set[MalformedToken] = true
	}
	if invalidScope(s, k) {
		set[InvalidTokenScope] = true
	}
	if (s.InURL || len(s.URLs) > 0) && !k.Public() {
		set[TokenInURL] = true
	}
	if s.Deployment != "" && c.Environment != "" {
		if d := DeploymentOf(c.Environment); d != "" && d != s.Deployment {
			set[EnvironmentMismatch] = true
		}
	}
	ids := make([]RuleID, 0, len(set))
	for id := range set {
		ids = append(ids, id)
	}
	Sort(ids)
	return ids
}

// Misuse returns the rules that a credential of kind k breaks by being handed to u, nil where it breaks none.
func Misuse(c Credential, k Kind, u Use) []RuleID {
	var ids []RuleID
	inSDK := func() {
		switch k {
		case Personal, ServiceAccount:
			ids = append(ids, PersonalTokenInSDK)
		case Admin:
			ids = append(ids, AdminTokenInSDK)
		}
	}
	ships := func() {
		if decidedSecret(k) && u.Ships {
			ids = append(ids, SecretInFrontend)
		}
	}
	if u.Via == ViaRequest {
		switch {
		case k == ClientKey && (u.API == ClientAPI || u.API == FrontendAPI || u.API == AdminAPI):
			ids = append(ids, ClientKeyToAPI)
		case u.API == AdminAPI && (k == Backend || k == Frontend || k == Unknown && tokenShaped(c) &&
			c.Environment != ""):
			ids = append(ids, SDKTokenInAdminAPI)
		case u.API == ClientAPI || u.API == FrontendAPI:
			inSDK() // (VOCABULARY, item 35)
		case u.API == ProxyAPI && tokenShaped(c):
			ids = append(ids, APITokenAsClientKey)
		}
		return ids
	}
	switch u.Takes {
	case Backend:
		inSDK()
		ships()
		switch k {
		case Frontend:
			ids = append(ids, FrontendTokenInBackend)
		case ClientKey:
			ids = append(ids, ClientKeyToAPI)
		}
	case Frontend:
		inSDK()
		ships()
		if k == ClientKey && u.API == FrontendAPI {
			ids = append(ids, ClientKeyToAPI)
		}
	case ClientKey:
		if !u.Designates { // (VOCABULARY, item 35)
			inSDK()
			ships()
		}
		if tokenShaped(c) {
			ids = append(ids, APITokenAsClientKey)
		}
	case Personal:
		switch {
		case k == Backend || k == Frontend, k == Unknown && tokenShaped(c):
			ids = append(ids, SDKTokenInAdminAPI)
		case k == ClientKey:
			ids = append(ids, ClientKeyToAPI)
		}
	}
	return ids
}

// invalidScope reports whether the server refuses the scope for the type that a declaration beside the token states,
// else for the token's kind (facts: validateApiToken).
func invalidScope(s Site, k Kind) bool {
	c := s.Credential
	if s.InInit && (c.Format == Account || c.Format == AccountV2) {
		return true // a server makes no such token of a list (VOCABULARY, item 35)
	}
	if c.Project == "" || c.Environment == "" || c.Format == Account || c.Format == AccountV2 {
		return false
	}
	against := k
	if s.Declared != "" {
		against = s.Declared
	}
	all := c.Project == "*" && c.Environment == "*"
	switch {
	case c.Environment == "*" && !all:
		return true
	case all && (against == Backend || against == Frontend):
		return true
	case !all && against == Admin:
		return true
	case c.Project == "[]" && s.InInit:
		return true
	}
	return false
}

// Covers reports whether Edge lets a frontend token in that a backend token of its own covers: 1 yes, -1 no, 0 where []
// hides the projects (docs/facts.md, item 1).
func Covers(backend, frontend Credential) int {
	if backend.Environment != frontend.Environment {
		return -1
	}
	b, f := backend.Project, frontend.Project
	switch {
	case b == "*" || b == f && b != "[]":
		return 1
	case f == "*":
		return -1 // neither one project nor several cover all
	case b == "[]":
		return 0
	case f == "[]":
		return -1 // one project never covers several
	}
	return -1
}
