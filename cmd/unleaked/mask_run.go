package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/mattn/go-isatty"

	"github.com/unleaked/unleaked/mask"
)

// Exit statuses of a program that could not be started, as shells have them.
const (
	exitNotRun   = 126
	exitNotFound = 127
)

// afterExit is how long the streams of a program that ended stay open for those that it started and left behind.
const afterExit = 5 * time.Second

// maskRun runs a program with both of its streams masked, hands signals on to it, and leaves its exit status.
func (a *app) maskRun(o mask.Options, args []string) error {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin = a.in
	outputs := make([]*os.File, 0, 2)
	writers := make([]*os.File, 0, 2)
	defer func() {
		for _, f := range append(outputs, writers...) {
			_ = f.Close() // pipes: there is nothing to be lost
		}
	}()
	for range 2 {
		r, w, err := os.Pipe()
		if err != nil {
			return err
		}
		outputs, writers = append(outputs, r), append(writers, w)
	}
	cmd.Stdout, cmd.Stderr = writers[0], writers[1]
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, forwarded...)
	a.ending.handsOn.Store(true)
	defer signal.Stop(signals)
	if err := cmd.Start(); err != nil {
		a.status = exitNotRun
		if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
			a.status = exitNotFound
		}
		return startError{err}
	}
	for _, w := range writers {
		_ = w.Close() // ours: the program has its own
	}
	writers = nil
	stop := make(chan struct{})
	var wait sync.WaitGroup
	errs := make([]error, 2)
	for i, to := range []io.Writer{a.out, a.errs.To} {
		wait.Go(func() { errs[i] = mask.Copy(mask.NewWriter(to, o), outputs[i], stop) })
	}
	ended := make(chan struct{})
	go func() {
		for {
			select {
			case s := <-signals:
				forward(cmd.Process, s)
			case <-ended:
				return
			}
		}
	}()
	_ = cmd.Wait() // the status says it
	close(ended)
	timer := time.AfterFunc(afterExit, func() { close(stop) })
	wait.Wait()
	timer.Stop()
	a.status = statusOf(cmd.ProcessState)
	return errors.Join(errs...)
}

// A startError is that of a program that could not be started; it leaves an exit status of its own.
type startError struct{ error }

func (e startError) Unwrap() error { return e.error }

// forward hands a signal on to a program. What a terminal sends, it sends to the program itself, too.
func forward(p *os.Process, s os.Signal) {
	if (s == os.Interrupt || s == syscall.SIGQUIT) && isatty.IsTerminal(os.Stdin.Fd()) {
		return
	}
	_ = p.Signal(s) // the program may have ended meanwhile
}
