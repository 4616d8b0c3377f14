package scanner

import (
	"context"
	"fmt"
	"os"
	"testing"
)

// BenchmarkKey is what one key in an editor costs: a text that changes in a tree that does not. UNLEAKED_TREE names the
// tree; testdata/editor/tree.mjs makes one.
func BenchmarkKey(b *testing.B) {
	dir := os.Getenv("UNLEAKED_TREE")
	if dir == "" {
		b.Skip("UNLEAKED_TREE names no tree")
	}
	w := NewWorkspace(NewTree(dir), Options{Public: true, Examples: true})
	if err := w.Load(context.Background(), Options{Public: true, Examples: true}, nil); err != nil {
		b.Fatal(err)
	}
	w.Result(context.Background()) // what is kept is there now
	b.ResetTimer()
	for i := range b.N {
		w.Set("deploy/docker-compose.yml", fmt.Appendf(nil, "services:\n  web:\n    environment:\n      UNLEASH_API_TOKEN: x%d\n", i), false)
		w.Result(context.Background())
	}
}
