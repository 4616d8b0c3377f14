package trigger

import (
	"slices"
	"strings"
	"testing"
)

// fake is a repository of which only what the rows need is known.
type fake struct {
	has      []string
	parents  []string
	shallow  bool
	branches map[string]string // branch -> tip, of the remote origin
}

func (f fake) Has(c string) bool         { return slices.Contains(f.has, c) }
func (f fake) Parents() []string         { return f.parents }
func (f fake) Branch(name string) string { return f.branches[name] }
func (f fake) Shallow() bool             { return f.shallow }

var (
	one, two, three, four = id('1'), id('2'), id('3'), id('4')
	zero                  = id('0')
)

func id(digit byte) string { return strings.Repeat(string(digit), 40) }

func TestGitHub(t *testing.T) {
	for _, row := range []struct {
		name, event, payload string
		repo                 fake
		want                 Plan // Why is not compared; Missing is a part of it
	}{
		{"push", "push", `{"ref":"refs/heads/main","before":"` + one + `","after":"` + two + `"}`,
			fake{has: []string{one, two}}, Plan{Mode: Range, Include: []string{two}, Exclude: []string{one}}},
		{"push of a new branch", "push", `{"ref":"refs/heads/topic","before":"` + zero + `","after":"` + two +
			`","repository":{"default_branch":"main"}}`,
			fake{has: []string{one, two}, branches: map[string]string{"main": one, "topic": two, "other": two}},
			Plan{Mode: Range, Include: []string{two}, Exclude: []string{one}}},
		{"first push of the default branch", "push", `{"ref":"refs/heads/main","before":"` + zero + `","after":"` +
			two + `","repository":{"default_branch":"main"}}`,
			fake{has: []string{two}, branches: map[string]string{"main": two}},
			Plan{Mode: Range, Include: []string{two}}},
		{"push of a tag", "push", `{"ref":"refs/tags/v1","before":"` + zero + `","after":"` + two +
			`","repository":{"default_branch":"main"}}`,
			fake{has: []string{two}, branches: map[string]string{"main": two}}, Plan{Mode: Range, Include: []string{two},
				Exclude: []string{two}}},
		{"forced push, the old commit is gone", "push", `{"ref":"refs/heads/topic","forced":true,"before":"` + four +
			`","after":"` + two + `","repository":{"default_branch":"main"}}`,
			fake{has: []string{two}, branches: map[string]string{"main": one, "topic": two}},
			Plan{Mode: Range, Include: []string{two}, Exclude: []string{one}}},
		{"forced push of the default branch", "push", `{"ref":"refs/heads/main","forced":true,"before":"` + four +
			`","after":"` + two + `","repository":{"default_branch":"main"}}`,
			fake{has: []string{two}, branches: map[string]string{"main": two}}, Plan{Mode: Range, Include: []string{two}}},
		{"forced push of the default branch in a shallow clone", "push", `{"ref":"refs/heads/main","forced":true,"before":"` +
			four + `","after":"` + two + `","repository":{"default_branch":"main"}}`,
			fake{has: []string{two}, shallow: true}, Plan{Mode: Tree, Missing: "fetch-depth: 0"}},
		{"a branch that merges the default branch", "push", `{"ref":"refs/heads/topic","before":"` + one + `","after":"` +
			two + `","repository":{"default_branch":"main"}}`,
			fake{has: []string{one, two, three}, branches: map[string]string{"main": three, "topic": two}},
			Plan{Mode: Range, Include: []string{two}, Exclude: []string{one, three}}},
		{"the default branch is at the pushed commit already", "push", `{"ref":"refs/heads/main","before":"` + one +
			`","after":"` + two + `","repository":{"default_branch":"main"}}`,
			fake{has: []string{one, two}, branches: map[string]string{"main": two}},
			Plan{Mode: Range, Include: []string{two}, Exclude: []string{one}}},
		{"a tag that is called like the default branch", "push", `{"ref":"refs/tags/main","before":"` + zero +
			`","after":"` + two + `","repository":{"default_branch":"main"}}`,
			fake{has: []string{two}, branches: map[string]string{"main": one}},
			Plan{Mode: Range, Include: []string{two}, Exclude: []string{one}}},
		{"a new branch, and nothing known of the default branch", "push", `{"ref":"refs/heads/topic","before":"` + zero +
			`","after":"` + two + `"}`, fake{has: []string{two}}, Plan{Mode: Range, Include: []string{two}}},
		{"shallow push of a new branch", "push", `{"ref":"refs/heads/topic","before":"` + zero + `","after":"` + two +
			`","repository":{"default_branch":"main"}}`,
			fake{has: []string{two}, shallow: true, branches: map[string]string{"topic": two}},
			Plan{Mode: Tree, Missing: "fetch-depth: 0"}},
		{"shallow push", "push", `{"ref":"refs/heads/main","before":"` + one + `","after":"` + two +
			`","repository":{"default_branch":"main"}}`,
			fake{has: []string{two}, shallow: true}, Plan{Mode: Tree, Missing: "fetch-depth: 0"}},
		{"deleted branch", "push", `{"ref":"refs/heads/topic","deleted":true,"before":"` + one + `","after":"` + zero +
			`"}`,
			fake{has: []string{one}}, Plan{Mode: Nothing}},
		{"push without commits", "push", `{"ref":"refs/heads/topic","after":"--upload-pack=x"}`, fake{},
			Plan{Mode: Tree, Missing: "names no commit"}},

		{"pull request on its merge ref", "pull_request", `{"pull_request":{"base":{"sha":"` + one +
			`"},"head":{"sha":"` + two + `"}}}`,
			fake{has: []string{one, two, three}, parents: []string{three, two}},
			Plan{Mode: Range, Include: []string{two}, Exclude: []string{three}}},
		{"pull request on its head", "pull_request", `{"pull_request":{"base":{"sha":"` + one + `"},"head":{"sha":"` +
			two + `"}}}`,
			fake{has: []string{one, two}, parents: []string{one}}, Plan{Mode: Range, Include: []string{two},
				Exclude: []string{one}}},
		{"a pull request whose head merges something", "pull_request", `{"pull_request":{"base":{"sha":"` + one +
			`"},"head":{"sha":"` + two + `"}}}`,
			fake{has: []string{one, two, three}, parents: []string{three, four}},
			Plan{Mode: Range, Include: []string{two}, Exclude: []string{one}}},
		{"shallow pull request", "pull_request", `{"pull_request":{"base":{"sha":"` + one + `"},"head":{"sha":"` + two +
			`"}}}`,
			fake{parents: []string{one, two}}, Plan{Mode: Tree, Missing: "fetch-depth: 0"}},
		{"pull_request_target on the base", "pull_request_target", `{"pull_request":{"base":{"sha":"` + one +
			`"},"head":{"sha":"` + two + `"}}}`,
			fake{has: []string{one}, parents: []string{three}}, Plan{Mode: Tree, Missing: "pull_request_target"}},

		{"merge group", "merge_group", `{"merge_group":{"base_sha":"` + one + `","head_sha":"` + two + `"}}`,
			fake{has: []string{one, two}}, Plan{Mode: Range, Include: []string{two}, Exclude: []string{one}}},
		{"schedule", "schedule", `{}`, fake{}, Plan{Mode: Tree}},
		{"by hand", "workflow_dispatch", ``, fake{}, Plan{Mode: Tree}},
		{"release", "release", `{"action":"published"}`, fake{}, Plan{Mode: Tree}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := GitHub(row.event, []byte(row.payload), row.repo)
			if err != nil {
				t.Fatal(err)
			}
			check(t, got, row.want)
		})
	}
	for _, payload := range []string{"{", "[]", `{"ref": 3}`} {
		if _, err := GitHub("push", []byte(payload), fake{}); err == nil {
			t.Errorf("payload %s: no error", payload)
		}
	}
	if _, err := GitHub("", nil, fake{}); err == nil {
		t.Error("no event: no error")
	}
}

