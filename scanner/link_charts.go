package scanner

import (
	"path"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
)

// This file knows charts of Helm: the values that a chart's templates name, and those that charts around it set for it.

// A chartFact is what Chart.yaml says of a chart.
type chartFact struct {
	name string
	deps []chartNeed
}

// A chartNeed is a chart that another one takes in.
type chartNeed struct {
	name  string
	alias string // by which the values call it, "" where that is its name
	path  string // of its folder, from the other's, "" where it is kept elsewhere or in charts/
}

// key is the entry of the values that are handed to the chart.
func (n chartNeed) key() string { return firstOf(n.alias, n.name) }

func isChartFile(p string) bool {
	base := path.Base(p)
	return base == "Chart.yaml" || base == "Chart.yml"
}

// readChart is what the file says of a chart, nil where it is none.
func (r *reader) readChart() *chartFact {
	if !isChartFile(r.f.filePath) || len(r.doc.Root.Kids) == 0 {
		return nil
	}
	keys := mapping(r.doc.Root.Kids[0])
	c := &chartFact{name: literalOf(keys["name"])}
	list := keys["dependencies"]
	if list == nil || list.Kids[0].Kind != syntax.List {
		return c
	}
	for _, k := range list.Kids[0].Kids {
		if k.Kind != syntax.Element || len(k.Kids) == 0 || len(c.deps) >= 100 {
			continue
		}
		of := mapping(k.Kids[0])
		need := chartNeed{name: literalOf(of["name"]), alias: literalOf(of["alias"])}
		if at, is := strings.CutPrefix(literalOf(of["repository"]), "file://"); is {
			need.path = path.Clean(at)
		}
		c.deps = append(c.deps, need)
	}
	return c
}

// A chart is a chart of the tree.
type chart struct {
	*chartFact
	dir string
}

const chartsLimit = 200 // charts of a tree whose files are read

// charts are those of the tree, in the order of their folders.
func (e *engine) charts() []chart {
	if e.chartList != nil {
		return e.chartList
	}
	e.index()
	e.chartList = []chart{}
	for _, p := range slices.Concat(e.byBase["Chart.yaml"], e.byBase["Chart.yml"]) {
		if len(e.chartList) >= chartsLimit {
			break
		}
		if f := e.file(p); f != nil && f.chart != nil {
			e.chartList = append(e.chartList, chart{f.chart, f.dir})
		}
	}
	return e.chartList
}

// chartAround is the chart that a file is of, nil for none.
func (e *engine) chartAround(f *fileFacts) *chart {
	var best *chart
	list := e.charts()
	for i := range list {
		if c := &list[i]; liesIn(f.filePath, c.dir) && (best == nil || len(c.dir) > len(best.dir)) {
			best = c
		}
	}
	return best
}

// handsTo are the entries of a chart's values that are handed to another chart, none where it does not take that in.
func (c *chart) handsTo(other *chart) []string {
	var out []string
	for _, need := range c.deps {
		switch {
		case need.path != "" && path.Join(c.dir, need.path) == path.Clean(other.dir),
			path.Dir(other.dir) == path.Join(c.dir, "charts") && (need.name == other.name || need.name == path.Base(other.dir)):
			out = append(out, need.key())
		}
	}
	if len(out) == 0 && path.Dir(other.dir) == path.Join(c.dir, "charts") { // what lies there needs no mention
		out = append(out, path.Base(other.dir))
		if other.name != "" && other.name != out[0] {
			out = append(out, other.name)
		}
	}
	return out
}

// isValuesFile reports whether a file of a chart holds values: values*.yaml beside Chart.yaml, or what lies in a folder
// of values of its environments.
func isValuesFile(p, dir string) bool {
	ext := path.Ext(p)
	if ext != ".yaml" && ext != ".yml" || isChartFile(p) {
		return false
	}
	if path.Dir(p) == path.Clean(dir) {
		return strings.HasPrefix(path.Base(p), "values") || strings.HasSuffix(strings.TrimSuffix(path.Base(p), ext), "values")
	}
	switch path.Base(path.Dir(p)) {
	case "values", "ci", "env", "envs", "environments":
		return path.Dir(path.Dir(p)) == path.Clean(dir)
	}
	return false
}

// chart follows a value to the values of the chart that the template is of, and to those of the charts that take it in.
func (w *follower) chart(parts []string, f *fileFacts, depth int, way []hop) {
	if c := w.e.chartAround(f); c != nil && len(parts) > 0 {
		w.chartValue(c, parts, 0, depth, way)
	}
}

// chartLevels bounds the charts around a chart.
const chartLevels = 4

func (w *follower) chartValue(c *chart, want []string, level, depth int, way []hop) {
	if level > chartLevels || !w.first("v", c.dir, strings.Join(want, ".")) {
		return
	}
	w.e.index()
	for _, dir := range []string{"", "values", "ci", "env", "envs", "environments"} {
		for _, p := range w.e.inFolder(path.Join(c.dir, dir)) {
			if !isValuesFile(p, c.dir) {
				continue
			}
			g := w.e.file(p)
			if g == nil {
				continue
			}
			for _, d := range g.defs {
				if commonNames(d.path, want) == len(want) {
					w.atoms(d.atoms, g, depth+1, with1(way, hop{byFramework, g.path, d.line, "the chart's value " +
						strings.Join(want, ".")}))
				}
			}
		}
	}
	list := w.e.charts()
	for i := range list {
		outer := &list[i]
		for _, key := range outer.handsTo(c) {
			inner := append([]string{key}, want...)
			if want[0] == "global" { // seen by all charts below
				inner = want
			}
			w.chartValue(outer, inner, level+1, depth, way)
		}
	}
}

// takenAs is the name of the chart that an entry of a chart's values is handed to, "" where the file is none of values
// or its chart takes in none of that name.
func (e *engine) takenAs(key string, f *fileFacts) string {
	c := e.chartOfValues(f)
	if c == nil {
		return ""
	}
	for _, need := range c.deps {
		if need.key() == key {
			return need.name
		}
	}
	return ""
}

// chartOfValues is the chart whose values a file holds, nil for none.
func (e *engine) chartOfValues(f *fileFacts) *chart {
	if f.lang != "yaml" {
		return nil
	}
	if c := e.chartAround(f); c != nil && isValuesFile(f.filePath, c.dir) {
		return c
	}
	return nil
}

// templatesOf are the templates that may name the values of a chart: its own, and those of the charts that it takes in.
func (e *engine) templatesOf(c *chart) []string {
	var out []string
	list := e.charts()
	for i := range list {
		inner := &list[i]
		if inner.dir != c.dir && len(c.handsTo(inner)) == 0 {
			continue
		}
		for _, ext := range []string{".yaml", ".yml", ".tpl"} {
			out = append(out, lyingIn(e.byExt[ext], path.Join(inner.dir, "templates"))...)
		}
	}
	return out
}
