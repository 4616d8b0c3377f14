package scanner

import (
	"bytes"
	"encoding/json"
	"hash/fnv"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/unleaked/unleaked/scanner/internal/open"
)

// Images knows of container images which layer lies on which, and which files stand in each: what a layer deletes or
// replaces is in the image all the same. The forms are those of `docker save` (manifest.json) and of the OCI image
// layout, https://github.com/opencontainers/image-spec/blob/main/layer.md; a layer is an archive in an archive or in a
// folder. The zero value is ready; it is safe for concurrent use.
type images struct {
	mu     sync.Mutex
	orders [][]string      // paths of the layers of an image, the lowest first
	files  map[uint64]bool // paths in layers, hashed
}

// aLayer is the path of a file in what may be a layer, up to the mark behind the layer.
var aLayer = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(^|[/!])([0-9a-f]{64}(/layer\.tar)?|[^/!]+/layer\.tar|[0-9a-f]{64}\.tar)!`)
})

// isDigest reports whether a file is called by its own digest, as the manifest of an OCI image is.
func isDigest(base string) bool {
	return len(base) == 64 && strings.Trim(base, "0123456789abcdef") == ""
}

// mostManifest is how large a manifest of an image may be.
const mostManifest = 4 << 20

// note looks whether a text is one that says something of an image.
func (im *images) note(v *open.View) {
	p := v.Path
	if at := strings.LastIndexByte(p, '!'); at >= 0 && aLayer().MatchString(p[:at+1]) {
		im.mu.Lock()
		if im.files == nil {
			im.files = map[uint64]bool{}
		}
		im.files[pathHash(p)] = true
		im.mu.Unlock()
		return
	}
	if base := path.Base(fileIn(p)); base != "manifest.json" && !isDigest(base) {
		return
	}
	if len(v.Text) > mostManifest || v.InnerPath != "" || !bytes.Contains(v.Text, []byte(`ayers"`)) {
		return
	}
	for _, order := range layersOf(p, v.Text) {
		im.mu.Lock()
		im.orders = append(im.orders, order)
		im.mu.Unlock()
	}
}

// layersOf are the layers that a manifest names, as findings show their paths: those of each image, the lowest first.
func layersOf(name string, text []byte) [][]string {
	var orders [][]string
	if path.Base(fileIn(name)) == "manifest.json" {
		var saved []struct{ Layers []string }
		if json.Unmarshal(text, &saved) != nil {
			return nil
		}
		for _, image := range saved {
			var order []string
			for _, layer := range image.Layers {
				order = append(order, besides(name, path.Clean(layer)))
			}
			orders = append(orders, order)
		}
		return orders
	}
	var oci struct{ Layers []struct{ Digest string } }
	if json.Unmarshal(text, &oci) != nil {
		return nil
	}
	var order []string
	for _, layer := range oci.Layers {
		_, digest, ok := strings.Cut(layer.Digest, ":")
		if !ok {
			return nil
		}
		order = append(order, besides(name, digest))
	}
	return append(orders, order)
}

// fileIn is the part of a path behind the archives around it.
func fileIn(name string) string { return name[strings.LastIndexByte(name, '!')+1:] }

// besides is the path of what lies in the folder, or in the root of the archive, that a file is in.
func besides(name, rel string) string {
	outer, inner := name[:len(name)-len(fileIn(name))], fileIn(name)
	return outer + path.Join(path.Dir(inner), rel)
}

func pathHash(p string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(p)) // a hash takes all
	return h.Sum64()
}

// tell says of each finding in a layer what a later layer does to its file.
func (im *images) tell(list []Finding) {
	if len(im.orders) == 0 {
		return
	}
	above := map[string][]string{}
	for _, order := range im.orders {
		for i, layer := range order {
			if _, known := above[layer]; !known {
				above[layer] = order[i+1:]
			}
		}
	}
	for i := range list {
		f := &list[i]
		at := strings.IndexByte(f.File, '!')
		for ; at >= 0; at = next(f.File, at) {
			if layers, known := above[f.File[:at]]; known {
				name, _, _ := strings.Cut(f.File[at+1:], "!")
				if p, ok := im.undone(layers, name); ok {
					f.Related = append([]Place{p}, f.Related...)
				}
				break
			}
		}
	}
}

// next is where the next mark of an archive stands in a path, -1 where there is none.
func next(p string, at int) int {
	if k := strings.IndexByte(p[at+1:], '!'); k >= 0 {
		return at + 1 + k
	}
	return -1
}

// undone is where the first of these layers deletes or replaces a file that lies below them.
func (im *images) undone(layers []string, name string) (p Place, ok bool) {
	const all = "everybody who can pull the image can read it all the same"
	for _, layer := range layers {
		if im.has(layer, name) {
			return Place{File: layer + "!" + name, Line: 1, Text: "a later layer replaces this file: " + all}, true
		}
		for part := path.Clean(name); part != "." && part != "/"; part = path.Dir(part) {
			dir, base := path.Split(part)
			for _, mark := range []string{dir + ".wh." + base, dir + ".wh..wh..opq"} {
				if im.has(layer, mark) {
					return Place{File: layer + "!" + mark, Line: 1, Text: "a later layer deletes this file: " + all}, true
				}
			}
		}
	}
	return Place{}, false
}

func (im *images) has(layer, name string) bool { return im.files[pathHash(layer+"!"+name)] }
