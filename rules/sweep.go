package rules

import (
	"encoding/binary"
	"strings"
	"sync"
)

// A sweep takes samples of a text: the two bytes at every sampleStep'th offset. A run of minHash bytes of one alphabet
// covers all samples of some group, and each text of anchorLen bytes has exactly one sample in it. So a group in which
// one sample begins outside of the alphabet, and none belongs to an anchor, is done with, and that are most groups of
// ordinary text: three instructions a sample, one branch a group, and no step that waits for the one before.
const (
	sampleStep   = anchorLen - 1
	groupSamples = 5
	groupStep    = groupSamples * sampleStep
	groupReach   = groupStep - sampleStep + 2 // bytes from a group's beginning that are read
)

// A run that begins right after a group's first sample covers the next group only where it is this long.
const _ = uint(minHash - (2*groupStep - sampleStep))

// notInRun marks samples whose first byte is no digit of base64url.
const notInRun = 1 << 7

// samples says of two bytes at which offsets of an anchor they stand, bit k for offset k, and whether the first is
// outside of every run.
var samples = sync.OnceValue(func() *[1 << 16]uint8 {
	table := new([1 << 16]uint8)
	for two := range table {
		if !isB64[two&0xff] {
			table[two] = notInRun
		}
	}
	for _, a := range anchors {
		up := strings.ToUpper(a.text)
		for k := range sampleStep {
			for _, two := range [][2]byte{{a.text[k], a.text[k+1]}, {up[k], a.text[k+1]}, {a.text[k], up[k+1]},
				{up[k], up[k+1]}} {
				table[binary.LittleEndian.Uint16(two[:])] |= 1 << k
				if !a.fold {
					break
				}
			}
		}
	}
	return table
})

// nextGroup finds the first group from at on that has to be looked at, and what its samples say; at is one too near to
// the end of text to be sampled if there is none. With ignore 0 groups that a run covers have to be, with notInRun only
// those with an anchor's bytes.
func nextGroup(table *[1 << 16]uint8, text []byte, at int, ignore uint8) (group int, seen uint8) {
	for ; at+groupReach <= len(text); at += groupStep {
		b := text[at : at+groupReach]
		seen := ignore | table[binary.LittleEndian.Uint16(b)] |
			table[binary.LittleEndian.Uint16(b[sampleStep:])] |
			table[binary.LittleEndian.Uint16(b[2*sampleStep:])] |
			table[binary.LittleEndian.Uint16(b[3*sampleStep:])] |
			table[binary.LittleEndian.Uint16(b[4*sampleStep:])]
		if seen != notInRun {
			return at, seen
		}
	}
	return at, notInRun
}

// sweep calls run for every maximal run of at least minHash digits of base64url, and spot for every anchor with its
// index in anchors, each in their order, until spot returns false. A nil run asks for anchors only.
func sweep(text []byte, run func(start, end int), spot func(start, which int) bool) {
	table := samples()
	at, done := 0, 0 // no run begins before done that has not been seen
	if run == nil {
		done = len(text)
	}
	for {
		var seen uint8
		if at < done {
			if at, seen = nextGroup(table, text[:min(len(text), done+groupReach)], at, notInRun); at+groupReach <= len(text) &&
				seen == notInRun {
				continue // behind the run
			}
		} else {
			at, seen = nextGroup(table, text, at, 0)
		}
		if at+groupReach > len(text) {
			break
		}
		if at >= done && seen&notInRun == 0 && mayBeRun(text[at:]) {
			done = callRun(text, at, done, run)
		}
		if seen&^notInRun != 0 {
			for i := at; i < at+groupStep; i += sampleStep {
				offsets := table[binary.LittleEndian.Uint16(text[i:])] &^ notInRun
				if offsets != 0 && !spotsAround(text, i, offsets, spot) {
					return
				}
			}
		}
		at += groupStep
	}
	// What is left is shorter than a group, and so are the anchors in it, but a run may end there.
	if at >= done && at < len(text) && isB64[text[at]] {
		callRun(text, at, done, run)
	}
	for i := max(0, at-sampleStep); i+anchorLen <= len(text); i++ {
		if i+sampleStep > at && !spotAt(text, i, spot) {
			return
		}
	}
}

// callRun calls run for the run that the byte at belongs to, which begins at done or later, and returns its end.
func callRun(text []byte, at, done int, run func(start, end int)) int {
	start, end := at, runEnd(text, at)
	for start > done && isB64[text[start-1]] {
		start--
	}
	if end-start >= minHash {
		run(start, end)
	}
	return end
}

// mayBeRun looks at bytes of a group between its samples: most words and blanks that escaped those end here.
func mayBeRun(text []byte) bool {
	const half = sampleStep / 2
	return isB64[text[half]] && isB64[text[half+sampleStep]] && isB64[text[half+2*sampleStep]] &&
		isB64[text[half+3*sampleStep]]
}

// runEnd is the end of the run of base64url digits that the byte at belongs to.
func runEnd(text []byte, at int) int {
	for ; at+8 <= len(text); at += 8 {
		b := text[at : at+8]
		if !(isB64[b[0]] && isB64[b[1]] && isB64[b[2]] && isB64[b[3]] && isB64[b[4]] && isB64[b[5]] && isB64[b[6]] &&
			isB64[b[7]]) {
			break
		}
	}
	for at < len(text) && isB64[text[at]] {
		at++
	}
	return at
}

// spotsAround calls spot for the anchors that start k bytes before at, for a bit k of offsets.
func spotsAround(text []byte, at int, offsets uint8, spot func(start, which int) bool) bool {
	for k := sampleStep - 1; k >= 0; k-- {
		if offsets&(1<<k) != 0 && at >= k && !spotAt(text, at-k, spot) {
			return false
		}
	}
	return true
}

func spotAt(text []byte, start int, spot func(start, which int) bool) bool {
	if start+anchorLen > len(text) {
		return true
	}
	var eight uint64
	if start+8 <= len(text) {
		eight = binary.LittleEndian.Uint64(text[start:]) & (1<<(8*anchorLen) - 1)
	} else {
		eight = sevenBytes(text[start : start+anchorLen])
	}
	for i := range anchors {
		if a := &anchorBytes[i]; eight|a.fold == a.bytes {
			return spot(start, i)
		}
	}
	return true
}

// anchorBytes are the anchors as numbers: bytes, and the bits that do not count.
var anchorBytes = func() (list [len(anchors)]struct{ bytes, fold uint64 }) {
	for i, a := range anchors {
		list[i].bytes = sevenBytes([]byte(a.text))
		if a.fold {
			list[i].fold = sevenBytes([]byte("       "))
		}
	}
	return list
}()

func sevenBytes(text []byte) (n uint64) {
	for i := anchorLen - 1; i >= 0; i-- {
		n = n<<8 | uint64(text[i])
	}
	return n
}
