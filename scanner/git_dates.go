package scanner

import "time"

// dateOf is a commit's author date as reports write it, "" where it has none.
func dateOf(c *commitRec) string {
	t := time.Unix(c.author, 0)
	if t.Year() < 1 || t.Year() > 9999 || c.author == (time.Time{}).Unix() {
		return ""
	}
	return t.In(time.FixedZone("", c.zone)).Format(time.RFC3339)
}
