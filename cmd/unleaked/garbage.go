package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// fewCollections puts off the first collection of garbage until 32 MB are in use, which a hook seldom comes to: it
// would take longer than it is worth. After the first one everything is as usual, and so it is where the user has said
// otherwise.
func fewCollections() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(800)
	// Nothing holds on to it, so that the first collection finds it.
	runtime.AddCleanup(&struct{ self *int }{new(int)}, func(usual int) { debug.SetGCPercent(usual) }, 100)
}
