package simulate

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/shardbaton/baton/master/core"
)

// ledger holds what happened to every event and who had which shard when. It tells
// at once when two slaves have one shard or a state is not what it must be; the rest
// is judged at the end.
type ledger struct {
	clock *clock
	diary *diary

	mu         sync.Mutex
	shards     []shardLedger
	killed     map[string]time.Time
	stateless  bool // bots resume without their state
	violations []string
	changed    chan struct{} // closed and replaced when a shard's owner has changed, or an event was handled
}

// shardLedger is what is known of one shard.
type shardLedger struct {
	owner   string     // who may handle events; empty: nobody
	up      bool       // and is connected
	failed  bool       // a start with a session has failed since it was connected
	down    time.Time  // since when it is not connected
	lapsed  bool       // its owner's lease was over when it was stopped last
	risings []handling // all connections of owners, in order
	events  []eventLedger
	fresh   []freshStart
}

// eventLedger is what became of an event. Event n is at n-1.
type eventLedger struct {
	produced time.Time
	handled  []handling
}

type handling struct {
	who string
	at  time.Time
}

// freshStart is a READY: events up to n that were not handled before are not going
// to be.
type freshStart struct {
	who    string
	at     time.Time
	n      int64
	reason string        // why there was no session, as the gateway says; empty: none was given
	since  time.Time     // when that one was connected
	before string        // who had the shard before; empty: nobody
	failed bool          // a start with the session that there was has failed
	dark   time.Duration // for how long the shard was not connected
	leased bool          // who had it before stopped it when its lease ran out
}

func newLedger(c *clock, d *diary, shards int) *ledger {
	return &ledger{
		clock: c, diary: d, shards: make([]shardLedger, shards),
		killed: make(map[string]time.Time), changed: make(chan struct{}),
	}
}

// violate notes that something happened that must not. l.mu is held.
func (l *ledger) violate(format string, args ...any) {
	text := fmt.Sprintf("%.6fs: ", l.clock.elapsed().Seconds()) + fmt.Sprintf(format, args...)
	l.diary.note("!!!! %s", text)
	l.violations = append(l.violations, text)
}

// fault notes one from outside.
func (l *ledger) fault(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.violate(format, args...)
}

// wake has those who await something look again.
func (l *ledger) wake() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.news()
}

// news wakes who awaits something. l.mu is held.
func (l *ledger) news() {
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *ledger) produced(shard int, n int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &l.shards[shard]
	s.events = append(s.events, eventLedger{produced: time.Now()})
	if int64(len(s.events)) != n {
		l.violate("shard %d: event %d was produced as the %dth", shard, n, len(s.events))
	}
}

// opens notes that a slave handles a shard's events from now on.
func (l *ledger) opens(shard int, who string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &l.shards[shard]
	if s.owner != "" && s.owner != who {
		l.violate("shard %d: %s starts it while %s runs it", shard, who, s.owner)
	}
	l.diary.note("own  shard %d: %s", shard, who)
	s.owner, s.up = who, false
	l.news()
}

// rises notes that a slave's shard is connected.
func (l *ledger) rises(shard int, who string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s := &l.shards[shard]; s.owner == who {
		s.up, s.failed, s.lapsed = true, false, false
		s.risings = append(s.risings, handling{who, time.Now()})
		l.news()
	}
}

// fails notes that a slave could not start a shard with its session.
func (l *ledger) fails(shard int, who string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.diary.note("own  shard %d: %s could not start it with its session", shard, who)
	l.shards[shard].failed = true
}

// sink takes a shard from its owner.
func (s *shardLedger) sink(lapsed bool) {
	if s.up {
		s.down = time.Now()
	}
	s.owner, s.up = "", false
	s.lapsed = s.lapsed || lapsed
}

// shuts notes that a slave handles no more events of a shard; lapsed says that its
// lease was over.
func (l *ledger) shuts(shard int, who string, lapsed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s := &l.shards[shard]; s.owner == who {
		l.diary.note("own  shard %d: nobody", shard)
		s.sink(lapsed)
		l.news()
	}
}

// dies notes that a slave was killed.
func (l *ledger) dies(who string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.killed[who] = time.Now()
	for i := range l.shards {
		if l.shards[i].owner == who {
			l.shards[i].sink(false)
		}
	}
	l.news()
}

// freshly notes a READY.
func (l *ledger) freshly(shard int, who string, n int64, reason string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &l.shards[shard]
	before, since := "", time.Time{}
	for _, o := range s.risings {
		if o.who != who {
			before, since = o.who, o.at
		}
	}
	s.fresh = append(s.fresh, freshStart{who, time.Now(), n, reason, since, before, s.failed, time.Since(s.down), s.lapsed})
}

// handles notes that an event was handled.
func (l *ledger) handles(shard int, who string, n int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &l.shards[shard]
	l.diary.note("bot  %s: event %d of shard %d", who, n, shard)
	if s.owner != who {
		l.violate("shard %d: %s handled event %d while the owner was %q", shard, who, n, s.owner)
	}
	e := &s.events[n-1]
	e.handled = append(e.handled, handling{who, time.Now()})
	l.news()
}

// served tells whether every shard is connected, and by whom.
func (l *ledger) served() (owners []string, all bool) {
	all = true
	for _, s := range l.shards {
		owners = append(owners, s.owner)
		all = all && s.owner != "" && s.up
	}
	return owners, all
}

// held notes when a shard is not with one of those who must have it.
func (l *ledger) held(by []core.SlaveID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.shards {
		if !slices.Contains(by, core.SlaveID(l.shards[i].owner)) {
			l.violate("shard %d is with %q after an upgrade to %q", i, l.shards[i].owner, by)
		}
	}
}

// current tells whether the latest event of every shard was handled.
func (l *ledger) current() bool {
	for _, s := range l.shards {
		last := len(s.events) - 1
		if last < 0 || len(s.events[last].handled) > 0 {
			continue
		}
		if k := len(s.fresh) - 1; k < 0 || s.fresh[k].n < int64(last+1) {
			return false
		}
	}
	return true
}

// await waits until something holds, which is looked at under the ledger's lock,
// and returns false if it does not within the time.
func (l *ledger) await(limit time.Duration, holds func() bool) bool {
	over := l.clock.pass(limit)
	for {
		l.mu.Lock()
		held, changed := holds(), l.changed
		l.mu.Unlock()
		if held {
			return true
		}
		select {
		case <-changed:
		case <-over:
			return false
		}
	}
}
