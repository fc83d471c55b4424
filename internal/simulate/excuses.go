package simulate

import (
	"time"

	"github.com/shardbaton/baton/master"
)

// What the judge lets pass. Each excuse is a promise that is not made (yet), so that
// this file shrinks as promises are added; nothing else in this package forgives.

// kind is what went wrong.
type kind string

const (
	// fresh: a shard began a new session.
	fresh kind = "fresh session"
	// lost: an event was handled by nobody.
	lost kind = "lost event"
	// twice: an event was handled more than once.
	twice kind = "duplicate"
)

// oddity is one thing that went wrong.
type oddity struct {
	kind   kind
	ledger *ledger // whose lock is held
	shard  int
	start  int   // fresh: which of the shard's fresh starts
	n      int64 // lost, twice: the event
	again  int   // twice: which of its handlings is one too many
}

// excuse says when something that went wrong is let pass.
type excuse struct {
	name  string
	kind  kind
	holds func(oddity) bool
}

// standing are the excuses of this version.
func standing() []excuse {
	return []excuse{
		{"the shard's first start", fresh, func(o oddity) bool { return o.start == 0 }},
		{"the gateway refused the session", fresh, func(o oddity) bool {
			return o.ledger.shards[o.shard].fresh[o.start].reason != ""
		}},
		// Its state died with it, so a bot that cannot do without has to IDENTIFY.
		{"the slave that had the session and its state was killed", fresh, func(o oddity) bool {
			return !o.ledger.stateless && o.ledger.diedWith(o)
		}},
		// Or it had no time to tell its session.
		{"the slave that had the session was killed within 2 s", fresh, func(o oddity) bool {
			start := o.ledger.shards[o.shard].fresh[o.start]
			return o.ledger.diedWith(o) && o.ledger.killed[start.before].Before(start.since.Add(2*time.Second))
		}},
		// A shard that comes back from a move and cannot be resumed is started by
		// IDENTIFY at once.
		{"the bot could not start it with its session", fresh, func(o oddity) bool {
			return o.ledger.shards[o.shard].fresh[o.start].failed
		}},
		// A gateway keeps a session for a short while only.
		{"the shard was in the dark for longer than a session is sure to last", fresh, func(o oddity) bool {
			return o.ledger.shards[o.shard].fresh[o.start].dark > master.DefaultSessionAge
		}},
		// As after a death, the state is not there, or may be.
		{"the lease of the slave that had it ran out", fresh, func(o oddity) bool {
			return o.ledger.shards[o.shard].fresh[o.start].leased
		}},
		// Whether the new session itself is excused is judged by itself.
		{"between two sessions", lost, func(o oddity) bool { return o.ledger.betweenSessions(o.shard, o.n) }},
		// With checkpoints this will be bounded by their interval.
		{"the slave that handled it first was killed", twice, func(o oddity) bool {
			h := o.ledger.shards[o.shard].events[o.n-1].handled
			died, dead := o.ledger.killed[h[o.again-1].who]
			return dead && died.Before(h[o.again].at)
		}},
	}
}

// diedWith tells whether the slave that had a shard before it began a new session was
// killed.
func (l *ledger) diedWith(o oddity) bool {
	start := l.shards[o.shard].fresh[o.start]
	died, dead := l.killed[start.before]
	return dead && died.Before(start.at)
}

// betweenSessions tells whether an event was produced after the last one that was
// handled in one session, and is part of what the next session began with.
func (l *ledger) betweenSessions(shard int, n int64) bool {
	s := &l.shards[shard]
	for _, start := range s.fresh {
		if start.n < n || s.events[n-1].produced.After(start.at) {
			continue
		}
		gap := true
		for i := n; i < start.n && gap; i++ {
			for _, h := range s.events[i].handled {
				gap = gap && !h.at.Before(start.at)
			}
		}
		if gap {
			return true
		}
	}
	return false
}
