package gitdb

import (
	"testing"
)

// A stream is a zlib stream, and the size of what it unpacks to.
type stream struct {
	src  []byte
	size int64
}

// packStreams are the streams of every so-many-th entry of a repository's packs, by how long they are.
func packStreams(b *testing.B, db *DB, every int) (classes [5][]stream) {
	for _, p := range db.packs {
		f := p.woods(func() []bool { return db.doubles(p) }, 2)
		for i := 0; i < len(f.order.offs); i += every {
			e, err := p.entry(f.order.offs[i])
			if err != nil {
				b.Fatal(err)
			}
			src, err := p.file.slice(e.body, f.end(int32(i))-e.body)
			if err != nil {
				b.Fatal(err)
			}
			class := 0
			for class < 4 && len(src) >= [...]int{64, 256, 1 << 10, 16 << 10}[class] {
				class++
			}
			classes[class] = append(classes[class], stream{src, e.size})
		}
	}
	return classes
}

// BenchmarkInflate unpacks what the tests make, and the streams of the packs of real repositories.
func BenchmarkInflate(b *testing.B) {
	var made []stream
	for _, text := range someTexts() {
		made = append(made, stream{deflated(b, text, 6), int64(len(text))})
	}
	b.Run("made", func(b *testing.B) { inflateAll(b, made) })
	for _, repo := range realRepos() {
		r, err := Open(repo, nil)
		if err != nil {
			b.Fatal(err)
		}
		classes := packStreams(b, r.DB, 16)
		for class, name := range [...]string{"under64", "under256", "under1k", "under16k", "larger"} {
			b.Run(repo+"/"+name, func(b *testing.B) { inflateAll(b, classes[class]) })
		}
		r.Close()
	}
}

func inflateAll(b *testing.B, streams []stream) {
	var bytes, most int64
	for _, s := range streams {
		bytes += s.size
		most = max(most, s.size)
	}
	b.SetBytes(bytes)
	out := make([]byte, most)
	var f inflater
	for b.Loop() {
		for _, s := range streams {
			if err := f.inflate(out[:s.size], s.src); err != nil {
				b.Fatal(err)
			}
		}
	}
}
