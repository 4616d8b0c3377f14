package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/scanner"
)

// An output is one report to write: its format, and its file ("" is standard output).
type output struct{ format, file string }

// outputs reads --format and --output. At most one report can go to standard output.
func (s *settings) outputs() ([]output, error) {
	formats := s.formats
	if len(formats) == 0 {
		formats = []string{"text"}
	}
	var list []output
	open := -1 // the one without a file of its own
	for _, f := range formats {
		name, file, named := strings.Cut(f, "=")
		if !slices.Contains(formatNames(), name) {
			return nil, usagef("--format %s: there is no such format; there are %s", name, strings.Join(formatNames(), ", "))
		}
		if named && file == "" {
			return nil, usagef("--format %s: a file is missing behind the equals sign", f)
		}
		if !named {
			if open >= 0 {
				return nil, usagef("--format %s and --format %s both go to one place: give one of them a file, as in --format %s=FILE",
					list[open].format, name, name)
			}
			open, file = len(list), s.output
		}
		list = append(list, output{name, file})
	}
	if s.output != "" && open < 0 {
		return nil, usagef("--output %s: every format has a file of its own already", s.output)
	}
	return list, nil
}

// write writes every report. All are tried; the first error is returned.
func (a *app) write(list []output, result *scanner.Result, s *settings, opts reportOptions) error {
	var first error
	for _, o := range list {
		if err := a.writeOne(o, result, s, opts); err != nil && first == nil {
			first = err
		}
	}
	return first
}

func (a *app) writeOne(o output, result *scanner.Result, s *settings, opts reportOptions) error {
	if o.file == "" {
		opts.Color = colorEnabled(s.color.value, a.out, a.env)
		if err := writeReport(a.out, o.format, result, opts); err != nil {
			return fmt.Errorf("writing the %s report: %w", o.format, err)
		}
		return nil
	}
	opts.Color = s.color.value == "always"
	var b bytes.Buffer
	if err := writeReport(&b, o.format, result, opts); err != nil {
		return fmt.Errorf("writing the %s report: %w", o.format, err)
	}
	return writeFile(o.file, b.Bytes(), 0o600)
}
