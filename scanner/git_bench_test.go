package scanner_test

import (
	"context"
	"os"
	"testing"

	"github.com/unleaked/unleaked/scanner"
)

func BenchmarkStaged(b *testing.B) {
	dir := os.Getenv("UNLEAKED_BENCH_STAGED")
	if dir == "" {
		b.Skip("UNLEAKED_BENCH_STAGED names no work tree")
	}
	for b.Loop() {
		if _, err := scanner.Scan(context.Background(), scanner.NewStaged(dir), scanner.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
