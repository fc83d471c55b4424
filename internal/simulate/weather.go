package simulate

import (
	"syscall"
	"time"
)

// The ways in which the network goes wrong. All but a killed process can be cured.

// cut breaks connections of a host; each side notices in its own time. only, if not
// negative, names one of them by its place among those that are open.
func (n *network) cut(h *host, d dice, only int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	ties := n.of(h)
	for i, t := range ties {
		if only < 0 || only%len(ties) == i {
			t.sever(n, notice(d), notice(d))
		}
	}
}

// notice draws how long a side takes to notice that its connection is broken.
func notice(d dice) time.Duration {
	if d.chance(0.7) {
		return d.span(0, 5*time.Millisecond)
	}
	return d.span(0, 2*time.Second)
}

// part keeps a host apart for a while: nothing is lost and nothing arrives.
func (n *network) part(h *host, d time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	h.apart = latest(h.apart, time.Now().Add(d))
}

// stall holds up one way of all of a host's connections for a while.
func (n *network) stall(h *host, up bool, d time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, t := range n.of(h) {
		l := t.down
		if up {
			l = t.up
		}
		l.held = latest(l.held, time.Now().Add(d))
	}
}

// slacken makes a host's packets slower for a while.
func (n *network) slacken(h *host, times int, d time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	h.slow, h.slowed = times, latest(h.slowed, time.Now().Add(d))
}

// freeze has a host neither read nor be heard for a while.
func (n *network) freeze(h *host, d time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	until := time.Now().Add(d)
	h.frozen, h.apart = latest(h.frozen, until), latest(h.apart, until)
	for _, t := range n.ties {
		if t.up.from == h || t.up.to == h {
			n.clock.at(until, t.down.poke)
			n.clock.at(until, t.up.poke)
		}
	}
}

// kill takes a host away, as the kernel does with a process: what its peers are owed
// arrives, or their connections are reset.
func (n *network) kill(h *host, reset bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, t := range n.ties {
		switch h {
		case t.up.from:
			t.bury(n, t.up, t.down, reset)
		case t.up.to:
			t.bury(n, t.down, t.up, reset)
		}
	}
	if l := n.listener; l != nil && l.host == h {
		n.listener = nil
		l.closed = true
		l.signal()
	}
	close(h.dead)
}

// bury ends a connection on the side of the dead.
func (t *tie) bury(n *network, out, in *lane, reset bool) {
	if t.broken {
		return
	}
	in.abandon()
	if !reset {
		out.finish()
		return
	}
	out.lose()
	out.failWrite(syscall.ECONNRESET)
	n.clock.after(n.delay(out, 0), func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.diary.note("net  %s: reset", out.name)
		out.failRead(syscall.ECONNRESET)
		in.failWrite(syscall.ECONNRESET)
	})
}

// latest returns the later of two times.
func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
