package ledger

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// HandOver is one change of the process that handles a shard's events.
type HandOver struct {
	Stream
	From     string    `json:"from"` // the processes
	To       string    `json:"to"`
	LastOld  time.Time `json:"last_old"`  // when the old process finished its last event
	FirstNew time.Time `json:"first_new"` // when the new process finished its first one
}

// Dark is the time for which nobody handled the shard's events, as far as can be
// seen from outside: from the last event of the old process to the first of the
// new one. Even a perfect hand-over shows the time between two events here.
// It is negative when the old process was still finishing events after the new
// one had begun.
func (h HandOver) Dark() time.Duration { return h.FirstNew.Sub(h.LastOld) }

// HandOvers finds every hand-over in the lines, by shard count, shard and time.
// It follows each shard's events by number, counting only the first handling of
// each, so that an old process that finishes late does not look like one that
// came back.
func HandOvers(lines []Handled) []HandOver {
	byStream := make(map[Stream][]Handled)
	seen := make(map[uint64]bool, len(lines))
	for _, h := range lines {
		if !seen[h.Number] {
			seen[h.Number] = true
			byStream[h.Stream] = append(byStream[h.Stream], h)
		}
	}
	var found []HandOver
	for _, stream := range slices.SortedFunc(maps.Keys(byStream), compareStreams) {
		handled := byStream[stream]
		slices.SortStableFunc(handled, func(a, b Handled) int { return cmp.Compare(a.Number, b.Number) })
		stints := stintsOf(handled)
		for i := 1; i < len(stints); i++ {
			found = append(found, HandOver{
				Stream: stream, From: stints[i-1].process, To: stints[i].process,
				LastOld: stints[i-1].last, FirstNew: stints[i].first,
			})
		}
	}
	return found
}

// stint is a run of consecutive events that one process handled.
type stint struct {
	process     string
	first, last time.Time
}

func stintsOf(handled []Handled) []stint {
	var stints []stint
	for _, h := range handled {
		if len(stints) == 0 || stints[len(stints)-1].process != h.Process {
			stints = append(stints, stint{process: h.Process, first: h.At, last: h.At})
			continue
		}
		s := &stints[len(stints)-1]
		if h.At.Before(s.first) {
			s.first = h.At
		}
		if h.At.After(s.last) {
			s.last = h.At
		}
	}
	return stints
}

// Percentiles sums up durations, each by the nearest-rank method.
type Percentiles struct {
	P50, P99, Max time.Duration
}

// DarkTimes sums up the dark times of hand-overs. Without any it is zero.
func DarkTimes(overs []HandOver) Percentiles {
	if len(overs) == 0 {
		return Percentiles{}
	}
	dark := make([]time.Duration, len(overs))
	for i, h := range overs {
		dark[i] = h.Dark()
	}
	slices.Sort(dark)
	rank := func(percent int) time.Duration { return dark[(len(dark)*percent+99)/100-1] }
	return Percentiles{P50: rank(50), P99: rank(99), Max: dark[len(dark)-1]}
}
