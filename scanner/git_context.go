package scanner

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/rules"
)

// Bounds of what is read of the index to judge what is staged: somebody waits for the commit. They are numbers of files
// and bytes, never of seconds, so that a verdict does not depend on the machine.
const (
	nearFiles    = 40          // files taken from the object database
	ofFolder     = 4           // of one folder, of as much promise: where many are called alike, none stands out
	nearBytes    = 512 << 10   // of them
	sameSize     = contextSize // bytes of those that hold what was found
	relatedSize  = 16 << 10    // of those that hold a name of it
	loosely      = 2 << 10     // of those that only have to do with Unleash
	nearest      = 12          // the score of the folder of a hit: room for what names promise
	farthest     = 63          // of all scores
	contextTurn  = 3           // how often what was read is asked for names to look for
	libraryFiles = 5000        // files that a question may lead to
)

// An indexContext chooses the files of the index, or of a commit's tree, that help to judge what was found. Which ones do
// nobody knows before they are read; so the nearest ones are taken, and of those the ones that say what the files say in
// which it was found: the credential, or a name that holds it.
type indexContext struct {
	s       *historyScan
	runs    []run
	to      *Intake
	entries []gitdb.IndexEntry // in the order of their paths
	tree    string             // Blob.Tree, "" for the index
	git     func(gitdb.Hash) *GitPlace
	given   map[string]bool
	hits    []string        // the files in which something was found
	above   map[string]bool // folders around a hit
	clues   clues
	near    []nearFile
	asked   map[string]bool // folders whose manifests were read
}

// A nearFile is a file that may help.
type nearFile struct {
	path  string
	id    gitdb.Hash
	text  []byte // nil where it does not help
	lower []byte
	says  bool // it has to do with Unleash, or holds settings
	used  bool
}

// prepare looks for what may help to judge files. It does nothing where that was done for them and others before.
func (c *indexContext) prepare(hits []string) {
	fresh := false
	for _, p := range hits {
		if !slices.Contains(c.hits, p) {
			c.hits, fresh = append(c.hits, p), true
			c.clues.file(p)
		}
	}
	if !fresh {
		return
	}
	c.above, c.runs, c.near = map[string]bool{}, nil, nil
	for _, p := range c.hits {
		for d := path.Dir(p); ; d = path.Dir(d) {
			c.above[d] = true
			if d == "." || d == "/" {
				break
			}
		}
	}
	c.choose()
	c.load()
}

// read hands in what helps, as context only. found is what was found in hits so far.
func (c *indexContext) read(found []Finding) {
	c.asked = map[string]bool{}
	for i := range found {
		if s := found[i].Secret; !s.IsZero() {
			c.clues.secret(s.Reveal())
		}
	}
	c.learn(0)
	c.manifestsAbove(c.hits)
	left, loose, certain := relatedSize, loosely, sameSize
	for turn := range contextTurn {
		var take []int
		var paths []string
		for class := range 3 {
			if class == 2 && turn > 0 {
				break
			}
			for i := range c.near {
				f := &c.near[i]
				if f.text == nil || f.used || c.clues.class(f) != class {
					continue
				}
				same := c.clues.holds(f.text)
				if !same && !f.says {
					continue // the engine makes nothing of it
				}
				room := &left
				switch {
				case same:
					room = &certain
				case class == 2:
					room = &loose
				}
				if len(f.text) > *room {
					continue
				}
				f.used = true
				*room -= len(f.text)
				take, paths = append(take, i), append(paths, f.path)
			}
		}
		if len(take) == 0 {
			break
		}
		known := len(c.to.units)
		c.s.during(len(take), func(i int) {
			c.hand(c.near[take[i]].path, c.near[take[i]].id, c.near[take[i]].text)
		})
		c.manifestsAbove(paths)
		c.learn(known)
	}
}

