package gitdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

// A Repo is a repository: its folders, what its configuration says of how it is written, and its objects.
type Repo struct {
	GitDir    string // of this work tree: HEAD, index and logs of the work tree stand here
	CommonDir string // refs, packed-refs and configuration; GitDir but in a linked work tree
	WorkTree  string // the top of the work tree; "" of a bare repository
	IndexFile string
	Config    Config
	// Reftable says that refs are kept in a form that is not read here.
	Reftable bool
	// Shallow are the commits whose parents were not fetched.
	Shallow map[Hash]bool
	// Promisor says that objects may be missing because a partial clone left them with a remote.
	Promisor bool
	DB       *DB

	tables func() ([]Ref, error) // the refs of a Reftable repository, asked of git once
}

// Env answers for the environment: os.Getenv, or less. GIT_DIR, GIT_COMMON_DIR, GIT_WORK_TREE, GIT_INDEX_FILE,
// GIT_OBJECT_DIRECTORY, GIT_ALTERNATE_OBJECT_DIRECTORIES and GIT_QUARANTINE_PATH are asked for.
type Env func(string) string

// ErrNoRepo says that there is no repository at a place.
var ErrNoRepo = errors.New("not a git repository")

// Open finds the repository that path belongs to: path itself (a work tree, a git folder, a bare repository), or a
// folder above it. env may be nil; where it names GIT_DIR, that is the repository, and path serves relative names. With
// an ErrFormat comes the repository as far as it is known: its folders, and no objects.
func Open(path string, env Env) (*Repo, error) {
	if env == nil {
		env = func(string) string { return "" }
	}
	r, err := Locate(path, env)
	if err != nil {
		return r, err
	}
	if path, err = filepath.Abs(path); err == nil {
		err = r.openObjects(path, env)
	}
	return r, err
}

