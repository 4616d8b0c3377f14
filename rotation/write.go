package rotation

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Formats are the names that Write takes.
var Formats = []string{"text", "markdown", "json"}

// Write writes a plan: text for people, markdown as a checklist for an issue, json.
func (p Plan) Write(w io.Writer, format string) error {
	if format == "json" {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", " ")
		return enc.Encode(p)
	}
	var b strings.Builder
	if format == "markdown" {
		p.markdown(&b)
	} else {
		p.text(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (p Plan) title() string {
	title := "Replace the " + string(p.Kind) + " token " + p.Token
	if p.Kind == "client-key" {
		title = "Replace the client key " + p.Token
	}
	if p.Listing != "" {
		title += fmt.Sprintf(", called %q", p.Listing)
	}
	return title
}

func (p Plan) text(b *strings.Builder) {
	fmt.Fprintf(b, "%s\n", p.title())
	for i, s := range p.Steps {
		fmt.Fprintf(b, "\n%d. %-7s %s\n", i+1, s.Do, s.Text)
		for _, x := range s.Places {
			fmt.Fprintf(b, "     %s\n", x.words())
		}
		if s.Call != nil {
			fmt.Fprintf(b, "   call  %s\n", s.Call)
		}
		if s.UI != "" {
			fmt.Fprintf(b, "   in    %s\n", s.UI)
		}
	}
}

func (p Plan) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "## %s\n\n", escape(p.title()))
	for _, s := range p.Steps {
		fmt.Fprintf(b, "- [ ] **%s**: %s\n", s.Do, escape(s.Text))
		for _, x := range s.Places {
			fmt.Fprintf(b, "  - [ ] %s\n", escape(x.words()))
		}
		if s.Call != nil {
			fmt.Fprintf(b, "  - Admin API: `%s`\n", strings.ReplaceAll(s.Call.String(), "`", "'"))
		}
		if s.UI != "" {
			fmt.Fprintf(b, "  - in Unleash: %s\n", escape(s.UI))
		}
	}
}

// escape is text that Markdown shows as it is: names of files and tokens hold what it would act on.
func escape(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune("\\`*_[]<>#|!~", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (x Place) words() string {
	text := fmt.Sprintf("%s:%d", x.File, x.Line)
	if x.Repository != "" {
		text = x.Repository + ": " + text
	}
	return fmt.Sprintf("%s  %s, needs a %s", text, x.Rule, need(x))
}

func need(x Place) string {
	switch x.Needs {
	case "client-key":
		return "client key"
	case "unknown":
		return "token of the same type"
	case "personal", "admin":
		return "service account's or a personal token"
	}
	return string(x.Needs) + " token"
}

func (c *Call) String() string {
	if len(c.Body) == 0 {
		return c.Method + " " + c.Path
	}
	return c.Method + " " + c.Path + " " + string(c.Body)
}
