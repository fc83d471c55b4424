package core

import (
	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

func (s *shard) openInbox() { s.inbox = inbox{open: true, epoch: s.order.epoch} }

func (s *shard) callStart() {
	with := s.startSession()
	if s.kept && with.ID != "" {
		s.session = with // when the start fails, it is the one to try again
	}
	if whole := s.order.want != nil && s.order.want.Records > 0; whole {
		s.spoilt = false
	} else if s.spoilt && with.ID != "" {
		s.core.note(Warn, s.number, "", "resumed on a state that a way back which was broken off has begun to replace")
	}
	s.core.emit(Call{
		Callback: CallStart, Shard: s.number, Epoch: s.order.epoch, NumShards: s.core.numShards,
		Session: with, Timeout: s.timeout,
	})
}

func (s *shard) callCopy() {
	s.copied = 0
	s.core.emit(Call{
		Callback: CallCopy, Shard: s.number, Epoch: s.order.epoch, Dialect: s.core.link.dialect,
		Timeout: s.core.options.Deadlines.Copy,
	})
}

func (s *shard) cancel() { s.core.emit(Cancel{s.number}) }

// yield puts an order of the slave's own in the place of the present one, which has
// no answer any more: that the shard runs, or has been stopped for somebody, would
// not be true.
func (s *shard) yield() { s.order = order{event: wire.EvtStopShard, own: true} }

func (s *shard) callStop() {
	s.core.emit(Call{
		Callback: CallStop, Shard: s.number, Epoch: s.order.epoch, Dialect: s.core.link.dialect,
		Copied:  s.order.epoch > 0 && s.copied == s.order.epoch,
		Dropped: s.order.own,
		Timeout: s.core.options.Deadlines.Stop,
	})
}

// answerStart echoes the Resume. In dialect 1 that is byte for byte the request;
// a start has no answer there.
func (s *shard) answerStart() {
	s.inbox, s.kept, s.spoilt = inbox{}, false, false
	if s.core.link.dialect == 1 {
		if s.order.event == wire.EvtResume {
			s.reply(wire.EvtResume, &wire.ResumeShardData{
				Shard: s.number, SessionID: s.order.want.SessionID, Sequence: s.order.want.Sequence,
			})
		}
		return
	}
	s.reply(wire.EvtResume, &wire.ResumeShardData{
		Shard: s.number, SessionID: s.session.ID, Sequence: s.session.Sequence, ResumeURL: s.session.ResumeURL,
		Epoch: s.epoch, Fresh: s.result.fresh,
	})
	s.result.fresh = false // it was news of that start; a shard that runs on is not fresh again
}

func (s *shard) answerCopied() {
	s.copied = s.epoch
	s.reply(wire.EvtCopyShard, &wire.CopyShardData{Shard: s.number, Epoch: s.epoch, Records: s.result.records})
}

// answerStop hands the session over; a copy is kept for the shard's return. Unasked,
// the heartbeats are what tells the master, and the first goes out at once.
func (s *shard) answerStop() {
	if s.order.own {
		s.core.sendBeat([]wire.ShardInfo{s.info()})
		return
	}
	if s.core.link.dialect == 1 {
		s.reply(wire.EvtStopShard, &wire.StopShardData{
			Shard: s.number, SessionID: s.session.ID, Sequence: s.session.Sequence,
		})
		return
	}
	stopped := &wire.ShardStoppedData{
		Shard: s.number, SessionID: s.session.ID, Sequence: s.session.Sequence, ResumeURL: s.session.ResumeURL,
		Epoch: s.epoch, Records: s.result.records,
	}
	if s.result.records > 0 {
		stopped.Digest = s.result.digest.Bytes()
	}
	s.reply(wire.EvtShardStopped, stopped)
}

// report answers the present order with a failure.
func (s *shard) report() {
	f := s.failure(s.order, s.cause)
	s.order.answer = &answer{wire.EvtFailure, f}
	s.core.note(Error, s.number, s.cause.text, "%s failed (%s); the shard is %s", s.order.event, s.cause.code, s.state())
	s.say()
}

// refuse answers an order that does not become the present one.
func (s *shard) refuse(o order, why cause) {
	s.core.note(Warn, s.number, why.text, "%s refused (%s)", o.event, why.code)
	if s.core.link.dialect == 2 {
		s.core.toMaster(o.link, wire.EvtFailure, s.failure(o, why))
	}
}

// failure says why an order was not carried out and where that leaves the shard.
func (s *shard) failure(o order, why cause) *wire.FailureData {
	f := &wire.FailureData{
		Event: o.event, Shard: s.number, Epoch: o.epoch, Phase: string(s.state()), Code: why.code, Text: clip(why.text),
	}
	if s.state() == lifecycle.ShardStopped {
		f.SessionID, f.Sequence, f.ResumeURL = s.session.ID, s.session.Sequence, s.session.ResumeURL
	}
	return f
}

func (s *shard) drop() {
	s.inbox, s.session, s.kept, s.spoilt = inbox{}, Session{}, false, false
}

// reply answers the present order, and again whenever it comes again.
func (s *shard) reply(event wire.EventType, data any) {
	s.order.answer = &answer{event, data}
	s.say()
}

// say sends the present order's answer, if there is one yet and somebody awaits it.
// Dialect 1 has no failures: there the note in the log has to do.
func (s *shard) say() {
	a := s.order.answer
	if a == nil || s.order.own || a.event == wire.EvtFailure && s.core.link.dialect != 2 {
		return
	}
	if s.order.link != s.core.link.number && !s.state().Serves() {
		// Whoever asked is gone. A master that has come since knows from the hello that the
		// shard was under way, and would not hear what became of it.
		s.core.sendBeat([]wire.ShardInfo{s.info()})
		return
	}
	s.core.toMaster(s.order.link, a.event, a.data)
}

// clip keeps a reason short enough for a control message.
func clip(text string) string { return clipTo(1<<10, text) }

func clipTo(limit int, text string) string {
	if len(text) <= limit {
		return text
	}
	return text[:limit] + "…"
}
