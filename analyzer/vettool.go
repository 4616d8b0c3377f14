package analyzer

import (
	"encoding/json"
	"os"
	"strings"

	"golang.org/x/tools/go/analysis/unitchecker"
)

// IsVetTool reports whether arguments (without the program's name) are those with which `go vet -vettool` calls its
// tool.
func IsVetTool(args []string) bool {
	if len(args) == 1 && (args[0] == "-V=full" || args[0] == "-flags") {
		return true
	}
	return len(args) > 0 && strings.HasSuffix(args[len(args)-1], ".cfg") && !strings.HasPrefix(args[len(args)-1],
		"-") &&
		isUnit(args[len(args)-1])
}

// RunVetTool does what `go vet -vettool` asks for, and exits.
func RunVetTool() {
	if len(os.Args) > 1 && skipUnit(os.Args[len(os.Args)-1]) {
		os.Exit(0)
	}
	unitchecker.Main(Analyzer)
}

// unit is what go vet says of a package, as far as it is needed to see that there is nothing to do.
type unit struct {
	ImportPath    string
	ModuleVersion string
	ModulePath    string
	ImportMap     map[string]string
	PackageVetx   map[string]string
	GoFiles       []string
	VetxOnly      bool
	VetxOutput    string
	Stdout        string
}

func readUnit(file string) (unit, bool) {
	var u unit
	data, err := os.ReadFile(file)
	if err != nil || json.Unmarshal(data, &u) != nil {
		return unit{}, false
	}
	return u, len(u.GoFiles) > 0 && u.ImportPath != ""
}

// isUnit reports whether a file is go vet's description of a package: other programs' files end in .cfg too.
func isUnit(file string) bool {
	_, ok := readUnit(file)
	return ok
}

// skipUnit deals with the packages that are only asked for their facts and can have none that matter, which are nearly
// all: those of the standard library and of other modules that neither import a sink nor a package with facts. Facts
// are worth a type-check only where a token may come by. It reports whether the package is done.
func skipUnit(file string) bool {
	u, ok := readUnit(file)
	if !ok || !u.VetxOnly || u.ModulePath != "" && u.ModuleVersion == "" || u.Stdout != "" {
		return false
	}
	for _, path := range u.ImportMap {
		if isSDK(path) {
			return false
		}
	}
	for _, vetx := range u.PackageVetx {
		if info, err := os.Stat(vetx); err != nil || info.Size() > 0 {
			return false
		}
	}
	// An empty file is an empty set of facts.
	return u.VetxOutput != "" && os.WriteFile(u.VetxOutput, nil, 0o666) == nil
}
