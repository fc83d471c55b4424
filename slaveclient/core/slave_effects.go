package core

import (
	"fmt"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

// undertake makes the request being looked at the one under way.
func (c *Core) undertake() {
	if c.req != nil {
		c.asked = c.req
	}
}

// setNumShards notes the number of shards of the whole bot. It belongs to every
// session, so what is kept of another number is of no use. Nothing runs then.
func (c *Core) setNumShards(n int) {
	if n != c.numShards {
		for _, s := range c.shards {
			s.fire(lifecycle.ShardToldForget)
		}
	}
	c.numShards = n
}

// call calls the bot about no shard.
func (c *Core) call(k Call) {
	k.Shard = NoShard
	c.emit(k)
}

// beginShards starts what is assigned and not here, and forgets what was only
// waited for or kept. A soft start comes here when the bot has prepared itself.
func (c *Core) beginShards() {
	c.undertake()
	r := c.asked
	c.assigned, c.gathering = len(r.shards), true
	if r.own {
		return
	}
	c.setNumShards(r.numShards)
	assigned := make(map[int]bool, len(r.shards))
	for _, info := range r.shards {
		assigned[info.Shard] = true
		c.begin(c.shard(info.Shard), info, r)
	}
	for _, s := range c.shards {
		if !assigned[s.number] {
			s.fire(lifecycle.ShardToldForget)
		}
	}
}

// begin starts one assigned shard, unless it is here already. Dialect 1 assigns
// every shard without saying where they are, so there one that was handed over
// stays where it went.
func (c *Core) begin(s *shard, info wire.ShardInfo, r *request) {
	o := order{
		event: r.event, epoch: info.Epoch, link: r.link,
		session: Session{info.SessionID, info.Sequence, info.ResumeURL},
	}
	s.cause = c.whyNot()
	switch newer := info.Epoch > s.epoch; {
	case r.dialect == 1 && (s.state().Serves() || s.kept):
	case newer && s.starts():
		c.kept = r // the answer that is under way would be to an older epoch
	case r.dialect == 1, newer:
		s.ask(lifecycle.ShardToldBegin, o)
	case !s.state().Serves():
		s.refuse(o, cause{
			lifecycle.FailureEpoch,
			fmt.Sprintf("assigned at epoch %d, but epoch %d was seen: want a greater one", info.Epoch, s.epoch),
		})
	}
}

func (c *Core) callSoftStart() {
	c.undertake()
	c.setNumShards(c.asked.numShards)
	c.call(Call{
		Callback: CallSoftStart, NumShards: c.numShards, Shards: numbers(c.asked.shards),
		Timeout: c.options.Deadlines.Prepare,
	})
}

func (c *Core) callFullStart() {
	c.full = fullCalled
	c.call(Call{
		Callback: CallFullStart, NumShards: c.numShards, Shards: numbers(c.served()),
		Timeout: c.options.Deadlines.FullStart,
	})
}

func (c *Core) callTransferFrom() {
	c.undertake()
	c.call(Call{Callback: CallTransferFrom, Timeout: c.options.Deadlines.Prepare})
}

func (c *Core) callTransferTo() {
	c.undertake()
	c.call(Call{Callback: CallTransferTo, NumShards: c.numShards, Timeout: c.options.Deadlines.Prepare})
}

func (c *Core) callShutdown() {
	c.undertake()
	c.call(Call{Callback: CallShutdown, Timeout: c.options.Deadlines.Shutdown})
}

// openInboxes awaits the state of every announced shard. One that has come
// already is left alone; one that cannot come is refused by itself.
func (c *Core) openInboxes() {
	c.setNumShards(c.req.numShards)
	if c.req.dialect == 1 {
		return
	}
	for _, info := range c.req.shards {
		s := c.shard(info.Shard)
		if s.state().Serves() && s.epoch == info.Epoch {
			continue
		}
		s.expect(order{event: c.req.event, epoch: info.Epoch, link: c.req.link})
	}
}

// answer says that the request is carried out: the one being looked at if there
// is one, else the one under way.
func (c *Core) answer() {
	c.undertake()
	r := c.asked
	if r.own || r.dialect == 1 && r.event == wire.EvtFullStart {
		return
	}
	switch r.event {
	case wire.EvtSoftStart:
		c.toMaster(r.link, wire.EvtSoftStartComplete, nil)
	case wire.EvtFullStart:
		c.toMaster(r.link, wire.EvtFullStart, &wire.StartData{NumShards: c.numShards, Shards: c.served()})
	case wire.EvtShardMigrationStart:
		c.toMaster(r.link, wire.EvtShardMigrationStart, &wire.ShardMigrationStartData{
			FromThisSlave: r.from, NumShards: c.numShards, Shards: c.concerned(r),
		})
	}
}

// report says that the request under way has failed.
func (c *Core) report() {
	if c.passed != nil {
		n, epoch := c.about(c.passed)
		c.fail(eventOf(c.passed), c.stateOf(n, epoch), cause{lifecycle.FailureRefused, "this slave was not told to hand shards over"})
		return
	}
	why := c.cause
	switch {
	case why.text != "":
	case c.full == fullCalled && !c.Barren():
		why = cause{lifecycle.FailureBot, "FullStart was called before and has not succeeded; it is called only once"}
	default:
		why = cause{lifecycle.FailureBot, "not one of the shards has come up"}
	}
	if c.asked.link == c.link.number && !c.asked.own {
		c.fail(c.asked.event, wire.FailureData{Shard: NoShard}, why)
		return
	}
	c.note(Error, NoShard, why.text, "%s not carried out (%s)", c.asked.event, why.code)
}

// keep puts the request off.
func (c *Core) keep() { c.kept = c.req }

// takeUp carries out what was put off, if its link is still there.
func (c *Core) takeUp() {
	r := c.kept
	c.kept = nil
	if r == nil || r.link != c.link.number {
		return
	}
	if r.event == wire.EvtFullStart {
		c.ask(lifecycle.SlaveToldFullStart, r)
		return
	}
	c.ask(lifecycle.SlaveToldHandOut, r)
}

// end says goodbye. Dialect 1 has no word for it: there the closed link has to do.
func (c *Core) end() {
	for _, s := range c.shards {
		s.fire(lifecycle.ShardSlaveEnded)
	}
	if c.link.dialect == 2 {
		c.toMaster(c.link.number, wire.EvtShutdown, nil)
	}
	c.emit(End{Refused: c.refusal, Err: c.endErr})
}
