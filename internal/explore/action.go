package explore

import (
	"slices"

	"github.com/shardbaton/baton/fsm/lifecycle"
	mcore "github.com/shardbaton/baton/master/core"
	score "github.com/shardbaton/baton/slaveclient/core"
)

// action is one thing that can happen in a world. What its numbers mean depends on
// its kind; they hold for the very world in which the action was found.
type action struct {
	kind    kind
	a, b, c uint8
}

type kind uint8

const (
	masterReads kind = iota + 1 // a: connection
	slaveReads                  // a: connection
	masterLoses                 // a: connection
	slaveLoses                  // a: connection
	returns                     // a: process, b: shard+1, c: outcome
	starts                      // a: launch
	tellLaunch                  // a: process
	tellExit                    // a: process
	attach                      // a: process
	healthy                     // a: process
	journaled
	restart  // the master's process is started again
	thaw     // a: process
	thawMain // the master
	slaveTime
	masterTime
	// From here on, what the budget bounds.
	launchFails // a: launch
	cut         // a: connection
	killed      // a: process
	crash       // a: how many entries of the journal's tail are safe
	freeze      // a: process
	freezeMain  // the master
	event       // a: shard
	ailing      // a: process
	upgrade
	pause
	resume
	abort
	stop
	arrive
	forget   // a: process
	stranger // a: what it does
)

// faulty reports whether only a fault, or an operator, makes the action happen.
func (a action) faulty() bool {
	return a.kind >= launchFails || a.kind == returns && a.c != uint8(succeeds)
}

// actions appends everything that can happen next.
func (w *world) actions(list []action) []action {
	if w.wrong != nil {
		return list
	}
	for i, k := range w.conns {
		list = w.connActions(list, uint8(i), k)
	}
	for i, p := range w.procs {
		list = w.procActions(list, uint8(i), p)
	}
	if m := w.m; m == nil {
		if !w.halted {
			list = append(list, action{kind: restart})
		}
	} else if m.frozen {
		list = append(list, action{kind: thawMain})
	} else {
		list = w.masterActions(list, m)
	}
	if w.m != nil {
		if w.left[Crashes] > 0 {
			for n := 0; n <= len(w.record.tail); n++ {
				list = append(list, action{kind: crash, a: uint8(n)})
			}
		}
		list = w.operatorActions(list)
	}
	if w.left[Events] > 0 {
		for n := range w.shards[:w.cfg.Shards] {
			list = append(list, action{kind: event, a: uint8(n)})
		}
	}
	if w.left[Arrivals] > 0 {
		list = append(list, action{kind: arrive})
	}
	return list
}

func (w *world) connActions(list []action, i uint8, k *conn) []action {
	if w.m != nil && !w.m.frozen && k.master != over {
		if len(k.up) > 0 && (k.master == open || k.draining) {
			list = append(list, action{kind: masterReads, a: i})
		}
		if k.cut && (k.torn || len(k.up) == 0) {
			list = append(list, action{kind: masterLoses, a: i})
		}
	}
	if p := w.find(k.of); p >= 0 && !w.procs[p].frozen && !w.procs[p].dead && k.slave == open {
		if len(k.down) > 0 {
			list = append(list, action{kind: slaveReads, a: i})
		}
		if k.cut && (k.torn || len(k.down) == 0) {
			list = append(list, action{kind: slaveLoses, a: i})
		}
	}
	if !k.cut && (k.state && w.left[StateCuts] > 0 || !k.state && w.left[Cuts] > 0) {
		list = append(list, action{kind: cut, a: i})
	}
	return list
}

func (w *world) procActions(list []action, i uint8, p *proc) []action {
	if w.m != nil && !w.m.frozen && !p.buried {
		switch mine := p.child == w.lives; {
		case mine && !p.known:
			list = append(list, action{kind: tellLaunch, a: i})
		case p.dead && (mine || w.m.kin(p.id)):
			list = append(list, action{kind: tellExit, a: i})
		case !p.dead && !mine && w.m.kin(p.id):
			list = append(list, action{kind: attach, a: i})
		}
	}
	switch {
	case p.dead:
		if w.left[Forgets] > 0 && w.m != nil && !w.m.frozen && p.child != w.lives && !w.m.kin(p.id) && !p.buried {
			list = append(list, action{kind: forget, a: i})
		}
		return list
	case p.frozen:
		list = append(list, action{kind: thaw, a: i})
	default:
		list = w.slaveActions(list, i, p)
	}
	if w.left[Kills] > 0 {
		list = append(list, action{kind: killed, a: i})
	}
	if w.left[Freezes] > 0 && !p.frozen {
		list = append(list, action{kind: freeze, a: i})
	}
	return list
}

