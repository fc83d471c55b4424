package main

import (
	"context"
	_ "embed" // the glue
	"fmt"
	"strings"

	"github.com/shardbaton/baton/fsm"
	"github.com/shardbaton/baton/fsm/lifecycle"
)

//go:embed handover.pml
var handoverGlue string

type (
	moveTable  = fsm.Table[lifecycle.MoveState, lifecycle.MoveEvent, lifecycle.MoveView]
	moveRow    = fsm.Row[lifecycle.MoveState, lifecycle.MoveEvent]
	shardTable = fsm.Table[lifecycle.ShardState, lifecycle.ShardEvent, lifecycle.ShardView]
)

// handover is the model of a hand-over as a whole: two tables, and the glue
// between them.
func handover(glue string, move moveTable, shard shardTable) (model, error) {
	master, err := move.Build()
	if err != nil {
		return model{}, err
	}
	slave, err := shard.Build()
	if err != nil {
		return model{}, err
	}
	parts := strings.NewReplacer(
		"#include \"move.pml\"\n", master.PromelaAs(fsm.PromelaGlued),
		"#include \"shard.pml\"\n", slave.PromelaAs(fsm.PromelaGlued),
	)
	return model{name: "hand-over", text: parts.Replace(glue), claims: []string{"rests_move"}, large: true}, nil
}

// handover checks the hand-over, with links that may be cut so often. Rows that no
// part of the model asks for, such as those of a start, are not reached in it.
func (t toolchain) handover(ctx context.Context, cuts int) (verdict, error) {
	var v verdict
	m, err := handover(fmt.Sprintf("#define CUTS %d\n", cuts)+handoverGlue, lifecycle.Move(), lifecycle.Shard())
	if err != nil {
		return v, err
	}
	v.results, err = t.check(ctx, m)
	for _, r := range v.results {
		v.failures = append(v.failures, r.failures()...)
	}
	return v, err
}
