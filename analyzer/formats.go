package analyzer

import "strings"

// A verb is a piece of a format: plain text, or what stands for an argument.
type verb struct {
	text string // of plain text
	verb byte   // 0 for plain text
	cut  bool   // a precision cuts the argument
}

// whole reports whether the verb writes its argument as it is.
func (v verb) whole() bool { return !v.cut && (v.verb == 's' || v.verb == 'v') }

// shows reports whether the verb writes its argument so that it can be read.
func (v verb) shows() bool { return !v.cut && v.verb != 0 && strings.IndexByte("svqxXw", v.verb) >= 0 }

// verbs are the pieces of a format. Formats with explicit argument numbers are not read: the caller asks for "%["
// first.
func verbs(format string) []verb {
	var out []verb
	text := func(s string) {
		if s != "" {
			out = append(out, verb{text: s})
		}
	}
	for format != "" {
		i := strings.IndexByte(format, '%')
		if i < 0 {
			text(format)
			break
		}
		text(format[:i])
		j := i + 1
		for j < len(format) && strings.IndexByte("+-# 0123456789.", format[j]) >= 0 {
			j++
		}
		if j >= len(format) {
			break
		}
		if format[j] == '%' {
			text("%")
		} else {
			out = append(out, verb{verb: format[j], cut: strings.Contains(format[i:j], ".")})
		}
		format = format[j+1:]
	}
	return out
}
