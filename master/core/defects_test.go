package core_test

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

// The defects of the two programs that this one descends from, at the level of the
// core. Each world also holds the core to the invariants, at every step.

// staged is a world of two slaves in the middle of an upgrade: "s1" is replaced by "s2".
// It stops when s2 has been told to resume a shard for the nth time.
func staged(t *testing.T, shards, nth int) *world {
	t.Helper()
	w := newWorld(t, core.Options{Shards: shards, Parallel: 1, CanLaunch: true, StartNow: true})
	w.do(core.Started{})
	w.until(t, func() bool { return w.well() && w.core.Status().Shares[0].State == lifecycle.ShareServing })
	w.do(core.UpgradeAsked{Upgrade: "u1"})
	w.until(t, func() bool {
		told := w.told["s2"]
		return len(told) > 0 && told[0].Type == wire.EvtResume && shardIn(told[0].Data) == nth-1
	})
	return w
}

// until lets the slaves do what they are told until something holds.
func (w *world) until(t *testing.T, holds func() bool) {
	t.Helper()
	for !holds() {
		if !w.settle() {
			w.fail("nothing is left to do, but what the test waits for has not come")
		}
	}
}

// finish lets everything go well and returns how the upgrade ended.
func (w *world) finish(t *testing.T, id core.UpgradeID) core.Result {
	t.Helper()
	w.heal()
	r, over := w.over[id]
	if !over {
		w.fail("upgrade %s has not ended", id)
	}
	return r
}

func TestNewSlaveThatDiesMidMigrationLeavesItsPlaceFree(t *testing.T) {
	for nth := 1; nth <= 3; nth++ {
		w := staged(t, 3, nth)
		w.die(w.bots["s2"])
		r := w.finish(t, "u1")
		if r.Err == nil || !errors.Is(r.Err, core.ErrDied) || r.Err.Slave != "s2" {
			t.Errorf("error %v, want that s2 died", r.Err)
		}
		if !slices.Equal(r.Kept, []int{0, 1, 2}) || r.Fresh != 0 {
			t.Errorf("kept %v with %d IDENTIFYs, want all 3 with none", r.Kept, r.Fresh)
		}
		w.do(core.UpgradeAsked{Upgrade: "u2"})
		if r := w.finish(t, "u2"); r.Err != nil || len(r.Moved) != 3 {
			t.Errorf("the next upgrade moved %v, %v, want all 3", r.Moved, r.Err)
		}
	}
}

func TestFailedOpenIsNotTakenForAResume(t *testing.T) {
	w := staged(t, 2, 2)
	w.fault = func(what string) bool { return what == "resume" }
	w.act(w.bots["s2"])
	r := w.finish(t, "u1")
	if !errors.Is(r.Err, core.ErrReported) || r.Err.Shard != 1 {
		t.Errorf("error %v, want that shard 1 was reported", r.Err)
	}
	if r.State != lifecycle.UpgradeReverted || !slices.Equal(r.Kept, []int{0, 1}) {
		t.Errorf("%s, kept %v, want it reverted and both kept", r.State, r.Kept)
	}
}

func TestOldSlaveThatDiesIsNotReplacedByAskingTheNewOneToStop(t *testing.T) {
	for nth := 1; nth <= 3; nth++ {
		w := staged(t, 3, nth)
		w.die(w.bots["s1"])
		for !w.well() {
			if slices.ContainsFunc(w.told["s2"], func(s core.Send) bool { return s.Type == wire.EvtStopShard || s.Type == wire.EvtShutdown }) {
				t.Fatalf("the new slave is told %v", w.told["s2"])
			}
			if !w.settle() && !w.tick() {
				break
			}
		}
		r := w.finish(t, "u1")
		if len(r.Moved) != 3 || r.Fresh != 3-nth {
			t.Errorf("moved %v with %d IDENTIFYs, want all 3 with %d", r.Moved, r.Fresh, 3-nth)
		}
	}
}

func TestFreshSlaveIsNotStartedWhileTheOneThatServesIsOnlyLost(t *testing.T) {
	for _, first := range []bool{true, false} {
		w := newWorld(t, core.Options{Shards: 2, UpgradeOnHello: true})
		w.do(core.Started{})
		old := w.come(first)
		w.dial(old)
		w.until(t, w.well)
		w.cut(old)
		fresh := w.come(first)
		w.dial(fresh)
		for len(w.told[fresh.name]) > 0 {
			w.act(fresh)
		}
		if len(fresh.shards) > 0 || fresh.full {
			t.Errorf("dialect 1: %v: the fresh slave was started", first)
		}
		w.dial(old)
		if st := w.core.Status(); !w.well() || st.Slaves[0].Role != core.RoleServing {
			t.Errorf("dialect 1: %v: the status is\n%s", first, where(st))
		}
	}
}

