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
	// old says that slaves of dialect 1 are about.
	old bool
	// made counts the slaves that came by themselves.
	made int
	over map[core.UpgradeID]core.Result
}

// bot is a model of a slave.
type bot struct {
	name     string
	launched bool
	dead     bool
	linked   bool
	first    bool // speaks dialect 1
	source   bool // dialect 1: it has been the source of a migration
	full     bool // it was started
	known    bool // it has been connected
	shards   map[int]*botShard
	preCopy  bool
}

type botShard struct {
	phase lifecycle.ShardState
	epoch uint64 // the greatest that was seen
	soft  bool   // it is connected, but handles nothing
}

func newWorld(t testingT, opt core.Options) *world {
	w := &world{
		rig: newRig(t, opt), bots: make(map[string]*bot), due: make(map[core.Timer]time.Duration),
		fault: func(string) bool { return false }, over: make(map[core.UpgradeID]core.Result),
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
				name: string(f.Slave), launched: true, first: w.old && len(w.bots)%2 == 0, shards: make(map[int]*botShard),
			}
		case core.CloseLink:
			if b := w.bots[w.who[f.Link]]; b != nil && w.link[b.name] == f.Link {
				b.linked = false
			}
		case core.Kill:
			w.bots[string(f.Slave)].dead = true
		case core.Finish:
			w.over[f.Upgrade] = f.Result
		}
	}
	w.checkRunning()
}

// checkRunning checks that no two living slaves run the same shard.
func (w *world) checkRunning() {
	w.t.Helper()
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
		h.Protocol, h.SlaveID, h.NumShards, h.PreCopy, h.Arm = 2, b.name, w.shards, b.preCopy, b.preCopy
		for _, n := range slices.Sorted(maps.Keys(b.shards)) {
			h.Shards = append(h.Shards, wire.ShardInfo{Shard: n, Epoch: b.shards[n].epoch, Phase: string(b.shards[n].phase)})
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
		for id := range w.usable() {
			if !before[id] {
				w.alias[string(id)] = b.name
			}
		}
	}
	if b.linked && !b.first {
		w.do(core.StateUp{Slave: core.SlaveID(b.name)})
	}
}

func (w *world) usable() map[core.SlaveID]bool {
	m := make(map[core.SlaveID]bool)
	for _, s := range w.core.Status().Slaves {
		if s.Link.Usable() {
			m[s.Slave] = true
		}
	}
	return m
}

