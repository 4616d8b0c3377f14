package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// logPackages are packages whose functions and methods write what they get where people read it. A path stands for its
// major versions too.
var logPackages = []string{
	"log", "log/slog", "log/syslog", "go.uber.org/zap", "github.com/sirupsen/logrus", "github.com/rs/zerolog",
	"k8s.io/klog",
	"github.com/golang/glog", "github.com/go-logr/logr", "github.com/hashicorp/go-hclog", "github.com/go-kit/log",
	"github.com/charmbracelet/log", "github.com/apex/log", "github.com/phuslu/log",
}

// logVerbs begin the names of what writes to a log.
var logVerbs = []string{"Print", "Fatal", "Panic", "Output", "Trace", "Debug", "Info", "Notice", "Warn", "Error",
	"Critical", "DPanic", "Log",
	"With", "Str", "String", "Any", "Interface", "Msg", "Group", "Reflect", "Stringer", "ByteString", "Bytes", "V",
	"Crit", "Exit"}

// errorMakers make an error of a text.
func errorMakers(name string) bool {
	switch name {
	case "errors.New", "fmt.Errorf", "github.com/pkg/errors.New", "github.com/pkg/errors.Errorf",
		"github.com/pkg/errors.Wrap", "github.com/pkg/errors.Wrapf", "github.com/pkg/errors.WithMessage",
		"github.com/pkg/errors.WithMessagef", "golang.org/x/xerrors.New", "golang.org/x/xerrors.Errorf":
		return true
	}
	return false
}

// logger is what a function writes to, in words, "" for one that writes nothing that people read.
func logger(fn *types.Func) string {
	name, path := fn.FullName(), pkgPath(fn)
	switch {
	case errorMakers(name):
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
		if rest, ok := strings.CutPrefix(path, p); ok && (rest == "" || rest[0] == '/' &&
			!strings.Contains(p, "log/")) && !setsUp(fn.Name()) {
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

// logs notes the arguments of a call that writes them where people read them: those that a format shows, and the fields
// of structs that are printed whole.
func (c *check) logs(e *ast.CallExpr, args []id, name, what string) {
	shown := slices.Repeat([]bool{true}, len(args))
	if strings.HasSuffix(name, "f") && e.Ellipsis == token.NoPos {
		for i, a := range e.Args {
			format, ok := c.constText(a)
			if !ok || strings.Contains(format, "%[") || !strings.Contains(format, "%") {
				continue
			}
			next := i + 1
			for _, v := range verbs(format) {
				if v.verb == 0 {
					continue
				}
				if next < len(args) {
					shown[next] = v.shows()
				}
				next++
			}
			break
		}
	}
	for i, a := range args {
		if !shown[i] {
			continue
		}
		c.use(logged, a, e.Args[i], what)
		for _, f := range printedFields(c.typeOf(e.Args[i]), c.pass.Pkg) {
			c.use(logged, c.object(f), e.Args[i], what+" (field "+f.Name()+")")
		}
	}
}

// printedFields are the fields of this package's structs that fmt shows when it gets the struct or a pointer to it. A
// struct that knows how to show itself is trusted to leave secrets out.
func printedFields(t types.Type, pkg *types.Package) []*types.Var {
	for _, m := range []string{"String", "Error", "Format", "GoString", "MarshalText", "MarshalJSON", "LogValue"} {
		if obj, _, _ := types.LookupFieldOrMethod(t, true, pkg, m); obj != nil {
			if _, ok := obj.(*types.Func); ok {
				return nil
			}
		}
	}
	st, ok := deref(t).Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var out []*types.Var
	for i := range st.NumFields() {
		if f := st.Field(i); f.Pkg() == pkg && isString(f.Type()) {
			out = append(out, f)
		}
	}
	return out
}

// setsUp reports whether a name of a logging package configures instead of writing.
func setsUp(name string) bool {
	return strings.HasSuffix(name, "Writer") || strings.HasSuffix(name, "Level") || strings.HasSuffix(name, "Handler")
}

func isLevel(name string) bool {
	for _, v := range []string{"Print", "Fatal", "Panic", "Trace", "Debug", "Info", "Notice", "Warn", "Error",
		"Critical", "Log"} {
		if rest, ok := strings.CutPrefix(name, v); ok {
			switch rest {
			case "", "f", "w", "ln", "ing", "ingf", "Context", "S", "Ctx", "fContext", "xt":
				return true
			}
		}
	}
	return false
}
