package fsm

import (
	"errors"
	"fmt"
)

// ErrReentered is returned by [Machine.Fire] when the state changed while the
// guards were asked: a guard fired or reset the machine that asked it, although
// guards only read. The machine stays where the guard brought it.
var ErrReentered = errors.New("fsm: a guard changed the machine that asked it: guards only read")

// UnknownEventError is returned by [Machine.Fire] for an event that the table
// does not declare. The machine is unchanged.
type UnknownEventError struct {
	Table, State, Event string
}

// Error names the table, the state and the event.
func (e *UnknownEventError) Error() string {
	return fmt.Sprintf("fsm: table %q in state %q was sent %q, which is not one of its events: declare the event or send another",
		e.Table, e.State, e.Event)
}

// GuardError is returned by [Machine.Fire] when a guard panicked. The machine is
// unchanged and stays usable.
type GuardError struct {
	Table, State, Event, Guard string
	// Panic is the value that the guard panicked with.
	Panic any
	// Stack is the goroutine's stack at the panic.
	Stack []byte
}

// Error names the guard and its panic; the stack is left to the caller.
func (e *GuardError) Error() string {
	return fmt.Sprintf("fsm: guard %q of table %q panicked in state %q on %q: %v: a guard must answer for every context",
		e.Guard, e.Table, e.State, e.Event, e.Panic)
}

// Unwrap returns the panic value when it is an error, so that errors.Is and
// errors.As see through the guard.
func (e *GuardError) Unwrap() error {
	err, _ := e.Panic.(error)
	return err
}

// DivergedError is returned by [Machine.Fire] when looplab/fsm and the table
// disagree. It means a defect in this package or a change in looplab's behaviour;
// the machine stays in the state it was in.
type DivergedError struct {
	Table, State, Event string
	// Row is the index of the row that the table chose.
	Row int
	// Want and Got are the states that the table and looplab ended in.
	Want, Got string
	// Err is looplab's error, if it returned one.
	Err error
}

// Error names both opinions.
func (e *DivergedError) Error() string {
	text := fmt.Sprintf("fsm: table %q in state %q on %q: row %d leads to %q, but the runtime is in %q",
		e.Table, e.State, e.Event, e.Row, e.Want, e.Got)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns looplab's error.
func (e *DivergedError) Unwrap() error { return e.Err }

// SnapshotError is returned when a snapshot does not fit the definition.
type SnapshotError struct {
	// Table is the name of the definition that was asked to restore.
	Table string
	// Snapshot is what it was given.
	Snapshot Snapshot
}

// Error says whether the table or the state is the one that does not fit.
func (e *SnapshotError) Error() string {
	if e.Snapshot.Table != e.Table {
		return fmt.Sprintf("fsm: table %q cannot restore a snapshot of table %q", e.Table, e.Snapshot.Table)
	}
	return fmt.Sprintf("fsm: table %q has no state %q: the snapshot was taken from another version of the table",
		e.Table, e.Snapshot.State)
}

// BindError is one effect that does not have exactly one implementation. [Bind]
// joins them all.
type BindError struct {
	Table, Effect string
	// Problem is "has no implementation", "is not an effect of the table" or
	// "is implemented by nil".
	Problem string
}

// Error names the table, the effect and the problem.
func (e *BindError) Error() string {
	return fmt.Sprintf("fsm: table %q: effect %q %s", e.Table, e.Effect, e.Problem)
}
