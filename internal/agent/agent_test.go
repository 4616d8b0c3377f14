package agent

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// Whose an event is shows in it, whatever hooks the agent was given it by.
func TestParseKnowsWhose(t *testing.T) {
	for _, row := range []struct{ event, agent, name string }{
		{`{"session_id":"s","hook_event_name":"PreToolUse","tool_name":"Bash"}`, "claude-code", "PreToolUse"},
		{`{"session_id":"s","turn_id":"t","hook_event_name":"PreToolUse","tool_name":"Bash"}`, "codex", "PreToolUse"},
		{`{"session_id":"s","timestamp":"2026-11-30T12:00:00Z","hook_event_name":"PreToolUse","tool_name":"Bash"}`, "copilot", "PreToolUse"},
		{`{"sessionId":"s","timestamp":1,"toolName":"bash","toolArgs":{}}`, "copilot", "preToolUse"},
		{`{"sessionId":"s","timestamp":1,"toolName":"bash","toolResult":{}}`, "copilot", "postToolUse"},
		{`{"sessionId":"s","timestamp":1,"source":"new"}`, "copilot", "without a name"},
		{`{"session_id":"s","cursor_version":"2","hook_event_name":"PreToolUse","tool_name":"Shell"}`, "cursor", "PreToolUse"},
		{`{"session_id":"s","timestamp":"2026","hook_event_name":"BeforeTool"}`, "gemini-cli", "BeforeTool"},
		{`{"session_id":"s","timestamp":"2026","transcript_path":"t","hook_event_name":"SessionStart"}`, "gemini-cli", "SessionStart"},
	} {
		c, err := Parse([]byte(row.event))
		if err != nil || c.Agent.ID != row.agent || c.Event != row.name {
			t.Errorf("%s: %+v, %v", row.event, c, err)
		}
	}
	for _, text := range []string{"", "null", "[]", "1", `"x"`, "{", `{"a":1} {"b":2}`} {
		if _, err := Parse([]byte(text)); !errors.Is(err, ErrNoEvent) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := Parse([]byte(`{"hook_event_name":"X"}`)); err == nil || errors.Is(err, ErrNoEvent) {
		t.Error("an event of nobody:", err)
	}
}

// What a tool is given is known by the names of its arguments.
func TestArguments(t *testing.T) {
	for _, row := range []struct{ args, before, writes, texts string }{
		{`{"file_path":"a","content":"x"}`, "", "a=x", ""},
		{`{"file_path":"a","content":""}`, "old", "a=", ""},
		{`{"file_path":"a"}`, "", "", ""},
		{`{"file_path":"a","offset":1}`, "", "", `arguments.json={"offset":1}`},
		{`{"file_path":"a","old_string":"b","new_string":"c"}`, "b b", "a=c b", ""},
		{`{"file_path":"a","old_string":"b","new_string":"c","replace_all":true}`, "b b", "a=c c", `arguments.json={"replace_all":true}`},
		{`{"file_path":"a","old_string":"","new_string":"c"}`, "", "a=c", ""},
		{`{"file_path":"a","old_string":"gone","new_string":"c"}`, "b", "a=b\nc", ""},
		{`{"file_path":"a","new_string":"c"}`, "b", "a=b\nc", ""},
		{`{"file_path":"a","edits":[{"old_string":"1","new_string":"2"},{"old_string":"2","new_string":"3"}]}`, "1", "a=3", ""},
		{`{"command":"ls"}`, "", "", "command.sh=ls"},
		{`{"command":"ls","description":"List"}`, "", "", `command.sh=ls|arguments.json={"description":"List"}`},
		{`{"command":["ls","-l"]}`, "", "", `arguments.json={"command":["ls","-l"]}`},
		{`{"title":"x"}`, "", "", `arguments.json={"title":"x"}`},
		{`"{\"command\":\"ls\"}"`, "", "", "command.sh=ls"},
		{`"ls"`, "", "", "command.sh=ls"},
		{`[1]`, "", "", ""},
		{`{"command":"cd x && apply_patch <<E\n*** Begin Patch\n*** Add File: n\n+one\n+two\n*** End Patch\nE\nls"}`, "",
			"n=one\ntwo\n", "command.sh=cd x && apply_patch <<E\n\nE\nls"},
		{`{"command":"*** Begin Patch\n*** Update File: u\n@@ f\n a\n-b\n+c\n d\n*** Delete File: z\n*** End Patch"}`,
			"a\nb\nd\n", "u=a\nc\nd\n", ""},
		{`{"command":"*** Begin Patch\n*** Update File: u\n*** Move to: v\n@@\n-b\n+c\n*** End Patch"}`, "b\n", "v=c\n", ""},
		{`{"command":"*** Begin Patch\n*** Update File: u\n@@\n-1\n+2\n@@\n-3\n+4\n*** End of File\n"}`, "1\n3\n", "u=2\n4\n", ""},
	} {
		c := &Call{Agent: claude}
		c.arguments(json.RawMessage(row.args))
		var writes, texts []string
		for _, w := range c.Writes {
			writes = append(writes, w.Path+"="+string(w.Edit([]byte(row.before))))
		}
		for _, x := range c.Texts {
			texts = append(texts, x.Name+"="+x.Text)
		}
		if got := strings.Join(writes, "|"); got != row.writes {
			t.Errorf("%s writes %q, want %q", row.args, got, row.writes)
		}
		if got := strings.Join(texts, "|"); got != row.texts {
			t.Errorf("%s gives %q, want %q", row.args, got, row.texts)
		}
	}
}

// Only strings change, and only those that are to.
func TestEachString(t *testing.T) {
	shout := func(s string) string {
		if s == "a" || s == `q"\` {
			return s + "<é"
		}
		return s
	}
	for in, want := range map[string]string{
		`{ "k" : "a", "n":1.50, "e":"é\/", "l":["a", null,"b"] }`: `{ "k" : "a<é", "n":1.50, "e":"é\/", "l":["a<é", null,"b"] }`,
		`"q\"\\"`:              `"q\"\\<é"`,
		`{"a":{"b":1}}`:        `{"a<é":{"b":1}}`,
		`12345678901234567890`: `12345678901234567890`,
		`"open`:                `"open`,
		``:                     ``,
	} {
		if got := string(eachString(json.RawMessage(in), shout)); got != want {
			t.Errorf("%s became %s, want %s", in, got, want)
		}
	}
}

func TestFlat(t *testing.T) {
	for in, want := range map[string]string{
		`"a"`: "a", `{"text":"a"}`: "a", `[{"text":"a"},{"text":"b"}]`: "a\nb", `{"x":1}`: `{"x":1}`, `[1]`: `[1]`,
		`[{"inlineData":1}]`: `[{"inlineData":1}]`, `{"content":[{"type":"text","text":"a"}],"isError":false}`: "a",
		`{"content":[{"type":"image"}]}`: `{"content":[{"type":"image"}]}`, `{"content":1}`: `{"content":1}`,
	} {
		if got := flat(json.RawMessage(in)); got != want {
			t.Errorf("flat(%s) = %q, want %q", in, got, want)
		}
	}
}

// FuzzParse holds that no input makes a fault, and that what is rewritten stays JSON.
func FuzzParse(f *testing.F) {
	for _, a := range Agents() {
		for event := range a.events {
			f.Add(`{"session_id":"s","hook_event_name":"` + event + `","tool_name":"T","tool_input":{"file_path":"a","edits":[{}],` +
				`"command":"*** Begin Patch\n*** Update File: u\n@@\n-1\n+2"},"tool_response":"[\"a\"]","tool_output":"{}"}`)
		}
	}
	f.Fuzz(func(t *testing.T, input string) {
		c, err := Parse([]byte(input))
		if err != nil {
			return
		}
		for _, w := range c.Writes {
			if w.Edit != nil {
				w.Edit(nil)
				w.Edit([]byte("1\n2\n"))
			}
		}
		answers := []Answer{c.Pass(), c.Deny("no"), c.Tell("so"), c.Warn("oh")}
		if c.CanReplace() {
			answers = append(answers, c.Replace(strings.ToUpper, "so"))
		}
		for _, a := range answers {
			if len(a.Stdout) > 0 && !json.Valid(a.Stdout) {
				t.Errorf("no JSON: %s", a.Stdout)
			}
		}
	})
}
