// Package memnet is a network inside the process: buffered connections and a
// listener, with a delay on each way if asked for.
//
// It serves two ends. Tests run a server and its clients on it inside a
// testing/synctest bubble, where the kernel's sockets would never be idle. And
// the gateway relays real connections through it to simulate a round-trip time.
package memnet

import (
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// Capacity is how many bytes one way of a pipe holds before Write blocks: about
// what the kernel buffers for a loopback connection.
const Capacity = 1 << 20

// Pipe returns the two ends of a connection. What is written to one end can be
// read from the other after the delay, in order. Unlike net.Pipe it is buffered:
// Write blocks only when Capacity bytes are on the way.
func Pipe(delay time.Duration) (net.Conn, net.Conn) {
	a, b := newWay(delay), newWay(delay)
	return &conn{in: a, out: b}, &conn{in: b, out: a}
}

type conn struct {
	in, out *way
}

func (c *conn) Read(p []byte) (int, error)  { return c.in.read(p) }
func (c *conn) Write(p []byte) (int, error) { return c.out.write(p) }

// Close ends both ways. The peer reads what is on the way and then io.EOF.
func (c *conn) Close() error {
	c.out.finish()
	c.in.abandon()
	return nil
}

func (c *conn) LocalAddr() net.Addr  { return Addr{} }
func (c *conn) RemoteAddr() net.Addr { return Addr{} }

func (c *conn) SetDeadline(t time.Time) error {
	c.in.reads.set(t)
	c.out.writes.set(t)
	return nil
}

func (c *conn) SetReadDeadline(t time.Time) error  { c.in.reads.set(t); return nil }
func (c *conn) SetWriteDeadline(t time.Time) error { c.out.writes.set(t); return nil }

// Addr is the address of everything in memory.
type Addr struct{}

// Network returns "memory".
func (Addr) Network() string { return "memory" }

// String returns "memory".
func (Addr) String() string { return "memory" }

// way is one direction of a connection.
type way struct {
	delay  time.Duration
	reads  *deadline
	writes *deadline

	mu       sync.Mutex
	chunks   []chunk
	buffered int
	finished bool          // no more will be written
	end      time.Time     // when the reader learns that
	gone     bool          // nobody reads any more
	changed  chan struct{} // closed and replaced whenever the above changes
}

type chunk struct {
	data []byte
	due  time.Time
}

func newWay(delay time.Duration) *way {
	return &way{delay: delay, reads: newDeadline(), writes: newDeadline(), changed: make(chan struct{})}
}

func (w *way) signal() {
	close(w.changed)
	w.changed = make(chan struct{})
}

func (w *way) write(p []byte) (int, error) {
	written := 0
	for {
		w.mu.Lock()
		switch {
		case w.finished:
			w.mu.Unlock()
			return written, net.ErrClosed
		case w.gone:
			w.mu.Unlock()
			return written, io.ErrClosedPipe
		}
		if n := min(len(p), Capacity-w.buffered); n > 0 {
			w.chunks = append(w.chunks, chunk{append([]byte(nil), p[:n]...), time.Now().Add(w.delay)})
			w.buffered += n
			written += n
			p = p[n:]
			w.signal()
		}
		changed := w.changed
		w.mu.Unlock()
		if len(p) == 0 {
			return written, nil
		}
		select {
		case <-changed:
		case <-w.writes.passed():
			return written, os.ErrDeadlineExceeded
		}
	}
}

func (w *way) read(p []byte) (int, error) {
	for {
		select {
		case <-w.reads.passed():
			return 0, os.ErrDeadlineExceeded
		default:
		}
		w.mu.Lock()
		n, wait, err := w.take(p)
		changed := w.changed
		w.mu.Unlock()
		if n > 0 || err != nil || len(p) == 0 {
			return n, err
		}
		var due <-chan time.Time
		var timer *time.Timer
		if wait > 0 {
			timer = time.NewTimer(wait)
			due = timer.C
		}
		select {
		case <-changed:
		case <-due:
		case <-w.reads.passed():
		}
		if timer != nil {
			timer.Stop()
		}
	}
}

// take moves what is due into p. When nothing is, wait tells for how long; zero
// means until something changes.
func (w *way) take(p []byte) (n int, wait time.Duration, err error) {
	if w.gone {
		return 0, 0, net.ErrClosed
	}
	now := time.Now()
	for n < len(p) && len(w.chunks) > 0 {
		head := &w.chunks[0]
		if late := head.due.Sub(now); late > 0 {
			wait = late
			break
		}
		m := copy(p[n:], head.data)
		n += m
		w.buffered -= m
		if head.data = head.data[m:]; len(head.data) == 0 {
			w.chunks[0] = chunk{}
			w.chunks = w.chunks[1:]
		}
	}
	if n > 0 {
		w.signal()
		return n, 0, nil
	}
	if len(w.chunks) == 0 && w.finished {
		if wait = w.end.Sub(now); wait <= 0 {
			return 0, 0, io.EOF
		}
	}
	return 0, wait, nil
}

func (w *way) finish() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.finished {
		w.finished, w.end = true, time.Now().Add(w.delay)
		w.signal()
	}
}

func (w *way) abandon() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.gone {
		w.gone, w.chunks, w.buffered = true, nil, 0
		w.signal()
	}
}
