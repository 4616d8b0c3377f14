package report

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/owenrumney/go-sarif/v2/sarif"

	"github.com/unleaked/unleaked/rules"
)

// driver is the tool with every rule that the scanner checks, also those that nothing was found of.
func (s *sarifWriter) driver() *sarif.ToolComponent {
	d := &sarif.ToolComponent{
		Name: toolName, InformationURI: ptr(toolHome), Version: ptr(s.o.version()),
		Rules: []*sarif.ReportingDescriptor{},
	}
	if semantic().MatchString(s.o.version()) {
		d.SemanticVersion = ptr(s.o.version())
	}
	for _, r := range rules.All() {
		if r.AnalyzerOnly {
			continue
		}
		s.index[r.ID] = uint(len(d.Rules))
		d.Rules = append(d.Rules, descriptor(r))
	}
	return d
}

// semantic matches versions of semver.org, loosely.
var semantic = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$`)
})

func descriptor(r rules.Rule) *sarif.ReportingDescriptor {
	properties := sarif.Properties{
		"tags": tags(r), "precision": r.Precision, "problem.severity": map[string]string{"error": "error",
			"warning": "warning", "note": "recommendation"}[level(r.Severity)],
	}
	if n := securitySeverity(r.Severity); n > 0 {
		properties["security-severity"] = fmt.Sprintf("%.1f", n)
	}
	d := &sarif.ReportingDescriptor{
		ID: string(r.ID), Name: ptr(pascal(string(r.ID))), ShortDescription: multiformat(r.Title, ""),
		FullDescription:      multiformat(r.Why, ""),
		DefaultConfiguration: &sarif.ReportingConfiguration{Enabled: ptr(true), Level: level(r.Severity)},
		HelpURI:              ptr(r.ID.URL()),
		Help:                 multiformat(r.Why+"\n\nFix: "+r.FixFor(rules.Unknown), ruleMarkdown(r)),
		Properties:           properties,
	}
	if n := rankOf(r.Severity); n > 0 {
		d.DefaultConfiguration.Rank = ptr(n)
	}
	return d
}

// tags has each weakness in GitHub's spelling and in GitLab's.
func tags(r rules.Rule) []string {
	out := []string{"security", "unleash"}
	for _, n := range r.CWE {
		out = append(out, fmt.Sprintf("external/cwe/cwe-%03d", n), fmt.Sprintf("cwe-%d", n))
	}
	return out
}

// pascal is "SecretInFrontend" for "secret-in-frontend".
func pascal(id string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(id, "-") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}

// ruleMarkdown is a rule's help: why, what to do, one example of each.
func ruleMarkdown(r rules.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n## Fix\n\n%s\n", r.Title, r.Why, r.FixFor(rules.Unknown))
	for _, part := range []struct {
		title   string
		samples []rules.Sample
	}{{"Bad", r.Bad}, {"Good", r.Good}} {
		if len(part.samples) == 0 {
			continue
		}
		sample := part.samples[0].Shown()
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", part.title, sample.Note)
		for _, f := range sample.Files {
			fmt.Fprintf(&b, "\n`%s`:\n\n```\n%s```\n", f.Path, f.Text)
		}
	}
	return b.String()
}
