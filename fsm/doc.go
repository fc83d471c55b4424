// Package fsm runs lifecycles that are written down as tables.
//
// A [Table] lists the states, events, guards and effects of one kind of
// machine, and one [Row] per transition. The same table is checked, run and
// drawn; no transition is written anywhere else.
//
//   - [Table.Build] checks the table and returns either a [Definition] or every
//     defect at once. A table that builds is total and deterministic: for each
//     state, event and truth assignment of the guards exactly one thing happens.
//   - [Definition.New] starts a [Machine]: one per life. [Machine.Fire] takes
//     one event and answers with an [Outcome] that names the effects to run and
//     the deadline to arm. A machine performs no effect and owns no clock, so it
//     fits into a core that is pure.
//   - [Definition.Mermaid], [Definition.DOT], [Definition.Markdown] and
//     [Definition.Promela] draw the table; [Definition.PromelaAs] writes it for
//     the model checker SPIN in other forms, too.
//
// # How a caller uses a machine
//
//  1. Build each definition once and share it: a definition never changes.
//  2. Create a machine with New (or Restore) and arm [Machine.Deadline].
//  3. For every event call Fire. If the outcome says Disarm, disarm; if it names
//     a Deadline, arm it; then run the effects in order ([Bind] maps names to
//     functions and proves that none is missing).
//  4. When an armed deadline passes, fire its event.
//
// # The runtime
//
// Transitions are carried out by github.com/looplab/fsm, used within the limits
// in which it is safe: no callbacks and a background context. There a pair of
// event and source that occurs twice silently keeps the last entry, so each row
// and source gets a looplab event of its own, and guards choose between them.
// Fire compares looplab's answer with the table's each time. Machines of one
// definition share a few looplab machines, each used for one step at a time,
// because building one costs many times what a step does.
package fsm
