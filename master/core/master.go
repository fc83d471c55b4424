package core

import (
	"fmt"

	"github.com/shardbaton/baton/fsm/lifecycle"
)

var _ lifecycle.MasterView = (*Core)(nil)

// StartNow implements [lifecycle.MasterView].
func (c *Core) StartNow() bool { return c.opt.StartNow }

// UpgradeRuns implements [lifecycle.MasterView].
func (c *Core) UpgradeRuns() bool { return c.up != nil }

func masterEffects() map[string]func(*Core) {
	return map[string]func(*Core){
		lifecycle.MasterOpen:        (*Core).open,
		lifecycle.MasterFailUpgrade: (*Core).failUpgrade,
		lifecycle.MasterDropUpgrade: (*Core).dropUpgrade,
		lifecycle.MasterEndSlaves:   (*Core).endSlaves,
		lifecycle.MasterKillSlaves:  (*Core).killSlaves,
		lifecycle.MasterMiss:        (*Core).reportMissing,
		lifecycle.MasterComplain:    (*Core).complainOfSlaves,
		lifecycle.MasterHalt:        func(c *Core) { c.emit(Halt{}) },
	}
}

func (c *Core) fireMaster(e lifecycle.MasterEvent) {
	o, taken := fire(c, &c.life, lifecycle.MasterView(c), e, Timer{Of: MasterLife}, about{})
	if !taken {
		return
	}
	if o.Moved() {
		c.publish(MasterState{o.To})
	}
	for _, do := range c.tables.masterDo.Of(o.Row) {
		do(c)
	}
}

// stopping reports whether the master ends, so that nobody new is let in.
func (c *Core) stopping() bool {
	switch c.life.State() {
	case lifecycle.MasterStopping, lifecycle.MasterKilling, lifecycle.MasterHalted:
		return true
	default:
		return false
	}
}

// open fills every share that nobody serves, and has those who served under an earlier
// master serve on.
func (c *Core) open() {
	for _, s := range c.everySlave() {
		if s.unheard && !s.launched { // it was launched and never given anything
			c.removeSlave(s)
		}
	}
	if c.up == nil {
		c.formShares()
		for _, s := range c.slaves {
			c.serveOn(s)
		}
	}
	for _, sh := range c.everyShare() {
		c.fillSoon(sh)
	}
}

func (c *Core) failUpgrade() {
	c.fireUpgrade(lifecycle.UpgradeFailure, about{shard: -1, kind: ErrStopping, reason: "an orderly end was asked for"})
}

func (c *Core) dropUpgrade() {
	c.fireUpgrade(lifecycle.UpgradeDropped, about{shard: -1, kind: ErrStopping, reason: "an end without waiting was asked for"})
}

// endSlaves tells launched slaves to shut down. One that never came is killed; one
// that is lost is told when it is back.
func (c *Core) endSlaves() {
	for _, sh := range c.everyShare() {
		c.fireShare(sh, lifecycle.ShareDissolve, about{})
	}
	for _, s := range c.everySlave() {
		switch {
		case !s.launched:
		case s.dialect == 0:
			c.kill(s)
		default:
			c.shutDown(s)
		}
	}
	c.countSlaves()
}

func (c *Core) killSlaves() {
	for _, s := range c.everySlave() {
		c.kill(s)
	}
}

func (c *Core) complainOfSlaves() {
	for _, s := range c.slaves {
		if s.launched {
			c.problem(s.id, -1, ErrDeadline, "it was killed and has not ended: look for process %d", s.pid)
		}
	}
}

// countSlaves tells a master that ends when no launched slave is left.
func (c *Core) countSlaves() {
	for _, s := range c.slaves {
		if s.launched {
			return
		}
	}
	c.later = append(c.later, func() { c.fireMaster(lifecycle.MasterAllEnded) })
}

// problem tells subscribers what is wrong.
func (c *Core) problem(s SlaveID, shard int, kind error, format string, args ...any) {
	c.publish(Problem{Slave: s, Shard: shard, Err: fmt.Errorf("%w: %s", kind, fmt.Sprintf(format, args...))})
}
