package core

import (
	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

func (s *shard) toldStop(o order) {
	if !s.admit(o) {
		return
	}
	s.cause = cause{lifecycle.FailureRefused, "the shard has stopped for an earlier attempt; give it back first"}
	s.ask(lifecycle.ShardToldStop, o)
}

func (s *shard) toldCopy(o order) {
	if !s.admit(o) {
		return
	}
	s.cause = cause{lifecycle.FailureUnsupported, "the bot has no CopyShard"}
	s.ask(lifecycle.ShardToldCopy, o)
}

func (s *shard) toldResume(o order) {
	if !s.admit(o) {
		return
	}
	if s.core.link.dialect == 1 && !s.state().Serves() {
		o.want = s.unpack(o.want)
	}
	s.cause = cause{lifecycle.FailureState, s.inbox.broken(o.want)}
	if !s.MayRun() {
		s.cause = s.core.whyNot()
	}
	s.ask(lifecycle.ShardToldResume, o)
}

// unpack gives the bot the state that came before a Resume of dialect 1: only the
// Resume says whose it is. The count takes the place of the sender's.
func (s *shard) unpack(want *wire.ResumeShardData) *wire.ResumeShardData {
	records := s.core.state
	s.inbox = inbox{open: true, next: uint64(len(records))}
	for i, r := range records {
		s.core.emit(Load{Shard: s.number, Number: uint64(i), Record: r, Timeout: s.core.options.Deadlines.Load})
	}
	whole := *want
	whole.Epoch, whole.Records, whole.Digest = 0, s.inbox.next, nil
	return &whole
}

// expect opens the shard's inbox for an attempt. One that is open for it already
// stays as it is.
func (s *shard) expect(o order) bool {
	if s.inbox.awaits(o.epoch) {
		return true
	}
	return s.admit(o) && s.ask(lifecycle.ShardToldExpect, o)
}

// recordIn takes a record of the state link.
func (c *Core) recordIn(r RecordIn) {
	s := c.find(r.Shard)
	if s == nil || c.closing() {
		c.emit(Discard{r.Record})
		return
	}
	awaited := s.inbox.awaits(r.Epoch)
	if s.inbox.take(r) {
		s.spoilt = s.spoilt || s.kept
		c.emit(Load{
			Shard: r.Shard, Epoch: r.Epoch, Number: r.Number, Record: r.Record,
			Timeout: c.options.Deadlines.Load,
		})
	} else {
		c.emit(Discard{r.Record})
	}
	if awaited {
		s.arm()
		s.advanced()
	}
}

func (c *Core) loaded(r Loaded) {
	if s := c.find(r.Shard); s != nil && s.inbox.awaits(r.Epoch) {
		s.inbox.applied(r)
		s.arm()
		s.advanced()
	}
}

// advanced lets the shard look at its inbox again.
func (s *shard) advanced() {
	if s.state() != lifecycle.ShardCompleting || s.core.closing() {
		return
	}
	s.cause = cause{lifecycle.FailureState, s.inbox.broken(s.order.want)}
	s.fire(lifecycle.ShardStateAdvanced)
}

// guildState keeps a guild state of dialect 1 for the Resume that follows.
func (c *Core) guildState(d *wire.GuildStateData) {
	if c.link.dialect != 1 {
		c.note(Warn, NoShard, "", "%s on the control link ignored: dialect 2 has a link for it", wire.EvtGuildState)
		return
	}
	c.state = append(c.state, Record{Kind: guildKind, Payload: d.GuildState})
}

// guildKind is the kind of dialect 1's records: slaveclient.KindGuild.
const guildKind = "guild"

// closing reports whether the bot is about to end, so that nothing new begins.
func (c *Core) closing() bool {
	switch c.slave.State() {
	case lifecycle.SlaveLettingGo, lifecycle.SlaveShuttingDown, lifecycle.SlaveEnded:
		return true
	default:
		return false
	}
}
