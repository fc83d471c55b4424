package explore

import (
	"fmt"

	score "github.com/shardbaton/baton/slaveclient/core"
)

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
	case attach:
		return fmt.Sprintf("master finds the process of %s", w.procs[a.a].id)
	case healthy:
		return w.procs[a.a].id + " is healthy"
	case ailing:
		return w.procs[a.a].id + " is not healthy"
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
