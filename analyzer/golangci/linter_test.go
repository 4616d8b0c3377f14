package golangci_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A program that imports the plugin, as `golangci-lint custom` makes one, builds and finds. The command itself clones
// golangci-lint, which cannot be done everywhere.
func TestPluginInAProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a program")
	}
	dir := t.TempDir()
	linter := filepath.Join(dir, "linter.exe")
	if out, err := exec.Command("go", "build", "-o", linter, "./testdata/linter").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	token := "default:production." + strings.Repeat("5a", 28)
	for name, text := range map[string]string{
		"go.mod": "module example.com/shop\n\ngo 1.25\n",
		"main.go": "package main\n\nimport \"net/http\"\n\nfunc main() {\n\treq, _ := http.NewRequest(\"GET\", " +
			"\"https://unleash.example.com/api/client/features\", nil)\n\treq.Header.Set(\"Authorization\", \"" + token + "\")\n}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(linter, "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "main.go:7:") || strings.Contains(string(out), token) {
		t.Errorf("%v\n%s", err, out)
	}
	cmd = exec.Command(linter, "./...")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), `LINTER_SETTINGS={"pubic": true}`)
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "settings of unleaked") {
		t.Errorf("a misspelt setting is taken: %v\n%s", err, out)
	}
}
