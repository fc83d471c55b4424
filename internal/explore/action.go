package explore

import (
	"fmt"

	"github.com/shardbaton/baton/fsm/lifecycle"
	mcore "github.com/shardbaton/baton/master/core"
	score "github.com/shardbaton/baton/slaveclient/core"
	"github.com/shardbaton/baton/wire"
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
	if w.m != nil && !w.m.frozen && p.child == w.lives && !p.buried {
		if !p.known {
			list = append(list, action{kind: tellLaunch, a: i})
		} else if p.dead {
			list = append(list, action{kind: tellExit, a: i})
		}
	}
	switch {
	case p.dead:
		if w.left[Forgets] > 0 && w.m != nil && !w.m.frozen && p.child != w.lives && !p.buried {
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
	return (t.Kind == score.TimerControl || t.Kind == score.TimerState) && w.m != nil
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
		if t.due || t.name == lifecycle.BackOffDeadline || w.left[Deadlines] > 0 {
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
		if w.left[o.limit] > 0 {
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

// strangers is how many things a connection can do that is no slave's.
const strangers = 3

// stranger connects and says nothing, or something that is no hello.
func (w *world) stranger(does int) {
	w.lastLink++
	w.addConn(&conn{id: w.lastLink, slave: over, met: true, cut: true})
	link := mcore.LinkID(w.lastLink)
	w.tellMaster(mcore.Opened{Link: link})
	switch does {
	case 1:
		w.tellMaster(mcore.Received{Link: link, Type: wire.EvtHeartbeat, Data: &wire.HeartbeatData{}})
	case 2:
		w.tellMaster(mcore.Received{Link: link, Type: wire.EvtFullStart, Data: &wire.StartData{}})
	}
}

// text says what an action is, in the words of a story.
func (w *world) text(a action) string {
	conn := func() string {
		k := w.conns[a.a]
		name := k.of
		if k.state {
			name += "'s state link"
		}
		return fmt.Sprintf("%s %d", name, k.id)
	}
	switch a.kind {
	case masterReads:
		return fmt.Sprintf("master hears %s: %s", conn(), name(w.conns[a.a].up[0].t))
	case slaveReads:
		return fmt.Sprintf("slave hears %s: %s", conn(), name(w.conns[a.a].down[0].t))
	case masterLoses:
		return "master loses " + conn()
	case slaveLoses:
		return "slave loses " + conn()
	case cut:
		return "cut " + conn()
	case returns:
		return w.returnText(a)
	case starts:
		return fmt.Sprintf("%s is started", w.m.launches[a.a].id)
	case launchFails:
		return fmt.Sprintf("%s cannot be started", w.m.launches[a.a].id)
	case tellLaunch:
		return fmt.Sprintf("master learns that %s was started", w.procs[a.a].id)
	case tellExit:
		return fmt.Sprintf("master learns that %s has ended", w.procs[a.a].id)
	case killed:
		return "kill " + w.procs[a.a].id
	case freeze:
		return "freeze " + w.procs[a.a].id
	case thaw:
		return "thaw " + w.procs[a.a].id
	case forget:
		return "forget " + w.procs[a.a].id
	case crash:
		return fmt.Sprintf("kill master, %d changes safe", a.a)
	case slaveTime:
		t := w.procs[a.a].timers[a.b].t
		if t.Kind == score.TimerShard {
			return fmt.Sprintf("%s: time of shard %d", w.procs[a.a].id, t.Shard)
		}
		return fmt.Sprintf("%s: time of %s", w.procs[a.a].id, t.Kind)
	case masterTime:
		return fmt.Sprintf("master: time of %v, %s", w.m.timers[a.b].t, w.m.timers[a.b].name)
	case event:
		return fmt.Sprintf("event of shard %d", a.a)
	case stranger:
		return fmt.Sprintf("stranger %d", a.a)
	default:
		return map[kind]string{
			journaled: "journal is safe", restart: "start master", thawMain: "thaw master", freezeMain: "freeze master",
			upgrade: "upgrade", pause: "pause", resume: "resume", abort: "abort", stop: "stop", arrive: "a slave is started by hand",
		}[a.kind]
	}
}

func (w *world) returnText(a action) string {
	p := w.procs[a.a]
	how := [...]string{"returns", "fails", "breaks off"}[a.c]
	if len(p.work[a.b]) == 0 {
		return fmt.Sprintf("%s: Shutdown %s", p.id, how)
	}
	switch e := p.work[a.b][0].(type) {
	case score.Load:
		return fmt.Sprintf("%s: LoadGuildState of shard %d %s", p.id, e.Shard, how)
	case score.Call:
		if e.Shard != score.NoShard {
			return fmt.Sprintf("%s: %s of shard %d %s", p.id, e.Callback, e.Shard, how)
		}
		return fmt.Sprintf("%s: %s %s", p.id, e.Callback, how)
	}
	return ""
}

// do lets an action happen.
func (w *world) do(a action) {
	w.apply(a)
	w.settle()
}

func (w *world) apply(a action) {
	i := int(a.a)
	switch a.kind {
	case masterReads:
		w.masterReads(i)
	case slaveReads:
		w.slaveReads(i)
	case masterLoses:
		w.masterLoses(i)
	case slaveLoses:
		w.slaveLoses(i)
	case returns:
		w.apReturns(a)
	case starts, launchFails:
		w.apLaunch(a)
	case tellLaunch:
		p := w.proc(i)
		p.known = true
		w.tellMaster(mcore.Launched{Slave: mcore.SlaveID(p.id), PID: 1})
	case tellExit:
		w.tellExit(i)
	case journaled:
		seq := w.record.tail[len(w.record.tail)-1].Seq
		w.record.keep(len(w.record.tail), false)
		w.tellMaster(mcore.Journaled{Seq: seq})
	case restart:
		w.restart()
	case thaw, freeze:
		w.apFreeze(i, a.kind == freeze)
	case thawMain, freezeMain:
		w.apFreezeMain(a.kind == freezeMain)
	case slaveTime:
		w.apSlaveTime(i, int(a.b))
	case masterTime:
		w.apMasterTime(int(a.b))
	case cut:
		k := w.conn(i)
		k.cut, k.torn = true, true
		if k.state {
			w.spend(StateCuts)
		} else {
			w.spend(Cuts)
		}
	case killed:
		w.spend(Kills)
		w.slay(i)
	case crash:
		w.spend(Crashes)
		w.record.keep(i, true)
		w.masterEnds()
	case event:
		w.spend(Events)
		w.shards[i].produced++
		for j := range w.procs {
			if w.procs[j].bot[i].run == runs {
				w.handle(w.proc(j), i)
			}
		}
	default:
		w.apOperator(a)
	}
}

func (w *world) apOperator(a action) {
	switch a.kind {
	case upgrade:
		w.spend(Upgrades)
		w.askUpgrade()
	case pause:
		w.spend(Pauses)
		w.tellMaster(mcore.PauseAsked{})
	case resume:
		w.spend(Resumes)
		w.tellMaster(mcore.ResumeAsked{})
	case abort:
		w.spend(Aborts)
		w.tellMaster(mcore.AbortAsked{Reason: "asked"})
	case stop:
		w.spend(Stops)
		w.stopAsked = true
		w.tellMaster(mcore.StopAsked{})
	case arrive:
		w.spend(Arrivals)
		w.arrives()
	case stranger:
		w.spend(Strangers)
		w.stranger(int(a.a))
	case forget:
		w.spend(Forgets)
		w.forgets(int(a.a))
	}
}

func (w *world) askUpgrade() {
	w.asked++
	w.tellMaster(mcore.UpgradeAsked{Upgrade: mcore.UpgradeID(fmt.Sprintf("u%d", w.asked)), Plan: mcore.Plan{NumShards: w.cfg.NumShards}})
}

func (w *world) arrives() {
	w.arrived++
	w.begin(fmt.Sprintf("x%d", w.arrived), 0, false)
}

func (w *world) forgets(i int) {
	p := w.proc(i)
	p.buried = true
	w.tellMaster(mcore.ForgetAsked{Slave: mcore.SlaveID(p.id)})
}

func (w *world) apReturns(a action) {
	p := w.proc(int(a.a))
	if a.c != uint8(succeeds) {
		w.spend(Failures)
	}
	if len(p.work[a.b]) > 0 {
		w.returns(int(a.a), int(a.b), outcome(a.c))
		return
	}
	p.closing = false
	for n := range p.bot {
		p.bot[n].run = runsNot
	}
	w.tellSlave(p.id, score.HasShutDown{})
}

func (w *world) apLaunch(a action) {
	m := w.master()
	l := m.launches[a.a]
	m.launches = append(m.launches[:a.a:a.a], m.launches[a.a+1:]...)
	if a.kind == starts {
		w.begin(l.id, w.lives, l.doomed)
		return
	}
	w.spend(LaunchFailures)
	w.bent = true
	w.tellMaster(mcore.LaunchFailed{Slave: mcore.SlaveID(l.id), Reason: "no such program"})
}

func (w *world) apFreeze(i int, still bool) {
	p := w.proc(i)
	p.frozen = still
	if still {
		w.spend(Freezes)
		return
	}
	for j := range p.timers {
		p.timers[j].due = true
	}
	for n := range p.bot {
		w.handle(p, n)
	}
}

func (w *world) apFreezeMain(still bool) {
	m := w.master()
	m.frozen = still
	if still {
		w.spend(Freezes)
		return
	}
	for j := range m.timers {
		m.timers[j].due = true
	}
}

func (w *world) apSlaveTime(i, j int) {
	p := w.proc(i)
	t := p.timers[j]
	if !t.due && !w.slaveTimerFree(t.t) {
		w.spend(w.slaveTimerLimit(t.t))
	}
	p.disarm(t.t)
	w.tellSlave(p.id, score.Fired{Timer: t.t})
}

func (w *world) apMasterTime(j int) {
	m := w.master()
	t := m.timers[j]
	if !t.due && t.name != lifecycle.BackOffDeadline {
		w.spend(Deadlines)
	}
	m.disarm(t.t)
	w.tellMaster(mcore.Fired{Timer: t.t})
}

func (w *world) spend(l Limit) {
	if w.left[l] > 0 {
		w.left[l]--
	}
}

// restart starts the master's process anew, with what the last one has written down.
func (w *world) restart() {
	m, err := w.newMaster()
	if err != nil {
		w.violate("S7", "%v", err)
		return
	}
	w.m, w.ownMaster = m, true
	w.tellMaster(mcore.Started{Record: w.record.safe.Clone()})
}