// Locate is Open without the objects: it tells the folders, and nothing of it has to be closed.
func Locate(path string, env Env) (*Repo, error) {
	if env == nil {
		env = func(string) string { return "" }
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	r := &Repo{}
	if dir := env("GIT_DIR"); dir != "" {
		if r.GitDir, err = gitFolder(resolve(path, dir)); err != nil {
			return nil, err
		}
		// Without GIT_WORK_TREE the work tree is where git was started.
		r.WorkTree = path
	} else if err := r.discover(path); err != nil {
		return nil, err
	}
	r.CommonDir = commonDir(r.GitDir)
	if dir := env("GIT_COMMON_DIR"); dir != "" {
		r.CommonDir = resolve(path, dir)
	}
	if err := r.readConfig(); err != nil {
		return r, err
	}
	if r.Config.Bool("core.bare") {
		if r.GitDir == r.CommonDir {
			r.WorkTree = ""
		}
	} else if wt := r.Config.Get("core.worktree"); wt != "" && r.GitDir == r.CommonDir {
		r.WorkTree = resolve(r.GitDir, wt) // of a submodule, mostly; only its name is used
	}
	if wt := env("GIT_WORK_TREE"); wt != "" {
		r.WorkTree = resolve(path, wt)
	}
	r.IndexFile = filepath.Join(r.GitDir, "index")
	if name := env("GIT_INDEX_FILE"); name != "" {
		// git hands hooks a name relative to the top of the work tree, where it starts them; a hook that went
		// somewhere else is met by trying both.
		r.IndexFile = resolve(path, name)
		if _, err := os.Stat(r.IndexFile); err != nil && r.WorkTree != "" {
			if alt := resolve(r.WorkTree, name); fileExists(alt) {
				r.IndexFile = alt
			}
		}
	}
	return r, nil
}

func (r *Repo) openObjects(path string, env Env) error {
	hashLen := 20
	switch f := strings.ToLower(r.Config.Get("extensions.objectformat")); f {
	case "", "sha1":
	case "sha256":
		hashLen = 32
	default:
		return fmt.Errorf("%s: %w: objects are written as %q", r.GitDir, ErrFormat, f)
	}
	switch s := strings.ToLower(r.Config.Get("extensions.refstorage")); {
	case strings.HasPrefix(s, "reftable"):
		r.Reftable = true
		r.tables = sync.OnceValues(func() ([]Ref,
			error) {
			return Plumbing{GitDir: r.GitDir}.Refs(context.Background())
		})
	case s != "" && s != "files":
		return fmt.Errorf("%s: %w: refs are kept as %q", r.GitDir, ErrFormat, s)
	}
	objects := filepath.Join(r.CommonDir, "objects")
	if dir := env("GIT_OBJECT_DIRECTORY"); dir != "" {
		objects = resolve(path, dir)
	}
	var extra []string
	for _, dir := range splitPaths(env("GIT_ALTERNATE_OBJECT_DIRECTORIES")) {
		extra = append(extra, resolve(path, dir))
	}
	// In a quarantine the objects of the repository itself are alternates.
	if env("GIT_QUARANTINE_PATH") != "" {
		extra = append(extra, filepath.Join(r.CommonDir, "objects"))
	}
	r.DB = openDB(hashLen, objects, extra)
	r.Shallow = map[Hash]bool{}
	if text, err := readSmall(filepath.Join(r.CommonDir, "shallow"), 64<<20); err == nil {
		for line := range strings.SplitSeq(string(text), "\n") {
			if id, err := ParseHash(strings.TrimSpace(line)); err == nil {
				r.Shallow[id] = true
			}
		}
	}
	for key := range r.Config {
		if strings.HasPrefix(key, "remote.") && strings.HasSuffix(key, ".promisor") && r.Config.Bool(key) ||
			key == "extensions.partialclone" {
			r.Promisor = true
		}
	}
	return nil
}

// splitPaths splits a list of paths as git does: one in quotes may hold the separator, and what C escapes in a string.
func splitPaths(list string) []string {
	const sep = string(os.PathListSeparator)
	var paths []string
	for list != "" {
		var p string
		quoted, err := strconv.QuotedPrefix(list)
		if err == nil && list[0] == '"' && (len(quoted) == len(list) || strings.HasPrefix(list[len(quoted):], sep)) {
			if p, err = strconv.Unquote(quoted); err == nil {
				list = strings.TrimPrefix(list[len(quoted):], sep)
			}
		}
		if p == "" {
			p, list, _ = strings.Cut(list, sep)
		}
		if p != "" {
			paths = append(paths, p)
		}
	}
	return paths
}

// Close lets go of the repository's files.
func (r *Repo) Close() {
	if r.DB != nil {
		r.DB.Close()
	}
}

func (r *Repo) readConfig() error {
	text, err := readSmall(filepath.Join(r.CommonDir, "config"), 16<<20)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	r.Config = parseConfig(string(text))
	if r.Config.Bool("extensions.worktreeconfig") {
		if text, err := readSmall(filepath.Join(r.GitDir, "config.worktree"), 16<<20); err == nil {
			for k, v := range parseConfig(string(text)) {
				r.Config[k] = append(r.Config[k], v...)
			}
		}
	}
	switch v := r.Config.Get("core.repositoryformatversion"); v {
	case "", "0", "1":
		return nil
	default:
		return fmt.Errorf("%s: %w: version %q", r.GitDir, ErrFormat, v)
	}
}

// discover looks for a git folder at path and above it.
func (r *Repo) discover(path string) error {
	start := path
	if fi, err := os.Stat(path); err != nil {
		return err
	} else if !fi.IsDir() {
		// A gitdir file may be named itself.
		if dir, err := gitFolder(path); err == nil {
			r.GitDir, r.WorkTree = dir, filepath.Dir(path)
			return nil
		}
		path = filepath.Dir(path)
	}
	for {
		dotgit := filepath.Join(path, ".git")
		if _, err := os.Lstat(dotgit); err == nil {
			dir, err := gitFolder(dotgit)
			if err == nil {
				r.GitDir, r.WorkTree = dir, path
				return nil
			}
			if fi, serr := os.Stat(dotgit); serr == nil && !fi.IsDir() {
				return err // a gitdir file that leads nowhere: git stops here too
			}
		}
		if isGitDir(path) {
			r.GitDir = path
			if filepath.Base(path) == ".git" {
				r.WorkTree = filepath.Dir(path)
			} else {
				r.WorkTree = linkedTree(path)
			}
			return nil
		}
		up := filepath.Dir(path)
		if up == path {
			return fmt.Errorf("%s: %w (nor any folder above it)", start, ErrNoRepo)
		}
		path = up
	}
}

// linkedTree is the work tree of a linked work tree's git folder, "" of any other folder.
func linkedTree(dir string) string {
	text, err := readSmall(filepath.Join(dir, "gitdir"), 1<<16)
	if err != nil {
		return ""
	}
	return filepath.Dir(resolve(dir, strings.TrimSpace(string(text))))
}

// gitFolder is the git folder that name is, or that the gitdir file of this name points to.
func gitFolder(name string) (string, error) {
	for range 5 {
		fi, err := os.Stat(name)
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, ErrNoRepo)
		}
		if fi.IsDir() {
			if !isGitDir(name) {
				return "", fmt.Errorf("%s: %w", name, ErrNoRepo)
			}
			return name, nil
		}
		text, err := readSmall(name, 1<<16)
		if err != nil {
			return "", err
		}
		to, ok := strings.CutPrefix(string(text), "gitdir: ")
		if !ok {
			return "", fmt.Errorf("%s: %w", name, ErrNoRepo)
		}
		name = resolve(filepath.Dir(name), strings.TrimRight(to, "\r\n"))
	}
	return "", fmt.Errorf("%s: %w", name, ErrNoRepo)
}

func isGitDir(dir string) bool {
	if _, err := os.Lstat(filepath.Join(dir, "HEAD")); err != nil {
		return false
	}
	common := commonDir(dir)
	return dirExists(filepath.Join(common, "objects")) && dirExists(filepath.Join(common, "refs"))
}

// commonDir is what the commondir file of a linked work tree's folder names, the folder itself without one.
func commonDir(dir string) string {
	text, err := readSmall(filepath.Join(dir, "commondir"), 1<<16)
	if err != nil {
		return dir
	}
	return resolve(dir, strings.TrimSpace(string(text)))
}

func resolve(base, name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(base, name)
}

func dirExists(name string) bool {
	fi, err := os.Stat(name)
	return err == nil && fi.IsDir()
}

func fileExists(name string) bool {
	fi, err := os.Stat(name)
	return err == nil && fi.Mode().IsRegular()
}
