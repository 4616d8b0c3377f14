package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// fewCollections puts off the first collection of garbage until 32 MB are in use, which a hook seldom comes to: it
// would take longer than it is worth. Later ones come when 160 MB more are in use, or, as usual, twice as much: most of
// what is read is garbage soon, and a small heap is collected all the time. Where the user has set GOGC,
// nothing is changed.
func fewCollections() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(800)
	afterNextCollection()
}

// betweenCollections is the number of bytes that may be put to use between two collections, at least.
const betweenCollections = 160 << 20

// afterNextCollection sets, after every collection to come, when the next one is.
func afterNextCollection() {
	// Nothing holds on to it, so that the next collection finds it.
	runtime.AddCleanup(&struct{ self *int }{new(int)}, func(struct{}) {
		// Right after a collection what is allocated is what is live. Package runtime/metrics would say it without
		// stopping anybody for a moment, and makes its tables at every start.
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		debug.SetGCPercent(collectionPercent(m.HeapAlloc))
		afterNextCollection()
	}, struct{}{})
}

// collectionPercent is what GOGC has to be for betweenCollections with so many bytes in use; never less than usual.
func collectionPercent(live uint64) int {
	return int(max(100, min(betweenCollections*100/max(live, 1), 10_000)))
}
