package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// stage makes a copy of the repository in dir (its packs are linked, not copied, where they can be), with a small
// change in its index: a line more in three files, and a new one with a token. It has no work tree to speak of, for
// what is measured reads the index.
func stage(ctx context.Context, repo, dir string) error {
	git := func(stdin string, args ...string) (string, error) {
		cmd := exec.CommandContext(ctx, "git", args...)
		cmd.Env = environment()
		cmd.Stdin = strings.NewReader(stdin)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			return "", fmt.Errorf("git %s: %w: %s", args[0], err, strings.TrimSpace(stderr.String()))
		}
		return string(out), nil
	}
	if _, err := git("", "clone", "--quiet", "--local", "--no-checkout", "--template=", repo, dir); err != nil {
		return err
	}
	in := func(stdin string, args ...string) (string, error) {
		return git(stdin, append([]string{"-C", dir}, args...)...)
	}
	if _, err := in("", "read-tree", "HEAD"); err != nil {
		return err
	}
	list, err := in("", "ls-files", "--stage", "-z")
	if err != nil {
		return err
	}
	changed := 0
	for _, entry := range strings.Split(list, "\x00") {
		// MODE ID STAGE \t PATH
		about, path, _ := strings.Cut(entry, "\t")
		fields := strings.Fields(about)
		if changed == 3 || len(fields) != 3 || fields[0] != "100644" {
			continue
		}
		text, err := in("", "cat-file", "blob", fields[1])
		if err != nil {
			continue // one that this copy of the repository lacks; there are others
		}
		if err := add(in, path, text+"\none line more\n"); err != nil {
			return err
		}
		changed++
	}
	if err := os.MkdirAll(filepath.Join(dir, "bench"), 0o755); err != nil {
		return err
	}
	return add(in, "bench/new.env", "UNLEASH_URL=https://unleash.example.com/api\nUNLEASH_API_TOKEN="+rules.Expand("default:development.{hex56}", 1)+"\n")
}

func add(git func(stdin string, args ...string) (string, error), path, text string) error {
	id, err := git(text, "hash-object", "-w", "--stdin")
	if err != nil {
		return err
	}
	_, err = git("", "update-index", "--add", "--cacheinfo", "100644,"+strings.TrimSpace(id)+","+path)
	return err
}

// environment is the environment of all programs: none of them asks, fetches or takes locks.
func environment() []string {
	return append(os.Environ(), "LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1",
		"NO_COLOR=1")
}
