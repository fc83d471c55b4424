package chaos

import (
	"context"

	"github.com/shardbaton/baton/fsm/lifecycle"
)

// Scenario is one way in which v1.5.2, the original, breaks, each seen in a run of
// it. Here it is played against this master.
type Scenario struct {
	Name string
	// Happens is what is done, Original what the original makes of it.
	Happens, Original string

	// strike is the cell of the matrix that plays it, if there is one.
	strike Cell
	// meanwhile is asked right after the strike.
	meanwhile func(ctx context.Context, b *bed) (note string, err error)
	// act plays it otherwise, while the first bot serves; an upgrade follows.
	act func(ctx context.Context, b *bed, first bot) (note string, err error)
	// must are parts of the violations that have to be found; empty where none may be.
	must []string
}

// cell is the scenario as a cell.
func (s Scenario) cell() Cell {
	cell := s.strike
	cell.Scenario = s.Name
	return cell
}

// Scenarios returns a cell for each scenario.
func Scenarios() []Cell {
	var cells []Cell
	for _, s := range scenarios() {
		cells = append(cells, s.cell())
	}
	return cells
}

// scenarioOf returns the scenario that the cell plays.
func scenarioOf(cell Cell) (Scenario, bool) {
	for _, s := range append(scenarios(), checks()...) {
		if cell.Scenario != "" && s.Name == cell.Scenario {
			return s, true
		}
	}
	return Scenario{}, false
}

func scenarios() []Scenario {
	move := func(victim Victim, state lifecycle.MoveState, fault Fault) Cell {
		return Cell{Victim: victim, Phase: Phase{Move: true, State: string(state)}, Fault: fault}
	}
	return []Scenario{
		{
			Name: "new slave dies", Happens: "the new slave dies mid-migration",
			Original: "moved and in-flight shards lost; every later slave refused",
			strike:   move(New, lifecycle.MoveOnNew, Kill),
		},
		{
			Name: "old slave dies", Happens: "the old slave dies while the new one resumes",
			Original: "the new one is told to stop a shard and shuts down: total outage",
			strike:   move(Old, lifecycle.MoveResuming, Kill),
		},
		{
			Name: "master restarted", Happens: "the master is killed and started again mid-migration",
			Original: "panics on each restart, or the new slave is shut down, or a shard runs on neither",
			strike:   move(Master, lifecycle.MoveResuming, Kill),
		},
		{
			Name: "old link cut", Happens: "the old slave's connection alone is cut",
			Original: "the new slave shuts down, or the master panics",
			strike:   move(Old, lifecycle.MoveStopping, Cut),
		},
		{
			Name: "fresh slave", Happens: "the serving slave's connection is gone when a fresh slave connects",
			Original: "both run all shards", act: freshSlave,
		},
		{
			Name: "new slave frozen", Happens: "the new slave stands still for 5 s",
			Original: "the master's lock is held: nothing else is served",
			strike:   move(New, lifecycle.MoveResuming, Stop), meanwhile: statusAnswers,
		},
		{Name: "stray GuildState", Happens: "GuildState with no counterpart connected", Original: "the master panics", act: strayGuildState},
		{Name: "stray StopShard", Happens: "StopShard with no counterpart connected", Original: "the master panics", act: strayStopShard},
		{Name: "stray Resume", Happens: "Resume with no counterpart connected", Original: "the master panics", act: strayResume},
		{
			Name: "length 0xFFFFFFFF", Happens: "frames that announce 4 GiB, on 20 connections",
			Original: "up to 4 GiB reserved a connection, out of memory under a limit", act: hugeLength,
		},
		{Name: "nested arrays", Happens: "16 MiB of nested arrays", Original: "stack overflow, the process ends", act: nestedArrays},
		{
			Name: "split header", Happens: "every frame arrives in pieces of 5 bytes",
			Original: "stream out of step, silently", act: splitHeader,
		},
		{
			Name: "accept then reset", Happens: "six connections are accepted and reset",
			Original: "the slave may stop reconnecting for good", act: acceptThenReset,
		},
	}
}
