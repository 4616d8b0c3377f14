package rules

import "testing"

// The examples of a row are its tests.
func TestRows(t *testing.T) {
	for _, row := range Formats() {
		if row.Shape == "" || row.Since == "" || row.Says == "" || len(row.Valid) == 0 || len(row.Invalid) == 0 {
			t.Errorf("%s: the row is not complete", row.Format)
		}
		for seed, template := range row.Valid {
			checkRow(t, row.Format, template, uint64(seed), true)
		}
		for seed, template := range row.Invalid {
			checkRow(t, row.Format, template, uint64(seed), false)
		}
	}
}

func checkRow(t *testing.T, f Format, template string, seed uint64, want bool) {
	t.Helper()
	text := Expand(template, seed)
	var found []Credential
	one := func(c Credential, ok bool) {
		if ok {
			found = []Credential{c}
		}
	}
	switch f {
	case Legacy:
		found = AppendBareHex(nil, []byte(text))
	case Custom:
		one(ParseValue(text))
	case ClientKeyFormat:
		one(ParseClientKey(text))
	default:
		found = AppendCredentials(nil, []byte(text))
	}
	got := len(found) == 1 && found[0].Format == f && !found[0].Malformed && found[0].Start == 0 &&
		found[0].End == len(text) &&
		found[0].Secret.Reveal() == text
	if got != want {
		t.Errorf("%s: %s: found %+v, want %v", f, template, found, want)
	}
}
