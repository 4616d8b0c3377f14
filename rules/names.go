package rules

import "strings"

// A NameClass is what the name of a setting, a variable or an option says of the credential bound to it.
type NameClass struct {
	Kind      Kind      // Unknown where the name does not state one
	Certainty Certainty // Declared (INIT_…), ByName, ByHint, or None
	Designate bool      // the name designates proxy client keys (UNLEASH_PROXY_CLIENT_KEYS)
	Prefix    string    // the browser-exposed prefix it starts with ("NEXT_PUBLIC_"), "" for none
	Unleash   bool      // it mentions Unleash
	Holds     bool      // it is the name of something that holds a credential (…TOKEN, …KEY, …SECRET, …PAT)
	// a setting of Unleash that is known to hold no token of these kinds, whatever its name suggests
	NotAToken bool
}

// publicPrefixes are the beginnings of names that bundlers put into what browsers load (facts: the frameworks' own
// documentation). The longest that fits wins, so that NUXT_PUBLIC_ is not taken for PUBLIC_.
var publicPrefixes = []string{
	"NEXT_PUBLIC_", "NUXT_PUBLIC_", "NUXT_ENV_", "EXPO_PUBLIC_", "SNOWPACK_PUBLIC_", "PLASMO_PUBLIC_", "BUN_PUBLIC_",
	"WAKU_PUBLIC_",
	"PUBLIC_ENV__", "RENDERER_VITE_", "PRELOAD_VITE_", "REDWOOD_ENV_", "VITE_", "REACT_APP_", "GATSBY_", "VUE_APP_",
	"NG_APP_", "STORYBOOK_",
	"WXT_", "UMI_APP_", "TARO_APP_", "RAZZLE_", "PREACT_APP_", "SAPPER_APP_", "GRIDSOME_", "ELM_APP_", "MODERN_",
	"PUBLIC_",
}

// PublicPrefix is the browser-exposed prefix that name starts with, "" for none. extra are prefixes that the repository
// itself configures (Vite's envPrefix, SvelteKit's publicPrefix).
func PublicPrefix(name string, extra ...string) string {
	best := ""
	for _, list := range [2][]string{publicPrefixes, extra} {
		for _, p := range list {
			if len(p) > len(best) && len(name) > len(p) && strings.HasPrefix(name, p) {
				best = p
			}
		}
	}
	return best
}

// notTokens are names of the server, Edge, the Proxy and others that hold switches, numbers, header names or secrets of
// another kind (VOCABULARY, item 32). They are compared as Words joined by "_".
func notTokens(name string) bool {
	switch name {
	case "UNLEASH_SECRET", "EDGE_MASTER_KEY", "EDGE_CLIENT_SECRET", "EXP_SERVER_SIDE_SDK_CONFIG_TOKENS",
		"EXP_BOOTSTRAP_AUTHORIZATION", "AUTH_ENABLE_API_TOKEN", "UNLEASH_API_TOKENS_LIMIT",
		"UNLEASH_PAT_KILL_SWITCH", "TOKEN_HEADER", "UNLEASH_ENCRYPTION_KEY", "UNLEASH_LICENSE",
		"UNLEASH_DEFAULT_ADMIN_PASSWORD", "UNLEASH_EXPERIMENTAL_SECURE_TOKEN",
		"UNLEASH_EXPERIMENTAL_SECURE_ACCOUNT_TOKEN", "UNLEASH_BOT_PRIVATE_KEY", "CLIENT_KEY_HEADER_NAME",
		"CLIENT_KEYS_HEADER_NAME":
		return true
	}
	return false
}

