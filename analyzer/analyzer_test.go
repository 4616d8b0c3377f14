package analyzer_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/unleaked/unleaked/analyzer"
)

// The packages in testdata/src say in // want comments what is expected; each names what it is about.
func TestAnalyzer(t *testing.T) {
	for _, test := range []struct {
		name  string
		pkgs  []string
		flags map[string]string
	}{
		{
			"as it is",
			[]string{
				"forms", "majors", "misuse", "endpoints", "leaks", "raw", "admin", "names", "frontend", "kinds",
				"ignored", "shapes",
				"wrap/lib", "wrap/env", "wrap/logx", "wrap/config", "wrap/app",
			}, nil,
		},
		{"without test files and generated files", []string{"notests"}, map[string]string{"tests": "false",
			"generated": "false"}},
		{"with public credentials", []string{"public"}, map[string]string{"public": "true"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			analysistest.Run(t, testdata(t), configured(t, test.flags), test.pkgs...)
		})
	}
}

func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, testdata(t), analyzer.New(), "fixes")
}

func configured(t *testing.T, flags map[string]string) *analysis.Analyzer {
	t.Helper()
	a := analyzer.New()
	for name, value := range flags {
		if err := a.Flags.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

// testdata is the repository's folder of that name.
func testdata(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../testdata")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
