package core

import (
	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

// maxShards bounds what a peer can make the core allocate. The largest bots that
// are known have some ten thousand shards.
const maxShards = 1 << 16

// maxEpoch is more than ever comes about: a greater one is not a slave's own.
const maxEpoch = 1 << 62

// registry maps shards to their owners.
type registry struct {
	// shards has one entry per shard; it is empty while their number is unknown.
	shards []shard
	// issued is the last epoch that was used for each shard number ever. It
	// outlives a change of the number of shards, so that epochs only grow.
	issued []uint64
	// all is a dialect 1 slave that runs every shard, however many these are.
	all SlaveID
}

// shard is what is known of one shard.
type shard struct {
	// owner is the slave that runs the shard, or may run it. Empty: nobody does.
	owner SlaveID
	// epoch is the one in which the owner became the owner.
	epoch uint64
	// up says that the owner has confirmed that it runs.
	up bool
	// doubt says that the owner was asked for something and never answered.
	doubt bool
	// refused says that the owner has heard the request, and that its hands were full:
	// what it says from then on is of after the request, although of an older epoch.
	refused bool
	// session is the one that an owner has reported last, with the sequence of the last
	// event that it had handled then. It outlives the owner.
	session Session
}

// session is what a RESUME needs.
type session struct {
	id       string
	sequence int64
	url      string
	records  uint64
	digest   []byte
}

// said is the session that a slave reports with a shard.
func said(info wire.ShardInfo) session {
	return session{id: info.SessionID, sequence: info.Sequence, url: info.ResumeURL}
}

// bare is the session without the state that was handed over with it.
func (s session) bare() session { return s.public().session() }

func (s Session) session() session { return session{id: s.ID, sequence: s.Sequence, url: s.ResumeURL} }

// public is what of a session is of interest beyond one hand-over.
func (s session) public() Session { return Session{ID: s.id, Sequence: s.sequence, ResumeURL: s.url} }

// lastEpoch returns the last epoch that was used for a shard.
func (r *registry) lastEpoch(shard int) uint64 {
	if shard >= len(r.issued) {
		return 0
	}
	return r.issued[shard]
}

// nextEpoch returns an epoch for another attempt to give the shard an owner.
func (r *registry) nextEpoch(shard int) uint64 {
	r.know(shard, 0)
	r.issued[shard]++
	return r.issued[shard]
}

// know notes that an epoch was used for a shard.
func (r *registry) know(shard int, epoch uint64) {
	if epoch > maxEpoch {
		return
	}
	for len(r.issued) <= shard {
		r.issued = append(r.issued, 0)
	}
	r.issued[shard] = max(r.issued[shard], epoch)
}

// has reports whether the shard exists.
func (r *registry) has(shard int) bool { return shard >= 0 && shard < len(r.shards) }

// own gives a shard to a slave, or to nobody.
func (c *Core) own(n int, s *slave, epoch uint64, up, fresh bool) {
	old := c.reg.shards[n]
	if was := c.byID[old.owner]; was != nil {
		was.owns--
	}
	now := shard{epoch: epoch, up: up, session: old.session}
	if s != nil {
		now.owner = s.id
		s.owns++
	}
	c.reg.shards[n] = now
	if old.owner != now.owner || old.epoch != now.epoch {
		c.recordShard(n)
		c.publish(ShardOwned{Shard: n, Slave: now.owner, Epoch: now.epoch, Fresh: fresh})
	}
}

// disown says that nobody has the shard.
func (c *Core) disown(n int) {
	if c.reg.shards[n].owner != "" {
		c.own(n, nil, c.reg.shards[n].epoch, false, false)
	}
}

// doubt gives a shard to a slave that may run it or not.
func (c *Core) doubt(n int, s *slave, epoch uint64) {
	c.own(n, s, epoch, false, false)
	c.reg.shards[n].doubt = s != nil
}

// checkpoint notes the session that a shard's owner reports. It is written down even
// when it is the same as before: that it was good at this moment is news.
func (c *Core) checkpoint(n int, s Session) {
	c.reg.shards[n].session = s
	c.recordShard(n)
}

// owners returns the slaves that have shards, in order.
func (c *Core) owners() []*slave {
	var list []*slave
	for _, s := range c.slaves {
		if c.holds(s) {
			list = append(list, s)
		}
	}
	return list
}

// holds reports whether a slave has any shard.
func (c *Core) holds(s *slave) bool { return s.owns > 0 || c.reg.all == s.id }

// shardsOf lists the shards of a slave, in order.
func (c *Core) shardsOf(s SlaveID) []int {
	var list []int
	for n, sh := range c.reg.shards {
		if sh.owner == s && s != "" {
			list = append(list, n)
		}
	}
	return list
}

// release takes every shard away from a slave that is known to be dead.
func (c *Core) release(s *slave) {
	for n := range c.reg.shards {
		if c.reg.shards[n].owner == s.id {
			c.disown(n)
		}
	}
	if c.reg.all == s.id {
		c.reg.all = ""
	}
}

// wanted is how many slaves shall share n shards.
func (c *Core) wanted(n int) int {
	k := c.opt.Slaves
	if limit := c.opt.MaxShardsPerSlave; limit > 0 {
		k = max(k, (n+limit-1)/limit)
	}
	return max(1, min(k, n))
}

// split divides shards, in order, into k runs whose lengths differ by one at most.
func split(shards []int, k int) [][]int {
	runs := make([][]int, k)
	for i := range runs {
		n := len(shards) / (k - i)
		if len(shards)%(k-i) > 0 {
			n++
		}
		runs[i], shards = shards[:n:n], shards[n:]
	}
	return runs
}

// upTo lists 0 to n-1.
func upTo(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// serves reports whether a slave that reports a shard in this phase runs it, or may
// run it at any moment.
func serves(phase string) bool { return lifecycle.ShardState(phase).Serves() }
