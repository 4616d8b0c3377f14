package scanner_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/unleaked/unleaked/scanner"
)

// hermesed is a bundle of bytecode with these strings and nothing else; one of more than 254 bytes goes into the table of
// long ones, one with a character outside of ASCII is written in UTF-16.
func hermesed(strs ...string) string {
	le := binary.LittleEndian
	var small, large, storage []byte
	for _, s := range strs {
		offset, length, wide := len(storage), len(s), uint32(0)
		if strings.ContainsFunc(s, func(r rune) bool { return r > 0x7f }) {
			units := utf16.Encode([]rune(s))
			length, wide = len(units), 1
			for _, u := range units {
				storage = le.AppendUint16(storage, u)
			}
		} else {
			storage = append(storage, s...)
		}
		entry := wide | uint32(offset)<<1 | uint32(length)<<24
		if length >= 0xff {
			entry = wide | uint32(len(large)/8)<<1 | 0xff<<24
			large = le.AppendUint32(le.AppendUint32(large, uint32(offset)), uint32(length))
		}
		small = le.AppendUint32(small, entry)
	}
	const functions, kinds, identifiers = 3, 2, 1
	head := make([]byte, 128)
	copy(head, "\xc6\x1f\xbc\x03\xc1\x03\x19\x1f")
	le.PutUint32(head[8:], 96)
	for at, v := range map[int]int{40: functions, 44: kinds, 48: identifiers, 52: len(strs), 56: len(large) / 8, 60: len(storage)} {
		le.PutUint32(head[at:], uint32(v))
	}
	body := make([]byte, functions*16+kinds*4+identifiers*4)
	return string(slices.Concat(head, body, small, large, storage))
}

// TestApps holds that tokens are found in what is shipped as an app, and that there they are where everybody reads them.
func TestApps(t *testing.T) {
	backend := "default:production." + strings.Repeat("3f9c07a1", 7)
	admin := "*:*." + strings.Repeat("91b0c8e2", 7)
	library := "\x7fELF\x02\x01\x01" + strings.Repeat("\x00\x01", 500) + "\x00" + backend + "\x00" + strings.Repeat("\x02", 500)
	neighbours := strings.Repeat("neighbour", 30)
	for _, row := range []struct {
		name, path string
		app        string
		want       string
	}{
		{"Hermes in an APK", "app.apk", zipped(t, packed{"assets/index.android.bundle", hermesed("clientKey", backend, "useFlags")}),
			"app.apk!assets/index.android.bundle:2 secret-in-frontend"},
		{"Hermes, long strings and others", "app.apk", zipped(t, packed{"assets/index.android.bundle",
			hermesed("größe", neighbours, "é "+backend, "useFlags")}), "app.apk!assets/index.android.bundle:3 secret-in-frontend"},
		{"Hermes in an IPA", "app.ipa", zipped(t, packed{"Payload/App.app/main.jsbundle", hermesed("a", backend)}),
			"app.ipa!Payload/App.app/main.jsbundle:2 secret-in-frontend"},
		{"Hermes whose tables are not known", "main.jsbundle", hermesed("a\x00b")[:150] + "useFlag" + backend + "useFlags",
			"main.jsbundle:1 secret-in-frontend"},
		{"Flutter on Android", "app.aab", zipped(t, packed{"base/lib/arm64-v8a/libapp.so", library}),
			"app.aab!base/lib/arm64-v8a/libapp.so:1 secret-in-frontend"},
		{"Flutter as it is built", "build/lib/arm64-v8a/libapp.so", library, "build/lib/arm64-v8a/libapp.so:1 secret-in-frontend"},
		{"Flutter's assets", "app.ipa", zipped(t, packed{"Payload/App.app/Frameworks/App.framework/flutter_assets/.env", "TOKEN=" + backend}),
			"app.ipa!Payload/App.app/Frameworks/App.framework/flutter_assets/.env:1 secret-in-frontend"},
		{"an app in an archive", "release.zip", zipped(t, packed{"out/app.apk", zipped(t, packed{"res/raw/config.json", `{"k": "` + backend + `"}`})}),
			"release.zip!out/app.apk!res/raw/config.json:1 secret-in-frontend"},
		{"a browser extension", "a.crx", "Cr24\x03\x00\x00\x00\x04\x00\x00\x00abcd" + zipped(t, packed{"background.js", "const k = '" + backend + "'"}),
			"a.crx!background.js:1 secret-in-frontend"},
		{"a source map in an app", "app.apk", zipped(t, packed{"assets/index.android.bundle.map",
			`{"version":3,"sources":["a.js"],"sourcesContent":["x\nconst k = '` + backend + `'"]}`}), "app.apk!assets/index.android.bundle.map:1 secret-in-frontend"},
		{"a program of Go", "server", "\x7fELF\x02\x01\x01" + strings.Repeat("\x00\x01", 500) + "invalid argument" + backend + "unexpected end",
			"server:1 backend-token"},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, row.path, row.app)
			// What the token is, its declaration says.
			write(t, dir, "compose.yml", "services:\n  unleash:\n    image: unleashorg/unleash-server\n    environment:\n"+
				"      INIT_BACKEND_API_TOKENS: "+backend+"\n")
			res, err := scanner.Scan(context.Background(), scanner.NewTree(dir), scanner.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range res.Findings {
				if f.File != "compose.yml" {
					got = append(got, fmt.Sprintf("%s:%d %s", f.File, f.Line, f.Rule))
				}
			}
			same(t, "findings", got, []string{row.want})
			if !res.Complete() {
				t.Errorf("not read: %v", res.Coverage.Skipped)
			}
		})
	}
	found := finds(t, "app.apk", zipped(t, packed{"classes.dex", "dex\n035\x00" + admin + "\x00"}))
	if len(found) != 1 || found[0].Rule != "secret-in-frontend" {
		t.Errorf("an admin token in an app: %v", found)
	}
	// Nothing but its place says that a file is no app: an archive of a server is none.
	found = finds(t, "server.jar", zipped(t, packed{"application.yml", "token: " + admin}))
	if len(found) != 1 || found[0].Rule == "secret-in-frontend" {
		t.Errorf("an admin token in a server's archive: %v", found)
	}
}

