package sweep

import (
	"io/fs"
	"strconv"
	"syscall"
)

// changeOf is when a file was changed last as nobody can set it, and which file it is, "" where the system does not say.
func changeOf(info fs.FileInfo) string {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	return strconv.FormatInt(s.Ctim.Nano(), 10) + "," + strconv.FormatUint(s.Ino, 10)
}
