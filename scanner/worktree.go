package scanner

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/unleaked/unleaked/internal/plain"
)

// Git is asked for one thing only: the names of the files of a work tree. It reads the index, the folders and the
// ignore files; it writes nothing, looks into no file, and runs no program. What the repository's own configuration
// says of programs is overruled, and so are its settings that could hide files.

// findWorkTree finds the work tree that holds dir, and its git directory.
func findWorkTree(dir string) (top, gitDir string, ok bool) {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return "", "", false
	}
	for {
		if gitDir, ok := gitDirOf(dir); ok {
			return dir, gitDir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir || filepath.Base(dir) == ".git" {
			return "", "", false
		}
		dir = parent
	}
}

// gitDirOf is the git directory of the work tree whose top is dir. Like git it takes a folder .git only for one where
// there is a repository in it.
func gitDirOf(dir string) (gitDir string, ok bool) {
	gitDir = filepath.Join(dir, ".git")
	info, err := os.Lstat(gitDir)
	if err != nil {
		return "", false
	}
	if info.Mode()&os.ModeSymlink != 0 {
		if info, err = os.Stat(gitDir); err != nil {
			return "", false
		}
	}
	if info.Mode().IsRegular() {
		if info.Size() > 1<<14 {
			return "", false
		}
		text, err := plain.ReadFile(gitDir)
		if err != nil {
			return "", false
		}
		to, ok := strings.CutPrefix(strings.TrimRight(string(text), "\r\n"), "gitdir: ")
		if !ok || to == "" {
			return "", false
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(dir, to)
		}
		gitDir = to
	}
	exists := func(name string) bool {
		_, err := os.Lstat(filepath.Join(gitDir, name))
		return err == nil
	}
	return gitDir, exists("HEAD") && (exists("objects") || exists("commondir"))
}

// gitStall is how long git may take without a word. A work tree can make it wait forever, with a pipe for an ignore
// file.
const gitStall = 2 * time.Minute

// gitList reads what git lists of the folder, and reports whether git could. Where it stops half-way the folder is read
// as a whole after all: what had been read already is not read twice.
func (w *walk) gitList(abs, name, top, gitDir string) bool {
	git := w.git()
	if git == "" {
		return false
	}
	dir, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return false
	}
	if top, err = filepath.EvalSymlinks(top); err != nil || !within(top, dir) {
		return false
	}
	if dir != top && w.gitIgnores(git, dir, top, gitDir) {
		return false // it was named, so it is read whatever git says
	}
	if bad := blocking(gitDir); bad != "" {
		w.in.Skip(path.Join(name, ".git", bad), "git needs it, and it is a pipe, a socket or a device")
		return false
	}
	w.remember.Store(true)
	l := &gitListing{walk: w, abs: abs, name: name, top: top, folders: map[string]folderState{}}
	w.crew.aside(func() {
		// The index is read at once, while the search for untracked files goes through all folders.
		var both sync.WaitGroup
		for _, args := range [][]string{
			{"ls-files", "-z", "-t", "--stage"},
			{"ls-files", "-z", "--others", "--exclude-standard"},
			{"ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"},
		} {
			both.Add(1)
			go func() {
				defer both.Done()
				err := w.runGit(git, dir, top, gitDir, args, func(r io.Reader) error {
					return l.read(r, args[len(args)-1])
				})
				if err != nil && w.ctx.Err() == nil {
					l.fail(err)
				}
			}()
		}
		both.Wait()
		l.finish()
		w.listed()
	})
	return true
}

// blocking is a file of a git folder that git would open and wait for, "" where there is none: a pipe, a socket, a device.
func blocking(gitDir string) string {
	for _, name := range []string{"index", "config", "HEAD", "commondir", "packed-refs", "shallow", "info/exclude",
		"info/sparse-checkout", "info/attributes", "config.worktree", "objects/info/alternates"} {
		info, err := os.Stat(filepath.Join(gitDir, filepath.FromSlash(name)))
		if err == nil && !info.Mode().IsRegular() && !info.IsDir() {
			return name
		}
	}
	return ""
}

// git is the program, "" where there is none. It is looked for once, and never in the current folder.
func (w *walk) git() string {
	w.gitOnce.Do(func() {
		path, err := exec.LookPath("git")
		if err != nil || !filepath.IsAbs(path) {
			return
		}
		w.gitPath = path
		w.gitExcludes = userExcludes(w.ctx, path)
	})
	return w.gitPath
}

