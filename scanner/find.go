package scanner

import (
	"bytes"

	"github.com/unleaked/unleaked/rules"
)

// Until package rules finds credentials, this finds the two hex formats.
func findCredentials(text []byte) []rules.Credential {
	var out []rules.Credential
	hex := func(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' }
	name := func(c byte) bool {
		return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || bytes.IndexByte([]byte("-_.~*[]"), c) >= 0
	}
	for i := 55; i < len(text); i += 56 {
		if !hex(text[i]) {
			continue
		}
		s, e := i, i
		for s > 0 && hex(text[s-1]) {
			s--
		}
		for e < len(text) && hex(text[e]) {
			e++
		}
		i = max(i, e)
		if e-s != 56 || s < 2 {
			continue
		}
		if bytes.HasSuffix(text[:s], []byte("user:")) {
			out = append(out, rules.Credential{Format: rules.Account, Secret: rules.NewSecret(string(text[s-5:e]), rules.Account), Kind: rules.Personal, Start: s - 5, End: e, Canonical: true})
			continue
		}
		if text[s-1] != '.' {
			continue
		}
		c := s - 1
		for c > 0 && name(text[c-1]) {
			c--
		}
		if c == 0 || text[c-1] != ':' {
			continue
		}
		p := c - 1
		for p > 0 && name(text[p-1]) {
			p--
		}
		if p == c-1 {
			continue
		}
		k := rules.Unknown
		if string(text[p:s]) == "*:*." {
			k = rules.Admin
		}
		out = append(out, rules.Credential{Format: rules.Scoped, Secret: rules.NewSecret(string(text[p:e]), rules.Scoped), Kind: k, Project: string(text[p : c-1]), Environment: string(text[c : s-1]), Start: p, End: e, Canonical: true})
	}
	return out
}

func mentionsUnleash(text []byte) bool {
	return bytes.Contains(text, []byte("nleash")) || bytes.Contains(text, []byte("NLEASH"))
}
