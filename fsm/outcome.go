package fsm

import "fmt"

// Verdict says what a machine did with an event.
type Verdict int

// The zero Verdict is none of these, so that an Outcome that was never filled in
// cannot be taken for a decision.
const (
	// Taken means that a row matched: run its effects.
	Taken Verdict = iota + 1
	// Ignored means that the table drops the event in this state.
	Ignored
	// Refused means that the sender should not have sent the event in this state.
	Refused
)

// String returns the verdict in lower case.
func (v Verdict) String() string {
	switch v {
	case Taken:
		return "taken"
	case Ignored:
		return "ignored"
	case Refused:
		return "refused"
	default:
		return fmt.Sprintf("Verdict(%d)", int(v))
	}
}

// Outcome is what [Machine.Fire] decided. The caller carries it out in this
// order: Disarm, Deadline, Effects.
type Outcome[S, E ~string] struct {
	Verdict Verdict
	// From and To are the states before and after. They are equal when the
	// event was ignored, refused or an internal step.
	From, To S
	// Row is the index into [Table].Rows of the row taken, or -1.
	Row int
	// Effects are the names to run, in order. The slice belongs to the
	// definition: read it, do not change it.
	Effects []string
	// Because is the row's Doc, or the reason for the exemption.
	Because string
	// Disarm says that the deadline of From no longer applies.
	Disarm bool
	// Deadline names the deadline to arm, or to arm anew. Empty: none.
	Deadline string
	// DeadlineEvent is the event to fire when Deadline passes.
	DeadlineEvent E
}

// Moved reports whether the machine changed its state.
func (o Outcome[S, E]) Moved() bool { return o.From != o.To }
