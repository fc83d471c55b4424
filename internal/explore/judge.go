package explore

import (
	"slices"

	"github.com/shardbaton/baton/fsm/lifecycle"
	mcore "github.com/shardbaton/baton/master/core"
	score "github.com/shardbaton/baton/slaveclient/core"
	"github.com/shardbaton/baton/wire"
)

// check looks at what has to hold in every state.
func (w *world) check() {
	if w.wrong != nil {
		return
	}
	w.checkOwners()
	w.checkTimers()
}

// checkOwners is S1: for every shard at most one slave runs it. A shard counts from
// the moment at which StartShard is called until StopShard has returned or the
// process is dead. In a soft start the sessions are others; there nobody may handle
// events while somebody with another number of shards does.
func (w *world) checkOwners() {
	for n := range w.shards {
		var who string
		for _, p := range w.procs {
			if p.dead || p.soft || p.expired || p.bot[n].run == runsNot {
				continue
			}
			if who != "" {
				w.violate("S1", "%s and %s both run shard %d", who, p.id, n)
				return
			}
			who = p.id
		}
	}
}

// checkTimers is L3: whatever waits has its timer armed, and nothing else has.
func (w *world) checkTimers() {
	if w.m != nil {
		waiting := 0
		w.m.core.Waits(func(t mcore.Timer, name string) {
			waiting++
			if !slices.ContainsFunc(w.m.timers, func(a masterTimer) bool { return a.t == t && a.name == name }) {
				w.violate("L3", "the master's %v waits for %q, and no timer is armed", t, name)
			}
		})
		if waiting != len(w.m.timers) && w.wrong == nil {
			w.violate("L3", "the master has %d timers armed, and %d lives that wait", len(w.m.timers), waiting)
		}
	}
	for _, p := range w.procs {
		if p.dead {
			continue
		}
		p.core.Waits(func(t score.Timer) {
			if !slices.ContainsFunc(p.timers, func(a slaveTimer) bool { return a.t == t }) {
				w.violate("L3", "slave %s: %v waits, and no timer is armed", p.id, t)
			}
		})
	}
}

// judgeStart is S2, S3 and S4 at the moment at which StartShard is called.
func (w *world) judgeStart(p *proc, k score.Call) {
	t, b := &w.shards[k.Shard], &p.bot[k.Shard]
	w.judgeEpoch(p, k)
	if k.Session.ID == "" || k.Epoch == 0 || p.soft {
		return
	}
	if k.Session.ID == b.session && k.Session.Sequence == int64(b.seq) {
		return // its own, which it has kept with the state that goes with it
	}
	if w.cfg.Stateless {
		return // it can do without
	}
	if t.sentEpoch != k.Epoch || b.torn && t.sent > 0 || t.sent > 0 && (b.inEpoch != k.Epoch || b.inRecord != t.sent) {
		w.violate("S4", "%s resumes shard %d at epoch %d with %d records of epoch %d (torn: %t), but %d were sent at epoch %d",
			p.id, k.Shard, k.Epoch, b.inRecord, b.inEpoch, b.torn, t.sent, t.sentEpoch)
	}
}

func (w *world) judgeStop(p *proc, k score.Call) { w.judgeEpoch(p, k) }

// judgeEpoch is S2: nobody acts on an epoch that is older than what was acted on.
func (w *world) judgeEpoch(p *proc, k score.Call) {
	t := &w.shards[k.Shard]
	if k.Epoch == 0 || p.soft {
		return
	}
	if k.Epoch < t.acted {
		w.violate("S2", "%s acts on shard %d (%s) at epoch %d, but epoch %d was acted on before", p.id, k.Shard, k.Callback, k.Epoch, t.acted)
	}
	t.acted = max(t.acted, k.Epoch)
}

// judgeResume looks for events that a RESUME has skipped.
func (w *world) judgeResume(p *proc, shard int) {
	b, t := &p.bot[shard], &w.shards[shard]
	if b.session == t.session && b.seq < t.checked {
		w.violate("G1", "%s resumes shard %d after event %d, but the master knows that event %d was handled", p.id, shard, b.seq, t.checked)
	}
	for e := range b.seq {
		if t.handled[e] == 0 {
			w.violate("G2", "%s resumes shard %d after event %d, but nobody has handled event %d", p.id, shard, b.seq, e+1)
		}
	}
}

// judgeFresh looks for a new session where there is an old one: whoever has had the
// shard last was not killed, and no bot has failed at anything.
func (w *world) judgeFresh(p *proc, shard int) {
	t := &w.shards[shard]
	if t.sessions > 1 && !t.orphan && !w.bent && !w.reshards() {
		w.violate("G3", "%s starts shard %d with a new session, although %s, which had it, was not killed, and no bot has failed", p.id, shard, t.last)
	}
}

// reshards reports whether upgrades change the number of shards, so that sessions end.
func (w *world) reshards() bool { return w.cfg.NumShards != 0 && w.cfg.NumShards != w.cfg.Shards }

