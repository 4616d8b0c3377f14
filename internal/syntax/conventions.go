package syntax

import "strings"

// conventions reads, in a tree of data, what its users agree on: {name: X, value: v} is X = v, NAME=v in a list under
// environment: is NAME = v, a string under run: is a script, a string named like a file is that file.
func (r *reading) conventions(root *Node) {
	walk(root, func(n *Node) {
		switch n.Kind {
		case Table, Block:
			pairUp(n)
		case Bind:
			r.convention(n)
			keyOfList(n)
			intrinsic(n)
		case Element:
			r.listedSetting(n)
		}
	})
}

// pairNames and pairValues are the keys of tables that hold one setting each, as name and value.
func isPairName(key string) bool {
	switch key {
	case "name", "Name", "key", "Key", "variable", "var", "envVar", "env_var", "variable_name", "NAME", "KEY",
		"option_name",
		"ParameterKey", "parameterKey", "variableName", "header", "setting", "id", "property", "attribute",
		"secret_name", "parameter_name", "env_name", "setting_name", "variable_key", "provide":
		return true
	}
	return false
}

func isPairValue(key string) bool {
	switch key {
	case "value", "Value", "val", "valueFrom", "value_from", "defaultValue", "default_value", "VALUE", "secret_value",
		"ParameterValue", "parameterValue", "string_value", "stringValue", "content", "plaintext_value", "default",
		"useValue":
		return true
	}
	return false
}

// pairUp puts what a table gives as value under a Bind of the name that it gives. The name's own place is the Bind's.
func pairUp(t *Node) {
	var name, weak *Node
	for _, k := range t.Kids {
		if k.Kind != Bind || !isPairName(localName(k.Name)) || len(k.Kids) != 1 {
			continue
		}
		l := k.Kids[0]
		if l.Kind == Ref && k.Name == "provide" { // { provide: FLAG_KEY, useValue: … } of Nest and Angular
			l = &Node{Kind: Literal, Text: l.Name, Start: l.Start, End: l.End}
		}
		if l.Kind != Literal || l.Flags&Template != 0 || l.Text == "" || len(l.Text) > 256 ||
			strings.ContainsAny(l.Text, "\n\t") {
			continue
		}
		switch k.Name {
		case "id", "property", "attribute", "header", "setting", "option_name":
			if weak == nil {
				weak = l
			}
		default:
			if name == nil || k.Name == "key" || k.Name == "Key" {
				name = l
			}
		}
	}
	if name == nil {
		name = weak
	}
	if name == nil {
		return
	}
	for _, k := range t.Kids {
		if k.Kind != Bind || !isPairValue(localName(k.Name)) || len(k.Kids) == 0 {
			continue
		}
		if c := k.Kids[0]; c.Kind == Bind && c.Name == name.Text && c.NameStart == name.Start {
			if underEnv(t) { // it was paired where that could not be seen
				c.Flags |= Env
			}
			continue
		}
		b := &Node{Kind: Bind, Name: name.Text, NameStart: name.Start, Start: k.Start, End: k.End, Parent: k,
			Kids:  k.Kids,
			Flags: k.Flags & InComment}
		if underEnv(t) {
			b.Flags |= Env
		}
		for _, g := range b.Kids {
			g.Parent = b
		}
		if len(b.Kids) == 1 && b.Kids[0].Kind == Table {
			referTo(b)
		}
		k.Kids = []*Node{b}
	}
}

// keyOfList gives what authorises a request, where its parts are a list of pairs, the name that one of them says: Postman
// writes [{"key": "key", "value": "Authorization"}, {"key": "value", "value": "x"}].
func keyOfList(b *Node) {
	if !strings.EqualFold(b.Name, "apikey") || len(b.Kids) != 1 || b.Kids[0].Kind != List {
		return
	}
	var name, value *Node // the value of the one, the name of the other
	for _, e := range b.Kids[0].Kids {
		if e.Kind != Element || len(e.Kids) != 1 || e.Kids[0].Kind != Table {
			continue
		}
		part := map[string]*Node{}
		for _, k := range e.Kids[0].Kids {
			if k.Kind == Bind && len(k.Kids) == 1 {
				part[k.Name] = k
			}
		}
		if part["key"] == nil || part["value"] == nil {
			continue
		}
		switch part["key"].Kids[0].Text {
		case "key":
			name = part["value"].Kids[0]
		case "value":
			value = part["key"]
		}
	}
	if name == nil || value == nil || name.Kind != Literal || name.Text == "" {
		return
	}
	value.Kids = []*Node{{Kind: Literal, Text: name.Text, Start: name.Start, End: name.End, Flags: name.Flags, Parent: value}}
}

