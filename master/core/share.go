package core

import (
	"slices"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

// share is a set of shards that one slave serves, or shall serve.
type share struct {
	n int
	m shareMachine
	// slave serves the share, or is on its way. Empty: nobody.
	slave SlaveID
	// shards is nil while their number is unknown.
	shards []int
	// ends counts how often in a row its slave ended before all shards ran.
	ends int
}

func (sh *share) timer() Timer { return Timer{ShareLife, uint64(sh.n)} }

// shareView answers the guards of the share table.
type shareView struct {
	c *Core
	*share
}

// MayLaunch implements [lifecycle.ShareView].
func (v *shareView) MayLaunch() bool {
	return v.c.opt.CanLaunch && v.c.life.State() != lifecycle.MasterListening && !v.c.stopping()
}

// WornOut implements [lifecycle.ShareView].
func (v *shareView) WornOut() bool { return v.ends+1 >= v.c.opt.MaxExits }

// FirstEnd implements [lifecycle.ShareView].
func (v *shareView) FirstEnd() bool { return v.ends == 0 && v.m.State() == lifecycle.ShareServing }

// TurnFree implements [lifecycle.ShareView].
func (v *shareView) TurnFree() bool {
	return !slices.ContainsFunc(v.c.shares, func(sh *share) bool { return sh.m.State() == lifecycle.ShareStarting })
}

// FirstDialect implements [lifecycle.ShareView].
func (v *shareView) FirstDialect() bool { return v.c.byID[v.slave].dialect == 1 }

// Alone implements [lifecycle.ShareView].
func (v *shareView) Alone() bool { return len(v.c.owners()) == 0 }

// Killable implements [lifecycle.ShareView].
func (v *shareView) Killable() bool {
	s := v.c.byID[v.slave]
	return s != nil && s.launched && !s.killed
}

// Barren implements [lifecycle.ShareView].
func (v *shareView) Barren() bool {
	return !slices.ContainsFunc(v.shards, v.runs)
}

// Whole implements [lifecycle.ShareView].
func (v *shareView) Whole() bool {
	return !slices.ContainsFunc(v.shards, func(n int) bool { return !v.runs(n) })
}

// runs reports whether the slave has said that it runs the shard.
func (v *shareView) runs(n int) bool {
	sh := &v.c.reg.shards[n]
	return sh.owner == v.slave && sh.up
}

func shareEffects() map[string]func(*Core, *share, about) {
	return map[string]func(*Core, *share, about){
		lifecycle.ShareCallSpare:   func(c *Core, sh *share, _ about) { c.callSpare(sh) },
		lifecycle.ShareFillSoon:    func(c *Core, sh *share, _ about) { c.fillSoon(sh) },
		lifecycle.ShareLaunch:      func(c *Core, sh *share, _ about) { sh.slave = c.launch(sh.shards, c.command).id },
		lifecycle.ShareKill:        func(c *Core, sh *share, _ about) { c.kill(c.byID[sh.slave]) },
		lifecycle.ShareStandDown:   func(c *Core, sh *share, _ about) { c.kill(c.byID[sh.slave]) },
		lifecycle.ShareFullStart:   func(c *Core, sh *share, _ about) { c.fullStart(sh) },
		lifecycle.ShareAskAgain:    func(c *Core, sh *share, _ about) { c.tellStart(sh.slave) },
		lifecycle.ShareStartAgain:  func(c *Core, sh *share, _ about) { c.startMissing(sh) },
		lifecycle.ShareNoteFailure: (*Core).noteShardFailed,
		lifecycle.ShareDoubt:       func(c *Core, sh *share, _ about) { c.doubtRest(sh) },
		lifecycle.ShareNextTurn:    func(c *Core, _ *share, _ about) { c.nextTurn() },
		lifecycle.ShareCountEnd:    func(_ *Core, sh *share, _ about) { sh.ends++ },
		lifecycle.ShareForgetEnds:  func(_ *Core, sh *share, _ about) { sh.ends = 0 },
		lifecycle.ShareReport: func(c *Core, sh *share, a about) {
			c.problem(a.slave, a.shard, or(a.kind, ErrReported), "%s", or(a.reason, "not every shard of its share runs: they are tried again"))
		},
		lifecycle.ShareGiveUp: func(c *Core, sh *share, _ about) {
			c.problem(sh.slave, -1, ErrGaveUp, "the bot ended %d times in a row before shards %s ran: nothing is launched for them until an upgrade is asked for, or a slave comes by itself",
				sh.ends, Ranges(sh.shards))
		},
	}
}

func (c *Core) fireShare(sh *share, e lifecycle.ShareEvent, a about) {
	c.shareView = shareView{c, sh}
	o, taken := fire(c, &sh.m, lifecycle.ShareView(&c.shareView), e, sh.timer(), a)
	if !taken {
		return
	}
	for _, do := range c.tables.shareDo.Of(o.Row) {
		do(c, sh, a)
	}
	if !o.Moved() {
		return
	}
	switch o.To {
	case lifecycle.ShareVacant, lifecycle.ShareBackingOff, lifecycle.ShareGivenUp:
		sh.slave = ""
	case lifecycle.ShareDissolved:
		c.shares = slices.DeleteFunc(c.shares, func(o *share) bool { return o == sh })
	}
	c.publish(ShareState{Share: sh.n, State: o.To, Slave: sh.slave, Shards: slices.Clone(sh.shards)})
}

// share returns the share with a number, or nil.
func (c *Core) share(n uint64) *share {
	for _, sh := range c.shares {
		if uint64(sh.n) == n {
			return sh
		}
	}
	return nil
}

// shareOf returns the share that a slave serves, or is to serve, or nil.
func (c *Core) shareOf(s SlaveID) *share {
	for _, sh := range c.shares {
		if sh.slave == s && s != "" {
			return sh
		}
	}
	return nil
}

// everyShare lists the shares, so that they may be dissolved meanwhile.
func (c *Core) everyShare() []*share { return slices.Clone(c.shares) }

// serving reports whether a slave has, or may have, shards of the share.
func (c *Core) serving(sh *share) bool {
	switch sh.m.State() {
	case lifecycle.ShareStarting, lifecycle.ShareServing, lifecycle.ShareMending, lifecycle.ShareEnding:
		return true
	default:
		return false
	}
}

// vacancy returns the first share that nobody serves or is on the way to, and that
// the slave could serve.
func (c *Core) vacancy(s *slave) *share {
	for _, sh := range c.shares {
		if sh.slave == "" && c.suits(s) {
			return sh
		}
	}
	return nil
}

// suits reports whether a slave could serve a share: in dialect 1 it would start
// every shard.
func (c *Core) suits(s *slave) bool { return s.dialect == 2 || len(c.owners()) == 0 }

// formShares makes shares of what no share has yet: of the shards of each owner, and
// of those that nobody owns. As long as somebody is missing who may run any of these,
// there is nothing to form.
func (c *Core) formShares() {
	if c.stopping() || !c.Accounted() {
		return
	}
	covered := make([]bool, len(c.reg.shards))
	for _, sh := range c.shares {
		for _, n := range sh.shards {
			covered[n] = true
		}
	}
	for _, s := range c.owners() {
		if c.shareOf(s.id) != nil {
			continue
		}
		sh := c.addShare(c.shardsOf(s.id))
		for _, n := range sh.shards {
			covered[n] = true
		}
		sh.slave = s.id
		c.doubtRest(sh)
		c.fireShare(sh, lifecycle.ShareFound, about{slave: s.id})
	}
	var free []int
	for n, taken := range covered {
		if !taken {
			free = append(free, n)
		}
	}
	switch k := c.wanted(len(c.reg.shards)) - len(c.shares); {
	case len(free) > 0:
		for _, run := range split(free, max(1, min(k, len(free)))) {
			c.fireShare(c.addShare(run), lifecycle.ShareFill, about{})
		}
	case len(c.shares) == 0:
		c.fireShare(c.addShare(nil), lifecycle.ShareFill, about{})
	}
}

func (c *Core) addShare(shards []int) *share {
	c.formed++
	sh := &share{n: c.formed, m: *c.tables.share.New(), shards: shards}
	c.shares = append(c.shares, sh)
	return sh
}

// learn sets the number of shards, if it was unknown.
func (c *Core) learn(n int) {
	if n <= 0 || len(c.reg.shards) > 0 || c.reg.all != "" {
		return
	}
	c.setShards(n)
	runs := split(upTo(n), c.wanted(n))
	for i, sh := range c.shares {
		if i < len(runs) {
			sh.shards = runs[i]
		}
	}
	c.formShares()
}

// fillSoon lets a spare slave take a share over that nobody serves, or has one launched.
func (c *Core) fillSoon(sh *share) {
	c.callSpare(sh)
	c.later = append(c.later, func() {
		if sh.slave == "" && !sh.m.Final() {
			c.fireShare(sh, lifecycle.ShareFill, about{})
		}
	})
}

// callSpare lets a spare slave take a share over.
func (c *Core) callSpare(sh *share) {
	c.later = append(c.later, func() {
		spares := slices.DeleteFunc(c.spares(), func(s *slave) bool { return !c.suits(s) })
		if len(spares) == 0 || sh.slave != "" || sh.m.Final() {
			return
		}
		c.learn(spares[0].wish)
		sh.slave = spares[0].id
		c.fireShare(sh, lifecycle.ShareArrived, about{slave: sh.slave, shard: -1})
	})
}

// fullStart gives the shards to the slave.
func (c *Core) fullStart(sh *share) {
	s := c.byID[sh.slave]
	if s.dialect == 1 { // it starts every shard, so that nothing is left for other shares
		for _, other := range c.everyShare() {
			if other != sh {
				c.fireShare(other, lifecycle.ShareDissolve, about{})
			}
		}
		c.reg.all = s.id
		for n := range c.reg.shards {
			c.own(n, s, c.reg.nextEpoch(n), true, false)
		}
		sh.shards = upTo(len(c.reg.shards))
		c.tell(s, wire.EvtFullStart, nil)
		return
	}
	for _, n := range sh.shards {
		c.own(n, s, c.reg.nextEpoch(n), false, !c.resumable(s, n))
	}
	c.tellStart(s.id)
}

// resumable reports whether a slave may resume a shard whose last owner is gone: its
// bot can do without the state, and the last session is known.
func (c *Core) resumable(s *slave, n int) bool {
	return s.stateless && c.reg.shards[n].session.ID != ""
}

// tellStart tells a slave to start what it has and everything else.
func (c *Core) tellStart(s SlaveID) {
	c.tell(c.byID[s], wire.EvtFullStart, c.startData(s))
}

// tell sends a message to a slave, if it is there. Otherwise it is told when it is back.
func (c *Core) tell(s *slave, t wire.EventType, data any) {
	if s.reachable() {
		c.emit(Send{Link: s.link.id, Type: t, Data: data})
	}
}

// startData lists the shards of a slave.
func (c *Core) startData(s SlaveID) *wire.StartData {
	d := &wire.StartData{NumShards: len(c.reg.shards)}
	for n, sh := range c.reg.shards {
		if sh.owner != s {
			continue
		}
		info := wire.ShardInfo{Shard: n, Epoch: sh.epoch}
		if !sh.up && c.resumable(c.byID[s], n) {
			info.SessionID, info.Sequence, info.ResumeURL = sh.session.ID, sh.session.Sequence, sh.session.ResumeURL
		}
		d.Shards = append(d.Shards, info)
	}
	return d
}

// startMissing gives the slave what it does not run once more.
func (c *Core) startMissing(sh *share) {
	s := c.byID[sh.slave]
	if !s.reachable() {
		return
	}
	for _, n := range sh.shards {
		if c.reg.shards[n].owner != s.id {
			c.own(n, s, c.reg.nextEpoch(n), false, !c.resumable(s, n))
		}
	}
	c.tellStart(s.id)
}

// doubtRest notes that the slave may run the shards that it has not reported, and has
// to be told again what to start.
func (c *Core) doubtRest(sh *share) {
	for _, n := range sh.shards {
		if now := &c.reg.shards[n]; now.owner == sh.slave && !now.up {
			now.doubt, c.byID[sh.slave].owed = true, true
		}
	}
}

func (c *Core) noteShardFailed(_ *share, a about) {
	c.disown(a.shard)
	c.problem(a.slave, a.shard, a.kind, "%s", a.reason)
}

// nextTurn lets the next share start that waits for its turn.
func (c *Core) nextTurn() {
	c.later = append(c.later, func() {
		for _, sh := range c.shares {
			if sh.m.State() == lifecycle.ShareQueued {
				c.shareView = shareView{c, sh}
				if c.shareView.TurnFree() {
					c.fireShare(sh, lifecycle.ShareTurn, about{slave: sh.slave, shard: -1})
				}
				return
			}
		}
	})
}

// serveOn tells a slave that an upgrade has left behind to return to service.
func (c *Core) serveOn(s *slave) {
	if s.owed && !s.ending && s.reachable() {
		if s.owed = false; s.owns > 0 && s.dialect == 2 {
			c.tellStart(s.id)
		}
	}
}

// backOff is how long to wait before the next try of a share.
func (c *Core) backOff(n uint64) time.Duration {
	wait := c.opt.BackOff
	for i := 0; i < c.share(n).ends && wait < c.opt.BackOffLimit; i++ {
		wait *= 2
	}
	return min(wait, c.opt.BackOffLimit)
}
