package scanner_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/scanner"
)

// verdicts are what a result says of one file.
func verdicts(res *finding.Result, file string) []string {
	var out []string
	for _, f := range res.Findings {
		if name, _, _ := strings.Cut(f.File, "!"); name == file {
			var rules []string
			for _, r := range f.Rules() {
				rules = append(rules, string(r))
			}
			slices.Sort(rules)
			out = append(out, fmt.Sprintf("%s:%d %s %s", f.File, f.Line, f.Kind, strings.Join(rules, " ")))
		}
	}
	slices.Sort(out)
	return out
}

// A stage is a repository in which one file after the other of a tree is staged, with all others in HEAD.
type stage struct {
	*gitRepo
	beside string // a tree that stands in every commit, "" for none
	ids    map[string]string
}

// lay puts the files of a tree into the index.
func (s *stage) lay(files []txtar.File) {
	s.t.Helper()
	dir := s.t.TempDir()
	var names, entries strings.Builder
	for i, f := range files {
		name := filepath.Join(dir, fmt.Sprint(i))
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			s.t.Fatal(err)
		}
		names.WriteString(name + "\n")
	}
	s.ids = map[string]string{}
	for i, id := range strings.Fields(s.feed(names.String(), "hash-object", "-w", "--no-filters", "--stdin-paths")) {
		s.ids[files[i].Name] = id
		fmt.Fprintf(&entries, "100644 %s\t%s\n", id, files[i].Name)
	}
	s.git("read-tree", "--empty")
	if s.beside != "" {
		s.git("read-tree", "--prefix=zz/", s.beside)
	}
	s.feed(entries.String(), "update-index", "--add", "--index-info")
}

// only stages one file, with all others in HEAD, and gives what staged says of it.
func (s *stage) only(name string, o scanner.Options) []string {
	s.t.Helper()
	s.git("update-index", "--force-remove", name)
	s.git("update-ref", "HEAD", s.git("commit-tree", "-m", "x", s.git("write-tree")))
	s.git("update-index", "--add", "--cacheinfo", "100644,"+s.ids[name]+","+name)
	res, err := scanner.Scan(context.Background(), &scanner.Staged{Dir: s.dir}, o)
	if err != nil {
		s.t.Fatal(err)
	}
	return verdicts(res, name)
}

// scanFiles scans files as a tree.
func scanFiles(t *testing.T, files []txtar.File, o scanner.Options) *finding.Result {
	t.Helper()
	dir := t.TempDir()
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	res, err := scanner.Scan(context.Background(), &scanner.Tree{Paths: []string{dir}, NoGit: true}, o)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// TestStagedAgreesWithScan stages every file of the corpus of which its own text does not say all, with the others of
// its case in HEAD: the verdict has to be that of a scan.
func TestStagedAgreesWithScan(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes a commit for each of them")
	}
	s := &stage{gitRepo: newGitRepo(t)}
	paths, err := filepath.Glob("../testdata/c*/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no cases", err)
	}
	asked := 0
	for _, path := range paths {
		c, err := readCorpusCase(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(c.files) < 2 {
			continue
		}
		o := scanner.Options{Public: true, Examples: c.examples}
		whole := scanFiles(t, c.files, o)
		laid := false
		for _, f := range c.files {
			right := verdicts(whole, f.Name)
			if len(right) == 0 || slices.Equal(right, verdicts(scanFiles(t, []txtar.File{f}, o), f.Name)) {
				continue
			}
			if !laid {
				s.lay(c.files)
				laid = true
			}
			asked++
			if got := s.only(f.Name, o); !slices.Equal(got, right) && !slices.Contains(lessToday["staged"], c.name) {
				t.Errorf("%s, %s:\nscan   %q\nstaged %q", c.name, f.Name, right, got)
			}
		}
	}
	t.Logf("%d files of which another says what they hold", asked)
}

