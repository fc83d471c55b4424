package core_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/slaveclient/core"
	"github.com/shardbaton/baton/wire"
)

// numShards is small, so that random events meet each other.
const numShards = 2

// world is everything around a core: what it was told, what it has begun, and
// what it must never do.
type world struct {
	t    *rapid.T
	core *core.Core
	now  core.Event // what is being looked at

	control, state bool   // the links that are up
	beats          uint64 // the heartbeats on the present control link
	leaseOver      bool
	dialling       map[core.Link]bool
	dialect        int
	timers         map[core.Timer]bool
	calls          map[int][]any // what runs and waits for each shard: core.Call and core.Load, in order

	asked     map[wire.EventType]bool            // what was asked for on the present control link
	attempt   map[int]uint64                     // the epoch at which the master moves the shard now
	copied    map[int]uint64                     // the epoch at which CopyShard has succeeded last
	armed     map[string]bool                    // by shard and epoch: the bot was asked to dial ahead
	running   map[int]bool                       // the bot connects, or has connected, the shard
	acted     map[int]uint64                     // the highest epoch with which the bot was called
	sent      map[string]*account                // by shard and epoch: what the old owner sent
	applied   map[string]*account                // and what the bot took in
	resumes   map[string][]*wire.ResumeShardData // by shard and epoch
	fullStart int
	shutdown  bool
	ended     bool
}

// noWorker stands for the shard of a call that waits for no other.
const noWorker = core.NoShard - 1

// account is a sequence of records.
type account struct {
	digest  wire.Digest
	records uint64
	broken  bool
}

func at(shard int, epoch uint64) string { return fmt.Sprint(shard, "@", epoch) }

func of(accounts map[string]*account, shard int, epoch uint64) *account {
	key := at(shard, epoch)
	if accounts[key] == nil {
		accounts[key] = &account{}
	}
	return accounts[key]
}

func newWorld(t *rapid.T) *world {
	c, err := core.New(core.Options{
		SlaveID: "s1", NumShards: numShards, PreCopy: rapid.Bool().Draw(t, "precopy"), Arm: rapid.Bool().Draw(t, "arm"),
		Health:     rapid.Bool().Draw(t, "health"),
		BackoffMin: time.Second, BackoffMax: time.Minute, Deadlines: lifecycle.SlaveDeadlines{}.OrDefault(),
	})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{
		t: t, core: c, dialling: make(map[core.Link]bool), timers: make(map[core.Timer]bool), calls: make(map[int][]any),
		asked: make(map[wire.EventType]bool), armed: make(map[string]bool), attempt: make(map[int]uint64), copied: make(map[int]uint64),
		running: make(map[int]bool), acted: make(map[int]uint64), sent: make(map[string]*account), applied: make(map[string]*account),
		resumes: make(map[string][]*wire.ResumeShardData),
	}
	w.step(core.Begin{})
	return w
}

// step gives the core an event, and checks what follows against the world.
func (w *world) step(e core.Event) {
	if w.ended {
		return
	}
	w.now = e
	twin := w.core.Clone()
	effects := w.core.Step(e)
	if again := twin.Step(e); !reflect.DeepEqual(effects, again) {
		w.t.Fatalf("%#v: a clone answers %v, want %v", e, again, effects)
	}
	if !reflect.DeepEqual(w.core.Status(), twin.Status()) {
		w.t.Fatalf("%#v: a clone is in %v, want %v", e, twin.Status(), w.core.Status())
	}
	for _, effect := range effects {
		w.perform(effect)
	}
	w.yields()
}

func (w *world) perform(effect core.Effect) {
	if w.ended {
		w.t.Fatalf("%#v after the end", effect)
	}
	switch e := effect.(type) {
	case core.Dial:
		w.dialling[e.Link] = true
	case core.CloseLink:
		w.down(e.Link)
	case core.Send:
		w.said(e)
	case core.Arm:
		if e.After <= 0 {
			w.t.Fatalf("a timer without a time: %#v", e)
		}
		w.timers[e.Timer] = true
	case core.Disarm:
		delete(w.timers, e.Timer)
	case core.Hold:
		w.held(e)
	case core.Call:
		w.called(e)
	case core.Load:
		if w.shutdown {
			w.t.Fatal("LoadGuildState after Shutdown")
		}
		w.calls[e.Shard] = append(w.calls[e.Shard], e)
	case core.End:
		w.ended = true
	case core.Note:
		if e.Text == "defect in the slave's lifecycle" || e.Text == "defect in the shard's lifecycle" {
			w.t.Fatalf("%#v", e)
		}
	}
}

