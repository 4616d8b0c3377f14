package finding_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/scanner"
)

// Every comment that is offered is heard where it is put: alone on the line above the token.
func TestCommentsAreHeard(t *testing.T) {
	token := "user:" + strings.Repeat("6b1fe0d4", 7)
	names := []string{".env", ".env.production", "Dockerfile", "Dockerfile.web", "GNUmakefile.mk"}
	for _, name := range finding.Commented() {
		names = append(names, "x."+name)
	}
	for _, name := range names {
		dir := t.TempDir()
		open, end, ok := finding.Comment(name)
		if !ok {
			t.Errorf("%s has no comment", name)
			continue
		}
		comment := strings.TrimSpace(open + " unleaked:" + "ignore personal-token made up " + end)
		text := comment + "\nUNLEASH_PAT = \"" + token + "\"\n"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := scanner.Scan(context.Background(), scanner.NewTree(dir), scanner.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Findings) != 0 || len(r.Suppressed) != 1 || len(r.Notices) != 0 {
			t.Errorf("%s: %q is not heard: %d findings, %d suppressed, %v", name, comment, len(r.Findings),
				len(r.Suppressed), r.Notices)
		}
	}
}
