package control_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"testing"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/internal/control"
	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/core"
)

func TestAnOperatorsCommandArrivesOrIsRefusedWithTheReason(t *testing.T) {
	type heard struct{ what, reason string }
	for _, test := range []struct {
		name    string
		command func(context.Context, *control.Client) (control.Status, error)
		want    heard
	}{
		{"pause", func(ctx context.Context, c *control.Client) (control.Status, error) { return c.Pause(ctx) }, heard{"pause", ""}},
		{"resume", func(ctx context.Context, c *control.Client) (control.Status, error) { return c.Resume(ctx) }, heard{"resume", ""}},
		{"abort", func(ctx context.Context, c *control.Client) (control.Status, error) {
			return c.Abort(ctx, "it is \"slow\"")
		}, heard{"abort", "it is \"slow\""}},
		{"abort without a reason", func(ctx context.Context, c *control.Client) (control.Status, error) { return c.Abort(ctx, "") }, heard{"abort", ""}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got heard
			var answer error
			path, _ := serve(t, &fake{status: control.Status{PID: 7}, command: func(what, reason string) error {
				got = heard{what, reason}
				return answer
			}})
			status, err := test.command(t.Context(), control.NewClient(path))
			if err != nil || got != test.want || status.PID != 7 {
				t.Errorf("the master heard %q and answered %+v with the error %v, want %q", got, status, err, test.want)
			}
			answer = errors.New("not now")
			var refused *control.Error
			if _, err := test.command(t.Context(), control.NewClient(path)); !errors.As(err, &refused) || refused.Status != http.StatusConflict || refused.Reason != "not now" {
				t.Errorf("error %v, want a refusal with status 409 and the reason", err)
			}
		})
	}
}

func TestAnUpgradeThatRunsCanBeWatchedToItsEnd(t *testing.T) {
	want := control.Result{Result: control.ResultReverted, Kept: []int{0}}
	path, _ := serve(t, &fake{watch: func(_ context.Context, progress func(control.Progress)) (control.Result, error) {
		progress(control.Progress{State: "reverting", Back: true})
		return want, nil
	}})
	var steps []control.Progress
	got, err := control.NewClient(path).Watch(t.Context(), func(p control.Progress) { steps = append(steps, p) })
	if err != nil || !reflect.DeepEqual(got, want) || len(steps) != 1 || !steps[0].Back {
		t.Errorf("got %+v, %v after %+v", got, err, steps)
	}
}

func TestWhatIsWatchedEndsWithItsWatcher(t *testing.T) {
	left := make(chan error, 1)
	path, stop := serve(t, &fake{watch: func(ctx context.Context, progress func(control.Progress)) (control.Result, error) {
		progress(control.Progress{State: "moving"})
		<-ctx.Done()
		left <- ctx.Err()
		return control.Result{}, ctx.Err()
	}})
	ctx, cancel := context.WithCancel(t.Context())
	_, err := control.NewClient(path).Watch(ctx, func(control.Progress) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the context's", err)
	}
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("the master's side ended with %v", err)
	}
	stop()
}

func TestWithoutAnUpgradeThereIsNothingToCommandOrWatch(t *testing.T) {
	backend := control.ForMaster(serveMaster(t, master.Config{Shards: 1, StartNow: true}, isMaster(lifecycle.MasterServing)), control.About{})
	path, _ := serve(t, backend)
	client := control.NewClient(path)
	for name, ask := range map[string]func() (control.Status, error){
		"pause":  func() (control.Status, error) { return client.Pause(t.Context()) },
		"resume": func() (control.Status, error) { return client.Resume(t.Context()) },
		"abort":  func() (control.Status, error) { return client.Abort(t.Context(), "") },
		"watch": func() (control.Status, error) {
			_, err := client.Watch(t.Context(), nil)
			return control.Status{}, err
		},
	} {
		_, err := ask()
		var refused *control.Error
		if !errors.As(err, &refused) || refused.Status != http.StatusConflict {
			t.Errorf("%s: error %v, want a refusal with status 409", name, err)
		}
	}
}

