package report_test

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/unleaked/unleaked/report"
	"github.com/unleaked/unleaked/scanner"
)

// A JSON report can be read back and written in another format.
func ExampleReadJSON() {
	result, err := scanner.Scan(context.Background(), scanner.NewTree("../testdata/demo/deploy/flags-job.yaml"),
		scanner.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	var stored strings.Builder
	if err := report.Write(&stored, "json", result, report.Options{}); err != nil {
		fmt.Println(err)
		return
	}
	again, err := report.ReadJSON(strings.NewReader(stored.String()))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range again.Findings {
		fmt.Println(f.File, f.Line, f.Rule, f.Redacted)
	}
	if err := report.Write(io.Discard, "junit", again, report.Options{}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// testdata/demo/deploy/flags-job.yaml 7 personal-token user:7440…0dc3
}