// intrinsic hangs the reference that a function of CloudFormation, or an expression of a template of Azure, makes, in the
// place of the value: {"Ref": "Pass"}, {"Fn::FindInMap": ["Passes", {"Ref": "Stage"}, "gate"]}, "[parameters('pass')]".
func intrinsic(b *Node) {
	if len(b.Kids) != 1 {
		return
	}
	f, v := b, b.Kids[0]
	if v.Kind == Table && len(v.Kids) == 1 && v.Kids[0].Kind == Bind && len(v.Kids[0].Kids) == 1 {
		f, v = v.Kids[0], v.Kids[0].Kids[0]
	} else if v.Kind == Bind && v.Name == "Fn::FindInMap" && len(v.Kids) == 1 { // its short form
		f, v = v, v.Kids[0]
	}
	name, at := "", v.Start
	switch {
	case f != b && f.Name == "Ref" && v.Kind == Literal:
		name = v.Text
	case f != b && f.Name == "Fn::Sub" && v.Kind == Ref:
		name = v.Name
	case f.Name == "Fn::FindInMap" && v.Kind == List && len(v.Kids) == 3:
		name = "Mappings"
		for _, e := range v.Kids {
			part := "[]" // what is chosen when the stack is made
			if len(e.Kids) == 1 {
				at = max(at, e.Kids[0].Start)
			}
			if len(e.Kids) == 1 && e.Kids[0].Kind == Literal && e.Kids[0].Text != "" && (e.Index != 1 || e.Kids[0].Flags&Quoted != 0) {
				part = e.Kids[0].Text
			}
			name += "." + part
		}
	case f == b && v.Kind == Literal && strings.HasPrefix(v.Text, "[") && strings.HasSuffix(v.Text, "')]"):
		for _, of := range []string{"parameters", "variables"} {
			if rest, is := strings.CutPrefix(v.Text, "["+of+"('"); is && !strings.ContainsAny(rest[:len(rest)-3], "'()") {
				name = of + "." + rest[:len(rest)-3]
			}
		}
	}
	if name == "" || len(name) > 256 || strings.ContainsAny(name, " \n\"'") {
		return
	}
	ref := &Node{Kind: Ref, Name: name, NameStart: at, Start: at, End: max(at, v.End), Flags: v.Flags & InComment, Parent: b}
	b.Kids = []*Node{ref}
}

// referTo hangs the entry of a secret or a map that valueFrom: or from_secret: names beside the mapping that names it.
func referTo(b *Node) {
	for _, from := range b.Kids[0].Kids {
		if from.Kind == Bind && from.Name == "from_secret" && len(from.Kids) == 1 && from.Kids[0].Kind == Literal &&
			from.Kids[0].Text != "" { // of Drone and Woodpecker
			b.putRef(from.Kids[0].Text, from.Kids[0].Start).End = from.Kids[0].End
			return
		}
		if from.Kind != Bind || from.Name != "secretKeyRef" && from.Name != "configMapKeyRef" &&
			from.Name != "secret_key_ref" && from.Name != "config_map_key_ref" {
			continue
		}
		var store, key *Node
		for _, t := range from.Kids {
			for _, k := range t.Kids {
				if k.Kind != Bind || len(k.Kids) != 1 || k.Kids[0].Kind != Literal {
					continue
				}
				switch k.Name {
				case "name":
					store = k.Kids[0]
				case "key":
					key = k.Kids[0]
				}
			}
		}
		if key == nil || key.Text == "" {
			continue
		}
		// A key of one word is of many secrets: it needs the secret's name to say which.
		name := key.Text
		if store != nil && !strings.ContainsAny(name, "_-.") {
			name = store.Text + "-" + name
		}
		ref := b.putRef(name, key.Start)
		ref.End, ref.Flags = key.End, b.Flags&InComment
		return
	}
}

// isEnvKey says that a key holds the environment of a process.
func isEnvKey(key string) bool {
	switch key {
	case "env", "environment", "Environment", "env_vars", "envVars", "environment_variables", "environmentVariables",
		"EnvironmentVariables", "variables", "Variables", "env_variables", "containerEnv", "remoteEnv", "build-args",
		"build_args", "buildArgs", "extraEnv", "extraEnvs", "extraEnvVars", "env_variable", "envs", "ENV", "environ",
		"secrets_env", "container_env", "processEnv", "build_environment", "runtime_env", "envFrom", "plain_env":
		return true
	}
	return false
}

