package core

import (
	"slices"

	"github.com/shardbaton/baton/fsm/lifecycle"
)

// Status returns a snapshot that shares nothing with the core.
func (c *Core) Status() Status {
	st := Status{State: c.life.State(), NumShards: len(c.reg.shards)}
	for n, sh := range c.reg.shards {
		now := ShardStatus{Shard: n, Owner: sh.owner, Epoch: sh.epoch, InDoubt: sh.doubt}
		if m := c.up.move(n); m != nil {
			now.Move = m.m.State()
		}
		st.Shards = append(st.Shards, now)
	}
	for _, s := range c.slaves {
		now := SlaveStatus{
			Slave: s.id, Role: c.role(s), Version: s.version, Dialect: s.dialect, StateLink: s.stateUp,
			Launched: s.launched, PID: s.pid, Shards: c.shardsOf(s.id),
			Unhealthy: s.unhealthy, Missing: s.unheard && s.dialect > 0,
		}
		if s.link != nil {
			now.Link = s.link.m.State()
		}
		st.Slaves = append(st.Slaves, now)
	}
	for _, sh := range c.shares {
		st.Shares = append(st.Shares, ShareStatus{
			Share: sh.n, State: sh.m.State(), Slave: sh.slave, Shards: slices.Clone(sh.shards), Exits: sh.ends,
		})
		st.GaveUp = st.GaveUp || sh.m.State() == lifecycle.ShareGivenUp
	}
	if u := c.up; u != nil {
		now := &UpgradeStatus{
			Upgrade: u.id, State: u.m.State(), NumShards: u.num, Moved: u.onNew, InFlight: u.inFlight, Total: u.total,
			Back: u.turned, Pausing: u.pausing && u.m.State() != lifecycle.UpgradePaused,
		}
		for _, p := range u.parts {
			switch {
			case p.source:
				now.Sources = append(now.Sources, p.id)
			case p.id != "":
				now.Targets = append(now.Targets, p.id)
			}
		}
		if u.failure != nil {
			failure := *u.failure
			now.Failure = &failure
		}
		st.Upgrade = now
	}
	return st
}
