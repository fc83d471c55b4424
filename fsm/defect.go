package fsm

import (
	"errors"
	"fmt"
)

// DefectKind classifies what is wrong with a table. It is an error, so that
// errors.Is(err, fsm.Trap) asks whether Build found a defect of that kind.
type DefectKind string

// The kinds of defects that [Table.Build] finds.
const (
	// MissingName: a table, state, event, guard or effect has an empty name.
	MissingName DefectKind = "missing name"
	// ReservedName: something is called like the wildcard [Any].
	ReservedName DefectKind = "reserved name"
	// MissingDoc: a Doc or Because is empty.
	MissingDoc DefectKind = "missing doc"
	// MissingTest: a guard has no Test.
	MissingTest DefectKind = "missing test"
	// DuplicateName: something is declared or listed twice.
	DuplicateName DefectKind = "duplicate name"
	// UnknownName: something is used but not declared.
	UnknownName DefectKind = "unknown name"
	// UnusedName: a guard, effect or event is declared, but no row uses it.
	UnusedName DefectKind = "unused name"
	// EmptyList: a row has no From, or an Exempt no In or no On.
	EmptyList DefectKind = "empty list"
	// ContradictoryTerms: a row asks a guard to be both true and false.
	ContradictoryTerms DefectKind = "contradictory terms"
	// TooManyGuards: the rows of one pair mention more than [MaxGuards] guards.
	TooManyGuards DefectKind = "too many guards"
	// OverlappingRows: two rows match the same truth assignment.
	OverlappingRows DefectKind = "overlapping rows"
	// UncoveredGuards: no row of a pair matches some truth assignment.
	UncoveredGuards DefectKind = "uncovered guards"
	// UnhandledPair: an event is neither taken, ignored nor refused in a state.
	UnhandledPair DefectKind = "unhandled pair"
	// ConflictingPair: a pair is both taken and exempted, or exempted twice.
	ConflictingPair DefectKind = "conflicting pair"
	// BlanketExempt: an Exempt has Any on both sides, or Any among other names.
	BlanketExempt DefectKind = "blanket exempt"
	// IdleExempt: an Exempt with Any covers no pair.
	IdleExempt DefectKind = "idle exempt"
	// Unreachable: no row leads from the initial state to a state.
	Unreachable DefectKind = "unreachable state"
	// Trap: a state that is not final has no row that leaves it.
	Trap DefectKind = "trap"
	// Endless: rows leave a state, but none leads towards a final one.
	Endless DefectKind = "no way to a final state"
	// NoFinal: no state is final.
	NoFinal DefectKind = "no final state"
	// FinalWithRows: a row starts in a final state.
	FinalWithRows DefectKind = "final state with rows"
	// MixedRest: a state is more than one of Final, Rest and with a Deadline.
	MixedRest DefectKind = "mixed rest"
	// MissingDeadline: a state is none of Final, Rest and with a Deadline.
	MissingDeadline DefectKind = "missing deadline"
	// HalfDeadline: Deadline and OnDeadline are not given together.
	HalfDeadline DefectKind = "half a deadline"
	// UnhandledDeadline: no row takes the event of a state's deadline there.
	UnhandledDeadline DefectKind = "unhandled deadline"
	// SpentDeadline: after the deadline a machine may stay for ever, because a
	// row neither leaves nor re-arms, or because no row leaves.
	SpentDeadline DefectKind = "spent deadline"
	// IdleRearm: a row re-arms although no source that stays has a deadline.
	IdleRearm DefectKind = "idle rearm"
)

// Error returns the kind in words.
func (k DefectKind) Error() string { return string(k) }

// Defect is one thing that is wrong with a table.
type Defect struct {
	// Table is the table's name, possibly empty.
	Table string
	Kind  DefectKind
	// Text says where it is and what was expected.
	Text string
}

// Error names the table, the kind and the place.
func (d *Defect) Error() string {
	return fmt.Sprintf("fsm: table %q: %s: %s", d.Table, d.Kind, d.Text)
}

// Unwrap returns the kind.
func (d *Defect) Unwrap() error { return d.Kind }

// Defects lists the defects inside an error of [Table.Build], in the order in
// which they were found. It returns nil for any other error.
func Defects(err error) []*Defect {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		var all []*Defect
		for _, one := range joined.Unwrap() {
			all = append(all, Defects(one)...)
		}
		return all
	}
	var one *Defect
	if errors.As(err, &one) {
		return []*Defect{one}
	}
	return nil
}
