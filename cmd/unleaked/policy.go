package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"github.com/unleaked/unleaked/internal/plain"
	"github.com/unleaked/unleaked/policy"
)

// configName is the configuration that is read where none is named, from the scanned root; ignoreName holds more of the
// patterns that it has under ignore.
const (
	configName = ".unleaked.yaml"
	ignoreName = ".unleakedignore"
)

// The terms are what the owners of the scanned text have decided: what they have accepted, and what is not read at all.
type terms struct {
	policy.Policy
	ignore *policy.Ignore
}

// loadPolicy is what the flags and the configuration say. The configuration comes from the scanned root, from the file
// that --config names, or with --policy-from from a commit that the change in hand cannot have touched.
func (s *settings) loadPolicy(ctx context.Context, j job) (*terms, error) {
	p := &terms{Policy: policy.Policy{Partial: j.partial}}
	read := plain.ReadFile
	configPath := s.configPath(j.root)
	if s.policy != "" {
		// A comment in the change itself would loosen the gate as well as a configuration would.
		p.NoInline = true
		repo := repository{ctx: ctx, dir: j.root}
		commit, err := repo.git("rev-parse", "--verify", "--quiet", "--end-of-options", s.policy+"^{commit}")
		if err != nil {
			return nil, fmt.Errorf("--policy-from %s: there is no such commit here", s.policy)
		}
		read = func(name string) ([]byte, error) { return repo.file(commit, name) }
		configPath = configName
	}
	switch {
	case s.noConfig:
		p.NoInline = true
	case s.config != "":
		data, err := plain.ReadFile(s.config)
		if err != nil {
			return nil, fmt.Errorf("reading the configuration: %w", err)
		}
		if p.Config, err = policy.LoadConfig(s.config, data); err != nil {
			return nil, err
		}
	default:
		data, err := read(configPath)
		if errors.Is(err, fs.ErrNotExist) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("reading the configuration: %w", err)
		}
		if p.Config, err = policy.LoadConfig(configName, data); err != nil {
			return nil, err
		}
	}
	if err := p.loadIgnore(filepath.Join(filepath.Dir(configPath), ignoreName), s.noConfig, read); err != nil {
		return nil, err
	}
	if j.noBaseline {
		return p, nil
	}
	name, readBaseline := s.baseline, plain.ReadFile
	if s.policy != "" && s.config == "" {
		// The path is that of the commit's tree: one that leaves it is not there.
		readBaseline = read
	}
	if name == "" && p.Config != nil && p.Config.Baseline != "" {
		name = filepath.Join(filepath.Dir(configPath), filepath.FromSlash(p.Config.Baseline))
	}
	if name != "" {
		data, err := readBaseline(name)
		if err != nil {
			return nil, fmt.Errorf("reading the baseline: %w", err)
		}
		if p.Baseline, err = policy.LoadBaseline(filepath.ToSlash(name), data); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// loadIgnore gathers the patterns of the configuration and of the file beside it.
func (p *terms) loadIgnore(path string, without bool, read func(string) ([]byte, error)) error {
	if without {
		return nil
	}
	var lines []string
	if p.Config != nil {
		lines = append(lines, p.Config.Ignore...)
	}
	data, err := read(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading the ignore patterns: %w", err)
	}
	if err == nil {
		lines = append(lines, strings.Split(string(data), "\n")...)
	}
	if p.ignore, err = policy.NewIgnore(lines); err != nil {
		return fmt.Errorf("%s: %w", configName, err)
	}
	return nil
}

// configPath is where the configuration is looked for.
func (s *settings) configPath(root string) string {
	if s.config != "" {
		return s.config
	}
	return filepath.Join(root, configName)
}

// file is the text of a file in a commit, as it is stored: no filter of the repository is applied.
func (r repository) file(commit, name string) ([]byte, error) {
	entry, err := r.git("ls-tree", "-z", "--full-tree", commit, path.Clean(filepath.ToSlash(name)))
	if err != nil {
		return nil, err
	}
	if entry == "" {
		return nil, fmt.Errorf("%s in commit %s: %w", name, commit[:12], fs.ErrNotExist)
	}
	text, err := r.git("cat-file", "blob", commit+":"+path.Clean(filepath.ToSlash(name)))
	return []byte(text), err
}
