package core

import (
	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

// dispatch hands a slave's message to the lifecycle that it concerns.
func (c *Core) dispatch(s *slave, e Received) {
	a := about{slave: s.id, shard: -1}
	switch d := e.Data.(type) {
	case *wire.StopShardData:
		if d != nil && e.Type == wire.EvtStopShard && s.dialect == 1 {
			a.session = session{id: d.SessionID, sequence: d.Sequence}
			c.shardStopped(s, d.Shard, 0, a)
			return
		}
	case *wire.ShardStoppedData:
		if d != nil && s.dialect == 2 {
			a.session = session{id: d.SessionID, sequence: d.Sequence, url: d.ResumeURL, records: d.Records, digest: d.Digest}
			c.shardStopped(s, d.Shard, d.Epoch, a)
			return
		}
	case *wire.ResumeShardData:
		if d != nil {
			a.fresh = d.Fresh
			a.session = session{id: d.SessionID, sequence: d.Sequence, url: d.ResumeURL}
			c.shardRuns(s, d.Shard, d.Epoch, a)
			return
		}
	case *wire.CopyShardData:
		if d != nil && s.dialect == 2 {
			c.shardCopied(s, d.Shard, d.Epoch, d.Records, a)
			return
		}
	case *wire.ArmShardData:
		if d != nil && s.dialect == 2 {
			c.shardArmed(s, d.Shard, d.Epoch, a)
			return
		}
	case *wire.ShardMigrationStartData:
		if d != nil {
			c.prepared(s, d, a)
			return
		}
	case *wire.FailureData:
		if d != nil && s.dialect == 2 {
			c.failed(s, d)
			return
		}
	default:
		if c.dispatchPlain(s, e, a) {
			return
		}
	}
	c.problem(s.id, -1, ErrProtocol, "%s (%T) answers nothing that a slave of dialect %d can be asked for now", e.Type, e.Data, s.dialect)
}

// dispatchPlain hands on messages whose body is empty, or may be.
func (c *Core) dispatchPlain(s *slave, e Received, a about) bool {
	switch e.Type {
	case wire.EvtGuildState:
		if s.dialect == 1 {
			c.guildState(s, e.Body)
			return true
		}
	case wire.EvtFullStart:
		c.fullStarted(s, e.Data, a)
		return true
	case wire.EvtSoftStartComplete:
		if c.up.part(s.id) == nil {
			c.problem(s.id, -1, ErrStale, "%s: the upgrade that asked for it is over", e.Type)
			return true
		}
		c.fireUpgrade(lifecycle.UpgradeSoftStarted, a)
		return true
	case wire.EvtShutdown:
		s.goodbye = true
		if c.up.part(s.id) != nil {
			c.fireUpgrade(lifecycle.UpgradeGoodbye, a)
		}
		return true
	}
	return false
}

// moveOf returns the move in which a slave gives or gets a shard at an epoch, and
// which of the two. A message that belongs to no move, or to an earlier attempt,
// is told to the subscribers.
func (c *Core) moveOf(s *slave, shard int, epoch uint64) (m *move, asTaker, ok bool) {
	m = c.up.move(shard)
	if m == nil {
		return nil, false, false
	}
	switch s.id {
	case c.up.idAt(m.taker()):
		asTaker = true
	case c.up.idAt(m.giver()):
	default:
		return nil, false, false
	}
	return m, asTaker, s.dialect == 1 || epoch == m.epoch
}

func (c *Core) stale(s *slave, t wire.EventType, shard int, epoch uint64) {
	c.problem(s.id, shard, ErrStale, "%s at epoch %d answers nothing that is open", t, epoch)
}

func (c *Core) shardStopped(s *slave, shard int, epoch uint64, a about) {
	m, asTaker, ok := c.moveOf(s, shard, epoch)
	if !ok || asTaker {
		c.stale(s, wire.EvtShardStopped, shard, epoch)
		return
	}
	c.fireMove(m, lifecycle.MoveStopped, a)
}

// shardRuns takes the echo of a Resume, or the news that an assigned shard has come up.
func (c *Core) shardRuns(s *slave, shard int, epoch uint64, a about) {
	a.shard = shard
	if m, asTaker, ok := c.moveOf(s, shard, epoch); m != nil && !m.m.Final() {
		switch {
		case !ok:
			c.stale(s, wire.EvtResume, shard, epoch)
		case asTaker:
			c.fireMove(m, lifecycle.MoveResumed, a)
		default:
			c.fireMove(m, lifecycle.MoveReturned, a)
		}
		return
	}
	if u := c.up; u != nil && u.soft && shard >= 0 && shard < len(u.next) && u.next[shard].owner == s.id && u.next[shard].epoch == epoch {
		u.next[shard].up = true
		c.fireUpgrade(lifecycle.UpgradeShardUp, a)
		return
	}
	if !c.reg.has(shard) || c.reg.shards[shard].owner != s.id || s.dialect == 2 && c.reg.shards[shard].epoch != epoch {
		c.stale(s, wire.EvtResume, shard, epoch)
		return
	}
	if !c.reg.shards[shard].up {
		c.publish(ShardUp{Shard: shard, Slave: s.id, Epoch: c.reg.shards[shard].epoch, Fresh: a.fresh})
	}
	c.reg.shards[shard].up, c.reg.shards[shard].doubt = true, false
	if a.session.id != "" {
		c.checkpoint(shard, a.session.public())
	}
	if sh := c.shareOf(s.id); sh != nil {
		c.fireShare(sh, lifecycle.ShareShardUp, a)
	}
}

// shardCopied takes the news that so many records were sent ahead, or none.
func (c *Core) shardCopied(s *slave, shard int, epoch, records uint64, a about) {
	m, asTaker, ok := c.moveOf(s, shard, epoch)
	if !ok || asTaker {
		c.stale(s, wire.EvtCopyShard, shard, epoch)
		return
	}
	if m.m.State() == lifecycle.MoveCopying {
		m.ahead = records
	}
	c.fireMove(m, lifecycle.MoveCopied, a)
}

// shardArmed takes the news that these are applied and an early dial is made, or was
// given up.
func (c *Core) shardArmed(s *slave, shard int, epoch uint64, a about) {
	m, asTaker, ok := c.moveOf(s, shard, epoch)
	if !ok || !asTaker {
		c.stale(s, wire.EvtArmShard, shard, epoch)
		return
	}
	c.fireMove(m, lifecycle.MoveArmed, a)
}

// prepared takes the echo of ShardMigrationStart.
func (c *Core) prepared(s *slave, d *wire.ShardMigrationStartData, a about) {
	p := c.up.part(s.id)
	if p == nil || p.source != d.FromThisSlave && !c.up.turned {
		c.problem(s.id, -1, ErrStale, "%s: the slave is not on that side of an upgrade, or not any more", wire.EvtShardMigrationStart)
		return
	}
	if d.FromThisSlave {
		for _, info := range d.Shards {
			if m := c.up.move(info.Shard); m != nil && c.up.at(m.giver()) == p {
				m.url = info.ResumeURL
			}
		}
	}
	if p.source != d.FromThisSlave == c.up.turned {
		c.preparedFor(p, d, a)
	}
}

// preparedFor tells the upgrade that a part is ready for the present direction.
func (c *Core) preparedFor(p *part, d *wire.ShardMigrationStartData, a about) {
	if !p.source {
		p.ready = p.ready || p.awaited && c.up.m.State() == lifecycle.UpgradePreparingNew
		c.fireUpgrade(lifecycle.UpgradeNewPrepared, a)
		return
	}
	if p.awaited && d.FromThisSlave {
		p.count = d.NumShards
	}
	a.kind = ErrProtocol
	a.reason = "it says that there are " + itoa(d.NumShards) + " shards, want " + itoa(c.up.num)
	c.fireUpgrade(lifecycle.UpgradeOldPrepared, a)
}

// fullStarted takes the echo of FullStart, which lists what runs. A slave that lists
// nothing runs everything that it was told.
func (c *Core) fullStarted(s *slave, data any, a about) {
	d, _ := data.(*wire.StartData)
	if d == nil || len(d.Shards) == 0 {
		for n := range c.reg.shards {
			if sh := &c.reg.shards[n]; sh.owner == s.id {
				sh.up = sh.up || !sh.doubt
			}
		}
	} else {
		for _, info := range d.Shards {
			if c.reg.has(info.Shard) && c.reg.shards[info.Shard].owner == s.id {
				c.reg.shards[info.Shard].up, c.reg.shards[info.Shard].doubt = true, false
			}
		}
	}
	if c.up.part(s.id) != nil {
		c.fireUpgrade(lifecycle.UpgradeFullStarted, a)
	}
	if sh := c.shareOf(s.id); sh != nil {
		c.fireShare(sh, lifecycle.ShareStarted, a)
	}
}

// guildState forwards a dialect 1 state to whoever gets the shard that is being
// stopped: the message itself does not say whose it is.
func (c *Core) guildState(s *slave, body []byte) {
	u := c.up
	if u == nil || !u.first || u.move(u.giving) == nil {
		c.problem(s.id, -1, ErrProtocol, "%s: no shard is being handed over", wire.EvtGuildState)
		return
	}
	m := u.move(u.giving)
	if u.idAt(m.source) != s.id || m.m.State() != lifecycle.MoveStopping {
		c.problem(s.id, m.shard, ErrProtocol, "%s: the shard is %s", wire.EvtGuildState, m.m.State())
		return
	}
	t := c.slaveAt(u.at(m.target))
	if !t.usable() {
		m.spoiled = true
		c.problem(s.id, m.shard, ErrState, "slave %s is not linked, so the state cannot be passed on: the shard will go back", u.idAt(m.target))
		return
	}
	m.forwarded = true
	c.emit(Forward{Link: t.link.id, Body: body})
}
