package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/shardbaton/baton/fsm"
	"github.com/shardbaton/baton/fsm/lifecycle"
)

// handoverDefects are those of a hand-over: what a table by itself cannot show.
func handoverDefects() []defect {
	const twice, misplaced, endless = "violated: two slaves", "violated: the shard is not where", "acceptance cycle"
	return []defect{
		{
			name: "a shard that is started before it has stopped", want: twice,
			check: altered(lifecycle.MoveArming, lifecycle.MoveArmed, lifecycle.MoveStopping, func(r *moveRow) {
				r.To, r.Do = lifecycle.MoveResuming, []string{lifecycle.MoveAskResume}
			}),
		},
		{
			name: "a shard that goes back from a slave which may run it", want: twice,
			check: altered(lifecycle.MoveResuming, lifecycle.MoveDeadline, lifecycle.MoveDoubtful, func(r *moveRow) {
				r.To, r.Do = lifecycle.MoveReturning, []string{lifecycle.MoveGiveBack}
			}),
		},
		{
			name: "a shard that is given up while somebody may start it", want: misplaced,
			check: altered(lifecycle.MoveReturning, lifecycle.MoveEnded, lifecycle.MoveDoubtful, func(r *moveRow) { r.To = lifecycle.MoveLost }),
		},
		{
			name: "an upgrade that does not hear of a deadline", want: endless,
			check: altered(lifecycle.MoveStopping, lifecycle.MoveDeadline, "", func(r *moveRow) { r.Do = nil }),
		},
		{
			name: "a lost link that is taken for a death", want: misplaced,
			check: reglued("(dead[giver] || yielded(giver))", "(dead[giver] || !up[giver])"),
		},
		{
			name: "an order of an earlier epoch that is carried out", want: misplaced,
			check: reglued(":: at > seen[me] ||", ":: true ||"),
		},
		{
			name: "an answer of an earlier epoch that is believed", want: misplaced,
			check: reglued("up[me] && at == epoch", "up[me]"),
		},
		{
			name: "a slave that is taken for dead before its shard has stopped", want: misplaced,
			check: reglued("(lapsed[s] && !serves(s))", "lapsed[s]"),
		},
		{
			name: "a shard that is started without a lease", want: misplaced,
			check: reglued("#define g_shard_may_run(me) !lapsed[me]", "#define g_shard_may_run(me) true"),
		},
	}
}

// altered checks a hand-over in which every row from a state on an event to another
// is changed.
func altered(from lifecycle.MoveState, on lifecycle.MoveEvent, to lifecycle.MoveState, change func(*moveRow)) func(context.Context, toolchain) ([]string, error) {
	return func(ctx context.Context, t toolchain) ([]string, error) {
		table, found := lifecycle.Move(), false
		for i := range table.Rows {
			if r := &table.Rows[i]; slices.Contains(r.From, from) && r.On == on && r.To == to {
				change(r)
				found = true
			}
		}
		if !found {
			return nil, fmt.Errorf("the table move has no row from %q on %q to %q", from, on, to)
		}
		return wrong(ctx, t, handoverGlue, table)
	}
}

// reglued checks a hand-over in whose glue one text stands instead of another.
func reglued(before, after string) func(context.Context, toolchain) ([]string, error) {
	return func(ctx context.Context, t toolchain) ([]string, error) {
		if strings.Count(handoverGlue, before) != 1 {
			return nil, fmt.Errorf("want %q once in the glue", before)
		}
		return wrong(ctx, t, strings.Replace(handoverGlue, before, after, 1), lifecycle.Move())
	}
}

// wrong checks a hand-over that is expected to fail soon, so it is not compiled for
// speed.
func wrong(ctx context.Context, t toolchain, glue string, move moveTable) ([]string, error) {
	// An effect or a guard that is not used any more is a defect of the table, too.
	move.Effects = slices.DeleteFunc(move.Effects, func(e fsm.Effect) bool {
		return !slices.ContainsFunc(move.Rows, func(r moveRow) bool { return slices.Contains(r.Do, e.Name) })
	})
	m, err := handover(glue, move, lifecycle.Shard())
	if err != nil {
		return nil, err
	}
	m.large = false
	results, err := t.check(ctx, m)
	if err != nil {
		return nil, err
	}
	return results[0].failures(), nil
}
