package report

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/unleaked/unleaked/finding"
)

// TestWritePages writes the pages that testdata/browser/run looks at into the folder that UNLEAKED_PAGES names.
func TestWritePages(t *testing.T) {
	dir := os.Getenv("UNLEAKED_PAGES")
	if dir == "" {
		t.Skip("UNLEAKED_PAGES names no folder")
	}
	page := func(name string, r *finding.Result, o Options) {
		if err := os.WriteFile(filepath.Join(dir, name+".html"), []byte(render(t, "html", r, o)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	r, o := triage()
	page("triage", r, o)
	page("hostile", hostile(), Options{Suppressed: true})
	page("ordinary", ordinary(), Options{Suppressed: true})
	page("nothing", &finding.Result{}, Options{})
	r, o = thousands(10_000, 4)
	page("thousands", r, o)
	r, o = thousands(10_000, 1)
	page("alone", r, o)
}