// ClassifyName reads the name of a setting, variable, constant or option. outer are the names around it, innermost last
// (the keys of the tables that hold it): they tell where the name itself does not say Unleash ([unleash]
// personal_access_token).
func ClassifyName(name string, outer ...string) NameClass {
	c := NameClass{Kind: Unknown, Certainty: None}
	c.Prefix = PublicPrefix(name)
	if !mayHold(name) {
		if c.Prefix != "" && Words(name) != nil { // whatever follows it (VOCABULARY, item 11)
			c.Kind, c.Certainty = Frontend, ByHint
		}
		return c // most names: nothing below would find a credential's word
	}
	words := apart(Words(strings.TrimPrefix(name, c.Prefix)))
	if len(words) == 0 || len(words) > 16 {
		return c
	}
	joined := strings.Join(words, "_")
	if notTokens(joined) {
		c.NotAToken = true
		return c
	}
	has := func(ws ...string) bool { return contains(words, ws...) }
	c.Unleash = strings.Contains(joined, "UNLEASH") && !strings.Contains(joined, "UNLEASHED")
	for _, o := range outer {
		c.Unleash = c.Unleash || strings.Contains(strings.ToUpper(o), "UNLEASH")
	}
	plural := has("TOKENS") || has("KEYS") || has("SECRETS")
	c.Holds = plural || has("TOKEN") || has("KEY") || has("SECRET") || has("PAT") || has("AUTHORIZATION") ||
		has("AUTH") || has("CREDENTIAL")
	last := words[len(words)-1]
	if len(words) > 1 && (last == "KEY" || last == "KEYS") {
		switch words[len(words)-2] { // keys of storage, of caches, of events (VOCABULARY, item 41)
		case "ERROR", "CACHE", "STORAGE", "LOCK", "EVENT", "SESSION", "READY", "REDIS", "QUERY", "STATE":
			c.Holds = false
		}
	}
	switch last {
	case "URL", "URI", "EVENT", "HOST", "ENDPOINT", "ID", "LIMIT", "HEADER", "ENABLED", "SWITCH", "TYPE", "PATH", "FILE",
		"EXPIRY", "PROJECT", "PROJECTS", "ENV", "COUNT", "TTL", "INTERVAL":
		c.Holds = false
	}

	// Declarations of the server. INIT_CLIENT_ is the old word for backend.
	if has("INIT") && has("API", "TOKENS") {
		for word, kind := range map[string]Kind{"ADMIN": Admin, "BACKEND": Backend, "CLIENT": Backend,
			"FRONTEND": Frontend} {
			if has("INIT", word, "API", "TOKENS") {
				c.Kind, c.Certainty, c.Unleash, c.Holds = kind, Declared, true, true
			}
		}
		return c
	}
	if has("PROXY", "CLIENT", "KEYS") || has("PROXY", "SECRETS") || (c.Unleash && has("CLIENT", "KEYS")) {
		c.Designate, c.Holds = true, true
		return c
	}
	if !c.Holds {
		if c.Prefix != "" {
			c.Kind, c.Certainty = Frontend, ByHint
		}
		return c
	}
	switch joined { // Edge's own settings take tokens and state no type (VOCABULARY, item 15)
	case "TOKENS", "CLIENT_TOKENS", "PRETRUSTED_TOKENS", "FRONTEND_TOKENS":
		return c
	}
	var stated []Kind
	state := func(k Kind, side ...string) {
		if statesOf(words, side) {
			stated = append(stated, k)
		}
	}
	state(Frontend, "FRONTEND")
	state(Frontend, "FRONT", "END")
	state(Backend, "BACKEND")
	state(Backend, "BACK", "END")
	state(Backend, "SERVER")
	state(Admin, "ADMIN")
	switch {
	case has("SERVICE", "ACCOUNT"):
		state(ServiceAccount, "SERVICE", "ACCOUNT")
	case has("PAT"), has("PERSONAL", "ACCESS"):
		stated = append(stated, Personal)
	default:
		state(Personal, "PERSONAL")
	}
	if len(stated) == 1 {
		c.Kind, c.Certainty = stated[0], ByName
		return c
	}
	if len(stated) > 0 {
		return c // two sides in one name say nothing
	}
	// The weak names, exactly (VOCABULARY, item 11): after UNLEASH, but for the name of a deployment.
	if i := index1(words, "UNLEASH"); i >= 0 {
		rest := words[i+1:]
		for len(rest) > 2 && DeploymentOf(rest[len(rest)-1]) != "" {
			rest = rest[:len(rest)-1]
		}
		switch strings.Join(rest, "_") {
		case "API_TOKEN", "API_KEY", "CLIENT_TOKEN":
			c.Kind, c.Certainty = Backend, ByHint
		case "CLIENT_KEY":
			c.Kind, c.Certainty = Frontend, ByHint
		}
	}
	if c.Prefix != "" {
		c.Kind, c.Certainty = Frontend, ByHint
	}
	return c
}

// apart parts words that some write as one: APIKEY is API, KEY.
func apart(words []string) []string {
	var out []string
	for i, w := range words {
		first := ""
		switch w {
		case "APIKEY", "APIKEYS", "APITOKEN", "APITOKENS":
			first = "API"
		case "CLIENTKEY", "CLIENTKEYS", "CLIENTTOKEN", "CLIENTTOKENS":
			first = "CLIENT"
		case "AUTHTOKEN":
			first = "AUTH"
		}
		if first == "" {
			if out != nil {
				out = append(out, w)
			}
			continue
		}
		if out == nil {
			out = append(make([]string, 0, len(words)+1), words[:i]...)
		}
		out = append(out, first, w[len(first):])
	}
	if out == nil {
		return words
	}
	return out
}

// mayHold reports whether a name has the letters of a word for credentials, in any case.
func mayHold(name string) bool {
	for i := 0; i+3 <= len(name); i++ {
		word := ""
		switch name[i] | 0x20 {
		case 't':
			word = "token"
		case 'k':
			word = "key"
		case 's':
			word = "secret"
		case 'a':
			word = "auth"
		case 'p':
			word = "pat"
		case 'c':
			word = "credential"
		default:
			continue
		}
		if len(name)-i >= len(word) && strings.EqualFold(name[i:i+len(word)], word) {
			return true
		}
		if word == "pat" && len(name)-i >= 8 && strings.EqualFold(name[i:i+8], "personal") {
			return true
		}
	}
	return false
}

