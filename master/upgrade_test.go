package master

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master/core"
)

// began is the upgrade's first notice.
func began(id core.UpgradeID) core.Effect {
	return core.Publish{Notice: core.UpgradeState{Upgrade: id, State: "launching", Total: 2}}
}

// moved is the notice that a shard's move entered a state.
func moved(id core.UpgradeID, shard int, state lifecycle.MoveState, fresh bool) core.Effect {
	return core.Publish{Notice: core.ShardPhase{Upgrade: id, Shard: shard, State: state, From: "a", To: "b", Epoch: 3, Fresh: fresh}}
}

func TestAnUpgradeReportsItsProgressAndResult(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := serveOn(t, newPipeListener(), Config{}, func(e core.Event) []core.Effect {
			if asked, ok := e.(core.UpgradeAsked); ok {
				return []core.Effect{began(asked.Upgrade)}
			}
			return nil
		})
		u, err := r.m.Upgrade(t.Context(), Plan{})
		if err != nil {
			t.Fatal(err)
		}
		id := u.id
		pass := func(d time.Duration) { <-time.After(d) }
		r.do(moved(id, 1, lifecycle.MoveStopping, false), moved(id, 0, lifecycle.MoveStopping, false))
		pass(20 * time.Millisecond)
		r.do(moved(id, 0, lifecycle.MoveResuming, false), moved(id, 0, lifecycle.MoveOnNew, false))
		pass(30 * time.Millisecond)
		r.do(moved(id, 1, lifecycle.MoveResuming, true), moved(id, 1, lifecycle.MoveOnNew, false))
		pass(time.Second)
		r.do(
			core.Publish{Notice: core.SlaveExited{Slave: "other", Code: 9}},
			core.Publish{Notice: core.SlaveExited{Slave: "a", Code: 0, Reason: "exit status 0"}},
			core.Publish{Notice: core.SlaveLost{Slave: "a"}}, // not a step of the upgrade
			core.Publish{Notice: core.UpgradeState{Upgrade: id, State: lifecycle.UpgradeDone, Moved: 2, Total: 2}},
			core.Finish{Upgrade: id, Result: core.Result{
				State: lifecycle.UpgradeDone, Sources: []core.SlaveID{"a"}, Targets: []core.SlaveID{"b"}, Moved: []int{0, 1}, Fresh: 1,
			}},
		)
		got, err := u.Wait(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		wantMoves := []ShardMove{
			{Shard: 0, From: "a", To: "b", State: lifecycle.MoveOnNew, Epoch: 3, Dark: 20 * time.Millisecond},
			{Shard: 1, From: "a", To: "b", State: lifecycle.MoveOnNew, Epoch: 3, Dark: 50 * time.Millisecond, Fresh: true},
		}
		if !slices.Equal(got.Moves, wantMoves) {
			t.Errorf("moves %+v, want %+v", got.Moves, wantMoves)
		}
		if want := []SlaveExit{{Slave: "a", Reason: "exit status 0"}}; !slices.Equal(got.Exits, want) {
			t.Errorf("exits %+v, want %+v", got.Exits, want)
		}
		if got.Took != 1050*time.Millisecond || got.Fresh != 1 || got.Upgrade != id || u.ID() != string(id) {
			t.Errorf("result %+v of upgrade %s", got, u.ID())
		}
		var counts []int
		var last Progress
		for p := range u.Progress() {
			counts = append(counts, p.Moved)
			last = p
		}
		if want := []int{0, 0, 0, 0, 1, 1, 2, 2, 2, 2}; !slices.Equal(counts, want) {
			t.Errorf("moved went %v, want %v", counts, want)
		}
		if last.State != lifecycle.UpgradeDone || last.Total != 2 {
			t.Errorf("ended with %+v", last)
		}
	})
}

func TestAMoveThatGoesBackCountsNoMore(t *testing.T) {
	u := newUpgrade("u1", time.Now())
	now := time.Now()
	for i, s := range []lifecycle.MoveState{lifecycle.MoveStopping, lifecycle.MoveOnNew, lifecycle.MoveReturning, lifecycle.MoveOnOld, lifecycle.MoveKept} {
		u.note(core.ShardPhase{Upgrade: "u1", Shard: 0, State: s}, now.Add(time.Duration(i)*time.Second))
	}
	if u.moved != 0 {
		t.Errorf("%d moved, want 0", u.moved)
	}
}

