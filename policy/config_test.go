package policy

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

func TestLoadConfig(t *testing.T) {
	got, err := LoadConfig("c.yaml", []byte(`# our settings
version: 1
ignore:
  - /vendor/
  - "*.min.js"
public: true
examples: false
fail-on: none
baseline: ci/unleaked-baseline
suppress:
  - rule: backend-token
    reason: "the demo server, reset every night"
    owner: web
    expires: 2027-01-31
`))
	if err != nil {
		t.Fatal(err)
	}
	want := &Config{
		Name: "c.yaml", Ignore: []string{"/vendor/", "*.min.js"}, Public: true, HasFailOn: true,
		Baseline: "ci/unleaked-baseline",
		Suppress: []SuppressEntry{{
			Rules: []rules.RuleID{rules.BackendToken}, Reason: "the demo server, reset every night", Owner: "web",
			Expires: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC), Line: 11,
		}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestLoadConfigErrors(t *testing.T) {
	secret := "default:production." + strings.Repeat("ab", 28)
	for _, c := range []struct{ text, want string }{
		{"", "c.yaml:1: has no settings; begin it with version: 1"},
		{"# nothing\n", "c.yaml:1: has no settings"},
		{"ignore: [a]\n", "c.yaml:1: version is missing"},
		{"version: 2\n", "c.yaml:1: version must be 1"},
		{"version: 1\nsupress: []\n", `c.yaml:2: unknown key "supress", did you mean suppress?`},
		{"version: 1\nversion: 1\n", "c.yaml:2: version is given twice"},
		{"version: 1\n" + secret + ": 1\n", "c.yaml:2: unknown key;"},
		{"version: 1\nignore: " + secret + "\n", "c.yaml:2: ignore must be a list"},
		{"version: 1\nignore:\n  - {}\n", "c.yaml:3: an ignore pattern must be a text"},
		{"version: 1\npublic: " + secret + "\n", "c.yaml:2: public must be true or false"},
		{"version: 1\nfail-on: hihg\n", "c.yaml:2: fail-on must be info, low"},
		{"version: 1\nbaseline: ../x\n", "c.yaml:2: baseline must be a path below"},
		{"version: 1\nbaseline: /etc/x\n", "c.yaml:2: baseline must be a path below"},
		{"version: 1\nsuppress:\n  - reason: x\n", "c.yaml:3: a suppression needs a fingerprint, a rule or a path"},
		{"version: 1\nsuppress:\n  - rule: backend-token\n", "c.yaml:3: a suppression needs a reason"},
		{"version: 1\nsuppress:\n  - rule: backend-token\n    reason: ' - '\n",
			"c.yaml:3: a suppression needs a reason"},
		{"version: 1\nsuppress:\n  - rule: backend-tokens\n    reason: x\n",
			"c.yaml:3: no such rule, did you mean backend-token?"},
		{"version: 1\nsuppress:\n  - rule: " + secret + "\n    reason: x\n",
			"c.yaml:3: no such rule; unleaked rules lists them"},
		{"version: 1\nsuppress:\n  - fingerprint: '" + secret + " x'\n    reason: x\n",
			"c.yaml:3: fingerprint must be one"},
		{"version: 1\nsuppress:\n  - path: ../x\n    reason: x\n", "c.yaml:3: path must not have"},
		{"version: 1\nsuppress:\n  - path: '!x'\n    reason: x\n", "c.yaml:3: path cannot be negated"},
		{"version: 1\nsuppress:\n  - path: '[x'\n    reason: x\n", "c.yaml:3: path has a bracket"},
		{"version: 1\nsuppress:\n  - path: a\n    reason: x\n    expires: 31.1.2027\n",
			"c.yaml:5: expires must be a day"},
		{"version: 1\nsuppress:\n  - path: a\n    reason: &r x\n  - path: b\n    reason: *r\n",
			"c.yaml:6: reason is an alias"},
		{"version: 1\n---\nversion: 1\n", "c.yaml:1: a second document follows"},
		{"- a\n", "c.yaml:1: the configuration must be a mapping"},
		{"version: 1\n\tx: '" + secret + "'\n", "c.yaml:2: found a tab character"},
		{"a: *" + strings.Repeat("ab", 28) + "\n", "c.yaml: unknown anchor … referenced"},
	} {
		_, err := LoadConfig("c.yaml", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", strings.ReplaceAll(errText(err), secret, "SECRET"), c.want)
		}
		if strings.Contains(errText(err), "abababab") {
			t.Errorf("%q: the error repeats the file", c.want)
		}
	}
}

func errText(err error) string {
	if err == nil {
		return "no error"
	}
	return err.Error()
}

func TestExitStatus(t *testing.T) {
	part := finding.Coverage{Skipped: []finding.Skip{{What: "a", Why: "b"}}}
	medium := []finding.Finding{{Severity: rules.Medium}}
	for _, c := range []struct {
		name   string
		r      finding.Result
		failOn rules.Severity
		allow  bool
		want   int
	}{
		{"nothing", finding.Result{}, rules.Medium, false, 0},
		{"at the threshold", finding.Result{Findings: medium}, rules.Medium, false, 1},
		{"below it", finding.Result{Findings: medium}, rules.High, false, 0},
		{"none", finding.Result{Findings: medium}, 0, false, 0},
		{"suppressed", finding.Result{Suppressed: medium}, rules.Info, false, 0},
		{"incomplete", finding.Result{Coverage: part}, rules.Medium, false, 2},
		{"incomplete with findings", finding.Result{Findings: medium, Coverage: part}, rules.Medium, false, 2},
		{"incomplete, allowed", finding.Result{Coverage: part}, rules.Medium, true, 0},
		{"incomplete with findings, allowed", finding.Result{Findings: medium, Coverage: part}, rules.Medium, true, 1},
		{"incomplete, findings pass", finding.Result{Findings: medium, Coverage: part}, 0, false, 2},
	} {
		if got := finding.ExitStatus(&c.r, c.failOn, c.allow); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func FuzzLoadConfig(f *testing.F) {
	f.Add([]byte("version: 1\nsuppress:\n  - path: a\n    reason: &r x\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := LoadConfig("c", data)
		if (c == nil) == (err == nil) {
			t.Errorf("config %v, error %v", c, err)
		}
	})
}
