package simulate

import (
	"fmt"
	"strings"
	"time"

	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/core"
)

// scenario is what a seed stands for.
type scenario struct {
	shards, slaves, parallel int

	records, recordSize int
	preCopy, arm        bool

	latencyFrom, latencyTo time.Duration // between master and slaves
	perKiB                 time.Duration
	gatewayFrom, gatewayTo time.Duration
	launch                 time.Duration // longest start of a process
	expiry                 time.Duration // of a session
	keep                   int           // events for a replay

	quiet, busy time.Duration // mean time between two events of a shard, outside and during upgrades
	slowHandler float64       // part of the handlers that take up to handlerLimit
	handlerSpan time.Duration

	journaled        bool // a master leaves its successor a journal
	attach           bool // and finds its processes again
	diskFrom, diskTo time.Duration
	lease            time.Duration // 0: none
	stateless        bool          // a bot resumes without its state
	plan             master.Plan
	upgrades         int
	faults           []fault
	// successions is how often a master is killed, and another started, between two
	// upgrades.
	successions int

	defect defect // what is wrong with the world or the bot on purpose
}

// draw makes the scenario of a seed.
func draw(seed uint64) scenario {
	d := newDice(seed, "scenario")
	s := scenario{
		shards: d.between(1, 6), parallel: pick(d, 1, 2, 3, 8),
		records: d.between(1, 6), recordSize: pick(d, 16, 16, 1<<10, 1<<10, 20<<10, 90<<10),
		preCopy: d.chance(0.6), arm: d.chance(0.5),
		launch: pick(d, 50*time.Millisecond, time.Second), expiry: pick(d, 40*time.Second, 90*time.Second),
		keep: pick(d, 1000, 1000, 1000, 60),
		busy: pick(d, 8*time.Millisecond, 25*time.Millisecond, 100*time.Millisecond), quiet: pick(d, 500*time.Millisecond, time.Second),
		slowHandler: pick(d, 0, 0.1, 0.5), handlerSpan: pick(d, time.Millisecond, 20*time.Millisecond),
		upgrades: pick(d, 1, 1, 2),
	}
	s.slaves = min(s.shards, pick(d, 1, 1, 1, 2, 3))
	s.latencyFrom, s.latencyTo, s.perKiB = 20*time.Microsecond, 100*time.Microsecond, time.Microsecond
	switch d.IntN(4) {
	case 0:
		s.latencyFrom, s.latencyTo, s.perKiB = 200*time.Microsecond, 2*time.Millisecond, 10*time.Microsecond
	case 1:
		s.latencyFrom, s.latencyTo, s.perKiB = time.Millisecond, 60*time.Millisecond, 100*time.Microsecond
	}
	s.gatewayFrom, s.gatewayTo = 500*time.Microsecond, pick(d, time.Millisecond, 20*time.Millisecond, 90*time.Millisecond)
	s.drawCare(newDice(seed, "care"), seed)
	for range pick(d, 0, 0, 1, 1, 2, 3, 6) {
		s.faults = append(s.faults, s.drawFault(d))
	}
	s.successions = pick(d, 0, 0, 0, 1)
	return s
}

// drawCare draws how carefully the bot is upgraded.
func (s *scenario) drawCare(d dice, seed uint64) {
	s.journaled, s.attach = d.chance(0.8), d.chance(0.7)
	s.lease = pick(d, 0, 0, 0, 5*time.Second)
	s.stateless = newDice(seed, "stateless").chance(0.4)
	s.diskFrom, s.diskTo = 50*time.Microsecond, pick(d, time.Millisecond, 20*time.Millisecond, time.Second)
	if s.shards > 1 && d.chance(0.4) {
		s.plan.Canary = d.between(1, s.shards-1)
		s.plan.Hold = pick(d, 0, time.Second, 4*time.Second)
	}
	s.plan.Healthy = pick(d, 0, 0, 0, 2*time.Second)
	s.plan.OnFailure = pick(d, "", "", core.Revert, core.Pause)
	s.plan.PauseLimit = pick(d, 0, 8*time.Second)
}

// handlerTime draws how long a handler takes.
func (s scenario) handlerTime(d dice) time.Duration {
	if s.slowHandler > 0 && d.chance(s.slowHandler) {
		return d.span(0, s.handlerSpan)
	}
	return 0
}

// String describes it on several lines.
func (s scenario) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d shards on %d slaves, %d at once, %d upgrades, %d masters more; %d records of %d bytes, copied ahead: %v, dialled ahead: %v\n",
		s.shards, s.slaves, s.parallel, s.upgrades, s.successions, s.records, s.recordSize, s.preCopy, s.arm)
	fmt.Fprintf(&b, "latency %v..%v and %v a KiB, to the gateway %v..%v; an event each %v or %v; sessions last %v and keep %d",
		s.latencyFrom, s.latencyTo, s.perKiB, s.gatewayFrom, s.gatewayTo, s.quiet, s.busy, s.expiry, s.keep)
	fmt.Fprintf(&b, "\nplan %+v; journal: %v, written within %v..%v; processes are found again: %v; lease %v; resumes without state: %v", s.plan, s.journaled, s.diskFrom, s.diskTo, s.attach, s.lease, s.stateless)
	for _, f := range s.faults {
		fmt.Fprintf(&b, "\n%v", f)
	}
	return b.String()
}
