package agent

import (
	"bytes"
	"encoding/json"
	"strings"
)

// encode is a value as JSON on one line, with the characters of markup as they are.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil { // of our own objects none has what cannot be written
		return []byte("{}")
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// eachString is JSON with each of its strings, names of members included, changed by change. All other bytes, and strings
// that stay as they are, are those of raw: numbers keep their digits and members their order.
func eachString(raw json.RawMessage, change func(string) string) json.RawMessage {
	if !json.Valid(raw) {
		return raw
	}
	var b bytes.Buffer
	for at := 0; at < len(raw); {
		if raw[at] != '"' {
			b.WriteByte(raw[at])
			at++
			continue
		}
		end := at + 1
		for raw[end] != '"' {
			if raw[end] == '\\' {
				end++
			}
			end++
		}
		literal := raw[at : end+1]
		var s string
		if json.Unmarshal(literal, &s) == nil {
			if to := change(s); to != s {
				literal = encode(to)
			}
		}
		b.Write(literal)
		at = end + 1
	}
	return b.Bytes()
}

// texts are the strings of JSON, nil of what is none.
func texts(raw json.RawMessage) []string {
	var list []string
	eachString(raw, func(s string) string {
		list = append(list, s)
		return s
	})
	return list
}

// member is a member of an object, nil where raw is no object or has none of this name.
func member(raw json.RawMessage, name string) json.RawMessage {
	var o event
	if json.Unmarshal(raw, &o) != nil {
		return nil
	}
	return o[name]
}

// flat is what a tool gave as one text: its only text, or the texts of its parts, else the JSON itself. The parts may
// stand in a list, or in the content of what an MCP server answered.
func flat(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	list := raw
	if content := member(raw, "content"); content != nil {
		list = content
	}
	var parts []event
	if one := member(raw, "text"); one != nil {
		parts = []event{{"text": one}}
	} else if json.Unmarshal(list, &parts) != nil {
		return string(raw)
	}
	var texts []string
	for _, p := range parts {
		if t := p.text("text"); t != "" {
			texts = append(texts, t)
		}
	}
	if len(texts) == 0 {
		return string(raw)
	}
	return strings.Join(texts, "\n")
}
