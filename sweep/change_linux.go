package sweep

import (
	"io/fs"
	"syscall"
	"time"
)

// changeOf is when a file was changed last as nobody can set it, and which file it is; zero where the system does not say.
func changeOf(info fs.FileInfo) (changed time.Time, inode uint64) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return time.Time{}, 0
	}
	return time.Unix(s.Ctim.Unix()), s.Ino
}