// credentialWords name a credential; fillers may stand between them and the side that they are of
// (UNLEASH_SERVER_API_TOKEN).
func credentialWords(word string) bool {
	switch word {
	case "TOKEN", "TOKENS", "KEY", "KEYS", "SECRET", "SECRETS", "AUTH", "AUTHORIZATION", "CREDENTIAL", "CREDENTIALS":
		return true
	}
	return false
}

func fillers(word string) bool {
	switch word {
	case "API", "CLIENT", "ACCESS", "SDK", "SIDE", "AUTH", "UNLEASH", "FLAG", "FLAGS", "FEATURE", "FEATURES",
		"TOGGLE", "TOGGLES", "EDGE", "PROXY",
		// two sides in one name: both are stated, and decide nothing
		"FRONTEND", "BACKEND", "SERVER", "ADMIN":
		return true
	}
	return false
}

// statesOf reports whether a name speaks of a credential of a side: the side's words and a credential's with nothing
// between but fillers. validation_server_with_valid_tokens is a server, and no token of one.
func statesOf(words, side []string) bool {
	for i := 0; i+len(side) <= len(words); i++ {
		if !contains(words[i:i+len(side)], side...) {
			continue
		}
		for j := i + len(side); j < len(words); j++ {
			if credentialWords(words[j]) {
				return true
			}
			if !fillers(words[j]) {
				break
			}
		}
		for j := i - 1; j >= 0; j-- {
			if credentialWords(words[j]) {
				return true
			}
			if !fillers(words[j]) {
				break
			}
		}
	}
	return false
}

// Words are the words of a name in upper case, whatever joins them: UNLEASH_API_TOKEN, unleash.api-token and
// unleashApiToken are the same three words.
func Words(name string) []string {
	var words []string
	start := -1
	flush := func(end int) {
		if start >= 0 && end > start {
			words = append(words, strings.ToUpper(name[start:end]))
		}
		start = -1
	}
	kind := func(b byte) int { // 0 separator, 1 lower or digit, 2 upper
		switch {
		case b >= 'a' && b <= 'z', b >= '0' && b <= '9', b >= 0x80:
			return 1
		case b >= 'A' && b <= 'Z':
			return 2
		}
		return 0
	}
	for i := 0; i < len(name); i++ {
		k := kind(name[i])
		if k == 0 {
			flush(i)
			continue
		}
		if start < 0 {
			start = i
			continue
		}
		prev := kind(name[i-1])
		// apiToken splits before T; APIToken splits before the T that a lower-case letter follows.
		if k == 2 && (prev == 1 || (prev == 2 && i+1 < len(name) && kind(name[i+1]) == 1 &&
			!(name[i+1] >= '0' && name[i+1] <= '9'))) {
			// "URLs" and "IDs" are one word.
			if !(prev == 2 && name[i+1] == 's' && (i+2 == len(name) || kind(name[i+2]) != 1)) {
				flush(i)
				start = i
			}
		}
	}
	flush(len(name))
	return words
}

// NormalName is Words joined by "_": two names with the same NormalName are taken for the same setting.
func NormalName(name string) string { return strings.Join(Words(name), "_") }

// contains reports whether words holds the run ws.
func contains(words []string, ws ...string) bool {
	for i := 0; i+len(ws) <= len(words); i++ {
		ok := true
		for j := range ws {
			if words[i+j] != ws[j] {
				ok = false
				break
			}
		}
		if ok {
			return true
		}
	}
	return false
}

func index1(words []string, w string) int {
	for i := range words {
		if words[i] == w {
			return i
		}
	}
	return -1
}

// IsTokenName reports whether a name is that of a token: its last word says so.
func IsTokenName(name string) bool {
	words := Words(name)
	for len(words) > 1 && DeploymentOf(words[len(words)-1]) != "" {
		words = words[:len(words)-1]
	}
	if len(words) == 0 {
		return false
	}
	switch words[len(words)-1] {
	case "TOKEN", "TOKENS", "PAT", "AUTHORIZATION":
		return true
	}
	return false
}

// HasRandomPart reports whether what follows the last separator of a text can be random: it has digits, or is 16
// characters and more that are no words (VOCABULARY, item 41).
func HasRandomPart(text string) bool {
	rest := text[strings.LastIndexAny(text, ".: ")+1:]
	if strings.ContainsAny(rest, "0123456789") {
		return true
	}
	return len(rest) >= 16 && !strings.ContainsAny(rest, "-_/") && rest != strings.ToLower(rest) &&
		rest != strings.ToUpper(rest) && len(Words(rest)) > 4
}
