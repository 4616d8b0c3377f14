// Package golangci makes the analyzer a module plugin of golangci-lint.
//
// Build a golangci-lint that has it, with a file .custom-gcl.yml beside go.mod and `golangci-lint custom`:
//
//	version: v2.5.0
//	plugins:
//	  - module: github.com/unleaked/unleaked
//	    import: github.com/unleaked/unleaked/analyzer/golangci
//	    version: v0.2.0
//
// and enable it in .golangci.yml:
//
//	version: "2"
//	linters:
//	  enable: [unleaked]
//	  settings:
//	    custom:
//	      unleaked:
//	        type: module
//	        description: hard-coded and misused Unleash tokens
//	        original-url: github.com/unleaked/unleaked
//	        settings:
//	          public: false    # also report frontend tokens and proxy client keys
//	          tests: true      # report in test files
//	          generated: true  # report in generated files; golangci-lint has exclusions of its own
//	output:
//	  formats:
//	    text:
//	      print-issued-lines: false
//
// The last setting matters: golangci-lint prints the line of each issue, and with it the whole token, into the log of
// every CI run. The messages of this linter never show a token. Where other formats are used, see to it that they leave
// the source out too.
package golangci

import (
	"fmt"
	"strconv"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/unleaked/unleaked/analyzer"
)

// Name is what the linter is called in golangci-lint's settings.
const Name = "unleaked"

func init() {
	register.Plugin(Name, New)
}

// Settings are the linter's settings in .golangci.yml. What is left out is as the analyzer has it.
type Settings struct {
	Public    *bool `json:"public"`
	Tests     *bool `json:"tests"`
	Generated *bool `json:"generated"`
	Examples  *bool `json:"examples"`
}

type plugin struct {
	settings Settings
}

// New is the plugin with its settings as golangci-lint read them.
func New(raw any) (register.LinterPlugin, error) {
	s, err := register.DecodeSettings[Settings](raw)
	if err != nil {
		return nil, fmt.Errorf("settings of %s: %w", Name, err)
	}
	return &plugin{s}, nil
}

// BuildAnalyzers gives the analyzer, set as the settings say.
func (p *plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	a := analyzer.New()
	for name, value := range map[string]*bool{
		"public": p.settings.Public, "tests": p.settings.Tests, "generated": p.settings.Generated,
		"examples": p.settings.Examples,
	} {
		if value == nil {
			continue
		}
		if err := a.Flags.Set(name, strconv.FormatBool(*value)); err != nil {
			return nil, fmt.Errorf("setting %s of %s: %w", name, Name, err)
		}
	}
	return []*analysis.Analyzer{a}, nil
}

// GetLoadMode asks for types.
func (*plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
