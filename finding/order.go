package finding

import (
	"sort"
)

func SortPlaces(places []Place) {
	sort.SliceStable(places, func(i, j int) bool {
		a, b := places[i], places[j]
		switch {
		case a.File != b.File:
			return a.File < b.File
		case a.Line != b.Line:
			return a.Line < b.Line
		}
		return a.Text < b.Text
	})
}

func Sort(all []Finding) {
	sort.SliceStable(all, func(i, j int) bool {
		a, b := &all[i], &all[j]
		switch {
		case a.File != b.File:
			return a.File < b.File
		case a.Line != b.Line:
			return a.Line < b.Line
		case a.Column != b.Column:
			return a.Column < b.Column
		case a.Rule != b.Rule:
			return a.Rule < b.Rule
		case a.gitKey() != b.gitKey():
			return a.gitKey() < b.gitKey()
		}
		return a.Secret.Reveal() < b.Secret.Reveal()
	})
}

func (f *Finding) gitKey() string {
	if f.Git == nil {
		return ""
	}
	return f.Git.Blob + f.Git.Where + f.Git.Commit
}

// DropRepeats drops a finding that says of the same credential at the same place what the one before said: windows of a
// large file overlap, and what a source map holds is read as text and as files.
func DropRepeats(all []Finding) []Finding {
	kept := all[:0]
	for i := range all {
		if n := len(kept); n > 0 {
			a, b := &kept[n-1], &all[i]
			if a.File == b.File && a.Line == b.Line && a.Column == b.Column && a.Rule == b.Rule &&
				a.Secret == b.Secret && a.gitKey() == b.gitKey() && a.Kind == b.Kind {
				continue
			}
		}
		kept = append(kept, all[i])
	}
	return kept
}
