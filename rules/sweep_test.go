package rules

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

type stretch struct{ start, end int }

// naiveSweep is sweep without samples.
func naiveSweep(text []byte) (runs, spots []stretch) {
	for at := 0; at < len(text); {
		end := at
		for end < len(text) && isB64[text[end]] {
			end++
		}
		if end-at >= minHash {
			runs = append(runs, stretch{at, end})
		}
		at = end + 1
	}
	for start := 0; start+anchorLen <= len(text); start++ {
		for i, a := range anchors {
			piece := string(text[start : start+anchorLen])
			if piece == a.text || a.fold && strings.EqualFold(piece, a.text) {
				spots = append(spots, stretch{start, i})
			}
		}
	}
	return runs, spots
}

func TestSweepSeesEverything(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	words := [][]byte{[]byte("unleash"), []byte("UNleAsh"), []byte("unlea"), []byte(devHash), []byte("API_TOKENS"),
		[]byte("TRUSTED"), []byte("UPSTREAM"), []byte(" "), []byte("."), []byte("é")}
	for range 3000 {
		var text []byte
		for len(text) < 400 {
			switch n := r.IntN(len(words) + 6); {
			case n < len(words):
				text = append(text, words[n]...)
			case n == len(words):
				text = append(text, bytes.Repeat([]byte("f"), minHash-4+r.IntN(8))...)
			case n == len(words)+1:
				text = append(text, bytes.Repeat([]byte("_"), r.IntN(200))...)
			default:
				text = append(text, Expand("{b64u7}", r.Uint64())[:r.IntN(8)]...)
			}
		}
		text = text[:r.IntN(len(text)+1)]
		var runs, spots, only []stretch
		sweep(text, func(start, end int) { runs = append(runs, stretch{start, end}) },
			func(start, which int) bool { spots = append(spots, stretch{start, which}); return true })
		sweep(text, nil, func(start, which int) bool { only = append(only, stretch{start, which}); return true })
		wantRuns, wantSpots := naiveSweep(text)
		if !slices.Equal(runs, wantRuns) || !slices.Equal(spots, wantSpots) || !slices.Equal(only, wantSpots) {
			t.Fatalf("in %q:\nruns  %v\nwant  %v\nspots %v\nonly  %v\nwant  %v", text, runs, wantRuns, spots, only,
				wantSpots)
		}
	}
}

func TestNextRun(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 11))
	for range 2000 {
		text := make([]byte, r.IntN(300))
		for i := range text {
			text[i] = "aaaaaaaaaaaaaaaaaaaa -"[r.IntN(22)]
		}
		n := 1 + r.IntN(60)
		var got, want []stretch
		for at := 0; ; {
			start, end := nextRun(text, at, n, &isB64)
			if start < 0 {
				break
			}
			got, at = append(got, stretch{start, end}), end
		}
		for at := 0; at < len(text); {
			end := at
			for end < len(text) && isB64[text[end]] {
				end++
			}
			if end-at >= n {
				want = append(want, stretch{at, end})
			}
			at = end + 1
		}
		if !slices.Equal(got, want) {
			t.Fatalf("runs of %d in %q: %v, want %v", n, text, got, want)
		}
	}
}
