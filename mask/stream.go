package mask

import (
	"errors"
	"io"
	"time"
)

// patience is how long the input has to be silent before a Writer hears of a pause; a line is late after that time too.
const patience = 2 * time.Second

// Copy masks what r gives until it ends or stop is closed, and closes m. It reads in a goroutine of its own, which where
// stop comes first is left waiting for r. It returns the first error of r or of the writer behind m.
func Copy(m *Writer, r io.Reader, stop <-chan struct{}) error {
	full, free := make(chan []byte), make(chan []byte, 2)
	var failed error // of r, written before full is closed
	free <- make([]byte, chunk)
	free <- make([]byte, chunk)
	go func() {
		defer close(full)
		for b := range free {
			n, err := r.Read(b[:chunk])
			if n > 0 {
				select {
				case full <- b[:n]:
				case <-stop:
					return
				}
			} else {
				free <- b
			}
			if err != nil {
				if !errors.Is(err, io.EOF) {
					failed = err
				}
				return
			}
		}
	}()
	c := clock{tick: time.NewTicker(patience / 4)}
	defer c.tick.Stop()
	for {
		select {
		case b, ok := <-full:
			if !ok {
				return errors.Join(m.Close(), failed)
			}
			if _, err := m.Write(b); err != nil {
				return err
			}
			c.heard(len(b))
			free <- b
		case <-c.tick.C:
			if err := c.look(m); err != nil {
				return err
			}
		case <-stop:
			return m.Close()
		}
	}
}

// A clock tells a Writer what is late. It counts in quarters of the patience.
type clock struct {
	tick  *time.Ticker
	total int    // bytes that came
	at    [5]int // total at the last ticks, the latest first
}

func (c *clock) heard(n int) { c.total += n }

// look tells m of a pause, where nothing came since the oldest tick, or of lines that are as old as that.
func (c *clock) look(m *Writer) error {
	copy(c.at[1:], c.at[:])
	c.at[0] = c.total
	oldest := c.at[len(c.at)-1]
	switch {
	case m.Held() == 0 || oldest == 0:
		return nil
	case oldest == c.total:
		return m.Pause()
	case c.total-m.Held() < oldest:
		return m.Late()
	}
	return nil
}
