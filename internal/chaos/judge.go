package chaos

import (
	"slices"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

// judge compares what was sent with what was handled, and both with the bounds.
func (o *Outcome) judge(s *strike) {
	v := ledger.Compare(o.sent, o.lines)
	o.Sent, o.Lost, o.Duplicated, o.Reordered = v.Sent, v.Lost, v.Duplicated, v.Reordered
	o.Stale, o.Unknown, o.TwoOwners = v.Stale, v.Unknown, v.TwoOwners
	o.Identifies = int(o.gateway.Identifies) - s.bed.cfg.Shards
	o.Dark = darkest(o.lines, o.stopped)
	for _, d := range s.deaths {
		o.Recovery = max(o.Recovery, recovery(o.lines, d))
	}
	if o.gateway.Attached != o.Shards || o.gateway.DoubledNow != 0 {
		o.violate("in the end %d of %d shards are connected, %d of them twice", o.gateway.Attached, o.Shards, o.gateway.DoubledNow)
	}
	if o.TwoOwners > 0 {
		o.violate("%d times two owners", o.TwoOwners)
	}
	if o.Orphaned > 0 {
		o.violate("%d orphaned", o.Orphaned)
	}
	if s.course.reshard {
		// New sessions begin where they begin: what falls between them and the old ones
		// nobody has promised anything about, see docs/limits.md.
		o.Unbound = true
		o.note("new number of shards: lost and dup are not bound")
		return
	}
	for _, b := range []struct {
		what  string
		count int
	}{{"lost", o.Lost}, {"reordered", o.Reordered}, {"unknown", o.Unknown}} {
		if b.count > 0 {
			o.violate("%d %s", b.count, b.what)
		}
	}
	if o.Stale > 0 && len(s.deaths) == 0 {
		// Whoever dies takes cached state along; all others must hand it on.
		o.violate("%d on stale state", o.Stale)
	}
	o.boundRepeats(s.deaths, s.bed.cfg.Checkpoint+grace)
}

// boundRepeats holds what was handled twice against the bound: only what a slave that
// was killed had handled, and only so long before it was last heard of.
func (o *Outcome) boundRepeats(deaths []death, allowed time.Duration) {
	foreign, old := 0, 0
	for _, r := range repeatsOf(o.lines) {
		i := slices.IndexFunc(deaths, func(d death) bool { return d.handled(r.first) })
		if i < 0 {
			foreign++
			continue
		}
		age := deaths[i].checkpointed.Sub(r.first.At)
		o.Rework = max(o.Rework, age)
		if age > allowed {
			old++
		}
	}
	if foreign > 0 {
		o.violate("%d duplicated that no killed slave had handled", foreign)
	}
	if old > 0 {
		o.violate("%d duplicated from before the last checkpoint: up to %v before the end, want at most %v", old, o.Rework.Round(time.Millisecond), allowed)
	}
}

// repeat is an event that was handled again.
type repeat struct{ first, again ledger.Handled }

// repeatsOf finds the events that were handled more than once; each handling beyond
// the first counts.
func repeatsOf(lines []ledger.Handled) []repeat {
	first := make(map[uint64]ledger.Handled, len(lines))
	var repeats []repeat
	for _, line := range lines {
		if before, handled := first[line.Number]; handled {
			repeats = append(repeats, repeat{before, line})
			continue
		}
		first[line.Number] = line
	}
	return repeats
}

// darkest returns the longest time between two events that were handled of one
// shard. A shard that falls silent is dark until the load was stopped.
func darkest(lines []ledger.Handled, stopped time.Time) time.Duration {
	last := make(map[ledger.Stream]time.Time)
	var dark time.Duration
	for _, line := range lines {
		if before, known := last[line.Stream]; known {
			dark = max(dark, line.At.Sub(before))
		}
		last[line.Stream] = line.At
	}
	for _, at := range last {
		dark = max(dark, stopped.Sub(at))
	}
	return dark
}

// recovery returns how long after the slave's death another process handled events of
// every shard that it had; 0 if it had none, or one stayed silent.
func recovery(lines []ledger.Handled, d death) time.Duration {
	had := make(map[ledger.Stream]bool)
	next := make(map[ledger.Stream]time.Time)
	for _, line := range lines {
		switch {
		case d.handled(line):
			had[line.Stream] = true
		case !line.At.After(d.at):
			// Somebody else had it after the slave.
			delete(had, line.Stream)
		case had[line.Stream] && next[line.Stream].IsZero():
			next[line.Stream] = line.At
		}
	}
	var longest time.Duration
	for stream := range had {
		if next[stream].IsZero() {
			return 0
		}
		longest = max(longest, next[stream].Sub(d.at))
	}
	return longest
}
