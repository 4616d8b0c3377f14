package gitdb

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
)

// ErrChanged says that a file of the repository was cut while it was read.
var ErrChanged = errors.New("a file of the repository changed while it was read")

// Guard calls f. Where a file that is mapped into memory is cut under it, the fault is an error, and not the end of the
// program.
func Guard(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		if e, ok := r.(runtime.Error); ok {
			if _, fault := e.(interface{ Addr() uintptr }); fault {
				err = fmt.Errorf("%w: read it again", ErrChanged)
				return
			}
		}
		panic(r)
	}()
	return f()
}
