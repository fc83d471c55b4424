package core

import (
	"github.com/shardbaton/baton/fsm"
	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

// upgrade is one run that replaces slaves.
type upgrade struct {
	id   UpgradeID
	m    upgradeMachine
	plan Plan
	// all says that every slave is replaced, soft that the number of shards changes,
	// first that shards are handed over in dialect 1.
	all, soft, first bool
	// num is the number of shards afterwards; 0 while a dialect 1 slave has yet to
	// tell it.
	num      int
	parallel int
	// parts are the old slaves, then the new ones.
	parts   []*part
	awaited int
	// next are the shards of a soft start, until it is cut over.
	next []shard
	cut  bool // it was cut over

	// turned says that the way is back; pausing, that a pause was asked for; held, that
	// the canary was watched; committed, that the journal was told of the point of no
	// return.
	turned, pausing, held, committed bool
	// clock says that the time for the whole runs.
	clock bool
	// written is the number of the last change that the journal has to hold.
	written uint64
	// word is, after a master's death, what each part says of each shard.
	word []map[int]wire.ShardInfo

	// moves has one entry per shard; pending are those that may have to move.
	moves    []move
	pending  []int
	inFlight int
	onNew    int
	total    int
	// giving is, in dialect 1, the shard that is being stopped, and last the session
	// that was handed over before it.
	giving int
	last   session

	fresh   int
	failure *UpgradeError
	// stepped is the state before the present one: where a failure has happened.
	stepped lifecycle.UpgradeState
	// now is what the event being fired is about.
	now about
}

// part is a slave's part in an upgrade.
type part struct {
	// id is empty while nobody has come for it.
	id     SlaveID
	source bool
	gone   bool
	// awaited says that it has yet to answer; ask is the request, which is repeated
	// when it comes back.
	awaited bool
	ask     Send
	// involved says that it was told to prepare, so that it has to be told how the
	// upgrade ended.
	involved bool
	// ready says that it has made ready to take shards in.
	ready bool
	// shards are those that a new slave is to get, or that an old one had when the
	// upgrade was written down.
	shards []int
	// count is the number of shards that it says there are.
	count int
}

func (u *upgrade) timer() Timer { return Timer{Of: UpgradeLife} }

// out reports whether nobody plays the part any more, or ever did.
func (p *part) out() bool { return p == nil || p.gone }

// part returns a slave's part, or nil.
func (u *upgrade) part(s SlaveID) *part {
	if u == nil || s == "" {
		return nil
	}
	for _, p := range u.parts {
		if p.id == s && !p.gone {
			return p
		}
	}
	return nil
}

// at returns the part with an index, or nil for -1.
func (u *upgrade) at(i int) *part {
	if i < 0 {
		return nil
	}
	return u.parts[i]
}

func (u *upgrade) idAt(i int) SlaveID {
	if p := u.at(i); p != nil {
		return p.id
	}
	return ""
}

// slaveAt returns the slave that plays a part, or nil when it is dead or not there.
func (c *Core) slaveAt(p *part) *slave {
	if p == nil || p.gone {
		return nil
	}
	return c.byID[p.id]
}

// ends reports whether the slave that plays a part lives and was told to end, so that it
// must not be given anything.
func (c *Core) ends(p *part) bool {
	s := c.slaveAt(p)
	return s != nil && s.ending
}

// move returns the move of a shard, or nil when the shard is not in the upgrade.
func (u *upgrade) move(shard int) *move {
	if u == nil || shard < 0 || shard >= len(u.moves) || !u.moves[shard].planned() {
		return nil
	}
	return &u.moves[shard]
}

// openMove is move, but nil when the move is over.
func (u *upgrade) openMove(shard int) *move {
	if m := u.move(shard); m != nil && !m.m.Final() {
		return m
	}
	return nil
}

// openSlot returns a part for a slave that has come by itself, or nil.
func (u *upgrade) openSlot(s *slave) *part {
	if u == nil || u.m.State() != lifecycle.UpgradeAwaitingHello || (s.dialect == 1) != u.first {
		return nil
	}
	for _, p := range u.parts {
		if p.id == "" {
			return p
		}
	}
	return nil
}

// spoil notes that state which was forwarded to a dialect 1 slave may be lost.
func (u *upgrade) spoil(s SlaveID) {
	if u == nil || !u.first {
		return
	}
	if m := u.move(u.giving); m != nil && u.idAt(m.target) == s && m.forwarded && m.m.State() == lifecycle.MoveStopping {
		m.spoiled = true
	}
}

// laggard returns the first slave that has yet to answer.
func (u *upgrade) laggard() SlaveID {
	for _, p := range u.parts {
		if p.awaited {
			return p.id
		}
	}
	return ""
}

// asked returns the slave that has yet to answer for a shard.
func (u *upgrade) asked(m *move) SlaveID {
	switch m.m.State() {
	case lifecycle.MoveArming, lifecycle.MoveHandingOver, lifecycle.MoveResuming:
		return u.idAt(m.taker())
	default:
		return u.idAt(m.giver())
	}
}

func upgradeEffects() map[string]func(*Core, *upgrade, about) {
	return map[string]func(*Core, *upgrade, about){
		lifecycle.UpgradeLaunch:       func(c *Core, u *upgrade, _ about) { c.launchTargets(u) },
		lifecycle.UpgradeAwaitTargets: func(c *Core, u *upgrade, _ about) { u.await(func(p *part) bool { return !p.source }) },
		lifecycle.UpgradeGreet:        func(c *Core, u *upgrade, _ about) { c.greet(u) },
		lifecycle.UpgradeTakeStock:    func(c *Core, u *upgrade, _ about) { c.takeStock(u) },
		lifecycle.UpgradeTakeWord:     func(c *Core, u *upgrade, _ about) { c.reconcile(u) },
		lifecycle.UpgradeRecord:       func(c *Core, u *upgrade, _ about) { c.recordUpgrade(u) },
		lifecycle.UpgradeCommit: func(c *Core, u *upgrade, _ about) {
			u.committed = true
			c.stopClock(u)
			c.recordUpgrade(u)
		},
		lifecycle.UpgradeUncommit:    func(c *Core, u *upgrade, _ about) { u.committed = false; c.recordUpgrade(u) },
		lifecycle.UpgradePrepareOld:  func(c *Core, u *upgrade, _ about) { c.prepareOld(u) },
		lifecycle.UpgradePrepareNew:  func(c *Core, u *upgrade, _ about) { c.prepareNew(u) },
		lifecycle.UpgradeStartMoves:  func(c *Core, u *upgrade, _ about) { c.startMoves(u) },
		lifecycle.UpgradeSoftStart:   func(c *Core, u *upgrade, _ about) { c.softStart(u) },
		lifecycle.UpgradeCutOver:     func(c *Core, u *upgrade, _ about) { c.cutOver(u) },
		lifecycle.UpgradeShutDown:    func(c *Core, u *upgrade, _ about) { c.retire(u) },
		lifecycle.UpgradeFullyStart:  func(c *Core, u *upgrade, _ about) { c.fullStartTargets(u) },
		lifecycle.UpgradeEndMoves:    func(c *Core, u *upgrade, a about) { c.toMoves(u, lifecycle.MoveEnded, a) },
		lifecycle.UpgradeHaltMoves:   (*Core).turn,
		lifecycle.UpgradeHandOut:     func(c *Core, u *upgrade, _ about) { c.handOut(u) },
		lifecycle.UpgradeTakeIn:      func(c *Core, u *upgrade, _ about) { c.takeIn(u) },
		lifecycle.UpgradeKillNew:     func(c *Core, u *upgrade, _ about) { c.killStuck(u) },
		lifecycle.UpgradeHeld:        func(_ *Core, u *upgrade, _ about) { u.held = true },
		lifecycle.UpgradeRetry:       func(_ *Core, u *upgrade, _ about) { u.retry() },
		lifecycle.UpgradeNotePause:   func(_ *Core, u *upgrade, _ about) { u.pausing = true },
		lifecycle.UpgradeForgetPause: func(_ *Core, u *upgrade, _ about) { u.pausing = false },
		lifecycle.UpgradeForgive:     func(_ *Core, u *upgrade, _ about) { u.failure = nil },
		lifecycle.UpgradeDecline: func(c *Core, u *upgrade, _ about) {
			c.decline(ErrNotNow, "upgrade %s is %s: it is not paused", u.id, u.m.State())
		},
		lifecycle.UpgradeServe:    func(c *Core, _ *upgrade, _ about) { c.formShares() },
		lifecycle.UpgradeRestore:  func(c *Core, u *upgrade, _ about) { c.restore(u) },
		lifecycle.UpgradeTick:     func(c *Core, u *upgrade, _ about) { u.tick(c.upView.who()) },
		lifecycle.UpgradeCount:    func(c *Core, _ *upgrade, _ about) { c.soon(lifecycle.UpgradeCounted, about{shard: -1}) },
		lifecycle.UpgradeAskAgain: func(c *Core, u *upgrade, a about) { c.askAgain(u.part(a.slave)) },
		lifecycle.UpgradeNote:     func(c *Core, u *upgrade, a about) { u.note(a) },
		lifecycle.UpgradeMisfit: func(c *Core, u *upgrade, _ about) {
			u.note(about{shard: -1, kind: ErrDialect, reason: "shards, and their number, can only be handed over between slaves of the same dialect"})
		},
		lifecycle.UpgradeComplain: func(c *Core, u *upgrade, a about) {
			c.problem(a.slave, a.shard, or(a.kind, ErrStale), "%s", or(a.reason, "the answer has come already, or the question was never put"))
		},
		lifecycle.UpgradeKillRest:   func(c *Core, u *upgrade, _ about) { c.killRest(u) },
		lifecycle.UpgradeGiveUpRest: func(c *Core, u *upgrade, a about) { c.giveUpRest(u, a) },
		lifecycle.UpgradeFinish:     func(c *Core, u *upgrade, _ about) { c.finish(u) },
	}
}

// fireUpgrade hands an event to the upgrade that runs, if one does. It reports
// whether the table takes it.
func (c *Core) fireUpgrade(e lifecycle.UpgradeEvent, a about) bool {
	u := c.up
	if u == nil {
		return false
	}
	u.now = a
	c.upView = upgradeView{c, u}
	was := u.m.State()
	o, taken := fire(c, &u.m, lifecycle.UpgradeView(&c.upView), e, u.timer(), a)
	if !taken {
		return o.Verdict == fsm.Ignored
	}
	if o.Moved() {
		u.stepped = was
		c.publish(UpgradeState{Upgrade: u.id, State: o.To, Moved: u.onNew, Total: u.total})
	}
	for _, do := range c.tables.upgradeDo.Of(o.Row) {
		do(c, u, a)
	}
	return true
}

// soon hands an event to the upgrade once the present one has been dealt with.
func (c *Core) soon(e lifecycle.UpgradeEvent, a about) {
	u := c.up
	c.later = append(c.later, func() {
		if c.up == u {
			c.fireUpgrade(e, a)
		}
	})
}

// startClock begins to count the time for the whole.
func (c *Core) startClock(u *upgrade) {
	u.clock = true
	c.emit(Arm{Timer: Timer{Of: TotalLife}, Name: lifecycle.TotalDeadline, After: or(u.plan.Total, c.within[lifecycle.TotalDeadline])})
}

func (c *Core) stopClock(u *upgrade) {
	u.clock = false
	c.emit(Disarm{Timer{Of: TotalLife}})
}

// toMoves tells every move.
func (c *Core) toMoves(u *upgrade, e lifecycle.MoveEvent, a about) {
	for i := range u.moves {
		if m := u.move(i); m != nil {
			c.fireMove(m, e, a)
		}
	}
}

// await awaits those parts that match, and nobody else.
func (u *upgrade) await(match func(*part) bool) {
	u.awaited = 0
	for _, p := range u.parts {
		if p.awaited = !p.gone && match(p); p.awaited {
			u.awaited++
		}
	}
}

func (u *upgrade) tick(p *part) {
	if p.awaited {
		p.awaited = false
		u.awaited--
	}
}

// count returns how many moves are in a state.
func (u *upgrade) count(state lifecycle.MoveState) (n int) {
	for i := range u.moves {
		if u.moves[i].planned() && u.moves[i].m.State() == state {
			n++
		}
	}
	return n
}

// note remembers the first failure.
func (u *upgrade) note(a about) {
	if u.failure == nil {
		u.failure = &UpgradeError{Upgrade: u.id, Step: u.stepped, Slave: a.slave, Shard: a.shard, Kind: or(a.kind, ErrInternal), Reason: a.reason}
	}
}

// request asks a part for something, now or when it is back.
func (c *Core) request(p *part, t wire.EventType, data any) {
	p.ask = Send{Type: t, Data: data}
	c.askAgain(p)
}

// askAgain puts a request to a slave, once on each of its links. One of dialect 1 is
// asked only once: it sends its answers again by itself.
func (c *Core) askAgain(p *part) {
	s := c.slaveAt(p)
	switch {
	case s == nil || !s.reachable():
	case s.ending:
		c.shutDown(s)
	case p.ask.Link == 0, p.ask.Link != s.link.id && s.dialect == 2:
		p.ask.Link = s.link.id
		c.emit(p.ask)
	}
}
