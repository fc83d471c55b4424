package core_test

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

// world is a rig with slaves that do what slaves do, and a clock.
type world struct {
	*rig
	bots map[string]*bot
	now  time.Duration
	due  map[core.Timer]time.Duration
	// fault decides whether a slave fails at what it was told.
	fault func(what string) bool
	// old says that slaves of dialect 1 are about, stateless that launched ones can resume
	// without state.
	old, stateless bool
	// made counts the slaves that came by themselves.
	made int
	over map[core.UpgradeID]core.Result
	// refused says that an operator's command was refused.
	refused bool
	// identified counts the sessions; handled says up to where the events of each were
	// handled; handed is the epoch of each shard's last hand-over.
	identified int
	handled    map[string]int64
	handed     map[int]uint64
}

func newWorld(t testingT, opt core.Options) *world {
	w := &world{
		rig: newRig(t, opt), bots: make(map[string]*bot), due: make(map[core.Timer]time.Duration),
		fault: func(string) bool { return false }, over: make(map[core.UpgradeID]core.Result),
		handled: make(map[string]int64), handed: make(map[int]uint64),
	}
	w.shards = opt.Shards
	return w
}

// do steps the core and does what the world has to do about the effects.
func (w *world) do(e core.Event) {
	w.t.Helper()
	for _, effect := range w.step(e) {
		switch f := effect.(type) {
		case core.Arm:
			w.due[f.Timer] = w.now + f.After
			continue
		case core.Disarm:
			delete(w.due, f.Timer)
			continue
		case core.Launch:
			w.bots[string(f.Slave)] = &bot{
				name: string(f.Slave), launched: true, first: w.old && len(w.bots)%2 == 0, stateless: w.stateless, shards: make(map[int]*botShard),
			}
		case core.CloseLink:
			if b := w.bots[w.who[f.Link]]; b != nil && w.link[b.name] == f.Link {
				b.linked = false
			}
		case core.Kill:
			if b := w.bots[string(f.Slave)]; b != nil || !w.lies {
				b.dead = true
			}
		case core.Finish:
			w.over[f.Upgrade] = f.Result
		case core.Refuse:
			w.refused = true
		}
	}
	w.checkRunning()
}

// checkRunning checks that no two living slaves run the same shard.
func (w *world) checkRunning() {
	w.t.Helper()
	if w.lies { // what a slave has said of itself is what the judge goes by
		return
	}
	runs := make(map[int]string)
	for _, name := range slices.Sorted(maps.Keys(w.bots)) {
		b := w.bots[name]
		for n, sh := range b.shards {
			if b.dead || sh.soft || sh.phase != lifecycle.ShardRunning {
				continue
			}
			if other := runs[n]; other != "" {
				w.fail("S1: %s and %s both run shard %d", other, name, n)
			}
			runs[n] = name
		}
	}
}

// come lets a slave that nobody launched appear.
func (w *world) come(first bool) *bot {
	w.made++
	b := &bot{name: fmt.Sprintf("x%d", w.made), first: first, shards: make(map[int]*botShard)}
	w.bots[b.name] = b
	return b
}

// dial connects a slave and lets it introduce itself.
func (w *world) dial(b *bot) {
	w.t.Helper()
	h := &wire.SlaveHelloData{Running: b.full || b.first && b.known}
	b.known = true
	w.judge.first[b.name] = b.first
	if !b.first {
		h.Protocol, h.SlaveID, h.NumShards, h.PreCopy, h.Arm, h.Stateless = 2, b.name, w.shards, b.preCopy, b.preCopy, b.stateless
		for _, n := range slices.Sorted(maps.Keys(b.shards)) {
			h.Shards = append(h.Shards, b.info(n))
		}
	}
	b.linked = true
	w.lastLink++
	w.who[w.lastLink], w.link[b.name] = b.name, w.lastLink
	w.told[b.name] = nil
	w.do(core.Opened{Link: w.lastLink})
	before := w.usable()
	w.do(core.Received{Link: w.lastLink, Type: wire.EvtSlaveHello, Data: h})
	if b.first {
		w.learn(b.name, before)
	}
	if b.linked && !b.first {
		w.do(core.StateUp{Slave: core.SlaveID(b.name)})
	}
}

// cut breaks a slave's control link.
func (w *world) cut(b *bot) {
	b.linked = false
	// That a slave of dialect 1 never hears that its last shard has moved cannot be told
	// from its end.
	ends := b.first && slices.ContainsFunc(w.told[b.name], func(s core.Send) bool {
		d, ok := s.Data.(*wire.StopShardData)
		return ok && d.Shard >= w.shards
	})
	w.told[b.name] = nil
	if ends {
		w.die(b)
	}
	w.do(core.Lost{Link: w.link[b.name], Reason: "cut"})
}

