package scanner_test

import (
	"strings"
	"testing"

	"github.com/unleaked/unleaked/scanner"
)

// TestContainersThatAreNotOpenedAreListed has the beginnings of containers whose content is compressed: what can be seen of
// them is searched, and the scan does not pass as complete.
func TestContainersThatAreNotOpenedAreListed(t *testing.T) {
	for name, head := range map[string]string{
		"a.7z": "7z\xbc\xaf\x27\x1c", "a.rar": "Rar!\x1a\x07\x01\x00", "a.Z": "\x1f\x9d\x90", "a.cab": "MSCF\x00\x00\x00\x00",
	} {
		dir := t.TempDir()
		write(t, dir, name, head+strings.Repeat("\x00x", 300)+"\n"+token(1)+"\n")
		got, skips := scan(t, scanner.NewTree(dir), scanner.Options{})
		if len(got) != 1 {
			t.Errorf("%s: found %q beside what is packed, want one", name, got)
		}
		if len(skips) != 1 || !strings.HasPrefix(skips[0], name+": ") || !strings.Contains(skips[0], "not opened") {
			t.Errorf("%s: skips %q", name, skips)
		}
	}
}
