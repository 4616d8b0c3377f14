package rules

import "strings"

// deployments are the names that environment-mismatch compares, with their short forms (VOCABULARY, item 21). "default"
// and any other name never mismatch.
func deployments(name string) string {
	switch name {
	case "PRODUCTION", "PROD", "PRD":
		return "production"
	case "DEVELOPMENT", "DEV":
		return "development"
	case "STAGING", "STAGE", "STG":
		return "staging"
	case "TEST":
		return "test"
	case "QA":
		return "qa"
	case "UAT":
		return "uat"
	case "PREVIEW":
		return "preview"
	}
	return ""
}

// DeploymentOf is the deployment that a word names in any case ("prod" is production), "" where it names none.
func DeploymentOf(word string) string {
	if len(word) > 11 {
		return ""
	}
	up := strings.ToUpper(word)
	if up == "PRD" { // not in VOCABULARY's list; kept out so that only its names are compared
		return ""
	}
	return deployments(up)
}

// sortsCode are folders whose name is a deployment's but which sort code.
func sortsCode(name string) bool {
	switch name {
	case "test", "tests", "spec", "ci", "local":
		return true
	}
	return false
}

// DeploymentOfPath is the deployment that a file's name or one of its folders names: .env.test, values-qa.yaml,
// overlays/uat/, application-prod.yml, config/environments/staging.rb. "" where it names none or several.
func DeploymentOfPath(path string) string {
	parts := strings.Split(path, "/")
	found := ""
	clash := false
	add := func(d string) {
		if d == "" {
			return
		}
		if found != "" && found != d {
			clash = true
		}
		found = d
	}
	base := parts[len(parts)-1]
	code := isCodeName(base)
	for _, dir := range parts[:len(parts)-1] {
		if sortsCode(strings.ToLower(dir)) || code && !speaksOfSettings(path) || isTestScript(base) {
			continue
		}
		add(DeploymentOf(dir))
		// clusters/eu-prod, envs/prod-eu: a word of the folder's name, but "test" and "preview" only alone.
		if ws := strings.FieldsFunc(dir, func(r rune) bool { return r == '-' || r == '_' || r == '.' }); len(ws) > 1 {
			for _, w := range ws {
				if d := DeploymentOf(w); d != "" && d != "test" && d != "preview" {
					add(d)
				}
			}
		}
	}
	if !isTestFile(base) && !isTestScript(base) {
		words := strings.FieldsFunc(base, func(r rune) bool { return r == '-' || r == '_' || r == '.' })
		if len(words) > 1 && strings.HasPrefix(base, ".env") { // .env.local names none, .env.test.local names test
			words = words[1:]
		} else if len(words) > 1 {
			words = words[:len(words)-1] // without the extension
		}
		for _, w := range words {
			if d := DeploymentOf(w); d != "" {
				// A word inside a code file's name sorts code as often as it names a deployment, and Stage.java is a
				// class.
				if code && !speaksOfSettings(path) {
					continue
				}
				add(d)
			}
		}
	}
	if clash {
		return ""
	}
	return found
}

// speaksOfSettings reports whether a code file's name, or the folder that it is in, has a word of settings: only then
// does a deployment's name in its path name one (VOCABULARY, item 21).
func speaksOfSettings(path string) bool {
	parts := strings.Split(path, "/")
	for i := max(0, len(parts)-3); i < len(parts); i++ {
		for _, w := range Words(parts[i]) {
			switch w {
			case "ENVIRONMENT", "ENVIRONMENTS", "ENV", "ENVS", "SETTING", "SETTINGS", "CONFIG", "CONFIGS", "CONF",
				"CONFIGURATION", "OVERLAYS", "DEPLOY", "DEPLOYMENT", "DEPLOYMENTS", "CLUSTERS", "STACKS":
				return true
			}
		}
	}
	return false
}

// isTestScript reports whether a file is a script of tests, whose name names no deployment (VOCABULARY, item 46).
func isTestScript(base string) bool {
	switch ext := base[strings.LastIndexByte(base, '.')+1:]; ext {
	case "sh", "bash", "lua", "ps1", "bat", "k6":
		return strings.Contains(strings.ToLower(base), "test")
	}
	return false
}

// DeploymentOfName is the deployment that the words of a setting's name say: UNLEASH_BACKEND_TOKEN_PRODUCTION. "" where
// they say none or several.
func DeploymentOfName(name string) string {
	found := ""
	for _, w := range Words(name) {
		d := DeploymentOf(w)
		if d == "" {
			continue
		}
		if found != "" && found != d {
			return ""
		}
		found = d
	}
	return found
}

func isTestFile(base string) bool {
	b := strings.ToLower(base)
	return strings.Contains(b, "_test.") || strings.Contains(b, ".test.") && !strings.HasPrefix(b, ".env") ||
		strings.Contains(b, ".spec.") ||
		strings.HasPrefix(b, "test_") || strings.Contains(b, "_spec.")
}

func isCodeName(base string) bool {
	i := strings.LastIndexByte(base, '.')
	if i < 0 {
		return false
	}
	switch strings.ToLower(base[i+1:]) {
	case "js", "ts", "jsx", "tsx", "mjs", "cjs", "mts", "cts", "go", "java", "kt", "kts", "py", "rb", "php", "cs", "fs",
		"vb", "rs", "swift", "dart", "scala", "ex", "exs", "vue", "svelte":
		return true
	}
	return false
}

// InTestCode reports whether a path is test code, where dummy texts of one word are placeholders (VOCABULARY, item 13).
func InTestCode(path string) bool {
	p := "/" + strings.ToLower(path)
	for _, dir := range []string{"/test/", "/tests/", "/spec/", "/__tests__/", "/androidtest/", "/__mocks__/",
		"/fixtures/", "/cypress/", "/e2e/", "tests/src/"} {
		if strings.Contains(p, dir) {
			return true
		}
	}
	base := p[strings.LastIndexByte(p, '/')+1:]
	for _, mark := range []string{"_test.", ".test.", ".spec.", "_spec."} {
		if strings.Contains(base, mark) && !strings.HasPrefix(base, ".env") {
			return true
		}
	}
	return strings.HasPrefix(base, "test_") && isCodeName(base)
}
