package fsm

import (
	"errors"
	"slices"
)

// Definition is a table that passed every check. It never changes and may be
// shared between goroutines.
type Definition[S, E ~string, C any] struct {
	table Table[S, E, C]
	plan  *plan
	// What follows says in the caller's types what the plan says by index, so
	// that Fire builds nothing: tests by guard, exempted by cell, taken by step.
	states   []S
	tests    []func(C) bool
	exempted []Outcome[S, E]
	taken    []Outcome[S, E]
}

// Build checks the table and returns its definition. The error joins a [*Defect]
// for everything that is wrong, not only for the first; see [Defects].
func (t Table[S, E, C]) Build() (*Definition[S, E, C], error) {
	t = t.clone()
	p, defects := check(t.plain())
	if len(defects) > 0 {
		return nil, errors.Join(defects...)
	}
	d := &Definition[S, E, C]{table: t, plan: p}
	for _, s := range t.States {
		d.states = append(d.states, s.Name)
	}
	for _, g := range t.Guards {
		d.tests = append(d.tests, g.Test)
	}
	for _, s := range p.steps {
		d.taken = append(d.taken, d.outcomeOf(s))
	}
	for i, c := range p.cells {
		at := d.states[i/len(t.Events)]
		d.exempted = append(d.exempted, Outcome[S, E]{
			Verdict: c.verdict, From: at, To: at, Row: -1, Because: c.because,
		})
	}
	return d, nil
}

// outcomeOf spells out what happens when a step is taken.
func (d *Definition[S, E, C]) outcomeOf(s step) Outcome[S, E] {
	from, to, row := d.table.States[s.from], d.table.States[s.to], d.table.Rows[s.row]
	out := Outcome[S, E]{
		Verdict: Taken, From: from.Name, To: to.Name, Row: s.row,
		Effects: slices.Clip(row.Do), Because: row.Doc,
	}
	moved := s.from != s.to
	out.Disarm = moved && from.Deadline != ""
	if (moved || row.Rearm) && to.Deadline != "" {
		out.Deadline, out.DeadlineEvent = to.Deadline, to.OnDeadline
	}
	return out
}

// Name returns the table's name.
func (d *Definition[S, E, C]) Name() string { return d.table.Name }

// Table returns a copy of the table that was built.
func (d *Definition[S, E, C]) Table() Table[S, E, C] { return d.table.clone() }

// State returns the declaration of a state, and whether there is one.
func (d *Definition[S, E, C]) State(name S) (State[S, E], bool) {
	i, ok := d.plan.states[string(name)]
	if !ok {
		return State[S, E]{}, false
	}
	return d.table.States[i], true
}

// WithGuards returns a definition whose guards are answered by test, which gets
// the guard's name, instead of by their own Test. It lets a test or a search
// drive every truth assignment without building contexts for them.
func (d *Definition[S, E, C]) WithGuards(test func(guard string) bool) *Definition[S, E, C] {
	driven := *d
	driven.tests = make([]func(C) bool, len(d.table.Guards))
	for i, g := range d.table.Guards {
		driven.tests[i] = func(C) bool { return test(g.Name) }
	}
	return &driven
}

// New starts a machine in the initial state. The caller arms [Machine.Deadline].
func (d *Definition[S, E, C]) New() *Machine[S, E, C] {
	return &Machine[S, E, C]{def: d, at: d.plan.initial}
}

// Restore starts a machine in the state of the snapshot. The caller arms
// [Machine.Deadline]. A snapshot of another table, or of a state that the table
// does not have, gives a [*SnapshotError].
func (d *Definition[S, E, C]) Restore(s Snapshot) (*Machine[S, E, C], error) {
	m := d.New()
	if err := m.Reset(s); err != nil {
		return nil, err
	}
	return m, nil
}
