package export

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/unleaked/unleaked/rules"
)

// looser are examples of what is no token that an expression takes for one, and why.
var looser = map[string]string{
	"default:development.{same56}": "one digit 56 times",
	"user:{same56}":                "one digit 56 times",
}

// narrower are tokens that no expression here finds: names of projects that nobody would give, which servers let pass.
var narrower = []string{"a'b:a'b.{hex56}", "a(b):a(b).{hex56}", "a*b:a!b.{hex56}"}

// TestPatterns holds each pattern to the examples of its format.
func TestPatterns(t *testing.T) {
	tried := 0
	for _, f := range rules.Formats() {
		if f.Pattern == "" {
			continue
		}
		re := regexp.MustCompile(bounded(pattern{token: f.Pattern}))
		for i, s := range f.Valid {
			text := rules.Expand(s, uint64(i))
			m := re.FindStringSubmatch(`token = "` + text + `"`)
			if slices.Contains(narrower, s) {
				if m != nil && m[1] == text {
					t.Errorf("%s is found after all: take it from the list", s)
				}
				continue
			}
			if tried++; m == nil || m[1] != text {
				t.Errorf("%s: %s is not found", f.Format, s)
			}
		}
		for i, s := range f.Invalid {
			found := re.MatchString(`token = "` + rules.Expand(s, uint64(i)) + `"`)
			if found != (looser[s] != "") {
				t.Errorf("%s: %s: found %v", f.Format, s, found)
			}
		}
	}
	if tried < 15 {
		t.Fatalf("%d examples", tried)
	}
}

// samples writes a file with tokens of every kind that can be exported, one a line, and returns the rules of the lines.
func samples(t *testing.T, dir string) []string {
	t.Helper()
	var text strings.Builder
	var want []string
	for i, s := range []string{"*:*.{hex56}", "*:*.{v2}", "user:{hex56}", "user:{v2}", "default:development.{hex56}",
		"*:production.{hex56}", "[]:staging.{hex56}", "web:production.{hex64}", "[]:eu.prod.{v2}"} {
		text.WriteString("token = \"" + rules.Expand(s, uint64(i)) + "\"\n")
		id := "unleash-api-token"
		switch {
		case strings.HasPrefix(s, "*:*"):
			id = "unleash-admin-token"
		case strings.HasPrefix(s, "user:"):
			id = "unleash-user-token"
		}
		want = append(want, id)
	}
	text.WriteString("digest = \"" + rules.Expand("{hex64}", 1) + "\"\nshort = \"" + rules.Expand("default:development.{hex40}", 2) + "\"\n")
	if err := os.WriteFile(filepath.Join(dir, "settings.ini"), []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return want
}

// TestGitleaks runs the rules in the engines that they are for, where those are on PATH.
func TestGitleaks(t *testing.T) {
	for _, name := range []string{"gitleaks", "betterleaks"} {
		t.Run(name, func(t *testing.T) {
			program, err := exec.LookPath(name)
			if err != nil {
				if os.Getenv("UNLEAKED_TEST_PEERS") != "" && name == "gitleaks" {
					t.Fatal(err)
				}
				t.Skip("it is not on PATH")
			}
			dir := t.TempDir()
			want := samples(t, dir)
			config := filepath.Join(t.TempDir(), File(name))
			var b strings.Builder
			if err := Write(&b, name); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(config, []byte(strings.Replace(b.String(), "useDefault = true", "useDefault = false", 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			report := filepath.Join(t.TempDir(), "report.json")
			out, err := exec.Command(program, "dir", dir, "--config", config, "--report-format", "json", "--report-path", report,
				"--exit-code", "0", "--no-banner").CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			text, err := os.ReadFile(report)
			if err != nil {
				t.Fatal(err)
			}
			var list []struct {
				RuleID    string
				StartLine int
			}
			if err := json.Unmarshal(text, &list); err != nil {
				t.Fatal(err)
			}
			got := make([][]string, len(want)+3)
			for _, f := range list {
				got[f.StartLine] = append(got[f.StartLine], f.RuleID)
			}
			for i, id := range want {
				if !slices.Equal(got[i+1], []string{id}) {
					t.Errorf("line %d: %q, want %s", i+1, got[i+1], id)
				}
			}
			if n := len(want); len(got[n+1])+len(got[n+2]) > 0 {
				t.Errorf("found in what is no token: %q %q", got[n+1], got[n+2])
			}
		})
	}
}

// TestFilesAreWellFormed reads the files of YAML back, and their expressions where Go can.
func TestFilesAreWellFormed(t *testing.T) {
	for _, name := range []string{"trufflehog", "semgrep", "github"} {
		var b strings.Builder
		if err := Write(&b, name); err != nil {
			t.Fatal(err)
		}
		var file map[string][]map[string]any
		if err := yaml.Unmarshal([]byte(b.String()), &file); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for key, list := range file {
			if len(list) != 3 {
				t.Errorf("%s: %d under %s", name, len(list), key)
			}
		}
	}
	if err := Write(&strings.Builder{}, "nobody"); err == nil || !strings.Contains(err.Error(), "gitleaks") {
		t.Errorf("an unknown peer: %v", err)
	}
}
