package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// A repository asks git about the repository around a folder, with plumbing that runs no program of the repository's
// choosing. It serves the hooks and the CI gate, which need a repository's refs and nothing of its content.
type repository struct {
	ctx context.Context
	dir string
}

// git runs one git command and gives what it printed, without the last newline.
func (r repository) git(args ...string) (string, error) {
	cmd := exec.CommandContext(r.ctx, "git", append(r.options(), args...)...)
	cmd.Dir = r.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1",
		"GIT_PAGER=cat")
	cmd.WaitDelay = 5 * time.Second
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		if text := strings.TrimSpace(stderr.String()); text != "" {
			return "", fmt.Errorf("git %s: %s", args[0], text)
		}
		return "", fmt.Errorf("git %s: %w", args[0], err)
	}
	return strings.TrimSuffix(string(out), "\n"), nil
}

// options keep git from running what the repository names, and let it read one that another user owns: whoever started
// us named this folder, and no other is trusted with it.
func (r repository) options() []string {
	options := []string{"-c", "core.fsmonitor=false"}
	dir, err := filepath.Abs(r.dir)
	if err != nil {
		return options
	}
	for ; ; dir = filepath.Dir(dir) {
		options = append(options, "-c", "safe.directory="+filepath.ToSlash(dir))
		if dir == filepath.Dir(dir) {
			return options
		}
	}
}

// Has reports whether the object is there.
func (r repository) Has(id string) bool {
	_, err := r.git("cat-file", "-e", id)
	return err == nil
}

// Parents are the parents of HEAD as its commit names them, also where a shallow clone pretends that it has none.
func (r repository) Parents() []string {
	text, err := r.git("cat-file", "commit", "HEAD")
	if err != nil {
		return nil
	}
	var parents []string
	for _, line := range strings.Split(text, "\n") {
		if line == "" {
			break
		}
		if id, ok := strings.CutPrefix(line, "parent "); ok {
			parents = append(parents, id)
		}
	}
	return parents
}

// Branch is the tip of a branch as the remote origin has it, "" where that is not known here.
func (r repository) Branch(name string) string {
	tip, err := r.git("rev-parse", "--verify", "--quiet", "--end-of-options", "refs/remotes/origin/"+name)
	if err != nil {
		return ""
	}
	return tip
}

// Shallow reports whether the clone was cut.
func (r repository) Shallow() bool {
	said, err := r.git("rev-parse", "--is-shallow-repository")
	return err == nil && said == "true"
}

// Published are the tips of the branches that a remote is known to have. It is named as git names it to the pre-push
// hook: by its name, or by its URL where a URL was pushed to. Of a URL that no remote has nothing is known.
func (r repository) Published(remote, url string) []string {
	if !r.isRemote(remote) {
		remote = r.remoteAt(url)
	}
	if remote == "" {
		return nil
	}
	text, err := r.git("for-each-ref", "--format=%(objectname)", "refs/remotes/"+remote+"/")
	if err != nil {
		return nil
	}
	return strings.Fields(text)
}

// isRemote reports whether git knows a remote of this name.
func (r repository) isRemote(name string) bool {
	_, err := r.git("config", "--get", "remote."+name+".url")
	return err == nil
}

// remoteAt is the name of the remote with this URL, "" where none has it.
func (r repository) remoteAt(url string) string {
	text, err := r.git("config", "--get-regexp", `^remote\..*\.(push)?url$`)
	if err != nil || url == "" {
		return ""
	}
	for _, line := range strings.Split(text, "\n") {
		if key, value, _ := strings.Cut(line, " "); value == url {
			name := strings.TrimPrefix(key, "remote.")
			return name[:strings.LastIndexByte(name, '.')]
		}
	}
	return ""
}

// Refs are the tips of all refs.
func (r repository) Refs() []string {
	text, err := r.git("for-each-ref", "--format=%(objectname)")
	if err != nil {
		return nil
	}
	return strings.Fields(text)
}
