package simulate

import (
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// capacity is how many bytes one way of a connection holds before Write waits.
const capacity = 128 << 10

// lane is one way of a connection. The network's lock guards it.
type lane struct {
	net      *network
	name     string
	dice     dice
	from, to *host

	flying  []packet // on the way, in order
	planned bool     // the arrival of the first one is
	latest  time.Time
	held    time.Time // nothing arrives before
	ready   []byte    // has arrived
	size    int       // bytes of both

	readErr, writeErr error // what ends either side
	sent              bool  // a FIN is on its way, or nothing ever is

	readLimit, writeLimit time.Time
	changed               chan struct{} // closed and replaced when anything has
}

// packet is what one Write sent, or the end of the stream.
type packet struct {
	data []byte
	fin  bool
	due  time.Time
}

func (l *lane) signal() {
	close(l.changed)
	l.changed = make(chan struct{})
}

// write takes p, and waits while the lane is full.
func (l *lane) write(p []byte) (int, error) {
	written := 0
	for {
		l.net.mu.Lock()
		if l.writeErr != nil {
			defer l.net.mu.Unlock()
			return written, l.writeErr
		}
		if n := min(len(p), capacity-l.size); n > 0 {
			l.send(packet{data: append([]byte(nil), p[:n]...)})
			written += n
			p = p[n:]
		}
		if len(p) == 0 {
			l.net.mu.Unlock()
			return written, nil
		}
		if err := l.wait(l.writeLimit); err != nil {
			return written, err
		}
	}
}

// read takes what has arrived, and waits for it.
func (l *lane) read(p []byte) (int, error) {
	for {
		l.net.mu.Lock()
		if len(l.ready) > 0 && !l.to.still() {
			defer l.net.mu.Unlock()
			n := copy(p, l.ready)
			l.ready = l.ready[n:]
			l.size -= n
			l.signal()
			return n, nil
		}
		if l.readErr != nil {
			defer l.net.mu.Unlock()
			return 0, l.readErr
		}
		if err := l.wait(l.readLimit); err != nil {
			return 0, err
		}
	}
}

// wait lets the network's lock go and returns when the lane has changed, or with the
// error of a limit that has passed.
func (l *lane) wait(limit time.Time) error {
	changed := l.changed
	if !limit.IsZero() {
		if !time.Now().Before(limit) {
			l.net.mu.Unlock()
			return os.ErrDeadlineExceeded
		}
		l.net.clock.at(limit, l.poke)
	}
	l.net.mu.Unlock()
	<-changed
	return nil
}

// poke has those who wait look again.
func (l *lane) poke() {
	l.net.mu.Lock()
	defer l.net.mu.Unlock()
	l.signal()
}

// send puts a packet on its way, behind those that are.
func (l *lane) send(p packet) {
	p.due = time.Now().Add(l.net.delay(l, len(p.data)))
	if !p.due.After(l.latest) {
		p.due = l.latest.Add(1)
	}
	l.latest = p.due
	l.size += len(p.data)
	l.flying = append(l.flying, p)
	l.plan()
}

// plan plans the arrival of the first packet that is on its way.
func (l *lane) plan() {
	if l.planned || len(l.flying) == 0 {
		return
	}
	l.planned = true
	due := l.flying[0].due
	if release := l.release(); release.After(due) {
		due = release.Add(l.dice.span(0, time.Millisecond))
	}
	l.net.clock.at(due, l.arrive)
}

// release is when the lane carries something again.
func (l *lane) release() time.Time {
	latest := l.held
	for _, h := range []*host{l.from, l.to} {
		if h.apart.After(latest) {
			latest = h.apart
		}
	}
	return latest
}

// arrive lets the first packet arrive, unless something holds it up.
func (l *lane) arrive() {
	l.net.mu.Lock()
	defer l.net.mu.Unlock()
	l.planned = false
	if len(l.flying) == 0 {
		return
	}
	if l.release().After(time.Now()) {
		l.plan()
		return
	}
	p := l.flying[0]
	l.flying = l.flying[1:]
	l.plan()
	switch {
	case l.readErr != nil: // nobody reads any more
		l.size -= len(p.data)
		l.failWrite(syscall.EPIPE)
	case p.fin:
		l.net.diary.note("net  %s: closed", l.name)
		l.readErr = io.EOF
	default:
		l.net.diary.note("net  %s: %d bytes", l.name, len(p.data))
		l.ready = append(l.ready, p.data...)
	}
	l.signal()
}

// finish ends the lane from the writer's side; what is on its way arrives.
func (l *lane) finish() {
	l.failWrite(net.ErrClosed)
	if !l.sent {
		l.sent = true
		l.send(packet{fin: true})
	}
	l.signal()
}

// abandon ends the lane from the reader's side.
func (l *lane) abandon() {
	l.readErr = net.ErrClosed
	l.size -= len(l.ready)
	l.ready = nil
	l.signal()
}

// lose drops what is on its way; nothing arrives any more.
func (l *lane) lose() {
	for _, p := range l.flying {
		l.size -= len(p.data)
	}
	l.flying, l.sent = nil, true
}

func (l *lane) failRead(err error) {
	if l.readErr == nil {
		l.readErr = err
	}
	l.signal()
}

func (l *lane) failWrite(err error) {
	if l.writeErr == nil {
		l.writeErr = err
	}
	l.signal()
}
