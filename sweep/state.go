package sweep

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/inventory"
)

// A store keeps the records of each repository in a file of its own. Without a folder it keeps nothing.
type store struct {
	dir string
	sealer
	tool string

	mu     sync.Mutex
	shared map[[sha256.Size]byte]*Facts // by the text of their records: forks have the same, which are read once
}

const (
	keyFile      = "key"
	recordEnding = ".json"
	newFile      = ".new-" // what the names of files that are being written begin with
)

// openStore opens the state of the options. Where make is set, it makes the folder and the key that are not there.
func openStore(o *Options, make bool) (*store, error) {
	s := &store{dir: o.State, sealer: newSealer(o.Key)}
	if s.key != nil && len(s.key) != KeySize {
		return nil, fmt.Errorf("the key has %d bytes, not %d", len(s.key), KeySize)
	}
	if s.dir == "" {
		if s.key == nil {
			key, err := newKey()
			if err != nil {
				return nil, err
			}
			s.sealer = newSealer(key)
		}
		return s, nil
	}
	if make {
		if err := makeFolder(s.dir); err != nil {
			return nil, err
		}
		s.tool = toolOf(o.Version)
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
		s.sealer = newSealer(key)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("reading the state: %w", err)
	case !make:
		return nil, fmt.Errorf("%s holds no state of a sweep: there is no file %q in it", s.dir, keyFile)
	default:
		if s.key == nil {
			key, err := newKey()
			if err != nil {
				return nil, err
			}
			s.sealer = newSealer(key)
		}
		if err := writeWhole(path, []byte(hex.EncodeToString(s.key)+"\n")); err != nil {
			return nil, fmt.Errorf("writing the state: %w", err)
		}
	}
	return s, nil
}

// makeFolder makes the folder of a state, or takes one that is a state or empty, and keeps others out of it. A folder that
// holds something else belongs to somebody else.
func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making the state: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("reading the state: %w", err)
	}
	ours := func(e fs.DirEntry) bool { return e.Name() == keyFile || strings.HasPrefix(e.Name(), newFile) }
	if len(entries) > 0 && !slices.ContainsFunc(entries, ours) {
		return fmt.Errorf("%s is no state of a sweep, and there is something in it: give a new or an empty folder", dir)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return fmt.Errorf("keeping others out of the state: %w", err)
	}
	for _, e := range entries {
		// What a killed sweep was writing. A file that is younger may be another sweep's, at work in the same folder.
		if info, err := e.Info(); err == nil && strings.HasPrefix(e.Name(), newFile) && time.Since(info.ModTime()) > time.Hour {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
	return nil
}

// toolOf names the program with all that it knows: its version where that is one of a release, which names one text of
// the program, else the digest of the program itself.
func toolOf(version string) string {
	if release().MatchString(version) {
		return version
	}
	return version + " " + programDigest()
}

var release = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^v\d+\.\d+\.\d+(-(rc|beta|alpha)[.\d]*)?$`) })

// programDigest is the digest of the running program's file, a random text where it cannot be read: then no state that
// another run made serves.
var programDigest = sync.OnceValue(func() string {
	name, err := os.Executable()
	if err != nil {
		return rand.Text()
	}
	f, err := os.Open(name)
	if err != nil {
		return rand.Text()
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return rand.Text()
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
})

func (s *store) path(name string) string {
	sum := sha256.Sum256([]byte(name))
	return filepath.Join(s.dir, base64.RawURLEncoding.EncodeToString(sum[:15])+recordEnding)
}

// sealed is what tells states of a repository apart, a digest or a stamp, under the key, "" where there is no state to keep
// it or nobody can tell.
func (s *store) sealed(of func(name string) string, name string, o *Options) string {
	if s.dir == "" {
		return ""
	}
	digest := of(name)
	if digest != "" {
		digest = s.name("digest", digest, strconv.FormatBool(o.NoInline))
	}
	return digest
}

// recall returns what the state says of a repository of which nothing has changed since it was read whole, else nil.
func (s *store) recall(name string, o *Options) *Facts {
	if s.dir == "" {
		return nil
	}
	f, err := s.read(s.path(name))
	if err != nil || f.Key != s.id() || f.Repository != name || f.Tool != s.tool || len(f.Skipped) > 0 ||
		f.Knowing != o.Knowing && len(f.Records) > 0 || f.Digest == "" {
		return nil
	}
	stamp := s.sealed(stampOf, name, o)
	if stamp != "" && stamp == f.Stamp {
		return f
	}
	if f.Digest != s.sealed(digestOf, name, o) {
		return nil
	}
	if stamp != f.Stamp {
		f.Stamp = stamp
		_ = s.write(f) // the next sweep takes longer where that fails
	}
	return f
}

// repository reads what a repository says, and keeps it in the state. h is what it belongs to, nil for nothing.
func (s *store) repository(ctx context.Context, name string, o *Options, h *household) *Facts {
	stamp, digest := s.sealed(stampOf, name, o), s.sealed(digestOf, name, o)
	f, list := read(ctx, name, o, h)
	f.Version, f.Tool, f.Key, f.Digest, f.Stamp, f.Knowing = wireVersion, s.tool, s.id(), digest, stamp, o.Knowing
	s.pack(f, list)
	if s.dir != "" && ctx.Err() == nil {
		if err := s.write(f); err != nil {
			f.Skipped = append(f.Skipped, finding.Skip{What: "state", Why: err.Error()})
		}
	}
	return f
}

func (s *store) read(path string) (*Facts, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f, err := s.parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if f.Version != wireVersion {
		return nil, fmt.Errorf("%s: it is of version %d, not %d: sweep again", path, f.Version, wireVersion)
	}
	return f, nil
}

// parse reads facts as they are kept. Records that are the same text as those of facts before are the same records: nobody
// changes them.
func (s *store) parse(text []byte) (*Facts, error) {
	f := &Facts{}
	// No other key is called so, and the quotes of a text are escaped.
	at := bytes.Index(text, []byte(`,"records":[`))
	if at < 0 {
		return f, json.Unmarshal(text, f)
	}
	sum := sha256.Sum256(text[at:])
	s.mu.Lock()
	same := s.shared[sum]
	s.mu.Unlock()
	if same != nil {
		f.Records, f.Settings = same.Records, same.Settings
		return f, json.Unmarshal(append(slices.Clip(text[:at]), '}'), f)
	}
	if err := json.Unmarshal(text, f); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shared == nil {
		s.shared = map[[sha256.Size]byte]*Facts{}
	}
	s.shared[sum] = f
	return f, nil
}

func (s *store) write(f *Facts) error {
	text, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return writeWhole(s.path(f.Repository), text)
}

// load returns what all repositories of the state say.
func (s *store) load() ([]*Facts, error) {
	names, err := filepath.Glob(filepath.Join(s.dir, "*"+recordEnding))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var all []*Facts
	for _, name := range names {
		f, err := s.read(name)
		if err != nil {
			return nil, err
		}
		if f.Key != s.id() {
			return nil, fmt.Errorf("%s: its records were made with another key than the one beside it: sweep again", name)
		}
		all = append(all, f)
	}
	return all, nil
}

// writeWhole writes a file whole or not at all, whenever the program is killed.
func writeWhole(path string, text []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), newFile+"*")
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
