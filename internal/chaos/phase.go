package chaos

import (
	"slices"

	"github.com/shardbaton/baton/fsm"
	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/internal/control"
)

// Phase is a state of an upgrade, or of the move of one of its shards.
type Phase struct {
	// Move says that it is a state of a move.
	Move  bool   `json:"move,omitempty"`
	State string `json:"state"`
}

// String is the state's name in its table.
func (p Phase) String() string { return p.State }

// Serving is the phase in which no upgrade is asked for.
func Serving() Phase { return Phase{State: "serving"} }

// Phases returns Serving, and every state in which an upgrade, or the move of a shard,
// can be caught: all of the tables' but the final ones, and but that of a shard which
// waits for its turn.
func Phases() []Phase {
	return slices.Concat([]Phase{Serving()}, phasesOf(lifecycle.Upgrade(), false), phasesOf(lifecycle.Move(), true))
}

func phasesOf[S, E ~string, V any](table fsm.Table[S, E, V], move bool) []Phase {
	var phases []Phase
	for _, state := range table.States {
		if state.Final || move && state.Name == table.Initial {
			continue
		}
		phases = append(phases, Phase{Move: move, State: string(state.Name)})
	}
	return phases
}

// seen tells whether a step of an upgrade shows the phase; of the moves it is that of
// one shard that counts.
func (p Phase) seen(step control.Progress, shard int) bool {
	if p.Move {
		return step.Move != nil && step.Move.Shard == shard && step.Move.State == p.State
	}
	return step.State == p.State
}
