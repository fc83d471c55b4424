package core

import (
	"fmt"
	"slices"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

// claim is what a hello amounts to.
type claim struct {
	id SlaveID
	// second says that dialect 2 will be spoken.
	second bool
	// adopt says that the slave was started by an earlier master and serves.
	adopt bool
	// refusal is why the slave cannot take part, or nil.
	refusal error
}

// dialect is the one that will be spoken.
func (cl claim) dialect() int {
	if cl.second {
		return 2
	}
	return 1
}

// identify finds out who says hello.
func (c *Core) identify(h *wire.SlaveHelloData) claim {
	if h.Protocol >= 2 {
		return c.identifySecond(h)
	}
	return c.identifyFirst(h)
}

// identifySecond looks at a hello with an id, or with the wish for one.
func (c *Core) identifySecond(h *wire.SlaveHelloData) claim {
	cl := claim{id: SlaveID(h.SlaveID)}
	s := c.byID[cl.id]
	switch {
	case s == nil || s.dialect == 0:
		cl.second = !c.firstDialect(s)
	case s.dialect == 1: // it had to take over from a dialect 1 slave, which may be gone
		cl.second = c.up == nil && !c.firstDialect(s)
	default:
		cl.second = true
	}
	if cl.second && len(c.reg.shards) == 0 && h.NumShards <= 0 && c.reg.all == "" {
		cl.refusal = fmt.Errorf("%w: the number of shards is unknown: set it in the master's or the slave's configuration", ErrRefused)
	}
	for _, info := range h.Shards {
		if info.Shard < 0 || info.Shard >= maxShards || info.Epoch > maxEpoch {
			cl.refusal = fmt.Errorf("%w: slave %q says that it has shard %d at epoch %d: want 0 to %d, and an epoch up to %d",
				ErrRefused, cl.id, info.Shard, info.Epoch, maxShards-1, uint64(maxEpoch))
		}
	}
	if h.NumShards < 0 || h.NumShards > maxShards {
		cl.refusal = fmt.Errorf("%w: slave %q says that there are %d shards: want up to %d", ErrRefused, cl.id, h.NumShards, maxShards)
	}
	if s == nil || s.dialect == 0 && slices.ContainsFunc(h.Shards, func(i wire.ShardInfo) bool { return serves(i.Phase) }) {
		c.identifyStranger(h, &cl)
	}
	if slices.Contains(c.dead, cl.id) {
		cl.refusal = fmt.Errorf("%w: slave %q has ended: this hello is older than that, or somebody else's", ErrRefused, cl.id)
	}
	return cl
}

// identifyStranger looks at the hello of a slave that this master does not know.
func (c *Core) identifyStranger(h *wire.SlaveHelloData, cl *claim) {
	if c.stopping() {
		cl.refusal = fmt.Errorf("%w: %w", ErrRefused, ErrStopping)
		return
	}
	for _, info := range h.Shards {
		if !serves(info.Phase) {
			continue
		}
		cl.adopt = true
		owner := c.reg.all
		if c.reg.has(info.Shard) {
			owner = or(c.reg.shards[info.Shard].owner, owner)
		}
		if owner != "" {
			cl.refusal = fmt.Errorf("%w: %w: slave %q says that it runs shard %d, which is slave %q's: end one of them",
				ErrRefused, ErrConflict, cl.id, info.Shard, owner)
			return
		}
	}
	switch n := len(c.reg.shards); {
	case cl.adopt && c.unaccounted() != nil:
		// Whoever was not written down was given nothing, so this is somebody else's.
		cl.refusal = fmt.Errorf("%w: slave %q serves shards, but the journal does not know it: %w", ErrRefused, cl.id, c.unaccounted())
	case cl.adopt && c.up != nil:
		cl.refusal = fmt.Errorf("%w: %w: slave %q serves shards that the upgrade gives to others", ErrRefused, ErrBusy, cl.id)
	case cl.adopt && h.NumShards > 0 && h.NumShards != n && len(c.owners()) > 0:
		cl.refusal = fmt.Errorf("%w: %w: slave %q serves shards of %d, others of %d", ErrRefused, ErrConflict, cl.id, h.NumShards, n)
	case cl.refusal == nil && cl.id == "":
		cl.id = c.nameSlave()
	}
}

// identifyFirst looks at a hello that says nothing but whether the slave has been
// connected before.
func (c *Core) identifyFirst(h *wire.SlaveHelloData) claim {
	var lost, launched []*slave
	linked := false
	for _, s := range c.slaves {
		linked = linked || s.nameless && s.usable()
		switch {
		case s.dialect == 0 && s.launched && !s.killed:
			launched = append(launched, s)
		case s.nameless && !s.usable():
			lost = append(lost, s)
		}
	}
	switch {
	case h.Running && len(lost) == 1 && lost[0].ending && linked:
		return claim{refusal: fmt.Errorf("%w: a dialect 1 slave is back: slave %q, which is to end, or another whose link is broken already; which one shows when it comes again", ErrRefused, lost[0].id)}
	case h.Running && len(lost) == 1:
		return claim{id: lost[0].id}
	case c.stopping():
		return claim{refusal: fmt.Errorf("%w: %w", ErrRefused, ErrStopping)}
	case h.Running && len(lost) > 1:
		return claim{refusal: fmt.Errorf("%w: a dialect 1 slave is back, and %d are lost: nobody can tell which it is; say which of them are dead (forget)", ErrRefused, len(lost))}
	case h.Running && len(c.owners()) > 0:
		return claim{refusal: fmt.Errorf("%w: a dialect 1 slave says that it was here before, but nobody is missing", ErrRefused)}
	case c.opt.Slaves > 1:
		return claim{refusal: fmt.Errorf("%w: %w: a dialect 1 slave runs every shard, but %d slaves share them", ErrRefused, ErrDialect, c.opt.Slaves)}
	case h.Running:
		return claim{id: c.nameSlave(), adopt: true}
	case len(launched) > 0:
		return claim{id: launched[0].id}
	default:
		return claim{id: c.nameSlave()}
	}
}

// firstDialect reports whether a slave would have to take shards over from one
// that speaks dialect 1, and so has to speak it, too.
func (c *Core) firstDialect(newcomer *slave) bool {
	if c.up != nil {
		return c.up.first
	}
	for _, s := range c.owners() {
		if s != newcomer && s.dialect == 1 {
			return true
		}
	}
	return false
}

// adopt takes over a slave that served under an earlier master.
func (c *Core) adopt(s *slave, h *wire.SlaveHelloData) {
	for _, sh := range c.everyShare() {
		if sh.slave == "" || !c.serving(sh) {
			c.fireShare(sh, lifecycle.ShareDissolve, about{})
		}
	}
	if s.dialect == 1 && h.Protocol < 2 {
		c.reg.all = s.id
		for n := range c.reg.shards {
			c.own(n, s, c.reg.nextEpoch(n), true, false)
		}
		c.formShares()
		return
	}
	n := h.NumShards
	for _, info := range h.Shards {
		n = max(n, info.Shard+1)
	}
	if len(c.owners()) == 0 && n != len(c.reg.shards) {
		c.setShards(n)
	}
	s.owed = true // an upgrade may have been cut off with the master before, and the slave still be moving shards
	for _, info := range h.Shards {
		if serves(info.Phase) && c.reg.has(info.Shard) {
			c.reg.know(info.Shard, info.Epoch)
			c.own(info.Shard, s, info.Epoch, lifecycle.ShardState(info.Phase) == lifecycle.ShardRunning, false)
		}
	}
	c.formShares()
}

// inventory compares what a slave says of its shards with the registry. It settles
// doubts, and tells of shards that have stopped although nobody had asked for that: a
// lease was over for a while. All else is told by answers.
//
// A heartbeat may have been sent before the request was heard that is in doubt, so
// its word counts for the epoch of that request only. A hello is complete and comes
// after everything that was said on older links: there, a shard that is not
// mentioned is not there.
func (c *Core) inventory(s *slave, list []wire.ShardInfo, hello bool) {
	if hello {
		list = slices.Concat(c.unmentioned(s, list), list)
	}
	for _, info := range list {
		if !c.reg.has(info.Shard) {
			continue
		}
		c.reg.know(info.Shard, info.Epoch)
		restarted := c.dropped(s, info)
		c.found(s, info)
		sh := &c.reg.shards[info.Shard]
		if sh.owner == s.id && info.SessionID != "" {
			c.checkpoint(info.Shard, said(info).public())
		}
		if restarted || sh.owner != s.id || !sh.doubt {
			continue
		}
		switch phase := lifecycle.ShardState(info.Phase); {
		case !hello && info.Epoch < sh.epoch && !sh.refused:
		case phase == lifecycle.ShardRunning:
			sh.doubt, sh.up, sh.epoch = false, true, max(sh.epoch, info.Epoch)
		case !phase.Serves() && c.up == nil:
			c.undoubt(s, info.Shard, phase)
		}
	}
}

// unmentioned lists the shards that a slave has, as far as is known, and says nothing of.
func (c *Core) unmentioned(s *slave, list []wire.ShardInfo) []wire.ShardInfo {
	mentioned := make([]bool, len(c.reg.shards))
	for _, info := range list {
		if c.reg.has(info.Shard) {
			mentioned[info.Shard] = true
		}
	}
	var absent []wire.ShardInfo
	for n, sh := range c.reg.shards {
		if sh.owner == s.id && !mentioned[n] {
			absent = append(absent, wire.ShardInfo{Shard: n, Epoch: sh.epoch, Phase: string(lifecycle.ShardAbsent)})
		}
	}
	return absent
}

// found notes that a slave runs a shard that nobody is known to have. Each request to
// start a shard has an epoch of its own, so nobody has been asked for it since.
func (c *Core) found(s *slave, info wire.ShardInfo) {
	sh := &c.reg.shards[info.Shard]
	if c.up.openMove(info.Shard) != nil || sh.owner != "" || s.ending || info.Epoch != sh.epoch || info.Epoch == 0 || lifecycle.ShardState(info.Phase) != lifecycle.ShardRunning {
		return
	}
	c.own(info.Shard, s, info.Epoch, true, false)
	if share := c.shareOf(s.id); share != nil {
		c.fireShare(share, lifecycle.ShareShardUp, about{slave: s.id, shard: info.Shard})
	}
}

// dropped notes that a slave does not run a shard any more that it had. It keeps what it
// needs to start it again, so it is asked for that: here, and then dropped reports true,
// or by the move or the share that sees to the shard.
func (c *Core) dropped(s *slave, info wire.ShardInfo) (restarted bool) {
	sh := &c.reg.shards[info.Shard]
	if sh.owner != s.id || !sh.up || s.dialect == 1 || s.ending || info.Epoch < sh.epoch || serves(info.Phase) {
		return false
	}
	a := about{slave: s.id, shard: info.Shard, kind: ErrReported, reason: "it has stopped the shard by itself", session: said(info)}
	if m := c.up.openMove(info.Shard); m != nil {
		sh.up = sh.up && m.m.State().InFlight() // then whoever was asked says what became of it
		c.fireMove(m, lifecycle.MoveDropped, a)
		return false
	}
	sh.up = false
	if share := c.shareOf(s.id); share != nil {
		c.fireShare(share, lifecycle.ShareShardFailed, a)
		return false
	}
	c.restart(s, info.Shard)
	return true
}

// restart has a slave start a shard of its own, which no share and no move sees to.
func (c *Core) restart(s *slave, n int) {
	c.doubt(n, s, c.reg.nextEpoch(n))
	s.owed = true
	c.later = append(c.later, func() {
		if c.byID[s.id] == s {
			c.serveOn(s)
		}
	})
}

// undoubt settles that a slave does not run a shard that it might have run.
func (c *Core) undoubt(s *slave, n int, phase lifecycle.ShardState) {
	c.reg.shards[n].doubt = false
	if sh := c.shareOf(s.id); sh != nil {
		c.fireShare(sh, lifecycle.ShareShardFailed, about{
			slave: s.id, shard: n, kind: ErrReported, reason: "it has turned out that the shard is " + string(phase),
		})
	} else if !s.ending && s.dialect == 2 {
		c.restart(s, n)
	}
}
