package scanner_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/unleaked/unleaked/report"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner"
)

// A folder is read, findings are looked at one by one, and a report is written.
func ExampleScan() {
	result, err := scanner.Scan(context.Background(), scanner.NewTree("../testdata/demo"), scanner.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range result.Findings {
		if f.Severity >= rules.Critical {
			fmt.Println(f.File, f.Line, f.Kind, f.Rules())
		}
	}
	fmt.Println("everything was read:", result.Complete())

	var sarif strings.Builder
	if err := report.Write(&sarif, "sarif", result, report.Options{}); err != nil {
		fmt.Println(err)
	}
	if scanner.ExitStatus(result, rules.High, false) != scanner.ExitClean {
		fmt.Println("not clean")
	}
	// Output:
	// testdata/demo/deploy/flags-job.yaml 7 personal [personal-token]
	// testdata/demo/web/src/flags.ts 6 backend [secret-in-frontend backend-token]
	// everything was read: true
	// not clean
}

// A queue is a source of one's own: what has a name and a text can be one.
type queue map[string]string

func (q queue) Scan(ctx context.Context, in *scanner.Intake) error {
	for name, text := range q {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if text == "" {
			in.Skip(name, "the message is empty")
			continue
		}
		in.Count(1, 0, 0, 0)
		in.Blob(scanner.Blob{Path: name, Text: []byte(text)})
	}
	return nil
}

// A source hands blobs to the intake and says what it could not read.
func ExampleSource() {
	messages := queue{
		"one": "UNLEASH_ADMIN_TOKEN=*:*." + strings.Repeat("5e", 28),
		"two": "",
	}
	result, err := scanner.Scan(context.Background(), messages, scanner.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range result.Findings {
		fmt.Println(f.File, f.Line, f.Rule, f.Secret)
	}
	for _, s := range result.Coverage.Skipped {
		fmt.Println("not read:", s.What, s.Why)
	}
	// Output:
	// one 1 admin-token *:*.5e5e…5e5e
	// not read: two the message is empty
}
