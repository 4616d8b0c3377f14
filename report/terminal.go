package report

import (
	"io"
	"os"
	"strconv"

	"golang.org/x/term"
)

// The columns that a terminal is believed to have: what lies outside is a mistake of whoever says so.
const (
	fewestColumns = 20
	mostColumns   = 1000
)

// Columns is how many columns a stream has for text: what COLUMNS says, else the width of the terminal that the stream
// is, else 0. Most shells set COLUMNS for themselves and do not export it, so that where it is seen somebody wants it.
func Columns(stream io.Writer, env func(string) string) int {
	n, err := strconv.Atoi(env("COLUMNS"))
	if err != nil {
		f, ok := stream.(*os.File)
		if !ok {
			return 0
		}
		if n, _, err = term.GetSize(int(f.Fd())); err != nil {
			return 0
		}
	}
	if n < fewestColumns || n > mostColumns {
		return 0
	}
	return n
}
