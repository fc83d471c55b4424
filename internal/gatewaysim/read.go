package gatewaysim

import (
	"errors"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim/ws"
)

// read serves what the client sends until the connection ends, and returns why
// it did.
func (c *conn) read() error {
	for {
		message, err := c.ws.Read()
		var broken *ws.Error
		switch {
		case errors.As(err, &broken):
			c.end(broken.Code, broken.Text)
			// The stream cannot be read on; give the close frame its time.
			return c.drain(err)
		case err != nil:
			return err
		}
		switch message.Op {
		case ws.OpClose:
			return c.clientClosed(message.Payload)
		case ws.OpPing:
			c.pong(message.Payload)
		case ws.OpText, ws.OpBinary:
			c.handle(message.Payload)
		}
	}
}

// drain reads and drops until the connection ends, and returns err.
func (c *conn) drain(err error) error {
	var sink [4096]byte
	for {
		if _, end := c.ws.Conn.Read(sink[:]); end != nil {
			return err
		}
	}
}

// end closes from the gateway's side.
func (c *conn) end(code int, reason string) {
	c.gw.mu.Lock()
	defer c.gw.mu.Unlock()
	c.gw.closeConn(c, code, reason, time.Now())
}

// clientClosed detaches the session before the client can see the echo. Codes
// 1000 and 1001 end the session ("Disconnecting" in Discord's documentation).
func (c *conn) clientClosed(payload []byte) error {
	code, reason, err := ws.ParseClose(payload)
	if err != nil {
		code = ws.CodeProtocolError
	}
	c.gw.mu.Lock()
	defer c.gw.mu.Unlock()
	s := c.gw.detach(c, time.Now())
	if s != nil && (code == CloseNormal || code == CloseGoingAway) {
		c.gw.counters.SessionsClosed++
		c.gw.endSession(s)
	}
	if c.closing == nil {
		c.closing = &closing{code: code, echo: true}
		c.poke()
	}
	return &clientClose{code, reason}
}

// clientClose is why a connection ended.
type clientClose struct {
	code   int
	reason string
}

func (e *clientClose) Error() string { return "the client closed: " + e.reason }

func (c *conn) pong(payload []byte) {
	c.gw.mu.Lock()
	defer c.gw.mu.Unlock()
	c.pongs = append(c.pongs, append([]byte(nil), payload...))
	c.poke()
}

// handle serves one payload. Errors become close codes.
func (c *conn) handle(data []byte) {
	now := time.Now()
	p, err := decodePayload(data)
	var refused *payloadError
	c.gw.mu.Lock()
	within := c.sendings.add(now)
	ended, authenticated := c.closing != nil, c.session != nil
	delay := c.gw.faults.delayResumes
	c.gw.mu.Unlock()
	switch {
	case ended:
		return
	case !within:
		c.end(CloseRateLimited, "Rate limited.")
		return
	case errors.As(err, &refused):
		c.end(refused.code, refused.text)
		return
	}
	switch p := p.(type) {
	case heartbeat:
		c.heartbeat(p, now)
	case identify:
		c.gw.identify(c, p)
	case resume:
		c.hold(delay)
		c.gw.resume(c, p)
	case other:
		if !authenticated {
			c.end(CloseNotAuthenticated, "Not authenticated.")
		}
	}
}

// hold keeps the reader from going on for a while, as long as the gateway runs.
func (c *conn) hold(d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.gw.stopped:
	}
}

func (c *conn) heartbeat(p heartbeat, now time.Time) {
	g := c.gw
	g.mu.Lock()
	defer g.mu.Unlock()
	g.counters.Heartbeats++
	c.beat = now
	if c.pending++; c.pending == 1 {
		c.acks = now.Add(g.cfg.AckDelay)
	}
	c.poke()
	s := c.session
	if s == nil || p.sequence > s.log.last() {
		return
	}
	s.lastBeat = max(s.lastBeat, p.sequence)
	if g.cfg.TrimOnHeartbeat {
		s.log.dropBefore(min(p.sequence+1, s.unsent()))
	}
	g.notify()
}
