package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// fewCollections puts off the first collection of garbage until 32 MB are in use, which a hook seldom comes to: it
// would take longer than it is worth. Later ones come when 160 MB more are in use, for most of what is read is garbage
// soon, and a small heap is collected all the time; less where much is in use, so that all is at most 250 MB, or half
// more than what is in use. Where the user has set GOGC, nothing is changed.
func fewCollections() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(800)
	afterNextCollection()
}

const (
	betweenCollections = 160 << 20 // bytes that may be put to use between two collections
	inUse              = 250 << 20 // bytes that may be in use then, with what is garbage
	leastPercent       = 50        // of what is live, between two collections
)

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

// collectionPercent is what GOGC has to be with so many bytes live.
func collectionPercent(live uint64) int {
	room := min(betweenCollections, inUse-min(live, inUse))
	return int(max(leastPercent, min(room*100/max(live, 1), 10_000)))
}
