package core

import (
	"fmt"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
)

// lease is what the slave knows of its lease. A slave without one serves for as
// long as it lives.
type lease struct {
	length time.Duration // 0: there is none
	over   bool
	// retry says that another try to stop what still runs is on its way.
	retry bool
}

// hold lets the lease run from when the slave sent what the master has answered
// now: a heartbeat, or with number 0 its hello. A lease that was over is held again
// only when nothing is left that ran then, or might: somebody else may have it.
func (c *Core) hold(beat uint64) {
	if c.link.lease == 0 && c.lease.length == 0 {
		return
	}
	again := c.lease.over
	if again && c.Serving() {
		return
	}
	if c.lease.retry {
		c.emit(Disarm{Timer{Kind: TimerYield}})
	}
	c.lease = lease{length: c.link.lease}
	c.emit(Hold{Beat: beat, For: c.link.lease, Again: again})
	if again {
		c.note(Info, NoShard, "", "the lease is held again")
	}
}

// answered takes the master's answer to a heartbeat. One to none that was sent, or
// to an older one, says nothing.
func (c *Core) answered(beat uint64) {
	if beat > c.link.answered && beat <= c.link.beats {
		c.link.answered = beat
		c.hold(beat)
	}
}

// leaseOver takes the end of the lease.
func (c *Core) leaseOver() {
	if c.lease.length == 0 || c.lease.over {
		return
	}
	c.lease.over = true
	c.note(Warn, NoShard, c.whyNot().text, "the lease is over")
	c.fire(lifecycle.SlaveLeaseOver)
}

// mindYield sees to it that what runs although the lease is over is asked again to
// stop, but not without a pause.
func (c *Core) mindYield() {
	if c.lease.over && !c.lease.retry && !c.closing() && c.anyIn(lifecycle.ShardRunning, lifecycle.ShardCopying) {
		c.lease.retry = true
		c.emit(Arm{Timer: Timer{Kind: TimerYield}, After: c.options.Deadlines.Grace})
	}
}

func (c *Core) yieldAgain() {
	c.lease.retry = false
	if c.lease.over {
		c.fire(lifecycle.SlaveLeaseOver)
	}
}

// yieldShards has every shard stop by itself.
func (c *Core) yieldShards() {
	for _, s := range c.shards {
		s.cause = c.whyNot()
		s.fire(lifecycle.ShardMustYield)
	}
}

// mayRun reports whether shards may run here. What is left when the bot is told to
// shut down is stopped by that.
func (c *Core) mayRun() bool {
	if c.closing() {
		return c.slave.State() != lifecycle.SlaveLettingGo
	}
	return !c.lease.over
}

// whyNot is why no shard may run here, or no cause.
func (c *Core) whyNot() cause {
	switch {
	case c.mayRun():
		return cause{}
	case c.closing():
		return cause{lifecycle.FailureRefused, "the slave is about to end"}
	}
	return cause{lifecycle.FailureLease, fmt.Sprintf("the master was not heard for the %v of the lease", c.lease.length)}
}
