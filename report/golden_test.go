package report

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/unleaked/unleaked/finding"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Each format of an ordinary result, of one that is incomplete, and of one without findings stands in testdata/golden
// to be looked at.
func TestGolden(t *testing.T) {
	none := &finding.Result{Mode: "tree", Coverage: finding.Coverage{Files: 812, Bytes: 5_120_331}}
	part := ordinary()
	part.Findings = part.Findings[:1]
	part.Coverage = finding.Coverage{Objects: 51_234, Commits: 1_200, Bytes: 1_293_000_000, Skipped: []finding.Skip{
		{What: "a.bin", Why: "permission denied"}, {What: "object 0123456789ab", Why: "missing: the clone is partial"},
	}}
	part.Mode = "history"
	when := time.Date(2027, 1, 31, 12, 0, 0, 0, time.UTC)
	o := Options{
		Version: "v0.1.0", Elapsed: 41 * time.Millisecond, Start: when, End: when.Add(time.Second),
		Repository: "https://github.com/example/shop",
		Revision:   "0123456789abcdef0123456789abcdef01234567", Branch: "main",
	}
	for _, c := range []struct {
		name string
		r    *finding.Result
	}{{"ordinary", ordinary()}, {"none", none}, {"incomplete", part}, {"sweep", swept()}} {
		for _, format := range Formats() {
			file := filepath.Join("..", "testdata", "golden", c.name+"."+format)
			got := render(t, format, c.r, o)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs; look at it, and write it anew with: go test ./report -run Golden -update\n%s",
					file, got)
			}
		}
	}
}
