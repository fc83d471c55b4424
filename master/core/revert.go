package core

import (
	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

// turn makes the way of an upgrade the way back.
func (c *Core) turn(u *upgrade, a about) {
	u.turned = true
	c.stopClock(u)
	u.retry()
	c.toMoves(u, lifecycle.MoveHalted, a)
}

// goesBack reports whether a shard is away from an old slave that could take it back.
func (c *Core) goesBack(u *upgrade, m *move) bool {
	if !m.planned() || u.first || m.m.State() != lifecycle.MoveOnNew && !m.m.State().InFlight() {
		return false
	}
	s := c.slaveAt(u.at(m.source))
	return s != nil && !s.ending
}

// returns reports whether a shard has to be moved back: it has arrived on the other side.
func (c *Core) returns(u *upgrade, m *move) bool {
	return m.m.State() == lifecycle.MoveOnNew && c.goesBack(u, m)
}

// handOut tells the new slaves which shards will leave again.
func (c *Core) handOut(u *upgrade) {
	for n := range u.moves {
		if m := u.move(n); m != nil && c.returns(u, m) {
			m.epoch, m.used, m.announced = c.reg.nextEpoch(n), false, false
		}
	}
	u.await(func(*part) bool { return false })
	for i, p := range u.parts {
		if p.source || p.gone {
			continue
		}
		if list := u.list(func(m *move) bool { return m.target == i && c.returns(u, m) }); len(list) > 0 {
			u.expect(p, true)
			c.request(p, wire.EvtShardMigrationStart, &wire.ShardMigrationStartData{FromThisSlave: true, Shards: list})
		}
	}
}

// takeIn tells the old slaves which shards come back.
func (c *Core) takeIn(u *upgrade) {
	u.await(func(*part) bool { return false })
	for i, p := range u.parts {
		if !p.source || p.gone {
			continue
		}
		if list := u.announce(func(m *move) bool { return m.source == i && c.returns(u, m) }); len(list) > 0 {
			u.expect(p, true)
			c.request(p, wire.EvtShardMigrationStart, &wire.ShardMigrationStartData{NumShards: u.num, Shards: list})
		}
	}
}

// stuck lists the new slaves that have shards which old slaves wait for, and that can
// be killed.
func (c *Core) stuck(u *upgrade) []*slave {
	var list []*slave
	for i, p := range u.parts {
		s := c.slaveAt(p)
		if p.source || s == nil || !s.launched || s.killed {
			continue
		}
		for n := range u.moves {
			m := u.move(n)
			if m != nil && m.back && m.target == i && c.goesBack(u, m) && c.slaveAt(u.at(m.source)).usable() {
				list = append(list, s)
				break
			}
		}
	}
	return list
}

func (c *Core) killStuck(u *upgrade) {
	for _, s := range c.stuck(u) {
		c.problem(s.id, -1, ErrDeadline, "it keeps shards %s from going back: it is killed", Ranges(c.shardsOf(s.id)))
		c.kill(s)
	}
}
