// Package gitdb reads a git repository's object database in place: packs, loose objects, refs, reflogs, the index,
// commits and trees.
package gitdb
