package core

import (
	"fmt"
	"slices"

	"github.com/shardbaton/baton/fsm/lifecycle"
)

// upgradeAsked begins an upgrade, or says why it cannot begin.
func (c *Core) upgradeAsked(e UpgradeAsked) {
	u := &upgrade{id: e.Upgrade, plan: e.Plan.clone(), giving: -1}
	if err := c.planUpgrade(u); err != nil {
		c.emit(Finish{Upgrade: e.Upgrade, Result: Result{NumShards: len(c.reg.shards), Err: err}})
		return
	}
	c.up = u
	c.takeShares(u)
	c.startClock(u)
	c.publish(UpgradeState{Upgrade: u.id, State: u.m.State(), Total: u.total})
	c.fireUpgrade(lifecycle.UpgradeBegun, about{shard: -1})
}

// planUpgrade decides who is replaced by whom, or returns why nobody can be.
func (c *Core) planUpgrade(u *upgrade) *UpgradeError {
	refuse := func(kind error, format string, args ...any) *UpgradeError {
		return &UpgradeError{Upgrade: u.id, Shard: -1, Kind: kind, Reason: fmt.Sprintf(format, args...)}
	}
	n := len(c.reg.shards)
	u.m = *c.tables.upgrade.New()
	u.all = len(u.plan.Slaves) == 0
	u.soft = u.plan.NumShards > 0 && u.plan.NumShards != n
	u.num, u.parallel = n, or(u.plan.Parallel, c.opt.Parallel)
	switch err := u.plan.contradictions(); {
	case err != nil:
		return refuse(ErrPlan, "%v", err)
	case c.stopping() || c.life.State() == lifecycle.MasterDraining:
		return refuse(ErrStopping, "start the upgrade with the next master")
	case c.up != nil:
		return refuse(ErrBusy, "upgrade %s is %s: wait for its end", c.up.id, c.up.m.State())
	case u.soft && !u.all:
		return refuse(ErrPlan, "a new number of shards replaces all slaves, but only %v are named", u.plan.Slaves)
	case u.plan.Command != nil && !c.opt.CanLaunch:
		return refuse(ErrPlan, "a command is given, but this master launches nothing")
	}
	if err := c.unaccounted(); err != nil {
		return refuse(ErrStarting, "%v", err)
	}
	for _, sh := range c.shares {
		switch state := sh.m.State(); state {
		case lifecycle.ShareQueued, lifecycle.ShareStarting, lifecycle.ShareEnding:
			return refuse(ErrStarting, "slave %s is %s: wait until it serves", sh.slave, state)
		}
	}
	if err := c.chooseSources(u); err != nil {
		return err
	}
	if len(u.parts) == 0 {
		c.resetShares(u.plan.Command)
		return refuse(ErrNoSlave, "no slave serves; the next one that is launched runs the new version")
	}
	if u.soft {
		u.num = u.plan.NumShards
	}
	if u.first {
		u.parallel = 1 // its state messages do not say whose they are
	}
	c.chooseTargets(u)
	if err := c.planWatch(u); err != nil {
		return refuse(ErrPlan, "%v", err)
	}
	if u.first && u.plan.reversible() {
		return refuse(ErrDialect, "a canary, a hold, a health gate and OnFailure can only be kept where shards can go back: a dialect 1 slave ends when it is asked for a shard that it was given")
	}
	return nil
}

// planWatch checks what the plan says of the canary and of time against what there is.
func (c *Core) planWatch(u *upgrade) error {
	p := &u.plan
	if u.soft && (p.Canary > 0 || len(p.CanaryShards) > 0) {
		return fmt.Errorf("a canary and %d shards instead of %d: with a new number of shards all change at once", u.num, len(c.reg.shards))
	}
	if p.Canary > 0 {
		if p.Canary >= u.num {
			return fmt.Errorf("Canary is %d of %d shards: want fewer", p.Canary, u.num)
		}
		p.CanaryShards = upTo(p.Canary)
	}
	for _, n := range p.CanaryShards {
		if !slices.ContainsFunc(u.parts, func(t *part) bool { return !t.source && slices.Contains(t.shards, n) }) {
			return fmt.Errorf("CanaryShards names shard %d, which the upgrade does not move", n)
		}
	}
	return p.fits(c.within)
}

