package scanner

// An Ignore is the user's own patterns.
type Ignore struct{}

// Match reports whether the patterns leave out name, itself or with a folder above it.
func (g *Ignore) Match(name string, dir bool) bool { return false }

func (g *Ignore) matchOne(name string, dir bool) bool { return false }
