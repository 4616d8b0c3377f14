//go:build unix

package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestInterrupt holds that Ctrl-C ends a scan that waits for its input, with a report and status 2.
func TestInterrupt(t *testing.T) {
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
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // its status is looked at below
	if got := cmd.ProcessState.ExitCode(); got != exitIncomplete {
		t.Errorf("status %d, want %d; %s", got, exitIncomplete, errs.String())
	}
	if !strings.Contains(out.String(), "interrupted") {
		t.Errorf("the report does not say that the scan was interrupted:\n%s", out.String())
	}
}