func TestAnUpgradeThatCannotBeginIsAnError(t *testing.T) {
	refuse := func(e core.Event) []core.Effect {
		asked, ok := e.(core.UpgradeAsked)
		if !ok {
			return nil
		}
		return []core.Effect{core.Finish{Upgrade: asked.Upgrade, Result: core.Result{
			Err: &core.UpgradeError{Upgrade: asked.Upgrade, Shard: -1, Kind: core.ErrBusy},
		}}}
	}
	r := serve(t, Config{}, refuse)
	for range 2 {
		_, err := r.m.Upgrade(t.Context(), Plan{})
		var e *UpgradeError
		if !errors.Is(err, ErrUpgradeOpen) || !errors.As(err, &e) {
			t.Errorf("error %v, want ErrUpgradeOpen in an UpgradeError", err)
		}
	}
}

func TestAnUpgradeThatFailsIsAnErrorOfWait(t *testing.T) {
	r := serve(t, Config{}, func(e core.Event) []core.Effect {
		if asked, ok := e.(core.UpgradeAsked); ok {
			return []core.Effect{began(asked.Upgrade)}
		}
		return nil
	})
	u, err := r.m.Upgrade(t.Context(), Plan{})
	if err != nil {
		t.Fatal(err)
	}
	r.do(
		core.Publish{Notice: core.Problem{Shard: 1, Err: core.ErrDied}},
		core.Finish{Upgrade: u.id, Result: core.Result{
			State: lifecycle.UpgradeFailed, Kept: []int{0, 1},
			Err: &core.UpgradeError{Upgrade: u.id, Step: "moving", Slave: "b", Shard: 1, Kind: core.ErrDied},
		}},
	)
	result, err := u.Wait(t.Context())
	var e *UpgradeError
	if !errors.As(err, &e) || e.Shard != 1 || !errors.Is(err, core.ErrDied) {
		t.Errorf("error %v, want where and why", err)
	}
	if result.State != lifecycle.UpgradeFailed || !slices.Equal(result.Kept, []int{0, 1}) {
		t.Errorf("result %+v", result)
	}
}

func TestAnUpgradeEndsWithTheMaster(t *testing.T) {
	r := serve(t, Config{}, nil)
	u, err := r.m.Upgrade(t.Context(), Plan{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := u.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	r.cancel(ErrDetach)
	<-u.Done()
	if _, err := u.Wait(t.Context()); !errors.Is(err, ErrStopped) {
		t.Errorf("error %v, want ErrStopped", err)
	}
	for range u.Progress() {
		t.Error("progress of an upgrade that never got anywhere")
	}
}

func TestProgressThatNobodyReadsHoldsUpNobody(t *testing.T) {
	u := newUpgrade("u1", time.Now())
	for i := range 10 * progressBuffer {
		u.note(core.ShardPhase{Upgrade: "u1", Shard: i, State: lifecycle.MoveOnNew}, time.Now())
	}
	first := <-u.Progress()
	if want := 9*progressBuffer + 1; first.Moved != want {
		t.Errorf("the oldest step left says %d moved, want %d", first.Moved, want)
	}
}

func TestAnUpgradeThatTheCoreBeganIsPublished(t *testing.T) {
	r := serve(t, Config{}, nil)
	sub := r.m.Subscribe(0)
	r.do(
		began("hello-1"),
		core.Finish{Upgrade: "hello-1", Result: core.Result{State: lifecycle.UpgradeDone}},
	)
	e, err := sub.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := e.Notice.(core.UpgradeState); !ok || got.Upgrade != "hello-1" {
		t.Errorf("notice %+v", e.Notice)
	}
}

func TestForgetReachesTheCore(t *testing.T) {
	r := serve(t, Config{}, nil)
	if err := r.m.Forget(t.Context(), "s9"); err != nil {
		t.Fatal(err)
	}
	if got := hear[core.ForgetAsked](r).Slave; got != "s9" {
		t.Errorf("the core hears of %q", got)
	}
}

func TestACommandIsRefusedByAMasterThatLaunchesNothing(t *testing.T) {
	r := serve(t, Config{}, nil)
	_, err := r.m.Upgrade(t.Context(), Plan{Command: []string{"bot"}})
	if !errors.Is(err, core.ErrPlan) {
		t.Errorf("error %v, want core.ErrPlan", err)
	}
	r.quiet()
}
