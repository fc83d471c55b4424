package core

import (
	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

// move is the hand-over of one shard.
type move struct {
	m     moveMachine
	shard int
	// source and target are indices into the upgrade's parts; source is -1 when
	// nobody had the shard.
	source, target int
	// epoch is that of the present attempt.
	epoch uint64
	// session is what the old owner handed over; zero when the shard has to be
	// started without one.
	session session
	// url is where the new owner may dial ahead.
	url string
	// fresh says that the last start was asked for without a session.
	fresh bool
	// ahead is how many records were sent ahead of the stop.
	ahead uint64
	// routed says that state records are routed.
	routed bool
	// forwarded and spoiled, in dialect 1, say that state was passed on and that
	// some of it may not have arrived.
	forwarded, spoiled bool
	// asked tells where the request of the present state was put, so that it is put
	// once on each of the slave's links.
	asked asked
}

// asked is a request that was put to a slave.
type asked struct {
	state lifecycle.MoveState
	link  LinkID
}

func (m *move) timer() Timer { return Timer{MoveLife, uint64(m.shard)} }

// moveView answers the guards of the move table.
type moveView struct {
	c *Core
	*move
}

func (v *moveView) sourcePart() *part { return v.c.up.at(v.source) }
func (v *moveView) targetPart() *part { return v.c.up.at(v.target) }

// SourceGone implements [lifecycle.MoveView].
func (v *moveView) SourceGone() bool { p := v.sourcePart(); return p == nil || p.gone }

// TargetGone implements [lifecycle.MoveView].
func (v *moveView) TargetGone() bool { return v.targetPart().gone }

// TargetLinked implements [lifecycle.MoveView].
func (v *moveView) TargetLinked() bool { return v.c.slaveAt(v.targetPart()).usable() }

// CopyOffered implements [lifecycle.MoveView].
func (v *moveView) CopyOffered() bool {
	s := v.c.slaveAt(v.sourcePart())
	return s != nil && s.preCopy
}

// ArmOffered implements [lifecycle.MoveView].
func (v *moveView) ArmOffered() bool {
	t := v.c.slaveAt(v.targetPart())
	return t != nil && (t.arm || v.ahead > 0)
}

// StateWhole implements [lifecycle.MoveView].
func (v *moveView) StateWhole() bool { return !v.spoiled }

// Forward implements [lifecycle.MoveView].
func (v *moveView) Forward() bool { return v.c.up.m.State() == lifecycle.UpgradeMoving }

// TakesBack implements [lifecycle.MoveView].
func (v *moveView) TakesBack() bool {
	s := v.c.slaveAt(v.sourcePart())
	return s != nil && !s.ending
}

// Fresh implements [lifecycle.MoveView].
func (v *moveView) Fresh() bool { return v.fresh }

// Killable implements [lifecycle.MoveView].
func (v *moveView) Killable() bool {
	s := v.c.slaveAt(v.targetPart())
	return s != nil && s.launched && !s.killed
}

func moveEffects() map[string]func(*Core, *move, about) {
	return map[string]func(*Core, *move, about){
		lifecycle.MoveRoute:       func(c *Core, m *move, _ about) { c.route(m) },
		lifecycle.MoveUnroute:     func(c *Core, m *move, _ about) { c.unroute(m) },
		lifecycle.MoveAskCopy:     func(c *Core, m *move, _ about) { c.askCopy(m) },
		lifecycle.MoveAskArm:      func(c *Core, m *move, _ about) { c.askArm(m) },
		lifecycle.MoveAskStop:     func(c *Core, m *move, _ about) { c.askStop(m) },
		lifecycle.MoveKeep:        func(_ *Core, m *move, a about) { m.session = a.session },
		lifecycle.MoveAskResume:   func(c *Core, m *move, _ about) { c.askResume(m, c.up.at(m.target)) },
		lifecycle.MoveStartFresh:  func(c *Core, m *move, _ about) { c.renew(m, session{}); c.askResume(m, c.up.at(m.target)) },
		lifecycle.MoveGiveBack:    func(c *Core, m *move, _ about) { c.giveBack(m) },
		lifecycle.MoveGiveFresh:   func(c *Core, m *move, _ about) { c.renew(m, session{}); c.askResume(m, c.up.at(m.source)) },
		lifecycle.MoveAskReturn:   func(c *Core, m *move, _ about) { c.askResume(m, c.up.at(m.source)) },
		lifecycle.MoveDropSession: func(c *Core, m *move, _ about) { c.renew(m, session{}) },
		lifecycle.MoveOwnNew:      func(c *Core, m *move, a about) { c.arrive(m, m.target, a) },
		lifecycle.MoveOwnOld:      func(c *Core, m *move, a about) { c.arrive(m, m.source, a) },
		lifecycle.MoveOwnNobody:   func(c *Core, m *move, _ about) { c.disown(m.shard) },
		lifecycle.MoveDoubtOld:    func(c *Core, m *move, _ about) { c.doubt(m.shard, c.slaveAt(c.up.at(m.source)), m.epoch) },
		lifecycle.MoveDoubtNew:    func(c *Core, m *move, _ about) { c.doubt(m.shard, c.slaveAt(c.up.at(m.target)), m.epoch) },
		lifecycle.MoveReport: func(c *Core, m *move, a about) {
			a.shard = m.shard
			if a.kind == nil {
				a.kind, a.reason = ErrState, "some of it could not be passed on while slave "+string(c.up.idAt(m.target))+" was not linked"
			}
			c.soon(lifecycle.UpgradeFailure, a)
		},
		lifecycle.MoveKillNew: func(c *Core, m *move, _ about) { c.kill(c.slaveAt(c.up.at(m.target))) },
	}
}

// fireMove hands an event to a move and keeps the upgrade's books.
func (c *Core) fireMove(m *move, e lifecycle.MoveEvent, a about) {
	c.moveView = moveView{c, m}
	o, taken := fire(c, &m.m, lifecycle.MoveView(&c.moveView), e, m.timer(), a)
	if !taken {
		return
	}
	for _, do := range c.tables.moveDo.Of(o.Row) {
		do(c, m, a)
	}
	if !o.Moved() {
		return
	}
	u := c.up
	c.publish(ShardPhase{
		Upgrade: u.id, Shard: m.shard, State: o.To, From: u.idAt(m.source), To: u.idAt(m.target), Epoch: m.epoch, Fresh: m.fresh,
	})
	was, is := o.From.InFlight(), o.To.InFlight()
	switch {
	case is && !was:
		u.inFlight++
	case was && !is:
		u.inFlight--
	}
	if o.From == lifecycle.MoveOnNew && o.To != lifecycle.MoveMoved {
		u.onNew--
	}
	switch {
	case o.To == lifecycle.MoveOnNew:
		u.onNew++
		c.soon(lifecycle.UpgradeShardMoved, about{shard: -1})
	case was && !is:
		if o.To == lifecycle.MoveOnOld {
			u.pending = append(u.pending, m.shard)
		}
		c.soon(lifecycle.UpgradeShardRested, about{shard: -1})
	}
}

// renew begins another attempt to give the shard an owner.
func (c *Core) renew(m *move, s session) {
	m.epoch = c.reg.nextEpoch(m.shard)
	m.session, m.asked = s, asked{}
	m.fresh = s.id == ""
}

// route lets the shard's state records travel to the new owner.
func (c *Core) route(m *move) {
	if t := c.slaveAt(c.up.at(m.target)); t != nil && t.dialect == 2 {
		m.routed = true
		c.emit(Route{Shard: m.shard, Epoch: m.epoch, Slave: t.id})
	}
	m.ahead = 0
	m.forwarded, m.spoiled, m.fresh = false, false, false
	m.asked = asked{}
}

func (c *Core) unroute(m *move) {
	if m.routed {
		m.routed = false
		c.emit(Unroute{Shard: m.shard})
	}
}

func (c *Core) askCopy(m *move) {
	if s := c.slaveAt(c.up.at(m.source)); m.ask(s) {
		c.tell(s, wire.EvtCopyShard, &wire.CopyShardData{Shard: m.shard, Epoch: m.epoch})
	}
}

func (c *Core) askArm(m *move) {
	if s := c.slaveAt(c.up.at(m.target)); m.ask(s) {
		c.tell(s, wire.EvtArmShard, &wire.ArmShardData{Shard: m.shard, Epoch: m.epoch, ResumeURL: m.url, Records: m.ahead})
	}
}

// ask reports whether the request of the present state has to be put to a slave now:
// once on each of its links, and to one of dialect 1 once only, because it sends its
// answers again by itself.
func (m *move) ask(s *slave) bool {
	if !s.reachable() {
		return false
	}
	now := asked{m.m.State(), s.link.id}
	if m.asked == now || s.dialect == 1 && m.asked.state == now.state {
		return false
	}
	m.asked = now
	return true
}

func (c *Core) askStop(m *move) {
	s := c.slaveAt(c.up.at(m.source))
	if !m.ask(s) {
		return
	}
	d := &wire.StopShardData{Shard: m.shard}
	if s.dialect == 1 {
		// The original leaves the session before in its requests.
		d.SessionID, d.Sequence = c.up.last.id, c.up.last.sequence
		c.up.giving = m.shard
	} else {
		d.Epoch = m.epoch
	}
	c.tell(s, wire.EvtStopShard, d)
}

// askResume hands the shard, and the session if there is one, to a slave.
func (c *Core) askResume(m *move, p *part) {
	s := c.slaveAt(p)
	if !m.ask(s) {
		return
	}
	d := &wire.ResumeShardData{Shard: m.shard, SessionID: m.session.id, Sequence: m.session.sequence}
	if s.dialect == 1 {
		c.up.last = m.session
	} else {
		d.ResumeURL, d.Epoch = m.session.url, m.epoch
		if !p.source {
			d.Records, d.Digest = m.session.records, m.session.digest
		}
	}
	c.tell(s, wire.EvtResume, d)
}

// giveBack hands the session back to the old owner, which has kept the state.
func (c *Core) giveBack(m *move) {
	c.renew(m, m.session)
	c.askResume(m, c.up.at(m.source))
}

// arrive notes who has the shard now.
func (c *Core) arrive(m *move, at int, a about) {
	if a.fresh || m.fresh {
		c.up.fresh++
	}
	c.own(m.shard, c.slaveAt(c.up.at(at)), m.epoch, true, a.fresh || m.fresh)
}

// tellMoves tells every move in which a slave has a part.
func (c *Core) tellMoves(p *part, asSource, asTarget lifecycle.MoveEvent, a about) {
	u := c.up
	c.later = append(c.later, func() {
		if c.up != u {
			return
		}
		for i := range u.moves {
			m := &u.moves[i]
			switch {
			case !m.planned():
			case u.at(m.source) == p:
				c.fireMove(m, asSource, a)
			case u.at(m.target) == p:
				c.fireMove(m, asTarget, a)
			}
		}
	})
}

// planned says that the shard takes part in the upgrade.
func (m *move) planned() bool { return m.epoch > 0 }
