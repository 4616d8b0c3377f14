package main

import (
	"context"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

// endWithin is how long after the first signal the program has to report what it found.
const endWithin = 5 * time.Second

// An ending is how signals end the program: the first one asks it to report what was found until then, and the process
// ends with the status of an incomplete scan where that takes too long or a second one comes.
type ending struct {
	cancel context.CancelFunc
	// unhurried is set by a command that waits for another program to end: no time runs out for it.
	unhurried atomic.Bool
	// handsOn is set by a command that hands its signals on to another program, and ends when that one does.
	handsOn atomic.Bool
	exit    func(int)
}

// heed lets signals end what runs under the context that it returns.
func heed(ctx context.Context) (context.Context, *ending) {
	ctx, cancel := context.WithCancel(ctx)
	e := &ending{cancel: cancel, exit: os.Exit}
	signals := make(chan os.Signal, 2)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(s) { // nohup
			signal.Notify(signals, s)
		}
	}
	go e.watch(signals, endWithin)
	return ctx, e
}

// watch ends the program as the signals ask.
func (e *ending) watch(signals <-chan os.Signal, within time.Duration) {
	<-signals
	e.cancel()
	late := time.After(within)
	for {
		select {
		case <-signals:
		case <-late:
			if e.unhurried.Load() {
				continue
			}
		}
		if !e.handsOn.Load() {
			e.exit(exitIncomplete)
			return
		}
	}
}
