package lifecycle

import "github.com/shardbaton/baton/fsm"

// LeaseState is a state of a slave's lease, as the master knows it.
type LeaseState string

// The states of [Lease].
const (
	LeaseFree   LeaseState = "free"
	LeaseHeld   LeaseState = "held"
	LeaseLapsed LeaseState = "lapsed"
)

// LeaseEvent is an event of a slave's lease.
type LeaseEvent string

// The events of [Lease].
const (
	LeaseAnswered LeaseEvent = "answered"
	LeaseWaived   LeaseEvent = "waived"
	LeaseDead     LeaseEvent = "slave dead"
	LeaseExpired  LeaseEvent = "deadline"
)

// LeaseView is what the guards of [Lease] read: there are none.
type LeaseView interface{}

// LeaseBury is the effect of [Lease].
const LeaseBury = "take the slave for dead"

// Lease is the life of one slave's lease, where leases are used. The slave counts from
// the moment at which it sent what the master answered last; the master from the
// moment at which it answered, and longer. So when the lease has lapsed here, it ran
// out there before.
func Lease() fsm.Table[LeaseState, LeaseEvent, LeaseView] {
	type row = fsm.Row[LeaseState, LeaseEvent]
	type exempt = fsm.Exempt[LeaseState, LeaseEvent]
	in := func(states ...LeaseState) []LeaseState { return states }
	on := func(events ...LeaseEvent) []LeaseEvent { return events }
	return fsm.Table[LeaseState, LeaseEvent, LeaseView]{
		Name:    "lease",
		Doc:     "For how long a slave that is not heard of may run its shards.",
		Initial: LeaseFree,
		States: []fsm.State[LeaseState, LeaseEvent]{
			{Name: LeaseFree, Rest: true, Doc: "No lease was given: the slave serves with or without a master, for ever."},
			{Name: LeaseHeld, Deadline: LeaseDeadline, OnDeadline: LeaseExpired, Doc: "The slave may serve. Left when it has not been answered for longer than the lease."},
			{Name: LeaseLapsed, Final: true, Doc: "The slave has stopped its shards by itself, or is dead."},
		},
		Events: []fsm.Event[LeaseEvent]{
			{Name: LeaseAnswered, Doc: "A hello or a heartbeat of the slave was answered."},
			{Name: LeaseWaived, Doc: "The slave was answered, and told that it needs no lease."},
			{Name: LeaseDead, Doc: "The slave is known to be dead."},
			{Name: LeaseExpired, Doc: "The deadline of the state has passed."},
		},
		Effects: []fsm.Effect{{Name: LeaseBury, Doc: "the slave runs no shard any more: whoever counted on it is told, as of its death"}},
		Rows: []row{
			{From: in(LeaseFree), On: LeaseAnswered, To: LeaseHeld, Doc: "from now on it has to be heard of"},
			{From: in(LeaseHeld), On: LeaseAnswered, Rearm: true, Doc: "it is heard of"},
			{From: in(LeaseHeld), On: LeaseWaived, To: LeaseFree, Doc: "an earlier master had given it one"},
			{From: in(LeaseHeld), On: LeaseExpired, To: LeaseLapsed, Do: []string{LeaseBury}, Doc: "it has stopped its shards before now, frozen or cut off"},
			{From: in(LeaseFree, LeaseHeld), On: LeaseDead, To: LeaseLapsed, Doc: "nothing is left to wait for"},
		},
		Ignored: []exempt{{In: in(LeaseFree), On: on(LeaseWaived), Because: "it has none"}, {In: in(LeaseLapsed), On: on(fsm.Any), Because: "the slave is taken for dead; when it is back it is a new one"}},
		Refused: []exempt{{In: in(LeaseFree), On: on(LeaseExpired), Because: "the state has no deadline"}},
	}
}