// underEnv says that a table stands in a list or a mapping of environment variables.
func underEnv(n *Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		switch p.Kind {
		case Bind, Block, Call:
			return isEnvKey(p.Name)
		case Table, List, Element:
		default:
			return false
		}
	}
	return false
}

func (r *reading) convention(b *Node) {
	if len(b.Kids) == 0 {
		return
	}
	if isEnvKey(b.Name) || b.Name == "args" && b.Parent != nil && underKey(b, "build") {
		for _, t := range b.Kids {
			for _, k := range t.Kids {
				if t.Kind == Table && k.Kind == Bind {
					k.Flags |= Env
					dollarName(k)
					if len(k.Kids) == 1 && k.Kids[0].Kind == Table {
						referTo(k)
					}
				}
			}
		}
	}
	if isScriptKey(b.Name) {
		r.scripts(b)
		return
	}
	if len(b.Kids) == 1 && b.Kids[0].Kind == Literal {
		l := b.Kids[0]
		if lang := langOfContent(b.Name, l); lang != "" {
			r.replace(b, l, lang, b.Name)
		}
	}
}

// dollarName makes $NAME, all of a variable's value, the reference that it is to the process around.
func dollarName(b *Node) {
	if len(b.Kids) != 1 {
		return
	}
	l := b.Kids[0]
	if l.Kind != Literal || len(l.Text) < 2 || l.Text[0] != '$' || l.End-l.Start != len(l.Text) ||
		nameEnd(l.Text, 1) != len(l.Text) {
		return
	}
	b.Kids = nil
	ref := b.putRef(l.Text[1:], l.Start+1)
	ref.End, ref.Flags = l.End, l.Flags&InComment
}

func underKey(b *Node, key string) bool {
	for p := b.Parent; p != nil; p = p.Parent {
		if p.Kind == Bind {
			return p.Name == key
		}
	}
	return false
}

// isScriptKey says that a key holds commands.
func isScriptKey(key string) bool {
	switch key {
	case "run", "script", "scripts", "before_script", "after_script", "command", "commands", "cmd", "cmds", "args",
		"entrypoint", "CMD", "ENTRYPOINT", "bash", "sh", "shell", "Command", "EntryPoint", "entryPoint", "inlineScript",
		"inline", "pre_script", "post_script", "buildCommand", "startCommand", "preDeployCommand", "postCreateCommand",
		"onCreateCommand", "postStartCommand", "initCommand", "install", "before_install", "before_deploy", "pre_build",
		"post_build", "user_data", "userData", "UserData", "healthcheck", "exec", "ExecStart", "build_command",
		"start_command",
		"release_command", "pwsh", "powershell", "steps_script", "local-exec", "jvmArgs", "argLine", "jvmArguments",
		"JAVA_OPTS", "JAVA_TOOL_OPTIONS", "javaOpts", "JVM_ARGS", "extraArgs", "extra_args", "arguments",
		"programArguments":
		return true
	}
	return false
}

// scripts reads the strings under b as commands: a string, a list of strings, the strings of a mapping.
func (r *reading) scripts(b *Node) {
	lang := "shell"
	if b.Name == "pwsh" || b.Name == "powershell" {
		lang = "powershell"
	}
	for _, k := range append([]*Node(nil), b.Kids...) {
		switch k.Kind {
		case Literal:
			if isSentence(k.Text) {
				r.replace(b, k, shellOf(lang, b, k.Text), "")
			}
		case List:
			if b.Name == "args" && ofShell(b) && len(k.Kids) == 1 && len(k.Kids[0].Kids) == 1 &&
				k.Kids[0].Kids[0].Kind == Literal && isSentence(k.Kids[0].Kids[0].Text) {
				r.replace(k.Kids[0], k.Kids[0].Kids[0], "shell", "")
				continue
			}
			if isWordList(b.Name, k) {
				r.wordList(b, k)
				continue
			}
			for _, e := range k.Kids {
				if len(e.Kids) == 1 && e.Kids[0].Kind == Literal && isSentence(e.Kids[0].Text) {
					r.replace(e, e.Kids[0], shellOf(lang, b, e.Kids[0].Text), "")
				}
			}
		case Table:
			if b.Name != "scripts" {
				continue
			}
			for _, e := range k.Kids {
				if e.Kind == Bind && len(e.Kids) == 1 && e.Kids[0].Kind == Literal && isSentence(e.Kids[0].Text) {
					r.replace(e, e.Kids[0], lang, "")
				}
			}
		}
	}
}

