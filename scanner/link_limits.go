package scanner

import "strconv"

// A linkLimit is a bound of how far names are followed. Where one bites, what was found stays found, but its kind may
// stay undecided that a person would see: a notice tells it, and the scan is complete all the same.
type linkLimit uint8

const (
	filesLimit linkLimit = iota // demandFiles, searchFiles
	atomsLimit                  // reachLimit
	namesLimit                  // defsLimit, callsLimit
	linkLimits
)

// linkLimitTexts say of each bound what was left out.
var linkLimitTexts = [linkLimits]leftOut{
	filesLimit: {one: "file was not looked at for what a name holds: as many others were as are looked at",
		many:   "files were not looked at for what a name holds: as many others were as are looked at",
		advice: "kinds may be undecided; a scan of one folder looks at its own files"},
	atomsLimit: {one: "file holds a place that takes a token and can be given more than " + strconv.Itoa(reachLimit) +
		" values: some were not followed", many: "files hold places that take a token and can be given more than " +
		strconv.Itoa(reachLimit) + " values: some were not followed"},
	namesLimit: {one: "file holds more names or calls than are kept of one: some were not followed",
		many: "files hold more names or calls than are kept of one: some were not followed"},
}

// A demandCount is what following names asked for.
type demandCount struct {
	files  int // read because a question led to them
	unread []Skip
	limits [linkLimits]map[string]bool // the paths at which a bound bit
}

// bite notes a bound that bit at a file.
func (d *demandCount) bite(kind linkLimit, path string) {
	if d.limits[kind] == nil {
		d.limits[kind] = map[string]bool{}
	}
	d.limits[kind][path] = true
}

// add takes in what another set of files asked for.
func (d *demandCount) add(other demandCount) {
	d.files += other.files
	d.unread = append(d.unread, other.unread...)
	for kind, paths := range other.limits {
		for p := range paths {
			d.bite(linkLimit(kind), p)
		}
	}
}

// notices are a notice for each bound that bit.
func (d *demandCount) notices() []Place {
	var out []Place
	for kind, paths := range d.limits {
		if len(paths) > 0 {
			out = append(out, linkLimitTexts[kind].notice(paths))
		}
	}
	return out
}

// demandCount is what was asked for until now, with the bounds that bit when the files were read.
func (e *engine) demandCount() demandCount {
	for _, f := range e.files {
		if f.bounded {
			e.ask.count.bite(namesLimit, f.path)
		}
	}
	return e.ask.count
}
