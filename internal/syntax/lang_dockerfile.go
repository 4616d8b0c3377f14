package syntax

import "strings"

// langDockerfile is a Dockerfile.
func langDockerfile() *language {
	return &language{name: "dockerfile",
		files:   "dockerfile containerfile",
		endings: ".dockerfile",
		fences:  "docker containerfile",
		named:   namedDockerfile,
		read:    readDockerfile,
	}
}

func namedDockerfile(base string) bool {
	return strings.HasPrefix(base, "dockerfile") || strings.HasSuffix(base, ".dockerfile") ||
		strings.HasPrefix(base, "containerfile")
}

// readDockerfile reads the instructions of a container image. A stage is a Block named as AS names it.
func readDockerfile(r *reading, root *Node) {
	src := r.src
	n := root
	for i := 0; i < len(src); {
		r.step()
		end := lineEnd(src, i)
		k, e := trimLine(src, i, end)
		if k >= e {
			i = end + 1
			continue
		}
		if src[k] == '#' {
			for k < e && (src[k] == '#' || src[k] == ' ') {
				k++
			}
			hold := &Node{}
			r.commentedInstruction(hold, k, e)
			flagAll(hold.Kids, InComment)
			for _, c := range hold.Kids {
				n.put(c)
			}
			i = end + 1
			continue
		}
		word := nextBlank(src, k, e)
		heredoc := strings.Contains(src[k:e], "<<")
		// Lines that a backslash continues, and comments among them.
		for end < len(src) && (oddBackslashes(strings.TrimRight(src[k:end], " \t\r")) || commentLine(src, i, end, k)) {
			r.step()
			i = end + 1
			end = lineEnd(src, end+1)
		}
		if heredoc {
			end = r.heredocEnd(k, end)
		}
		_, e = trimLine(src, k, end)
		i = end + 1
		switch strings.ToUpper(src[k:word]) {
		case "FROM":
			n.End = max(n.End, k)
			n = root.putBlock(stageName(src[word:e]), k)
			n.End = e
			c := n.putCall("FROM", k)
			if v, ve := trim(src, word, e); v < ve {
				for strings.HasPrefix(src[v:ve], "--") {
					r.step()
					v, _ = trim(src, nextBlank(src, v, ve), ve)
				}
				w := nextBlank(src, v, ve)
				r.value(c.putNext(Arg, v), v, w, 0, refShell, nil)
			}
		case "ENV", "ARG", "LABEL":
			r.dockerSettings(n, word, e, strings.ToUpper(src[k:word]) != "LABEL")
		case "RUN", "CMD", "ENTRYPOINT", "SHELL":
			r.dockerCommand(n, word, e)
		case "HEALTHCHECK":
			if c := strings.Index(src[word:e], "CMD"); c >= 0 {
				r.dockerCommand(n, word+c+3, e)
			}
		case "ONBUILD":
			r.embed(n, "dockerfile", "", strings.TrimLeft(src[word:e], " "),
				shifted(e-len(strings.TrimLeft(src[word:e], " "))))
		case "COPY", "ADD":
			if heredoc {
				r.embed(n, "shell", "", "cat > "+lastWord(firstLine(src[k:e]))+src[word:e],
					offsets{{0, k}, {6 + len(lastWord(firstLine(src[k:e]))), word}})
			} else {
				r.dockerCopy(n.putCall(strings.ToUpper(src[k:word]), k), word, e)
			}
		default:
			r.proseLine(n, k, e)
		}
	}
	n.End = len(src)
}

// dockerCopy reads what COPY and ADD bring in, and the stage that they take it from.
func (r *reading) dockerCopy(c *Node, k, e int) {
	src := r.src
	for k, e = trim(src, k, e); k < e; k, _ = trim(src, nextBlank(src, k, e), e) {
		r.step()
		w := nextBlank(src, k, e)
		if from, is := strings.CutPrefix(src[k:w], "--from="); is {
			r.value(c.putBind("--from", k), w-len(from), w, 0, refShell, nil)
			continue
		}
		if src[k] == '-' || src[k] == '\\' {
			continue
		}
		for k < w && strings.IndexByte(`["',]`, src[k]) >= 0 {
			k++
		}
		end := w
		for end > k && strings.IndexByte(`["',]`, src[end-1]) >= 0 {
			end--
		}
		if k < end {
			r.value(c.putNext(Arg, k), k, end, 0, refShell, nil)
		}
	}
}

func lastWord(line string) string {
	f := strings.Fields(line)
	if len(f) == 0 {
		return ""
	}
	return f[len(f)-1]
}

func commentLine(src string, i, end, k int) bool {
	c, e := trimLine(src, i, end)
	return i > k && c < e && src[c] == '#'
}

