package fsm

// Any stands for "every other" in the In or the On of an [Exempt].
//
// It covers the pairs that nothing more specific mentions. From most to least
// specific: a row or an Exempt that names both state and event; an Exempt that
// names the state (On is Any); an Exempt that names the event (In is Any). One
// Exempt cannot have Any on both sides: that would exempt what nobody thought of.
const Any = "*"

// Table describes one kind of machine. S and E are the string kinds of its
// states and events; C is the context that its guards read.
//
// A table is plain data. [Table.Build] checks it and takes a copy.
type Table[S, E ~string, C any] struct {
	// Name identifies the table in snapshots, errors and drawings.
	Name string
	// Doc says what one machine of this table lives through.
	Doc string
	// Initial is the state in which a new machine starts.
	Initial S
	States  []State[S, E]
	Events  []Event[E]
	Guards  []Guard[C]
	Effects []Effect
	// Rows are the transitions. Their order means nothing: for each state and
	// event they must exclude each other.
	Rows []Row[S, E]
	// Ignored are pairs of state and event that are taken note of and dropped.
	Ignored []Exempt[S, E]
	// Refused are pairs of state and event that are a mistake of the sender.
	Refused []Exempt[S, E]
}

// State is one state of a machine. It is exactly one of three things: final,
// at rest, or waiting with a deadline.
type State[S, E ~string] struct {
	Name S
	// Doc says what the state means and what makes a machine leave it.
	Doc string
	// Final marks an end: no row leaves it.
	Final bool
	// Rest marks a state that waits for nobody and may last for ever.
	Rest bool
	// Deadline names the deadline that is armed on entry. How long it is, is
	// the caller's business. Empty for states that are Final or at Rest.
	Deadline string
	// OnDeadline is the event that fires when the deadline passes. A row must
	// take it here, and at least one of its rows must leave the state.
	OnDeadline E
}

// Event is something that happens to a machine.
type Event[E ~string] struct {
	Name E
	// Doc says who sends the event and when.
	Doc string
}

// Guard is a named question about the context.
type Guard[C any] struct {
	Name string
	// Doc says what a true answer means.
	Doc string
	// Test answers the question. It must be total and free of side effects:
	// [Machine.Fire] asks every guard that the rows of the pair mention, once.
	Test func(C) bool
}

// Effect is a named thing that the caller does when a row is taken.
type Effect struct {
	Name string
	// Doc says what is done.
	Doc string
}

// Row is a transition: in any of the From states, On the event, When all terms
// hold, go To a state and Do the effects.
type Row[S, E ~string] struct {
	// From lists the source states; the row serves each of them.
	From []S
	On   E
	// When is a conjunction. Empty means always.
	When []Term
	// To is the next state. Empty, or equal to the source, makes the row an
	// internal step: the state stays and its deadline runs on.
	To S
	// Rearm makes an internal step arm the deadline of the state anew: progress
	// was made, so the wait starts again.
	Rearm bool
	// Do names the effects, in order.
	Do []string
	// Doc says why the row exists.
	Doc string
}

// Term is one condition of a row: a guard, or its negation.
type Term struct {
	Guard   string
	Negated bool
}

// Is is the term that holds when the guard answers true.
func Is(guard string) Term { return Term{Guard: guard} }

// Not is the term that holds when the guard answers false.
func Not(guard string) Term { return Term{Guard: guard, Negated: true} }

// String returns the guard's name, after "not " when it is negated.
func (t Term) String() string {
	if t.Negated {
		return "not " + t.Guard
	}
	return t.Guard
}

// Exempt names pairs of state and event, all of In combined with all of On,
// that no row takes, and the reason. See [Any] for the wildcard.
type Exempt[S, E ~string] struct {
	In      []S
	On      []E
	Because string
}