// die ends a slave's process. The master sees that only if it launched it.
func (w *world) die(b *bot) {
	w.t.Helper()
	b.dead = true
	if b.linked {
		w.cut(b)
	}
	if b.launched {
		delete(w.bots, b.name)
		w.do(core.Exited{Slave: core.SlaveID(b.name), Code: 1, Reason: "exit"})
	}
}

// names lists the living slaves that match, in order.
func (w *world) names(match func(*bot) bool) []string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(w.bots)) {
		if b := w.bots[name]; !b.dead && match(b) {
			list = append(list, name)
		}
	}
	return list
}

// tick lets the timer run out that is due first, but for those that heartbeats keep
// from doing so.
func (w *world) tick() bool {
	var first core.Timer
	for _, t := range slices.SortedFunc(maps.Keys(w.due), compareTimers) {
		if w.timers[t].Name == lifecycle.SilenceDeadline || t.Of == core.LeaseLife {
			continue
		}
		if first == (core.Timer{}) || w.due[t] < w.due[first] {
			first = t
		}
	}
	if first == (core.Timer{}) {
		return false
	}
	w.now = max(w.now, w.due[first])
	w.expire(first)
	return true
}

func (w *world) expire(t core.Timer) {
	if b := w.bots[w.lessee[t.ID]]; t.Of == core.LeaseLife && b != nil {
		b.lapse() // its own clock is the shorter one
	}
	delete(w.due, t)
	delete(w.timers, t)
	w.do(core.Fired{Timer: t})
}

func compareTimers(a, b core.Timer) int {
	if a.Of != b.Of {
		return int(a.Of) - int(b.Of)
	}
	return int(a.ID) - int(b.ID)
}

// heal lets everything go well from now on until nothing is left to do, and checks
// that every shard then runs on exactly one slave.
func (w *world) heal() {
	w.t.Helper()
	w.fault = func(string) bool { return false }
	for _, b := range w.bots {
		b.unhealthy = false
	}
	enough := w.made + 8
	for range 1000 {
		if w.settle() || w.save(len(w.tail)) {
			continue
		}
		if w.well() {
			return
		}
		if w.core.Status().GaveUp {
			w.do(core.UpgradeAsked{Upgrade: core.UpgradeID(fmt.Sprintf("heal-%d", w.now))})
			continue
		}
		if w.tick() {
			w.beat()
			continue
		}
		if w.opt.CanLaunch || w.made >= enough {
			w.fail("L2: nothing is left to wait for, but not every shard is served")
		}
		w.dial(w.come(false)) // the operator starts another one
	}
	w.fail("L2: not every shard is served after a long time")
}

// settle lets one slave do one thing, if there is anything to do.
func (w *world) settle() bool {
	for _, name := range slices.Sorted(maps.Keys(w.bots)) {
		b := w.bots[name]
		switch {
		case b.dead && b.launched:
			w.die(b)
		case b.dead:
			delete(w.bots, name)
			w.do(core.ForgetAsked{Slave: core.SlaveID(w.idOf(name))})
		case !b.linked:
			if b.launched {
				w.do(core.Launched{Slave: core.SlaveID(name), PID: 1})
			}
			w.dial(b)
		case len(w.told[name]) > 0:
			w.act(b)
		case b.lapsed:
			b.lapsed = false
			w.beat()
		default:
			continue
		}
		return true
	}
	return false
}

// idOf returns the id by which the master knows a slave.
func (w *world) idOf(name string) string {
	for id, alias := range w.alias {
		if alias == name {
			return id
		}
	}
	return name
}

// beat lets every slave of dialect 2 report.
func (w *world) beat() {
	for _, name := range w.names(func(b *bot) bool { return b.linked && !b.first }) {
		b := w.bots[name]
		w.handle(b)
		d := &wire.HeartbeatData{Beat: 1}
		if b.unhealthy {
			d.Unhealthy = "so it says"
		}
		for _, n := range slices.Sorted(maps.Keys(b.shards)) {
			d.Shards = append(d.Shards, b.info(n))
		}
		w.do(core.Received{Link: w.link[name], Type: wire.EvtHeartbeat, Data: d})
		w.told[name] = slices.DeleteFunc(w.told[name], func(s core.Send) bool { return s.Type == wire.EvtHeartbeat })
	}
}

// well reports whether no upgrade runs and every shard runs on its owner.
func (w *world) well() bool {
	st := w.core.Status()
	if st.Upgrade != nil || st.NumShards == 0 {
		return false
	}
	for _, sh := range st.Shards {
		b := w.bots[string(sh.Owner)]
		if alias := w.alias[string(sh.Owner)]; alias != "" {
			b = w.bots[alias]
		}
		if b == nil || b.dead || sh.InDoubt || b.shards[sh.Shard] == nil || b.shards[sh.Shard].phase != lifecycle.ShardRunning {
			return false
		}
	}
	return true
}
