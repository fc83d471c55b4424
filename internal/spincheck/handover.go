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
	for file, text := range map[string]string{"move.pml": master.PromelaAs(fsm.PromelaGlued), "shard.pml": slave.PromelaAs(fsm.PromelaGlued)} {
		// What the preprocessor would leave out is left out here, so that every line
		// with a row is one that can be reached.
		include := "#include \"" + file + "\"\n"
		declarations, process, ok := strings.Cut(text, "#else\n")
		if !ok || strings.Count(glue, include) != 2 {
			return model{}, fmt.Errorf("the glue has to include %s twice", file)
		}
		glue = strings.Replace(glue, include, declarations+"#endif\n", 1)
		glue = strings.Replace(glue, include, strings.TrimSuffix(process, "#endif\n"), 1)
	}
	return model{name: "hand-over", text: glue, claims: []string{"rests_move"}, large: true}, nil
}

// handover checks the hand-over, in which so often a link may be cut or a lease may run
// out. Rows that no part of the model asks for, such as those of a start, are not
// reached in it.
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
