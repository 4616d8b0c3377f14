package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/report"
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
		if !slices.Contains(report.Formats(), name) {
			return nil, usagef("--format %s: there is no such format; there are %s", name,
				strings.Join(report.Formats(), ", "))
		}
		if named && file == "" {
			return nil, usagef("--format %s: a file is missing behind the equals sign", f)
		}
		if isFolder(file) && !(s.folders && report.FolderFormat(name)) {
			return nil, usagef("--format %s: a folder of files is written by a sweep, with --format sarif=%s", f, file)
		}
		if !named {
			if open >= 0 {
				return nil, usagef(
					"--format %s and --format %s both go to one place: give one of them a file, as in --format %s=FILE",
					list[open].format,
					name,
					name,
				)
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

// isFolder reports whether a file's name is that of a folder.
func isFolder(file string) bool { return file != "" && os.IsPathSeparator(file[len(file)-1]) }

// write writes every report. All are tried; the first error is returned.
func (a *app) write(list []output, o *outcome, s *settings) error {
	var first error
	for _, out := range list {
		if err := a.writeOne(out, o, s); err != nil && first == nil {
			first = err
		}
	}
	return first
}

func (a *app) writeOne(out output, o *outcome, s *settings) error {
	opts := o.options
	if out.format == "html" || out.format == "markdown" {
		opts.Remote = remoteOf(o.Root)
	}
	if isFolder(out.file) {
		return report.WriteFolder(out.file, out.format, o.Result, opts)
	}
	if out.file != "" {
		opts.Color = s.color.value == "always"
		return report.WriteFile(out.file, func(w io.Writer) error {
			return report.Write(w, out.format, o.Result, opts)
		})
	}
	if s.quiet && out.format == "text" && len(o.Findings) == 0 && o.Complete() && len(o.Notices) == 0 {
		return nil
	}
	opts.Color = report.ColorEnabled(s.color.value, a.out, a.env)
	opts.Width = report.Columns(a.out, a.env)
	if err := report.Write(a.out, out.format, o.Result, opts); err != nil {
		return fmt.Errorf("writing the %s report: %w", out.format, err)
	}
	return nil
}

// remoteOf is the web address of the repository around a folder, as its remote tells it; "" where there is none.
func remoteOf(root string) string {
	if root == "" {
		return ""
	}
	r, err := gitdb.Locate(root, nil)
	if err != nil {
		return ""
	}
	return gitdb.WebAddress(r.Config.Remote())
}
