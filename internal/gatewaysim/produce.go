package gatewaysim

import (
	"context"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

// finest is the shortest time for which the timekeeper sleeps; events that fall
// due in between are produced together.
const finest = time.Millisecond

// keepTime produces events when they are due and ends sessions that have
// expired, until ctx is done.
func (g *Gateway) keepTime(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-g.clock:
		case <-timer.C:
		}
		if wait, ok := g.onTime(time.Now()); ok {
			timer.Reset(max(wait, finest))
		} else {
			timer.Stop()
		}
	}
}

// onTime does what is due and returns how long there is nothing more to do.
func (g *Gateway) onTime(now time.Time) (wait time.Duration, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	expiry, expires := g.expire(now)
	for {
		due, more := g.pace.next(now)
		if more && !due.After(now) {
			home, n := g.pace.advance()
			g.produce(g.plan(home, n, now))
			continue
		}
		switch {
		case more && expires:
			return earlier(due, expiry).Sub(now), true
		case more:
			return due.Sub(now), true
		}
		return expiry.Sub(now), expires
	}
}

// expire ends the sessions whose time without a connection is over and returns
// when the next one's will be. The caller holds mu.
func (g *Gateway) expire(now time.Time) (next time.Time, ok bool) {
	for _, s := range g.sessions {
		if s.conn != nil {
			continue
		}
		end := s.detached.Add(g.cfg.SessionExpiry)
		switch {
		case !end.After(now):
			g.counters.SessionsExpired++
			g.endSession(s)
		case !ok || end.Before(next):
			next, ok = end, true
		}
	}
	return next, ok
}

// plan makes event n of a home shard: what it is, and to which of the shard's
// guilds it happens. Guilds take turns, and so do the two kinds that alter state.
func (g *Gateway) plan(home int, n uint64, now time.Time) record {
	guild := func(turn uint64) int32 {
		return int32(home + int(turn%uint64(g.cfg.GuildsPerShard))*g.cfg.Shards)
	}
	every := uint64(g.cfg.StateEvery)
	if n%every != every-1 {
		return record{kind: kindMessage, guild: guild(n), at: now}
	}
	turn := n / every
	k := kindGuildUpdate
	if turn%2 == 1 {
		k = kindMemberUpdate
	}
	return record{kind: k, guild: guild(turn / 2), at: now}
}

// produce gives the event its number and delivers it to every session that
// covers its guild. The caller holds mu.
func (g *Gateway) produce(r record) {
	one := g.guilds[r.guild]
	r.number = g.number + 1
	switch r.kind {
	case kindGuildUpdate:
		r.previous = one.lastUpdate
	case kindMemberUpdate:
		r.previous = one.lastMember
	}
	if !g.deliver(one, r) {
		return
	}
	g.number = r.number
	switch r.kind {
	case kindGuildUpdate:
		one.lastUpdate = r.number
	case kindMemberUpdate:
		one.lastMember = r.number
	}
}

// deliver returns false when the event is nobody's: no session covers its guild
// or has, or none wants such events. The caller holds mu.
func (g *Gateway) deliver(one *guild, r record) bool {
	delivered, covered := false, false
	var orphan *stream // the latest of those that had a session
	for _, count := range g.counts {
		st := g.streams[ledger.Stream{Shard: one.shardOf(count), Shards: count}]
		if st == nil {
			continue
		}
		for _, s := range st.sessions {
			covered = true
			if s.intents&r.kind.intent() == 0 {
				continue
			}
			delivered = true
			g.enter(ledger.Delivery{Stream: st.name, Session: s.id, Sequence: g.enqueue(s, r)}, r)
		}
		if st.intents&r.kind.intent() != 0 && (orphan == nil || orphan.started < st.started) {
			orphan = st
		}
	}
	if !covered && orphan != nil {
		g.enter(ledger.Delivery{Stream: orphan.name}, r)
		return true
	}
	return delivered
}

// enqueue puts the event into the session's stream. The caller holds mu.
func (g *Gateway) enqueue(s *session, r record) (sequence int) {
	sequence = s.log.append(r)
	s.log.trim(g.cfg.ReplaySize, s.unsent())
	if c := s.conn; c != nil {
		if sequence-c.cursor >= g.cfg.BacklogSize {
			g.closeConn(c, CloseUnknownError, "The client reads too slowly.", r.at)
		} else if sequence == c.cursor {
			c.poke() // the writer had caught up
		}
	}
	return sequence
}

// enter puts the delivery into the ledger. The caller holds mu.
func (g *Gateway) enter(d ledger.Delivery, r record) {
	d.Number, d.At, d.Previous, d.Changes = r.number, r.at, r.previous, r.kind.changes()
	g.journal.append(d)
	g.counters.Events++
}
