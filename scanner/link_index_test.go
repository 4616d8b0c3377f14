package scanner

import (
	"fmt"
	"slices"
	"testing"

	"github.com/unleaked/unleaked/rules"
)

// TestCandidates holds that the definitions that are left out can serve nobody, and that few are left where each package
// has one of its own.
func TestCandidates(t *testing.T) {
	const packages = 40
	e := newEngine(nil)
	set := func(path string) {
		f := &fileFacts{path: path, filePath: path, lang: "dotenv"}
		f.defs = []*def{{file: f, path: []string{"TOKEN"}, raw: "TOKEN", env: true}}
		e.add(f)
	}
	for i := range packages {
		dir := fmt.Sprintf("p/p%d", i)
		e.add(&fileFacts{path: dir + "/package.json", filePath: dir + "/package.json", lang: "json",
			manifest: &rules.Manifest{Dir: dir}})
		set(dir + "/.env")
		set(dir + "/deploy/prod.env")
		e.add(&fileFacts{path: dir + "/src/a.js", filePath: dir + "/src/a.js", lang: "javascript"})
	}
	e.add(&fileFacts{path: "p/package.json", filePath: "p/package.json", lang: "json", manifest: &rules.Manifest{Dir: "p"}})
	set("p/.env")
	set("p/config/.env")
	set(".env")
	set(".github/workflows/a.yml")
	compose := &fileFacts{path: "p/p3/docker-compose.yml", filePath: "p/p3/docker-compose.yml", lang: "yaml"}
	process := &processFact{file: compose, name: "web", aliases: []string{"web"}, dirs: []string{"../p4"}}
	compose.processes = []*processFact{process}
	compose.defs = []*def{{file: compose, path: []string{"services", "web", "environment", "TOKEN"}, raw: "TOKEN", process: process}}
	e.add(compose)
	e.add(&fileFacts{path: "b.js", filePath: "b.js", lang: "javascript"})

	list := e.bySetting["TOKEN"]
	serving := func(from []*def, f *fileFacts) (out []*def) {
		for _, d := range from {
			if _, ok := e.serves(d, f); ok {
				out = append(out, d)
			}
		}
		return out
	}
	for _, f := range e.files {
		few := e.candidates(list, f)
		if got, want := serving(few, f), serving(list, f); !slices.Equal(got, want) {
			t.Errorf("%s: %d candidates serve it, %d definitions do", f.path, len(got), len(want))
		}
		if len(few) > 8 {
			t.Errorf("%s: %d candidates of %d", f.path, len(few), len(list))
		}
	}
	if got := serving(e.candidates(list, e.byPath["p/p4/src/a.js"]), e.byPath["p/p4/src/a.js"]); len(got) < 2 {
		t.Errorf("only %d definitions serve the code of p4", len(got))
	}
}

// TestMemberKey: names that are each other's members have one key.
func TestMemberKey(t *testing.T) {
	names := []string{"token", "getToken", "GetToken", "get_token", "TOKEN", "Get_Token", "getGetToken", "get", "_", "getter", "_token"}
	for _, a := range names {
		for _, b := range names {
			if isMember(a, b) && memberKey(a) != memberKey(b) {
				t.Errorf("%s is a member where %s is asked for, their keys are %s and %s", a, b, memberKey(a), memberKey(b))
			}
		}
	}
}
