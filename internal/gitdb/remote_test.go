package gitdb

import "testing"

func TestRemoteAddresses(t *testing.T) {
	for _, c := range []struct{ remote, web, name string }{
		{"https://github.example/lumen/web.git", "https://github.example/lumen/web", "github.example/lumen/web"},
		{"https://me:pass@git.example:8443/lumen/web/", "https://git.example:8443/lumen/web", "git.example:8443/lumen/web"},
		{"http://git.example/a b.git", "http://git.example/a%20b", "git.example/a b"},
		{"git@github.example:lumen/web.git", "https://github.example/lumen/web", "github.example/lumen/web"},
		{"github.example:lumen/web", "https://github.example/lumen/web", "github.example/lumen/web"},
		{"ssh://git@Git.Example:2222/lumen/group/web.git", "https://git.example/lumen/group/web", "git.example/lumen/group/web"},
		{"git://git.example/web", "https://git.example/web", "git.example/web"},
		{"/srv/mirrors/web.git", "", "/srv/mirrors/web"},
		{"/srv/web/.git", "", "/srv/web"},
		{"file:///srv/mirrors/web.git/", "", "/srv/mirrors/web"},
		{"../web", "", "../web"},
		{`C:\src\web`, "", `C:\src\web`},
		{"https://me:pass@git.example/", "", "git.example"},
		{"", "", ""},
	} {
		if got := WebAddress(c.remote); got != c.web {
			t.Errorf("the address of %q is %q, not %q", c.remote, got, c.web)
		}
		if got := RemoteName(c.remote); got != c.name {
			t.Errorf("the name of %q is %q, not %q", c.remote, got, c.name)
		}
	}
}

func TestRemoteOfConfig(t *testing.T) {
	for text, want := range map[string]string{
		"[remote \"upstream\"]\n\turl = u\n[remote \"origin\"]\n\turl = o\n": "o",
		"[remote \"b\"]\n\turl = b\n[remote \"a\"]\n\turl = a\n":             "a",
		"[branch \"x\"]\n\tremote = origin\n":                                "",
	} {
		if got := parseConfig(text).Remote(); got != want {
			t.Errorf("the remote is %q, not %q, of:\n%s", got, want, text)
		}
	}
}
