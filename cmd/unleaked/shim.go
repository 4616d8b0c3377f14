package main

import (
	"context"
	"fmt"

	"github.com/unleaked/unleaked/scanner"
)

// What stands here waits for its package and goes when that lands.

type nothing struct{}

func (nothing) Scan(context.Context, *scanner.Intake) error {
	return fmt.Errorf("git is not wired yet")
}

func stagedJob(dir string) job         { return job{source: nothing{}, root: dir, partial: true} }
func rangeJob(dir, commits string) job { return job{source: nothing{}, root: dir, partial: true} }
func commitsJob(dir string, include, exclude []string) job {
	return job{source: nothing{}, root: dir, partial: true}
}