func TestAResultSaysHowAnUpgradeEndedAndWhy(t *testing.T) {
	shard := 3
	reason := func(n int) *core.UpgradeError {
		return &core.UpgradeError{Upgrade: "u1", Step: lifecycle.UpgradeMoving, Slave: "s2", Shard: n, Kind: core.ErrReported, Reason: "no"}
	}
	for _, test := range []struct {
		name    string
		state   lifecycle.UpgradeState
		err     error
		trouble *core.UpgradeError
		want    string
		failure *control.Failure
		doubt   *control.Failure
	}{
		{name: "done", state: lifecycle.UpgradeDone, want: control.ResultDone},
		{
			name: "done although something failed", state: lifecycle.UpgradeDone, trouble: reason(-1), want: control.ResultDone,
			doubt: &control.Failure{Step: "moving", Slave: "s2", Kind: "slave reported a failure", Reason: "no"},
		},
		{
			name: "reverted", state: lifecycle.UpgradeReverted, err: reason(3), want: control.ResultReverted,
			failure: &control.Failure{Step: "moving", Slave: "s2", Shard: &shard, Kind: "slave reported a failure", Reason: "no"},
		},
		{
			name: "failed", state: lifecycle.UpgradeFailed, err: reason(-1), want: control.ResultFailed,
			failure: &control.Failure{Step: "moving", Slave: "s2", Kind: "slave reported a failure", Reason: "no"},
		},
		{name: "not seen to its end", state: lifecycle.UpgradeMoving, err: master.ErrStopped, want: control.ResultFailed},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := control.ResultOf(master.Result{Result: core.Result{State: test.state, Trouble: test.trouble}}, test.err)
			if got.Result != test.want || (got.Error == "") != (test.err == nil) {
				t.Errorf("got %q with the error %q, want %q", got.Result, got.Error, test.want)
			}
			if !reflect.DeepEqual(got.Failure, test.failure) || !reflect.DeepEqual(got.Trouble, test.doubt) {
				t.Errorf("failure %+v and trouble %+v, want %+v and %+v", got.Failure, got.Trouble, test.failure, test.doubt)
			}
		})
	}
}

func TestAFailureIsOneLine(t *testing.T) {
	zero := 0
	for _, test := range []struct {
		failure control.Failure
		want    string
	}{
		{control.Failure{Kind: "aborted"}, "aborted"},
		{control.Failure{Step: "moving", Slave: "s2", Shard: &zero, Kind: "slave died", Reason: "signal: killed"}, `at "moving", slave s2, shard 0: slave died: signal: killed`},
	} {
		if got := test.failure.String(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestAStepSaysWhichWayItGoes(t *testing.T) {
	phase := func(state lifecycle.MoveState, back bool) master.Notice {
		return core.ShardPhase{Shard: 1, State: state, From: "s1", To: "s2", Back: back}
	}
	for _, test := range []struct {
		name string
		step master.Progress
		want control.Progress
	}{
		{"forward", master.Progress{State: lifecycle.UpgradeMoving, Notice: phase(lifecycle.MoveOnNew, false)}, control.Progress{
			State: "moving", Move: &control.Move{Shard: 1, State: "on new", From: "s1", To: "s2", Arrived: true},
		}},
		{"back", master.Progress{State: lifecycle.UpgradeReverting, Notice: phase(lifecycle.MoveStopping, true)}, control.Progress{
			State: "reverting", Back: true, Move: &control.Move{Shard: 1, State: "stopping", From: "s1", To: "s2", Back: true},
		}},
		{"there", master.Progress{State: lifecycle.UpgradeReverting, Notice: phase(lifecycle.MoveOnOld, true)}, control.Progress{
			State: "reverting", Back: true, Move: &control.Move{Shard: 1, State: "on old", From: "s1", To: "s2", Back: true, Returned: true},
		}},
	} {
		if got := control.ProgressOf(test.step); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %+v, want %+v", test.name, got, test.want)
		}
	}
}

func TestAPlanIsTextThatPeopleWrite(t *testing.T) {
	const text = `{"canary":2,"hold":"1m30s","healthy":"10s","on_failure":"pause"}`
	var plan control.Plan
	if err := json.Unmarshal([]byte(text), &plan); err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(plan)
	if err != nil || string(got) != text {
		t.Errorf("got %s, %v; want %s", got, err, text)
	}
	if err := plan.Validate(); err != nil {
		t.Error(err)
	}
}
