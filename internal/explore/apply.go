package explore

import (
	"fmt"

	mcore "github.com/shardbaton/baton/master/core"
	score "github.com/shardbaton/baton/slaveclient/core"
	"github.com/shardbaton/baton/wire"
)

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
	case attach:
		w.attach(i)
	case healthy, ailing:
		w.answersHealth(i, a.kind == ailing)
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
		w.judgeRecord()
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
	w.tellMaster(mcore.UpgradeAsked{Upgrade: mcore.UpgradeID(fmt.Sprintf("u%d", w.asked)), Plan: w.cfg.plan()})
}

func (w *world) arrives() {
	w.arrived++
	w.begin(fmt.Sprintf("x%d", w.arrived), 0, false)
}

func (w *world) forgets(i int) {
	p := w.proc(i)
	p.buried = true
	w.master().heardOf(p.id)
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
		// A lease is over by the clock: it is not just that there was time to notice.
		p.timers[j].due = p.timers[j].t.Kind != score.TimerLease || p.expired
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
	p.expired = p.expired || t.t.Kind == score.TimerLease
	w.tellSlave(p.id, score.Fired{Timer: t.t})
}

func (w *world) apMasterTime(j int) {
	m := w.master()
	t := m.timers[j]
	if !t.due && !w.masterTimerFree(t) {
		w.spend(Deadlines)
	}
	m.disarm(t.t)
	if t.t.Of == mcore.LeaseLife {
		w.lapses(t.t)
	}
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
	w.inherit(m)
	w.tellMaster(mcore.Started{Record: w.record.safe.Clone()})
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
