package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/unleaked/unleaked/internal/agent"
	"github.com/unleaked/unleaked/mask"
)

// The tokens of testdata/agents.
var (
	agentDigits = strings.Repeat("be44a7d0", 7)
	agentToken  = "default:production." + agentDigits
	agentAdmin  = "*:*." + agentDigits
)

// TestHookAgent answers the events in testdata/agents: each file is what an agent writes, in the form that its
// documentation gives, the files around, and the answer. UNLEAKED_UPDATE=1 writes the answers.
func TestHookAgent(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git here")
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "agents", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal("no events", err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			answerEvent(t, file, seen)
		})
	}
	for _, a := range agent.Agents() {
		for event := range a.Events() {
			if !seen[a.ID+" "+event] {
				t.Errorf("no file in testdata/agents has the event %s of %s", event, a.Name)
			}
		}
	}
}

func answerEvent(t *testing.T, file string, seen map[string]bool) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := agentTree(t)
	fill := strings.NewReplacer("$DIR", filepath.ToSlash(dir),
		"$TOKEN64", base64.StdEncoding.EncodeToString([]byte(agentToken)), "$TOKEN", agentToken, "$ADMIN", agentAdmin, "$PSEUDONYM", maskText(agentToken, mask.Options{}))
	var input string
	var want *string
	wantStatus, args := 0, []string{"hook", "agent"}
	if _, line, ok := strings.Cut(string(archive.Comment), "\nstatus "); ok {
		f := strings.Fields(line)
		wantStatus, args = int(f[0][0]-'0'), append(args, f[1:]...)
	}
	for _, f := range archive.Files {
		text := fill.Replace(string(f.Data))
		switch f.Name {
		case "event.json":
			input = text
		case "answer":
			text = string(f.Data)
			want = &text
		default:
			path := filepath.Join(dir, filepath.FromSlash(f.Name))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if c, err := agent.Parse([]byte(input)); err == nil {
		seen[c.Agent.ID+" "+c.Event] = true
		if name := filepath.Base(file); !strings.HasPrefix(name, c.Agent.ID) && !strings.HasPrefix(name, "broken") {
			t.Errorf("taken for an event of %s", c.Agent.Name)
		}
	}
	got, status := runAgent(t, args, input)
	if status != wantStatus {
		t.Errorf("status %d, want %d", status, wantStatus)
	}
	got = strings.ReplaceAll(got, filepath.ToSlash(dir), "$DIR")
	if os.Getenv("UNLEAKED_UPDATE") != "" {
		archive.Files = append(withoutFile(archive.Files, "answer"), txtar.File{Name: "answer", Data: []byte(got)})
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want == nil || got != *want {
		t.Errorf("%s\nanswered:\n%s", archive.Comment, got)
	}
}

// runAgent runs the hook and gives what it printed, standard error's lines marked, in which there must be no token.
func runAgent(t *testing.T, args []string, input string) (printed string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	status = newApp(strings.NewReader(input), &out, &errs, func(string) string { return "" }).run(context.Background(), args)
	if strings.Contains(out.String()+errs.String(), agentDigits[4:16]) {
		t.Errorf("the answer shows the token:\n%s\n%s", &out, &errs)
	}
	if out.Len() > 0 && (!json.Valid(out.Bytes()) || bytes.Count(out.Bytes(), []byte("\n")) != 1) {
		t.Errorf("the answer is not one line of JSON: %s", &out)
	}
	var b strings.Builder
	var pretty bytes.Buffer // so that a person can read the file
	if err := json.Indent(&pretty, out.Bytes(), "", "  "); err == nil {
		b.Write(pretty.Bytes())
	}
	for line := range strings.Lines(errs.String()) {
		b.WriteString("stderr: " + line)
	}
	return b.String(), status
}

func withoutFile(files []txtar.File, name string) []txtar.File {
	var list []txtar.File
	for _, f := range files {
		if f.Name != name {
			list = append(list, f)
		}
	}
	return list
}

// agentTree is an empty repository.
func agentTree(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("git", "init", "-q", dir)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git init: %v\n%s", err, out)
	}
	return dir
}

// TestAgentSettings holds the documented settings against the rows: every event that they name is one that is judged.
func TestAgentSettings(t *testing.T) {
	for id, file := range map[string]string{"claude-code": "claude-code-settings.json", "cursor": "cursor-hooks.json",
		"gemini-cli": "gemini-settings.json", "copilot": "copilot-hooks.json", "codex": "codex-hooks.json"} {
		text := readText(t, filepath.Join("..", "..", "docs", "examples", file))
		var settings struct{ Hooks map[string][]json.RawMessage }
		if err := json.Unmarshal([]byte(text), &settings); err != nil || len(settings.Hooks) < 3 {
			t.Errorf("%s: %v, %d events", file, err, len(settings.Hooks))
		}
		for _, a := range agent.Agents() {
			for event, list := range settings.Hooks {
				runs := len(list) == 1 && bytes.Contains(list[0], []byte(`"unleaked hook agent"`))
				if a.ID == id && (a.Events()[event] == agent.Other || !runs) {
					t.Errorf("%s: %s is not judged: %s", file, event, list)
				}
			}
		}
	}
	if len(agent.Agents()) != 5 {
		t.Error("an agent has no documented settings")
	}
}
