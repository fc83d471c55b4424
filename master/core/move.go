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
	// back says that the target gives and the source takes.
	back bool
	// epoch is that of the present attempt; used, that something was asked for in it;
	// announced, that the taker was told to expect it.
	epoch           uint64
	used, announced bool
	// session is what was handed over last; zero when the shard has to be started
	// without one. kept is what the old owner keeps of the shard since it has let go of
	// it, and left what the new one does.
	session, kept, left session
	// url is where the taker may dial ahead.
	url string
	// fresh says that the last start was asked for without a session.
	fresh bool
	// ahead is how many records were sent ahead of the stop.
	ahead uint64
	// routed says that state records are routed.
	routed bool
	// forwarded, in dialect 1, says that state was passed on; spoiled, that some of it
	// may not have arrived.
	forwarded, spoiled bool
	// failures counts how often this way was tried and did not work.
	failures int
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

// giver and taker are indices into the upgrade's parts, by the present direction.
func (m *move) giver() int {
	if m.back {
		return m.target
	}
	return m.source
}

func (m *move) taker() int {
	if m.back {
		return m.source
	}
	return m.target
}

// moveView answers the guards of the move table.
type moveView struct {
	c *Core
	*move
}

func (v *moveView) givingPart() *part { return v.c.up.at(v.giver()) }
func (v *moveView) takingPart() *part { return v.c.up.at(v.taker()) }

// HeadingBack implements [lifecycle.MoveView].
func (v *moveView) HeadingBack() bool { return v.back }

// GiverGone implements [lifecycle.MoveView].
func (v *moveView) GiverGone() bool { return v.givingPart().out() }

// TakerGone implements [lifecycle.MoveView].
func (v *moveView) TakerGone() bool { return v.takingPart().out() }

// TakerLinked implements [lifecycle.MoveView].
func (v *moveView) TakerLinked() bool { return v.c.slaveAt(v.takingPart()).usable() }

// CopyOffered implements [lifecycle.MoveView].
func (v *moveView) CopyOffered() bool {
	s := v.c.slaveAt(v.givingPart())
	return s != nil && s.preCopy && !v.again()
}

// ArmOffered implements [lifecycle.MoveView].
func (v *moveView) ArmOffered() bool {
	t := v.c.slaveAt(v.takingPart())
	return t != nil && t.dialect == 2 && (t.arm || v.ahead > 0 || v.again())
}

// again reports whether the taker has to be told first to expect this attempt, so
// that no state may be sent before it has answered.
func (m *move) again() bool {
	return !m.announced || m.used && !m.m.State().InFlight()
}

// StateWhole implements [lifecycle.MoveView].
func (v *moveView) StateWhole() bool { return !v.spoiled }

// Wanted implements [lifecycle.MoveView].
func (v *moveView) Wanted() bool { return v.back == v.c.up.turned }

// TakesBack implements [lifecycle.MoveView].
func (v *moveView) TakesBack() bool {
	s := v.c.slaveAt(v.givingPart())
	return s != nil && !s.ending
}

// Fresh implements [lifecycle.MoveView].
func (v *moveView) Fresh() bool { return v.fresh }

// NewKillable implements [lifecycle.MoveView].
func (v *moveView) NewKillable() bool {
	s := v.c.slaveAt(v.c.up.at(v.target))
	return s != nil && s.launched && !s.killed
}