// userExcludes is the user's own list of what git ignores everywhere. It is asked for outside of the repository, whose
// configuration could name another one.
func userExcludes(ctx context.Context, git string) string {
	cmd := exec.CommandContext(ctx, git, "config", "--global", "--type=path", "--get", "core.excludesFile")
	cmd.Env = append(cleanEnv(), "GIT_DIR="+os.DevNull)
	cmd.Dir = string(filepath.Separator)
	cmd.WaitDelay = time.Second
	if out, err := cmd.Output(); err == nil {
		return strings.TrimRight(string(out), "\r\n")
	}
	if dir := os.Getenv("XDG_CONFIG_HOME"); dir != "" {
		return filepath.Join(dir, "git", "ignore")
	}
	if dir, err := os.UserHomeDir(); err == nil {
		return filepath.Join(dir, ".config", "git", "ignore")
	}
	return ""
}

// cleanEnv is the environment without what would point git elsewhere, as in a hook.
func cleanEnv() []string {
	var env []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(strings.ToUpper(e), "GIT_") {
			env = append(env, e)
		}
	}
	return append(env, "LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "GIT_PAGER=cat")
}

// runGit runs one command of git's plumbing in dir and hands its output to read.
func (w *walk) runGit(git, dir, top, gitDir string, args []string, read func(io.Reader) error) error {
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	settings := []string{
		"core.fsmonitor=false", "core.untrackedCache=false", "core.hooksPath=" + os.DevNull, "core.attributesFile=" +
			os.DevNull,
		"core.excludesFile=" + w.gitExcludes, "core.bare=false", "core.quotePath=false", "safe.directory=" + top,
	}
	if runtime.GOOS == "linux" {
		// Elsewhere the file system decides; here it would only ignore more.
		settings = append(settings, "core.ignoreCase=false")
	}
	line := []string{"--no-optional-locks", "--no-replace-objects", "--no-pager"}
	for _, s := range settings {
		line = append(line, "-c", s)
	}
	cmd := exec.CommandContext(ctx, git, append(line, args...)...)
	cmd.Dir = dir
	cmd.Env = append(cleanEnv(), "GIT_DIR="+gitDir, "GIT_WORK_TREE="+top, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_CONFIG_GLOBAL="+os.DevNull,
		"GIT_NO_REPLACE_OBJECTS=1", "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=")
	cmd.WaitDelay = time.Second
	var complaint limitedBuffer
	cmd.Stderr = &complaint
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	watched := &watchedReader{r: out, stall: time.AfterFunc(gitStall, cancel)}
	readErr := read(watched)
	watched.stall.Stop()
	if readErr != nil {
		cancel()
	}
	err = cmd.Wait()
	switch {
	case readErr != nil:
		return readErr
	case err != nil && ctx.Err() != nil:
		return errors.New("git did not answer")
	case err != nil:
		if first, _, _ := strings.Cut(strings.TrimSpace(complaint.String()), "\n"); first != "" {
			return errors.New(first)
		}
		return err
	}
	return nil
}

// gitIgnores reports whether git ignores a folder, or one above it, and tracks nothing in it.
func (w *walk) gitIgnores(git, dir, top, gitDir string) bool {
	rel, err := filepath.Rel(top, dir)
	if err != nil {
		return false
	}
	any := false
	err = w.runGit(git, top, top, gitDir, []string{"check-ignore", "-q", "--", "./" + filepath.ToSlash(rel)},
		func(r io.Reader) error {
			_, err := io.Copy(io.Discard, r)
			any = err == nil
			return err
		})
	return any && err == nil // status 1 is "not ignored"
}

// A watchedReader ends git when nothing comes for too long.
type watchedReader struct {
	r     io.Reader
	stall *time.Timer
}

func (w *watchedReader) Read(b []byte) (int, error) {
	n, err := w.r.Read(b)
	w.stall.Reset(gitStall)
	return n, err
}

// A limitedBuffer keeps the beginning of what is written to it.
type limitedBuffer struct{ bytes.Buffer }

