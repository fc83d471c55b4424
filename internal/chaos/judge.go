package chaos

import (
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

// judge compares what was sent with what was handled, and both with the bounds.
func (o *Outcome) judge(s *strike) error {
	v := ledger.Compare(o.sent, o.lines)
	o.Sent, o.Lost, o.Duplicated, o.Reordered = v.Sent, v.Lost, v.Duplicated, v.Reordered
	o.Stale, o.Unknown, o.TwoOwners = v.Stale, v.Unknown, v.TwoOwners
	shards := s.bed.cfg.Shards
	o.Identifies = int(o.gateway.Identifies) - shards
	o.Dark = darkest(o.lines, o.stopped)
	repeats := repeatsOf(o.lines)
	for _, r := range repeats {
		o.Rework = max(o.Rework, s.at.Sub(r.first.At))
	}
	if s.cell.kills() {
		o.Recovery = recovery(o.lines, s.victim, s.at)
	}
	if o.gateway.Attached != shards || o.gateway.DoubledNow != 0 {
		o.violate("in the end %d of %d shards are connected, %d of them twice", o.gateway.Attached, shards, o.gateway.DoubledNow)
	}
	o.bound(s, repeats)
	return nil
}

// bound names every bound that was not kept.
func (o *Outcome) bound(s *strike, repeats []repeat) {
	for _, b := range []struct {
		what  string
		count int
	}{
		{"lost", o.Lost}, {"reordered", o.Reordered}, {"unknown", o.Unknown},
		{"times two owners", o.TwoOwners}, {"orphaned", o.Orphaned},
	} {
		if b.count > 0 {
			o.violate("%d %s", b.count, b.what)
		}
	}
	if !s.cell.kills() {
		// Whoever dies takes cached state along; all others must hand it on.
		if o.Stale > 0 {
			o.violate("%d on stale state", o.Stale)
		}
		if o.Duplicated > 0 {
			o.violate("%d duplicated although no slave was killed", o.Duplicated)
		}
		return
	}
	allowed := s.bed.cfg.Checkpoint + grace
	foreign, old := 0, 0
	for _, r := range repeats {
		switch {
		case !s.victim.handled(r.first):
			foreign++
		case s.at.Sub(r.first.At) > allowed:
			old++
		}
	}
	if foreign > 0 {
		o.violate("%d duplicated that the killed slave had not handled", foreign)
	}
	if old > 0 {
		o.violate("%d duplicated from before the last checkpoint: up to %v before the kill, want at most %v", old, o.Rework.Round(time.Millisecond), allowed)
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
		if before, any := last[line.Stream]; any {
			dark = max(dark, line.At.Sub(before))
		}
		last[line.Stream] = line.At
	}
	for _, at := range last {
		dark = max(dark, stopped.Sub(at))
	}
	return dark
}

// recovery returns how long after its death at the given time another process handled
// events of every shard that the victim had; 0 if it had none, or one stayed silent.
func recovery(lines []ledger.Handled, victim bot, at time.Time) time.Duration {
	had := make(map[ledger.Stream]bool)
	next := make(map[ledger.Stream]time.Time)
	for _, line := range lines {
		switch {
		case victim.handled(line):
			had[line.Stream] = true
		case !line.At.After(at):
			// Somebody else had it after the victim.
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
		longest = max(longest, next[stream].Sub(at))
	}
	return longest
}
