package syntax

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestZZCPU(t *testing.T) {
	dir := os.Getenv("CPU_DIR")
	if dir == "" {
		t.Skip()
	}
	type f struct {
		name string
		text []byte
	}
	var all []f
	n := 0
	filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && IsCode(p) {
			text, _ := os.ReadFile(p)
			if len(text) < 100000 && n < 12<<20 {
				all = append(all, f{p, text})
				n += len(text)
			}
		}
		return nil
	})
	for range 3 {
		var a, b syscall.Rusage
		syscall.Getrusage(0, &a)
		for _, x := range all {
			Read(x.name, x.text)
		}
		syscall.Getrusage(0, &b)
		us := (b.Utime.Sec-a.Utime.Sec)*1000000 + b.Utime.Usec - a.Utime.Usec
		fmt.Printf("%d files %d bytes %d ms\n", len(all), n, us/1000)
	}
}