func TestPrePush(t *testing.T) {
	repo := fake{has: []string{one, two}}
	known := func() []string { return []string{three} }
	for _, row := range []struct {
		name, stdin string
		env         map[string]string
		want        Plan
		err         string
	}{
		{"a branch that moves", "refs/heads/a " + two + " refs/heads/a " + one + "\n", nil,
			Plan{Mode: Range, Include: []string{two}, Exclude: []string{one, three}}, ""},
		{"a new branch", "refs/heads/a " + two + " refs/heads/a " + zero + "\n", nil,
			Plan{Mode: Range, Include: []string{two}, Exclude: []string{three}}, ""},
		{"a branch that somebody else moved", "refs/heads/a " + two + " refs/heads/a " + four + "\n", nil,
			Plan{Mode: Range, Include: []string{two}, Exclude: []string{three}}, ""},
		{"a deletion", "(delete) " + zero + " refs/heads/a " + one + "\n", nil, Plan{Mode: Nothing}, ""},
		{"nothing", "\n", nil, Plan{Mode: Nothing}, ""},
		{"two refs", "a " + one + " a " + zero + "\nb " + two + " b " + zero + "\n", nil,
			Plan{Mode: Range, Include: []string{one, two}, Exclude: []string{three}}, ""},
		{"pre-commit's range", "", map[string]string{"PRE_COMMIT_FROM_REF": one, "PRE_COMMIT_TO_REF": two},
			Plan{Mode: Range, Include: []string{two}, Exclude: []string{one}}, ""},
		{"pre-commit's range from nowhere", "", map[string]string{"PRE_COMMIT_FROM_REF": four,
			"PRE_COMMIT_TO_REF": two}, Plan{}, "not here"},
		{"not a hook's line", "hello\n", nil, Plan{}, "four fields"},
		{"an option for an id", "a --all b " + one + "\n", nil, Plan{}, "no object ids"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := PrePush(strings.NewReader(row.stdin), known, func(k string) string { return row.env[k] },
				repo)
			checkError(t, err, row.err)
			if err == nil {
				check(t, got, row.want)
			}
		})
	}
}

