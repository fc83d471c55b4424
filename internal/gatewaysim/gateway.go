package gatewaysim

import (
	"fmt"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

// DefaultApplication is the application, and so the bot, that the gateway has in
// mind where no token says otherwise; Token(DefaultApplication) makes a token
// for it.
const DefaultApplication uint64 = 1_100_000_000_000_000_000

// Gateway is a local Discord gateway. New makes one, Serve runs it. Its methods
// may be called at any time from any goroutine.
type Gateway struct {
	cfg    Config
	logger *zap.Logger
	guilds []*guild // guild i is on shard i modulo cfg.Shards

	stopped chan struct{}  // closed when Serve ends
	clock   chan struct{}  // tells the timekeeper that a deadline may have moved
	live    sync.WaitGroup // one for each connection

	// mu guards everything below, and the fields of guilds, sessions and
	// connections that say so. Sections under it are short and call nobody.
	mu       sync.Mutex
	changed  chan struct{} // closed and replaced when something happens that Await may wait for
	served   bool
	stopping bool
	conns    map[*conn]struct{}
	sessions map[string]*session
	streams  map[ledger.Stream]*stream
	counts   []int // the shard counts that streams has
	starts   starts
	pace     pace
	faults   faults
	asking   bool // Quiesce wants heartbeats
	number   uint64
	journal  journal
	held     []ledger.Connection // who held which session, and when
	counters Counters
}

// stream is one shard at one shard count. It stays when its sessions are gone, so
// that what happens in between can be counted as lost.
type stream struct {
	name     ledger.Stream
	sessions []*session
	intents  Intents // of the last session
	started  uint64  // when the last session started, as a count of IDENTIFYs
}

// New makes a gateway. The error, when there is one, names every field of cfg
// that is out of range.
func New(cfg Config) (*Gateway, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	bot := DefaultApplication
	if cfg.Token != "" {
		id, err := applicationOf(cfg.Token)
		if err != nil {
			return nil, fmt.Errorf("gatewaysim: Token: %w", err)
		}
		bot = id
	}
	g := &Gateway{
		cfg:      cfg,
		logger:   cfg.Logger,
		stopped:  make(chan struct{}),
		clock:    make(chan struct{}, 1),
		changed:  make(chan struct{}),
		conns:    make(map[*conn]struct{}),
		sessions: make(map[string]*session),
		streams:  make(map[ledger.Stream]*stream),
		starts:   newStarts(cfg),
		pace:     newPace(cfg),
		journal:  newJournal(cfg.LedgerSize),
	}
	for i := range cfg.Shards * cfg.GuildsPerShard {
		g.guilds = append(g.guilds, makeGuild(i, cfg.Shards, cfg.GuildBytes, bot))
	}
	return g, nil
}

// notify wakes those who wait in Await. The caller holds mu.
func (g *Gateway) notify() {
	close(g.changed)
	g.changed = make(chan struct{})
}

// tick makes the timekeeper look at its deadlines again.
func (g *Gateway) tick() {
	select {
	case g.clock <- struct{}{}:
	default:
	}
}

// streamOf returns the stream, made if need be. The caller holds mu.
func (g *Gateway) streamOf(name ledger.Stream) *stream {
	st := g.streams[name]
	if st == nil {
		st = &stream{name: name}
		g.streams[name] = st
		known := false
		for _, count := range g.counts {
			known = known || count == name.Shards
		}
		if !known {
			g.counts = append(g.counts, name.Shards)
		}
	}
	return st
}

// endSession forgets a session; what it holds can no longer be resumed. The
// caller holds mu.
func (g *Gateway) endSession(s *session) {
	if s.ended {
		return
	}
	s.ended = true
	delete(g.sessions, s.id)
	st := g.streams[s.stream]
	for i, one := range st.sessions {
		if one == s {
			st.sessions = append(st.sessions[:i:i], st.sessions[i+1:]...)
			break
		}
	}
	g.notify()
}

// attach gives the session to the connection, which goes on after the sequence
// that the client has. The caller holds mu and has seen to it that nobody else
// holds the session.
func (g *Gateway) attach(c *conn, s *session, after int, now time.Time) {
	for _, other := range g.streams[s.stream].sessions {
		if other != s && other.conn != nil {
			g.counters.Doubled++
			break
		}
	}
	s.conn, s.detached = c, time.Time{}
	c.session, c.cursor, c.asked, c.opened = s, after+1, 0, time.Time{}
	c.held = len(g.held)
	g.held = append(g.held, ledger.Connection{Stream: s.stream, ID: c.id, Session: s.id, From: now})
	c.poke()
	g.notify()
}

// detach takes the session from its connection, if it has one. From then on
// events wait for a RESUME. The caller holds mu.
func (g *Gateway) detach(c *conn, now time.Time) *session {
	s := c.session
	if s == nil {
		return nil
	}
	g.held[c.held].To = now
	c.session, s.conn, s.detached = nil, nil, now
	s.log.trim(g.cfg.ReplaySize, s.unsent())
	g.tick()
	g.notify()
	return s
}

// closeConn begins to close a connection from the gateway's side and detaches
// its session. The caller holds mu.
func (g *Gateway) closeConn(c *conn, code int, reason string, now time.Time) {
	g.detach(c, now)
	if c.closing == nil {
		c.closing = &closing{code: code, reason: reason}
		g.counters.Closes++
	}
	c.hurry(now.Add(lingerFor))
	c.poke()
}
