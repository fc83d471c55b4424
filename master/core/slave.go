package core

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

// slave is what is known of one bot process, as long as it is not known to be dead.
type slave struct {
	id      SlaveID
	version string
	// dialect is 1 or 2, or 0 before the first hello.
	dialect      int
	preCopy, arm bool
	// stateless says that its bot can resume a shard without the state.
	stateless bool
	// unhealthy is why its bot says that it is not well, or empty.
	unhealthy string
	// nameless says that its hello does not say who it is.
	nameless bool
	// wish is the number of shards that its bot asked for.
	wish int

	// launched says that the caller was asked to start the process, and that its
	// end will be reported.
	launched bool
	pid      int
	killed   bool
	// mine says that this master or an earlier one has started the process.
	mine bool
	// unheard says that an earlier master has written it down, and that nothing was
	// heard of it since.
	unheard bool
	// recorded is the number of the change with which it was written down last.
	recorded uint64
	// number names its lease's timer.
	number uint64
	lease  leaseMachine
	// lent is the lease that it was given, by this master or an earlier one.
	lent time.Duration

	link    *link // the latest, or nil before the first
	stateUp bool
	// met is the link on which it was usable first: requests that were sent before
	// that are repeated.
	met  LinkID
	owns int // how many shards it has

	// ending says that it was, or is to be, told to shut down; told, that it was, on
	// its present link; goodbye, that it has answered.
	ending, told, goodbye bool
	// retired says that it was asked for one shard more than there are, which ends a
	// slave of dialect 1 without a word.
	retired bool
	// owed says that it has to be told to serve on when it is back.
	owed bool
}

// usable reports whether shards can come to the slave and go from it.
func (s *slave) usable() bool {
	return s != nil && s.link != nil && s.link.m.State().Usable()
}

// reachable reports whether the slave hears what it is told: state may be unable to
// travel for the moment.
func (s *slave) reachable() bool {
	return s.hears() && s.met == s.link.id
}

// hears reports whether a message gets to the slave, which need not be ready for
// anything but its end.
func (s *slave) hears() bool {
	return s != nil && s.link != nil && (s.usable() || s.link.m.State() == lifecycle.LinkWelcomed)
}

// nameSlave makes an id.
func (c *Core) nameSlave() SlaveID {
	for {
		c.named++
		id := SlaveID(c.opt.SlavePrefix + strconv.Itoa(c.named))
		if c.byID[id] == nil {
			return id
		}
	}
}

// addSlave makes a slave known.
func (c *Core) addSlave(id SlaveID) *slave {
	c.met++
	s := &slave{id: id, number: c.met, lease: *c.tables.lease.New()}
	c.slaves = append(c.slaves, s)
	c.byID[id] = s
	return s
}

// everySlave lists the slaves, so that they may be removed meanwhile.
func (c *Core) everySlave() []*slave { return slices.Clone(c.slaves) }

func (c *Core) removeSlave(s *slave) {
	c.slaves = slices.DeleteFunc(c.slaves, func(o *slave) bool { return o == s })
	delete(c.byID, s.id)
	c.fireLease(s, lifecycle.LeaseDead)
	c.write(SlaveGone{s.id})
}

// launch asks for a process.
func (c *Core) launch(shards []int, command []string) *slave {
	s := c.addSlave(c.nameSlave())
	s.launched, s.mine = true, true
	c.recordSlave(s)
	c.emit(Launch{Slave: s.id, Shards: slices.Clone(shards), Command: slices.Clone(command)})
	return s
}

func (c *Core) launched(e Launched) {
	s := c.byID[e.Slave]
	if s == nil || !s.launched {
		c.emit(Kill{e.Slave}) // it was given up meanwhile
		return
	}
	s.pid = e.PID
	c.publish(SlaveLaunched{s.id, e.PID})
	if sh := c.shareOf(s.id); sh != nil {
		c.fireShare(sh, lifecycle.ShareLaunched, about{slave: s.id})
	}
	if c.up.part(s.id) != nil {
		c.fireUpgrade(lifecycle.UpgradeLaunched, about{slave: s.id, shard: -1})
	}
}

// kill ends a launched process, once.
func (c *Core) kill(s *slave) {
	if s != nil && s.launched && !s.killed {
		s.killed, s.ending = true, true
		c.emit(Kill{s.id})
	}
}

// shutDown tells a slave to end, now or when it is back.
func (c *Core) shutDown(s *slave) {
	if !s.ending {
		s.ending = true
		c.recordSlave(s)
	}
	if !s.told && !s.killed && s.hears() {
		s.told = true
		c.emit(Send{Link: s.link.id, Type: wire.EvtShutdown})
	}
}

// rememberDead is how many ids of dead slaves are kept: more than can have anything
// left to read.
const rememberDead = 256

// ended takes the news that a launched process has ended or never began.
func (c *Core) ended(id SlaveID, a about) {
	c.dead = append(c.dead, id)
	if over := len(c.dead) - rememberDead; over > 0 {
		c.dead = slices.Delete(c.dead, 0, over)
	}
	s := c.byID[id]
	if s == nil || !s.mine {
		return // it was forgotten before
	}
	a.slave, a.shard = id, -1
	c.bury(s, a)
}

