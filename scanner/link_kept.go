package scanner

import (
	"bytes"
	"path"
	"slices"
)

// A pathIndex is the paths of a tree by what modules call them, each list sorted. It does not change.
type pathIndex struct {
	known                map[string]bool
	byBase, byExt, inDir map[string][]string
}

// newPathIndex sorts the paths in place; one that stands there twice counts once.
func newPathIndex(paths []string) *pathIndex {
	x := &pathIndex{map[string]bool{}, map[string][]string{}, map[string][]string{}, map[string][]string{}}
	slices.Sort(paths)
	for _, p := range slices.Compact(paths) {
		x.known[p] = true
		base := path.Base(p)
		x.byBase[base] = append(x.byBase[base], p)
		x.byExt[path.Ext(base)] = append(x.byExt[path.Ext(base)], p)
		x.inDir[path.Dir(p)] = append(x.inDir[path.Dir(p)], p)
	}
	return x
}

// kept is what stays true of a tree from one look to the next, where the same tree is looked at for every key in an
// editor: all but the texts of the live files is as it was.
type kept struct {
	live     map[string]bool     // files whose text changes from look to look
	index    *pathIndex          // of the library's names, nil where it has to be made
	words    map[string][]uint32 // the names in the texts, hashed
	searches map[search][]string
	// What was asked of the texts: words by their hashes, other texts, and files that were read for more than a word.
	asked      map[uint32]bool
	askedTexts map[string]bool
	opened     map[string]bool
}

// A search is for the files of a family that have a word, the nearest to a folder first.
type search struct{ dir, family, word string }

// keptSearches bounds them.
const keptSearches = 1 << 14

func newKept(live map[string]bool) *kept {
	return &kept{live: live, words: map[string][]uint32{}, searches: map[search][]string{}, asked: map[uint32]bool{},
		askedTexts: map[string]bool{}, opened: map[string]bool{}}
}

// relist forgets what rests on which files there are, and which of them are live.
func (k *kept) relist() {
	k.index = nil
	clear(k.searches)
}

// cares reports whether a search may find something else in a text than in the one that it was. words are the names in
// both, hashed.
func (k *kept) cares(was, is []byte, wordsWas, wordsAre []uint32) bool {
	for text := range k.askedTexts {
		if bytes.Contains(was, []byte(text)) != bytes.Contains(is, []byte(text)) {
			return true
		}
	}
	for _, h := range wordsAre {
		if _, had := slices.BinarySearch(wordsWas, h); !had && k.asked[h] {
			return true
		}
	}
	for _, h := range wordsWas {
		if _, has := slices.BinarySearch(wordsAre, h); !has && k.asked[h] {
			return true
		}
	}
	return false
}

// indexed is the index of the library's names, nil where nothing is kept, or where one of these paths is not among them.
func (l *library) indexed(paths []string) *pathIndex {
	if l.kept == nil {
		return nil
	}
	if l.kept.index == nil {
		l.kept.index = newPathIndex(slices.Clone(l.names))
	}
	for _, p := range paths {
		if !l.kept.index.known[p] {
			return nil
		}
	}
	return l.kept.index
}

// spotsNear are the files that a search finds among the first searchFiles, and the live ones, whose text has to be asked
// in any case.
func (e *engine) spotsNear(s search) []string {
	k := e.ask.lib.kept
	if list, known := k.searches[s]; known {
		k.ask(s.word)
		return list
	}
	whole, hash := isWholeName(s.word), hashOf([]byte(s.word))
	var list []string
	for i, p := range e.nearestFirst(s.dir, s.family) {
		if i >= searchFiles {
			break
		}
		if k.live[p] || whole && e.mayHave(p, hash) || !whole && e.hasWord(p, s.word) {
			list = append(list, p)
		}
	}
	if len(k.searches) >= keptSearches {
		clear(k.searches)
	}
	k.searches[s] = list
	k.ask(s.word)
	return list
}

// ask notes that a word was asked for.
func (k *kept) ask(word string) {
	if isWholeName(word) {
		k.asked[hashOf([]byte(word))] = true
	} else {
		k.askedTexts[word] = true
	}
}
