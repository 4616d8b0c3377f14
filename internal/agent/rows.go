package agent

import "encoding/json"

// object is a JSON object; encoding/json writes its members in the order of their names.
type object = map[string]any

// byName is the event's own name for itself.
func byName(e event) string { return e.text("hook_event_name", "hookEventName") }

// nested are the answers of the agents that follow Claude Code's form.
func nested(event string, members object) object {
	members["hookEventName"] = event
	return object{"hookSpecificOutput": members}
}

func nestedDeny(c *Call, reason string) any {
	if c.Moment == Prompt {
		return object{"decision": "block", "reason": reason}
	}
	return nested(c.Event, object{"permissionDecision": "deny", "permissionDecisionReason": reason})
}

func nestedTell(c *Call, note string) any { return nested(c.Event, object{"additionalContext": note}) }

func systemMessage(_ *Call, text string) any { return object{"systemMessage": text} }

// Claude Code: https://code.claude.com/docs/en/hooks, and the types of @anthropic-ai/claude-agent-sdk 0.3.332
// (PreToolUseHookInput, PostToolUseHookSpecificOutput.updatedToolOutput, FileEditInput and so on). Standard output is
// read as JSON where the status is 0; 2 stops with standard error for a reason; any other status is shown to the person
// and stops nothing. Silence is no opinion; "allow" would take the person's own question away.
var claude = &Agent{
	ID: "claude-code", Name: "Claude Code", Doc: "https://code.claude.com/docs/en/hooks",
	mine: func(e event) bool { return e.first("session_id") != nil && e.text("hook_event_name") != "" },
	name: byName,
	events: map[string]Moment{"PreToolUse": Before, "PostToolUse": After, "PostToolUseFailure": After,
		"UserPromptSubmit": Prompt},
	tool: []string{"tool_name"}, args: []string{"tool_input"}, output: []string{"tool_response"},
	failure: []string{"error"}, prompt: []string{"prompt"},
	fields: fields{path: []string{"file_path", "notebook_path"}, content: []string{"content"},
		old: []string{"old_string"}, new: []string{"new_string"}, edits: []string{"edits"},
		command: []string{"command"}, cell: []string{"new_source"}},
	replaces: func(c *Call) bool { return c.Event == "PostToolUse" },
	deny:     nestedDeny,
	replace: func(c *Call, output json.RawMessage, note string) any {
		return nested(c.Event, object{"updatedToolOutput": output, "additionalContext": note})
	},
	tell: nestedTell,
	warn: systemMessage,
}

// Codex: https://developers.openai.com/codex/hooks, and the schemas in codex-rs/hooks/schema of openai/codex. The events
// and answers are Claude Code's, with the turn's id beside; members that Codex does not know make an answer invalid. What a
// tool gave can be rejected, and the reason stands in its place.
var codex = &Agent{
	ID: "codex", Name: "Codex", Doc: "https://developers.openai.com/codex/hooks",
	mine:   func(e event) bool { return e.first("turn_id") != nil && e.text("hook_event_name") != "" },
	name:   byName,
	events: map[string]Moment{"PreToolUse": Before, "PostToolUse": After, "UserPromptSubmit": Prompt},
	tool:   []string{"tool_name"}, args: []string{"tool_input"}, output: []string{"tool_response"},
	prompt: []string{"prompt"},
	fields: fields{path: []string{"file_path", "path"}, content: []string{"content"}, old: []string{"old_string"},
		new: []string{"new_string"}, command: []string{"command"}, patch: []string{"command", "input", "patch"}},
	replaces: func(*Call) bool { return true },
	deny:     nestedDeny,
	replace: func(_ *Call, output json.RawMessage, note string) any {
		return object{"decision": "block", "reason": note + "\n\n" + flat(output)}
	},
	tell: nestedTell,
	warn: systemMessage,
}

// Gemini CLI: https://geminicli.com/docs/hooks/reference. Status 0 and JSON on standard output, nothing else; 2 stops with
// standard error for a reason; any other status is a warning. Denying what a tool gave hides it, and the reason stands in
// its place.
var gemini = &Agent{
	ID: "gemini-cli", Name: "Gemini CLI", Doc: "https://geminicli.com/docs/hooks/reference",
	mine: func(e event) bool {
		switch byName(e) {
		case "BeforeTool", "AfterTool", "BeforeAgent", "AfterAgent", "BeforeModel", "AfterModel", "BeforeToolSelection",
			"PreCompress":
			return true
		case "SessionStart", "SessionEnd", "Notification": // others have them too, without a time or a transcript
			return e.text("timestamp") != "" && e.text("transcript_path") != ""
		}
		return false
	},
	name:   byName,
	events: map[string]Moment{"BeforeTool": Before, "AfterTool": After, "BeforeAgent": Prompt},
	tool:   []string{"tool_name"}, args: []string{"tool_input"}, output: []string{"tool_response"},
	prompt: []string{"prompt"},
	fields: fields{path: []string{"file_path", "absolute_path", "path"}, content: []string{"content"},
		old: []string{"old_string"}, new: []string{"new_string"}, command: []string{"command"}},
	replaces: func(*Call) bool { return true },
	deny:     func(_ *Call, reason string) any { return object{"decision": "deny", "reason": reason} },
	replace: func(_ *Call, output json.RawMessage, note string) any {
		return object{"decision": "deny", "reason": note + "\n\n" + flat(member(output, "llmContent"))}
	},
	tell: nestedTell,
	warn: systemMessage,
}

