package rules

import (
	"strings"
	"sync"
)

// IsPlaceholder reports whether a value that stands in a token's or a client key's place is none: markup for the reader
// to fill in, a reference to where the secret is kept, what redaction left of one, or words that name the thing instead
// of being it. One word behind a scope ("*:development.secret") is not among them: people really do that. See
// IsDummyWord.
func IsPlaceholder(value string) bool {
	start, end := trimValue(value)
	value = value[start:end]
	if len(value) > maxValue {
		return false
	}
	if c, ok := parseWhole(value); ok && !c.Malformed {
		return false // no sign outweighs 224 random bits
	}
	if value == "" || isReference(value) || isMarked(value) {
		return true
	}
	scope, rest := splitScope(value)
	if scope == "" {
		if at := strings.LastIndexByte(value, '@'); at > 0 {
			rest = value[:at]
		}
	}
	if rest == "" || hasDefaultPrefix(rest) {
		return rest == ""
	}
	if selector, is := strings.CutPrefix(rest, "v2_"); is && scope != "" && IsSelector(selector) {
		return true // what Edge shows of a token: the selector without the secret
	}
	if project, environment, ok := strings.Cut(scope, ":"); ok && strings.HasSuffix(project, "project") &&
		(environment == "environment." || environment == "env.") {
		return true
	}
	if isUniform(rest) && len(rest) > 2 || isCounting(rest) {
		return true
	}
	return isWording(rest, scope == "")
}

// isAlphabetRun reports whether a text is typed along the alphabet and the digits: abcdef1234567890ghijklmnop.
func isAlphabetRun(text string) bool {
	if len(text) < 6 {
		return false
	}
	// The digits may stand among the letters: each goes on where its own kind was left.
	var last [2]byte
	low, breaks := strings.ToLower(text), 0
	for i := 0; i < len(low); i++ {
		kind := 0
		if isDigit[low[i]] {
			kind = 1
		}
		if last[kind] != 0 && low[i] != last[kind]+1 && !(last[kind] == '9' && low[i] == '0') || !isAlnum[low[i]] {
			breaks++
		}
		last[kind] = low[i]
	}
	return breaks*5 <= len(low)
}

// IsDummyWord reports whether the random part of a token is one plain word, as tests have it: letters of one case,
// maybe with a capital first or a short number last.
func IsDummyWord(random string) bool {
	if isAlphabetRun(random) {
		return true
	}
	word := strings.TrimRight(random, digits)
	if len(word) < 1 || len(word) > 16 || len(random)-len(word) > 4 || !all(word, &isLetter) {
		return false
	}
	return word[1:] == strings.ToLower(word[1:]) || word == strings.ToUpper(word)
}

var isLetter = classOf(letters)

// referenceSigns begin a value that says where the secret is kept, in the languages of configuration and of secret
// stores.
var referenceSigns = []string{
	"op://", "vault:", "ssm:", "awssm:", "secretsmanager:", "sm://", "gcpsm:", "gcp-sm:", "aws-sm:", "azurekeyvault:",
	"arn:", "projects/",
	"ref+", "env:", "env.", "file:", "keyring:", "bws:", "doppler:", "infisical:", "akeyless:", "secret:", "secretref:",
	"secretkeyref",
	"@microsoft.keyvault", "enc[", "!vault", "$", "%(", "process.env", "import.meta", "os.environ", "os.getenv",
	"secrets.", "var.",
	"local.", "data.", "module.", "/", "./", "../", "~/",
}

func isReference(value string) bool {
	lower := strings.ToLower(value)
	for _, sign := range referenceSigns {
		if strings.HasPrefix(lower, sign) {
			return !isScoped(value)
		}
	}
	return len(value) > 2 && value[0] == '%' && value[len(value)-1] == '%' ||
		strings.Contains(value, "/") && strings.Contains(value, "#") || isSettingName(value)
}

// isScoped reports whether value begins with PROJECT:ENVIRONMENT and a dot: "env:development.x" is of a project called
// env.
func isScoped(value string) bool {
	project, rest, ok := strings.Cut(value, ":")
	return ok && isProject(project) && isScopeEnd(rest, '.') && !strings.ContainsAny(rest, "/#")
}

// isSettingName reports whether value is the name of a setting, in capitals: what is looked up, not what is found.
func isSettingName(value string) bool {
	words := strings.Split(value, "_")
	for _, w := range words {
		if w == "" || !all(w, &isCapital) {
			return false
		}
	}
	return len(words) > 1
}

var isCapital = classOf(letters[26:])

