package main

import (
	"context"
	"os"
	"testing"
)

// TestEnding holds what signals do: the first cancels, the second and the lapse of time end the process, and neither does
// where a command hands its signals on.
func TestEnding(t *testing.T) {
	for _, c := range []struct {
		name               string
		signals            int
		within             bool // time enough
		unhurried, handsOn bool
		want               int
	}{
		{name: "the second signal", signals: 2, within: true, want: exitIncomplete},
		{name: "no answer", signals: 1, want: exitIncomplete},
		{name: "a command that waits, twice", signals: 2, unhurried: true, want: exitIncomplete},
	} {
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan int, 1)
		e := &ending{cancel: cancel, exit: func(status int) { ended <- status }}
		e.unhurried.Store(c.unhurried)
		e.handsOn.Store(c.handsOn)
		signals := make(chan os.Signal, 2)
		within := endWithin
		if !c.within {
			within = 0
		}
		for range c.signals {
			signals <- os.Interrupt
		}
		e.watch(signals, within)
		if ctx.Err() == nil {
			t.Errorf("%s: the context goes on", c.name)
		}
		if got := <-ended; got != c.want {
			t.Errorf("%s: status %d, want %d", c.name, got, c.want)
		}
	}
}
