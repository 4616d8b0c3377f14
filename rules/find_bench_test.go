package rules

import (
	"bytes"
	"go/build"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// benchTexts are 16 MiB of each sort of text that a repository has much of, and of the worst.
func benchTexts(b *testing.B) map[string][]byte {
	b.Helper()
	const size = 16 << 20
	var source []byte
	root := filepath.Join(build.Default.GOROOT, "src")
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ".go") && len(source) < size {
			text, _ := os.ReadFile(path)
			source = append(source, text...)
		}
		return nil
	})
	if len(source) < size {
		b.Skip("no sources of the Go distribution")
	}
	repeat := func(template string) []byte {
		var text []byte
		for seed := uint64(0); len(text) < 1<<16; seed++ {
			text = append(text, Expand(template, seed)...)
		}
		return bytes.Repeat(text, size/len(text)+1)[:size]
	}
	return map[string][]byte{
		"source":   source[:size],
		"lockfile": repeat("name-{text6}@^1.2.3:\n  resolved \"https://registry.example/x/-/x-{text6}.tgz#{hex40}\"\n  integrity sha512-{b64u43}{b64u43}==\n"),
		"sums":     repeat("{hex64}  ./dist/{text8}.js\n"),
		"digests":  repeat("cache:deps.{hex64} sha256:{hex64} layer:x.{hex56}\n"),
		"minified": repeat("function(e,t,n){var r=n({hex4});e.exports=r(t.{text4},\"{text8}\")},"),
		"one-byte": bytes.Repeat([]byte("a"), size),
		"base64":   repeat("{b64u64}{b64u12}\n"),
		"tokens":   repeat("TOKEN=default:development.{hex56}\n"),
		"dots":     bytes.Repeat([]byte("a:"+strings.Repeat("a.", 50)), size/102),
	}
}

func BenchmarkFind(b *testing.B) {
	for name, text := range benchTexts(b) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			var found []Credential
			for b.Loop() {
				found = AppendCredentials(found[:0], text)
			}
			b.ReportMetric(float64(len(found)), "found")
		})
	}
}

func BenchmarkMentions(b *testing.B) {
	text := bytes.ReplaceAll(benchTexts(b)["source"], []byte("nleash"), []byte("nlea5h"))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if Mentions(text) {
			b.Fatal("mentions")
		}
	}
}

// What the other ways to look at every byte cost, on the same text.
func BenchmarkCompare(b *testing.B) {
	text := benchTexts(b)["source"]
	run := func(name string, once func()) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				once()
			}
		})
	}
	run("IndexByte-absent", func() { bytes.IndexByte(text, 0xff) })
	run("IndexByte-colons", func() {
		for at := 0; ; {
			i := bytes.IndexByte(text[at:], ':')
			if i < 0 {
				break
			}
			at += i + 1
		}
	})
	run("Contains-unleash", func() { bytes.Contains(text, []byte("un1eash")) })
	run("runs-of-hex-only", func() { eachRun(text, &isHex) })
	run("runs-of-base64url", func() { eachRun(text, &isB64) })
	naive := regexp.MustCompile(`(?:\*|\[\]|[\w.~-]{1,100}):[\w~-]{1,100}\.[0-9a-f]{56,64}`)
	small := text[:1<<20]
	b.Run("regexp", func(b *testing.B) {
		b.SetBytes(int64(len(small)))
		for b.Loop() {
			naive.FindAllIndex(small, -1)
		}
	})
}

func eachRun(text []byte, c *class) {
	for at := 0; at >= 0; {
		_, at = nextRun(text, at, minHash, c)
	}
}