func (w *world) slaveActions(list []action, i uint8, p *proc) []action {
	if j := p.overdueLease(); j >= 0 && !w.readsLeases() {
		return append(list, action{kind: slaveTime, a: i, b: uint8(j)}) // it comes before anything else
	}
	if p.asking {
		list = append(list, action{kind: healthy, a: i})
		if w.left[Ills] > 0 {
			list = append(list, action{kind: ailing, a: i})
		}
	}
	busy := false
	for at, jobs := range p.work {
		if len(jobs) == 0 {
			continue
		}
		busy = true
		stops := false
		if k, ok := jobs[0].(score.Call); ok {
			stops = k.Callback == score.CallStop
			if (stops || k.Callback == score.CallCopy) && !w.canSend(p, k) {
				continue
			}
		}
		list = append(list, action{returns, i, uint8(at), uint8(succeeds)})
		if w.left[Failures] > 0 {
			list = append(list, action{returns, i, uint8(at), uint8(fails)})
			if stops {
				list = append(list, action{returns, i, uint8(at), uint8(breaksOff)})
			}
		}
	}
	if p.closing && !busy {
		list = append(list, action{returns, i, 0, uint8(succeeds)})
	}
	for j, t := range p.timers {
		if (t.t.Kind == score.TimerControl || t.t.Kind == score.TimerState) && w.crowded(p) {
			continue
		}
		if t.due || w.slaveTimerFree(t.t) || w.left[w.slaveTimerLimit(t.t)] > 0 {
			list = append(list, action{kind: slaveTime, a: i, b: uint8(j)})
		}
	}
	return list
}

// crowd is how many connections of one slave the master may have whose end it has yet
// to notice. A master that is slower than that is one that is frozen.
const crowd = 4

// crowded reports whether the master has to notice something before the slave dials.
func (w *world) crowded(p *proc) bool {
	n := 0
	for _, k := range w.conns {
		if k.of == p.id && k.slave == over && k.master != over {
			n++
		}
	}
	return n >= crowd
}

// slaveTimerFree reports whether a timer fires whenever it likes: a pause before
// another dial is no deadline of anything.
func (w *world) slaveTimerFree(t score.Timer) bool {
	return t.Kind == score.TimerYield || (t.Kind == score.TimerControl || t.Kind == score.TimerState) && w.m != nil
}

// masterTimerFree reports the same of a master's timer: the pause before another try,
// and the time for which something is watched, as long as nobody is slower than that.
func (w *world) masterTimerFree(t masterTimer) bool {
	return (t.name == lifecycle.BackOffDeadline || t.name == lifecycle.HoldDeadline || t.name == lifecycle.ProofDeadline) &&
		!slices.ContainsFunc(w.conns, func(k *conn) bool { return len(k.up)+len(k.down) > 0 })
}

func (w *world) slaveTimerLimit(t score.Timer) Limit {
	if t.Kind == score.TimerHeartbeat {
		return Beats
	}
	return Deadlines
}

func (w *world) masterActions(list []action, m *master) []action {
	for i, l := range m.launches {
		list = append(list, action{kind: starts, a: uint8(i)})
		if w.left[LaunchFailures] > 0 && !l.doomed {
			list = append(list, action{kind: launchFails, a: uint8(i)})
		}
	}
	for i, t := range m.timers {
		if t.t.Of == mcore.LeaseLife && !w.mayLapse(t.t) {
			continue
		}
		if t.due || w.masterTimerFree(t) || w.left[Deadlines] > 0 {
			list = append(list, action{kind: masterTime, b: uint8(i)})
		}
	}
	if len(w.record.tail) > 0 {
		list = append(list, action{kind: journaled})
	}
	if w.left[Freezes] > 0 {
		list = append(list, action{kind: freezeMain})
	}
	return list
}

func (w *world) operatorActions(list []action) []action {
	if w.m.frozen {
		return list
	}
	for _, o := range [...]struct {
		limit Limit
		kind  kind
	}{{Upgrades, upgrade}, {Pauses, pause}, {Resumes, resume}, {Aborts, abort}, {Stops, stop}} {
		if w.left[o.limit] > 0 && (o.kind == upgrade || o.kind == stop || w.m.core.Status().Upgrade != nil) {
			list = append(list, action{kind: o.kind})
		}
	}
	if w.left[Strangers] > 0 {
		for n := range strangers {
			list = append(list, action{kind: stranger, a: uint8(n)})
		}
	}
	return list
}
