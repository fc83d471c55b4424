package core

import (
	"fmt"
	"maps"
	"slices"

	"github.com/shardbaton/baton/fsm"
	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

// epochGap is what an earlier master may have used of a shard's epochs without the
// journal's knowledge: far more than one life can.
const epochGap = 1 << 16

// started begins a master's life, from what an earlier one has written down if there
// is anything.
func (c *Core) started(r *Record) {
	if c.recovered = r != nil; c.recovered {
		c.takeOver(r)
	}
	if n := len(c.reg.shards); n > 0 && (r == nil || len(r.Shards) == 0) {
		c.write(ShardCount{n})
	}
	if c.Accounted() && c.up == nil {
		c.formShares()
	}
	c.fireMaster(lifecycle.MasterStarted)
	if c.up != nil {
		c.fireUpgrade(lifecycle.UpgradeFound, about{shard: -1, kind: ErrRestarted, reason: "an earlier master has left it open"})
	}
}

// takeOver takes a record over. What slaves say of themselves counts for more, once
// they do.
func (c *Core) takeOver(r *Record) {
	c.command = r.Command
	if len(r.Shards) > 0 {
		c.reg.shards = make([]shard, len(r.Shards))
	}
	for _, sr := range r.Slaves {
		if sr.Slave == "" || c.byID[sr.Slave] != nil {
			continue
		}
		s := c.addSlave(sr.Slave)
		s.dialect, s.nameless, s.mine, s.ending, s.unheard = sr.Dialect, sr.Dialect == 1, sr.Launched, sr.Ending, true
		if s.lent = sr.Lease; s.lent > 0 { // counted from now: longer than it has counted itself
			c.fireLease(s, lifecycle.LeaseAnswered)
		}
	}
	for n, sr := range r.Shards {
		c.reg.know(n, max(sr.Issued, sr.Epoch))
		c.reg.issued[n] += epochGap
		c.reg.shards[n].session = sr.Session
		if s := c.byID[sr.Owner]; s != nil {
			c.reg.shards[n].owner, c.reg.shards[n].epoch, c.reg.shards[n].doubt = s.id, sr.Epoch, true
			s.owns++
		}
	}
	if r.Upgrade != nil {
		c.restoreUpgrade(r.Upgrade)
	}
}

// restoreUpgrade takes an open upgrade up.
func (c *Core) restoreUpgrade(r *UpgradeRecord) {
	u := &upgrade{
		id: r.Upgrade, plan: r.Plan.clone(), giving: -1, m: *c.tables.upgrade.New(),
		num: r.NumShards, soft: r.Soft, committed: r.Committed,
		parallel: or(r.Plan.Parallel, c.opt.Parallel),
	}
	u.all = len(u.plan.Slaves) == 0
	for _, pr := range r.Parts {
		s := c.byID[pr.Slave]
		u.parts = append(u.parts, &part{
			id: pr.Slave, source: pr.Source, shards: pr.Shards, gone: s == nil, involved: true, ready: !pr.Source,
		})
		u.first = u.first || s != nil && pr.Source && s.dialect == 1 && !u.soft
		u.word = append(u.word, make(map[int]wire.ShardInfo))
	}
	c.up = u
	if !u.committed {
		c.startClock(u)
	}
}

// attached takes the news that the process of an earlier master's slave was found.
func (c *Core) attached(e Attached) {
	s := c.byID[e.Slave]
	if s == nil { // it had never said hello, and was not waited for
		s = c.addSlave(e.Slave)
		defer c.recordSlave(s)
	}
	s.launched, s.mine, s.pid = true, true, e.PID
	c.publish(SlaveLaunched{s.id, e.PID})
}

// Accounted implements [lifecycle.MasterView].
func (c *Core) Accounted() bool { return len(c.missing()) == 0 }

// Recovered implements [lifecycle.MasterView].
func (c *Core) Recovered() bool { return c.recovered }

// missing lists the slaves that an earlier master has written down, that may have
// shards, and that nobody has heard of since.
func (c *Core) missing() []SlaveID {
	var list []SlaveID
	for _, s := range c.slaves {
		if s.unheard && s.dialect > 0 {
			list = append(list, s.id)
		}
	}
	return list
}

// reportMissing says who keeps shards from being started.
func (c *Core) reportMissing() {
	for _, id := range c.missing() {
		c.problem(id, -1, ErrUnaccounted, "it may run any shard that nobody else says to run, so none of those is started; if it is dead, say so (forget)")
	}
}

// heardOf takes the first word of a slave that an earlier master has written down: what
// it says of its shards is what counts.
func (c *Core) heardOf(s *slave, list []wire.ShardInfo) {
	s.unheard, s.owed = false, true
	says := make(map[int]wire.ShardInfo, len(list))
	for _, info := range list {
		says[info.Shard] = info
	}
	had := make(map[int]bool) // what another has reported since is newer than what it keeps
	for n := range c.reg.shards {
		if had[n] = c.reg.shards[n].owner == s.id; had[n] && !serves(says[n].Phase) && !c.keeps(s, says[n]) {
			c.disown(n)
		}
	}
	for _, n := range slices.Sorted(maps.Keys(says)) {
		info := says[n]
		if !c.reg.has(n) {
			continue
		}
		c.reg.know(n, info.Epoch)
		if serves(info.Phase) && !c.aside(s) {
			runs := runs(info.Phase)
			c.own(n, s, info.Epoch, runs, false)
			c.reg.shards[n].doubt = !runs
		}
		if info.SessionID != "" && !c.aside(s) && (serves(info.Phase) || had[n] || c.reg.shards[n].session.ID == "") {
			c.checkpoint(n, said(info).public())
		}
	}
	c.later = append(c.later, func() { c.fireMaster(lifecycle.MasterHeard) })
}

// keeps reports whether a slave is the one to start a shard again that it has stopped:
// it has the session and the state that goes with it. An upgrade finds that out by itself.
func (c *Core) keeps(s *slave, info wire.ShardInfo) bool {
	return c.up == nil && !s.ending && lifecycle.ShardState(info.Phase) == lifecycle.ShardStopped && info.SessionID != ""
}

// heardOfFirst takes the first word of a slave of dialect 1 that an earlier master has
// written down. It says nothing of its shards, so what is written down has to do: it
// serves what it had, or, where the number of shards is not known, all.
func (c *Core) heardOfFirst(s *slave, h *wire.SlaveHelloData) {
	s.unheard = false
	for n := range c.reg.shards {
		if sh := &c.reg.shards[n]; sh.owner == s.id {
			sh.up, sh.doubt = true, false
		}
	}
	if c.up == nil && h.Running && len(c.reg.shards) == 0 && len(c.owners()) == 0 {
		c.reg.all = s.id
	}
	c.later = append(c.later, func() { c.fireMaster(lifecycle.MasterHeard) })
}

// aside reports whether what a slave runs are shards of another number than the one that
// counts: those of a soft start, before the cut.
func (c *Core) aside(s *slave) bool {
	p := c.up.part(s.id)
	return p != nil && !p.source && c.up.soft && len(c.reg.shards) != c.up.num
}

// runs reports whether a slave that reports a shard in this phase handles its events.
func runs(phase string) bool {
	p := lifecycle.ShardState(phase)
	return p == lifecycle.ShardRunning || p == lifecycle.ShardCopying
}

// hearWord keeps what a part says of its shards, as long as it is not clear where
// they are.
func (c *Core) hearWord(s *slave, list []wire.ShardInfo, whole bool) {
	u := c.up
	if u == nil || u.word == nil {
		return
	}
	for i, p := range u.parts {
		if p.id != s.id || p.gone {
			continue
		}
		if whole {
			clear(u.word[i])
		}
		for _, info := range list {
			u.word[i][info.Shard] = info
		}
		c.soon(lifecycle.UpgradeReported, about{slave: s.id, shard: -1})
	}
}

// takeStock finds out where every shard is, once all who take part have said so.
func (c *Core) takeStock(u *upgrade) {
	for i, p := range u.parts {
		s := c.slaveAt(p)
		if s == nil {
			continue
		}
		if s.unheard || !s.reachable() {
			return
		}
		for _, info := range u.word[i] {
			if unclear(info.Phase) {
				return
			}
		}
	}
	c.reconcile(u)
	c.soon(lifecycle.UpgradeReconciled, about{shard: -1, kind: ErrRestarted, reason: "an earlier master has left it open"})
}

// reconcile makes the moves of an earlier master's upgrade anew.
func (c *Core) reconcile(u *upgrade) {
	if u.soft {
		c.reconcileSoft(u)
	} else {
		c.reconcileMoves(u)
	}
	u.word = nil
}

// reconcileSoft finds the shards that the new slaves have connected.
func (c *Core) reconcileSoft(u *upgrade) {
	u.next = make([]shard, u.num)
	for i, p := range u.parts {
		if p.source || p.gone {
			continue
		}
		for _, n := range p.shards {
			if info := u.word[i][n]; n < u.num && runs(info.Phase) {
				c.reg.know(n, info.Epoch)
				u.next[n] = shard{owner: p.id, epoch: info.Epoch, up: true}
			}
		}
	}
}

func (c *Core) reconcileMoves(u *upgrade) {
	target, source := make(map[int]int), make(map[int]int)
	for i, p := range u.parts {
		for _, n := range p.shards {
			if p.source {
				source[n] = i
			} else {
				target[n] = i
			}
		}
	}
	u.moves = make([]move, u.num)
	u.total, u.onNew, u.inFlight, u.pending = 0, 0, 0, nil
	for _, n := range slices.Sorted(maps.Keys(target)) {
		if n < 0 || n >= u.num {
			continue
		}
		at, known := source[n]
		if !known || !u.first && c.resigned(u, at, n) {
			at = -1
		}
		m := &u.moves[n]
		*m = move{m: *c.tables.move.New(), shard: n, source: at, target: target[n], epoch: c.reg.nextEpoch(n)}
		u.total++
		m.left = c.keptBy(u, m, m.target)
		c.place(u, m)
	}
	u.retry()
}

// resigned reports whether an old slave that does not have a shard any more is, or past
// the point of no return may have been, told to end: nothing is given back to it.
func (c *Core) resigned(u *upgrade, at, n int) bool {
	s := c.slaveAt(u.parts[at])
	return s != nil && (s.ending || u.committed) && !s.unheard && !serves(u.word[at][n].Phase)
}

// place puts a move where the slaves say that its shard is.
func (c *Core) place(u *upgrade, m *move) {
	if u.first { // dialect 1 says nothing: what was written down is all that is known
		c.rest(u, m, c.reg.shards[m.shard].owner == u.idAt(m.target))
		return
	}
	holder, best := -1, wire.ShardInfo{}
	for _, at := range []int{m.source, m.target} {
		if at < 0 || u.parts[at].gone {
			continue
		}
		info := u.word[at][m.shard]
		switch {
		case runs(info.Phase):
			c.own(m.shard, c.byID[u.parts[at].id], info.Epoch, true, false)
			c.rest(u, m, at == m.target)
			m.kept = c.keptBy(u, m, m.source)
			return
		case info.SessionID != "" && !c.ends(u.parts[at]) && (holder < 0 || c.fresher(u.parts[at].id, info, best)):
			holder, best = at, info
		}
	}
	if at := c.silent(u, m); at >= 0 {
		c.doubt(m.shard, c.slaveAt(u.at(at)), c.reg.lastEpoch(m.shard))
		m.kept = c.keptBy(u, m, m.source)
		c.putMove(m, lifecycle.MoveDoubtful) // what it says when it is back decides
		return
	}
	if holder < 0 { // nobody has its state: whoever lives starts it, the old owner first
		for _, at := range []int{m.source, m.target} {
			if holder < 0 && at >= 0 && !u.parts[at].gone && !c.ends(u.parts[at]) {
				holder = at
			}
		}
	}
	m.kept = c.keptBy(u, m, m.source)
	if holder < 0 {
		c.rest(u, m, false)
		return
	}
	c.reclaim(u, m, holder)
}

// fresher reports whether what a slave keeps of a shard is from after what another keeps.
// Both may say the same epoch: one let go of the shard in it, the other had it then.
func (c *Core) fresher(s SlaveID, info, than wire.ShardInfo) bool {
	switch {
	case info.Epoch != than.Epoch:
		return info.Epoch > than.Epoch
	case info.SessionID == than.SessionID:
		return info.Sequence > than.Sequence
	default:
		return c.reg.shards[info.Shard].owner == s || c.reg.shards[info.Shard].session.ID == info.SessionID
	}
}

// silent returns the part that may run a shard and has not said so, or -1.
func (c *Core) silent(u *upgrade, m *move) int {
	for _, at := range []int{m.target, m.source} {
		if at >= 0 && !u.parts[at].gone && (c.byID[u.parts[at].id].unheard || unclear(u.word[at][m.shard].Phase)) {
			return at
		}
	}
	return -1
}

// unclear reports whether a slave that reports a shard in this phase is about to run
// it, or not to.
func unclear(phase string) bool { return serves(phase) && !runs(phase) }

// keptBy is the session that a part keeps of a shard that has stopped there.
func (c *Core) keptBy(u *upgrade, m *move, at int) session {
	if at < 0 {
		return session{}
	}
	return said(u.word[at][m.shard])
}

// rest puts a move to rest.
func (c *Core) rest(u *upgrade, m *move, onNew bool) {
	m.back = onNew
	if onNew {
		u.onNew++
		c.putMove(m, lifecycle.MoveOnNew)
	}
	c.publish(u.phase(m, false))
}

// reclaim has the slave that keeps a shard start it again.
func (c *Core) reclaim(u *upgrade, m *move, at int) {
	m.back = at == m.target
	s := c.keptBy(u, m, at)
	if last := c.reg.shards[m.shard].session; s.id == "" && c.slaveAt(u.at(at)).stateless {
		s = last.session()
	}
	c.putMove(m, lifecycle.MoveReturning)
	u.inFlight++
	c.renew(m, s)
	name, _ := m.m.Deadline()
	c.arm(m.timer(), name)
	c.own(m.shard, c.slaveAt(u.at(at)), m.epoch, false, false)
	c.publish(u.phase(m, m.back))
	c.askResume(m, at)
}

// putMove puts a move into a state in which it was in an earlier master's life.
func (c *Core) putMove(m *move, state lifecycle.MoveState) {
	if err := m.m.Reset(fsm.Snapshot{Table: m.m.Snapshot().Table, State: string(state)}); err != nil {
		c.problem("", m.shard, ErrInternal, "%v", err)
	}
}

// unaccounted is why nothing may be begun yet, or nil.
func (c *Core) unaccounted() error {
	if who := c.missing(); len(who) > 0 {
		return fmt.Errorf("%w: %v may run shards; wait for them, or say that they are dead (forget)", ErrUnaccounted, who)
	}
	return nil
}