func (w *world) down(l core.Link) {
	delete(w.dialling, l)
	if l == core.Control {
		w.control, w.dialect, w.beats = false, 0, 0
		clear(w.asked)
	} else {
		w.state = false
	}
}

// said checks a message: it needs a link, a dialect that has it, and an epoch
// that is not older than what the bot was called with.
func (w *world) said(e core.Send) {
	if e.Link == core.Control && !w.control || e.Link == core.State && !w.state {
		w.t.Fatalf("%s on a link that is down", e.Type)
	}
	if e.Type == wire.EvtSlaveHello {
		return
	}
	if w.dialect == 0 {
		w.t.Fatalf("%s before the master has said a word", e.Type)
	}
	seed := []wire.EventType{wire.EvtShardMigrationStart, wire.EvtStopShard, wire.EvtResume, wire.EvtSoftStartComplete}
	if w.dialect == 1 && !slices.Contains(seed, e.Type) {
		w.t.Fatalf("%s to a master of dialect 1", e.Type)
	}
	if d, ok := e.Data.(*wire.HeartbeatData); ok {
		if w.beats++; d.Beat != w.beats {
			w.t.Fatalf("heartbeat %d comes after %d", d.Beat, w.beats-1)
		}
	}
	if !w.answers(e.Type) {
		w.t.Fatalf("%s on a link on which nobody has asked for it", e.Type)
	}
	var shard int
	var epoch uint64
	switch d := e.Data.(type) {
	case *wire.ResumeShardData:
		shard, epoch = d.Shard, d.Epoch
		if !w.running[shard] {
			w.t.Fatalf("shard %d is said to run, and does not", shard)
		}
	case *wire.ShardStoppedData:
		shard, epoch = d.Shard, d.Epoch
		if w.running[shard] {
			w.t.Fatalf("shard %d is said to have stopped, and runs", shard)
		}
	case *wire.CopyShardData:
		shard, epoch = d.Shard, d.Epoch
	default:
		return
	}
	if w.dialect == 2 && epoch < w.acted[shard] {
		w.t.Fatalf("%s of shard %d at epoch %d, after epoch %d", e.Type, shard, epoch, w.acted[shard])
	}
}

// answers reports whether a message is news, or answers something that was asked
// for on the same link.
func (w *world) answers(event wire.EventType) bool {
	switch event {
	case wire.EvtHeartbeat, wire.EvtFailure, wire.EvtShutdown:
		return true
	case wire.EvtShardStopped:
		return w.asked[wire.EvtStopShard]
	case wire.EvtSoftStartComplete:
		return w.asked[wire.EvtSoftStart]
	case wire.EvtResume:
		return w.asked[wire.EvtResume] || w.asked[wire.EvtFullStart] || w.asked[wire.EvtSoftStart]
	default:
		return w.asked[event]
	}
}

// called checks that the bot may be called like this now.
func (w *world) called(k core.Call) {
	if w.shutdown {
		w.t.Fatalf("%s after Shutdown", k.Callback)
	}
	if k.Timeout <= 0 {
		w.t.Fatalf("%s without a deadline", k.Callback)
	}
	if k.Epoch > 0 && k.Callback != core.CallArm {
		if k.Epoch < w.acted[k.Shard] {
			w.t.Fatalf("%s of shard %d at epoch %d, after epoch %d", k.Callback, k.Shard, k.Epoch, w.acted[k.Shard])
		}
		w.acted[k.Shard] = k.Epoch
	}
	switch k.Callback {
	case core.CallHealth:
		if len(w.calls[noWorker]) > 0 {
			w.t.Fatal("Health is called before it has returned")
		}
		k.Shard = noWorker
	case core.CallShutdown:
		w.shutdown = true
	case core.CallFullStart:
		if w.fullStart++; w.fullStart > 1 {
			w.t.Fatal("FullStart is called a second time")
		}
	case core.CallStart:
		if w.running[k.Shard] {
			w.t.Fatalf("shard %d is started and runs already", k.Shard)
		}
		if w.leaseOver || w.core.Status().State == lifecycle.SlaveLettingGo {
			w.t.Fatalf("shard %d is started without a lease (%t), or before the end", k.Shard, w.leaseOver)
		}
		w.running[k.Shard] = true
		w.resumable(k)
	case core.CallArm:
		if w.armed[at(k.Shard, k.Epoch)] || w.running[k.Shard] {
			w.t.Fatalf("shard %d is armed again, or runs: %t", k.Shard, w.running[k.Shard])
		}
		w.armed[at(k.Shard, k.Epoch)] = true
	case core.CallStop, core.CallCopy:
		if !w.running[k.Shard] {
			w.t.Fatalf("%s of shard %d, which does not run", k.Callback, k.Shard)
		}
		if k.Copied && (k.Epoch == 0 || w.copied[k.Shard] != k.Epoch) {
			w.t.Fatalf("StopShard at epoch %d relies on the copy of epoch %d", k.Epoch, w.copied[k.Shard])
		}
	}
	w.calls[k.Shard] = append(w.calls[k.Shard], k)
}

