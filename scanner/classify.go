package scanner

import (
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// classify reads the names that a value is bound to, innermost first, until one says something. Names further out count
// for the names within; indirect says that a name stands between that may be another thing's (generator: in the table
// of a setting).
func classify(t rules.Trail) (name string, class rules.NameClass, indirect bool) {
	var names []string
	handed := false
	for _, s := range t {
		switch s.Kind {
		case rules.Arg, rules.Call:
			handed = true
		case rules.Key, rules.Var, rules.Func:
			names = append(names, s.Name)
		case rules.Section:
			// The function around a call that takes the value has its own purpose: create_admin_token sends what it needs.
			if !handed || len(names) > 0 {
				names = append(names, s.Name)
			}
		}
	}
	if len(names) == 0 {
		return "", rules.NameClass{Kind: rules.Unknown, Certainty: rules.None}, false
	}
	first := rules.NameClass{Kind: rules.Unknown, Certainty: rules.None}
	for i, name := range names {
		if i > 4 {
			break
		}
		last := name
		if !strings.HasPrefix(name, "-") {
			last = lastSetting(name)
		}
		c := rules.ClassifyName(last, names[i:]...)
		if i == 0 {
			first = c
		}
		if c.Certainty == rules.None && last != name {
			if whole := rules.ClassifyName(name, names[i:]...); whole.Unleash && (whole.Certainty == rules.ByName ||
				whole.Designate) {
				last, c = name, whole
			}
		}
		if c.NotAToken {
			return last, c, indirect
		}
		if c.Certainty != rules.None || c.Designate {
			return last, c, indirect
		}
		indirect = indirect || !rules.PassesOn(last) && rules.DeploymentOf(last) == ""
		// unleash: { backend: { token: … } }: the names together say what none says alone.
		if i+1 < len(names) && first.Unleash && first.Holds && i < 3 {
			joined := names[i+1] + "_" + strings.Join(reversed(names[:i+1]), "_")
			if c := rules.ClassifyName(joined, names...); c.Certainty == rules.ByName {
				return joined, c, false
			}
		}
	}
	return lastSetting(names[0]), first, false
}

func reversed(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[len(list)-1-i] = s
	}
	return out
}

// lastSetting is the part of a dotted name that classify reads: process.env.X is X, io.getunleash.api-token stays
// whole.
func lastSetting(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 && i+1 < len(name) {
		return name[i+1:]
	}
	return name
}
