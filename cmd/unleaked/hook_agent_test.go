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
// documentation gives, the files around, and the answer. UNLEAKED_UPDATE=1 writes the answers. What running agents wrote
// stands in testdata/agents/recorded (TestRecordedAgents).
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
			put(t, filepath.Join(dir, filepath.FromSlash(f.Name)), text)
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
		put(t, file, string(txtar.Format(archive)))
		return
	}
	if want == nil || got != *want {
		t.Errorf("%s\nanswered:\n%s", archive.Comment, got)
	}
}

// TestRecordedAgents plays sessions of real agents again: testdata/agents/recorded, written by testdata/agents/record. The
// files of a session stand in its order: a tree's file as it is from there on, an event, its answer.
func TestRecordedAgents(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git here")
	}
	recorded := map[string]bool{}
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "agents", "recorded", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			recorded[playSession(t, file)] = true
		})
	}
	for _, a := range agent.Agents() {
		if a.ID != "cursor" && !recorded[a.ID] { // Cursor cannot be run without an account: docs/agents.md says so
			t.Errorf("no session of %s is recorded", a.Name)
		}
	}
}

// playSession gives the identifier of the agent whose session it was.
func playSession(t *testing.T, file string) (id string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := agentTree(t)
	fill := strings.NewReplacer("$DIR", filepath.ToSlash(dir), "$TOKEN", agentToken)
	var got, event string
	for i, f := range archive.Files {
		text := fill.Replace(string(f.Data))
		switch {
		case strings.HasSuffix(f.Name, ".event"):
			c, err := agent.Parse([]byte(text))
			if err != nil || !strings.HasPrefix(filepath.Base(file), c.Agent.ID) || c.Moment == agent.Other {
				t.Fatalf("%s: taken for %+v, %v", f.Name, c, err)
			}
			id, event = c.Agent.ID, f.Name
			var status int
			if got, status = runAgent(t, []string{"hook", "agent"}, text); status != 0 {
				t.Errorf("%s: status %d", f.Name, status)
			}
			got = strings.ReplaceAll(got, filepath.ToSlash(dir), "$DIR")
		case strings.HasSuffix(f.Name, ".answer"):
			if os.Getenv("UNLEAKED_UPDATE") != "" {
				archive.Files[i].Data = []byte(got)
			} else if got != string(f.Data) {
				t.Errorf("%s was answered:\n%s", event, got)
			}
		default:
			put(t, filepath.Join(dir, filepath.FromSlash(f.Name)), text)
		}
	}
	if os.Getenv("UNLEAKED_UPDATE") != "" {
		put(t, file, string(txtar.Format(archive)))
	}
	return id
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

// put writes a file, in a folder that need not be there yet.
func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
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
