package simulate

import (
	"context"
	"fmt"
	"net"
	"sync"
	"syscall"
	"time"
)

// network connects the slaves with the master that listens at present. Every packet
// takes its time and arrives at an instant of its own.
type network struct {
	clock *clock
	diary *diary
	seed  uint64
	// latency is what a packet takes, from..to; perKiB is what each KiB adds.
	from, to time.Duration
	perKiB   time.Duration

	mu       sync.Mutex
	listener *listener // nil: nobody listens
	ties     []*tie
	dials    int
}

// host is where one process runs. The network's lock guards it.
type host struct {
	net  *network
	name string
	// apart is until when nothing gets to the host or away from it. slow makes its
	// packets slower, until slowed.
	apart  time.Time
	slow   int
	slowed time.Time
	// frozen is until when its process stands still.
	frozen time.Time
	dead   chan struct{} // closed when its process has been killed
}

func (n *network) host(name string) *host {
	return &host{net: n, name: name, slow: 1, dead: make(chan struct{})}
}

// still tells whether the process reads nothing at present.
func (h *host) still() bool { return time.Now().Before(h.frozen) }

// delay draws how long a packet takes.
func (n *network) delay(l *lane, size int) time.Duration {
	d := l.dice.span(n.from, n.to) + time.Duration(size)*n.perKiB/1024
	for _, h := range []*host{l.from, l.to} {
		if time.Now().Before(h.slowed) {
			d *= time.Duration(h.slow)
		}
	}
	return d
}

// listen makes a new listener the one that is dialled.
func (n *network) listen(master string) *listener {
	n.mu.Lock()
	defer n.mu.Unlock()
	l := &listener{net: n, host: n.host(master), changed: make(chan struct{})}
	n.listener = l
	return l
}

// dial connects a host with the master.
func (n *network) dial(ctx context.Context, h *host) (net.Conn, error) {
	n.mu.Lock()
	n.dials++
	d := &dial{host: h, name: fmt.Sprintf("%s#%d", h.name, n.dials), answer: make(chan error, 1)}
	d.dice = newDice(n.seed, "dial "+d.name)
	rtt := 2 * d.dice.span(n.from, n.to)
	n.mu.Unlock()
	n.clock.after(rtt, func() { n.connect(d) })
	select {
	case err := <-d.answer:
		if err != nil {
			return nil, &net.OpError{Op: "dial", Net: "unix", Err: err}
		}
		return d.conn, nil
	case <-ctx.Done():
	case <-h.dead:
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	d.given = true
	if d.conn != nil {
		d.conn.out.finish()
		d.conn.in.abandon()
	}
	return nil, &net.OpError{Op: "dial", Net: "unix", Err: syscall.ETIMEDOUT}
}

// dial is the attempt to connect.
type dial struct {
	host   *host
	name   string
	dice   dice
	answer chan error
	conn   *conn
	given  bool // up
}

// connect answers a dial, or puts that off while nothing gets through.
func (n *network) connect(d *dial) {
	n.mu.Lock()
	defer n.mu.Unlock()
	l := n.listener
	// The kernel of a master that stands still lets connections in.
	until := d.host.apart
	switch {
	case d.given:
		return
	case until.After(time.Now()):
		n.clock.at(until.Add(d.dice.span(0, 10*time.Millisecond)), func() { n.connect(d) })
		return
	case l == nil || l.closed:
		n.diary.note("net  %s: refused", d.name)
		d.answer <- syscall.ECONNREFUSED
		return
	}
	n.diary.note("net  %s: connected to %s", d.name, l.host.name)
	t := &tie{
		host: d.host, name: d.name,
		up:   n.lane(d.name+" up", d.host, l.host),
		down: n.lane(d.name+" down", l.host, d.host),
	}
	n.forget()
	n.ties = append(n.ties, t)
	d.conn = &conn{net: n, in: t.down, out: t.up}
	l.backlog = append(l.backlog, &conn{net: n, in: t.up, out: t.down})
	l.signal()
	d.answer <- nil
}

func (n *network) lane(name string, from, to *host) *lane {
	return &lane{
		net: n, name: name, dice: newDice(n.seed, "lane "+name), from: from, to: to,
		changed: make(chan struct{}),
	}
}

// forget drops the connections that have ended.
func (n *network) forget() {
	open := n.ties[:0]
	for _, t := range n.ties {
		if !t.ended() {
			open = append(open, t)
		}
	}
	clear(n.ties[len(open):])
	n.ties = open
}

// of returns the open connections of a host, in the order of their dials.
func (n *network) of(h *host) []*tie {
	n.forget()
	var ties []*tie
	for _, t := range n.ties {
		if t.host == h {
			ties = append(ties, t)
		}
	}
	return ties
}

// listener is where one master accepts. The network's lock guards it.
type listener struct {
	net     *network
	host    *host
	backlog []*conn
	closed  bool
	changed chan struct{}
}

func (l *listener) signal() {
	close(l.changed)
	l.changed = make(chan struct{})
}

// Accept implements [net.Listener].
func (l *listener) Accept() (net.Conn, error) {
	for {
		l.net.mu.Lock()
		if l.closed {
			l.net.mu.Unlock()
			return nil, net.ErrClosed
		}
		if len(l.backlog) > 0 {
			c := l.backlog[0]
			l.backlog = l.backlog[1:]
			l.net.mu.Unlock()
			return c, nil
		}
		changed := l.changed
		l.net.mu.Unlock()
		<-changed
	}
}

// Close implements [net.Listener].
func (l *listener) Close() error {
	l.net.mu.Lock()
	defer l.net.mu.Unlock()
	if l.closed {
		return nil
	}
	l.closed = true
	for _, c := range l.backlog {
		c.out.finish()
		c.in.abandon()
	}
	l.backlog = nil
	l.signal()
	return nil
}

// Addr implements [net.Listener].
func (l *listener) Addr() net.Addr { return &net.UnixAddr{Name: l.host.name, Net: "unix"} }
