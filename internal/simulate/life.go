package simulate

import (
	"context"
	"sync"

	"github.com/shardbaton/baton/slaveclient"
)

// life is a shard's connection to the gateway, from StartShard until it is stopped:
// what a client library does on a goroutine of its own.
type life struct {
	shard  *shard
	ctx    context.Context
	cancel context.CancelFunc
	up     chan slaveclient.Started // has room for one
	ended  chan struct{}

	mu      sync.Mutex
	stopped bool // the gate is not to be opened any more
	told    bool
}

// settle says that the gate must not be opened any more, or takes that back.
func (l *life) settle(stopped bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = stopped
}

// run connects, and reconnects, until the life ends.
func (l *life) run(session slaveclient.Session) {
	defer close(l.ended)
	s := l.shard
	why := ""
	conn := s.disarm()
	for {
		if conn == nil {
			var err error
			if conn, err = s.bot.world.gateway.dial(l.ctx, s.bot.process); err != nil {
				return
			}
		}
		end, reason := l.serve(conn, session, why)
		switch {
		case l.ctx.Err() != nil, end == opDead:
			conn.close()
			return
		case end == opInvalid:
			session, why = slaveclient.Session{}, reason
			s.mu.Lock()
			s.session = session
			s.mu.Unlock()
		case end == opClosed:
			conn.close()
			conn, why = nil, reason
			s.mu.Lock()
			session = s.session
			s.mu.Unlock()
			if session.ID != "" {
				session.Sequence = s.gate.Last()
			}
		}
		if s.bot.process.pause(l.ctx, reconnectPause) != nil {
			if conn != nil {
				conn.close()
			}
			return
		}
	}
}

// opDead is the end of a connection because this side has ended.
const opDead opcode = "dead"

// serve uses a connection until it ends, and says how. why is the reason for an
// IDENTIFY.
func (l *life) serve(conn *gatewayConn, session slaveclient.Session, why string) (end opcode, reason string) {
	s := l.shard
	if session.IsZero() {
		conn.identify(s.number)
	} else {
		conn.resume(session.ID, session.Sequence)
	}
	for {
		f, ok := conn.read(l.ctx)
		if !ok {
			return opDead, ""
		}
		switch f.op {
		case opReady:
			l.ready(f, why)
			why = ""
		case opResumed:
			l.resumed(session)
		case opEvent:
			s.gate.Handle(f.seq, func() { s.handle(f) })
		case opInvalid:
			return opInvalid, f.why
		default:
			return opClosed, why
		}
	}
}

// ready begins a new session.
func (l *life) ready(f frame, why string) {
	s := l.shard
	l.mu.Lock()
	if l.stopped {
		l.mu.Unlock()
		return
	}
	s.mu.Lock()
	s.session = slaveclient.Session{ID: f.id, Sequence: f.seq, ResumeURL: "wss://resume.invalid"}
	s.state = stateAt(f.n, s.bot.world.scenario.records)
	for i := range s.state.guild {
		s.dirty[i] = true
	}
	session := s.session
	s.mu.Unlock()
	s.gate.Open(f.seq)
	l.mu.Unlock()
	s.bot.process.do(func() {
		s.bot.world.ledger.freshly(s.number, s.bot.process.name, f.n, why)
		s.bot.world.ledger.rises(s.number, s.bot.process.name)
	})
	l.tell(slaveclient.Started{Session: session, Fresh: true})
}

// resumed goes on with one.
func (l *life) resumed(session slaveclient.Session) {
	s := l.shard
	s.mu.Lock()
	now := s.session
	if n, ok := s.bot.world.gateway.at(now.ID, s.gate.Last()); ok {
		if wrong := s.state.differs(n); wrong != "" {
			s.bot.process.do(func() {
				s.bot.world.ledger.fault("%s was resumed at %d with a wrong state: %s", s, session.Sequence, wrong)
			})
		}
	}
	s.mu.Unlock()
	now.Sequence = s.gate.Last()
	s.bot.process.do(func() { s.bot.world.ledger.rises(s.number, s.bot.process.name) })
	l.tell(slaveclient.Started{Session: now})
}

// tell answers StartShard, once.
func (l *life) tell(started slaveclient.Started) {
	l.mu.Lock()
	first := !l.told
	l.told = true
	l.mu.Unlock()
	if first {
		l.up <- started
	}
}