// TestImages holds that all layers of a container image are read, deleted files too, and that findings name the layer.
func TestImages(t *testing.T) {
	text := "x\nTOKEN=" + personal + "\n"
	lower := tarred(t, packed{"app/", ""}, packed{"app/.env", text})
	upper := tarred(t, packed{"app/.wh..env", ""}, packed{"app/main.go", "package main\n"})
	digest := func(c string) string { return strings.Repeat(c, 64) }
	config := `{"config":{"Env":["PATH=/bin","UNLEASH_PAT=` + token(78) + `"]},"history":[{"created_by":"RUN curl -H 'Authorization: ` +
		token(79) + `' x"}]}`
	for _, row := range []struct {
		name, content string
		want          []string
	}{
		{"docker save", tarred(t, packed{digest("a") + "/VERSION", "1.0"}, packed{digest("a") + "/layer.tar", lower},
			packed{digest("b") + "/layer.tar", upper}, packed{digest("c") + ".json", config},
			packed{"manifest.json", `[{"Config":"` + digest("c") + `.json","RepoTags":["a:1"],"Layers":["` + digest("a") + `/layer.tar","` +
				digest("b") + `/layer.tar"]}]`}),
			[]string{digest("a") + "/layer.tar!app/.env:2", digest("c") + ".json:1", digest("c") + ".json:1"}},
		{"OCI layout", tarred(t, packed{"oci-layout", `{"imageLayoutVersion":"1.0.0"}`}, packed{"blobs/sha256/" + digest("a"), gzipped(lower)},
			packed{"blobs/sha256/" + digest("b"), zstded(t, upper)}, packed{"blobs/sha256/" + digest("c"), config},
			packed{"index.json", `{"schemaVersion":2,"manifests":[]}`}),
			[]string{"blobs/sha256/" + digest("a") + "!app/.env:2", "blobs/sha256/" + digest("c") + ":1", "blobs/sha256/" + digest("c") + ":1"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "image.tar", row.content)
			got, skips := scan(t, scanner.NewTree(dir), scanner.Options{})
			for i := range got {
				got[i] = strings.TrimPrefix(got[i][:strings.LastIndex(got[i], ":")], "image.tar!")
			}
			same(t, "findings", got, row.want)
			same(t, "not read", skips, nil)
		})
	}
}