func (b *limitedBuffer) Write(p []byte) (int, error) {
	if room := 4<<10 - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// A gitListing is the files of one work tree on their way to the workers.
type gitListing struct {
	walk      *walk
	abs, name string
	top       string // of the work tree

	mu      sync.Mutex
	folders map[string]folderState // of the folders on the way to files
	err     error
}

// A folderState is what stands where git has a folder.
type folderState uint8

const (
	unknownFolder folderState = iota
	isFolder
	goneFolder
	otherFolder // a link, a file
)

// read takes a list of names, each ended by NUL. Of the ignored ones only those of .env files are read, to resolve
// names.
func (l *gitListing) read(r io.Reader, option string) error {
	in := bufio.NewReaderSize(r, 64<<10)
	ignored, tracked := option == "--directory", option == "--stage"
	var batch []trackedFile
	last := ""
	flush := func() {
		if len(batch) > 0 {
			l.hand(batch, ignored)
			batch = nil
		}
	}
	defer flush()
	for {
		rel, err := in.ReadString(0)
		if err == io.EOF {
			if rel != "" {
				return errors.New("git was cut short")
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("listing files with git: %w", err)
		}
		rel = rel[:len(rel)-1]
		f := trackedFile{path: rel}
		if tracked {
			var ok bool
			if f, ok = parseTracked(rel); !ok {
				return errors.New("git listed something else than files")
			}
			rel = f.path
		}
		// A file in conflict is listed once for each side.
		if rel == last || rel == "" {
			continue
		}
		last = rel
		if ignored {
			if base := rel[strings.LastIndexByte(rel, '/')+1:]; !strings.HasPrefix(base, ".env") {
				continue
			}
		}
		batch = append(batch, f)
		if len(batch) == filesPerTask {
			flush()
		}
	}
}

// hand gives a batch of files to the workers. Those that have an id are tracked.
func (l *gitListing) hand(batch []trackedFile, ignored bool) {
	w := l.walk
	l.mu.Lock()
	kept, absent := batch[:0], []trackedFile(nil)
	for _, f := range batch {
		f.path = strings.TrimSuffix(f.path, "/") // of a repository in this one
		state := l.folderOf(f.path)
		if state != isFolder && (f.id == "" || state == goneFolder && !f.left) {
			continue // deleted
		}
		if w.tree.Ignore.Match(l.show(f.path), false) {
			if !ignored {
				w.in.LeftOut(1)
			}
			continue
		}
		if state != isFolder {
			absent = append(absent, f)
			continue
		}
		kept = append(kept, f)
	}
	l.mu.Unlock()
	if !ignored {
		w.in.Expect(len(kept) + len(absent))
	}
	w.crew.add(func(k *worker) {
		for _, f := range kept {
			if w.ctx.Err() != nil {
				return
			}
			l.tracked(k, f, ignored)
		}
		for _, f := range absent {
			if w.ctx.Err() != nil {
				return
			}
			l.absentFile(k, f)
		}
	})
}

// tracked reads a file that git lists.
func (l *gitListing) tracked(k *worker, f trackedFile, ignored bool) {
	w, abs, name := l.walk, join(l.abs, filepath.FromSlash(f.path)), l.show(f.path)
	if f.id == "" || !f.module && !f.left {
		w.fileAs(k, abs, name, false, ignored)
		return
	}
	info, err := os.Lstat(abs)
	switch {
	case err != nil && isGone(err):
		if f.left || f.module {
			l.absentFile(k, f)
		}
		return
	case err == nil && f.module && info.IsDir():
		if _, ok := gitDirOf(abs); !ok {
			w.in.elsewhere(absentSubmodule, name)
		}
	}
	w.fileAs(k, abs, name, false, ignored)
}

func (l *gitListing) show(rel string) string {
	if l.name == "." {
		return rel
	}
	return l.name + "/" + rel
}

// folderOf is what stands in place of the folders on the way to a file. What git tracks below a folder that has become a
// link may be anything anywhere: only the object database knows it.
func (l *gitListing) folderOf(rel string) folderState {
	slash := strings.LastIndexByte(rel, '/')
	if slash < 0 {
		return isFolder
	}
	dir := rel[:slash]
	state := l.folders[dir]
	if state == unknownFolder {
		if state = l.folderOf(dir); state == isFolder {
			info, err := os.Lstat(join(l.abs, filepath.FromSlash(dir)))
			switch {
			case err != nil:
				state = goneFolder
			case !info.IsDir():
				state = otherFolder
			default:
				l.strangeGit(dir)
			}
		}
		l.folders[dir] = state
	}
	return state
}

// strangeGit reads what is called .git in a folder and is no repository: git never lists it.
func (l *gitListing) strangeGit(dir string) {
	abs := join(l.abs, filepath.FromSlash(dir))
	info, err := os.Lstat(join(abs, ".git"))
	if err != nil {
		return
	}
	if _, ok := gitDirOf(abs); ok {
		return
	}
	w, name := l.walk, l.show(dir)+"/.git"
	w.crew.add(func(k *worker) {
		if info.IsDir() {
			w.everything(k, join(abs, ".git"), name)
			return
		}
		w.file(k, join(abs, ".git"), name, false)
	})
}

// fail remembers that git could not list everything.
func (l *gitListing) fail(err error) {
	l.mu.Lock()
	if l.err == nil {
		l.err = err
	}
	l.mu.Unlock()
}

// finish reads the rest of the folder where git could not say what it is.
func (l *gitListing) finish() {
	if l.err == nil {
		return
	}
	w := l.walk
	w.in.Notice(Place{File: l.name, Text: "git could not list the files (" + l.err.Error() +
		"): everything was read, ignored files too"})
	w.list(func(k *worker) { w.everything(k, l.abs, l.name) })
}
