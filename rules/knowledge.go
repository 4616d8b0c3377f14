package rules

import "time"

// A Verification is what live servers said of a credential; "" where none was asked.
type Verification string

// The verifications. Each but Unknown rests on an answer in Unleash's own form, never on a status alone.
const (
	Live      Verification = "live"     // a server lists it
	NotLive   Verification = "not-live" // every server that was asked answered, and none lists it
	Unchecked Verification = "unknown"  // no server gave an answer that can be believed
)

// A ListingState is how an inventory of a server's tokens has a credential.
type ListingState string

// The states of a listing.
const (
	Active  ListingState = "active"
	Expired ListingState = "expired"
	Absent  ListingState = "absent"  // of a class of tokens that the inventory lists
	Altered ListingState = "altered" // its selector is listed, with another secret or another scope
)

// A Listing is what an inventory of a server's tokens says of one credential. Of an absent one only State is set.
type Listing struct {
	Name      string // as the server has it; "" where it has none
	Type      Kind   // "" where the inventory says none
	Owner     string // the user's name, or the number of the user; "" where not known
	ExpiresAt time.Time
	SeenAt    time.Time // of the last use; zero where never, or not known
	State     ListingState
	// Projects and Environment are the scope, "*" for all; nil and "" where not known. Reports do not have them: they are
	// for who replaces the token.
	Projects    []string
	Environment string
}

// Knowledge is what is known of a credential by somebody who can know: an inventory of a server's tokens, or the server.
// The zero value is nothing.
type Knowledge struct {
	Kinds        []Kind   // what it is, one for each source that says so
	Listing      *Listing // nil where no inventory speaks of it
	Verification Verification
	// Dead reports that an inventory which its owner calls complete does not have it.
	Dead bool
	Says []string // in words, one sentence for each source, with its date; without the secret
}

// IsZero reports whether nothing is known.
func (k Knowledge) IsZero() bool {
	return len(k.Kinds) == 0 && k.Listing == nil && k.Verification == "" && len(k.Says) == 0
}

// listingRank orders states by how much they say.
var listingRank = map[ListingState]int{Altered: 4, Active: 3, Expired: 2, Absent: 1}

// isAltered reports whether an inventory says that the text is not the token whose selector it has.
func (k Knowledge) isAltered() bool { return k.Listing != nil && k.Listing.State == Altered }

// With returns what k and o say together: one server that has the token says more than another that has not.
func (k Knowledge) With(o Knowledge) Knowledge {
	// A selector is random: where one list proves that the text was altered, the other has only seen the selector.
	switch {
	case k.isAltered() && o.Listing != nil && !o.isAltered():
		o = Knowledge{Verification: o.Verification}
	case o.isAltered() && k.Listing != nil && !k.isAltered():
		k = Knowledge{Verification: k.Verification}
	}
	k.Kinds = append(k.Kinds[:len(k.Kinds):len(k.Kinds)], o.Kinds...)
	k.Says = append(k.Says[:len(k.Says):len(k.Says)], o.Says...)
	both := k.Listing != nil && o.Listing != nil
	switch {
	case k.Listing == nil:
		k.Dead = o.Dead
	case both:
		// Absent here and there is dead only where each list is complete.
		k.Dead = k.Dead && o.Dead
	}
	if o.Listing != nil && (k.Listing == nil || listingRank[o.Listing.State] > listingRank[k.Listing.State]) {
		k.Listing = o.Listing
	}
	switch {
	case k.Verification == Live || o.Verification == Live:
		k.Verification = Live
	case k.Verification == "":
		k.Verification = o.Verification
	case o.Verification == Unchecked:
		k.Verification = Unchecked
	}
	return k
}

// Evidence returns what is known as evidence of the strongest kind, placed at a file and line.
func (k Knowledge) Evidence(file string, line int) []Evidence {
	var out []Evidence
	for _, kind := range k.Kinds {
		out = append(out, Evidence{Certainty: Verified, Kind: kind, File: file, Line: line})
	}
	return out
}

// IsLive reports whether a server has the credential: by its own word, else by an inventory's.
func (k Knowledge) IsLive() bool {
	return k.Verification == Live || k.Verification != NotLive && k.Listing != nil && k.Listing.State == Active
}

// Severity returns the severity of a finding of a credential of kind kind, whose rule has severity s: a secret that is
// known to be live is high at least, and one that a complete inventory does not have is low at most.
func (k Knowledge) Severity(s Severity, kind Kind) Severity {
	switch {
	case kind.Public():
		return s
	case k.IsLive():
		return max(s, High)
	case k.Dead:
		return min(s, Low)
	}
	return s
}
