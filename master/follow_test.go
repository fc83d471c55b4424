package master_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/core"
)

func TestEveryHandleOfAnUpgradeSeesHowItGoesAndEnds(t *testing.T) {
	st := newStage(t, 2, 3, master.Config{}, nil)
	if _, err := st.m.Running(t.Context()); !errors.Is(err, master.ErrNoUpgrade) {
		t.Fatalf("error %v without an upgrade, want ErrNoUpgrade", err)
	}
	if st.m.Ended() != nil {
		t.Error("an upgrade has ended before one began")
	}
	begun := st.upgrade(master.Plan{Canary: 1, Hold: time.Hour})
	until(st.service, "the canary is watched", func(n core.UpgradeState) bool { return n.State == lifecycle.UpgradeHolding })
	// One that was taken from the status is told first how things stand.
	late, err := st.m.Running(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if first := <-late.Progress(); first.State != lifecycle.UpgradeHolding || first.Moved != 1 || first.Total != 3 || late.ID() != begun.ID() {
		t.Errorf("the first step of %s is %+v, want %s with 1 of 3 shards of %s", late.ID(), first, lifecycle.UpgradeHolding, begun.ID())
	}
	if err := st.m.Pause(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := st.m.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := st.m.Abort(t.Context(), "changed my mind"); err != nil {
		t.Fatal(err)
	}
	want, wantErr := st.result(begun)
	got, gotErr := st.result(late)
	if !errors.Is(wantErr, core.ErrAborted) || !errors.Is(gotErr, wantErr) || got.Took != want.Took || len(got.Kept) != 3 || got.State != lifecycle.UpgradeReverted {
		t.Errorf("one handle says %+v, %v; the other one %+v, %v", got, gotErr, want, wantErr)
	}
	var states []lifecycle.UpgradeState
	for p := range late.Progress() {
		if len(states) == 0 || states[len(states)-1] != p.State {
			states = append(states, p.State)
		}
	}
	if len(states) < 3 || states[len(states)-1] != lifecycle.UpgradeReverted {
		t.Errorf("it went through %v, want its way back up to its end", states)
	}
	if last := st.m.Ended(); last == nil || last.ID() != begun.ID() {
		t.Errorf("the one that ended last is %v, want %s", last, begun.ID())
	}
	if _, err := st.m.Running(context.Background()); !errors.Is(err, master.ErrNoUpgrade) {
		t.Errorf("error %v after its end, want ErrNoUpgrade", err)
	}
}
