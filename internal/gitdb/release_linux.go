package gitdb

import "syscall"

// release gives the pages of a mapping back; reading them again costs a soft fault each.
func release(data []byte) {
	if len(data) > 0 {
		_ = syscall.Madvise(data, syscall.MADV_DONTNEED)
	}
}
