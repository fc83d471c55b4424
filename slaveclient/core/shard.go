package core

import (
	"fmt"
	"slices"
	"time"

	"github.com/shardbaton/baton/fsm"
	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

// shard is one shard that this slave has, had, or was told to expect.
type shard struct {
	core    *Core
	number  int
	machine *fsm.Machine[lifecycle.ShardState, lifecycle.ShardEvent, lifecycle.ShardView]
	// epoch is the highest that was acted on (S2).
	epoch uint64
	order order
	inbox inbox
	// session is that of the last start or stop here; kept says that it is to be
	// kept for the shard's return.
	session Session
	kept    bool
	// spoilt says that the state which belongs to the kept session has begun to be
	// replaced by that of an attempt.
	spoilt bool
	// copied is the epoch at which CopyShard has succeeded.
	copied uint64
	arming arming
	// timeout is how long the StartShard under way may take.
	timeout time.Duration
	// result is what the callback that has just returned brought.
	result struct {
		fresh   bool
		records uint64
		digest  wire.Digest
	}
	cause cause
}

// find returns a shard, or nil.
func (c *Core) find(number int) *shard {
	i, ok := slices.BinarySearchFunc(c.shards, number, func(s *shard, n int) int { return s.number - n })
	if !ok {
		return nil
	}
	return c.shards[i]
}

// shard returns a shard of this bot, absent if it was never mentioned, or nil if
// there is no such shard.
func (c *Core) shard(number int) *shard {
	if number < 0 || number >= c.numShards {
		return nil
	}
	i, ok := slices.BinarySearchFunc(c.shards, number, func(s *shard, n int) int { return s.number - n })
	if !ok {
		c.shards = slices.Insert(c.shards, i, &shard{core: c, number: number, machine: c.program.shard.New()})
	}
	return c.shards[i]
}

func (s *shard) state() lifecycle.ShardState { return s.machine.State() }

// starts reports whether the shard is being started: what became of that is not known.
func (s *shard) starts() bool {
	return s.state() == lifecycle.ShardCompleting || s.state() == lifecycle.ShardResuming
}

// fire hands the shard's machine an event and runs what follows.
func (s *shard) fire(event lifecycle.ShardEvent) fsm.Outcome[lifecycle.ShardState, lifecycle.ShardEvent] {
	out, err := s.machine.Fire(s, event)
	if err != nil {
		s.core.note(Error, s.number, err.Error(), "defect in the shard's lifecycle")
		return out
	}
	s.core.trace(s.machine.Snapshot().Table, out.Row)
	timer := Timer{Kind: TimerShard, Shard: s.number}
	if out.Disarm {
		s.core.emit(Disarm{timer})
	}
	if out.Deadline != "" {
		s.core.emit(Arm{Timer: timer, After: s.wait(out.Deadline)})
	}
	for _, effect := range s.core.program.shardEffects.Of(out.Row) {
		effect(s)
	}
	return out
}

// ask puts an order to the shard's machine. When the table takes it, it is what
// the shard does from now on; when not, it is refused and nothing has changed.
func (s *shard) ask(event lifecycle.ShardEvent, o order) bool {
	before, epoch := s.order, s.epoch
	s.order, s.epoch = o, max(s.epoch, o.epoch)
	out := s.fire(event)
	if out.Verdict == fsm.Taken {
		return true
	}
	s.order, s.epoch = before, epoch
	if out.Verdict == fsm.Refused {
		s.refuse(o, cause{lifecycle.FailureRefused, fmt.Sprintf("%s while the shard is %s: %s", o.event, out.From, out.Because)})
	}
	return false
}

// admit judges an order's epoch. Dialect 1 has none.
//
// A newer epoch is always good. That of the last order is good for the next step
// of the same attempt. The last order itself, coming again, is answered again.
func (s *shard) admit(o order) bool {
	if s.core.link.dialect == 1 {
		return true
	}
	switch {
	case o.epoch > s.epoch:
		return true
	case o.epoch > 0 && o.epoch == s.order.epoch && o.event == s.order.event:
		s.order.link = o.link
		s.say()
		return false
	case o.epoch > 0 && o.epoch == s.epoch && s.continues(o):
		return true
	default:
		s.refuse(o, cause{
			lifecycle.FailureEpoch,
			fmt.Sprintf("%s at epoch %d, but epoch %d was seen: want a greater one", o.event, o.epoch, s.epoch),
		})
		return false
	}
}

// continues reports whether an order is the next step of the present attempt.
func (s *shard) continues(o order) bool {
	switch o.event {
	case wire.EvtStopShard:
		return s.order.event == wire.EvtCopyShard
	case wire.EvtResume:
		return s.inbox.awaits(o.epoch) && !s.state().Serves()
	default:
		return false
	}
}

// StateWhole implements lifecycle.ShardView.
func (s *shard) StateWhole() bool { return s.order.want != nil && s.inbox.whole(s.order.want) }

// StateBroken implements lifecycle.ShardView.
func (s *shard) StateBroken() bool { return s.order.want != nil && s.inbox.broken(s.order.want) != "" }

// SessionKept implements lifecycle.ShardView.
func (s *shard) SessionKept() bool { return s.kept }

// CopyOffered implements lifecycle.ShardView.
func (s *shard) CopyOffered() bool { return s.core.options.PreCopy }

// EpochsUsed implements lifecycle.ShardView.
func (s *shard) EpochsUsed() bool { return s.core.EpochsUsed() }

// MayRun implements lifecycle.ShardView.
func (s *shard) MayRun() bool { return s.core.mayRun() }

// wait is how long a state of the shard may last.
func (s *shard) wait(deadline string) time.Duration {
	d := s.core.options.Deadlines
	switch deadline {
	case lifecycle.BotStateDeadline:
		return d.State
	case lifecycle.BotCopyDeadline:
		return d.Copy + d.Grace
	case lifecycle.BotStopDeadline:
		return d.Stop + d.Grace
	default: // BotStartDeadline
		s.timeout = d.Start
		if s.startSession().ID == "" {
			s.timeout += time.Duration(max(s.core.identifying(), s.core.assigned-1)) * d.Identify
		}
		return s.timeout + d.Grace
	}
}

// identifying counts the shards that are starting without a session and have been for
// longer than the one that is about to. Those of one assignment may be admitted in any
// order, so there all others count.
func (c *Core) identifying() (n int) {
	for _, s := range c.shards {
		if s.state() == lifecycle.ShardResuming && s.startSession().ID == "" {
			n++
		}
	}
	return n - 1
}

// startSession is the session with which the shard starts, or has to be started.
func (s *shard) startSession() Session {
	switch {
	case s.order.event == wire.EvtSoftStart: // beside another slave's sessions
		return Session{}
	case s.order.want != nil:
		return s.caughtUp(Session{s.order.want.SessionID, s.order.want.Sequence, s.order.want.ResumeURL})
	case s.order.session.ID != "":
		return s.caughtUp(s.order.session)
	case s.kept:
		return s.session
	default:
		return Session{}
	}
}

// caughtUp returns a session that the master knows from a checkpoint as far as this
// slave has handled it, if it was here that it stopped.
func (s *shard) caughtUp(with Session) Session {
	if !s.kept || with.ID == "" || with.ID != s.session.ID {
		return with
	}
	with.Sequence = max(with.Sequence, s.session.Sequence)
	if with.ResumeURL == "" {
		with.ResumeURL = s.session.ResumeURL
	}
	return with
}

// overdue takes the deadline of the shard's state.
func (s *shard) overdue() {
	text := fmt.Sprintf("still %s when the time was up", s.state())
	code := lifecycle.FailureDeadline
	if s.state() == lifecycle.ShardCompleting {
		code, text = lifecycle.FailureState, s.inbox.missing(s.order.want)
	}
	s.cause = cause{code, text}
	s.fire(lifecycle.ShardDeadline)
}
