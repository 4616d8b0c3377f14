// Command linter stands for a golangci-lint that was built with the plugin: it imports it for its registration alone,
// asks for it by name with settings as they come out of a file, and runs what it builds.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis/singlechecker"

	_ "github.com/unleaked/unleaked/analyzer/golangci"
)

func main() {
	build, err := register.GetPlugin("unleaked")
	exit(err)
	var settings any
	if text := os.Getenv("LINTER_SETTINGS"); text != "" {
		exit(json.Unmarshal([]byte(text), &settings))
	}
	plugin, err := build(settings)
	exit(err)
	list, err := plugin.BuildAnalyzers()
	exit(err)
	singlechecker.Main(list[0])
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}