func TestPreReceive(t *testing.T) {
	existing := func() []string { return []string{three} }
	for _, row := range []struct {
		name, stdin string
		want        Plan
		err         string
	}{
		{"a branch that moves", one + " " + two + " refs/heads/a\n", Plan{Mode: Range, Include: []string{two},
			Exclude: []string{one, three}}, ""},
		{"a new branch", zero + " " + two + " refs/heads/a\n", Plan{Mode: Range, Include: []string{two},
			Exclude: []string{three}}, ""},
		{"a deletion", one + " " + zero + " refs/heads/a\n", Plan{Mode: Nothing}, ""},
		{"a pre-push line", "a " + one + " b " + two + "\n", Plan{}, "three fields"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := PreReceive(strings.NewReader(row.stdin), existing, fake{has: []string{one, two}})
			checkError(t, err, row.err)
			if err == nil {
				check(t, got, row.want)
			}
		})
	}
}

func check(t *testing.T, got, want Plan) {
	t.Helper()
	if got.Mode != want.Mode || !slices.Equal(got.Include, want.Include) || !slices.Equal(got.Exclude, want.Exclude) {
		t.Errorf("got %s of %v without %v, want %s of %v without %v", got.Mode, got.Include, got.Exclude, want.Mode,
			want.Include, want.Exclude)
	}
	if (got.Missing == "") != (want.Missing == "") || !strings.Contains(got.Missing, want.Missing) {
		t.Errorf("missing %q, want %q in it", got.Missing, want.Missing)
	}
	if got.Why == "" {
		t.Error("the plan does not say why")
	}
}

func checkError(t *testing.T, err error, want string) {
	t.Helper()
	if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %q in it", err, want)
	}
}

func TestTagsAreCalledTags(t *testing.T) {
	repo := fake{has: []string{one, two}, branches: map[string]string{"main": one}}
	for _, row := range []struct{ payload, want string }{
		{`{"ref":"refs/tags/v1","before":"` + zero + `","after":"` + two + `","repository":{"default_branch":"main"}}`,
			"what a new tag v1 brings that the default branch has not"},
		{`{"ref":"refs/heads/topic","before":"` + zero + `","after":"` + two + `","repository":{"default_branch":"main"}}`,
			"what a new branch topic brings that the default branch has not"},
		{`{"ref":"refs/tags/v1","before":"` + one + `","after":"` + two + `","repository":{"default_branch":"main"}}`,
			"the commits of the push that moves the tag v1"},
		{`{"ref":"refs/tags/v1","before":"` + zero + `","after":"` + two + `","repository":{"default_branch":"trunk"}}`,
			"the tag v1: everything behind it, for the default branch is not here to compare with"},
		{`{"ref":"refs/heads/trunk","before":"` + zero + `","after":"` + two + `","repository":{"default_branch":"trunk"}}`,
			"the first push: everything behind it"},
	} {
		p, err := GitHub("push", []byte(row.payload), repo)
		if err != nil || !strings.HasPrefix(p.Why, row.want) {
			t.Errorf("got %q (%v), want %q", p.Why, err, row.want)
		}
	}
}

func TestGitLab(t *testing.T) {
	repo := fake{has: []string{one, two, three}, branches: map[string]string{"main": one}}
	for _, row := range []struct {
		name string
		env  map[string]string
		want Plan
	}{
		{"a push", map[string]string{"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BEFORE_SHA": one, "CI_COMMIT_SHA": two,
			"CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main"},
			Plan{Mode: Range, Include: []string{two}, Exclude: []string{one}}},
		{"a new branch", map[string]string{"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BEFORE_SHA": zero,
			"CI_COMMIT_SHA": two, "CI_COMMIT_BRANCH": "topic", "CI_DEFAULT_BRANCH": "main"},
			Plan{Mode: Range, Include: []string{two}, Exclude: []string{one}}},
		{"a merge request", map[string]string{"CI_PIPELINE_SOURCE": "merge_request_event", "CI_COMMIT_SHA": two,
			"CI_MERGE_REQUEST_DIFF_BASE_SHA": one}, Plan{Mode: Range, Include: []string{two}, Exclude: []string{one}}},
		{"merged results", map[string]string{"CI_PIPELINE_SOURCE": "merge_request_event", "CI_COMMIT_SHA": three,
			"CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": two, "CI_MERGE_REQUEST_DIFF_BASE_SHA": one},
			Plan{Mode: Range, Include: []string{two}, Exclude: []string{one}}},
		{"a shallow clone", map[string]string{"CI_PIPELINE_SOURCE": "merge_request_event", "CI_COMMIT_SHA": two,
			"CI_MERGE_REQUEST_DIFF_BASE_SHA": four}, Plan{Mode: Tree, Missing: "GIT_DEPTH"}},
		{"a schedule", map[string]string{"CI_PIPELINE_SOURCE": "schedule", "CI_COMMIT_SHA": two}, Plan{Mode: Tree}},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.env["GITLAB_CI"] = "true"
			got, err := GitLab(func(k string) string { return row.env[k] }, repo)
			if err != nil {
				t.Fatal(err)
			}
			check(t, got, row.want)
		})
	}
	if _, err := GitLab(func(string) string { return "" }, repo); err == nil {
		t.Error("no pipeline: no error")
	}
}