// heredocEnd is the end of the last here-document that an instruction announces.
func (r *reading) heredocEnd(k, end int) int {
	src := r.src
	line := src[k:end]
	for range 8 {
		h := strings.Index(line, "<<")
		if h < 0 {
			break
		}
		line = line[h+2:]
		tag := strings.Trim(strings.TrimLeft(line[:nextBlank(line, 0, len(line))], "-"), `"'`)
		if nameEnd(tag, 0) != len(tag) || tag == "" || r.openTags[tag] {
			continue
		}
		closed := false
		for i := end + 1; i < len(src); {
			r.step()
			e := lineEnd(src, i)
			if strings.TrimSpace(src[i:e]) == tag {
				end, closed = e, true
				break
			}
			i = e + 1
		}
		if !closed {
			// What nothing closes from here on, nothing closes further down either.
			if r.openTags == nil {
				r.openTags = map[string]bool{}
			}
			r.openTags[tag] = true
		}
	}
	return end
}

func stageName(rest string) string {
	f := strings.Fields(rest)
	for i := range f {
		if strings.EqualFold(f[i], "as") && i+1 < len(f) {
			return f[i+1]
		}
	}
	return ""
}

func (r *reading) commentedInstruction(n *Node, k, e int) {
	word := nextBlank(r.src, k, e)
	switch w := r.src[k:word]; w {
	case "ENV", "ARG":
		r.dockerSettings(n, word, e, true)
	case "RUN", "CMD", "ENTRYPOINT":
		r.dockerCommand(n, word, e)
	default:
		r.commented(n, r.src[k:e], shifted(k))
	}
}

// dockerSettings reads A=b C="d" and the older form A b.
func (r *reading) dockerSettings(n *Node, k, e int, env bool) {
	src := r.src
	s := &shell{reading: r, at: k}
	var words []shellWord
	for s.at < e {
		r.step()
		switch c := src[s.at]; {
		case isSpace(c) || c == '\\' && (s.at+1 >= e || isSpace(src[s.at+1])):
			s.at++
		case c == '#' && startsLine(src, s.at):
			end := min(lineEnd(src, s.at), e)
			hold := &Node{}
			c := s.at
			for c < end && (src[c] == '#' || src[c] == ' ') {
				c++
			}
			r.dockerSettings(hold, c, end, env)
			flagAll(hold.Kids, InComment)
			for _, h := range hold.Kids {
				n.put(h)
			}
			s.at = end
		default:
			before := s.at
			w := s.word()
			if s.at == before {
				s.at++
				continue
			}
			if w.end > e {
				w.end = e
				w.raw = src[w.start:e]
			}
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		return
	}
	if _, v := assignment(words[0].raw); v == 0 && env {
		// ENV NAME value; ARG NAME
		name := words[0].text
		b := n.putBind(name, words[0].start)
		b.Flags |= Env
		b.End = e
		if len(words) == 1 {
			b.Flags |= Typed
			return
		}
		s.hang(b, words[1], 0)
		return
	}
	for _, w := range words {
		name, v := assignment(w.raw)
		if v == 0 {
			if env {
				if k := nameEnd(w.raw, 0); k > 0 && k == len(w.raw) {
					b := n.putBind(w.raw, w.start)
					b.Flags |= Env | Typed
				}
				continue
			}
			if k := strings.IndexByte(w.raw, '='); k > 0 {
				name, v = strings.Trim(w.raw[:k], `"`), k+1
			} else {
				continue
			}
		}
		b := n.putBind(name, w.start)
		b.End = w.end
		if env {
			b.Flags |= Env
		}
		s.hang(b, w, v)
	}
}

func startsLine(src string, i int) bool {
	for i > 0 && (src[i-1] == ' ' || src[i-1] == '\t') {
		i--
	}
	return i == 0 || src[i-1] == '\n'
}

// dockerCommand reads the shell form and the ["exec", "form"].
func (r *reading) dockerCommand(n *Node, k, e int) {
	src := r.src
	k, e = trim(src, k, e)
	for strings.HasPrefix(src[k:e], "--") {
		r.step()
		// --mount=type=secret
		k, _ = trim(src, nextBlank(src, k, e), e)
	}
	if k < e && src[k] == '[' {
		b := &Node{Name: "command"}
		f := &flow{reading: r, at: k, end: e}
		f.value(b, 0)
		if len(b.Kids) == 1 && b.Kids[0].Kind == List {
			r.wordList(b, b.Kids[0])
		}
		for _, c := range b.Kids {
			n.put(c)
		}
		return
	}
	r.embed(n, "shell", "", src[k:e], shifted(k))
}
