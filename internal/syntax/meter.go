package syntax

import "errors"

// ErrExhausted is what Read returns of a text that costs more than any text should: a reader that makes no progress in
// it, or texts in texts in texts.
var ErrExhausted = errors.New("reading it takes too long for its size")

// ErrFault is what Read returns of a text on which a reader fails: a fault of this package, which ends that text and not
// the scan.
var ErrFault = errors.New("the reader of its language failed")

// rethrow lets the panic of a faulty reader through, for tests to show where it comes from.
var rethrow bool

// What may be spent on one text. A real text takes at most a tenth of it.
const (
	stepsPerByte    = 1000 // rounds of loops
	stepsAtLeast    = 1 << 20
	embeddedPerByte = 64 // bytes of the texts that stand in others, over the whole of a document
	embeddedAtLeast = 1 << 20
)

// A meter bounds the work on one document and everything that stands in it. Each round of a loop that does not by its
// own shape come nearer to its end costs a step: a test holds every loop of this package to that. One that stands still
// therefore ends all the same, with the text listed as not read.
type meter struct {
	steps    int // that are left
	embedded int // bytes of embedded texts that are left
}

func newMeter(size int) *meter {
	return &meter{steps: stepsAtLeast + stepsPerByte*size, embedded: embeddedAtLeast + embeddedPerByte*size}
}

// exhausted is what a meter panics with, for Read to catch.
type exhausted struct{}

// step pays for one round of a loop.
func (m *meter) step() { m.pay(1) }

// pay pays for n rounds.
func (m *meter) pay(n int) {
	if m.steps -= n; m.steps < 0 {
		panic(exhausted{})
	}
}

// open pays for an embedded text of n bytes.
func (m *meter) open(n int) {
	if m.embedded -= n; m.embedded < 0 {
		panic(exhausted{})
	}
}

// caught turns the panic of a meter into ErrExhausted, and that of a faulty reader into ErrFault.
func caught(err *error) {
	switch p := recover(); p.(type) {
	case nil:
	case exhausted:
		*err = ErrExhausted
	default:
		if rethrow {
			panic(p)
		}
		*err = ErrFault
	}
}
