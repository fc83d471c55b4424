package gatewaysim

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

// Counters count what has happened since New.
type Counters struct {
	Connections        uint64 `json:"connections"`         // WebSocket connections accepted
	ConnectionsRefused uint64 `json:"connections_refused"` // by RefuseConnections
	Identifies         uint64 `json:"identifies"`          // sessions started
	IdentifiesRefused  uint64 `json:"identifies_refused"`
	Resumes            uint64 `json:"resumes"` // sessions resumed
	ResumesRefused     uint64 `json:"resumes_refused"`
	TakeOvers          uint64 `json:"take_overs"`       // resumes of a session that was still held
	Doubled            uint64 `json:"doubled"`          // sessions attached to a shard that had an attached one
	Heartbeats         uint64 `json:"heartbeats"`       // received
	TimeOuts           uint64 `json:"time_outs"`        // connections without heartbeats, or without IDENTIFY
	Closes             uint64 `json:"closes"`           // connections closed from the gateway's side
	SessionsClosed     uint64 `json:"sessions_closed"`  // by a client's 1000 or 1001
	SessionsExpired    uint64 `json:"sessions_expired"` // by time or command
	Events             uint64 `json:"events"`           // deliveries of numbered events
	Replayed           uint64 `json:"replayed"`         // of those, deliveries repeated by RESUME
}

// SessionStatus describes a live session.
type SessionStatus struct {
	ledger.Stream
	Session      string `json:"session"`
	Attached     bool   `json:"attached"`
	Sequence     int    `json:"sequence"`     // the highest given out
	Unsent       int    `json:"unsent"`       // dispatches that no connection has been given
	Acknowledged int    `json:"acknowledged"` // by the highest heartbeat
	Replayable   int    `json:"replayable"`   // the lowest sequence that a RESUME may name
}

// Stats is a snapshot of the gateway.
type Stats struct {
	Counters
	// StartsRemaining is what is left of the day's session starts.
	StartsRemaining int `json:"starts_remaining"`
	// Open is the number of WebSocket connections.
	Open int `json:"open"`
	// Attached is the number of sessions that a connection holds.
	Attached int `json:"attached"`
	// DoubledNow is the number of shards with more than one attached session.
	DoubledNow int `json:"doubled_now"`
	// Generating tells whether the generator runs.
	Generating bool `json:"generating"`
	// Sessions are the live sessions, by shard count and shard.
	Sessions []SessionStatus `json:"sessions"`
}

// Stats returns a snapshot.
func (g *Gateway) Stats() Stats {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.stats(time.Now())
}

func (g *Gateway) stats(now time.Time) Stats {
	g.starts.renew(now)
	st := Stats{
		Counters:        g.counters,
		StartsRemaining: g.starts.remaining,
		Open:            len(g.conns),
		Generating:      g.pace.running && g.pace.rate > 0,
		Sessions:        []SessionStatus{},
	}
	attached := make(map[ledger.Stream]int)
	for _, s := range g.sessions {
		if s.conn != nil {
			st.Attached++
			if attached[s.stream]++; attached[s.stream] == 2 {
				st.DoubledNow++
			}
		}
		st.Sessions = append(st.Sessions, SessionStatus{
			Stream: s.stream, Session: s.id, Attached: s.conn != nil,
			Sequence: s.log.last(), Unsent: s.log.last() + 1 - max(s.written, 1),
			Acknowledged: s.lastBeat, Replayable: s.log.replayable(g.cfg.ReplaySize) - 1,
		})
	}
	slices.SortFunc(st.Sessions, func(a, b SessionStatus) int {
		return cmp.Or(cmp.Compare(a.Shards, b.Shards), cmp.Compare(a.Shard, b.Shard), cmp.Compare(a.Session, b.Session))
	})
	return st
}

// Sent returns a copy of the ledger of what was sent.
func (g *Gateway) Sent() ledger.Sent {
	g.mu.Lock()
	pieces := g.journal.snapshot()
	sent := ledger.Sent{Forgotten: g.journal.forgotten, Connections: slices.Clone(g.held)}
	g.mu.Unlock()
	sent.Deliveries = slices.Concat(pieces...)
	return sent
}

// Await returns the first snapshot for which done returns true. It looks whenever
// a connection comes or goes, a session starts, is attached, is detached or ends,
// or a heartbeat arrives; not at every event. When ctx ends first it returns the
// latest snapshot and ctx's error.
func (g *Gateway) Await(ctx context.Context, done func(Stats) bool) (Stats, error) {
	for {
		g.mu.Lock()
		st, changed := g.stats(time.Now()), g.changed
		g.mu.Unlock()
		if done(st) {
			return st, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return st, ctx.Err()
		}
	}
}