func moveEffects() map[string]func(*Core, *move, about) {
	return map[string]func(*Core, *move, about){
		lifecycle.MoveRoute:       func(c *Core, m *move, _ about) { c.route(m) },
		lifecycle.MoveUnroute:     func(c *Core, m *move, _ about) { c.unroute(m) },
		lifecycle.MoveAskCopy:     func(c *Core, m *move, _ about) { c.askCopy(m) },
		lifecycle.MoveAskArm:      func(c *Core, m *move, _ about) { c.askArm(m) },
		lifecycle.MoveAskStop:     func(c *Core, m *move, _ about) { c.askStop(m) },
		lifecycle.MoveSpoil:       func(_ *Core, m *move, _ about) { m.spoiled = true },
		lifecycle.MoveKeep:        (*Core).keep,
		lifecycle.MoveAskResume:   func(c *Core, m *move, _ about) { c.askResume(m, m.taker()) },
		lifecycle.MoveRescue:      func(c *Core, m *move, _ about) { c.renew(m, c.rescued(m)); c.askResume(m, m.taker()) },
		lifecycle.MoveAwaitRescue: func(c *Core, m *move, _ about) { c.renew(m, c.rescued(m)) },
		lifecycle.MoveStartFresh:  func(c *Core, m *move, _ about) { c.renew(m, session{}); c.askResume(m, m.taker()) },
		lifecycle.MoveGiveBack:    func(c *Core, m *move, _ about) { c.giveBack(m) },
		lifecycle.MoveGiveFresh:   func(c *Core, m *move, _ about) { c.renew(m, session{}); c.askResume(m, m.giver()) },
		lifecycle.MoveAskReturn:   func(c *Core, m *move, _ about) { c.askResume(m, m.giver()) },
		lifecycle.MoveOwnTaker:    func(c *Core, m *move, a about) { m.failures = 0; c.arrive(m, m.taker(), a) },
		lifecycle.MoveOwnGiver:    func(c *Core, m *move, a about) { c.arrive(m, m.giver(), a) },
		lifecycle.MoveOwnNobody:   func(c *Core, m *move, _ about) { c.disown(m.shard) },
		lifecycle.MoveDoubtGiver:  func(c *Core, m *move, _ about) { c.doubt(m.shard, c.slaveAt(c.up.at(m.giver())), m.epoch) },
		lifecycle.MoveDoubtTaker:  func(c *Core, m *move, _ about) { c.doubt(m.shard, c.slaveAt(c.up.at(m.taker())), m.epoch) },
		lifecycle.MoveReport: func(c *Core, m *move, a about) {
			a.shard = m.shard
			m.failures++
			if a.kind == nil {
				a.kind, a.reason = ErrState, "some of it could not be passed on while slave "+string(c.up.idAt(m.taker()))+" was not linked"
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
	if o.Moved() {
		c.moved(m, o.From, o.To)
	}
}

// moved notes that a move has gone on.
func (c *Core) moved(m *move, from, to lifecycle.MoveState) {
	u := c.up
	c.publish(u.phase(m, m.back && (from.InFlight() || to.InFlight())))
	was, is := from.InFlight(), to.InFlight()
	switch {
	case is && !was:
		u.inFlight++
	case was && !is:
		u.inFlight--
	}
	if from == lifecycle.MoveOnNew && to != lifecycle.MoveMoved {
		u.onNew--
	}
	if to == lifecycle.MoveOnNew {
		u.onNew++
	}
	switch {
	case to == lifecycle.MoveOnNew || to == lifecycle.MoveOnOld:
		m.back = to == lifecycle.MoveOnNew
		u.pending = append(u.pending, m.shard)
		if from == lifecycle.MoveResuming {
			c.soon(lifecycle.UpgradeShardMoved, about{shard: -1})
		} else {
			c.soon(lifecycle.UpgradeShardRested, about{shard: -1})
		}
	case was && !is:
		c.soon(lifecycle.UpgradeShardRested, about{shard: -1})
	}
}

// phase is the news of where a move is; back says that it came on the way back.
func (u *upgrade) phase(m *move, back bool) ShardPhase {
	return ShardPhase{
		Upgrade: u.id, Shard: m.shard, State: m.m.State(), From: u.idAt(m.source), To: u.idAt(m.target), Back: back,
		Epoch: m.epoch, Fresh: m.fresh,
	}
}

// renew begins another attempt to give the shard an owner.
func (c *Core) renew(m *move, s session) {
	m.epoch = c.reg.nextEpoch(m.shard)
	m.session, m.asked = s, asked{}
	m.fresh = s.id == ""
}

// keep remembers what the giver has handed over.
func (c *Core) keep(m *move, a about) {
	m.session = a.session
	m.keeps(a.session)
	if a.session.id != "" {
		c.checkpoint(m.shard, a.session.public())
	}
}

// keeps says which session the giver keeps.
func (m *move) keeps(s session) {
	if m.back {
		m.left = s
	} else {
		m.kept = s
	}
}

// rescued is the session with which the taker may start a shard that nobody has. Whoever
// kept the shard's state may resume where that ends. Whoever has no state, or older
// state, may resume at the last checkpoint if its bot says that it can.
func (c *Core) rescued(m *move) session {
	t := c.slaveAt(c.up.at(m.taker()))
	last := c.reg.shards[m.shard].session
	switch {
	case t == nil:
		return session{}
	case t.stateless && last.ID != "":
		return last.session()
	case m.back:
		return m.kept.bare()
	default: // usually it never had the shard
		return m.left.bare()
	}
}

// route begins an attempt, and lets the shard's state records travel to the taker.
func (c *Core) route(m *move) {
	if m.used {
		m.epoch, m.announced = c.reg.nextEpoch(m.shard), false
	}
	m.used = true
	if t := c.slaveAt(c.up.at(m.taker())); t != nil && t.dialect == 2 {
		m.routed = true
		c.emit(Route{Shard: m.shard, Epoch: m.epoch, From: c.up.idAt(m.giver()), Slave: t.id})
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
	if s := c.slaveAt(c.up.at(m.giver())); m.ask(s) {
		c.tell(s, wire.EvtCopyShard, &wire.CopyShardData{Shard: m.shard, Epoch: m.epoch})
	}
}

func (c *Core) askArm(m *move) {
	if s := c.slaveAt(c.up.at(m.taker())); m.ask(s) {
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
	s := c.slaveAt(c.up.at(m.giver()))
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

// askResume hands the shard, and the session if there is one, to the slave of a part:
// the taker, which has to have the state, or the giver, which has it.
func (c *Core) askResume(m *move, at int) {
	s := c.slaveAt(c.up.at(at))
	if !m.ask(s) {
		return
	}
	d := &wire.ResumeShardData{Shard: m.shard, SessionID: m.session.id, Sequence: m.session.sequence}
	if s.dialect == 1 {
		c.up.last = m.session
	} else {
		d.ResumeURL, d.Epoch = m.session.url, m.epoch
		if at == m.taker() {
			d.Records, d.Digest = m.session.records, m.session.digest
		}
	}
	c.tell(s, wire.EvtResume, d)
}

// giveBack hands the session back to the giver, which has kept the state.
func (c *Core) giveBack(m *move) {
	c.renew(m, m.session)
	c.askResume(m, m.giver())
}

// arrive notes who has the shard now.
func (c *Core) arrive(m *move, at int, a about) {
	if a.fresh || m.fresh {
		c.up.fresh++
	}
	c.own(m.shard, c.slaveAt(c.up.at(at)), m.epoch, true, a.fresh || m.fresh)
	if a.session.id != "" {
		c.checkpoint(m.shard, a.session.public())
	}
}

// tellMoves tells every move in which a slave has a part.
func (c *Core) tellMoves(p *part, asGiver, asTaker lifecycle.MoveEvent, a about) {
	u := c.up
	c.later = append(c.later, func() {
		if c.up != u {
			return
		}
		for i := range u.moves {
			m := &u.moves[i]
			switch {
			case !m.planned():
			case u.at(m.giver()) == p:
				c.fireMove(m, asGiver, a)
			case u.at(m.taker()) == p:
				c.fireMove(m, asTaker, a)
			}
		}
	})
}

// worn reports whether the way was tried often enough. There is one try towards the new
// owner, because a failure there turns the upgrade, and a few on the way back, because
// there is no other: what cut the first one off may have passed.
func (m *move) worn() bool {
	const triesBack = 3
	return m.failures >= triesBack || m.failures > 0 && !m.back
}

// planned says that the shard takes part in the upgrade.
func (m *move) planned() bool { return m.epoch > 0 }
