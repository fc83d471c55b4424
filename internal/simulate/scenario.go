package simulate

import (
	"fmt"
	"strings"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
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

	upgrades int
	faults   []fault
}

// faultKind is a way to go wrong.
type faultKind string

const (
	killSlave   faultKind = "kill a slave"
	freezeSlave faultKind = "freeze a slave"
	cutLinks    faultKind = "cut a slave's links"
	cutOne      faultKind = "cut one link"
	partition   faultKind = "partition"
	stallUp     faultKind = "stall to the master"
	stallDown   faultKind = "stall to the slave"
	slowLink    faultKind = "slow links"
	cutGateway  faultKind = "cut from the gateway"
)

// fault is one thing that goes wrong during an upgrade.
type fault struct {
	kind faultKind
	// upgrade is during which, from 1.
	upgrade int
	// callback is after how many callbacks of bots since the upgrade's beginning; 0:
	// the time alone counts. after is how long after that.
	callback int
	after    time.Duration
	// target chooses among the slaves that live then; lasts is for how long.
	target int
	lasts  time.Duration
	times  int // slowLink: how many times as slow
}

// String describes it.
func (f fault) String() string {
	when := fmt.Sprintf("%v after upgrade %d begins", f.after, f.upgrade)
	if f.callback > 0 {
		when = fmt.Sprintf("%v after callback %d of upgrade %d", f.after, f.callback, f.upgrade)
	}
	return fmt.Sprintf("%s, %s, target %d, for %v", f.kind, when, f.target, f.lasts)
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
	s.slaves = min(s.shards, pick(d, 1, 1, 2))
	s.latencyFrom, s.latencyTo, s.perKiB = 20*time.Microsecond, 100*time.Microsecond, time.Microsecond
	switch d.IntN(4) {
	case 0:
		s.latencyFrom, s.latencyTo, s.perKiB = 200*time.Microsecond, 2*time.Millisecond, 10*time.Microsecond
	case 1:
		s.latencyFrom, s.latencyTo, s.perKiB = time.Millisecond, 60*time.Millisecond, 100*time.Microsecond
	}
	s.gatewayFrom, s.gatewayTo = 500*time.Microsecond, pick(d, time.Millisecond, 20*time.Millisecond, 90*time.Millisecond)
	for range pick(d, 0, 0, 1, 1, 2, 3) {
		s.faults = append(s.faults, s.drawFault(d))
	}
	return s
}

func (s scenario) drawFault(d dice) fault {
	f := fault{
		kind:    pick(d, killSlave, killSlave, freezeSlave, cutLinks, cutLinks, cutOne, partition, stallUp, stallDown, slowLink, cutGateway),
		upgrade: d.between(1, s.upgrades), target: d.IntN(4), times: pick(d, 5, 50),
		lasts: pick(d, d.span(0, 100*time.Millisecond), d.span(0, 4*time.Second), d.span(4*time.Second, 12*time.Second)),
	}
	if d.chance(0.6) {
		f.callback = d.between(1, 4+6*s.shards)
		f.after = d.span(0, 2*s.latencyTo)
	} else {
		f.after = pick(d, d.span(0, 50*time.Millisecond), d.span(0, time.Second), d.span(0, 5*time.Second))
	}
	return f
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
	fmt.Fprintf(&b, "%d shards on %d slaves, %d at once, %d upgrades; %d records of %d bytes, copied ahead: %v, dialled ahead: %v\n",
		s.shards, s.slaves, s.parallel, s.upgrades, s.records, s.recordSize, s.preCopy, s.arm)
	fmt.Fprintf(&b, "latency %v..%v and %v a KiB, to the gateway %v..%v; an event each %v or %v; sessions last %v and keep %d",
		s.latencyFrom, s.latencyTo, s.perKiB, s.gatewayFrom, s.gatewayTo, s.quiet, s.busy, s.expiry, s.keep)
	for _, f := range s.faults {
		fmt.Fprintf(&b, "\n%v", f)
	}
	return b.String()
}

// masterDeadlines are shorter than the usual ones, in about the same proportions, so
// that what takes a deadline to be noticed does not take many events.
func masterDeadlines() lifecycle.Deadlines {
	const s = time.Second
	return lifecycle.Deadlines{
		Hello: 4 * s, StateLink: 6 * s, Silence: 4 * s, Return: 6 * s, Relaunch: 6 * s,
		Launch: 5 * s, Appear: 15 * s, Turn: 180 * s, ColdStart: 60 * s, Kill: 5 * s,
		Prepare: 10 * s, Copy: 14 * s, Arm: 14 * s, Stop: 12 * s, HandOver: 5 * s,
		Resume: 50 * s, GiveBack: 50 * s, Progress: 90 * s, FullStart: 20 * s, SoftStart: 60 * s,
		CutOver: 6 * s, Retire: 20 * s, Settle: 90 * s, Restore: 20 * s, Drain: 120 * s,
	}
}

// slaveDeadlines go with them.
func slaveDeadlines() lifecycle.SlaveDeadlines {
	const s = time.Second
	return lifecycle.SlaveDeadlines{
		Prepare: 6 * s, FullStart: 15 * s, Shutdown: 15 * s, Copy: 10 * s, Arm: 2 * s,
		Stop: 8 * s, Load: 4 * s, State: 6 * s, Start: 15 * s, Identify: 6 * s, Grace: s,
	}
}
