package core

import (
	"fmt"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

// received takes a message of the master.
func (c *Core) received(event wire.EventType, data any) {
	c.heard(event)
	if c.link.dialect == 1 && event > wire.EvtShardStopped {
		c.note(Warn, NoShard, "", "%s ignored: dialect 1 does not have it", event)
		return
	}
	switch d := data.(type) {
	case *wire.WelcomeData:
		c.welcome(d)
	case *wire.FailureData:
		c.refusedBy(d)
	case *wire.StartData:
		c.toldStart(event, d)
	case *wire.ShardMigrationStartData:
		c.toldMigration(d)
	case *wire.StopShardData:
		c.toldStop(d)
	case *wire.ResumeShardData, *wire.CopyShardData, *wire.ArmShardData:
		c.toldShard(event, d)
	case *wire.GuildStateData:
		c.guildState(d)
	case *wire.HeartbeatData:
		c.answered(d.Beat)
	default:
		if event == wire.EvtShutdown {
			c.ask(lifecycle.SlaveToldShutDown, c.request(event))
			return
		}
		c.note(Warn, NoShard, "", "%s ignored: a master does not send it", event)
	}
}

// shardEvent returns the slave's event for a message about one shard.
func shardEvent(event wire.EventType) lifecycle.SlaveEvent {
	switch event {
	case wire.EvtStopShard:
		return lifecycle.SlaveToldStop
	case wire.EvtCopyShard:
		return lifecycle.SlaveToldCopy
	case wire.EvtResume:
		return lifecycle.SlaveToldResume
	default:
		return lifecycle.SlaveToldArm
	}
}

// request makes a request of the master's on the present link.
func (c *Core) request(event wire.EventType) *request {
	return &request{event: event, dialect: c.link.dialect, link: c.link.number}
}

// toldStart takes FullStart and SoftStart. In dialect 1 they are bare: the slave
// has every shard.
func (c *Core) toldStart(event wire.EventType, d *wire.StartData) {
	r := c.request(event)
	r.numShards, r.shards = d.NumShards, ascending(d.Shards)
	if c.link.dialect == 1 {
		if r.numShards = c.numShards; r.numShards == 0 {
			r.numShards = c.options.NumShards
		}
		r.shards = everyShard(r.numShards)
	}
	if !c.fits(r) {
		return
	}
	if event == wire.EvtFullStart {
		c.ask(lifecycle.SlaveToldFullStart, r)
	} else {
		c.ask(lifecycle.SlaveToldSoftStart, r)
	}
}

// toldMigration takes ShardMigrationStart for either side.
func (c *Core) toldMigration(d *wire.ShardMigrationStartData) {
	r := c.request(wire.EvtShardMigrationStart)
	r.from, r.numShards, r.shards = d.FromThisSlave, d.NumShards, ascending(d.Shards)
	if r.from {
		c.ask(lifecycle.SlaveToldHandOut, r)
	} else if c.fits(r) {
		c.ask(lifecycle.SlaveToldTakeIn, r)
	}
}

// fits refuses a request whose shards cannot be this bot's.
func (c *Core) fits(r *request) bool {
	var why string
	switch {
	case r.numShards <= 0 && r.dialect == 1:
		why = "the number of shards is not known: set Config.NumShards, a dialect 1 master does not say"
	case r.numShards <= 0:
		why = fmt.Sprintf("%d shards: want at least 1", r.numShards)
	case c.Serving() && r.numShards != c.numShards:
		why = fmt.Sprintf("%d shards, but the bot runs with %d: start another slave for a new number", r.numShards, c.numShards)
	}
	for _, s := range r.shards {
		if s.Shard < 0 || s.Shard >= r.numShards {
			why = fmt.Sprintf("shard %d of %d: there is no such shard", s.Shard, r.numShards)
		}
	}
	if why == "" {
		return true
	}
	c.fail(r.event, wire.FailureData{Shard: NoShard}, cause{lifecycle.FailureShards, why})
	return false
}

// toldStop takes StopShard. A v1.5.2 master asks for shard NumShards when the
// last has moved, to end the old slave.
func (c *Core) toldStop(d *wire.StopShardData) {
	if c.link.dialect == 1 && d.Shard >= c.numShards {
		c.ask(lifecycle.SlaveToldNoMore, c.request(wire.EvtStopShard))
		return
	}
	c.toldShard(wire.EvtStopShard, d)
}

// toldShard takes a message about one shard.
func (c *Core) toldShard(event wire.EventType, d any) {
	c.passed = d
	n, epoch := c.about(d)
	out := c.fire(shardEvent(event))
	if out.Row < 0 {
		c.fail(event, c.stateOf(n, epoch), cause{
			lifecycle.FailureRefused,
			fmt.Sprintf("%s while the slave is %s: %s", event, out.From, out.Because),
		})
	}
	c.passed = nil
	if c.link.dialect == 1 {
		c.state = nil // they belonged to this message, if to any
	}
}

// about returns the shard and epoch of a message about one shard. Dialect 1 has no
// epochs, whatever else such a message may hold.
func (c *Core) about(d any) (shard int, epoch uint64) {
	shard, epoch = shardAndEpoch(d)
	if c.link.dialect == 1 {
		epoch = 0
	}
	return shard, epoch
}

func shardAndEpoch(d any) (shard int, epoch uint64) {
	switch d := d.(type) {
	case *wire.StopShardData:
		return d.Shard, d.Epoch
	case *wire.ResumeShardData:
		return d.Shard, d.Epoch
	case *wire.CopyShardData:
		return d.Shard, d.Epoch
	case *wire.ArmShardData:
		return d.Shard, d.Epoch
	default:
		return NoShard, 0
	}
}

// stateOf begins a failure about a shard with where that shard is.
func (c *Core) stateOf(number int, epoch uint64) wire.FailureData {
	f := wire.FailureData{Shard: number, Epoch: epoch, Phase: string(lifecycle.ShardAbsent)}
	if s := c.find(number); s != nil {
		f = *s.failure(order{epoch: epoch}, cause{})
	}
	return f
}

// fail tells the master that a request was not carried out. Dialect 1 has no
// word for it: there the note in the log has to do.
func (c *Core) fail(event wire.EventType, f wire.FailureData, why cause) {
	c.note(Error, f.Shard, why.text, "%s not carried out (%s)", event, why.code)
	if c.link.dialect == 2 {
		f.Event, f.Code, f.Text = event, why.code, clip(why.text)
		c.toMaster(c.link.number, wire.EvtFailure, &f)
	}
}

// pass hands the message being looked at to its shard.
func (c *Core) pass() {
	n, epoch := c.about(c.passed)
	s := c.shard(n)
	if s == nil {
		c.fail(eventOf(c.passed), wire.FailureData{Shard: n, Epoch: epoch}, cause{
			lifecycle.FailureShards, fmt.Sprintf("shard %d of %d: there is no such shard", n, c.numShards),
		})
		return
	}
	o := order{event: eventOf(c.passed), epoch: epoch, link: c.link.number}
	switch d := c.passed.(type) {
	case *wire.StopShardData:
		s.toldStop(o)
	case *wire.ResumeShardData:
		o.want = d
		s.toldResume(o)
	case *wire.CopyShardData:
		s.toldCopy(o)
	case *wire.ArmShardData:
		s.toldArm(o, d)
	}
}

// eventOf returns the event of a message about one shard.
func eventOf(d any) wire.EventType {
	switch d.(type) {
	case *wire.StopShardData:
		return wire.EvtStopShard
	case *wire.ResumeShardData:
		return wire.EvtResume
	case *wire.CopyShardData:
		return wire.EvtCopyShard
	default:
		return wire.EvtArmShard
	}
}
