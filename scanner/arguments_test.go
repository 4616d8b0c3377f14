package scanner

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// describeArguments writes what calls hand over, without the identity of the facts.
func describeArguments(f *fileFacts) string {
	var b strings.Builder
	list := func(atoms []atom) {
		for _, a := range atoms {
			s := a.site
			a.site = nil
			if a.object != nil {
				fmt.Fprintf(&b, " %+v", *a.object)
				a.object = nil
			}
			fmt.Fprintf(&b, " %+v", a)
			if s != nil {
				fmt.Fprintf(&b, " site %d-%d potential %v of %s", s.start, s.stop, s.potential, s.file.path)
			}
		}
		if len(atoms) > 0 {
			b.WriteByte(10)
		}
	}
	for _, c := range f.calls {
		given := c.arguments()
		fmt.Fprintf(&b, "\n%s at %d: %d %d\n", c.whole, c.start, len(given.args), len(given.named))
		for i := range 20 {
			list(given.args[i])
		}
		for name := range given.named {
			if len(given.named) == 1 {
				list(given.named[name])
			}
		}
	}
	return b.String()
}

// What calls hand over is the same whether the file's tree was kept until somebody asked, or made again for each
// question, and whether a copy of the facts is asked or they themselves.
func TestArgumentsAgain(t *testing.T) {
	asked, sites := 0, 0
	paths, err := filepath.Glob("../testdata/corpus/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range paths {
		ar, err := txtar.ParseFile(at)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range ar.Files {
			n, m := testArgumentsAgain(t, filepath.Base(at)+"/"+file.Name, file.Data)
			asked, sites = asked+n, sites+m
		}
	}
	if asked < 100 || sites < 10 {
		t.Errorf("%d files, %d sites: too little was tried", asked, sites)
	}
}

// testArgumentsAgain tries one file; it returns 1 where the file's calls are looked at late, and the sites in them.
func testArgumentsAgain(t *testing.T, p string, text []byte) (asked, sites int) {
	kept := readText(demandedView(p, text), nil, true)
	if kept == nil || kept.late == nil {
		return 0, 0
	}
	want := describeArguments(kept)
	sites = strings.Count(want, " site ")

	again := readText(demandedView(p, text), nil, true)
	opened := 0
	again.keepLate(&lateShelf{}, func() ([]byte, bool) { opened++; return text, true })
	for _, c := range again.calls {
		if !again.late.letGo() {
			t.Fatal("nobody is at it")
		}
		c.arguments()
	}
	if got := describeArguments(again); got != want || opened != len(again.calls) {
		t.Errorf("%s: made again for each of %d calls (%d times):\n%s\nkept:\n%s", p, len(again.calls), opened, got, want)
	}

	original := readText(demandedView(p, text), nil, true)
	one, other := original.of(gitPlace("blob"), false), original.of(gitPlace("blob"), true)
	if got := describeArguments(one); got != want {
		t.Errorf("%s: of a copy:\n%s\nof the original:\n%s", p, got, want)
	}
	if got := describeArguments(other); got != want {
		t.Errorf("%s: of another copy:\n%s\nof the original:\n%s", p, got, want)
	}
	for i, c := range one.calls {
		for k, list := range c.arguments().args {
			for j, a := range list {
				if b := other.calls[i].arguments().args[k][j]; a.site != nil && (a.site.file != one || b.site == a.site) {
					t.Errorf("%s: a copy's site is another's", p)
				}
			}
		}
	}
	return 1, sites
}

// A file that has changed since it was read hands over nothing: what it holds now stands elsewhere.
func TestArgumentsOfChangedFile(t *testing.T) {
	text := []byte("import { take } from './take';\nconst key = load();\ntake(key);\n")
	f := readText(demandedView("a.ts", text), nil, true)
	changed := append([]byte("\n"), text...)
	f.keepLate(&lateShelf{}, func() ([]byte, bool) { return changed, true })
	f.late.letGo()
	for _, c := range f.calls {
		if a := c.arguments(); len(a.args)+len(a.named) > 0 {
			t.Errorf("%s hands over %v", c.whole, a)
		}
	}
	if len(f.calls) == 0 {
		t.Error("no call was kept")
	}
}

// A shelf keeps no more trees than it has room for, and those that were asked for last.
func TestLateShelf(t *testing.T) {
	text := []byte("import { take } from './take';\ntake(load());\ntake(key);\n" + strings.Repeat("// nothing\n", lateBytes/44))
	var s lateShelf
	var files []*fileFacts
	for i := range 12 {
		f := readText(demandedView(fmt.Sprintf("%d.ts", i), text), nil, true)
		f.keepLate(&s, func() ([]byte, bool) { return text, true })
		files = append(files, f)
	}
	kept := ""
	for i, f := range files {
		if f.late.read != nil {
			kept += fmt.Sprint(" ", i)
		}
	}
	if kept != " 9 10 11" {
		t.Errorf("kept are%s", kept)
	}
	files[9].calls[0].arguments()
	files[0].calls[0].arguments()
	if files[9].late.read == nil || files[0].late.read == nil || files[10].late.read != nil {
		t.Error("not those that were asked for last are kept")
	}
}
