package rules

import (
	"strings"
	"testing"
)

// TestGluedLiterals holds that a literal directly behind another is found: nothing between two single quotes is a name's.
func TestGluedLiterals(t *testing.T) {
	a, b := "web:production."+strings.Repeat("0a", 28), "shop:development."+strings.Repeat("1b", 28)
	for _, between := range []string{"'.'", "''", "'x'", "' . '", "'v2_'", "','", "'+'"} {
		var got []string
		for _, c := range AppendCredentials(nil, []byte("x = '"+a+between+b+"'")) {
			got = append(got, c.Secret.Reveal())
		}
		if len(got) != 2 || got[0] != a || got[1] != b {
			t.Errorf("%s: got %q", between, got)
		}
	}
	for _, token := range []string{"[]:production." + strings.Repeat("0a", 28), "user:" + strings.Repeat("0a", 28), a} {
		for _, before := range []string{"can't, can't, 'x', v2_", "don't " + strings.Repeat("A", 110)} {
			got := AppendCredentials(nil, []byte(before+"'"+token+"' "))
			if (token != a || len(before) > maxName) && (len(got) != 1 || got[0].Secret.Reveal() != token) {
				t.Errorf("%s: got %+v", before, got)
			}
		}
	}
	if got := AppendCredentials(nil, []byte(a+".x:"+strings.TrimPrefix(b, "shop:"))); len(got) != 1 {
		t.Errorf("without a quote %d are found", len(got))
	}
}