// isMarked reports whether value holds signs that no credential holds: of templates and interpolation, of markup for
// the reader, and of redaction.
func isMarked(value string) bool {
	for _, sign := range []string{"${", "$(", "{{", "#{", "%{", "<%", "@{", "...", "…", "•", "●", "█", "***", "####",
		"[redacted]", "[filtered]", "[masked]", "[hidden]"} {
		if strings.Contains(value, sign) || strings.Contains(strings.ToLower(value), sign) {
			return true
		}
	}
	if i := strings.IndexByte(value, '<'); i >= 0 && strings.IndexByte(value[i:], '>') > 0 {
		return true
	}
	if i := strings.IndexByte(value, '{'); i >= 0 && strings.IndexByte(value[i:], '}') > 0 {
		return true
	}
	return len(value) > 2 && value[0] == '[' && value[1] != ']' || runOf(value, "xX") >= 4 || strings.Contains(value,
		"—")
}

// runOf is the length of the longest run of the given characters.
func runOf(text, chars string) (longest int) {
	run := 0
	for i := 0; i < len(text); i++ {
		if strings.IndexByte(chars, text[i]) < 0 {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// isCounting reports whether text is the digits or letters in their order: 0123456789abcdef, 12345678.
func isCounting(text string) bool {
	if len(text) < 6 {
		return false
	}
	const order = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	const decimal = "012345678901234567890123456789012345678901234567890123456789012345678901234567890"
	lower := strings.ToLower(text)
	return strings.Contains(order, lower) || strings.Contains(decimal, lower) ||
		strings.HasPrefix("abcdefghijklmnopqrstuvwxyz", lower)
}

// The words that stand for a credential. Naming words say what would stand there, telling words tell the reader that it
// does not, and the small words between them count for nothing.
var (
	namingWords = lazyWords("api access admin alias app auth authorization backend bar baz bearer browser client code credential " +
		"credentials demo edge env environment flag flags foo frontend front end hash header id instance key keys master mobile name other password " +
		"pat personal private project proxy public sdk secret secrets server service account side string test testing text token tokens " +
		"unleash user value web")
	tellingWords = lazyWords("actual add change configured disabled dummy enter example examples fake false fill fixme foobar generated goes here insert ipsum " +
		"kinda lorem mock mocked none noop not null offline paste placeholder put random real redacted replace sample set some something sorta todo true undefined unused " +
		"whatever xyz your yours")
	smallWords = lazyWords("a an and for in is me my of or the this to used with")
)

// lazyWords is the set of the words of a text, made when it is first asked for.
func lazyWords(words string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		set := make(map[string]bool)
		for w := range strings.FieldsSeq(words) {
			set[w] = true
		}
		return set
	})
}

// isWording reports whether text is made of words that stand for a credential and of nothing else. Behind a scope it
// takes two naming words or one that tells; a whole value may be one naming word with a number, as the Proxy's sample
// keys are.
func isWording(text string, whole bool) bool {
	const longest = 80 // no placeholder is longer, and segment takes its time
	if len(text) > longest {
		return false
	}
	naming, telling, number := 0, false, false
	for _, part := range splitWords(text) {
		if all(part, &isDigit) {
			if len(part) > 5 {
				return false
			}
			number = true
			continue
		}
		n, tells, ok := segment(strings.ToLower(part))
		if !ok {
			return false
		}
		naming += n
		telling = telling || tells
	}
	return telling || naming > 1 && !number || naming > 0 && number && whole
}

var isDigit = classOf(digits)

// splitWords parts text at everything that is no letter or digit, between letters and digits, and before capitals.
func splitWords(text string) []string {
	var words []string
	from := -1
	for i := 0; i <= len(text); i++ {
		var c byte
		if i < len(text) {
			c = text[i]
		}
		if from >= 0 {
			prev := text[i-1]
			cut := !isAlnum[c] || isDigit[c] != isDigit[prev] || c >= 'A' && c <= 'Z' && prev >= 'a' && prev <= 'z'
			if !cut {
				continue
			}
			words = append(words, text[from:i])
			from = -1
		}
		if isAlnum[c] && i < len(text) {
			from = i
		}
	}
	return words
}

// segment reports whether word is made of the words above, with how few naming ones, and whether one of them tells.
// "xyzrandomstring" is xyz, random and string.
func segment(word string) (naming int, tells, ok bool) {
	type way struct {
		ok, tells bool
		naming    int
	}
	const longest = 13 // of the words
	ways := make([]way, len(word)+1)
	ways[0].ok = true
	for end := 1; end <= len(word); end++ {
		for start := max(0, end-longest); start < end; start++ {
			piece := word[start:end]
			w := ways[start]
			switch {
			case !w.ok || len(piece) == 1 && len(word) > 1:
				continue
			case tellingWords()[piece]:
				w.tells = true
			case namingWords()[piece]:
				w.naming++
			case !smallWords()[piece]:
				continue
			}
			if old := ways[end]; !old.ok || w.naming < old.naming {
				ways[end] = w
			}
		}
	}
	last := ways[len(word)]
	return last.naming, last.tells, last.ok
}
