package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// mayInitialise are packages of others that make much before main begins, and what is needed of each. Everything that
// is linked is initialised for every command, and a commit waits for it: a row here has to be worth that.
var mayInitialise = map[string]string{
	"encoding/gob":                                   "facts of the analyzer, through x/tools' drivers",
	"encoding/xml":                                   "the JUnit report",
	"github.com/klauspost/compress/flate":            "archives",
	"github.com/klauspost/compress/internal/snapref": "archives: zstd",
	"github.com/mattn/go-runewidth":                  "columns of the text report",
	"go.yaml.in/yaml/v3":                             "the configuration",
	"go/build":                                       "vet",
	"go/types":                                       "vet",
	"golang.org/x/tools/internal/diff":               "vet",
	"golang.org/x/tools/internal/gocommand":          "vet",
	"golang.org/x/tools/internal/stdlib":             "vet",
	"html/template":                                  "the HTML report",
	"internal/buildcfg":                              "vet",
	// It should not be here: a commit waits for it, one instruction in twenty of a start. Go initialises whatever is
	// linked, so that only a program of its own for verification would keep it off the hook's path.
	"net/http": "verification",
	"unicode":  "everything",
}

// TestWhatIsInitialisedBeforeMain holds start-up: of our own packages none makes tables before main, and of others only
// those that are listed make more than a little.
func TestWhatIsInitialisedBeforeMain(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	const (
		ownAllocs, ownBytes     = 40, 2 << 10 // errors, functions that make a table once
		otherAllocs, otherBytes = 25, 8 << 10
	)
	binary := filepath.Join(t.TempDir(), "unleaked")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	cmd := exec.Command(binary, "version")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	var trace bytes.Buffer
	cmd.Stderr = &trace
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile(`(?m)^init (\S+) @.* clock, (\d+) bytes, (\d+) allocs$`).FindAllStringSubmatch(
		trace.String(), -1)
	if len(rows) < 20 {
		t.Fatalf("the runtime's trace of initialisation is not what this test reads:\n%s", trace.String())
	}
	seen := map[string]bool{}
	for _, row := range rows {
		name := row[1]
		size, _ := strconv.Atoi(row[2])
		allocs, _ := strconv.Atoi(row[3])
		seen[name] = true
		switch {
		case strings.HasPrefix(name, "github.com/unleaked/"):
			if allocs > ownAllocs || size > ownBytes {
				t.Errorf("%s makes %d bytes in %d allocations before main; make them when they are needed", name,
					size, allocs)
			}
		case (allocs > otherAllocs || size > otherBytes) && mayInitialise[name] == "":
			t.Errorf("%s makes %d bytes in %d allocations before main, for every command", name, size, allocs)
		}
	}
	for name := range mayInitialise {
		if !seen[name] {
			t.Errorf("%s is not initialised any more: take it off the list", name)
		}
	}
}
