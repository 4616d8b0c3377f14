package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// A hookManager is a program that writes the hooks of a repository from a file of its own. What stands in the hooks
// folder besides is gone, or set aside, at its next install.
type hookManager struct {
	name  string
	files []string // of the work tree, by which it is known
	key   string   // what must stand in such a file; "" for no matter what
	mark  string   // what stands in the hooks that it writes
	// where says what is to be added where, for each hook.
	where func(hook string) (file, lines string)
	// install is the command that makes it count, "" where none is needed.
	install string
}

// hookManagers are the managers there are.
var hookManagers = []hookManager{
	{"husky", []string{".husky"}, "", "husky", func(hook string) (file, lines string) {
		arguments := ""
		if hook == "pre-push" {
			arguments = ` "$@"`
		}
		return ".husky/" + hook, "unleaked hook run " + hook + arguments
	}, ""},
	{"lefthook", []string{"lefthook.yml", ".lefthook.yml", "lefthook.yaml", ".lefthook.yaml", "lefthook.toml",
		".lefthook.toml", "lefthook.json", ".lefthook.json", ".config/lefthook.yml", ".config/lefthook.yaml"}, "", "lefthook",
		func(hook string) (file, lines string) {
			lines = hook + ":\n  jobs:\n    - name: unleaked\n      run: unleaked hook run " + hook
			if hook == "pre-push" {
				lines += " {1} {2}\n      use_stdin: true"
			}
			return "lefthook.yml", lines
		}, "lefthook install"},
	{"pre-commit", []string{".pre-commit-config.yaml"}, "", "pre-commit.com", func(hook string) (file, lines string) {
		id := "unleaked"
		if hook == "pre-push" {
			id = "unleaked-push"
		}
		return ".pre-commit-config.yaml, under repos",
			"- repo: https://github.com/unleaked/unleaked\n  rev: v0.2.0\n  hooks:\n    - id: " + id
	}, "pre-commit install --hook-type pre-commit --hook-type pre-push"},
	{"simple-git-hooks", []string{"package.json"}, `"simple-git-hooks"`, "SIMPLE_GIT_HOOKS",
		func(hook string) (file, lines string) {
			arguments := ""
			if hook == "pre-push" {
				arguments = " $1 $2"
			}
			return "package.json, under simple-git-hooks", `"` + hook + `": "unleaked hook run ` + hook + arguments + `"`
		}, "npx simple-git-hooks"},
	{"overcommit", []string{".overcommit.yml"}, "", "overcommit", func(hook string) (file, lines string) {
		class := map[string]string{"pre-commit": "PreCommit", "pre-push": "PrePush"}[hook]
		return ".overcommit.yml", class + ":\n  Unleaked:\n    enabled: true\n    command: [unleaked, hook, run, " + hook + "]"
	}, "overcommit --sign"},
}

// managerOf is the manager of a repository's hooks, nil where there is none: by the hooks that it wrote, by the folder
// that git is pointed to, or by its file in the work tree.
func managerOf(top, dir string, hooks []string) *hookManager {
	for i := range hookManagers {
		if m := &hookManagers[i]; m.wrote(dir, hooks) || strings.Contains(filepath.ToSlash(dir)+"/", "/."+m.name+"/") {
			return m
		}
	}
	for i := range hookManagers {
		if m := &hookManagers[i]; m.configured(top) {
			return m
		}
	}
	return nil
}

// wrote reports whether one of the hooks in a folder is the manager's.
func (m *hookManager) wrote(dir string, hooks []string) bool {
	for _, hook := range hooks {
		text, err := os.ReadFile(filepath.Join(dir, hook))
		if err == nil && bytes.Contains(text, []byte(m.mark)) && !bytes.Contains(text, []byte(hookMark)) {
			return true
		}
	}
	return false
}

// configured reports whether a work tree has the manager's file.
func (m *hookManager) configured(top string) bool {
	for _, file := range m.files {
		path := filepath.Join(top, filepath.FromSlash(file))
		if _, err := os.Stat(path); err != nil {
			continue
		}
		if m.key == "" {
			return true
		}
		if text, err := os.ReadFile(path); err == nil && bytes.Contains(text, []byte(m.key)) {
			return true
		}
	}
	return false
}

// instead is the error that says what to do where a manager writes the hooks.
func (m *hookManager) instead(hooks []string) error {
	var b strings.Builder
	b.WriteString(m.name + " writes the hooks of this repository, and its next install would throw ours away.")
	last := ""
	for _, hook := range hooks {
		file, lines := m.where(hook)
		if file != last {
			b.WriteString("\nTo " + file + " add\n\n")
		}
		last = file
		for line := range strings.SplitSeq(lines, "\n") {
			b.WriteString("  " + line + "\n")
		}
	}
	if m.install != "" {
		b.WriteString("\nand run\n\n  " + m.install + "\n")
	}
	b.WriteString("\nWith --force the hook is written all the same.")
	return errors.New(b.String())
}
