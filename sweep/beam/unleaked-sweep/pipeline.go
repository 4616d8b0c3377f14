package main

import (
	"github.com/apache/beam/sdks/v2/go/pkg/beam"

	"github.com/unleaked/unleaked/sweep"
)

// sweepAll adds the stages of a sweep to a pipeline. listed are the names of the list.
//
//	listed ── name ── distinct ── read ─┬─ facts ───────────────────────────────── judge ── write
//	                                    └─ summaries, by credential ── combined ─────┘
//
// Nothing that grows with the number of places of a credential is ever brought to one key: summaries are combined before
// the shuffle and bounded. What is combined, and what is written, comes as a side input and not by CoGroupByKey: prism
// runs the Flatten in that by itself, and where it takes more than a tenth of a second asks a worker that is not there
// how far it is.
func sweepAll(s beam.Scope, listed beam.PCollection, o stageOptions, outputs []output) {
	s = s.Scope("sweep")
	named := beam.ParDo(s, &nameFn{Remote: o.NameFrom == sweep.ByRemote}, listed)
	repositories := beam.ParDo(s, distinct, beam.GroupByKey(s, named))
	facts, summaries := beam.ParDo2(s, &readFn{Options: o}, repositories)
	combined := beam.CombinePerKey(s, &joinFn{}, summaries)
	parts := beam.ParDo(s, &judgeFn{Options: o}, beam.Reshuffle(s, facts), beam.SideInput{Input: combined})
	// One worker writes: a report is one sorted whole. It is told of every name of the list as well, so that none is lost.
	beam.ParDo0(s, &writeFn{Outputs: outputs, Version: o.Version, FailOn: o.FailOn}, beam.Impulse(s),
		beam.SideInput{Input: parts}, beam.SideInput{Input: listed})
}
