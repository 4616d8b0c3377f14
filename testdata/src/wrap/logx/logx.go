// Package logx writes to the log.
package logx

import "log"

func Infof(format string, args ...any) { // want Infof:`params \[logged logged\]`
	log.Printf(format, args...)
}
