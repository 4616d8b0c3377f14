package report

import (
	"cmp"
	"fmt"
	"html"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/unleaked/unleaked/finding"
)

// An axis is a stretch of time that exposures are drawn on.
type axis struct{ from, to time.Time }

// newAxis is the stretch from the oldest commit that brings a credential in to the time of the scan, or to the newest
// of those commits where that is later or the scan's time is not known. It is zero where no finding has a date.
func newAxis(tokens []*htmlToken, end time.Time) axis {
	var a axis
	for _, t := range tokens {
		for _, f := range t.all {
			if at, ok := dateOf(f); ok {
				if a.from.IsZero() || at.Before(a.from) {
					a.from = at
				}
				if at.After(a.to) {
					a.to = at
				}
			}
		}
	}
	if !a.from.IsZero() && end.After(a.to) {
		a.to = end
	}
	return a
}

// share is where a time lies on the axis, from 0 to 1.
func (a axis) share(at time.Time) float64 {
	whole := a.to.Unix() - a.from.Unix()
	if whole <= 0 {
		return 0
	}
	return max(0, min(1, float64(at.Unix()-a.from.Unix())/float64(whole)))
}

// traceWidth is the width of a row's small picture, in pixels.
const traceWidth = 84

// trace is the small picture of a row: since when the credential is exposed, on the axis of the whole report. It is ""
// where that is not known. The date stands beside it in words.
func (a axis) trace(t *htmlToken) template.HTML {
	first, ok := firstDate(t.all)
	if !ok {
		return ""
	}
	from := a.share(first) * (traceWidth - 4)
	class := "on"
	if t.Gone {
		class = "off"
	}
	return template.HTML(
		fmt.Sprintf(`<svg class=trace aria-hidden=true><path class=%s d="M%.0f 3H%d"/></svg>`, class, from,
			traceWidth),
	)
}

func firstDate(list []*finding.Finding) (first time.Time, ok bool) {
	for _, f := range list {
		if at, dated := dateOf(f); dated && (!ok || at.Before(first)) {
			first, ok = at, true
		}
	}
	return first, ok
}

// mostBars is how many places a picture has bars for.
const mostBars = 12

// Sizes of a picture, in pixels; across, everything is in shares of its width, so that words keep their size on narrow
// screens.
const (
	barHeight = 8
	barStep   = 14
	barsTop   = 6
	axisRoom  = 20
)

