package report

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func text1(s string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
}

func content(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWriteFile(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("out", []byte("an older and longer report"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile("out", text1("new")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat("out")
	if err != nil || content(t, "out") != "new" || info.Mode().Perm() != 0o600 {
		t.Errorf("%q %v %v", content(t, "out"), info.Mode(), err)
	}

	// A failed report leaves the old one, and nothing else.
	if err := WriteFile("out", func(w io.Writer) error { io.WriteString(w, "half"); return errDisk }); !errors.Is(err,
		errDisk) {
		t.Error(err)
	}
	if entries, _ := os.ReadDir("."); content(t, "out") != "new" || len(entries) != 1 {
		t.Errorf("%d files, %q", len(entries), content(t, "out"))
	}

	if err := os.Mkdir("dir", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"dir", "no-such-dir/out"} {
		if err := WriteFile(name, text1("x")); err == nil {
			t.Errorf("%s was written", name)
		}
	}
	if err := WriteFile("dir/out", text1("below")); err != nil || content(t, "dir/out") != "below" {
		t.Error(err)
	}
	if err := WriteFile(filepath.Join(t.TempDir(), "abs"), text1("x")); err != nil {
		t.Error(err)
	}
	if err := WriteFile(os.DevNull, text1("x")); err != nil {
		t.Error(err)
	}
}

// A link that a repository planted is replaced where it has the report's name, and refused where it leads out on the
// way.
func TestWriteFileThroughLinks(t *testing.T) {
	outside := t.TempDir()
	victim := filepath.Join(outside, "victim")
	if err := os.WriteFile(victim, []byte("precious"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.Symlink(victim, "out"); err != nil {
		t.Skip(err)
	}
	if err := WriteFile("out", text1("report")); err != nil {
		t.Fatal(err)
	}
	if content(t, victim) != "precious" || content(t, "out") != "report" {
		t.Error("the link was followed")
	}
	if err := os.Symlink(outside, "reports"); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile("reports/victim", text1("report")); err == nil || content(t, victim) != "precious" {
		t.Errorf("the folder's link was followed: %v", err)
	}
	if err := os.Symlink("/dev/null", "null"); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile("null", text1("report")); err != nil || content(t, "null") != "report" {
		t.Errorf("%v", err)
	}
}
