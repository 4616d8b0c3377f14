package main

import "testing"

func TestCollectionPercent(t *testing.T) {
	for _, c := range []struct {
		live uint64
		want int
	}{{0, 10_000}, {8 << 20, 2000}, {40 << 20, 400}, {90 << 20, 177}, {125 << 20, 100}, {160 << 20, 56}, {250 << 20, 50}, {1 << 30, 50}} {
		if got := collectionPercent(c.live); got != c.want {
			t.Errorf("%d bytes in use: %d, want %d", c.live, got, c.want)
		}
	}
}
