package simulate

import (
	"encoding/binary"
	"fmt"
	"hash"
	"hash/fnv"
	"io"
	"strings"
	"sync"
	"time"
)

// diary is the log of one run: what happened in the simulated world, in order. Two
// runs are the same if their sums are.
type diary struct {
	clock *clock
	out   io.Writer // nil: nothing is printed

	mu   sync.Mutex
	sum  hash.Hash64
	shut bool
}

func newDiary(c *clock, out io.Writer) *diary {
	return &diary{clock: c, out: out, sum: fnv.New64a()}
}

// note adds a line.
func (d *diary) note(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.shut {
		return
	}
	at := d.clock.elapsed()
	text := fmt.Sprintf(format, args...)
	var stamp [8]byte
	binary.LittleEndian.PutUint64(stamp[:], uint64(at))
	_, _ = d.sum.Write(stamp[:]) // a hash never fails
	_, _ = io.WriteString(d.sum, text)
	d.print(at, text)
}

// remark adds a line that is not part of the sum: what the product logs.
func (d *diary) remark(text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.shut {
		d.print(d.clock.elapsed(), text)
	}
}

// print writes a line out. d.mu is held.
func (d *diary) print(at time.Duration, text string) {
	if d.out != nil {
		_, _ = fmt.Fprintf(d.out, "%14.9f %s\n", at.Seconds(), text) // who reads the log sees what is missing
	}
}

// close ends the log: what follows is only the world's unwinding.
func (d *diary) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shut = true
}

// total is the hash of all lines and of their instants.
func (d *diary) total() uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.sum.Sum64()
}

// zapSink lets a zap logger write into the log.
type zapSink struct{ diary *diary }

// Write takes one line. zap ends each with a line break.
func (s zapSink) Write(p []byte) (int, error) {
	s.diary.remark("     " + strings.TrimSuffix(string(p), "\n"))
	return len(p), nil
}

// Sync does nothing.
func (s zapSink) Sync() error { return nil }
