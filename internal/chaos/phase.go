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
	// Back says that the shard is on its way to the old slave again.
	Back bool `json:"back,omitempty"`
}

// String is the state's name in its table, and whether it is the way back.
func (p Phase) String() string {
	if p.Back {
		return "back: " + p.State
	}
	return p.State
}

// Serving is the phase in which no upgrade is asked for.
func Serving() Phase { return Phase{State: "serving"} }

// Phases returns Serving, and every state in which an upgrade, or the move of a shard,
// can be caught: all of the tables' but the final ones, and but that of a shard which
// waits for its turn. Those through which a shard also comes on its way back stand
// there twice.
func Phases() []Phase {
	moves := phasesOf(lifecycle.Move(), true)
	back := slices.Clone(moves)
	for i := range back {
		back[i].Back = true
	}
	back = slices.DeleteFunc(back, func(p Phase) bool { return !lifecycle.MoveState(p.State).InFlight() })
	return slices.Concat([]Phase{Serving()}, phasesOf(lifecycle.Upgrade(), false), moves, back)
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
		return step.Move != nil && step.Move.Shard == shard && step.Move.State == p.State && step.Move.Back == p.Back
	}
	return step.State == p.State
}
