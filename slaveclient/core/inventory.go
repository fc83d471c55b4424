package core

import (
	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

// A control message holds 64 KiB. This many shards fit into one with their
// sessions, and with their URLs alone, however long these usually are.
const (
	ShardsWithSessions = 200
	shardsWithURLs     = 500
)

// hello introduces the slave. The state link needs only to be told whose it is.
func (c *Core) hello(l Link) *wire.SlaveHelloData {
	h := &wire.SlaveHelloData{Running: c.full != fullDue || c.Serving()}
	if c.options.OnlyDialect1 {
		return h
	}
	h.Protocol, h.SlaveID, h.Token = 2, c.options.SlaveID, c.options.Token
	if l == State {
		h.Link = wire.LinkState
		return h
	}
	h.Version, h.NumShards = c.options.Version, c.options.NumShards
	if c.Serving() || c.Keeping() { // what is, is worth more than a wish: a new master may know nothing
		h.NumShards = c.numShards
	}
	h.PreCopy, h.Arm, h.Stateless = c.options.PreCopy, c.options.Arm, c.options.Stateless
	h.Shards = c.inventory()
	if len(h.Shards) > ShardsWithSessions { // the heartbeats that follow have them
		for i, s := range h.Shards {
			h.Shards[i] = wire.ShardInfo{Shard: s.Shard, Epoch: s.Epoch, Phase: s.Phase}
		}
	}
	return h
}

// sendInventory sends heartbeats with every shard that is not absent.
func (c *Core) sendInventory() {
	all := c.inventory()
	for {
		n := min(len(all), ShardsWithSessions)
		c.sendBeat(all[:n:n])
		if all = all[n:]; len(all) == 0 {
			return
		}
	}
}

// sendBeat sends one heartbeat with these shards, which need not be all.
func (c *Core) sendBeat(list []wire.ShardInfo) {
	if c.link.dialect != 2 {
		return
	}
	c.link.beats++
	c.toMaster(c.link.number, wire.EvtHeartbeat, &wire.HeartbeatData{
		Beat: c.link.beats, Unhealthy: c.unhealthy(), Shards: list,
	})
}

// inventory lists every shard that is not absent.
func (c *Core) inventory() []wire.ShardInfo {
	var list []wire.ShardInfo
	for _, s := range c.shards {
		if state := s.state(); state != lifecycle.ShardAbsent && state != lifecycle.ShardOver {
			list = append(list, s.info())
		}
	}
	return list
}

// served lists the shards that run here.
func (c *Core) served() []wire.ShardInfo {
	var list []wire.ShardInfo
	for _, s := range c.shards {
		if s.state() == lifecycle.ShardRunning || s.state() == lifecycle.ShardCopying {
			list = append(list, wire.ShardInfo{Shard: s.number, Epoch: s.epoch, Phase: string(s.state())})
		}
	}
	return list
}

// concerned lists the shards of a migration as they are here, at the epoch of
// the migration. Dialect 1 has no such list.
func (c *Core) concerned(r *request) []wire.ShardInfo {
	if r.dialect == 1 {
		return nil
	}
	var list []wire.ShardInfo
	for _, asked := range r.shards {
		info := wire.ShardInfo{Shard: asked.Shard, Phase: string(lifecycle.ShardAbsent)}
		if s := c.find(asked.Shard); s != nil {
			info = s.info()
		}
		info.Epoch, info.SessionID, info.Sequence = asked.Epoch, "", 0
		if len(r.shards) > shardsWithURLs {
			info.ResumeURL = ""
		}
		list = append(list, info)
	}
	return list
}

// info describes the shard. The session of one that runs changes with every event,
// so only its bot can tell that; its URL stays. One that has stopped has its kept
// session, and one that is about to start that with which it starts.
func (s *shard) info() wire.ShardInfo {
	i := wire.ShardInfo{Shard: s.number, Epoch: s.epoch, Phase: string(s.state()), ResumeURL: s.session.ResumeURL}
	var known Session
	switch s.state() {
	case lifecycle.ShardStopped:
		known = s.session
	case lifecycle.ShardCompleting, lifecycle.ShardResuming:
		known = s.startSession()
	}
	if known.ID != "" {
		i.SessionID, i.Sequence, i.ResumeURL = known.ID, known.Sequence, known.ResumeURL
	}
	return i
}
