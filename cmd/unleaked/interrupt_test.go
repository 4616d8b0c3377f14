//go:build unix

package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// TestInterrupt holds that each signal that asks for an end ends a scan that waits for its input, with a report and
// status 2, and that a second one does no harm.
func TestInterrupt(t *testing.T) {
	for _, signals := range [][]os.Signal{{os.Interrupt}, {syscall.SIGTERM}, {syscall.SIGHUP}} {
		out, errs := interrupted(t, signals)
		if !strings.Contains(out, "interrupted") {
			t.Errorf("%v: the report does not say that the scan was interrupted:\n%s%s", signals, out, errs)
		}
	}
	interrupted(t, []os.Signal{os.Interrupt, os.Interrupt}) // a report, if there was time for one
}

// interrupted sends signals to a scan that waits for its input, and returns what it wrote.
func interrupted(t *testing.T, signals []os.Signal) (output, errors string) {
	t.Helper()
	cmd := exec.Command("unleaked", "scan", "-")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// More than a pipe holds: once it is written the program reads, and so hears signals.
	if _, err := in.Write(bytes.Repeat([]byte("nothing here\n"), 1<<16)); err != nil {
		t.Fatal(err)
	}
	for _, sig := range signals {
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
	}
	_ = cmd.Wait() // its status is looked at below
	if got := cmd.ProcessState.ExitCode(); got != exitIncomplete {
		t.Errorf("%v: status %d, want %d; %s", signals, got, exitIncomplete, errs.String())
	}
	return out.String(), errs.String()
}
