package finding

import "testing"

func TestComment(t *testing.T) {
	for file, want := range map[string][2]string{
		"web/flags.ts": {"//", ""}, "Dockerfile": {"#", ""}, "Dockerfile.web": {"#", ""}, ".env.production": {"#", ""},
		"prod.env": {"#", ""}, "index.HTML": {"<!--", "-->"}, "q.sql": {"--", ""}, "a.css": {"/*", "*/"},
		"a.json": {}, "LICENSE": {}, "": {},
	} {
		open, end, ok := Comment(file)
		if open != want[0] || end != want[1] || ok != (want[0] != "") {
			t.Errorf("a comment of %q is %q %q, %v", file, open, end, ok)
		}
	}
}
