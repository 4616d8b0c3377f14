package rules

import "testing"

func TestRows(t *testing.T) {
	for _, row := range Formats() {
		if row.Format == Custom || row.Format == ClientKeyFormat {
			continue
		}
		for seed, tmpl := range row.Valid {
			checkRow(t, row.Format, tmpl, uint64(seed), true)
		}
		for seed, tmpl := range row.Invalid {
			checkRow(t, row.Format, tmpl, uint64(seed), false)
		}
	}
}

func checkRow(t *testing.T, f Format, template string, seed uint64, want bool) {
	t.Helper()
	text := Expand(template, seed)
	var found []Credential
	if f == Legacy {
		found = AppendBareHex(nil, []byte(text))
	} else {
		found = AppendCredentials(nil, []byte(text))
	}
	got := len(found) == 1 && found[0].Format == f && !found[0].Malformed && found[0].Start == 0 && found[0].End == len(text) &&
		found[0].Secret.Reveal() == text
	if got != want {
		t.Errorf("%s: %s: found %+v, want %v", f, template, found, want)
	}
}
