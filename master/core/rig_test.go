package core_test

import (
	"fmt"
	"reflect"
	"slices"
	"sync"

	"github.com/shardbaton/baton/fsm"
	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

// testingT is what a rig needs of a test: of a plain one, or of rapid's.
type testingT interface {
	Helper()
	Log(args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// rig is a core with the world around it: who is at which link, which timers are
// armed, and who may run which shard. After every step it checks what must never
// happen.
type rig struct {
	t    testingT
	core *core.Core
	// shadow is a clone that must do the same, or nil.
	shadow *core.Core
	opt    core.Options

	lastLink core.LinkID
	who      map[core.LinkID]string // the slave at each link, by the name in the story
	link     map[string]core.LinkID // the latest link of each slave
	timers   map[core.Timer]core.Arm
	// told are the requests that each slave has not answered.
	told map[string][]core.Send
	// alias is what a story calls a slave to which the master gave an id.
	alias map[string]string
	log   []string
	// record is what outlives a master, and tail what may; lives counts the masters.
	record core.Record
	tail   []core.Journal
	lives  int
	// lessee says whose lease a timer counts.
	lessee map[uint64]string
	*judge
}

func newRig(t testingT, opt core.Options) *rig {
	t.Helper()
	c, err := core.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	return &rig{
		t: t, core: c, opt: opt, lives: 1, lessee: make(map[uint64]string),
		who: make(map[core.LinkID]string), link: make(map[string]core.LinkID),
		timers: make(map[core.Timer]core.Arm), told: make(map[string][]core.Send), alias: make(map[string]string),
		judge: newJudge(),
	}
}

// step tells the core an event and returns a copy of its effects.
func (r *rig) step(e core.Event) []core.Effect {
	r.t.Helper()
	r.note(e)
	r.judge.event(r, e)
	effects := append([]core.Effect(nil), r.core.Step(e)...)
	if r.shadow != nil {
		if same := r.shadow.Step(e); !reflect.DeepEqual(effects, append([]core.Effect(nil), same...)) {
			r.fail("after %T %+v: a clone does\n%v\nwant\n%v", e, e, same, effects)
		}
	}
	spoken := ""
	for _, effect := range effects {
		r.log = append(r.log, "    "+r.describe(effect))
		switch f := effect.(type) {
		case core.Arm:
			if f.After <= 0 {
				r.fail("timer %v is armed for %v as %q: want a while", f.Timer, f.After, f.Name)
			}
			r.timers[f.Timer] = f
			if f.Timer.Of == core.LeaseLife && spoken != "" {
				r.lessee[f.Timer.ID] = spoken // it counts from the answer
			}
		case core.Disarm:
			delete(r.timers, f.Timer)
		case core.Send:
			r.told[r.who[f.Link]] = append(r.told[r.who[f.Link]], f)
			spoken = r.who[f.Link]
		case core.Journal:
			r.tail = append(r.tail, f)
		}
		r.judge.effect(r, effect)
	}
	r.checkTimers(e)
	return effects
}

// note keeps what happens, for a failing run.
func (r *rig) note(e core.Event) {
	switch f := e.(type) {
	case core.Received:
		data := ""
		if _, nonsense := f.Data.(string); !nonsense {
			data = fields(f.Data)
		}
		r.log = append(r.log, fmt.Sprintf("%s (link %d): %s%s", r.peer(f.Link), f.Link, name(f.Type), data))
	default:
		r.log = append(r.log, fmt.Sprintf("%T %+v", e, e))
	}
}

// fail ends the test with what has happened last.
func (r *rig) fail(format string, args ...any) {
	r.t.Helper()
	for _, line := range r.log[max(0, len(r.log)-120):] {
		r.t.Log(line)
	}
	r.t.Log(where(r.core.Status()))
	r.t.Fatalf(format, args...)
}

// fire lets a timer run out.
func (r *rig) fire(t core.Timer) []core.Effect {
	r.t.Helper()
	if _, armed := r.timers[t]; !armed {
		r.fail("timer %v is not armed", t)
	}
	delete(r.timers, t)
	return r.step(core.Fired{Timer: t})
}

// connect opens a link for a slave.
func (r *rig) connect(slave string) []core.Effect {
	r.t.Helper()
	r.lastLink++
	r.who[r.lastLink], r.link[slave] = slave, r.lastLink
	r.told[slave] = nil
	return r.step(core.Opened{Link: r.lastLink})
}

// say sends a message on a slave's latest link. What it answers is no longer open.
func (r *rig) say(slave string, t wire.EventType, data any) []core.Effect {
	r.t.Helper()
	request, shard := t, shardIn(data)
	switch d := data.(type) {
	case *wire.ShardStoppedData:
		request = wire.EvtStopShard
	case *wire.FailureData:
		request = d.Event
	}
	if t == wire.EvtSoftStartComplete {
		request = wire.EvtSoftStart
	}
	for i, s := range r.told[slave] {
		if s.Type == request && shardIn(s.Data) == shard {
			r.told[slave] = slices.Delete(r.told[slave], i, i+1)
			break
		}
	}
	return r.step(core.Received{Link: r.link[slave], Type: t, Data: data})
}

// shardIn returns the shard that a message is about, or -1.
func shardIn(data any) int {
	switch d := data.(type) {
	case *wire.StopShardData:
		return d.Shard
	case *wire.ShardStoppedData:
		return d.Shard
	case *wire.ResumeShardData:
		return d.Shard
	case *wire.CopyShardData:
		return d.Shard
	case *wire.ArmShardData:
		return d.Shard
	case *wire.FailureData:
		return d.Shard
	default:
		return -1
	}
}

// checkTimers checks that whatever waits has its timer armed, with the deadline that
// its table names, and that nothing else has.
func (r *rig) checkTimers(after core.Event) {
	r.t.Helper()
	st := r.core.Status()
	want := make(map[core.Timer]string)
	note := func(t core.Timer, state string) {
		if name := deadlines()[t.Of.String()+" "+state]; name != "" {
			want[t] = name
		}
	}
	note(core.Timer{Of: core.MasterLife}, string(st.State))
	for _, sh := range st.Shares {
		note(core.Timer{Of: core.ShareLife, ID: uint64(sh.Share)}, string(sh.State))
	}
	if st.Upgrade != nil {
		note(core.Timer{Of: core.UpgradeLife}, string(st.Upgrade.State))
	}
	for _, sh := range st.Shards {
		note(core.Timer{Of: core.MoveLife, ID: uint64(sh.Shard)}, string(sh.Move))
	}
	for _, s := range st.Slaves {
		name := deadlines()["link "+string(s.Link)]
		if name != "" && !r.linkWaits(r.called(s.Slave), name) {
			r.fail("after %T %+v: the link of %s is %q, but its timer is not armed for %q", after, after, s.Slave, s.Link, name)
		}
	}
	for t, name := range want {
		if r.timers[t].Name != name {
			r.fail("after %T %+v: timer %v is armed for %q, want %q", after, after, t, r.timers[t].Name, name)
		}
	}
	for t, a := range r.timers {
		switch {
		case t.Of == core.LeaseLife && !r.knows(r.lessee[t.ID]):
			r.fail("after %T %+v: timer %v is armed for %s, whom the master does not know", after, after, t, r.lessee[t.ID])
		case t.Of == core.LinkLife, t.Of == core.LeaseLife, t.Of == core.TotalLife && st.Upgrade != nil:
			continue
		}
		if want[t] == "" {
			r.fail("after %T %+v: timer %v is armed for %q, but nothing waits for it", after, after, t, a.Name)
		}
	}
}

// knows reports whether the master knows a slave.
func (r *rig) knows(name string) bool {
	return slices.ContainsFunc(r.core.Status().Slaves, func(s core.SlaveStatus) bool { return r.called(s.Slave) == name })
}

// linkWaits reports whether a timer of one of the slave's links is armed.
func (r *rig) linkWaits(slave, deadline string) bool {
	for t, a := range r.timers {
		if t.Of == core.LinkLife && a.Name == deadline && r.who[core.LinkID(t.ID)] == slave {
			return true
		}
	}
	return false
}

// deadlines returns the deadline of every state of every table.
var deadlines = sync.OnceValue(func() map[string]string {
	m := make(map[string]string)
	addDeadlines(m, lifecycle.Master())
	addDeadlines(m, lifecycle.Link())
	addDeadlines(m, lifecycle.Share())
	addDeadlines(m, lifecycle.Upgrade())
	addDeadlines(m, lifecycle.Move())
	return m
})

func addDeadlines[S, E ~string, C any](m map[string]string, table fsm.Table[S, E, C]) {
	for _, s := range table.States {
		m[table.Name+" "+string(s.Name)] = s.Deadline
	}
}

// obey answers what a slave was told, as a slave does that can do everything. It
// returns the first answer, or false when nothing is open.
func (r *rig) obey(slave string) (core.Event, bool) {
	for len(r.told[slave]) > 0 {
		s := r.told[slave][0]
		r.told[slave] = r.told[slave][1:]
		if r.link[slave] != s.Link {
			continue
		}
		if t, data, answered := r.answer(slave, s); answered {
			return core.Received{Link: s.Link, Type: t, Data: data}, true
		}
	}
	return nil, false
}

// answer is what a slave says when it has done what it was told.
func (r *rig) answer(slave string, s core.Send) (wire.EventType, any, bool) {
	first := r.first[slave]
	switch d := s.Data.(type) {
	case *wire.ShardMigrationStartData:
		if d.FromThisSlave {
			d = &wire.ShardMigrationStartData{FromThisSlave: true, NumShards: r.shards, Shards: d.Shards}
		}
		return s.Type, d, true
	case *wire.StopShardData:
		session := fmt.Sprintf("session-%d", d.Shard)
		switch {
		case first && d.Shard >= r.shards:
			return 0, nil, false // it shuts down without a word
		case first:
			return s.Type, &wire.StopShardData{Shard: d.Shard, SessionID: session, Sequence: 100}, true
		default:
			return wire.EvtShardStopped, &wire.ShardStoppedData{Shard: d.Shard, SessionID: session, Sequence: 100, Epoch: d.Epoch}, true
		}
	case *wire.ResumeShardData:
		echo := *d
		if echo.Fresh = !first && echo.SessionID == ""; echo.Fresh {
			echo.SessionID, echo.Sequence = fmt.Sprintf("session-%d", d.Shard), 1
		}
		echo.Records, echo.Digest = 0, nil
		return s.Type, &echo, true
	case *wire.CopyShardData, *wire.ArmShardData:
		return s.Type, d, true
	case *wire.StartData:
		if s.Type == wire.EvtSoftStart {
			return wire.EvtSoftStartComplete, nil, true
		}
		return s.Type, d, true
	}
	switch s.Type {
	case wire.EvtShutdown:
		return s.Type, nil, true
	}
	return 0, nil, false
}

// usable lists the slaves that can be given requests.
func (r *rig) usable() map[core.SlaveID]bool {
	m := make(map[core.SlaveID]bool)
	for _, s := range r.core.Status().Slaves {
		if s.Link.Usable() {
			m[s.Slave] = true
		}
	}
	return m
}

// learn notes the id that the master gave to a slave that has just said hello.
func (r *rig) learn(name string, before map[core.SlaveID]bool) {
	for id := range r.usable() {
		if !before[id] {
			r.alias[string(id)] = name
		}
	}
}

// called returns what the story calls a slave.
func (r *rig) called(id core.SlaveID) string {
	if name := r.alias[string(id)]; name != "" {
		return name
	}
	return string(id)
}
