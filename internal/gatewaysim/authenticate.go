package gatewaysim

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

// identify starts a session for the connection, or says why not.
func (g *Gateway) identify(c *conn, p identify) {
	application, err := g.cfg.authenticate(p.Token)
	now := time.Now()

	g.mu.Lock()
	defer g.mu.Unlock()
	if c.closing != nil {
		return
	}
	refuse := func(code int, reason string) {
		g.counters.IdentifiesRefused++
		g.closeConn(c, code, reason, now)
	}
	name := ledger.Stream{Shard: p.Shard[0], Shards: p.Shard[1]}
	g.starts.renew(now)
	switch {
	case c.session != nil:
		refuse(CloseAlreadyAuthenticated, "Already authenticated.")
	case err != nil:
		refuse(CloseAuthenticationFailed, "Authentication failed.")
	case name.Shard < 0 || name.Shard >= name.Shards:
		refuse(CloseInvalidShard, "Invalid shard.")
	case *p.Intents&^allIntents != 0:
		refuse(CloseInvalidIntents, "Invalid intent(s).")
	case *p.Intents&g.cfg.DisallowedIntents != 0:
		refuse(CloseDisallowedIntents, "Disallowed intent(s).")
	case g.starts.remaining <= 0:
		refuse(CloseAuthenticationFailed, "Session start limit reached.")
	case !g.starts.take(name.Shard, now):
		g.counters.IdentifiesRefused++
		c.send(invalidSession(false))
	default:
		g.startSession(c, name, application, *p.Intents, now)
	}
}

// startSession puts READY and every guild as it is now into a new session's
// stream, at one go, so that events that follow apply to what the client got. The
// caller holds mu.
func (g *Gateway) startSession(c *conn, name ledger.Stream, application uint64, intents Intents, now time.Time) {
	g.counters.Identifies++
	s := &session{
		id:          fmt.Sprintf("%016x%016x", rand.Uint64(), rand.Uint64()),
		stream:      name,
		application: application,
		intents:     intents,
		log:         replayLog{first: 1},
	}
	s.log.append(record{kind: kindReady, at: now})
	if intents&IntentGuilds != 0 {
		for i, one := range g.guilds {
			if one.shardOf(name.Shards) == name.Shard {
				s.log.append(record{kind: kindGuildCreate, guild: int32(i), number: one.lastUpdate, previous: one.lastMember, at: now})
			}
		}
	}
	g.sessions[s.id] = s
	st := g.streamOf(name)
	st.sessions = append(st.sessions, s)
	st.intents, st.started = intents, g.counters.Identifies
	g.attach(c, s, 0, now)
}

// resume gives a session back to a client, or says why not.
func (g *Gateway) resume(c *conn, p resume) {
	application, err := g.cfg.authenticate(p.Token)
	now := time.Now()

	g.mu.Lock()
	defer g.mu.Unlock()
	if c.closing != nil {
		return
	}
	g.expire(now)
	s := g.sessions[p.SessionID]
	refuse := func(resumable bool) {
		g.counters.ResumesRefused++
		c.send(invalidSession(resumable))
	}
	switch {
	case c.session != nil:
		g.closeConn(c, CloseAlreadyAuthenticated, "Already authenticated.", now)
	case err != nil:
		g.counters.ResumesRefused++
		g.closeConn(c, CloseAuthenticationFailed, "Authentication failed.", now)
	case g.faults.refuseResumes > 0:
		g.faults.refuseResumes--
		refuse(g.faults.refuseResumable)
	case s == nil || s.application != application:
		refuse(false)
	case *p.Sequence > s.log.last():
		g.counters.ResumesRefused++
		g.closeConn(c, CloseInvalidSequence, "Invalid seq.", now)
	case *p.Sequence+1 < s.log.replayable(g.cfg.ReplaySize):
		refuse(false)
	case s.conn != nil && g.cfg.AttachedResume == Refuse:
		refuse(false)
	default:
		g.resumeSession(c, s, *p.Sequence, now)
	}
}

// resumeSession attaches the session; RESUMED goes into the stream behind what is
// replayed and before what is new. The caller holds mu.
func (g *Gateway) resumeSession(c *conn, s *session, after int, now time.Time) {
	g.counters.Resumes++
	tookOver := s.conn != nil
	if tookOver {
		g.counters.TakeOvers++
		g.closeConn(s.conn, CloseUnknownError, "The session was resumed elsewhere.", now)
	}
	for i, r := range s.log.from(after+1, len(s.log.records)) {
		if r.number != 0 && r.kind != kindGuildCreate && after+1+i < s.written {
			g.counters.Replayed++
		}
	}
	c.resumed = s.log.append(record{kind: kindResumed, at: now})
	g.attach(c, s, after, now)
	last := &g.held[c.held]
	last.Resumed, last.TookOver = true, tookOver
}