// picture draws since when a credential is exposed: a bar for each place with a date, from the commit that brings the
// text in to the time of the scan. A bar is full where the text still stands, hollow where only history has it, which
// everybody who has a clone can read. It is "" where no date is known.
func picture(t *htmlToken, end time.Time) template.HTML {
	a := newAxis([]*htmlToken{t}, end)
	if a.from.IsZero() {
		return ""
	}
	var dated []*finding.Finding
	for _, f := range t.all {
		if _, ok := dateOf(f); ok {
			dated = append(dated, f)
		}
	}
	slices.SortStableFunc(dated, func(x, y *finding.Finding) int {
		atX, _ := dateOf(x)
		atY, _ := dateOf(y)
		return cmp.Or(atX.Compare(atY), order(stands(y), stands(x)))
	})
	bars := dated[:min(mostBars, len(dated))]
	height := barsTop + len(bars)*barStep + axisRoom
	var b strings.Builder
	fmt.Fprintf(
		&b,
		`<svg class=time role=img height=%d aria-label="%s">`,
		height,
		html.EscapeString(exposure(t, dated, a)),
	)
	a.ticks(&b, height)
	for i, f := range bars {
		at, _ := dateOf(f)
		a.bar(&b, i, at, f)
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

// bar draws one place.
func (a axis) bar(b *strings.Builder, i int, at time.Time, f *finding.Finding) {
	x := 100 * a.share(at)
	x = min(x, 98.5) // what came in a moment ago is seen too
	class := "off"
	if stands(f) {
		class = "on"
	}
	fmt.Fprintf(
		b,
		`<rect class=%s x="%.1f%%" y=%d width="%.1f%%" height=%d rx=2><title>%s, since %s</title></rect>`,
		class,
		x,
		barsTop+i*barStep,
		100-x,
		barHeight,
		html.EscapeString(visible(withRepository(f.Repository, f.File))),
		at.Format(time.DateOnly),
	)
}

// exposure says in words what a picture shows.
func exposure(t *htmlToken, dated []*finding.Finding, a axis) string {
	standing := 0
	for _, f := range dated {
		if stands(f) {
			standing++
		}
	}
	first, _ := dateOf(dated[0])
	s := fmt.Sprintf("Exposed since %s", first.Format("2 January 2006"))
	if last, _ := dateOf(dated[len(dated)-1]); len(dated) > 1 && last.After(first) {
		s += fmt.Sprintf(", in the last of %d places since %s", len(dated), last.Format("2 January 2006"))
	}
	switch {
	case standing == 0:
		s += "; now in history only"
	case standing == len(dated):
		s += "; still there"
	default:
		s += fmt.Sprintf("; still in %d of %d places", standing, len(dated))
	}
	if len(dated) > mostBars {
		s += fmt.Sprintf(". The picture shows the first %d", mostBars)
	}
	return s
}

// ticks draws the axis below the bars: its two ends, and lines for whole years, months or days between.
func (a axis) ticks(b *strings.Builder, height int) {
	base := height - axisRoom
	fmt.Fprintf(b, `<line class=base x1=0 x2="100%%" y1=%d y2=%d />`, base, base)
	fmt.Fprintf(b, `<text x=0 y=%d>%s</text>`, height-5, a.from.Format(time.DateOnly))
	fmt.Fprintf(b, `<text class=end x="100%%" y=%d>%s</text>`, height-5, a.to.Format(time.DateOnly))
	marks, layout := a.marks()
	for _, at := range marks {
		x := 100 * a.share(at)
		fmt.Fprintf(b, `<line class=tick x1="%.1f%%" x2="%.1f%%" y1=0 y2=%d />`, x, x, base)
		if x > 24 && x < 76 { // not over the dates at the ends
			fmt.Fprintf(b, `<text class=mid x="%.1f%%" y=%d>%s</text>`, x, height-5, at.Format(layout))
		}
	}
}

// mostMarks is how many marks an axis has at most between its ends.
const mostMarks = 6

// marks are whole days, months or years between the ends of the axis, and how they are written. The axis may be of any
// length: commits have whatever date their author's clock had.
func (a axis) marks() (marks []time.Time, layout string) {
	const day, month, year = 86400, 86400 * 365 / 12, 86400 * 365
	length := a.to.Unix() - a.from.Unix()
	steps := []struct {
		unit                int64 // in seconds
		every               int   // so many units a mark
		years, months, days int
		layout              string
	}{
		{
			day,
			1,
			0,
			0,
			1,
			"01-02",
		}, {day, 3, 0, 0, 3, "01-02"}, {day, 7, 0, 0, 7, "01-02"}, {day, 14, 0, 0, 14, "01-02"},
		{month, 1, 0, 1, 0, "2006-01"}, {month, 3, 0, 3, 0, "2006-01"}, {month, 6, 0, 6, 0, "2006-01"},
		{
			year,
			1,
			1,
			0,
			0,
			"2006",
		}, {year, 2, 2, 0, 0, "2006"}, {year, 5, 5, 0, 0, "2006"}, {year, 10, 10, 0, 0, "2006"},
	}
	for _, s := range steps {
		if length > mostMarks*s.unit*int64(s.every) {
			continue
		}
		at := time.Date(a.from.Year(), a.from.Month(), a.from.Day(), 0, 0, 0, 0, time.UTC)
		switch {
		case s.years > 0:
			at = time.Date(a.from.Year()/s.years*s.years, 1, 1, 0, 0, 0, 0, time.UTC)
		case s.months > 0:
			at = time.Date(
				a.from.Year(),
				time.Month(int(a.from.Month()-1)/s.months*s.months+1),
				1,
				0,
				0,
				0,
				0,
				time.UTC,
			)
		}
		for ; at.Before(a.to); at = at.AddDate(s.years, s.months, s.days) {
			if at.After(a.from) {
				marks = append(marks, at)
			}
		}
		return marks, s.layout
	}
	return nil, ""
}
