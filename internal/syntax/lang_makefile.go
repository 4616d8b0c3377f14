package syntax

import "strings"

// langMakefile is a makefile.
func langMakefile() *language {
	return &language{name: "makefile",
		files:    "makefile gnumakefile justfile .justfile",
		endings:  ".mk .mak .make",
		fences:   "make",
		programs: "make",
		named:    namedMakefile,
		read:     readMakefile,
	}
}

func namedMakefile(base string) bool {
	return strings.HasPrefix(base, "makefile.") || strings.HasPrefix(base, "gnumakefile")
}

// readMakefile reads variables, and recipes as shell. It serves just's files too.
func readMakefile(r *reading, root *Node) {
	src := r.src
	target := root
	for i := 0; i < len(src); {
		r.step()
		end := lineEnd(src, i)
		k, e := trimLine(src, i, end)
		if k >= e {
			i = end + 1
			continue
		}
		indented := k > i
		if src[k] == '#' {
			for k < e && (src[k] == '#' || src[k] == ' ') {
				k++
			}
			hold := &Node{}
			if !r.makeVariable(hold, k, e) {
				r.proseLine(hold, k, e)
			}
			flagAll(hold.Kids, InComment)
			for _, n := range hold.Kids {
				target.put(n)
			}
			i = end + 1
			continue
		}
		for end < len(src) && oddBackslashes(src[k:end]) {
			r.step()
			end = lineEnd(src, end+1)
		}
		_, e = trimLine(src, k, end)
		if !indented {
			i = end + 1
			if r.makeVariable(root, k, e) {
				continue
			}
			if c := strings.IndexByte(src[k:e], ':'); c > 0 {
				target = root.putBlock(strings.TrimSpace(src[k:k+c]), k)
				target.End = e
				if v, _ := trim(src, k+c+1, e); v < e {
					r.makeVariable(target, v, e) // target: NAME = value
					if s := strings.IndexByte(src[v:e], ';'); s >= 0 {
						r.recipe(target, v+s+1, e)
					}
				}
			}
			continue
		}
		if target == root && r.makeVariable(root, k, e) {
			i = end + 1
			continue
		}
		// All lines of a recipe.
		start := i
		last := end
		for i = end + 1; i < len(src); {
			r.step()
			le := lineEnd(src, i)
			if c, blank := indentOf(src, i, le); !blank && c == 0 {
				break
			} else if !blank {
				last = le
			}
			i = le + 1
		}
		i = min(i, len(src))
		r.recipe(target, start, last)
		target.End = last
	}
}

// makeVariable reads NAME = value with all of make's kinds of assignment.
func (r *reading) makeVariable(n *Node, k, e int) bool {
	src := r.src
	flags := Flags(0)
	for _, word := range []string{"export ", "override ", "set ", "unexport "} {
		if strings.HasPrefix(src[k:e], word) {
			flags = Env | Exported
			k, _ = trim(src, k+len(word), e)
		}
	}
	v := k
	for v < e && (isNameByte(src[v]) || strings.IndexByte(".-", src[v]) >= 0) {
		v++
	}
	if v == k {
		return false
	}
	name := src[k:v]
	v, _ = trim(src, v, e)
	op := v
	for v < e && strings.IndexByte(":?+!", src[v]) >= 0 {
		v++
	}
	if v >= e || src[v] != '=' || v-op > 3 {
		return false
	}
	if isUpperName(name) {
		flags |= Env
	}
	b := n.putBind(name, k)
	b.Flags, b.End = flags, e
	v, e = trim(src, v+1, e)
	if c := strings.Index(src[v:e], " #"); c >= 0 {
		_, e = trim(src, v, v+c)
	}
	if e-v >= 2 && (src[v] == '"' || src[v] == '\'') && src[e-1] == src[v] {
		r.value(b, v+1, e-1, Quoted, refSettings|refDollar, nil)
		return true
	}
	r.value(b, v, e, 0, refSettings|refDollar, nil)
	return true
}

// recipe reads lines of shell: without their tabs and marks, $(X) as ${X}, $$ as $.
func (r *reading) recipe(n *Node, start, end int) {
	src := r.src
	var b strings.Builder
	var m offsets
	continued := false
	for i := start; i < end; {
		r.step()
		e := min(lineEnd(src, i), end)
		k := i
		for k < e && (src[k] == ' ' || src[k] == '\t' || !continued && strings.IndexByte("@-+", src[k]) >= 0) {
			k++
		}
		at := k
		for ; k < e; k++ {
			r.step()
			if src[k] != '$' || k+1 >= e {
				continue
			}
			switch src[k+1] {
			case '$':
				m = append(m, seam{b.Len(), at})
				b.WriteString(src[at:k])
				at = k + 1
				k++
			case '(':
				c := strings.IndexByte(src[k:e], ')')
				if c > 2 && nameEnd(src[:k+c], k+2) == k+c {
					m = append(m, seam{b.Len(), at})
					b.WriteString(src[at:k+1] + "{" + src[k+2:k+c] + "}")
					k += c
					at = k + 1
				}
			}
		}
		m = append(m, seam{b.Len(), at})
		b.WriteString(src[at:e])
		b.WriteByte('\n')
		continued = oddBackslashes(src[i:e])
		i = e + 1
	}
	r.embed(n, "shell", "", b.String(), m)
}