// chooseSources finds the slaves to replace: those that have shards, or were to have
// some that did not come up.
func (c *Core) chooseSources(u *upgrade) *UpgradeError {
	for _, s := range c.slaves {
		sh := c.shareOf(s.id)
		if !c.holds(s) && (sh == nil || !c.serving(sh)) {
			continue
		}
		if u.all || slices.Contains(u.plan.Slaves, s.id) {
			u.parts = append(u.parts, &part{id: s.id, source: true})
			u.first = u.first || s.dialect == 1 && !u.soft
		}
	}
	for _, id := range u.plan.Slaves {
		if u.part(id) == nil {
			return &UpgradeError{Upgrade: u.id, Slave: id, Shard: -1, Kind: ErrPlan, Reason: "it has no shard, or is not there: name slaves that serve"}
		}
	}
	return nil
}

// chooseTargets makes a part for each new slave: for spares that can do it, unless a
// command is given, and otherwise for nobody yet.
func (c *Core) chooseTargets(u *upgrade) {
	sources := u.parts
	var runs [][]int
	switch {
	case !u.all:
		for _, p := range sources {
			runs = append(runs, c.shareOfShards(p.id))
		}
	case u.num == 0: // one dialect 1 slave with all shards, however many
		runs = [][]int{nil}
	case u.first: // such a bot, once relaunched, runs every shard
		runs = [][]int{upTo(u.num)}
	default:
		runs = split(upTo(u.num), c.wanted(u.num))
	}
	for _, run := range runs {
		u.parts = append(u.parts, &part{shards: run})
		u.total += len(run)
	}
	if u.plan.Command != nil {
		return
	}
	spares := c.spares()
	for _, p := range u.parts[len(sources):] {
		for i, s := range spares {
			if (s.dialect == 1) == u.first {
				p.id = s.id
				spares = slices.Delete(spares, i, i+1)
				break
			}
		}
	}
}

// shareOfShards lists the shards of a slave, and those of its share that nobody has.
func (c *Core) shareOfShards(id SlaveID) []int {
	list := c.shardsOf(id)
	if sh := c.shareOf(id); sh != nil {
		for _, n := range sh.shards {
			if c.reg.shards[n].owner == "" {
				list = append(list, n)
			}
		}
	}
	slices.Sort(list)
	return list
}

// takeShares dissolves the shares that the upgrade sees to from now on.
func (c *Core) takeShares(u *upgrade) {
	for _, sh := range c.everyShare() {
		if u.all || u.part(sh.slave) != nil && u.part(sh.slave).source {
			c.fireShare(sh, lifecycle.ShareDissolve, about{})
		}
	}
}

// resetShares gives shares that were given up another chance, with a new command if
// there is one.
func (c *Core) resetShares(command []string) {
	if command != nil {
		c.command = command
	}
	for _, sh := range c.everyShare() {
		c.fireShare(sh, lifecycle.ShareReset, about{})
	}
}

// planMoves makes a move for each shard that changes its owner.
func (c *Core) planMoves(u *upgrade) {
	if len(u.moves) > 0 || u.soft {
		return
	}
	u.moves = make([]move, u.num)
	index := make(map[SlaveID]int, len(u.parts))
	for i, p := range u.parts {
		if p.source {
			index[p.id] = i
		}
	}
	u.total = 0
	for i, p := range u.parts {
		if p.source {
			continue
		}
		for _, n := range p.shards {
			source, known := index[c.reg.shards[n].owner]
			if !known {
				source = -1
			}
			u.moves[n] = move{m: *c.tables.move.New(), shard: n, source: source, target: i, epoch: c.reg.nextEpoch(n)}
			u.total++
		}
	}
	u.retry()
}
