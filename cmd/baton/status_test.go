package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/shardbaton/baton/internal/control"
)

func TestTheStatusSaysWhatAnOperatorHasToKnow(t *testing.T) {
	shard := 3
	failure := &control.Failure{Step: "moving", Slave: "s2", Shard: &shard, Kind: "slave died", Reason: "signal: killed"}
	for _, test := range []struct {
		name   string
		status control.Status
		want   []string
		not    []string
	}{
		{
			"a master without a journal, and nothing else",
			control.Status{State: "serving"},
			[]string{"journal:  none: what this master knows ends with it", "unknown, 0 without an owner\n"},
			[]string{"lease:", "upgrade:", "last:", "attention:", "choices:", "in doubt"},
		},
		{
			"a journal, a lease and doubts",
			control.Status{Journal: "/state/j", Lease: control.Duration(10 * time.Second), NumShards: 3, Shards: []control.Shard{{Owner: "s1", InDoubt: true}, {}, {Owner: "s1"}}},
			[]string{"/state/j", "lease:    10s", "3, 1 without an owner, 1 in doubt"},
			nil,
		},
		{
			"an upgrade that goes on",
			control.Status{Upgrade: &control.Upgrade{ID: "u1", State: "moving", Moved: 1, Total: 4, InFlight: 2}},
			[]string{"u1, moving: 1 of 4 shards moved, 2 on their way"},
			[]string{"failure:", "choices:"},
		},
		{
			"one that will pause",
			control.Status{Upgrade: &control.Upgrade{ID: "u1", State: "preparing old", Pausing: true}},
			[]string{"u1, preparing old, will pause when the slaves have answered", "choices:  baton resume lets it go on, baton abort takes every shard back"},
			nil,
		},
		{
			"one that paused because of a failure",
			control.Status{Upgrade: &control.Upgrade{ID: "u1", State: "paused", Failure: failure}},
			[]string{"u1, paused:", `failure:  at "moving", slave s2, shard 3: slave died: signal: killed`, "choices:  baton resume"},
			nil,
		},
		{
			"one on its way back",
			control.Status{Upgrade: &control.Upgrade{ID: "u1", State: "reverting", Back: true, Failure: failure}},
			[]string{"u1, reverting, on the way back", "failure:", "baton watch shows it to its end"},
			[]string{"baton resume"},
		},
		{
			"how the last one ended",
			control.Status{Last: &control.Result{Upgrade: "u7", Result: control.ResultReverted, Failure: failure}},
			[]string{`last:     u7, reverted, at "moving", slave s2, shard 3: slave died`},
			nil,
		},
		{
			"one that went through all the same",
			control.Status{Last: &control.Result{Upgrade: "u7", Result: control.ResultDone, Trouble: failure}},
			[]string{"u7, done in spite of this: at"},
			nil,
		},
		{
			"slaves that somebody has to look after",
			control.Status{Slaves: []control.Slave{{ID: "s1", Role: "new", Missing: true}, {ID: "s2", Role: "target", Unhealthy: "no database"}}},
			[]string{"slave s1 has not been heard of since the earlier master; if its process is dead, run baton forget s1", "slave s2 is not healthy: no database"},
			nil,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			if err := printStatus(&out, test.status); err != nil {
				t.Fatal(err)
			}
			for _, text := range test.want {
				if !strings.Contains(out.String(), text) {
					t.Errorf("%q is missing in:\n%s", text, out.String())
				}
			}
			for _, text := range test.not {
				if strings.Contains(out.String(), text) {
					t.Errorf("%q is in:\n%s", text, out.String())
				}
			}
		})
	}
}

func TestTheLastLineSaysHowAnUpgradeEnded(t *testing.T) {
	base := control.Result{Seconds: 1.5, Sources: []string{"s1"}, Targets: []string{"s2"}}
	with := func(change func(*control.Result)) control.Result {
		r := base
		change(&r)
		return r
	}
	for _, test := range []struct {
		result control.Result
		want   string
	}{
		{with(func(r *control.Result) { r.Result, r.Moved = control.ResultDone, []int{0, 1} }), "done in 1.500 s: 2 shards moved from s1 to s2"},
		{
			with(func(r *control.Result) { r.Result, r.Kept = control.ResultReverted, []int{0, 1} }),
			"reverted in 1.500 s: all shards are on s1, as before",
		},
		{
			with(func(r *control.Result) { r.Result, r.Kept, r.Fresh = control.ResultReverted, []int{0, 1}, 1 }),
			"reverted in 1.500 s: all shards are on s1, as before; 1 by IDENTIFY",
		},
		{
			with(func(r *control.Result) {
				r.Result, r.Moved, r.Kept, r.InDoubt = control.ResultFailed, []int{0}, []int{1}, []int{2, 3}
			}),
			"failed in 1.500 s: 1 shards moved from s1 to s2; shards 1 stayed; shards 2-3 are in doubt",
		},
		{
			with(func(r *control.Result) {
				r.Result, r.Moved, r.Trouble = control.ResultDone, []int{0, 1}, &control.Failure{Step: "moving", Slave: "s1", Kind: "slave died"}
			}),
			"done in 1.500 s: 2 shards moved from s1 to s2\nit is done because there was nobody to go back to; what went wrong: at \"moving\", slave s1: slave died",
		},
	} {
		if got := summary(test.result); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}
