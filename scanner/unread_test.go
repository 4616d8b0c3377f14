package scanner

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// TestUnread holds that a text whose syntax cannot be read in the time that its size allows is listed with its path, that
// the scan goes on, and that the credentials in both inMemory are findings.
func TestUnread(t *testing.T) {
	defer func() { readSyntax = syntax.Read }()
	readSyntax = func(name string, text []byte) (*syntax.Document, error) {
		if name == "a.sh" {
			return &syntax.Document{Path: name, Text: text, Root: &syntax.Node{Kind: syntax.File, End: len(text)}},
				syntax.ErrExhausted
		}
		return syntax.Read(name, text)
	}
	token := "default:production." + strings.Repeat("3f9c07a1", 7)
	res, err := Scan(context.Background(), inMemory{"a.sh": "x=" + token, "b.sh": "x=" + token}, Options{Public: true})
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, f := range res.Findings {
		files = append(files, f.File)
	}
	if got := strings.Join(files, " "); got != "a.sh b.sh" {
		t.Errorf("findings in %q", got)
	}
	want := Skip{What: "a.sh", Why: syntax.ErrExhausted.Error()}
	if s := res.Coverage.Skipped; len(s) != 1 || s[0] != want || res.Complete() {
		t.Errorf("not read: %v", s)
	}
}

// inMemory is a source of files in memory.
type inMemory map[string]string

func (s inMemory) Scan(_ context.Context, in *Intake) error {
	for name, text := range s {
		in.Blob(Blob{Path: name, Text: []byte(text)})
	}
	return nil
}

// A stubborn source yields a blob and then does not return until it is let go, whatever becomes of its context.
type stubborn struct {
	inMemory
	yielded func()
	goOn    chan struct{}
}

func (s stubborn) Scan(ctx context.Context, in *Intake) error {
	if err := s.inMemory.Scan(ctx, in); err != nil {
		return err
	}
	s.yielded()
	<-s.goOn
	in.Skip("late", "nobody waits for it")
	return nil
}

// TestLeave holds that a scan whose context ends reports what was found though its source is busy and stays so.
func TestLeave(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	goOn := make(chan struct{})
	defer close(goOn)
	token := "default:production." + strings.Repeat("3f9c07a1", 7)
	res, err := Scan(ctx, stubborn{inMemory{"a.sh": "x=" + token}, cancel, goOn}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Findings) != 1 || res.Complete() || res.Coverage.Skipped[0].Why != "interrupted" {
		t.Errorf("%d findings, not read: %v", len(res.Findings), res.Coverage.Skipped)
	}
}

// TestLinked: a file that only a question leads to is counted and, where it is not read to its end, listed.
func TestLinked(t *testing.T) {
	defer func() { readSyntax = syntax.Read }()
	dir := t.TempDir()
	for name, text := range map[string]string{
		".env": "FLAG_CRED=default:production." + strings.Repeat("3f9c07a1", 7) + "\n",
		"main.ts": "import { initialize } from 'unleash-client'\nimport { cred } from './config'\n" +
			"initialize({ url: 'https://u.example.org/api', customHeaders: { Authorization: cred } })\n",
		"config.ts": "export const cred = process.env.FLAG_CRED\n",
		"other.ts":  "export const other = process.env.OTHER\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, row := range []struct {
		err  error
		want []Skip
	}{{nil, nil}, {syntax.ErrExhausted, []Skip{{What: "config.ts", Why: syntax.ErrExhausted.Error()}}}} {
		readSyntax = func(name string, text []byte) (*syntax.Document, error) {
			doc, err := syntax.Read(name, text)
			if strings.HasSuffix(name, "config.ts") {
				err = row.err
			}
			return doc, err
		}
		res, err := Scan(context.Background(), NewTree(dir), Options{Public: true})
		if err != nil {
			t.Fatal(err)
		}
		if res.Coverage.Linked != 1 {
			t.Errorf("%d files were read because a question led to them, want 1", res.Coverage.Linked)
		}
		if !slices.Equal(res.Coverage.Skipped, row.want) {
			t.Errorf("not read: %v, want %v", res.Coverage.Skipped, row.want)
		}
	}
}

// TestLinkLimits: a bound of what is followed is told where it bites, and the scan is complete.
func TestLinkLimits(t *testing.T) {
	var calls, names strings.Builder
	for i := range callsLimit + 2 {
		fmt.Fprintf(&calls, "send(\"x%d\", token)\n", i)
	}
	for i := range defsLimit + 2 {
		fmt.Fprintf(&names, "n%d = os.environ['SOME_N%d']\n", i, i)
	}
	token := "'default:production." + strings.Repeat("3f9c07a1", 7) + "'\n"
	for _, row := range []struct{ text, want string }{
		{"token = " + token + "send(token)\n", ""},
		{"token = " + token + calls.String(), "1 file holds more names or calls than are kept"},
		{names.String() + "token = " + token, "1 file holds more names or calls than are kept"},
	} {
		res, err := Scan(context.Background(), inMemory{"a.py": "# unleash\n" + row.text}, Options{Public: true})
		if err != nil {
			t.Fatal(err)
		}
		told := ""
		for _, n := range res.Notices {
			told += n.Text
		}
		if !strings.HasPrefix(told, row.want) || row.want == "" && told != "" || !res.Complete() {
			t.Errorf("told %q, want %q; not read: %v", told, row.want, res.Coverage.Skipped)
		}
	}
}

// TestLinkedPackage: of a package of Go the files that have the name are read, and no others.
func TestLinkedPackage(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		".env":   "FLAG_CRED=default:production." + strings.Repeat("3f9c07a1", 7) + "\n",
		"go.mod": "module example.org/app\n",
		"main.go": "package main\n\nimport (\n\t\"github.com/Unleash/unleash-client-go/v4\"\n\t\"example.org/app/config\"\n)\n\n" +
			"func main() {\n\tunleash.Initialize(unleash.WithCustomHeaders(http.Header{\"Authorization\": {config.Cred}}))\n}\n",
		"config/cred.go":  "package config\n\nvar Cred = os.Getenv(\"FLAG_CRED\")\n",
		"config/other.go": "package config\n\nvar Other = os.Getenv(\"OTHER\")\n",
		"config/more.go":  "package config\n\nvar More = os.Getenv(\"MORE\")\n",
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	res, err := Scan(context.Background(), NewTree(dir), Options{Public: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Findings) != 1 || res.Findings[0].Kind != rules.Backend || res.Coverage.Linked != 1 {
		t.Errorf("%d files were read because a question led to them, want 1; found %v", res.Coverage.Linked, res.Findings)
	}
}
