package rules

import "strings"

// A Place is what a place says of a text that is no credential by its look alone: a custom secret, a token that is not
// well formed, a bare legacy secret.
type Place struct {
	Name     string    // what the text is bound to there
	Class    NameClass // what that name says
	Sink     *Sink     // what takes the text there, nil for nothing that is known
	API      API       // of the URL beside
	Declares bool      // a type stands beside the text
	Indirect bool      // the text stands for a part of the name's value
	Request  bool      // it is sent in a raw HTTP request
	Unleash  bool      // something of Unleash takes it, and what is not known
}

// A Taking is what a place makes of a text.
type Taking struct {
	Credential bool   // it is a credential here
	As         Format // of this format, "" for the one that it was found in
	// Keys says that the lists of proxy client keys decide first: what stands in one is a credential too, of the format
	// it was found in. Credential and Else hold for what stands in none.
	Keys bool
	Else Format
	// Read is the credential that the place reads in the text, where that differs; else nil.
	Read *Credential
}

// Take returns what a place makes of c, which is no credential by its look alone. test says that it stands in test
// code.
func (p Place) Take(c Credential, test bool) Taking {
	text := c.Secret.Reveal()
	custom, legacy := c.Format == Custom || c.Malformed, c.Format == Legacy
	if test && isTestWord(c) || p.Class.NotAToken {
		return Taking{}
	}
	if c.Malformed && p.Sink == nil && !p.Request && !IsTokenName(p.Name) && !HasRandomPart(text) {
		return Taking{} // (VOCABULARY, item 41)
	}
	var key Format // what a legacy secret is where client keys are taken
	if legacy {
		key = ClientKeyFormat
	}
	switch {
	case p.Declares:
		return Taking{Credential: true}
	case p.Class.Designate && !p.Indirect, p.Sink != nil && p.Sink.Designates:
		return Taking{Credential: true, As: key}
	case p.Sink != nil && p.Sink.AnyText && c.Format == ClientKeyFormat:
		return Taking{Credential: true, As: Custom}
	case p.Sink != nil && p.Sink.Trusts:
		if custom || legacy {
			return Taking{Credential: true}
		}
		if read, ok := ParsePretrusted(text); ok && read.Format == Custom {
			read.Start, read.End = c.Start, c.End
			return Taking{Credential: true, Read: &read}
		}
		return Taking{Keys: true}
	case p.Sink != nil && p.Sink.Takes == Frontend:
		return p.takeFrontend(custom, legacy, key)
	case p.Sink != nil:
		return Taking{Credential: custom || legacy, Keys: !custom && !legacy}
	case p.Request && p.API == ProxyAPI:
		is := custom || !IsDummyWord(text)
		return Taking{Credential: is, As: key, Keys: !is}
	case p.Request:
		is := (custom || legacy) && p.API != NoAPI
		return Taking{Credential: is, Keys: !is}
	case p.Unleash, p.Class.Unleash && p.Class.Holds && !p.Indirect:
		if custom {
			return Taking{Credential: true}
		}
		return Taking{Keys: true, Credential: legacy && (p.Class.Certainty != None ||
			strings.HasSuffix(strings.ToUpper(p.Name), "TOKEN"))}
	}
	return Taking{}
}

// takeFrontend is Take of a place that takes frontend tokens.
func (p Place) takeFrontend(custom, legacy bool, key Format) Taking {
	switch {
	case custom:
		return Taking{Credential: true}
	case p.API == ProxyAPI:
		return Taking{Credential: true, As: key}
	case legacy:
		return Taking{Credential: true}
	case p.API == FrontendAPI:
		return Taking{Credential: true, Keys: true, Else: Custom}
	}
	return Taking{Credential: p.Sink.Via == ViaSDK, Keys: true}
}

// isTestWord reports whether a text is what tests call their tokens: words. What a server or an operator draws has
// digits.
func isTestWord(c Credential) bool {
	random := c.Secret.Reveal()
	if i := strings.LastIndexAny(random, ".:"); i >= 0 {
		random = random[i+1:]
	}
	return c.Format != Legacy && (IsDummyWord(random) || !strings.ContainsAny(random, "0123456789"))
}
