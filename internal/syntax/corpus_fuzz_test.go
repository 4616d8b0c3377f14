package syntax

import "testing"

// FuzzRead reads anything in each language, what is embedded in it included, from the files of the corpus on: no panic,
// and no more work than is in proportion to the text.
func FuzzRead(f *testing.F) {
	langs := allLangs()
	at := map[string]int{}
	for i, lang := range langs {
		at[lang] = i
	}
	for lang, files := range corpusFiles(f) {
		for i, file := range files {
			if i < 12 && len(file.Data) < 4096 {
				f.Add(byte(at[lang]), string(file.Data))
			}
		}
	}
	f.Fuzz(func(t *testing.T, k byte, text string) {
		if len(text) > 1<<14 {
			t.Skip()
		}
		lang := langs[int(k)%len(langs)]
		m, err := readIn(lang, text)
		if err != nil {
			t.Fatalf("%s: %v", lang, err)
		}
		frugal(t, lang, []byte(text), m)
	})
}