func (c *Core) forget(id SlaveID) {
	s := c.byID[id]
	if s == nil {
		c.problem(id, -1, ErrPlan, "there is no such slave to forget")
		return
	}
	c.kill(s) // in case the operator is wrong about a process that can be ended
	c.bury(s, about{slave: id, shard: -1, kind: ErrDied, code: -1, reason: "an operator says so"})
}

// bury draws the consequences of a slave's death: nobody has its shards, and
// whoever counted on it is told.
func (c *Core) bury(s *slave, a about) {
	if errors.Is(a.kind, ErrLaunch) {
		c.problem(s.id, -1, ErrLaunch, "%s", a.reason)
	} else {
		c.publish(SlaveExited{Slave: s.id, Code: a.code, Reason: a.reason})
	}
	c.removeSlave(s)
	if s.link != nil {
		c.fireLink(s.link, lifecycle.LinkDied, a)
	}
	c.release(s)
	if p := c.up.part(s.id); p != nil {
		p.gone = true
		c.tellMoves(p, lifecycle.MoveGiverGone, lifecycle.MoveTakerGone, a) // first, so that the upgrade sees what nobody has
		c.soon(lifecycle.UpgradeDied, a)
	}
	if sh := c.shareOf(s.id); sh != nil {
		c.later = append(c.later, func() { c.fireShare(sh, lifecycle.ShareEnded, a) })
	}
	c.later = append(c.later, func() { c.fireMaster(lifecycle.MasterHeard) })
	if c.stopping() {
		c.countSlaves()
	}
}

// stateLink takes the news that a slave's link for state was made or broke.
func (c *Core) stateLink(id SlaveID, up bool) {
	s := c.byID[id]
	if s == nil {
		return // it died meanwhile
	}
	s.stateUp = up
	if s.link == nil {
		return
	}
	e := lifecycle.LinkStateDown
	if up {
		e = lifecycle.LinkStateUp
	}
	c.fireLink(s.link, e, about{slave: id, shard: -1})
	if p := c.up.part(id); p != nil && !up {
		c.tellMoves(p, lifecycle.MoveGiverCut, lifecycle.MoveTakerCut, about{
			slave: id, shard: -1, kind: ErrState, reason: "its link for state broke, and what was on its way is lost",
		})
	}
}

// spares lists the slaves without a task that can be given one.
func (c *Core) spares() []*slave {
	var list []*slave
	for _, s := range c.slaves {
		if c.role(s) == RoleSpare {
			list = append(list, s)
		}
	}
	return list
}

// role returns what a slave is there for.
func (c *Core) role(s *slave) Role {
	switch p := c.up.part(s.id); {
	case p != nil && p.source:
		return RoleSource
	case p != nil:
		return RoleTarget
	case s.ending:
		return RoleEnding
	case c.shareOf(s.id) != nil || c.holds(s):
		return RoleServing
	case s.usable():
		return RoleSpare
	default:
		return RoleNew
	}
}

// present gives a slave that has become usable something to do.
func (c *Core) present(s *slave) {
	returned, again := s.met != 0, s.met == s.link.id
	s.met = s.link.id
	p, sh := c.up.part(s.id), c.shareOf(s.id)
	slot := c.up.openSlot(s)
	if p == nil && sh == nil && !s.ending && slot != nil {
		slot.id, p = s.id, slot
	}
	waits := c.life.State() == lifecycle.MasterListening && (c.opt.CanLaunch || c.opt.Journal)
	if s.dialect == 2 && c.up == nil {
		c.learn(s.wish)
	}
	if p == nil && sh == nil && !s.ending && !waits {
		sh = c.vacancy(s)
	}
	switch {
	case p != nil:
		if p.source && c.up.unasked() {
			c.serveOn(s)
		}
		c.fireUpgrade(lifecycle.UpgradeArrived, about{slave: s.id, shard: -1})
		c.tellMoves(p, lifecycle.MoveGiverLinked, lifecycle.MoveTakerLinked, about{slave: s.id, shard: -1})
	case s.ending:
		c.shutDown(s)
	case sh != nil && again && sh.slave == s.id: // it has heard everything
	case sh != nil:
		c.serveOn(s)
		sh.slave = s.id
		c.fireShare(sh, lifecycle.ShareArrived, about{
			slave: s.id, shard: -1, kind: ErrDialect, reason: "it speaks dialect 1, so it would start every shard, but others have some; ask for an upgrade",
		})
	}
	if again {
		return
	}
	c.publish(SlaveSeen{Slave: s.id, Version: s.version, Dialect: s.dialect, Role: c.role(s), Returned: returned})
	if c.role(s) == RoleSpare && !returned {
		c.newcomer()
	}
}

// newcomer is called when a slave has come for which there is nothing to do.
func (c *Core) newcomer() {
	if !c.opt.UpgradeOnHello || c.up != nil || c.stopping() || !c.Accounted() {
		return
	}
	owners := c.owners()
	for _, s := range owners {
		if !s.usable() {
			return
		}
	}
	if len(owners) > 0 && len(c.spares()) >= c.wanted(max(len(c.reg.shards), 1)) {
		c.begun++
		c.upgradeAsked(UpgradeAsked{Upgrade: UpgradeID("hello-" + strconv.Itoa(c.begun))})
	}
}
