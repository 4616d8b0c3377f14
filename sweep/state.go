package sweep

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/inventory"
)

// A store keeps the records of each repository in a file of its own. Without a folder it keeps nothing.
type store struct {
	dir string
	sealer
	tool string
}

const (
	keyFile      = "key"
	recordEnding = ".json"
)

// openStore opens the state of the options. Where make is set, it makes the folder and the key that are not there.
func openStore(o *Options, make bool) (*store, error) {
	s := &store{dir: o.State, sealer: sealer{o.Key}, tool: o.Version}
	if s.key != nil && len(s.key) != KeySize {
		return nil, fmt.Errorf("the key has %d bytes, not %d", len(s.key), KeySize)
	}
	if s.dir == "" {
		if s.key == nil {
			key, err := newKey()
			if err != nil {
				return nil, err
			}
			s.key = key
		}
		return s, nil
	}
	if make {
		if err := os.MkdirAll(s.dir, 0o700); err != nil {
			return nil, fmt.Errorf("making the state: %w", err)
		}
	}
	path := filepath.Join(s.dir, keyFile)
	text, err := os.ReadFile(path)
	switch {
	case err == nil:
		key, err := inventory.ParseKey(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if s.key != nil && string(s.key) != string(key) {
			return nil, fmt.Errorf("%s: the state was made with another key: give that one, or another folder", s.dir)
		}
		s.key = key
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("reading the state: %w", err)
	case !make:
		return nil, fmt.Errorf("%s holds no state of a sweep: there is no file %q in it", s.dir, keyFile)
	default:
		if s.key == nil {
			if s.key, err = newKey(); err != nil {
				return nil, err
			}
		}
		if err := writeWhole(path, []byte(hex.EncodeToString(s.key)+"\n")); err != nil {
			return nil, fmt.Errorf("writing the state: %w", err)
		}
	}
	return s, nil
}

func (s *store) path(name string) string {
	sum := sha256.Sum256([]byte(name))
	return filepath.Join(s.dir, base64.RawURLEncoding.EncodeToString(sum[:15])+recordEnding)
}

// repository returns what a repository says: from the state where nothing of it has changed since it was read whole,
// else by reading it.
func (s *store) repository(ctx context.Context, name string, o *Options) *facts {
	digest := ""
	if s.dir != "" {
		if digest = digestOf(name); digest != "" && o.NoInline {
			digest += "-deaf"
		}
	}
	if digest != "" {
		if f, err := s.read(s.path(name)); err == nil && f.Digest == digest && f.Repository == name &&
			f.Tool == s.tool && len(f.Skipped) == 0 && (f.Knowing == o.Knowing || len(f.Records) == 0) {
			return f
		}
	}
	f, list := read(ctx, name, o)
	f.Version, f.Tool, f.Digest, f.Knowing = wireVersion, s.tool, digest, o.Knowing
	s.pack(f, list)
	if s.dir != "" && ctx.Err() == nil {
		if err := s.write(f); err != nil {
			f.Skipped = append(f.Skipped, finding.Skip{What: "state", Why: err.Error()})
		}
	}
	return f
}

func (s *store) read(path string) (*facts, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f := &facts{}
	if err := json.Unmarshal(text, f); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if f.Version != wireVersion {
		return nil, fmt.Errorf("%s: it is of version %d, not %d: sweep again", path, f.Version, wireVersion)
	}
	return f, nil
}

func (s *store) write(f *facts) error {
	text, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return writeWhole(s.path(f.Repository), text)
}

// load returns what all repositories of the state say.
func (s *store) load() ([]*facts, error) {
	names, err := filepath.Glob(filepath.Join(s.dir, "*"+recordEnding))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var all []*facts
	for _, name := range names {
		f, err := s.read(name)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

// writeWhole writes a file whole or not at all, whenever the program is killed.
func writeWhole(path string, text []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(text)
	if e := f.Sync(); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// digestOf tells one state of a repository from another by the names, sizes and times of its files, "" where it cannot
// be told. Loose objects count by their folders: one that comes changes the time of its own.
func digestOf(name string) string {
	h := sha256.New()
	failed := false
	err := filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			failed = true
			return nil
		}
		info, err := d.Info()
		if err != nil {
			failed = true
			return nil
		}
		_, _ = fmt.Fprintf(h, "%s %d %d %o\n", path, info.Size(), info.ModTime().UnixNano(), info.Mode())
		if d.IsDir() && len(d.Name()) == 2 && filepath.Base(filepath.Dir(path)) == "objects" {
			return fs.SkipDir
		}
		return nil
	})
	if err != nil || failed {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
