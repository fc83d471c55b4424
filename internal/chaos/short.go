package chaos

import (
	"slices"

	"github.com/shardbaton/baton/fsm/lifecycle"
)

// Full returns all cells: the checks, the matrix, the bad bots and the scenarios.
func Full() []Cell { return slices.Concat(Checks(), Matrix(Phases()), BadBots(), Scenarios()) }

// Short returns the cells of the shortened matrix: the checks, every victim and fault
// in the phases in which most is at stake, the bad bots and the scenarios.
func Short() []Cell {
	return slices.Concat(Checks(), Matrix([]Phase{
		Serving(),
		{Move: true, State: string(lifecycle.MoveStopping)},
		{Move: true, State: string(lifecycle.MoveResuming)},
		{State: string(lifecycle.UpgradeFullStart)},
		{State: string(lifecycle.UpgradeRetiring)},
		{State: string(lifecycle.UpgradeReverting)},
	}), BadBots(), Scenarios())
}