func TestMessagesWithoutACounterpartAreProblems(t *testing.T) {
	w := newWorld(t, core.Options{Shards: 2})
	w.do(core.Started{})
	for i, e := range []core.Received{
		{Type: wire.EvtGuildState, Body: []byte{0xc0}},
		{Type: wire.EvtStopShard, Data: &wire.StopShardData{Shard: 1 << 40}},
		{Type: wire.EvtResume, Data: &wire.ResumeShardData{Shard: -1}},
	} {
		b := w.come(true)
		w.dial(b)
		e.Link = w.link[b.name]
		problems := 0
		for _, effect := range w.step(e) {
			if p, ok := effect.(core.Publish); ok {
				if _, ok := p.Notice.(core.Problem); ok {
					problems++
				}
			}
		}
		if problems != 1 {
			t.Errorf("message %d: %d problems, want 1", i, problems)
		}
	}
}

func TestAnswersThatComeAgainAfterAReconnectAreStale(t *testing.T) {
	w := staged(t, 3, 2)
	again := core.Received{Type: wire.EvtShardStopped, Data: &wire.ShardStoppedData{Shard: 0, Epoch: 2, SessionID: "old"}}
	b := w.bots["s1"]
	w.cut(b)
	w.dial(b)
	again.Link = w.link["s1"]
	before := w.core.Status()
	w.do(again)
	if after := w.core.Status(); after.Upgrade.Moved != before.Upgrade.Moved || after.Upgrade.InFlight != before.Upgrade.InFlight {
		t.Errorf("the upgrade went from %+v to %+v", before.Upgrade, after.Upgrade)
	}
	if r := w.finish(t, "u1"); r.Err != nil || len(r.Moved) != 3 {
		t.Errorf("moved %v, %v, want all 3", r.Moved, r.Err)
	}
}

func TestSlaveThatNeverAnswersDoesNotHangTheUpgrade(t *testing.T) {
	w := staged(t, 2, 1)
	for range 1000 {
		if _, over := w.over["u1"]; over {
			break
		}
		// s2 is frozen: it keeps its connections and says nothing but that it lives.
		if len(w.told["s1"]) > 0 {
			w.act(w.bots["s1"])
			continue
		}
		if s2 := w.bots["s2"]; s2 != nil && s2.dead {
			w.die(s2)
			continue
		}
		if !w.tick() {
			break
		}
	}
	r, over := w.over["u1"]
	if !over || !errors.Is(r.Err, core.ErrDeadline) {
		t.Fatalf("over %v with %v, want that a deadline passed", over, r.Err)
	}
	if !slices.Equal(r.Kept, []int{0, 1}) {
		t.Errorf("kept %v, want both", r.Kept)
	}
}

// A slave that refuses and comes back again and again makes no progress, so it must not
// make the way back last for ever.
func TestRevertEndsHoweverOftenItIsTriedInVain(t *testing.T) {
	w := newWorld(t, core.Options{Shards: 1})
	w.do(core.Started{})
	w.dial(w.come(false))
	w.until(t, w.well)
	b := w.come(false)
	w.dial(b)
	w.do(core.UpgradeAsked{Upgrade: "u1"})
	w.until(t, func() bool { return w.core.Status().Upgrade.State == lifecycle.UpgradeFullStart })
	w.do(core.AbortAsked{})
	w.fault = func(what string) bool { return what == "stop" }
	for range 100 {
		for w.settle() {
		}
		if r, over := w.over["u1"]; over {
			if r.State != lifecycle.UpgradeFailed && r.State != lifecycle.UpgradeDone {
				t.Errorf("it is %s: want that b has the shard", r.State)
			}
			return
		}
		w.cut(b)
		w.dial(b)
		w.now += 30 * time.Second
		for _, timer := range slices.SortedFunc(maps.Keys(w.due), compareTimers) {
			if due, armed := w.due[timer]; armed && due <= w.now {
				w.expire(timer)
			}
		}
	}
	w.fail("it has not ended after many deadlines")
}
