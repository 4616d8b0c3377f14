package policy

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestIgnoreIsGits compares with git itself: on patterns that are known to be read in different ways, and on random
// ones.
func TestIgnoreIsGits(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	if out, err := exec.Command(git, "init", "-q", dir).CombinedOutput(); err != nil {
		t.Fatalf("git init: %v: %s", err, out)
	}
	rows := []struct {
		name     string
		patterns string
		paths    []string
	}{
		{"a slash in the middle anchors", "doc/frotz\nfoo/*/bar\na/**/b\nabc/**", []string{"doc/frotz", "a/doc/frotz",
			"foo/x/bar", "x/foo/a/bar", "a/b", "a/x/y/b", "x/a/b", "abc/y", "x/abc/y"}},
		{"only a slash", "/", []string{"a", "d/a"}},
		{"question mark", "file?.txt", []string{"file1.txt", "file.txt", "file/.txt", "fileé.txt"}},
		{"classes", "[!a].txt\nb[^x-z]c\n[[:digit:]]\n[]-]\nq[+-9]r\na[/]b\ns[*]t", []string{"a.txt", "b.txt", "byc",
			"bac", "7", "x", "]", "-", "q5r", "q/r", "a/b", "s*t", "sxt"}},
		{"what is special in an expression", "c++\ncopy (1).txt\n^x\n$R\na|b\na(b\n{x,y}", []string{"c++", "c", "ccc",
			"copy (1).txt", "copy 1.txt", "^x", "x", "$R", "a|b", "a", "b", "a(b", "{x,y}", "x"}},
		{"backslashes", `\d.txt` + "\n" + `\foo` + "\n" + `a\?b` + "\n" + `e\*f` + "\n" + `g\`,
			[]string{"1.txt", "d.txt", "foo", "a?b", "axb", "e*f", "exf", "g", `g\`}},
		{"blanks", `foo\ ` + "\n bar\nbaz  \n # c", []string{"foo ", "foo", " bar", "bar", "baz", "baz  ", " # c"}},
		{"exclamation marks", "*\n!!a\n!#b\n!c", []string{"!a", "#b", "c", "d"}},
		{"folders that are ignored", "build/\n!build/keep.txt\nnode_modules\n!node_modules/foo/index.js",
			[]string{"build/keep.txt", "node_modules/foo/index.js", "x/build/y"}},
		{"all but", "*\n!*/\n!*.go", []string{"a.go", "d/a.go", "d/a.txt"}},
		{"children", "foo/*\n!foo/keep\nabc/**\n!abc/x/", []string{"foo/keep", "foo/a", "foo/keep/b", "abc/x/y",
			"abc/z"}},
		{"all", "/**", []string{"a", "a/b"}},
		{"byte-order mark", "\uFEFFfoo", []string{"foo"}},
		{"line ends", "foo\r\nbar\r\n", []string{"foo", "bar"}},
		{"line feeds in paths", "a?b\nc*d", []string{"a\nb", "c\nd"}},
		{"beyond ASCII", "ü\n?ö", []string{"ü", "x/ü", "aö", "öö"}},
		{"broken", "[abc\n*(", []string{"[abc", "a", "("}},
		{"the library's own mark", "a#$~b", []string{"ab", "axb", "a#$~b"}},
	}
	for _, row := range rows {
		compareIgnore(t, git, dir, row.name, row.patterns, row.paths)
	}
	r := rand.New(rand.NewPCG(1, 2))
	const alphabet = "ab*?/!.[]\\ -^+(|#c"
	pattern := func() string {
		var b strings.Builder
		for range 1 + r.IntN(7) {
			b.WriteByte(alphabet[r.IntN(len(alphabet))])
		}
		if r.IntN(3) == 0 {
			return []string{"**/", "a/**", "/**/", "!", "!a/", "*", "a/*", "!*/", "**"}[r.IntN(9)] + b.String()
		}
		return b.String()
	}
	for range 150 {
		var patterns []string
		for range 1 + r.IntN(4) {
			patterns = append(patterns, pattern())
		}
		var paths []string
		for range 60 {
			var parts []string
			for range 1 + r.IntN(3) {
				var b strings.Builder
				for range 1 + r.IntN(3) {
					b.WriteByte("abc.*+-^"[r.IntN(8)])
				}
				if s := b.String(); s != "." && s != ".." {
					parts = append(parts, s)
				} else {
					parts = append(parts, "a")
				}
			}
			paths = append(paths, strings.Join(parts, "/"))
		}
		text := strings.Join(patterns, "\n")
		compareIgnore(t, git, dir, text, text, paths)
	}
}

func compareIgnore(t *testing.T, git, dir, name, patterns string, paths []string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, ".gitignore"), []byte(patterns), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(git, "-c", "core.excludesFile=", "check-ignore", "--no-index", "-z", "--stdin")
	cmd.Dir = dir
	cmd.Stdin = strings.NewReader(strings.Join(paths, "\x00") + "\x00")
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil && complaint.Len() > 0 {
		t.Fatalf("git check-ignore: %v: %s", err, complaint.String())
	}
	ignored := map[string]bool{}
	for _, p := range strings.Split(out.String(), "\x00") {
		ignored[p] = true
	}
	g, err := NewIgnore(strings.Split(patterns, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range paths {
		switch got := g.Match(p, false); {
		case got && !ignored[p]:
			t.Errorf("%q ignores %q, which git does not", name, p)
		case !got && ignored[p]:
			t.Logf("%q does not ignore %q, which git does", name, p)
		}
	}
}