// resumable checks S4: a RESUME has the whole of the state behind it, as the bot
// took it in.
func (w *world) resumable(k core.Call) {
	told := w.resumes[at(k.Shard, k.Epoch)]
	switch now := w.now.(type) {
	case core.RecordIn, core.Loaded:
	case core.Received:
		if now.Type != wire.EvtResume {
			return // a start: the session never left this slave
		}
	}
	if k.Session.ID == "" || k.Epoch == 0 || len(told) == 0 {
		return
	}
	got := of(w.applied, k.Shard, k.Epoch)
	for _, r := range told {
		if !got.broken && got.records == r.Records && got.digest.Matches(r.Digest) {
			return
		}
	}
	w.t.Fatalf("on %#v shard %d resumes on %+v, but was handed over with %+v", w.now, k.Shard, got, told[0])
}

// held checks what the lease is measured from, and that it comes back only when
// nothing is left that ran without it.
func (w *world) held(h core.Hold) {
	now, ok := w.now.(core.Received)
	switch {
	case !ok:
		w.t.Fatalf("%#v on %#v: want the master's word only", h, w.now)
	case h.Beat > 0:
		if d, ok := now.Data.(*wire.HeartbeatData); !ok || d.Beat != h.Beat || h.Beat > w.beats {
			w.t.Fatalf("%#v on %#v after %d heartbeats", h, now.Data, w.beats)
		}
	case now.Type == wire.EvtHeartbeat && w.dialect == 2:
		w.t.Fatalf("%#v on the answer to a heartbeat", h)
	}
	if h.Again != w.leaseOver {
		w.t.Fatalf("%#v while the lease is over: %t", h, w.leaseOver)
	}
	if h.Again && slices.Contains(slices.Collect(maps.Values(w.running)), true) {
		w.t.Fatalf("%#v while shards run: %v", h, w.running)
	}
	w.leaseOver = false
	w.timers[core.Timer{Kind: core.TimerLease}] = true
	if h.For == 0 {
		delete(w.timers, core.Timer{Kind: core.TimerLease})
	}
}

// yields checks that without a lease whatever runs is being stopped or about to be,
// and has been asked to before the end.
func (w *world) yields() {
	if !w.leaseOver || w.shutdown || w.core.Status().State == lifecycle.SlaveLettingGo || w.timers[core.Timer{Kind: core.TimerYield}] {
		return
	}
	for shard, runs := range w.running {
		pending := slices.ContainsFunc(w.calls[shard], func(k any) bool {
			call, ok := k.(core.Call)
			return ok && (call.Callback == core.CallStop || call.Callback == core.CallStart)
		})
		if runs && !pending {
			w.t.Fatalf("on %#v shard %d runs on without a lease", w.now, shard)
		}
	}
}

func TestWhateverHappensTheRulesHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t)
		actions := []func(*rapid.T){
			w.doLink, w.doTimer, w.doReturn, w.doReturn, w.doReturn, w.doOrder, w.doOrder, w.doOrder,
			w.doRecord, w.doRecord, w.doMigration, w.doStart, w.doAnswer, w.doRare,
		}
		for range rapid.IntRange(20, 300).Draw(t, "steps") {
			actions[rapid.IntRange(0, len(actions)-1).Draw(t, "action")](t)
		}
	})
}
