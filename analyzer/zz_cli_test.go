package analyzer_test

import (
	"context"
	"os"
	"testing"

	"github.com/unleaked/unleaked/analyzer"
)

func TestZZ(t *testing.T) {
	dir := os.Getenv("VETDIR")
	if dir == "" {
		t.Skip()
	}
	rep, err := analyzer.Vet(context.Background(), nil, analyzer.Options{Dir: dir, Tests: true, Generated: true, Fix: os.Getenv("VETFIX") != ""}, os.Stdout)
	t.Log(rep, err)
}
