package report

import (
	"io"
	"os"

	"github.com/fatih/color"
	"github.com/mattn/go-isatty"

	"github.com/unleaked/unleaked/rules"
)

// ColorEnabled decides whether a stream gets colours. mode is auto, always or never; auto asks the environment, then
// whether the stream itself is a terminal: another stream's terminal says nothing of this one.
func ColorEnabled(mode string, stream io.Writer, env func(string) string) bool {
	switch mode {
	case "always":
		return true
	case "never":
		return false
	}
	forced := func(name string) bool { v := env(name); return v != "" && v != "0" && v != "false" }
	switch {
	case env("NO_COLOR") != "":
		return false
	case forced("FORCE_COLOR"), forced("CLICOLOR_FORCE"):
		return true
	case env("CLICOLOR") == "0", env("TERM") == "dumb":
		return false
	}
	return terminal(stream)
}

func terminal(stream io.Writer) bool {
	f, ok := stream.(*os.File)
	return ok && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}

// A palette paints the parts of a text report.
type palette struct {
	place, dim, label, good *color.Color
	severity                map[rules.Severity]*color.Color
}

// newPalette does not ask the library whether there are colours: it looks at standard output only.
func newPalette(enabled bool) palette {
	paint := func(attributes ...color.Attribute) *color.Color {
		c := color.New(attributes...)
		if enabled {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
		return c
	}
	return palette{
		place: paint(color.Bold),
		dim:   paint(color.Faint),
		label: paint(color.FgCyan),
		good:  paint(color.FgGreen),
		severity: map[rules.Severity]*color.Color{
			rules.Critical: paint(color.FgHiRed, color.Bold),
			rules.High:     paint(color.FgRed),
			rules.Medium:   paint(color.FgYellow),
			rules.Low:      paint(color.FgBlue),
			rules.Info:     paint(color.Faint),
		},
	}
}

// ofSeverity is the colour of a severity; one that there is no colour for is plain.
func (p palette) ofSeverity(s rules.Severity) *color.Color {
	if c, ok := p.severity[s]; ok {
		return c
	}
	return p.severity[rules.Info]
}