// judgeSend is S5 and S6 at the moment at which the master sends something.
func (w *world) judgeSend(k *conn, e mcore.Send) {
	i := w.find(k.of)
	if i < 0 || w.procs[i].dead {
		return
	}
	p := w.procs[i]
	switch d := e.Data.(type) {
	case *wire.StartData:
		for n := range w.shards {
			if d == nil || slices.ContainsFunc(d.Shards, func(s wire.ShardInfo) bool { return s.Shard == n }) {
				w.judgeGiven(p, n)
			}
		}
	case *wire.ResumeShardData:
		w.judgeGiven(p, d.Shard)
	}
	ends := p.told && !w.forgotten(p) || slices.ContainsFunc(k.down, func(m message) bool { return m.t == wire.EvtShutdown })
	switch {
	case e.Type == wire.EvtShutdown:
		w.judgeShutdown(p)
		if u := w.m.core.Status().Upgrade; u != nil && (u.State == lifecycle.UpgradeRetiring || u.State == lifecycle.UpgradeCuttingOver) {
			w.proc(i).retired = true
		}
	case ends && (e.Type == wire.EvtResume || e.Type == wire.EvtFullStart || e.Type == wire.EvtStopShard || e.Type == wire.EvtCopyShard):
		w.violate("S6", "%s is sent to %s, which was told to shut down before", e.Type, p.id)
	}
}

// forgotten reports whether a slave was told to end and the record does not say so. The
// old slaves of an upgrade are told only when it does.
func (w *world) forgotten(p *proc) bool {
	return !(p.retired && w.cfg.Journal) && w.lives > 1 && (w.record.safe == nil || !slices.ContainsFunc(w.record.safe.Slaves, func(s mcore.SlaveRecord) bool { return string(s.Slave) == p.id && s.Ending }))
}

// judgeGiven is S5: nobody is told to start a shard that another may run, or that one may
// run who was written down for it and has not been heard of.
func (w *world) judgeGiven(p *proc, shard int) {
	if w.reshards() || shard >= len(p.bot) || p.bot[shard].run != runsNot {
		return
	}
	for _, q := range w.procs {
		if q != p && !q.dead && !q.soft && !q.expired && q.bot[shard].run != runsNot {
			w.violate("S5", "%s is told to start shard %d, which %s has", p.id, shard, q.id)
		}
	}
	if w.m == nil || w.record.safe == nil {
		return
	}
	for _, id := range w.m.unheard {
		if i := w.find(id); i >= 0 && !w.procs[i].dead && id != p.id && w.concerns(id, shard) {
			w.violate("S5", "%s is told to start shard %d, and %s, which may run it, has not been heard of", p.id, shard, id)
		}
	}
}

// judgeRecord is S5 and S6 when a master dies: whoever may run a shard is written down, and
// no old slave was told to end unless it is written down that the new ones have everything.
func (w *world) judgeRecord() {
	if !w.cfg.Journal {
		return
	}
	r := w.record.safe
	for _, p := range w.procs {
		if p.dead {
			continue
		}
		if !w.record.counts(p.id) && slices.ContainsFunc(p.bot, func(b botShard) bool { return b.run != runsNot }) {
			w.violate("S5", "%s has shards, and the next master does not know of it", p.id)
		}
		if r != nil && r.Upgrade != nil && !r.Upgrade.Committed && p.retired {
			w.violate("S6", "%s was told to end, and the next master may take the upgrade back", p.id)
		}
	}
}

// concerns reports whether the record names a slave for a shard. Outside an upgrade it
// may have been given any.
func (w *world) concerns(id string, shard int) bool {
	r := w.record.safe
	if r.Upgrade == nil || shard < len(r.Shards) && string(r.Shards[shard].Owner) == id {
		return true
	}
	return slices.ContainsFunc(r.Upgrade.Parts, func(p mcore.PartRecord) bool {
		return string(p.Slave) == id && slices.Contains(p.Shards, shard)
	})
}

// noteCheckpoints notes what the master hears of the sessions of those that have them.
func (w *world) noteCheckpoints(id string, data any) {
	var list []wire.ShardInfo
	switch d := data.(type) {
	case *wire.SlaveHelloData:
		list = d.Shards
	case *wire.HeartbeatData:
		list = d.Shards
	}
	for _, s := range list {
		if s.Shard < len(w.shards) && w.shards[s.Shard].last == id && w.shards[s.Shard].session == s.SessionID {
			w.shards[s.Shard].checked = max(w.shards[s.Shard].checked, int(s.Sequence))
		}
	}
}

// judgeShutdown is S6: nobody is told to shut down that has, or keeps, a shard that
// nobody has taken over.
func (w *world) judgeShutdown(p *proc) {
	if w.stopAsked || p.soft || w.reshards() {
		return
	}
	for n := range w.shards {
		if p.bot[n].run != runsNot {
			w.violate("S6", "%s is told to shut down and runs shard %d", p.id, n)
		} else if w.shards[n].last == p.id {
			w.violate("S6", "%s is told to shut down and has stopped shard %d, which nobody has taken over", p.id, n)
		}
	}
}
