package fsmtest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/shardbaton/baton/fsm"
)

// Equivalent fails the test unless machines of the definition do exactly what its
// table says, for every state, every event and every truth assignment of the
// guards, with guards driven by name. For each context given it also fires every
// event in every state with the guards' own tests. See [Compare].
func Equivalent[S, E ~string, C any](tb testing.TB, def *fsm.Definition[S, E, C], contexts ...C) {
	tb.Helper()
	if err := Compare(def.Table(), def, contexts...); err != nil {
		tb.Error(err)
	}
}

// Compare returns an error that joins every difference between what the table
// says and what machines of the definition do: verdict, row, states, effects,
// reason, deadlines, and which guards are asked, each once. Machines are tried
// in every state after Restore, and on a long walk from New.
func Compare[S, E ~string, C any](table fsm.Table[S, E, C], def *fsm.Definition[S, E, C], contexts ...C) error {
	p := &proof[S, E, C]{table: table, def: def}
	for _, s := range table.States {
		for _, e := range table.Events {
			p.assignments(s.Name, e.Name)
			for i, ctx := range contexts {
				p.context(s.Name, e.Name, i, ctx)
			}
		}
	}
	p.walk(100 * len(table.States) * len(table.Events))
	return errors.Join(p.differences...)
}

// proof compares one definition with one table.
type proof[S, E ~string, C any] struct {
	table       fsm.Table[S, E, C]
	def         *fsm.Definition[S, E, C]
	differences []error
}

func (p *proof[S, E, C]) differ(format string, args ...any) {
	p.differences = append(p.differences, fmt.Errorf("table %q: "+format, append([]any{p.table.Name}, args...)...))
}

// assignments tries every truth assignment of a pair's guards.
func (p *proof[S, E, C]) assignments(state S, event E) {
	guards := mentioned(p.table, state, event)
	for truth := range 1 << len(guards) {
		answers := make(map[string]bool)
		for bit, g := range guards {
			answers[g] = truth>>bit&1 == 1
		}
		asked := make(map[string]int)
		driven := p.def.WithGuards(func(guard string) bool {
			asked[guard]++
			return answers[guard]
		})
		var none C
		p.fire(driven, state, event, none, answers)
		for _, g := range guards {
			if asked[g] != 1 {
				p.differ("state %q on %q: guard %q was asked %d times, want once", state, event, g, asked[g])
			}
			delete(asked, g)
		}
		for g := range asked {
			p.differ("state %q on %q: guard %q was asked, but no row of the pair mentions it", state, event, g)
		}
	}
}

// context tries a pair with the guards' own tests.
func (p *proof[S, E, C]) context(state S, event E, index int, ctx C) {
	answers := make(map[string]bool)
	for _, g := range p.table.Guards {
		answers[g.Name] = g.Test(ctx)
	}
	before := len(p.differences)
	p.fire(p.def, state, event, ctx, answers)
	if len(p.differences) > before {
		p.differ("state %q on %q: the difference is in context %d", state, event, index)
	}
}

// fire restores a machine into a state and fires one event.
func (p *proof[S, E, C]) fire(def *fsm.Definition[S, E, C], state S, event E, ctx C, answers map[string]bool) {
	m, err := def.Restore(fsm.Snapshot{Table: p.table.Name, State: string(state)})
	if err != nil {
		p.differ("%w", err)
		return
	}
	p.step(m, ctx, event, answers)
}

// walk lives many lives from New, with random events and answers that are the
// same each time, so that steps are tried in sequence, too.
func (p *proof[S, E, C]) walk(steps int) {
	random := rand.New(rand.NewPCG(1, 1))
	answers := make(map[string]bool)
	driven := p.def.WithGuards(func(guard string) bool { return answers[guard] })
	m := driven.New()
	if m.State() != p.table.Initial {
		p.differ("a new machine is in %q, want %q", m.State(), p.table.Initial)
	}
	for range steps {
		for _, g := range p.table.Guards {
			answers[g.Name] = random.IntN(2) == 1
		}
		var none C
		p.step(m, none, p.table.Events[random.IntN(len(p.table.Events))].Name, answers)
		if m.Final() {
			m = driven.New()
		}
	}
}

// step fires one event and compares everything that can be seen of it.
func (p *proof[S, E, C]) step(m *fsm.Machine[S, E, C], ctx C, event E, answers map[string]bool) {
	from := m.State()
	want, err := expect(p.table, from, event, answers)
	if err != nil {
		p.differ("state %q on %q, guards %v: %w", from, event, answers, err)
		return
	}
	got, err := m.Fire(ctx, event)
	if err != nil {
		p.differ("state %q on %q, guards %v: %w", from, event, answers, err)
		return
	}
	if len(got.Effects) == 0 {
		got.Effects = nil
	}
	if !reflect.DeepEqual(got, want) {
		p.differ("state %q on %q, guards %v:\n got %+v\nwant %+v", from, event, answers, got, want)
	}
	if m.State() != want.To {
		p.differ("state %q on %q, guards %v: the machine is in %q, want %q", from, event, answers, m.State(), want.To)
	}
	at := declared(p.table, want.To)
	if name, on := m.Deadline(); name != at.Deadline || on != at.OnDeadline || m.Final() != at.Final {
		p.differ("state %q: deadline %q on %q, final %t; want %q on %q, final %t",
			m.State(), name, on, m.Final(), at.Deadline, at.OnDeadline, at.Final)
	}
	if snap := (fsm.Snapshot{Table: p.table.Name, State: string(want.To)}); m.Snapshot() != snap {
		p.differ("snapshot is %+v, want %+v", m.Snapshot(), snap)
	}
}
