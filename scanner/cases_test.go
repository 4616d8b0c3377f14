package scanner_test

import "testing"

// cases are labelled like the corpus, but written by another hand and without looking at the engine.
var cases = collection{"../testdata/cases", "../testdata/cases-failing.txt"}

// TestCases scans every case of testdata/cases.
func TestCases(t *testing.T) { cases.test(t) }
