package simulate

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// identifyPause is what lies between two IDENTIFYs.
const identifyPause = 5 * time.Second

// gateway is what a bot is connected to: it numbers each shard's events, delivers
// them to the shard's sessions, keeps those of a session that is not attached, and
// replays them. It is a model of internal/gatewaysim, which speaks the real protocol
// over HTTP and is too slow for thousands of runs.
type gateway struct {
	clock    *clock
	diary    *diary
	ledger   *ledger
	seed     uint64
	from, to time.Duration // latency
	keep     int           // events that a session keeps for a replay
	expiry   time.Duration // how long a session that is not attached is kept
	skip     int64         // how many events a replay leaves out: 0

	mu       sync.Mutex
	produced []int64 // by shard: the latest event
	sessions map[string]*session
	ordered  []*session // those that live, as they were made
	identify time.Time  // when the next IDENTIFY is let in
	dials    int
	made     int
}

// session is one of the gateway's. Sequence numbers count READY and events.
type session struct {
	id       string
	shard    int
	base     int64   // the latest event at READY, which is frame 1
	seq      int64   // of the latest frame; each but the first is the next event
	kept     []frame // oldest first
	conn     *gatewayConn
	detached time.Time
	over     string // why it cannot be resumed any more
}

// frame is what the gateway sends.
type frame struct {
	op  opcode
	seq int64
	n   int64  // event: its number; ready: that of the snapshot
	id  string // ready: the session
	why string // invalid: for what reason
}

type opcode string

const (
	opReady   opcode = "READY"
	opEvent   opcode = "EVENT"
	opResumed opcode = "RESUMED"
	opInvalid opcode = "INVALID_SESSION"
	opClosed  opcode = "closed"
)

// produce makes the next event of a shard.
func (g *gateway) produce(shard int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.produced[shard]++
	n := g.produced[shard]
	g.ledger.produced(shard, n)
	for _, s := range g.ordered {
		if s.shard == shard && s.over == "" {
			s.seq++
			g.dispatch(s, frame{op: opEvent, seq: s.seq, n: n})
		}
	}
}

// dispatch keeps a frame for a replay and sends it, if somebody is there.
func (g *gateway) dispatch(s *session, f frame) {
	s.kept = append(s.kept, f)
	if len(s.kept) > g.keep {
		s.kept = s.kept[1:]
	}
	if s.conn != nil {
		s.conn.deliver(f)
	}
}

// expire ends sessions that nobody has come back to. g.mu is held.
func (g *gateway) expire() {
	live := g.ordered[:0]
	for _, s := range g.ordered {
		if s.conn == nil && time.Since(s.detached) > g.expiry {
			s.over = "the session has expired"
			s.kept = nil
		}
		if s.over == "" {
			live = append(live, s)
		}
	}
	clear(g.ordered[len(live):])
	g.ordered = live
}

// at returns which event the sequence of a session stands for.
func (g *gateway) at(id string, seq int64) (n int64, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.sessions[id]
	if s == nil {
		return 0, false
	}
	return s.base + seq - 1, true
}

// dial connects a process.
func (g *gateway) dial(ctx context.Context, p *process) (*gatewayConn, error) {
	g.mu.Lock()
	g.dials++
	name := fmt.Sprintf("%s@%d", p.name, g.dials)
	c := &gatewayConn{gateway: g, process: p, name: name, dice: newDice(g.seed, "gateway "+name), changed: make(chan struct{})}
	rtt := 2 * c.dice.span(g.from, g.to)
	g.mu.Unlock()
	select {
	case <-g.clock.pass(rtt):
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-p.dead:
		return nil, errDead
	}
	return c, p.join(c)
}

// take lets a connection have a session, whoever had it before. g.mu is held.
func (g *gateway) take(s *session, c *gatewayConn) {
	if other := s.conn; other != nil && other != c {
		g.diary.note("gate %s: session %s is taken over by %s", other.name, s.id, c.name)
		other.session = nil
		other.deliver(frame{op: opClosed})
	}
	s.conn, c.session = c, s
}

// identifies answers an IDENTIFY, when it is its turn.
func (g *gateway) identifies(c *gatewayConn, shard int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if c.gone {
		return
	}
	if now := time.Now(); g.identify.After(now) {
		turn := g.identify
		g.identify = g.identify.Add(identifyPause)
		g.clock.at(turn, func() { g.ready(c, shard) })
		return
	}
	g.identify = time.Now().Add(identifyPause)
	g.readyLocked(c, shard)
}

func (g *gateway) ready(c *gatewayConn, shard int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.readyLocked(c, shard)
}

// readyLocked makes a session. g.mu is held.
func (g *gateway) readyLocked(c *gatewayConn, shard int) {
	if c.gone {
		return
	}
	g.expire()
	g.made++
	s := &session{id: fmt.Sprintf("session-%d-of-shard-%d", g.made, shard), shard: shard, base: g.produced[shard], seq: 1}
	g.sessions[s.id] = s
	g.ordered = append(g.ordered, s)
	g.take(s, c)
	g.diary.note("gate %s: READY %s at event %d", c.name, s.id, g.produced[shard])
	g.dispatch(s, frame{op: opReady, seq: 1, n: g.produced[shard], id: s.id})
}

// resumes answers a RESUME.
func (g *gateway) resumes(c *gatewayConn, id string, seq int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if c.gone {
		return
	}
	g.expire()
	s := g.sessions[id]
	why := ""
	switch {
	case s == nil:
		why = "no such session"
	case s.over != "":
		why = s.over
	case seq > s.seq:
		why = fmt.Sprintf("sequence %d is ahead of %d", seq, s.seq)
	case s.seq > seq && (len(s.kept) == 0 || s.kept[0].seq > seq+1):
		why = "the replay does not go back that far"
		s.over = why
	}
	if why != "" {
		g.diary.note("gate %s: RESUME %s at %d refused: %s", c.name, id, seq, why)
		c.deliver(frame{op: opInvalid, id: id, why: why})
		return
	}
	g.take(s, c)
	g.diary.note("gate %s: RESUME %s at %d of %d", c.name, id, seq, s.seq)
	for _, f := range s.kept {
		if f.seq > seq+g.skip {
			c.deliver(f)
		}
	}
	c.deliver(frame{op: opResumed, seq: s.seq})
}

// leaves takes note of the end of a connection.
func (g *gateway) leaves(c *gatewayConn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	c.gone = true
	if s := c.session; s != nil {
		g.diary.note("gate %s: session %s is left at %d", c.name, s.id, s.seq)
		s.conn, s.detached, c.session = nil, time.Now(), nil
	}
}

// cut breaks a process's connections; the sessions stay.
func (g *gateway) cut(p *process) {
	var conns []*gatewayConn
	p.do(func() { conns = append(conns, p.conns...) })
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range conns {
		if c.gone {
			continue
		}
		c.gone = true
		if s := c.session; s != nil {
			s.conn, s.detached, c.session = nil, time.Now(), nil
		}
		c.deliver(frame{op: opClosed})
	}
}
