package gatewaysim

import "time"

// startWindow is how long the limit on session starts lasts ("Session Start
// Limit Object").
const startWindow = 24 * time.Hour

// starts keeps the two limits on IDENTIFY: so many a day, and one per bucket and
// interval. The gateway's lock guards it.
type starts struct {
	total       int
	remaining   int
	resets      time.Time
	concurrency int
	interval    time.Duration
	busy        map[int]time.Time // bucket: until when
}

func newStarts(cfg Config) starts {
	return starts{
		total:       cfg.SessionStarts,
		remaining:   cfg.SessionStarts,
		concurrency: cfg.MaxConcurrency,
		interval:    cfg.IdentifyInterval,
		busy:        make(map[int]time.Time),
	}
}

// renew begins a new day when the old one has passed; the first begins with the
// first look.
func (s *starts) renew(now time.Time) {
	if !now.Before(s.resets) {
		s.remaining, s.resets = s.total, now.Add(startWindow)
	}
}

// take counts a start of the shard, unless its bucket is busy.
func (s *starts) take(shard int, now time.Time) bool {
	bucket := shard % s.concurrency
	if now.Before(s.busy[bucket]) {
		return false
	}
	s.busy[bucket] = now.Add(s.interval)
	s.remaining--
	return true
}
