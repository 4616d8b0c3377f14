package scanner_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/scanner"
)

// imported makes a bare repository whose commits, one behind the other, hold more and more of a tree: none of it, then
// each group of files.
func imported(t *testing.T, groups ...[]txtar.File) (r *gitRepo, root string) {
	t.Helper()
	r = newGitRepo(t, "--bare")
	var b strings.Builder
	for i, group := range append([][]txtar.File{nil}, groups...) {
		fmt.Fprintf(&b, "commit refs/heads/main\nmark :%d\ncommitter C <c@example.com> %d +0000\ndata 1\nx\n", i+1, 1700000000+i)
		for _, f := range group {
			fmt.Fprintf(&b, "M 100644 inline %s\ndata %d\n%s\n", f.Name, len(f.Data), f.Data)
		}
	}
	r.feed(b.String(), "fast-import", "--quiet")
	return r, r.git("rev-list", "--max-parents=0", "main")
}

// verdictsOfAll are what a result says of all files.
func verdictsOfAll(res *finding.Result) []string {
	var out []string
	seen := map[string]bool{}
	for _, f := range res.Findings {
		name, _, _ := strings.Cut(f.File, "!")
		if !seen[name] {
			seen[name] = true
			out = append(out, verdicts(res, name)...)
		}
	}
	slices.Sort(out)
	return out
}

// lessToday are cases of which the index or a history says less than a scan. Only what is read is asked further, and there
// nothing is read whose own text and names do not speak of a token, nor what lies two files away from what was found.
var lessToday = map[string][]string{
	"staged": {"b3-go-std-flag-pointer-legacy-token", "b3-ruby-class-method-through-require-relative", "b4-laravel-services-config-legacy-key",
		"b4-proxy-key-sent-to-frontend-api", "l-serverless-file-and-env-references",
		"b5-ts-near-miss-of-58-digits-through-a-constant", "b5-rb-nested-hash-fetch-of-a-legacy-token",
		"b7-kotlin-58-hex-default-parameter", "f2-settings-in-a-sub-folder"},
	"git": {"b3-go-std-flag-pointer-legacy-token", "b3-ruby-class-method-through-require-relative",
		"b4-laravel-services-config-legacy-key", "b5-ts-near-miss-of-58-digits-through-a-constant",
		"cfg-kustomize-inline-patches", "b5-rb-nested-hash-fetch-of-a-legacy-token", "b7-kotlin-58-hex-default-parameter",
		"b7-proxy-key-from-compose-used-in-ci-against-server", "f2-settings-in-a-sub-folder"},
}

// TestGitAgreesWithScan commits every case of the corpus: what the history of one commit says, what the range that
// brings it says, and what they say where the files in which a scan finds something came before the others, has to be
// what a scan says.
func TestGitAgreesWithScan(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes repositories for each of them")
	}
	paths, err := filepath.Glob("../testdata/c*/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no cases", err)
	}
	for _, path := range paths {
		c, err := readCorpusCase(path)
		if err != nil {
			t.Fatal(err)
		}
		if *corpusCase != "" && !slices.Contains(strings.Split(*corpusCase, ","), c.name) {
			continue
		}
		o := scanner.Options{Public: true, Examples: c.examples}
		right := verdictsOfAll(scanFiles(t, c.files, o))
		var first, then []txtar.File
		for _, f := range c.files {
			if slices.ContainsFunc(right, func(v string) bool { return strings.HasPrefix(v, f.Name+":") }) {
				first = append(first, f)
			} else {
				then = append(then, f)
			}
		}
		at, base := imported(t, c.files)
		ways := map[string][]string{
			"git":   verdictsOfAll(scannedWith(t, scanner.NewHistory(at.dir), o)),
			"range": verdictsOfAll(scannedWith(t, scanner.NewRange(at.dir, base+"..main"), o)),
		}
		if len(first) > 0 && len(then) > 0 {
			at, base = imported(t, first, then)
			ways["git, one after the other"] = verdictsOfAll(scannedWith(t, scanner.NewHistory(at.dir), o))
			ways["range, one after the other"] = verdictsOfAll(scannedWith(t, scanner.NewRange(at.dir, base+"..main"), o))
		}
		less, agree := slices.Contains(lessToday["git"], c.name), true
		for way, got := range ways {
			same := slices.Equal(got, right)
			agree = agree && same
			if !same && !less {
				t.Errorf("%s, %s:\nscan %q\ngot  %q", c.name, way, right, got)
			}
		}
		if less && agree {
			t.Errorf("%s: they agree now: take it off lessToday", c.name)
		}
	}
}
