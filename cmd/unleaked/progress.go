package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/mattn/go-isatty"

	"github.com/unleaked/unleaked/report"
)

// eraseLine puts the cursor at the beginning of its line and empties it.
const eraseLine = "\r\x1b[K"

// statusLine is a line on a terminal that is written again and again. It returns the function to write it, which tells
// line how many columns there are (0 is not known), nil where nothing is to be shown, and one that wipes the line before
// anything else is printed.
func (a *app) statusLine(quiet bool) (show func(line func(width int) string), stop func()) {
	if quiet || a.env("CI") != "" || a.env("TERM") == "dumb" || !isTerminal(a.errs.To) {
		return nil, func() {}
	}
	shown := false
	show = func(line func(width int) string) {
		shown = true
		fmt.Fprint(a.errs.To, eraseLine+line(report.Columns(a.errs.To, a.env)))
	}
	return show, func() {
		if shown {
			fmt.Fprint(a.errs.To, eraseLine)
		}
	}
}

// progress shows on a terminal how far a scan is: see statusLine.
func (a *app) progress(quiet bool) (tell func(done, total int, bytes int64), stop func()) {
	show, stop := a.statusLine(quiet)
	if show == nil {
		return nil, stop
	}
	return func(done, total int, read int64) {
		show(func(width int) string { return progressLine(done, total, read, width) })
	}, stop
}

// progressLine is a line of at most width columns (0 is not known): a count while nobody knows of how many, a bar from
// then on.
func progressLine(done, total int, bytes int64, width int) string {
	count := strconv.Itoa(done)
	if total > 0 {
		count += " of " + strconv.Itoa(total)
	}
	count += "  " + megabytes(bytes)
	room := min(40, width-len(count)-len("  ")-1) // in the last column some terminals go to the next line
	switch {
	case width > 0 && len(count) >= width:
		return ""
	case total <= 0 || room < 10:
		return count
	}
	full := room * min(done, total) / total
	return strings.Repeat("█", full) + strings.Repeat("░", room-full) + "  " + count
}

// isTerminal reports whether w is a terminal that a person looks at.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}
