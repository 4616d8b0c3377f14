package analyzer

import (
	"go/types"
	"strings"
)

// logPackages are packages whose functions and methods write what they get where people read it. A path stands for its
// major versions too.
var logPackages = []string{
	"log", "log/slog", "log/syslog", "go.uber.org/zap", "github.com/sirupsen/logrus", "github.com/rs/zerolog", "k8s.io/klog",
	"github.com/golang/glog", "github.com/go-logr/logr", "github.com/hashicorp/go-hclog", "github.com/go-kit/log",
	"github.com/charmbracelet/log", "github.com/apex/log", "github.com/phuslu/log",
}

// logVerbs begin the names of what writes to a log.
var logVerbs = []string{"Print", "Fatal", "Panic", "Output", "Trace", "Debug", "Info", "Notice", "Warn", "Error", "Critical", "DPanic", "Log",
	"With", "Str", "String", "Any", "Interface", "Msg", "Group", "Reflect", "Stringer", "ByteString", "Bytes", "V", "Crit", "Exit"}

// errorMakers make an error of a text.
var errorMakers = map[string]bool{
	"errors.New": true, "fmt.Errorf": true, "github.com/pkg/errors.New": true, "github.com/pkg/errors.Errorf": true,
	"github.com/pkg/errors.Wrap": true, "github.com/pkg/errors.Wrapf": true, "github.com/pkg/errors.WithMessage": true,
	"github.com/pkg/errors.WithMessagef": true, "golang.org/x/xerrors.New": true, "golang.org/x/xerrors.Errorf": true,
}

// logger is what a function writes to, in words, "" for one that writes nothing that people read.
func logger(fn *types.Func) string {
	name, path := fn.FullName(), pkgPath(fn)
	switch {
	case errorMakers[name]:
		return "an error"
	case name == "fmt.Print" || name == "fmt.Printf" || name == "fmt.Println":
		return "standard output"
	}
	verb := false
	for _, v := range logVerbs {
		verb = verb || strings.HasPrefix(fn.Name(), v)
	}
	if !verb {
		return ""
	}
	for _, p := range logPackages {
		if rest, ok := strings.CutPrefix(path, p); ok && (rest == "" || rest[0] == '/' && !strings.Contains(p, "log/")) && !setsUp(fn.Name()) {
			return "a log"
		}
	}
	// Any interface or type that calls itself a logger, with the usual names for levels.
	if recv := fn.Signature().Recv(); recv != nil && isLevel(fn.Name()) {
		t := typeName(recv.Type())
		if strings.HasSuffix(t, "Logger") || strings.HasSuffix(t, "Log") || t == "logger" || t == "log" {
			return "a log"
		}
	}
	return ""
}

// setsUp reports whether a name of a logging package configures instead of writing.
func setsUp(name string) bool {
	return strings.HasSuffix(name, "Writer") || strings.HasSuffix(name, "Level") || strings.HasSuffix(name, "Handler")
}

func isLevel(name string) bool {
	for _, v := range []string{"Print", "Fatal", "Panic", "Trace", "Debug", "Info", "Notice", "Warn", "Error", "Critical", "Log"} {
		if rest, ok := strings.CutPrefix(name, v); ok {
			switch rest {
			case "", "f", "w", "ln", "ing", "ingf", "Context", "S", "Ctx", "fContext", "xt":
				return true
			}
		}
	}
	return false
}
