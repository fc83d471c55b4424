package core

import "github.com/shardbaton/baton/fsm/lifecycle"

// Status is a copy of what can be told about a slave.
type Status struct {
	State lifecycle.SlaveState
	// NumShards is the number of shards of the whole bot, 0 while unknown.
	NumShards int
	// Dialect is 1 or 2, or 0 while there is no master.
	Dialect int
	// LeaseOver reports whether the slave has a lease that has run out.
	LeaseOver bool
	// Shards are those that are not absent, ascending.
	Shards []ShardStatus
}

// ShardStatus is a copy of what can be told about a shard.
type ShardStatus struct {
	Shard int
	State lifecycle.ShardState
	// Epoch is the highest that was acted on.
	Epoch uint64
	// Session is that of the last start or stop here.
	Session Session
}

// Status tells where the slave and its shards are.
func (c *Core) Status() Status {
	st := Status{State: c.slave.State(), NumShards: c.numShards, Dialect: c.link.dialect, LeaseOver: c.lease.over}
	for _, s := range c.shards {
		if s.state() != lifecycle.ShardAbsent {
			st.Shards = append(st.Shards, ShardStatus{s.number, s.state(), s.epoch, s.session})
		}
	}
	return st
}
