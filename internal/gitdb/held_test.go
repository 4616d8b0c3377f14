package gitdb

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// heldFixture is a repository with a history that makes deltas, and a command that runs git in it.
func heldFixture(t testing.TB, format string) func(stdin string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not here")
	}
	dir := t.TempDir()
	run := func(stdin string, args ...string) string {
		t.Helper()
		cmd := exec.Command("git", args...)
		cmd.Dir, cmd.Stdin = dir, strings.NewReader(stdin)
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull,
			"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("git %v: %v", args, err)
		}
		return string(out)
	}
	run("", "init", "-q", "--object-format="+format, ".")
	var lines []string
	for i := range 400 {
		lines = append(lines, fmt.Sprintf("line %d of a file that changes", i))
	}
	for i := range 8 {
		lines[i*40] += fmt.Sprintf(" in commit %d", i)
		if err := os.WriteFile(filepath.Join(dir, "a.txt"), []byte(strings.Join(lines, "\n")), 0o644); err != nil {
			t.Fatal(err)
		}
		run("", "add", "a.txt")
		run("", "commit", "-qm", fmt.Sprint("commit ", i))
	}
	run("", "tag", "-am", "a tag", "v1")
	return run
}

// TestHoldPack holds that a pack in memory, without its index, has the objects that git put into it, with either hash and
// with both ways in which a delta names its base.
func TestHoldPack(t *testing.T) {
	for _, format := range []string{"sha1", "sha256"} {
		for _, how := range []string{"--delta-base-offset", "--no-delta-base-offset"} {
			t.Run(format+how, func(t *testing.T) {
				run := heldFixture(t, format)
				objects := run("", "rev-list", "--objects", "--all")
				var want []string
				for line := range strings.Lines(objects) {
					id, _, _ := strings.Cut(strings.TrimSpace(line), " ")
					want = append(want, id)
				}
				args := []string{"pack-objects", "--stdout", "--all", "--window=20", "--depth=3", "-q"}
				if how == "--delta-base-offset" {
					args = append(args, how)
				}
				pack := run("", args...)
				r, used, err := HoldPack([]byte(pack+"behind"), len(want[0])/2, 1<<30)
				if err != nil || used != len(pack) || len(r.DB.Problems) > 0 {
					t.Fatalf("used %d of %d, problems %v, error %v", used, len(pack), r.DB.Problems, err)
				}
				defer r.Close()
				var got []string
				err = r.DB.Each(context.Background(), EachOptions{Jobs: 1, Skip: func(what, why string) { t.Error(what, why) }},
					func(v *Visit) error {
						got = append(got, v.ID.String())
						return nil
					})
				if err != nil {
					t.Fatal(err)
				}
				slices.Sort(got)
				slices.Sort(want)
				if !slices.Equal(got, want) {
					t.Errorf("%d objects, want %d", len(got), len(want))
				}
			})
		}
	}
}

// TestHoldPackDamaged holds that a pack that is cut gives what stands before, and a problem.
func TestHoldPackDamaged(t *testing.T) {
	run := heldFixture(t, "sha1")
	pack := run("", "pack-objects", "--stdout", "--all", "-q")
	r, _, err := HoldPack([]byte(pack[:len(pack)/2]), 20, 1<<30)
	if err != nil || len(r.DB.Problems) == 0 || r.DB.Count() == 0 {
		t.Errorf("%d objects, problems %v, error %v", r.DB.Count(), r.DB.Problems, err)
	}
	if r, _, err := HoldPack([]byte(pack), 20, 1000); err != nil || len(r.DB.Problems) == 0 {
		t.Errorf("a pack that unpacks to too much: problems %v, error %v", r.DB.Problems, err)
	}
}

// TestHoldPackMutated changes bytes of a pack, one after the other.
func TestHoldPackMutated(t *testing.T) {
	run := heldFixture(t, "sha1")
	pack := []byte(run("", "pack-objects", "--stdout", "--all", "-q", "--delta-base-offset", "--window=20"))
	for i := range pack {
		if i%7 != 0 {
			continue
		}
		text := slices.Clone(pack)
		text[i] ^= 1 << (i % 8)
		holdAny(t, text)
	}
}

// holdAny holds that any bytes are read to an end.
func holdAny(t *testing.T, text []byte) {
	r, used, err := HoldPack(text, 0, 16<<20)
	if err != nil {
		return
	}
	defer r.Close()
	if used > len(text)+32 {
		t.Errorf("%d bytes of %d were used", used, len(text))
	}
	_ = r.DB.Each(context.Background(), EachOptions{Jobs: 1, MaxUnfolded: 16 << 20}, func(*Visit) error { return nil })
}

func FuzzHoldPack(f *testing.F) {
	run := heldFixture(f, "sha1")
	f.Add([]byte(run("", "pack-objects", "--stdout", "--all", "-q")))
	f.Add([]byte(run("", "pack-objects", "--stdout", "--all", "-q", "--delta-base-offset")))
	f.Fuzz(func(t *testing.T, text []byte) {
		holdAny(t, text)
	})
}
