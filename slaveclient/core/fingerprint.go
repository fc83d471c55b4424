package core

import (
	"encoding/binary"

	"github.com/shardbaton/baton/wire"
)

// Canon writes what has a name or a number that is only ever compared: two cores
// that differ in nothing but such names are the same core to a search. Each method
// appends to dst and returns it.
type Canon interface {
	// Epoch writes an epoch of a shard. Epochs of one shard are compared by order.
	Epoch(dst []byte, shard int, epoch uint64) []byte
	// Session writes the id of a gateway session. The empty id is none.
	Session(dst []byte, id string) []byte
	// Message writes a message, with or without data.
	Message(dst []byte, t wire.EventType, data any) []byte
}

// AppendFingerprint appends everything that decides what the core does from now on.
// Two cores of the same options with equal fingerprints answer every event alike,
// but for names that n makes equal, for how long pauses last, and for texts that are
// only for people.
//
// What a timer waits for is told by [Core.Waits].
func (c *Core) AppendFingerprint(dst []byte, n Canon) []byte {
	dst = append(dst, byte(c.slave.Index()), byte(c.link.dialect), byte(c.link.quiet), byte(c.full))
	dst = appendFlags(dst, c.link.up, c.link.state, c.gathering, c.refusal != nil)
	dst = binary.AppendVarint(dst, int64(c.link.heartbeat))
	dst = c.appendLease(dst)
	dst = appendFlags(dst, c.health.begun, c.health.asking, c.health.verdict != "")
	dst = binary.AppendVarint(dst, int64(c.numShards))
	dst = binary.AppendVarint(dst, int64(c.assigned))
	dst = c.appendRequest(dst, n, c.asked)
	dst = c.appendRequest(dst, n, c.kept)
	dst = append(dst, byte(len(c.state)))
	for _, r := range c.state {
		dst = appendText(dst, r.Kind)
		dst = appendText(dst, r.Key)
		dst = appendText(dst, string(r.Payload))
	}
	dst = append(dst, byte(len(c.shards)))
	for _, s := range c.shards {
		dst = s.appendTo(dst, n)
	}
	return dst
}

// appendLease writes what decides when the lease is over. Without one it does not
// matter which heartbeats were answered.
func (c *Core) appendLease(dst []byte) []byte {
	if c.link.lease == 0 && c.lease == (lease{}) {
		return append(dst, 0)
	}
	dst = append(dst, 1)
	for _, v := range []uint64{uint64(c.link.lease), uint64(c.lease.length), c.link.beats, c.link.answered} {
		dst = binary.AppendUvarint(dst, v)
	}
	return appendFlags(dst, c.lease.over, c.lease.retry)
}

// Waits calls yield for each machine whose state has a deadline, in an order that
// cores with equal fingerprints share: its timer has to be armed, and no other of
// these kinds.
func (c *Core) Waits(yield func(t Timer)) {
	if name, _ := c.slave.Deadline(); name != "" {
		yield(Timer{Kind: TimerSlave})
	}
	if c.lease.retry {
		yield(Timer{Kind: TimerYield})
	}
	for _, s := range c.shards {
		if name, _ := s.machine.Deadline(); name != "" {
			yield(Timer{Kind: TimerShard, Shard: s.number})
		}
	}
}

func (c *Core) appendRequest(dst []byte, n Canon, r *request) []byte {
	if r == nil {
		return append(dst, 0)
	}
	dst = append(dst, 1, byte(r.event), byte(r.dialect), byte(len(r.shards)))
	dst = appendFlags(dst, r.from, r.own, r.link == c.link.number)
	dst = binary.AppendVarint(dst, int64(r.numShards))
	for _, i := range r.shards {
		dst = append(dst, byte(i.Shard))
		dst = n.Epoch(dst, i.Shard, i.Epoch)
		dst = appendText(dst, i.Phase)
		dst = Session{i.SessionID, i.Sequence, i.ResumeURL}.appendTo(dst, n)
	}
	return dst
}

func (s *shard) appendTo(dst []byte, n Canon) []byte {
	dst = append(dst, byte(s.number), byte(s.machine.Index()))
	dst = n.Epoch(dst, s.number, s.epoch)
	dst = s.appendOrder(dst, n)
	dst = s.inbox.appendTo(dst, n, s.number)
	dst = s.session.appendTo(dst, n)
	dst = n.Epoch(dst, s.number, s.copied)
	dst = s.appendArming(dst, n)
	dst = appendFlags(dst, s.kept, s.spoilt, s.result.fresh)
	dst = binary.AppendUvarint(dst, s.result.records)
	return append(dst, s.result.digest[:]...)
}

func (s *shard) appendOrder(dst []byte, n Canon) []byte {
	o := s.order
	dst = append(dst, byte(o.event))
	dst = n.Epoch(dst, s.number, o.epoch)
	dst = appendFlags(dst, o.link == s.core.link.number, o.answer != nil, o.want != nil, o.own)
	if o.answer != nil {
		dst = n.Message(dst, o.answer.event, o.answer.data)
	}
	if o.want != nil {
		dst = n.Message(dst, wire.EvtResume, o.want)
	}
	return o.session.appendTo(dst, n)
}

func (b inbox) appendTo(dst []byte, n Canon, shard int) []byte {
	dst = appendFlags(dst, b.open, b.fault != "", b.cut)
	dst = n.Epoch(dst, shard, b.epoch)
	dst = binary.AppendUvarint(dst, b.next)
	dst = binary.AppendUvarint(dst, b.loaded)
	return append(dst, b.digest[:]...)
}

func (s *shard) appendArming(dst []byte, n Canon) []byte {
	a := s.arming
	dst = append(dst, byte(a.stage))
	dst = n.Epoch(dst, s.number, a.epoch)
	dst = appendFlags(dst, a.link == s.core.link.number, a.dialled)
	dst = binary.AppendUvarint(dst, a.records)
	return appendText(dst, a.url)
}

func (s Session) appendTo(dst []byte, n Canon) []byte {
	dst = n.Session(dst, s.ID)
	dst = binary.AppendVarint(dst, s.Sequence)
	return appendText(dst, s.ResumeURL)
}

// appendFlags writes up to eight answers.
func appendFlags(dst []byte, flags ...bool) []byte {
	var b byte
	for i, f := range flags {
		if f {
			b |= 1 << i
		}
	}
	return append(dst, b)
}

func appendText(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}