// load takes the chosen files from the object database.
func (c *indexContext) load() {
	c.s.during(len(c.near), func(i int) {
		f := &c.near[i]
		text, ok := c.text(f.id)
		if !ok || len(text) > contextSize || bytes.IndexByte(text[:min(len(text), 1<<10)], 0) >= 0 {
			return // it was to help only
		}
		f.text, f.says = text, wantsFile(f.path) || rules.Mentions(text)
		if f.says {
			f.lower = bytes.ToLower(text)
		}
	})
	left := nearBytes
	for i := range c.near {
		if left -= len(c.near[i].text); left < 0 {
			c.near[i].text = nil
		}
	}
}

// manifestsAbove hands in the manifests of the packages that files are of. Of one that says nothing of what was found
// only the package counts.
func (c *indexContext) manifestsAbove(paths []string) {
	var list []*gitdb.IndexEntry
	for _, p := range paths {
		for d := path.Dir(p); !c.asked[d]; d = path.Dir(d) {
			c.asked[d] = true
			own := c.manifests(d)
			list = append(list, own...)
			// The nearest package decides. These two name none.
			if d == "." || d == "/" || slices.ContainsFunc(own, func(e *gitdb.IndexEntry) bool {
				base := path.Base(e.Path)
				return base != "manifest.json" && base != "AndroidManifest.xml"
			}) {
				break
			}
		}
	}
	c.s.during(len(list), func(i int) {
		e := list[i]
		text, ok := c.text(e.ID)
		if !ok || len(text) > manifestLimit {
			return
		}
		f := nearFile{path: e.Path, text: text, lower: bytes.ToLower(text)}
		if len(text) <= contextSize && c.clues.class(&f) == 0 {
			c.hand(e.Path, e.ID, text)
			return
		}
		p := c.s.prefix + e.Path
		if m := readManifest(p, text); m != nil {
			c.to.keep(unit{tree: c.tree, path: p, facts: &fileFacts{path: p, filePath: p, ignored: true, manifest: m}})
		}
	})
}

// manifests are those of a folder.
func (c *indexContext) manifests(dir string) []*gitdb.IndexEntry {
	var out []*gitdb.IndexEntry
	for _, r := range c.runs {
		for i := r.from; r.dir == dir && i < r.to; i++ {
			if e := &c.entries[i]; isManifest(e.Path) && e.IsBlob() && e.Stage == 0 && !e.IntentToAdd &&
				!c.given[e.Path] {
				out = append(out, e)
			}
		}
	}
	return out
}

// learn takes up the names that the units from the given one on give to what was found.
func (c *indexContext) learn(from int) {
	for i := from; i < len(c.to.units); i++ {
		if f := c.to.units[i].facts; f != nil {
			c.clues.learn(f)
		}
	}
}

// A run is neighbours in the index that stand in one folder.
type run struct {
	dir      string // "." at the top
	from, to int
	score    int // the farther, the higher
}

// runs lists the folders of the index. One with folders in it has several runs.
func (c *indexContext) list() {
	entries := c.entries
	for i := range entries {
		p := entries[i].Path
		dir := p[:max(strings.LastIndexByte(p, '/'), 0)]
		if dir == "" {
			dir = "."
		}
		if n := len(c.runs); n > 0 && c.runs[n-1].dir == dir {
			c.runs[n-1].to = i + 1
			continue
		}
		c.runs = append(c.runs, run{dir, i, i + 1, c.distance(dir)})
	}
}

// choose lists the files to look at: the settings of the folders above, then the nearest. An index has thousands of
// files, so they are sorted into drawers and most are never looked at.
func (c *indexContext) choose() {
	c.list()
	var runs, files [farthest + 1][]int
	for i := range c.runs {
		r := &c.runs[i]
		runs[r.score] = append(runs[r.score], i)
		for k := r.from; k < r.to && c.above[r.dir]; k++ {
			if e := &c.entries[k]; wantsFile(e.Path) && c.mayHelp(e, path.Base(e.Path)) {
				c.take(k)
			}
		}
	}
	open := 0
	for score := range runs {
		for _, i := range runs[score] {
			c.sort(&c.runs[i], &files)
		}
		// No name brings a farther file into these drawers.
		for ; open <= score-mostPromise || score == farthest && open <= farthest; open++ {
			for _, i := range files[open] {
				if !c.take(i) {
					return
				}
			}
		}
	}
}

