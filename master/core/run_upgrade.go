package core

import (
	"slices"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

// launchTargets launches the new slaves that are not there, and awaits the news of it.
func (c *Core) launchTargets(u *upgrade) {
	command := u.plan.Command
	if command == nil {
		command = c.command
	}
	var asked []*part
	for _, p := range u.parts {
		if p.id == "" {
			p.id = c.launch(p.shards, command).id
			asked = append(asked, p)
		}
	}
	u.await(func(p *part) bool { return slices.Contains(asked, p) })
}

// greet lets new slaves that are there already arrive.
func (c *Core) greet(u *upgrade) {
	for _, p := range u.parts {
		if !p.source && c.slaveAt(p).usable() {
			c.soon(lifecycle.UpgradeArrived, about{slave: p.id, shard: -1})
		}
	}
	if u.awaited == 0 {
		c.soon(lifecycle.UpgradeCounted, about{shard: -1})
	}
}

func (c *Core) prepareOld(u *upgrade) {
	c.planMoves(u)
	u.await(func(p *part) bool { return p.source })
	for i, p := range u.parts {
		if !p.awaited {
			continue
		}
		d := &wire.ShardMigrationStartData{FromThisSlave: true}
		if !u.first {
			d.Shards = u.announce(func(m *move) bool { return m.source == i })
		}
		p.involved = true
		c.request(p, wire.EvtShardMigrationStart, d)
	}
}

func (c *Core) prepareNew(u *upgrade) {
	c.learnFirst(u)
	c.planMoves(u)
	u.await(func(p *part) bool { return !p.source })
	for i, p := range u.parts {
		if !p.awaited {
			continue
		}
		d := &wire.ShardMigrationStartData{NumShards: u.num}
		if !u.first {
			d.Shards = u.announce(func(m *move) bool { return m.target == i })
		}
		p.involved = true
		c.request(p, wire.EvtShardMigrationStart, d)
	}
}

// announce lists the shards of some moves for whoever is to expect them.
func (u *upgrade) announce(match func(*move) bool) []wire.ShardInfo {
	list := u.list(match)
	for _, info := range list {
		u.moves[info.Shard].announced = true
	}
	return list
}

// list lists the shards of some moves with their epochs. Where the new owner may dial
// ahead is told with the request to do so: a long list of addresses would not fit into
// one message.
func (u *upgrade) list(match func(*move) bool) []wire.ShardInfo {
	var list []wire.ShardInfo
	for n := range u.moves {
		if m := u.move(n); m != nil && match(m) {
			list = append(list, wire.ShardInfo{Shard: n, Epoch: m.epoch})
		}
	}
	return list
}

// learnFirst takes over the number of shards that a dialect 1 slave has told. From
// now on it has these, and no longer whatever there is.
func (c *Core) learnFirst(u *upgrade) {
	all := c.byID[c.reg.all]
	if !u.first || all == nil || u.part(all.id) == nil {
		return
	}
	c.reg.all = ""
	p := u.part(all.id)
	if p.count == len(c.reg.shards) {
		return
	}
	u.num = p.count
	all.owns = 0
	c.setShards(u.num)
	for n := range c.reg.shards {
		c.own(n, all, c.reg.nextEpoch(n), true, false)
	}
	for _, p := range u.parts {
		if !p.source {
			p.shards = upTo(u.num) // a dialect 1 upgrade that does not know the number has one target
		}
	}
}

// startMoves gives shards their turn, in order, while there is room. One whose slaves
// are not linked waits, and so does one whose way has failed; those that need an IDENTIFY
// go one after another.
func (c *Core) startMoves(u *upgrade) {
	room := u.parallel - u.inFlight
	for i := 0; i < len(u.pending) && room > 0; {
		m := u.move(u.pending[i])
		rests := m.m.State() == lifecycle.MoveOnOld || m.m.State() == lifecycle.MoveOnNew
		if rests && (!c.due(u, m) || c.queues(u, m)) {
			i++
			continue
		}
		if i == 0 {
			u.pending = u.pending[1:]
		} else {
			u.pending = slices.Delete(u.pending, i, i+1)
		}
		if rests {
			c.fireMove(m, lifecycle.MoveTurn, about{shard: m.shard})
			if m.m.State().InFlight() {
				room--
			}
		}
	}
}

// due reports whether a shard at rest is to leave where it is, and can.
func (c *Core) due(u *upgrade, m *move) bool {
	giver, taker := u.at(m.giver()), u.at(m.taker())
	if m.worn() || taker.out() || c.ends(taker) {
		return false
	}
	state := u.m.State()
	if giver.out() { // nobody has it: whoever can take it may
		return state != lifecycle.UpgradeHolding && state != lifecycle.UpgradePaused && c.slaveAt(taker).usable() && (taker.source || taker.ready)
	}
	switch {
	case m.back:
		if state != lifecycle.UpgradeReverting || u.first {
			return false
		}
	case state == lifecycle.UpgradeCanary:
		if !slices.Contains(u.plan.CanaryShards, m.shard) {
			return false
		}
	case state != lifecycle.UpgradeMoving:
		return false
	}
	return c.slaveAt(giver).usable() && c.slaveAt(taker).usable()
}

// queues reports whether a shard would have to be identified while another is: more at
// once than the gateway allows would only use up their time.
func (c *Core) queues(u *upgrade, m *move) bool {
	if !u.at(m.giver()).out() || c.rescued(m).id != "" {
		return false
	}
	return slices.ContainsFunc(u.moves, func(o move) bool { return o.planned() && o.m.State().InFlight() && o.fresh })
}

// retry lets every shard that rests try its way again.
func (u *upgrade) retry() {
	u.pending = u.pending[:0]
	for n := range u.moves {
		if m := u.move(n); m != nil && (m.m.State() == lifecycle.MoveOnOld || m.m.State() == lifecycle.MoveOnNew) {
			m.failures = 0
			u.pending = append(u.pending, n)
		}
	}
}

func (c *Core) softStart(u *upgrade) {
	u.next = make([]shard, u.num)
	u.await(func(p *part) bool { return !p.source })
	for _, p := range u.parts {
		if !p.awaited {
			continue
		}
		d := &wire.StartData{NumShards: u.num}
		for _, n := range p.shards {
			u.next[n] = shard{owner: p.id, epoch: c.reg.nextEpoch(n)}
			d.Shards = append(d.Shards, wire.ShardInfo{Shard: n, Epoch: u.next[n].epoch})
		}
		p.involved = true
		c.request(p, wire.EvtSoftStart, d)
	}
}

// cutOver makes the shards of the soft start the ones that count.
func (c *Core) cutOver(u *upgrade) {
	for _, s := range c.slaves {
		s.owns = 0
	}
	c.setShards(u.num)
	c.reg.all = ""
	for n, sh := range u.next {
		c.own(n, c.byID[sh.owner], sh.epoch, sh.up, true)
	}
	u.cut = true
	u.onNew, u.total = u.num, u.num
}

// retire tells the old slaves to end, and awaits their end.
func (c *Core) retire(u *upgrade) {
	u.await(func(p *part) bool { return p.source })
	for _, p := range u.parts {
		s := c.slaveAt(p)
		switch {
		case !p.awaited:
		case !u.soft && c.holds(s):
			// Something has gone wrong on the way here: who has a shard must not end.
			c.problem(s.id, -1, ErrInternal, "it is not told to end, because it has shards %s", Ranges(c.shardsOf(s.id)))
			u.tick(p)
		case !u.first:
			c.shutDown(s)
		case !s.ending:
			// The original asks for one shard more than there are.
			s.ending, s.told, s.retired = true, s.reachable(), s.reachable()
			c.tell(s, wire.EvtStopShard, &wire.StopShardData{Shard: u.num, SessionID: u.last.id, Sequence: u.last.sequence})
		}
	}
}

func (c *Core) fullStartTargets(u *upgrade) {
	u.await(func(p *part) bool { return !p.source })
	for _, p := range u.parts {
		if p.awaited {
			c.request(p, wire.EvtFullStart, c.startData(p.id))
		}
	}
}

// restore ends a failed upgrade for each slave: who has shards serves on, who has
// none ends, and a spare that was never told anything is a spare again.
func (c *Core) restore(u *upgrade) {
	u.await(func(*part) bool { return false })
	for _, p := range u.parts {
		s := c.slaveAt(p)
		if s == nil || s.unheard { // what it has, it says when it is back
			continue
		}
		has := c.holds(s)
		switch {
		case s.ending && has && !s.goodbye && !s.reachable():
			// It may never have heard that it has to end, and only it may have its shards.
			s.ending, s.owed = false, true
			c.recordSlave(s)
		case !has && !s.ending && u.needed(p):
			// It stays, with the sessions that it keeps, for the shards that may turn out not to
			// run where they went.
		case s.ending || !has && (p.involved || !p.source && s.launched):
			c.shutDown(s)
			if s.dialect == 0 || s.link == nil {
				c.kill(s)
			}
			u.expect(p, s.launched || s.reachable())
		case has && (p.involved || s.owed) && s.dialect == 2:
			if s.owed = !s.reachable(); !s.owed {
				c.request(p, wire.EvtFullStart, c.startData(s.id))
				u.expect(p, true)
			}
		}
	}
}

// unasked reports whether the old slaves have not been asked for anything yet.
func (u *upgrade) unasked() bool {
	switch u.m.State() {
	case lifecycle.UpgradeLaunching, lifecycle.UpgradeAwaitingHello, lifecycle.UpgradeRecording:
		return true
	default:
		return false
	}
}

// needed reports whether a slave keeps a session of a shard that nobody is known to run:
// the old one since it has let go, or on the way back the new one.
func (u *upgrade) needed(p *part) bool {
	for n := range u.moves {
		m := u.move(n)
		if m == nil || m.m.State() != lifecycle.MoveDoubtful && m.m.State() != lifecycle.MoveLost {
			continue
		}
		if u.at(m.source) == p && m.kept.id != "" || u.at(m.target) == p && m.left.id != "" {
			return true
		}
	}
	return false
}

// expect awaits one more part, if it can be expected to answer or to end.
func (u *upgrade) expect(p *part, can bool) {
	if can {
		p.awaited = true
		u.awaited++
	}
}

// killRest kills whoever was told to end and has not.
func (c *Core) killRest(u *upgrade) {
	for _, p := range u.parts {
		if s := c.slaveAt(p); p.awaited && s != nil && s.ending {
			c.kill(s)
		}
	}
}

func (c *Core) giveUpRest(u *upgrade, a about) {
	for _, p := range u.parts {
		if p.awaited {
			c.problem(p.id, -1, ErrDeadline, "%s: the upgrade ends without it", a.reason)
		}
	}
}

// finish gives the result and makes room for the next upgrade.
func (c *Core) finish(u *upgrade) {
	r := Result{State: u.m.State(), NumShards: len(c.reg.shards), Fresh: u.fresh, Err: u.failure}
	switch {
	case r.State == lifecycle.UpgradeDone:
		r.Err, r.Trouble = nil, u.failure
	case r.Err != nil: // others may hold what has been told of it
		err := *r.Err
		err.Reverted = r.State == lifecycle.UpgradeReverted
		r.Err = &err
	}
	for _, p := range u.parts {
		switch {
		case p.source:
			r.Sources = append(r.Sources, p.id)
		case p.id != "":
			r.Targets = append(r.Targets, p.id)
		}
	}
	for n := range u.moves {
		m := u.move(n)
		if m == nil {
			continue
		}
		switch m.m.State() {
		case lifecycle.MoveMoved:
			r.Moved = append(r.Moved, n)
		case lifecycle.MoveKept:
			r.Kept = append(r.Kept, n)
		case lifecycle.MoveLost:
			r.Lost = append(r.Lost, n)
		case lifecycle.MoveDoubtful:
			r.InDoubt = append(r.InDoubt, n)
		}
	}
	if u.cut {
		for n, sh := range u.next {
			if c.reg.shards[n].owner == sh.owner && sh.owner != "" {
				r.Moved = append(r.Moved, n)
			} else {
				r.Lost = append(r.Lost, n)
			}
		}
		r.Fresh = u.num
	}
	if r.State == lifecycle.UpgradeDone && u.plan.Command != nil {
		c.setCommand(u.plan.Command)
	}
	c.up = nil
	c.stopClock(u)
	c.write(UpgradeChanged{})
	c.emit(Finish{Upgrade: u.id, Result: r})
	c.later = append(c.later, func() {
		c.formShares()
		for _, s := range c.slaves {
			c.serveOn(s) // it came back when the upgrade had no use for it any more
		}
		c.fireMaster(lifecycle.MasterUpgradeOver)
	})
}
