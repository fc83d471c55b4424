package explore

import (
	"slices"
	"time"

	mcore "github.com/shardbaton/baton/master/core"
	score "github.com/shardbaton/baton/slaveclient/core"
	"github.com/shardbaton/baton/wire"
)

// notes remembers when what the master answers was sent.
func (p *proc) notes(t wire.EventType, now time.Duration) {
	if t == wire.EvtSlaveHello {
		p.sent = nil
	}
	p.sent = append(p.sent[:len(p.sent):len(p.sent)], now)
}

// holds lets the lease of a slave count from when it has sent what was answered.
func (w *world) holds(p *proc, e score.Hold) {
	t := score.Timer{Kind: score.TimerLease}
	p.disarm(t)
	if e.For == 0 {
		p.expired = false
		return
	}
	from := w.now
	if int(e.Beat) < len(p.sent) {
		from = p.sent[e.Beat]
	}
	p.expired = p.control <= p.void && !w.readsLeases()
	p.timers = append(p.timers, slaveTimer{t: t, at: from + e.For, due: p.expired})
}

// readsLeases reports whether leases count from when the answer was read.
func (w *world) readsLeases() bool { return w.cfg.Warp != nil && w.cfg.Warp.LeaseFromRead }

// overdueLease returns the timer of a lease that is over by the clock, or -1.
func (p *proc) overdueLease() int {
	for j, t := range p.timers {
		if t.t.Kind == score.TimerLease && p.expired {
			return j
		}
	}
	return -1
}

// lessee returns the index of the slave whose lease a timer of the master's is about, or
// -1 when it is dead.
func (w *world) lessee(t mcore.Timer) int { return w.find(string(w.m.core.LeaseOf(t))) }

// mayLapse reports whether the master can have lost its patience with a slave: its clock
// has counted for longer than that slave's, from a later moment. Who runs has noticed by
// then; who stands still, or is cut off with an answer that it has not read, has not.
func (w *world) mayLapse(t mcore.Timer) bool {
	i := w.lessee(t)
	if i < 0 || w.procs[i].dead || w.procs[i].frozen {
		return true
	}
	p := w.procs[i]
	return !slices.ContainsFunc(p.timers, func(t slaveTimer) bool { return t.t.Kind == score.TimerLease })
}

// lapses notes that a slave's lease is over by the clock.
func (w *world) lapses(t mcore.Timer) {
	w.killed = true // what it has handled since it was heard of last is handled again
	i := w.lessee(t)
	if i < 0 {
		return
	}
	p := w.proc(i)
	w.master().heardOf(p.id)
	for n := range w.shards {
		if t := &w.shards[n]; t.last == p.id {
			t.orphan = true
		}
	}
	if p.dead {
		return
	}
	p.void = w.lastLink
	for _, t := range p.timers {
		p.expired = p.expired || t.t.Kind == score.TimerLease
	}
}

// answersHealth lets the bot say how it is.
func (w *world) answersHealth(i int, ill bool) {
	p := w.proc(i)
	p.asking = false
	verdict := ""
	if ill {
		w.spend(Ills)
		w.bent = true
		verdict = "ill"
	}
	w.tellSlave(p.id, score.Checked{Err: verdict})
}

// inherit notes whom the record knows: whose processes will be looked for, and who has to
// say what it runs before others are given it.
func (w *world) inherit(m *master) {
	r := w.record.safe
	for i := range w.procs {
		p := w.proc(i)
		known := false
		if r != nil {
			for _, s := range r.Slaves {
				if string(s.Slave) == p.id {
					known = true
					if s.Launched && p.child > 0 {
						m.family = append(m.family, p.id)
					}
					if s.Dialect > 0 {
						m.unheard = append(m.unheard, p.id)
					}
				}
			}
		}
		p.buried = p.dead && !known
	}
	for n := range w.shards {
		t := &w.shards[n]
		t.checked = 0
		if r != nil && n < len(r.Shards) && r.Shards[n].Session.ID == t.session {
			t.checked = int(r.Shards[n].Session.Sequence)
		}
	}
}

// kin reports whether the process of an earlier master's slave is being looked for.
func (m *master) kin(id string) bool {
	return slices.Contains(m.family, id)
}

// heardOf notes that a slave need not be waited for any more.
func (m *master) heardOf(id string) {
	m.unheard = slices.DeleteFunc(slices.Clone(m.unheard), func(u string) bool { return u == id })
}

// attach lets the master find a process that lives.
func (w *world) attach(i int) {
	p := w.proc(i)
	p.child = w.lives
	w.tellMaster(mcore.Attached{Slave: mcore.SlaveID(p.id), PID: 1})
}
