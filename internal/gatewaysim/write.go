package gatewaysim

import (
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim/ws"
)

// batch is how many dispatches the writer takes at a time, and writeSize about
// how many bytes it collects before it writes.
const (
	batch     = 64
	writeSize = 32 << 10
)

// work is what the writer has to do next.
type work struct {
	control  [][]byte
	pongs    [][]byte
	session  *session
	first    int // sequence of records[0]
	records  []record
	resumed  int
	closing  *closing
	cut      bool
	beat     bool      // ask for a heartbeat, behind everything else
	deadline time.Time // when to look again; zero for never
}

// write sends until the connection ends. It is the only one that writes.
func (c *conn) write() {
	defer c.shut()
	var text, frames []byte
	for {
		w := c.next(time.Now())
		if w.cut {
			return
		}
		var err error
		if text, frames, err = c.put(text[:0], frames[:0], w); err != nil {
			return
		}
		if w.closing != nil {
			c.finish(w.closing)
			return
		}
		if len(w.records) == batch {
			continue
		}
		if !c.wait(w.deadline) {
			return
		}
	}
}

// shut ends the connection, with a reset when it is to be cut.
func (c *conn) shut() {
	c.gw.mu.Lock()
	cut := c.cut
	c.gw.mu.Unlock()
	if cut {
		reset(c.ws.Conn)
	}
	_ = c.ws.Close()
}

// wait returns true when the writer should look for work again.
func (c *conn) wait(deadline time.Time) bool {
	var due <-chan time.Time
	if !deadline.IsZero() {
		timer := time.NewTimer(time.Until(deadline))
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-c.wake:
		return true
	case <-due:
		return true
	case <-c.over:
		// The reader has ended; only an answer to a close frame may be left.
		c.gw.mu.Lock()
		defer c.gw.mu.Unlock()
		return c.cut || c.closing != nil && !(c.frozen && c.closing.echo)
	}
}

// next decides what to do.
func (c *conn) next(now time.Time) work {
	g := c.gw
	g.mu.Lock()
	defer g.mu.Unlock()
	w := work{deadline: g.patience(c, now)}
	w.closing, w.cut = c.closing, c.cut
	if c.frozen {
		if w.closing != nil && w.closing.echo {
			w.closing = nil
		}
		return w
	}
	w.pongs, c.pongs = c.pongs, nil
	w.control, c.control = c.control, nil
	if c.pending > 0 {
		if now.Before(c.acks) {
			w.deadline = earlier(w.deadline, c.acks)
		} else {
			for ; c.pending > 0; c.pending-- {
				w.control = append(w.control, bare(opHeartbeatACK))
			}
		}
	}
	if s := c.session; s != nil {
		w.session, w.first, w.resumed = s, c.cursor, c.resumed
		w.records = s.log.from(c.cursor, batch)
		c.cursor += len(w.records)
		s.written = max(s.written, c.cursor)
		s.log.trim(g.cfg.ReplaySize, c.cursor)
		if last := s.log.last(); g.asking && c.cursor > last && c.asked < last && len(w.records) < batch {
			c.asked = last
			w.beat = true
		}
		if s.wanted && c.cursor-1 > s.beyond {
			s.wanted = false
			w.beat = true
		}
	}
	return w
}

// patience closes a connection that has been silent for too long, and otherwise
// returns when it will have been. The caller holds mu.
func (g *Gateway) patience(c *conn, now time.Time) time.Time {
	silent := c.beat.Add(g.cfg.HeartbeatInterval + g.cfg.HeartbeatGrace)
	deadline, anonymous := silent, false
	if limit := g.cfg.AuthenticateWithin; limit > 0 && !c.opened.IsZero() {
		deadline = earlier(silent, c.opened.Add(limit))
		anonymous = deadline.Before(silent)
	}
	switch {
	case c.closing != nil || now.Before(deadline):
	case anonymous:
		g.counters.TimeOuts++
		g.closeConn(c, CloseNotAuthenticated, "Not authenticated in time.", now)
	default:
		g.counters.TimeOuts++
		if s := g.detach(c, now); s != nil {
			g.endSession(s)
		}
		g.closeConn(c, CloseSessionTimedOut, "Session timed out.", now)
	}
	return deadline
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// put writes what there is to write. text and frames are buffers that it returns
// for the next time.
func (c *conn) put(text, frames []byte, w work) ([]byte, []byte, error) {
	var err error
	flush := func(least int) {
		if err == nil && len(frames) > least {
			_, err = c.ws.Write(frames)
			frames = frames[:0]
		}
	}
	payload := func(p []byte) {
		if err == nil {
			frames, err = c.out.encode(frames, p)
			flush(writeSize)
		}
	}
	for _, p := range w.pongs {
		frames = ws.Append(frames, ws.OpPong, p)
	}
	for _, p := range w.control {
		payload(p)
	}
	for i, r := range w.records {
		sequence := w.first + i
		if r.kind == kindResumed && sequence != w.resumed {
			continue // an earlier connection's
		}
		text = c.gw.appendDispatch(text[:0], w.session, r, sequence, c.resumeURL)
		payload(text)
	}
	if w.beat {
		payload(bare(opHeartbeat))
	}
	flush(0)
	return text, frames, err
}

// finish sends the close frame and waits for the client to answer it, if it has
// not closed first.
func (c *conn) finish(how *closing) {
	if _, err := c.ws.Write(ws.AppendClose(nil, how.code, how.reason)); err != nil || how.echo {
		return
	}
	timer := time.NewTimer(lingerFor)
	defer timer.Stop()
	select {
	case <-c.over:
	case <-timer.C:
	}
}
