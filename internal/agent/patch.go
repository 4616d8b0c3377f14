package agent

import "strings"

// What begins and ends a patch in the form of apply_patch, and the lines that say what becomes of a file. The form is
// described at https://developers.openai.com/api/docs/guides/tools-apply-patch.
const (
	beginPatch = "*** Begin Patch"
	endPatch   = "*** End Patch"
	addFile    = "*** Add File: "
	updateFile = "*** Update File: "
	deleteFile = "*** Delete File: "
	moveTo     = "*** Move to: "
	endOfFile  = "*** End of File"
)

// patches are the files of a patch, without the lines that begin and end it. A file that moves is one that goes and one
// that comes: it comes with the lines that the patch adds, for what it was is not at hand under its new name.
func patches(text string) []Write {
	var list []Write
	var name, added string
	var hunks []edit
	isNew, moved := false, false
	flush := func() {
		if name == "" {
			return
		}
		w := Write{Path: name}
		switch whole, edits := added, hunks; {
		case isNew || moved:
			w.Edit = func([]byte) []byte { return []byte(whole) }
		case len(edits) > 0:
			w.Edit = func(before []byte) []byte {
				for _, e := range edits {
					before = e.apply(before)
				}
				return before
			}
		}
		list = append(list, w)
		name, added, hunks, isNew, moved = "", "", nil, false, false
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case strings.HasPrefix(line, addFile):
			flush()
			name, isNew = strings.TrimSpace(line[len(addFile):]), true
		case strings.HasPrefix(line, updateFile):
			flush()
			name = strings.TrimSpace(line[len(updateFile):])
		case strings.HasPrefix(line, deleteFile):
			flush()
		case strings.HasPrefix(line, moveTo):
			name, moved = strings.TrimSpace(line[len(moveTo):]), true
		case strings.HasPrefix(line, endOfFile), strings.HasPrefix(line, "*** "):
		case strings.HasPrefix(line, "@@"):
			hunks = append(hunks, edit{})
		default:
			if len(hunks) == 0 {
				hunks = append(hunks, edit{})
			}
			h := &hunks[len(hunks)-1]
			body := strings.TrimLeft(line, " ")
			if line != "" {
				body = line[1:]
			}
			switch {
			case strings.HasPrefix(line, "+"):
				h.new += body + "\n"
				added += body + "\n"
			case strings.HasPrefix(line, "-"):
				h.old += body + "\n"
			default:
				h.old += body + "\n"
				h.new += body + "\n"
			}
		}
	}
	flush()
	return list
}
