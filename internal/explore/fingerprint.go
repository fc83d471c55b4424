package explore

import (
	mcore "github.com/shardbaton/baton/master/core"
	score "github.com/shardbaton/baton/slaveclient/core"
)

// appendFingerprint writes everything that decides what can happen from here on, and
// what would be wrong then. Worlds that differ only in names and in numbers that do
// nothing but grow have the same fingerprint.
func (w *world) appendFingerprint(dst []byte, n *canon) []byte {
	n.reset()
	n.beats = w.cfg.Lease > 0
	start := len(dst)
	dst = append(dst, w.left[:]...)
	dst = append(dst, flags(w.killed, w.bent, w.halted, w.stopAsked, w.m != nil, w.begun >= w.cfg.First), byte(w.asked))
	dst = append(dst, byte(len(w.procs)))
	for _, p := range w.procs {
		dst = w.appendProc(dst, n, p)
	}
	dst = append(dst, byte(len(w.conns)))
	for _, k := range w.conns {
		dst = k.appendTo(dst, n)
	}
	for i := range w.shards {
		dst = w.shards[i].appendTo(dst, n, i)
	}
	if w.m != nil {
		dst = w.m.appendTo(dst, n)
	}
	dst = w.record.appendTo(dst, n)
	n.settle(dst[start:])
	return dst
}

func (w *world) appendProc(dst []byte, n *canon, p *proc) []byte {
	dst = n.name(dst, p.id)
	dst = append(dst, flags(p.dead, p.frozen, p.known, p.buried, p.child == w.lives, p.child == 0, p.first, p.soft), flags(p.told, p.retired, p.closing, p.asking, p.expired, p.control <= p.void, w.m != nil && w.m.kin(p.id)))
	if p.dead {
		return dst
	}
	dst = n.number(dst, p.control)
	dst = n.number(dst, p.state)
	dst = p.core.AppendFingerprint(dst, n)
	for _, t := range p.timers {
		if t.due {
			dst = append(dst, 'd')
		}
		switch t.t.Kind {
		case score.TimerControl, score.TimerState, score.TimerHeartbeat, score.TimerLease, score.TimerHealth:
			dst = append(dst, t.t.Kind[len(t.t.Kind)-1], byte(len(t.t.Kind)))
		}
	}
	for _, jobs := range p.work {
		dst = append(dst, byte(len(jobs)))
		for _, e := range jobs {
			dst = appendJob(dst, n, e)
		}
	}
	for i, b := range p.bot {
		dst = append(dst, byte(b.run), byte(b.seq), byte(b.records), byte(b.inRecord), flags(b.torn))
		dst = n.Session(dst, b.session)
		dst = n.Epoch(dst, i, b.epoch)
		dst = n.Epoch(dst, i, b.inEpoch)
	}
	return dst
}

func appendJob(dst []byte, n *canon, e score.Effect) []byte {
	switch e := e.(type) {
	case score.Load:
		dst = append(dst, 'l', byte(e.Number))
		return n.Epoch(dst, e.Shard, e.Epoch)
	case score.Call:
		dst = append(dst, e.Callback...)
		dst = append(dst, byte(e.NumShards), byte(e.Dialect), flag(e.Copied), byte(len(e.Shards)))
		dst = n.Epoch(dst, e.Shard, e.Epoch)
		return n.session(dst, e.Session.ID, e.Session.Sequence)
	}
	return dst
}

func (k *conn) appendTo(dst []byte, n *canon) []byte {
	dst = n.number(dst, k.id)
	dst = n.name(dst, k.of)
	dst = append(dst, byte(k.slave), byte(k.master), flags(k.state, k.met, k.draining, k.cut, k.torn), byte(len(k.up)), byte(len(k.down)))
	for _, m := range k.up {
		dst = n.Message(dst, m.t, m.data)
	}
	for _, m := range k.down {
		dst = n.Message(dst, m.t, m.data)
	}
	return dst
}

func (t *truth) appendTo(dst []byte, n *canon, shard int) []byte {
	dst = n.name(dst, t.last)
	dst = n.Epoch(dst, shard, t.acted)
	dst = n.Epoch(dst, shard, t.sentEpoch)
	dst = append(dst, byte(t.sent), byte(t.produced), flags(t.sessions > 0, t.orphan))
	dst = append(dst, byte(t.checked))
	dst = n.Session(dst, t.session)
	return append(dst, t.handled[:t.produced]...)
}

func (m *master) appendTo(dst []byte, n *canon) []byte {
	dst = m.core.AppendFingerprint(dst, n)
	dst = append(dst, flags(m.frozen), byte(len(m.launches)))
	for _, l := range m.launches {
		dst = append(n.name(dst, l.id), flag(l.doomed))
	}
	dst = append(dst, byte(len(m.routes)))
	for _, r := range m.routes {
		dst = n.name(n.Epoch(append(dst, byte(r.shard)), r.shard, r.epoch), r.to)
	}
	for _, p := range m.peers {
		if p.link != 0 || p.state != 0 {
			dst = n.number(n.number(n.name(dst, p.id), p.link), p.state)
		}
	}
	dst = append(dst, byte(len(m.unheard)))
	for _, id := range m.unheard {
		dst = n.name(dst, id)
	}
	due := false
	for _, t := range m.timers {
		due = due || t.due
	}
	if due { // which timers are armed follows from the core, which are due does not
		m.core.Waits(func(t mcore.Timer, _ string) {
			for _, a := range m.timers {
				if a.t == t {
					dst = append(dst, flag(a.due))
				}
			}
		})
	}
	return dst
}

func (j *journal) appendTo(dst []byte, n *canon) []byte {
	if j.safe == nil && len(j.tail) == 0 {
		return append(dst, 0)
	}
	dst = append(dst, 1)
	dst = appendRecord(dst, n, j.safe)
	dst = append(dst, byte(len(j.tail)))
	// What the tail would make of the record is what counts, entry by entry.
	r := j.safe.Clone()
	if r == nil {
		r = &mcore.Record{}
	}
	for _, e := range j.tail {
		r.Apply(e.Change)
		dst = appendRecord(dst, n, r)
	}
	return dst
}

func appendRecord(dst []byte, n *canon, r *mcore.Record) []byte {
	if r == nil {
		return append(dst, 0)
	}
	dst = append(dst, 1, byte(len(r.Shards)))
	for i, s := range r.Shards {
		dst = n.Slave(dst, s.Owner)
		dst = n.Epoch(dst, i, s.Epoch)
		dst = n.Epoch(dst, i, s.Issued)
		dst = n.session(dst, s.Session.ID, s.Session.Sequence)
	}
	dst = append(dst, byte(len(r.Slaves)))
	for _, s := range r.Slaves {
		dst = n.Slave(dst, s.Slave)
		dst = append(dst, byte(s.Dialect), flags(s.Launched, s.Ending))
	}
	u := r.Upgrade
	if u == nil {
		return append(dst, 0)
	}
	dst = append(dst, 1, flag(u.Committed), byte(u.NumShards), byte(len(u.Parts)))
	for _, p := range u.Parts {
		dst = n.Slave(dst, p.Slave)
		dst = append(dst, flag(p.Source), byte(len(p.Shards)))
		for _, s := range p.Shards {
			dst = append(dst, byte(s))
		}
	}
	return dst
}

// flags writes up to eight answers.
func flags(answers ...bool) byte {
	var b byte
	for i, f := range answers {
		if f {
			b |= 1 << i
		}
	}
	return b
}