// ofShell reports whether the command beside a container's arguments is a shell that runs their text.
func ofShell(args *Node) bool {
	if args.Parent == nil {
		return false
	}
	for _, k := range args.Parent.Kids {
		if k.Kind != Bind || k.Name != "command" && k.Name != "entrypoint" {
			continue
		}
		words := ""
		walk(k, func(n *Node) {
			if n.Kind == Literal || n.Kind == Call {
				words += " " + n.Name + n.Text
			}
		})
		return strings.HasSuffix(words, "c") && strings.Contains(words, "sh ") && strings.Contains(words, " -")
	}
	return false
}

// shellOf says which language a script is in: a `shell:` beside it or its first line may tell.
func shellOf(lang string, b *Node, text string) string {
	if b.Parent != nil {
		for _, k := range b.Parent.Kids {
			if k.Kind == Bind && (k.Name == "shell" || k.Name == "interpreter") && len(k.Kids) == 1 &&
				k.Kids[0].Kind == Literal {
				switch s := k.Kids[0].Text; {
				case strings.HasPrefix(s, "pwsh"), strings.HasPrefix(s, "powershell"):
					return "powershell"
				case strings.HasPrefix(s, "cmd"):
					return "batch"
				case strings.HasPrefix(s, "python"):
					return "python"
				}
			}
		}
	}
	if strings.HasPrefix(text, "#!") {
		if l := shebang(text); l != "" {
			return l
		}
	}
	return lang
}

// isSentence says that a string is more than one word.
func isSentence(s string) bool {
	return strings.ContainsAny(strings.TrimSpace(s), " \t\n=$")
}

// isWordList says that a list holds the words of one command, rather than a command each.
func isWordList(key string, l *Node) bool {
	switch key {
	case "command", "args", "entrypoint", "CMD", "ENTRYPOINT", "cmd", "Command", "EntryPoint", "entryPoint", "exec",
		"extraArgs",
		"extra_args", "arguments", "programArguments", "jvmArgs", "install":
	default:
		return false
	}
	words, sentences := 0, 0
	for _, e := range l.Kids {
		if len(e.Kids) != 1 || e.Kids[0].Kind != Literal {
			continue
		}
		t := e.Kids[0].Text
		if strings.IndexByte(t, ' ') > 0 && !strings.Contains(t, ": ") && t[0] != '-' {
			sentences++
		} else {
			words++
		}
	}
	return words > 0 && words >= sentences
}

// wordList turns a list of words into a Call.
func (r *reading) wordList(b, l *Node) {
	var words []shellWord
	for _, e := range l.Kids {
		w := shellWord{start: e.Start, end: e.End}
		for _, k := range e.Kids {
			if k.Kind == Literal && k.Flags&Template == 0 && k.Flags&Default == 0 {
				w = shellWord{text: k.Text, start: k.Start, end: k.End, quoted: true, raw: r.src[k.Start:k.End]}
			} else {
				w.nodes = append(w.nodes, k)
				if k.Kind == Literal {
					w.text = k.Text
				}
			}
		}
		words = append(words, w)
	}
	if len(words) == 0 {
		return
	}
	hold := &Node{}
	s := &shell{reading: r}
	if words[0].text == "" || words[0].text[0] == '-' {
		words = append([]shellWord{{start: l.Start, end: l.Start}}, words...)
	}
	s.command(hold, words)
	flagAll(hold.Kids, l.Flags&InComment)
	for i, k := range b.Kids {
		if k == l {
			rest := append([]*Node(nil), b.Kids[i+1:]...)
			b.Kids = b.Kids[:i]
			for _, c := range hold.Kids {
				b.put(c)
			}
			b.Kids = append(b.Kids, rest...)
			break
		}
	}
}

