package fsm

import (
	"fmt"
	"runtime/debug"
)

// Machine is one life of a [Definition]. It is for one goroutine at a time.
//
// A machine is two words: copying the value gives an independent machine in the
// same state. That makes a core that holds machines cheap to copy, too.
type Machine[S, E ~string, C any] struct {
	def *Definition[S, E, C]
	at  int
}

// Snapshot is what must be kept to bring a machine back. It is comparable and
// holds nothing but text.
type Snapshot struct {
	Table string
	State string
}

// State returns the current state.
func (m *Machine[S, E, C]) State() S { return m.def.states[m.at] }

// Index returns the position of the current state in the table's States.
func (m *Machine[S, E, C]) Index() int { return m.at }

// Final reports whether the life is over.
func (m *Machine[S, E, C]) Final() bool { return m.def.table.States[m.at].Final }

// Deadline returns the deadline of the current state and the event to fire when
// it passes. The name is empty when the state has none. It is what to arm after
// New, Restore and Reset; after Fire the outcome says what to arm.
func (m *Machine[S, E, C]) Deadline() (name string, event E) {
	s := m.def.table.States[m.at]
	return s.Deadline, s.OnDeadline
}

// Snapshot returns the table's name and the current state.
func (m *Machine[S, E, C]) Snapshot() Snapshot {
	return Snapshot{Table: m.def.table.Name, State: string(m.State())}
}

// Reset puts the machine into the state of the snapshot, as [Definition.Restore]
// does with a new one. On a [*SnapshotError] the machine is unchanged.
func (m *Machine[S, E, C]) Reset(s Snapshot) error {
	at, ok := m.def.plan.states[s.State]
	if !ok || s.Table != m.def.table.Name {
		return &SnapshotError{Table: m.def.table.Name, Snapshot: s}
	}
	m.at = at
	return nil
}

// Fire hands one event to the machine. The guards read ctx.
//
// Ignored and refused events are outcomes, not errors. An error means that
// the event did nothing: [*UnknownEventError], [*GuardError], [ErrReentered] or
// [*DivergedError].
func (m *Machine[S, E, C]) Fire(ctx C, event E) (Outcome[S, E], error) {
	p := m.def.plan
	ev, ok := p.events[string(event)]
	if !ok {
		return Outcome[S, E]{}, &UnknownEventError{m.def.table.Name, string(m.State()), string(event)}
	}
	at := m.at*len(p.events) + ev
	c := &p.cells[at]
	if c.verdict != Taken {
		return m.def.exempted[at], nil
	}
	truth, err := m.ask(ctx, event, c.guards)
	if err != nil {
		return Outcome[S, E]{}, err
	}
	if m.at != p.steps[c.choice[truth]].from {
		return Outcome[S, E]{}, fmt.Errorf("table %q in state %q on %q: %w", m.def.table.Name, m.State(), event, ErrReentered)
	}
	if err := m.step(c.choice[truth], event); err != nil {
		return Outcome[S, E]{}, err
	}
	return m.def.taken[c.choice[truth]], nil
}

// ask returns the guards' answers as bits, the first guard lowest.
func (m *Machine[S, E, C]) ask(ctx C, event E, guards []int) (truth int, err error) {
	asked := 0
	defer func() {
		if v := recover(); v != nil {
			err = &GuardError{
				Table: m.def.table.Name, State: string(m.State()), Event: string(event),
				Guard: m.def.table.Guards[guards[asked]].Name, Panic: v, Stack: debug.Stack(),
			}
		}
	}()
	for ; asked < len(guards); asked++ {
		if m.def.tests[guards[asked]](ctx) {
			truth |= 1 << asked
		}
	}
	return truth, nil
}

// step lets looplab carry out a step and holds it to the table. Guards have been
// asked by then, so nothing of the caller's runs while the runtime is borrowed.
func (m *Machine[S, E, C]) step(index int, event E) error {
	p := m.def.plan
	s := p.steps[index]
	from, want := string(m.def.states[s.from]), string(m.def.states[s.to])
	got, err := p.runtimes.step(from, s.event)
	if err != nil || got != want {
		return &DivergedError{
			Table: m.def.table.Name, State: from, Event: string(event),
			Row: s.row, Want: want, Got: got, Err: err,
		}
	}
	m.at = s.to
	return nil
}
