package golangci_test

import (
	"path/filepath"
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/unleaked/unleaked/analyzer/golangci"
)

func TestPluginIsRegistered(t *testing.T) {
	dir, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	build, err := register.GetPlugin(golangci.Name)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		settings any
		pkg      string
	}{
		{map[string]any{"public": true}, "public"},
		{map[string]any{"tests": false, "generated": false}, "notests"},
		{nil, "frontend"},
	} {
		p, err := build(test.settings)
		if err != nil {
			t.Fatalf("settings %v: %v", test.settings, err)
		}
		if mode := p.GetLoadMode(); mode != register.LoadModeTypesInfo {
			t.Errorf("load mode %q, but types are needed", mode)
		}
		list, err := p.BuildAnalyzers()
		if err != nil || len(list) != 1 {
			t.Fatalf("settings %v: %d analyzers, %v", test.settings, len(list), err)
		}
		analysistest.Run(t, dir, list[0], test.pkg)
	}
}

func TestUnknownSettingIsRefused(t *testing.T) {
	build, err := register.GetPlugin(golangci.Name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := build(map[string]any{"pubic": true}); err == nil {
		t.Error("a misspelt setting is taken")
	}
}
