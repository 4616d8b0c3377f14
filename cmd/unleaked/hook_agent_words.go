package main

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/unleaked/unleaked/internal/agent"
	"github.com/unleaked/unleaked/mask"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner"
)

// explained is where a reason is explained.
const explained = "https://github.com/unleaked/unleaked/blob/main/docs/agents.md"

// most is how many findings a reason names.
const most = 5

// stopped is the reason for which a call is denied, as a model or, of a prompt, a person reads it.
func stopped(c *agent.Call, found []scanner.Finding) string {
	var b strings.Builder
	switch {
	case c.Moment == agent.Prompt:
		b.WriteString("unleaked: this prompt holds a secret of Unleash, and was not sent.\n")
	case found[0].Secret.IsZero():
		b.WriteString("unleaked: this would hand a secret of Unleash to frontend code.\n")
	case !isText(found[0].File):
		fmt.Fprintf(&b, "unleaked: this would write a secret of Unleash into %s.\n", found[0].File)
	default:
		fmt.Fprintf(&b, "unleaked: what %s was given holds a secret of Unleash.\n", toolOf(c))
	}
	list(&b, found)
	if c.Moment == agent.Prompt {
		b.WriteString("Take the token out. Whoever needs it reads it from the environment.")
		return b.String()
	}
	if f := &found[0]; f.Secret.IsZero() || len(f.Also) > 0 { // more is wrong than where it stands
		fmt.Fprintf(&b, "Fix: %s\n", f.Fix)
	}
	b.WriteString("Read the token from the environment or from a file that git ignores, and do not write it anywhere else. ")
	if accepted(found) {
		b.WriteString("A comment that accepts a finding is for a person to write. ")
	}
	b.WriteString("If you think that it is a false alarm, ask the user: " + explained)
	return printable(b.String())
}

// list writes a line for each of the findings.
func list(b *strings.Builder, found []scanner.Finding) {
	for i := range found {
		f := &found[i]
		if i == most {
			fmt.Fprintf(b, "- and %d more\n", len(found)-most)
			break
		}
		at := fmt.Sprintf("%s:%d: ", f.File, f.Line)
		if isText(f.File) {
			at = ""
		}
		shown := f.Shown()
		if shown != "" {
			shown += ": "
		}
		fmt.Fprintf(b, "- %s%s%s [%s]\n", at, shown, f.Message, f.Rule)
	}
}

// isText reports whether a finding's file is none: the text of a command, of a prompt.
func isText(file string) bool { return strings.HasPrefix(file, textFolder) }

func toolOf(c *agent.Call) string {
	if c.Tool == "" {
		return "this tool"
	}
	return "the tool " + c.Tool
}

func accepted(found []scanner.Finding) bool {
	for i := range found {
		if found[i].Suppressed != nil {
			return true
		}
	}
	return false
}

// kindsOf are the findings in a few words: their tokens, redacted, and what they are.
func kindsOf(found []scanner.Finding) string {
	var parts []string
	seen := map[string]bool{}
	for i := range found {
		f := &found[i]
		text := f.Shown()
		if f.Kind != rules.Unknown {
			text += " (" + string(f.Kind) + ")"
		}
		if !seen[text] && len(parts) < most {
			seen[text] = true
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, ", ")
}

// masked is what the model is told of an output in which tokens were replaced.
func masked(found []scanner.Finding) string {
	return printable(fmt.Sprintf("unleaked: secrets of Unleash in this output were replaced by pseudonyms in «…»: %s. "+
		"A pseudonym stands for a token and works nowhere. Do not write it into a file: change only the lines around it.",
		kindsOf(found)))
}

// seen is what the model is told of an output that cannot be replaced.
func seen(found []scanner.Finding) string {
	return printable(fmt.Sprintf("unleaked: this output holds secrets of Unleash: %s. Do not repeat them, write them into a "+
		"file or hand them to another tool, and tell the user that they were shown to you. To look at such text again, "+
		"pipe it through `unleaked mask`.", kindsOf(found)))
}

// unread is why a file is not read.
func unread(c *agent.Call, found []scanner.Finding) string {
	return printable(fmt.Sprintf("unleaked: %s holds secrets of Unleash: %s. Read it with `unleaked mask < FILE` in a shell, "+
		"which shows everything but the tokens.", path.Base(filepath.ToSlash(c.Reads)), kindsOf(found)))
}

// lostTokens is why a file must not be written that holds pseudonyms in the place of its own tokens: an agent that has
// read the file masked would take them away. "" where it does not.
func lostTokens(name string, before, after []byte) string {
	if len(before) == 0 || !strings.Contains(string(after), "«") {
		return ""
	}
	shown := maskText(string(before), mask.Options{Encoded: encoder()})
	for _, tail := range strings.Split(shown, "«")[1:] {
		inner, _, closed := strings.Cut(tail, "»")
		pseudonym := "«" + inner + "»"
		had, has := strings.Contains(string(before), pseudonym), strings.Contains(string(after), pseudonym)
		if closed && strings.Contains(inner, "#") && has && !had {
			return printable(fmt.Sprintf("unleaked: %s would lose a token: %s is how you were shown it, and not what stands in "+
				"the file. Change only the lines around it.", name, pseudonym))
		}
	}
	return ""
}
