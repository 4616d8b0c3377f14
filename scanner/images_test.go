package scanner_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/scanner"
)

// TestDeletedInLaterLayers holds what is said of a file that is in a layer and, as it seems, not in the image.
func TestDeletedInLaterLayers(t *testing.T) {
	digest := func(c string) string { return strings.Repeat(c, 64) }
	secret := func(n int) string { return "UNLEASH_PAT=" + token(600+n) + "\n" }
	lowest := tarred(t, packed{"app/.env", secret(0)}, packed{"./app/kept.env", secret(1)}, packed{"cfg/a/x.env", secret(2)},
		packed{"srv/over.env", secret(3)}, packed{"gone/deep/y.env", secret(4)}, packed{"gone.env", secret(5)}, packed{"late.env", secret(6)})
	middle := tarred(t, packed{"app/.wh..env", ""}, packed{"cfg/a/.wh..wh..opq", ""}, packed{"cfg/a/new.env", secret(7)},
		packed{"srv/over.env", "x\n"}, packed{".wh.gone", ""})
	upper := tarred(t, packed{"./.wh.late.env", ""}, packed{"cfg/b/.wh.x.env", ""})
	want := map[string]string{ // by the file in its layer: where the later layer says so, and what it does
		"app/.env": "b app/.wh..env deletes", "app/kept.env": "", "cfg/a/x.env": "b cfg/a/.wh..wh..opq deletes",
		"cfg/a/new.env": "", "srv/over.env": "b srv/over.env replaces", "gone/deep/y.env": "b .wh.gone deletes", "gone.env": "",
		"late.env": "c .wh.late.env deletes",
	}
	manifest := `{"schemaVersion":2,"layers":[{"digest":"sha256:` + digest("a") + `"},{"digest":"sha256:` + digest("b") +
		`"},{"digest":"sha256:` + digest("c") + `"}]}`
	for name, files := range map[string][]packed{
		"docker save": {{digest("a") + "/layer.tar", lowest}, {digest("b") + "/layer.tar", middle}, {digest("c") + "/layer.tar", upper},
			{"manifest.json", `[{"Layers":["` + digest("a") + `/layer.tar","` + digest("b") + `/layer.tar","` + digest("c") + `/layer.tar"]}]`}},
		"docker save of an OCI layout": {{"blobs/sha256/" + digest("a"), lowest}, {"blobs/sha256/" + digest("b"), middle},
			{"blobs/sha256/" + digest("c"), upper}, {"manifest.json", `[{"Layers":["blobs/sha256/` + digest("a") + `","blobs/sha256/` +
				digest("b") + `","blobs/sha256/` + digest("c") + `"]}]`}, {"blobs/sha256/" + digest("d"), manifest}},
		"OCI layout": {{"blobs/sha256/" + digest("d"), manifest}, {"blobs/sha256/" + digest("a"), gzipped(lowest)},
			{"blobs/sha256/" + digest("b"), zstded(t, middle)}, {"blobs/sha256/" + digest("c"), upper}},
	} {
		t.Run(name, func(t *testing.T) {
			folder, image := t.TempDir(), t.TempDir()
			for _, f := range files {
				write(t, folder, filepath.FromSlash(f.name), f.text)
			}
			write(t, image, "image.tar", tarred(t, files...))
			for _, dir := range []string{folder, image} {
				told := map[string]string{}
				for _, f := range findingsOf(t, dir) {
					_, file, _ := strings.Cut(strings.TrimPrefix(f.File, "image.tar!"), "!")
					told[file] = ""
					for _, p := range f.Related {
						layer, mark, _ := strings.Cut(strings.TrimPrefix(p.File, "image.tar!"), "!")
						layer = strings.TrimPrefix(layer, "blobs/sha256/")[:1]
						_, does, ok := strings.Cut(p.Text, "a later layer ")
						if ok {
							told[file] = layer + " " + mark + " " + strings.Fields(does)[0]
						}
					}
				}
				for file, says := range want {
					if got, found := told[file]; !found || got != says {
						t.Errorf("%s: %q, want %q (found: %v)", file, got, says, found)
					}
				}
			}
		})
	}
	// Two archives with files of one name are no image.
	dir := t.TempDir()
	write(t, dir, "all.tar", tarred(t, packed{digest("a") + "/layer.tar", lowest}, packed{digest("b") + "/layer.tar", middle}))
	for _, f := range findingsOf(t, dir) {
		for _, p := range f.Related {
			if strings.Contains(p.Text, "later layer") {
				t.Errorf("%s: %v", f.File, p)
			}
		}
	}
}

func findingsOf(t *testing.T, dir string) []scanner.Finding {
	t.Helper()
	res, err := scanner.Scan(context.Background(), scanner.NewTree(dir), scanner.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return res.Findings
}
