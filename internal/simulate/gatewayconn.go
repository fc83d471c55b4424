package simulate

import (
	"context"
	"time"
)

// gatewayConn is a process's connection to the gateway. gone and session are the
// gateway's, under its lock; the rest is under that of the process.
type gatewayConn struct {
	gateway *gateway
	process *process
	name    string
	dice    dice

	gone    bool
	session *session
	due     time.Time // when the latest frame arrives, under the gateway's lock
	asked   time.Time // likewise of what the process sends, under its own

	frames  []frame // have arrived
	closed  bool    // by this side
	changed chan struct{}
}

// deliver sends a frame to the process. The gateway's lock is held.
func (c *gatewayConn) deliver(f frame) {
	c.due = latest(c.due.Add(1), time.Now().Add(c.dice.span(c.gateway.from, c.gateway.to)))
	c.due = c.gateway.clock.at(c.due, func() {
		c.process.mu.Lock()
		defer c.process.mu.Unlock()
		c.frames = append(c.frames, f)
		c.signal()
	})
}

// send has the gateway do something when the message has arrived.
func (c *gatewayConn) send(do func()) {
	c.process.mu.Lock()
	defer c.process.mu.Unlock()
	if !c.process.killed {
		c.post(do)
	}
}

// vanish is the end of the connection with its process. The process's lock is held.
func (c *gatewayConn) vanish() { c.post(func() { c.gateway.leaves(c) }) }

// post sends something behind what was sent before. The process's lock is held.
func (c *gatewayConn) post(do func()) {
	d := c.gateway.from + (c.gateway.to-c.gateway.from)/2
	c.asked = c.gateway.clock.at(latest(c.asked.Add(1), time.Now().Add(d)), do)
}

func (c *gatewayConn) identify(shard int) { c.send(func() { c.gateway.identifies(c, shard) }) }

func (c *gatewayConn) resume(id string, seq int64) {
	c.send(func() { c.gateway.resumes(c, id, seq) })
}

// read returns the next frame, unless the process is dead, the connection is closed,
// or ctx ends. A process that stands still reads nothing.
func (c *gatewayConn) read(ctx context.Context) (frame, bool) {
	for {
		c.process.mu.Lock()
		if c.closed || c.process.killed {
			c.process.mu.Unlock()
			return frame{}, false
		}
		if len(c.frames) > 0 && !c.process.still() {
			f := c.frames[0]
			c.frames = c.frames[1:]
			c.process.mu.Unlock()
			return f, true
		}
		changed := c.changed
		c.process.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return frame{}, false
		}
	}
}

// close ends the connection; the gateway learns of it a moment later.
func (c *gatewayConn) close() {
	c.process.mu.Lock()
	already := c.closed
	c.closed = true
	c.process.part(c)
	c.signal()
	c.process.mu.Unlock()
	if !already {
		c.send(func() { c.gateway.leaves(c) })
	}
}

// signal wakes who reads. The process's lock is held.
func (c *gatewayConn) signal() {
	close(c.changed)
	c.changed = make(chan struct{})
}