// Cursor: https://cursor.com/docs/hooks. Status 0 and one JSON object; 2 stops; any other status stops nothing, unless the
// entry has failClosed. What a built-in tool gave cannot be replaced, what a tool of an MCP server gave can. A file is
// shown to the hook before it is read. Cursor runs the hooks of Claude Code's settings too, with its own events.
var cursor = &Agent{
	ID: "cursor", Name: "Cursor", Doc: "https://cursor.com/docs/hooks",
	mine: func(e event) bool { return e.first("cursor_version", "conversation_id", "generation_id") != nil },
	name: byName,
	events: map[string]Moment{"preToolUse": Before, "beforeShellExecution": Before, "beforeMCPExecution": Before,
		"beforeReadFile": Read, "beforeTabFileRead": Read, "beforeSubmitPrompt": Prompt, "postToolUse": After,
		"postToolUseFailure": After, "PreToolUse": Before, "PostToolUse": After, "UserPromptSubmit": Prompt},
	tool: []string{"tool_name"}, args: []string{"tool_input"}, output: []string{"tool_output", "tool_response"},
	failure: []string{"error_message"}, prompt: []string{"prompt"},
	fields: fields{path: []string{"file_path", "path", "target_file", "target_notebook"},
		content: []string{"content", "contents", "file_text"}, old: []string{"old_string"}, new: []string{"new_string"},
		edits: []string{"edits"}, command: []string{"command"}},
	replaces: func(c *Call) bool { return len(c.Tool) > 4 && c.Tool[:4] == "MCP:" },
	deny: func(c *Call, reason string) any {
		switch c.Moment {
		case Prompt:
			return object{"continue": false, "user_message": reason}
		case Read:
			return object{"permission": "deny", "user_message": reason}
		}
		return object{"permission": "deny", "user_message": reason, "agent_message": reason}
	},
	replace: func(_ *Call, output json.RawMessage, note string) any {
		return object{"updated_mcp_tool_output": output, "additional_context": note}
	},
	tell: func(_ *Call, note string) any { return object{"additional_context": note} },
	pass: func(c *Call) any {
		switch c.Moment {
		case Read:
			return object{"permission": "allow"} // nobody is asked before a file is read
		case Before:
			if c.Event != "preToolUse" {
				return nil // these want a permission, and "allow" would take the person's question away
			}
		}
		return object{}
	},
}

// GitHub Copilot, in the terminal, in the cloud and in VS Code: https://docs.github.com/en/copilot/reference/hooks-reference
// and https://code.visualstudio.com/docs/agents/reference/hooks-reference. An event in camel case has no name: what is in
// it tells which it is. A status other than 0 denies what a tool is about to do, so that a hook that passes must end with
// 0. Events with a name are answered in both forms, Copilot's own and the one of VS Code. A prompt is stopped by the
// answer that stops it in Claude Code, in both forms: tried with 1.0.102 in the terminal.
var copilot = &Agent{
	ID: "copilot", Name: "GitHub Copilot", Doc: "https://docs.github.com/en/copilot/reference/hooks-reference",
	mine: func(e event) bool {
		return e.text("toolName") != "" || e.first("timestamp") != nil && e.first("turn_id") == nil
	},
	name: func(e event) string {
		switch {
		case byName(e) != "":
			return byName(e)
		case e.first("toolResult") != nil:
			return "postToolUse"
		case e.first("toolName") != nil && e.first("error") != nil:
			return "postToolUseFailure"
		case e.first("toolName") != nil:
			return "preToolUse"
		case e.first("prompt") != nil:
			return "userPromptSubmitted"
		}
		return "without a name"
	},
	events: map[string]Moment{"preToolUse": Before, "PreToolUse": Before, "postToolUse": After, "PostToolUse": After,
		"postToolUseFailure": After, "PostToolUseFailure": After, "UserPromptSubmit": Prompt,
		"userPromptSubmitted": Prompt},
	tool: []string{"toolName", "tool_name"}, args: []string{"toolArgs", "tool_input"},
	output:  []string{"toolResult", "tool_result", "tool_response"},
	failure: []string{"error"}, prompt: []string{"prompt"},
	fields: fields{path: []string{"path", "filePath", "file_path"}, content: []string{"file_text", "content", "code"},
		old: []string{"old_str", "oldString", "old_string"}, new: []string{"new_str", "newString", "new_string"},
		edits: []string{"replacements", "edits"}, command: []string{"command"}, patch: []string{"input", "patch", "command"}},
	replaces: func(c *Call) bool {
		return member(c.raw, "textResultForLlm") != nil || member(c.raw, "text_result_for_llm") != nil
	},
	deny: func(c *Call, reason string) any {
		if c.Moment == Before && !c.named {
			return object{"permissionDecision": "deny", "permissionDecisionReason": reason}
		}
		o := nestedDeny(c, reason).(object)
		if c.Moment == Before {
			o["permissionDecision"], o["permissionDecisionReason"] = "deny", reason
		}
		return o
	},
	replace: func(c *Call, output json.RawMessage, note string) any {
		text := member(output, "textResultForLlm")
		if text == nil {
			text = member(output, "text_result_for_llm")
		}
		return object{"modifiedResult": object{"resultType": "success", "textResultForLlm": text}, "additionalContext": note}
	},
	tell: func(c *Call, note string) any {
		o := object{"additionalContext": note}
		if c.named {
			o["hookSpecificOutput"] = object{"hookEventName": c.Event, "additionalContext": note}
		}
		return o
	},
}
