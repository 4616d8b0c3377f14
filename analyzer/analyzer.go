// Package analyzer finds hard-coded Unleash tokens and their misuse in Go code, by types instead of text.
//
// Its nouns: a value is followed through a graph of nodes (constants, variables, fields, parameters, results); a use is
// a place that takes a token or what belongs beside one, known from a row of rules or inferred from a function whose
// parameter reaches such a place; a holding is a token, or the reading of one, that stands in the code. A finding is
// what a rule says of a holding or a use. Facts carry uses and holdings from package to package, never a token's text.
//
// It never runs, fetches or writes anything; the drivers in this package load code and write fixes.
package analyzer

import (
	"go/token"
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/unleaked/unleaked/rules"
)

// Analyzer is the pass with its flags as `go vet` and golangci-lint want it. Use New for one with flags of its own.
var Analyzer = New()

const doc = `find hard-coded and misused Unleash tokens

The pass reports tokens of the feature-flag platform Unleash that stand in Go code, and tokens that are used where they
must not be: a frontend token in the backend SDK, a personal or admin token in an SDK, an SDK's token in a client of the
Admin API, a token in a log, a URL or the name of an application, a token of one environment beside the name of another.

Values are followed through constants, variables, fields, concatenation, headers, option lists and helper functions, and
through wrappers of the SDK in other packages.

Messages name the rules and never show a token.`

// settings are the flags of a pass.
type settings struct {
	tests     bool // report in _test.go files
	public    bool // report frontend tokens and client keys too
	generated bool // report in generated files
	examples  bool // report tokens that Unleash's documentation prints
	// known says what somebody who can know says of a token, nil where nobody is asked.
	known func(rules.Credential) rules.Knowledge
}

// New is a pass with its own flags.
func New() *analysis.Analyzer { return newPass(nil) }

func newPass(known func(rules.Credential) rules.Knowledge) *analysis.Analyzer {
	set := &settings{known: known}
	a := &analysis.Analyzer{
		Name:      "unleaked",
		Doc:       doc,
		URL:       docsURL,
		FactTypes: []analysis.Fact{new(funcFact), new(varFact)},
		// What stands behind the diagnostics, for Vet: a diagnostic itself has nothing but a text.
		ResultType: reflect.TypeFor[map[token.Pos]*Held](),
		Run: func(pass *analysis.Pass) (any, error) {
			return run(pass, *set)
		},
	}
	a.Flags.BoolVar(&set.tests, "tests", true, "report in test files")
	a.Flags.BoolVar(&set.public, "public", false,
		"report public credentials too: frontend tokens and proxy client keys")
	a.Flags.BoolVar(&set.generated, "generated", true, "report in generated files (without fixes)")
	a.Flags.BoolVar(&set.examples, "examples", false, "report tokens that Unleash's documentation prints")
	return a
}

func run(pass *analysis.Pass, set settings) (map[token.Pos]*Held, error) {
	if isSDK(pass.Pkg.Path()) {
		return nil, nil // what the SDK does with its options is its own business
	}
	s := survey(pass)
	if !s.relevant {
		return nil, exportHelpers(pass, s)
	}
	c := newCheck(pass, set)
	c.build(pass.Files)
	c.resolve()
	c.exportFacts()
	c.judge()
	c.report()
	return c.held, nil
}