// take adds a file to those to look at, and reports whether there was room.
func (c *indexContext) take(i int) bool {
	if len(c.near) < nearFiles {
		c.near = append(c.near, nearFile{path: c.entries[i].Path, id: c.entries[i].ID})
		return true
	}
	return false
}

// mayHelp reports whether an entry is a file to choose from. Manifests are read where they are needed.
func (c *indexContext) mayHelp(e *gitdb.IndexEntry, base string) bool {
	return e.IsBlob() && e.Stage == 0 && !e.IntentToAdd && !unreadable(base) && !isManifest(base) && !c.given[e.Path]
}

// sort puts the files of a run into drawers.
func (c *indexContext) sort(r *run, files *[farthest + 1][]int) {
	around, score := c.above[r.dir], r.score
	if strings.Contains(r.dir, "test") || strings.Contains(r.dir, "spec") {
		score += 2 // mostly made-up tokens
	}
	var taken [farthest + 1]uint8
	for i := r.from; i < r.to; i++ {
		e := &c.entries[i]
		base := e.Path[strings.LastIndexByte(e.Path, '/')+1:]
		if !c.mayHelp(e, base) || around && wantsFile(base) {
			continue
		}
		n := min(score-promise(base), farthest)
		if taken[n] < ofFolder && len(files[n]) < nearFiles {
			taken[n]++
			files[n] = append(files[n], i)
		}
	}
}

// distance is how far a folder is from the nearest hit: up counts more than down, for what stands beside a folder knows
// less of what is in it than what stands below.
func (c *indexContext) distance(dir string) int {
	best := 1 << 20
	if dir == "." {
		dir = ""
	}
	for _, p := range c.hits {
		own := p[:max(strings.LastIndexByte(p, '/'), 0)]
		if own == dir {
			return nearest
		}
		common := 0
		for i := 0; ; i++ {
			endA, endB := i == len(own), i == len(dir)
			if endA || endB || own[i] != dir[i] {
				if (endA || own[i] == '/') && (endB || dir[i] == '/') {
					common = i
				}
				break
			}
			if own[i] == '/' {
				common = i
			}
		}
		best = min(best, 2*steps(own[common:])+steps(dir[common:]))
	}
	return min(nearest+best, farthest)
}

// steps is the number of folders in a part of a path.
func steps(p string) int {
	p = strings.TrimPrefix(p, "/")
	if p == "" {
		return 0
	}
	return 1 + strings.Count(p, "/")
}

// hand gives the engine a file that helps.
func (c *indexContext) hand(path string, id gitdb.Hash, text []byte) {
	if c.git == nil {
		c.to.Blob(Blob{Path: path, Text: text, Ignored: true})
		return
	}
	c.s.give(c.to, id, path, c.git(id), c.tree, true)
}

// text is the text of a file, false where it cannot be had.
func (c *indexContext) text(id gitdb.Hash) ([]byte, bool) {
	if c.git == nil {
		_, text, err := c.s.db.Read(id)
		return text, err == nil
	}
	return c.s.shelf.text(id)
}

// library gives the files that a question may lead to. Of many they are those below the folders at the top that hold a
// hit, and those that stand at the top themselves: somebody waits.
func (c *indexContext) library() *library {
	tops := map[string]bool{}
	for _, p := range c.hits {
		top, _, _ := strings.Cut(p, "/")
		tops[top] = true
	}
	return c.s.shelf.library(c.entries, func(e *gitdb.IndexEntry) bool {
		top, _, nested := strings.Cut(e.Path, "/")
		return (len(c.entries) <= libraryFiles || !nested || tops[top]) && e.IsBlob() && e.Stage == 0 &&
			!e.IntentToAdd && !c.given[e.Path]
	}, c.git)
}