// TestStagedFindsWhatDecidesAmongMany stages tokens whose kind only another file tells, in a repository with hundreds
// of files that have to do with Unleash too and say nothing of it.
func TestStagedFindsWhatDecidesAmongMany(t *testing.T) {
	token := strings.TrimPrefix(madeUp("context"), "default:development.")
	tree := strings.NewReplacer("@@", "*:"+"development."+token).Replace(`
-- .env --
FLAGS_ACCESS=@@
-- services/checkout/src/lib/flags/client.ts --
import { initialize } from 'unleash-client';
export const unleash = initialize({ url: 'https://unleash.example.com/api', appName: 'checkout', customHeaders: { Authorization: process.env.FLAGS_ACCESS } });
-- web/app.env --
FLAG_READER=@@
-- web/src/views/shop/Flags.tsx --
import { UnleashClient } from 'unleash-proxy-client';
export const client = new UnleashClient({ url: 'https://edge.example.com/api/frontend', clientKey: import.meta.env.FLAG_READER, appName: 'shop' });
-- edge/tokens.env --
TOKENS=@@
-- edge/compose.yaml --
services:
  edge:
    image: unleashorg/unleash-edge:v20
    env_file: tokens.env
    environment:
      UPSTREAM_URL: https://unleash.example.com
-- api/config/keys.py --
FLAG_SECRET = "@@"
-- api/app/deep/inside/flags.py --
from UnleashClient import UnleashClient
from api.config.keys import FLAG_SECRET
client = UnleashClient(url="https://unleash.example.com/api", app_name="api", custom_headers={"Authorization": FLAG_SECRET})
-- tools/list.sh --
KEY=@@
echo "$KEY"
-- server/compose.yaml --
services:
  unleash:
    image: unleashorg/unleash-server:6
    environment:
      INIT_FRONTEND_API_TOKENS: "@@"
-- mobile/package.json --
{"name": "mobile", "dependencies": {"react-native": "0.80.0", "react-native-config": "1.5.0"}}
-- mobile/.env --
UNLEASH_API_TOKEN=@@
`)
	files := txtar.Parse([]byte(tree)).Files
	r := newGitRepo(t)
	for i := range 300 {
		r.write(fmt.Sprintf("area%d/part%d/src/feature-flag-%d.ts", i%2, i%4, i), fmt.Sprintf("import { useFlag } from '@unleash/proxy-client-react';\nexport const on%d = () => useFlag('feature-%d');\n", i, i))
		r.write(fmt.Sprintf("area%d/assets/flags/%d.png", i%3, i), fmt.Sprintf("\x89PNG\x00%d", i))
		r.write(fmt.Sprintf("docs/unleash/page%d.md", i), fmt.Sprintf("# Unleash %d\n\nSet UNLEASH_URL.\n", i))
	}
	r.git("add", "-A")
	s := &stage{gitRepo: r, beside: r.git("write-tree")}
	o := scanner.Options{Public: true}
	for _, row := range []struct{ staged, by, want string }{
		{".env", "services/checkout/src/lib/flags/client.ts", ".env:1 backend backend-token"},
		{"web/app.env", "web/src/views/shop/Flags.tsx", "web/app.env:1 frontend frontend-token"},
		{"edge/tokens.env", "edge/compose.yaml", "edge/tokens.env:1 backend backend-token"},
		{"api/config/keys.py", "api/app/deep/inside/flags.py", "api/config/keys.py:1 backend backend-token"},
		{"tools/list.sh", "server/compose.yaml", "tools/list.sh:1 frontend frontend-token"},
		{"mobile/.env", "mobile/package.json", "mobile/.env:1 backend backend-token secret-in-frontend"},
	} {
		var two []txtar.File
		for _, f := range files {
			if f.Name == row.staged || f.Name == row.by {
				two = append(two, f)
			}
		}
		if got := verdicts(scanFiles(t, two, o), row.staged); !slices.Equal(got, []string{row.want}) {
			t.Errorf("scan: %q, want %q", got, row.want)
			continue
		}
		s.lay(two)
		if got := s.only(row.staged, o); !slices.Equal(got, []string{row.want}) {
			t.Errorf("staged, with %s in HEAD: %q, want %q", row.by, got, row.want)
		}
	}
}