// replace reads what a literal holds, and puts it in the literal's place. A literal of which nothing comes stays.
func (r *reading) replace(n, l *Node, lang, path string) {
	if l.Flags&Default != 0 {
		return
	}
	m := align(r.src[l.Start:l.End], l.Text, l.Start)
	if m == nil {
		if l.Flags&Template == 0 || l.End-l.Start > 1<<20 {
			return
		}
		// References were taken out of the text: the source itself is read, references and all.
		hold := &Node{}
		if r.embed(hold, lang, path, r.src[l.Start:l.End], shifted(l.Start)) {
			flagAll(hold.Kids, l.Flags&InComment)
			n.Kids = nil
			for _, k := range hold.Kids {
				n.put(k)
			}
		}
		return
	}
	hold := &Node{}
	if !r.embed(hold, lang, path, l.Text, m) {
		return
	}
	flagAll(hold.Kids, l.Flags&InComment)
	var kids []*Node
	for _, k := range n.Kids {
		if k == l {
			kids = append(kids, hold.Kids...)
			continue
		}
		kids = append(kids, k)
	}
	n.Kids = kids
	for _, k := range kids {
		k.Parent = n
	}
}

// langOfContent says what a literal under a key holds, where key or text tell it beyond doubt.
func langOfContent(key string, l *Node) string {
	if len(l.Text) < 8 {
		return ""
	}
	if strings.IndexByte(key, '.') >= 0 || key == "Dockerfile" || key == "Makefile" {
		if lang := langOfName(key); lang != "" && (l.Flags&Multiline != 0 || lang == "json" || strings.IndexByte(l.Text,
			'\n') > 0) {
			return lang
		}
	}
	t := strings.TrimSpace(l.Text)
	switch {
	case t == "":
	case (t[0] == '{' && t[len(t)-1] == '}' || t[0] == '[' && t[len(t)-1] == ']') && strings.Contains(t, `"`) &&
		(strings.Contains(t, `":`) || strings.Contains(t, `" :`)):
		return "json"
	case strings.HasPrefix(t, "<?xml"):
		return "xml"
	case strings.HasPrefix(t, "#!"):
		return shebang(t)
	case l.Flags&Multiline != 0 || strings.IndexByte(t, '\n') > 0:
		return sniffLines(t)
	}
	return ""
}

// listedSetting reads NAME=value and "Name: value" where it is an item of a list.
func (r *reading) listedSetting(e *Node) {
	env := underEnv(e) || underKey(e, "args") && underBuild(e)
	if len(e.Kids) == 0 {
		return
	}
	l := e.Kids[0]
	if l.Kind != Literal || l.Flags&(Multiline|Default) != 0 {
		return
	}
	raw := r.src[l.Start:l.End]
	k := 0
	for k < len(raw) && (isNameByte(raw[k]) || k > 0 && (raw[k] == '.' || raw[k] == '-')) {
		k++
	}
	if k == 0 || k > 128 {
		return
	}
	if k == len(raw) {
		if env && strings.ToUpper(raw) == raw && isNameStart(raw[0]) && l.Flags&Quoted == 0 {
			// A name alone is passed on from the environment around.
			b := &Node{Kind: Bind, Name: raw, NameStart: l.Start, Start: l.Start, End: l.End,
				Flags: Env | l.Flags&InComment, Parent: e}
			b.putRef(raw, l.Start).Flags = l.Flags & InComment
			e.Kids = []*Node{b}
		}
		return
	}
	if raw[k] != '=' || !isNameStart(raw[0]) || k+1 < len(raw) && raw[k+1] == '=' {
		return
	}
	b := &Node{Kind: Bind, Name: raw[:k], NameStart: l.Start, Start: l.Start, End: l.End, Flags: l.Flags & InComment,
		Parent: e}
	if env || isUpperName(raw[:k]) {
		b.Flags |= Env
	}
	start, end := l.Start+k+1, l.End
	flags := l.Flags & Quoted
	if end-start >= 2 && (r.src[start] == '"' || r.src[start] == '\'') && r.src[end-1] == r.src[start] {
		start, end, flags = start+1, end-1, Quoted
	}
	decode := func(s string) string { return s }
	if flags&Quoted != 0 && l.Start > 0 && r.src[l.Start-1] == '"' {
		decode = decodeEscapes
	}
	r.value(b, start, end, flags, refSettings|refDollar, decode)
	if l.Flags&InComment != 0 {
		flagAll(b.Kids, InComment)
	}
	e.Kids = []*Node{b}
}

func underBuild(e *Node) bool {
	for p := e.Parent; p != nil; p = p.Parent {
		if p.Kind == Bind && p.Name == "args" {
			return underKey(p, "build")
		}
	}
	return false
}

func isUpperName(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 'a' && s[i] <= 'z' {
			return false
		}
	}
	return true
}