// cut breaks a slave's control link.
func (w *world) cut(b *bot) {
	b.linked = false
	w.told[b.name] = nil
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

// act lets a slave do the next thing that it was told, and answer.
func (w *world) act(b *bot) {
	w.t.Helper()
	s := w.told[b.name][0]
	w.told[b.name] = w.told[b.name][1:]
	for _, m := range b.do(w, s) {
		if b.linked && !b.dead {
			w.do(core.Received{Link: w.link[b.name], Type: m.Type, Data: m.Data})
		}
	}
	if s.Type == wire.EvtShutdown || b.first && s.Type == wire.EvtStopShard && s.Data.(*wire.StopShardData).Shard >= w.shards {
		w.die(b)
		delete(w.bots, b.name)
	}
}

func (b *bot) shard(n int) *botShard {
	if b.shards[n] == nil {
		b.shards[n] = &botShard{phase: lifecycle.ShardAbsent}
	}
	return b.shards[n]
}

// do does what the slave was told and returns what it answers.
func (b *bot) do(w *world, s core.Send) []core.Send {
	failure := func(shard int, epoch uint64) []core.Send {
		f := &wire.FailureData{Event: s.Type, Shard: shard, Epoch: epoch, Code: "bot", Text: "told to fail"}
		if shard >= 0 {
			f.Phase = string(b.shard(shard).phase)
			f.SessionID = "kept"
		}
		return []core.Send{{Type: wire.EvtFailure, Data: f}}
	}
	switch d := s.Data.(type) {
	case *wire.ShardMigrationStartData:
		if !b.first && w.fault("prepare") {
			return failure(-1, 0)
		}
		b.source = b.source || d.FromThisSlave
		b.full = b.full || !d.FromThisSlave
		return []core.Send{{Type: s.Type, Data: &wire.ShardMigrationStartData{FromThisSlave: d.FromThisSlave, NumShards: w.shards}}}
	case *wire.CopyShardData:
		return []core.Send{{Type: s.Type, Data: d}}
	case *wire.ArmShardData:
		return []core.Send{{Type: s.Type, Data: d}}
	case *wire.StartData:
		answers := b.start(w, s, d, failure)
		if s.Type == wire.EvtSoftStart {
			return append(answers, core.Send{Type: wire.EvtSoftStartComplete})
		}
		b.full = true
		return append(answers, core.Send{Type: s.Type, Data: d})
	case *wire.StopShardData:
		if b.first && !b.source {
			w.fail("dialect 1: %s is told to stop shard %d, but it never was a source: that ends it", b.name, d.Shard)
		}
		return b.stop(w, d, failure)
	case *wire.ResumeShardData:
		return b.resume(w, d, failure)
	}
	switch s.Type {
	case wire.EvtShutdown:
		if !b.first {
			return []core.Send{{Type: s.Type}}
		}
	case wire.EvtFullStart: // of dialect 1: every shard
		b.full = true
		for n := range w.shards {
			b.shard(n).phase = lifecycle.ShardRunning
		}
	}
	return nil
}

func (b *bot) start(w *world, s core.Send, d *wire.StartData, failure func(int, uint64) []core.Send) []core.Send {
	var answers []core.Send
	for _, i := range d.Shards {
		sh := b.shard(i.Shard)
		if sh.phase == lifecycle.ShardRunning && i.Epoch <= sh.epoch {
			sh.soft = s.Type == wire.EvtSoftStart
			continue
		}
		if i.Epoch <= sh.epoch {
			answers = append(answers, failure(i.Shard, i.Epoch)...)
			continue
		}
		sh.epoch = i.Epoch
		if w.fault("start") {
			answers = append(answers, failure(i.Shard, i.Epoch)...)
			continue
		}
		sh.phase, sh.soft = lifecycle.ShardRunning, s.Type == wire.EvtSoftStart
		answers = append(answers, core.Send{Type: wire.EvtResume, Data: &wire.ResumeShardData{Shard: i.Shard, Epoch: i.Epoch, Fresh: true}})
	}
	return answers
}

func (b *bot) stop(w *world, d *wire.StopShardData, failure func(int, uint64) []core.Send) []core.Send {
	if b.first && d.Shard >= w.shards {
		return nil
	}
	sh := b.shard(d.Shard)
	again := sh.phase == lifecycle.ShardStopped && sh.epoch == d.Epoch
	switch {
	case !b.first && (d.Epoch < sh.epoch || sh.phase != lifecycle.ShardRunning && !again):
		return failure(d.Shard, d.Epoch)
	case !b.first && !again && w.fault("stop"):
		sh.epoch = d.Epoch
		return failure(d.Shard, d.Epoch)
	case !b.first && !again && w.fault("stop without state"):
		sh.epoch, sh.phase = d.Epoch, lifecycle.ShardStopped
		return failure(d.Shard, d.Epoch)
	}
	sh.epoch, sh.phase = d.Epoch, lifecycle.ShardStopped
	if b.first {
		return []core.Send{{Type: wire.EvtStopShard, Data: &wire.StopShardData{Shard: d.Shard, SessionID: "s", Sequence: 1}}}
	}
	return []core.Send{{Type: wire.EvtShardStopped, Data: &wire.ShardStoppedData{Shard: d.Shard, Epoch: d.Epoch, SessionID: "s", Sequence: 1}}}
}

func (b *bot) resume(w *world, d *wire.ResumeShardData, failure func(int, uint64) []core.Send) []core.Send {
	sh := b.shard(d.Shard)
	switch {
	case b.first:
	case d.Epoch < sh.epoch:
		return failure(d.Shard, d.Epoch)
	case sh.phase != lifecycle.ShardRunning && w.fault("resume"):
		sh.epoch = d.Epoch
		return failure(d.Shard, d.Epoch)
	}
	sh.epoch, sh.phase = d.Epoch, lifecycle.ShardRunning
	echo := *d
	echo.Fresh = !b.first && d.SessionID == ""
	return []core.Send{{Type: wire.EvtResume, Data: &echo}}
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
		if w.timers[t].Name == lifecycle.SilenceDeadline {
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
	enough := w.made + 8
	for range 1000 {
		if w.settle() {
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
		d := &wire.HeartbeatData{}
		for _, n := range slices.Sorted(maps.Keys(b.shards)) {
			d.Shards = append(d.Shards, wire.ShardInfo{Shard: n, Epoch: b.shards[n].epoch, Phase: string(b.shards[n].phase)})
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
