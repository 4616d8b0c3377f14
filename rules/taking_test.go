package rules

import (
	"strings"
	"testing"
)

func TestTake(t *testing.T) {
	sink := func(id string) *Sink {
		for i, s := range sinks().rows {
			if s.ID == id {
				return &sinks().rows[i]
			}
		}
		t.Fatal("no row", id)
		return nil
	}
	cred := func(text string, f Format) Credential { return Credential{Format: f, Secret: NewSecret(text, f)} }
	plain := cred("s3cret-of-ours-41", "")
	custom := cred("ours:development.s3cret41", Custom)
	word := cred("ours:development.some-secret", Custom)
	legacy := cred(strings.Repeat("ab12", 16), Legacy)
	edge, sdk, server := sink("edge-frontend"), sink("js-client-key"), sink("edge-tokens")
	keys := sink("proxy-keys")
	for _, c := range []struct {
		name string
		at   Place
		cred Credential
		test bool
		want Taking
	}{
		{"nothing is known", Place{Name: "x"}, custom, false, Taking{}},
		{"a type beside it", Place{Declares: true}, custom, false, Taking{Credential: true}},
		{"a setting that holds none", Place{Declares: true, Class: NameClass{NotAToken: true}}, custom, false, Taking{}},
		{"a word in a test", Place{Declares: true}, word, true, Taking{}},
		{"the same outside", Place{Declares: true}, word, false, Taking{Credential: true}},
		{"words without a digit", Place{Declares: true}, cred("ours:development.some-other-longer-secret", Custom), true,
			Taking{}},
		{"digits in a test", Place{Declares: true}, custom, true, Taking{Credential: true}},
		{"a legacy secret in a test", Place{Declares: true}, legacy, true, Taking{Credential: true}},
		{"keys of the Proxy", Place{Sink: keys}, plain, false, Taking{Credential: true}},
		{"a legacy secret among them", Place{Sink: keys}, legacy, false, Taking{Credential: true, As: ClientKeyFormat}},
		{"a server's setting", Place{Sink: server}, custom, false, Taking{Credential: true}},
		{"any text there", Place{Sink: server}, plain, false, Taking{Keys: true}},
		{"what Edge trusts", Place{Sink: edge}, legacy, false, Taking{Credential: true}},
		{"any text there", Place{Sink: edge}, plain, false, Taking{Keys: true}},
		{"an SDK of browsers", Place{Sink: sdk}, plain, false, Taking{Credential: true, Keys: true}},
		{"against the Proxy", Place{Sink: sdk, API: ProxyAPI}, legacy, false,
			Taking{Credential: true, As: ClientKeyFormat}},
		{"against the Frontend API", Place{Sink: sdk, API: FrontendAPI}, plain, false,
			Taking{Credential: true, Keys: true, Else: Custom}},
		{"a legacy secret against it", Place{Sink: sdk, API: FrontendAPI}, legacy, false, Taking{Credential: true}},
		{"a request", Place{Request: true, API: ClientAPI}, custom, false, Taking{Credential: true}},
		{"a request to nowhere", Place{Request: true}, custom, false, Taking{Keys: true}},
		{"a request to the Proxy", Place{Request: true, API: ProxyAPI}, legacy, false,
			Taking{Credential: true, As: ClientKeyFormat}},
		{"something of Unleash", Place{Unleash: true, Name: "unleashToken"}, legacy, false,
			Taking{Credential: true, Keys: true}},
		{"by another name", Place{Unleash: true, Name: "unleashUser", Class: NameClass{Certainty: None}}, legacy, false, Taking{Keys: true}},
		{"a broken token without a reason", Place{Unleash: true, Name: "x"},
			Credential{Malformed: true, Secret: NewSecret("a:b.c", Custom)}, false, Taking{}},
	} {
		if got := c.at.Take(c.cred, c.test); got != c.want {
			t.Errorf("%s: %+v, not %+v", c.name, got, c.want)
		}
	}
	got := Place{Sink: edge}.Take(cred("s3cret41x@development", ""), false)
	if !got.Credential || got.Read == nil || got.Read.Environment != "development" {
		t.Errorf("SECRET@ENVIRONMENT where Edge trusts it is %+v", got)
	}
}

// TestRowSet holds that a row beyond the first 64 is one of its own.
func TestRowSet(t *testing.T) {
	var s, other rowSet
	for _, row := range []int{3, 64, 130, 255} {
		other.add(row)
	}
	s.add(0)
	s.join(other)
	for _, want := range []int{0, 3, 64, 130, 255, -1} {
		if got := s.first(); got != want {
			t.Fatalf("row %d, not %d", got, want)
		}
	}
	if n := len(sinks().rows); n > len(rowSet{})*64 {
		t.Fatalf("%d rows do not fit", n)
	}
}
