package core

import "github.com/shardbaton/baton/fsm/lifecycle"

// journal is what the core knows of what it has written down.
type journal struct {
	// written is the number of the last [Journal], and durable that of the last
	// [Journaled].
	written, durable uint64
}

// write writes a change down, where there is a journal, and returns its number.
func (c *Core) write(change Change) uint64 {
	if !c.opt.Journal {
		return 0
	}
	c.journal.written++
	c.emit(Journal{Seq: c.journal.written, Change: change})
	return c.journal.written
}

// safe reports whether everything up to a number is durable.
func (c *Core) safe(seq uint64) bool { return c.journal.durable >= seq }

// journaled tells those who wait for the journal.
func (c *Core) journaled(seq uint64) {
	was := c.journal.durable
	c.journal.durable = max(was, min(seq, c.journal.written))
	for _, s := range c.everySlave() {
		if s.recorded > was && c.safe(s.recorded) && s.link != nil {
			c.fireLink(s.link, lifecycle.LinkRecorded, about{slave: s.id, shard: -1})
		}
	}
	c.fireUpgrade(lifecycle.UpgradeWritten, about{shard: -1})
}

// recordSlave writes a slave down.
func (c *Core) recordSlave(s *slave) {
	s.recorded = c.write(SlaveKnown{SlaveRecord{Slave: s.id, Dialect: s.dialect, Launched: s.mine, Ending: s.ending, Lease: s.lent}})
}

// recordShard writes a shard down.
func (c *Core) recordShard(n int) {
	sh := c.reg.shards[n]
	c.write(ShardChanged{Shard: n, ShardRecord: ShardRecord{
		Owner: sh.owner, Epoch: sh.epoch, Issued: c.reg.lastEpoch(n), Session: sh.session,
	}})
}

// setShards sets the number of shards, which nobody has then.
func (c *Core) setShards(n int) {
	c.reg.shards = make([]shard, n)
	c.write(ShardCount{n})
}

// setCommand sets what is launched from now on.
func (c *Core) setCommand(command []string) {
	c.command = command
	c.write(CommandChanged{command})
}

// recordUpgrade writes the open upgrade down.
func (c *Core) recordUpgrade(u *upgrade) {
	r := &UpgradeRecord{Upgrade: u.id, Plan: u.plan, NumShards: u.num, Soft: u.soft, Committed: u.committed}
	for _, p := range u.parts {
		if p.source && p.shards == nil {
			p.shards = c.shardsOf(p.id)
		}
		r.Parts = append(r.Parts, PartRecord{Slave: p.id, Source: p.source, Shards: p.shards})
	}
	u.written = c.write(UpgradeChanged{r})
}
