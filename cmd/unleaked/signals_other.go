//go:build !unix

package main

import "os"

// forwarded are the signals that mask --run hands on.
var forwarded = []os.Signal{os.Interrupt}

// statusOf is the exit status of a program.
func statusOf(p *os.ProcessState) int { return p.ExitCode() }
