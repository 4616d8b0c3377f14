package syntax

import (
	"flag"
	"os"
	"testing"
)

var dumpFile = flag.String("file", "", "a file whose tree TestDump prints")

// TestDump prints the tree of a file: go test ./internal/syntax -run TestDump -file PATH.
func TestDump(t *testing.T) {
	if *dumpFile == "" {
		t.Skip("no -file")
	}
	text, err := os.ReadFile(*dumpFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := Dump(os.Stdout, Parse(*dumpFile, text)); err != nil {
		t.Fatal(err)
	}
}
