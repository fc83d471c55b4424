package gatewaysim

import (
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

// faults are the standing orders to misbehave. The gateway's lock guards them.
type faults struct {
	refuseConnections int // so many more; below zero, until further notice
	refuseResumes     int
	refuseResumable   bool
	delayResumes      time.Duration
}

// All in a Target means every shard, or every shard count.
const All = -1

// Target chooses shards for a fault. The zero value is shard 0 at any shard
// count.
type Target struct {
	Shard  int // or All
	Shards int // the shard count; 0 or All for any
}

// EveryShard is the target of all shards at all counts.
func EveryShard() Target { return Target{Shard: All} }

func (t Target) matches(s ledger.Stream) bool {
	return (t.Shard == All || t.Shard == s.Shard) && (t.Shards <= 0 || t.Shards == s.Shards)
}

// each calls f for the matching sessions, with mu held, and returns how many
// there were.
func (g *Gateway) each(t Target, f func(*session, time.Time)) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	var hit []*session
	for _, s := range g.sessions {
		if t.matches(s.stream) {
			hit = append(hit, s)
		}
	}
	now := time.Now()
	for _, s := range hit {
		f(s, now)
	}
	return len(hit)
}

// eachConn is each for the connections that hold a matching session.
func (g *Gateway) eachConn(t Target, f func(*conn, time.Time)) int {
	n := 0
	g.each(t, func(s *session, now time.Time) {
		if s.conn != nil {
			n++
			f(s.conn, now)
		}
	})
	return n
}

// Drop cuts the TCP connections of the target with a reset, without a close
// frame. Their sessions stay resumable. It returns the number of connections.
func (g *Gateway) Drop(t Target) int {
	return g.eachConn(t, func(c *conn, now time.Time) {
		g.detach(c, now)
		c.cut = true
		c.hurry(now)
		c.poke()
	})
}

// Reconnect sends opcode 7 to the target's connections and leaves the rest to the
// clients. It returns the number of connections.
func (g *Gateway) Reconnect(t Target) int {
	return g.eachConn(t, func(c *conn, _ time.Time) { c.send(bare(opReconnect)) })
}

// Invalidate sends opcode 9 to the target's connections and detaches their
// sessions, which end unless they are to be resumable. It returns the number of
// connections.
func (g *Gateway) Invalidate(t Target, resumable bool) int {
	return g.eachConn(t, func(c *conn, now time.Time) {
		s := g.detach(c, now)
		c.send(invalidSession(resumable))
		if !resumable {
			g.endSession(s)
		}
	})
}

// CloseWith closes the target's connections with a close code. With 4007 and 4009
// their sessions end, as Discord asks for a new one then. It returns the number
// of connections.
func (g *Gateway) CloseWith(t Target, code int) int {
	return g.eachConn(t, func(c *conn, now time.Time) {
		s := c.session
		g.closeConn(c, code, "As commanded.", now)
		if code == CloseInvalidSequence || code == CloseSessionTimedOut {
			g.endSession(s)
		}
	})
}

// Freeze makes the gateway send nothing more on the target's connections, which
// stay open and are read; Thaw goes on where it stopped. Both return the number
// of connections.
func (g *Gateway) Freeze(t Target) int {
	return g.eachConn(t, func(c *conn, _ time.Time) { c.frozen = true })
}

// Thaw undoes Freeze.
func (g *Gateway) Thaw(t Target) int {
	return g.eachConn(t, func(c *conn, _ time.Time) {
		c.frozen = false
		c.poke()
	})
}

// Expire ends the target's sessions, so that a RESUME is answered with opcode 9,
// not resumable. A connection that holds one gets that opcode at once. It returns
// the number of sessions.
func (g *Gateway) Expire(t Target) int {
	return g.each(t, func(s *session, now time.Time) {
		if c := s.conn; c != nil {
			g.detach(c, now)
			c.send(invalidSession(false))
		}
		g.counters.SessionsExpired++
		g.endSession(s)
	})
}

// ExpireAbandoned ends the sessions that no connection holds while another one of
// the same shard is held: those of clients that have started anew. It returns their
// number.
func (g *Gateway) ExpireAbandoned() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	var abandoned []*session
	for _, s := range g.sessions {
		if s.conn != nil {
			continue
		}
		for _, other := range g.streams[s.stream].sessions {
			if other.conn != nil {
				abandoned = append(abandoned, s)
				break
			}
		}
	}
	for _, s := range abandoned {
		g.counters.SessionsExpired++
		g.endSession(s)
	}
	return len(abandoned)
}

// RefuseResumes answers the next n RESUMEs with opcode 9, resumable or not. When
// not resumable the sessions live on all the same.
func (g *Gateway) RefuseResumes(n int, resumable bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.faults.refuseResumes, g.faults.refuseResumable = n, resumable
}

// DelayResumes lets every RESUME wait for d before it is looked at; 0 ends it.
func (g *Gateway) DelayResumes(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.faults.delayResumes = d
}

// RefuseConnections refuses the next n WebSocket connections with status 503; a
// negative n refuses them until further notice, 0 ends it.
func (g *Gateway) RefuseConnections(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.faults.refuseConnections = n
}

// SetRate changes the number of events per second and shard; 0 is none. It
// returns false, and changes nothing, when the rate is out of range.
func (g *Gateway) SetRate(rate float64) bool {
	if !(rate >= 0 && rate <= maxRate) {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.pace.rate = rate
	g.pace.restart()
	g.tick()
	return true
}

// SetIdentifyLimit changes the number of IDENTIFY buckets and the time for which
// an IDENTIFY blocks its bucket. Zero or less leaves a value as it is.
func (g *Gateway) SetIdentifyLimit(concurrency int, interval time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if concurrency > 0 {
		g.starts.concurrency = concurrency
	}
	if interval > 0 {
		g.starts.interval = interval
	}
	clear(g.starts.busy)
}

// StartEvents starts the generator, and StopEvents stops it. Sessions live on.
func (g *Gateway) StartEvents() { g.run(true) }

// StopEvents stops the generator: no event is produced after it returns.
func (g *Gateway) StopEvents() { g.run(false) }

func (g *Gateway) run(running bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.pace.running != running {
		g.pace.running = running
		g.pace.restart()
		g.tick()
	}
}
