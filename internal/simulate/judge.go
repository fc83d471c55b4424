package simulate

import "fmt"

// figures are counts of one run.
type figures struct {
	events, duplicates, missed, fresh int
	excused                           map[string]int // by excuse
}

// judge goes over every event and every fresh start of a run that has ended.
func (l *ledger) judge(excuses []excuse) figures {
	l.mu.Lock()
	defer l.mu.Unlock()
	f := figures{excused: make(map[string]int)}
	for shard := range l.shards {
		s := &l.shards[shard]
		f.events += len(s.events)
		l.judgeStarts(shard, s, excuses, &f)
		for i := range s.events {
			l.judgeEvent(shard, s, int64(i+1), excuses, &f)
		}
	}
	return f
}

// judgeStarts holds that no session was given up without a reason.
func (l *ledger) judgeStarts(shard int, s *shardLedger, excuses []excuse, f *figures) {
	for k, start := range s.fresh {
		f.fresh++
		c := oddity{kind: fresh, ledger: l, shard: shard, start: k}
		if !l.excuse(c, excuses, f) {
			l.violate("shard %d: %s began a new session at event %d without a reason", shard, start.who, start.n)
		}
	}
}

// judgeEvent holds that an event was handled, and once.
func (l *ledger) judgeEvent(shard int, s *shardLedger, n int64, excuses []excuse, f *figures) {
	e := &s.events[n-1]
	if len(e.handled) == 0 {
		if len(s.fresh) == 0 || n <= s.fresh[0].n {
			return // it came before the shard's first session
		}
		f.missed++
		if !l.excuse(oddity{kind: lost, ledger: l, shard: shard, n: n}, excuses, f) {
			l.violate("shard %d: event %d was lost", shard, n)
		}
	}
	for i := 1; i < len(e.handled); i++ {
		f.duplicates++
		if !l.excuse(oddity{kind: twice, ledger: l, shard: shard, n: n, again: i}, excuses, f) {
			l.violate("shard %d: event %d was handled by %s and again by %s", shard, n, e.handled[i-1].who, e.handled[i].who)
		}
	}
}

// excuse finds an excuse for what is odd, and counts it.
func (l *ledger) excuse(o oddity, excuses []excuse, f *figures) bool {
	for _, e := range excuses {
		if e.kind == o.kind && e.holds(o) {
			f.excused[e.name]++
			return true
		}
	}
	return false
}

// String is one line.
func (f figures) String() string {
	return fmt.Sprintf("%d events, %d handled again, %d missed, %d sessions begun", f.events, f.duplicates, f.missed, f.fresh)
}
