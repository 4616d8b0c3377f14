package open

// Limits bound what one input can cost. What a limit leaves out is reported as a Skip, so that the scan is incomplete.
type Limits struct {
	Whole  int // bytes of the largest text that is held whole; larger ones are read in windows
	Window int // bytes of a window that one view answers for
	// bytes of the largest text that is read for sites as a whole, whatever is in it; of larger ones the surroundings
	// of what matters may be enough, see pieces
	Site     int
	Sites    int   // bytes of one blob's larger texts that are read for sites
	Depth    int   // archives in archives
	Members  int   // members of one archive, those of inner archives included
	Unpacked int64 // bytes that one archive may unpack to, inner archives included
	// bytes that all archives of a scan may unpack to in all, beyond AllRatio for each packed byte. Which archives are
	// left out where it bites depends on the order in which they are read.
	All            int64
	AllRatio       int64
	Ratio          int64 // unpacked bytes for one packed byte, looked at from 64 MiB on
	Nested         int64 // bytes of an inner archive that is held in memory, to be read by the directory at its end
	Pack           int64 // bytes of a pack of git's in an archive, or by itself; it is held in memory
	Decode         int   // bytes that the layers of one text may decode to, as a multiple of its length
	LayerDepth     int   // layers within layers of one text; escapes of escapes aside
	HitsPerBlob    int   // credentials of one blob
	InnerTextBytes int   // bytes of decoded text that goes with one hit
}

func (l Limits) withDefaults() Limits {
	set := func(field *int, value int) {
		if *field <= 0 {
			*field = value
		}
	}
	set64 := func(field *int64, value int64) {
		if *field <= 0 {
			*field = value
		}
	}
	set(&l.Whole, 4<<20)
	set(&l.Window, 1<<20)
	set(&l.Site, 1<<20)
	set(&l.Sites, 16<<20)
	set(&l.Depth, 8)
	set(&l.Members, 200_000)
	set64(&l.Unpacked, 4<<30)
	set64(&l.Ratio, 200)
	set64(&l.All, 1<<30)
	set64(&l.AllRatio, 50)
	set64(&l.Nested, 32<<20)
	set64(&l.Pack, 256<<20)
	set(&l.Decode, 4)
	set(&l.LayerDepth, 8)
	set(&l.HitsPerBlob, 50_000)
	set(&l.InnerTextBytes, 64<<10)
	return l
}
