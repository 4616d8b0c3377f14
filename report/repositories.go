package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/finding"
)

// byRepository parts the result of a sweep: a result for each repository, those without findings too, in the order of
// their names. Each has its repository as the one in Repositories. What is no sweep's is one part, as it is.
func byRepository(r *finding.Result) []*finding.Result {
	if len(r.Repositories) == 0 {
		return []*finding.Result{r}
	}
	parts := map[string]*finding.Result{}
	var order []*finding.Result
	of := func(name string) *finding.Result {
		if parts[name] == nil {
			parts[name] = &finding.Result{Mode: r.Mode, Repositories: []finding.Repository{{Name: name, Path: name}}}
			order = append(order, parts[name])
		}
		return parts[name]
	}
	for _, one := range r.Repositories {
		of(one.Name).Repositories[0] = one
	}
	for _, f := range r.Findings {
		p := of(f.Repository)
		p.Findings = append(p.Findings, f)
	}
	for _, f := range r.Suppressed {
		p := of(f.Repository)
		p.Suppressed = append(p.Suppressed, f)
	}
	for _, n := range r.Notices {
		p := of(n.Repository)
		p.Notices = append(p.Notices, n)
	}
	for _, s := range r.Coverage.Skipped {
		p := of(s.Repository)
		p.Coverage.Skipped = append(p.Coverage.Skipped, s)
	}
	slices.SortStableFunc(order, func(a, b *finding.Result) int {
		return cmp.Compare(a.Repositories[0].Name, b.Repositories[0].Name)
	})
	return order
}

// FolderFormat reports whether WriteFolder writes a format.
func FolderFormat(name string) bool { return name == "sarif" }

// WriteFolder writes a report of a sweep in a format that services take for one repository at a time: a file a
// repository into the folder dir, which is made where it is not there. A file's name is that of its repository with what
// no file system likes replaced, and some digits behind it where two would be the same. Files of other names are left as
// they are. An error is the first that a file met with; the others are written all the same.
func WriteFolder(dir, name string, r *finding.Result, o Options) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	parts := byRepository(masked(r))
	names := make([]string, len(parts))
	for i, p := range parts {
		names[i] = toolName
		if len(p.Repositories) > 0 {
			names[i] = p.Repositories[0].Name
		}
	}
	files := fileNames(names)
	var first error
	for i, p := range parts {
		err := WriteFile(filepath.Join(dir, files[i]+"."+name), func(w io.Writer) error {
			return writeSARIF(w, p, o)
		})
		if first == nil {
			first = err
		}
	}
	return first
}

// fileNames are names of files for names of repositories, no two the same on any file system, and the same whatever the
// order.
func fileNames(names []string) []string {
	const longest = 100
	out := make([]string, len(names))
	taken := map[string]int{}
	for i, name := range names {
		safe := strings.Map(func(r rune) rune {
			if r == '.' || r == '_' || r == '-' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
				return r
			}
			return '-'
		}, name)
		safe = strings.Trim(safe, ".-")
		out[i] = safe[max(0, len(safe)-longest):]
		taken[strings.ToLower(out[i])]++
	}
	for i, name := range names {
		if out[i] == "" || taken[strings.ToLower(out[i])] > 1 {
			sum := sha256.Sum256([]byte(name))
			out[i] = strings.TrimLeft(out[i]+"-"+hex.EncodeToString(sum[:6]), "-")
		}
	}
	return out
}
