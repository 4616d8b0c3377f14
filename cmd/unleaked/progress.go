package main

import (
	"io"
	"os"
	"sync/atomic"

	"github.com/mattn/go-isatty"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// progress shows on a terminal how far a scan is. It gives the function to tell, nil where nothing is to be shown, and
// one that wipes the line before anything else is printed.
func (a *app) progress(quiet bool) (tell func(done, total int, bytes int64), stop func()) {
	if quiet || a.env("CI") != "" || a.env("TERM") == "dumb" || !isTerminal(a.errs) {
		return nil, func() {}
	}
	p := mpb.New(mpb.WithOutput(a.errs), mpb.WithWidth(40))
	var bytes atomic.Int64
	bar := p.New(0, mpb.BarStyle().Lbound("").Rbound("").Filler("█").Tip("█").Padding("░"),
		mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.CountersNoUnit("%d of %d")),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return megabytes(bytes.Load()) })))
	tell = func(done, total int, read int64) {
		bytes.Store(read)
		bar.SetTotal(int64(max(total, done)), false)
		bar.SetCurrent(int64(done))
	}
	return tell, func() {
		bar.Abort(true)
		p.Wait()
	}
}

// isTerminal reports whether w is a terminal that a person looks at.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}
