package lifecycle

import "github.com/shardbaton/baton/fsm"

// MasterState is a state of a master.
type MasterState string

// The states of [Master].
const (
	MasterListening MasterState = "listening"
	MasterServing   MasterState = "serving"
	MasterDraining  MasterState = "draining"
	MasterStopping  MasterState = "stopping"
	MasterKilling   MasterState = "killing"
	MasterHalted    MasterState = "halted"
)

// MasterEvent is an event of a master.
type MasterEvent string

// The events of [Master].
const (
	MasterStarted     MasterEvent = "started"
	MasterStopAsked   MasterEvent = "stop asked"
	MasterUpgradeOver MasterEvent = "upgrade over"
	MasterAllEnded    MasterEvent = "all ended"
	MasterDeadline    MasterEvent = "deadline"
)

// MasterView is what the guards of [Master] read.
type MasterView interface {
	// StartNow reports whether slaves may be launched at once.
	StartNow() bool
	// UpgradeRuns reports whether an upgrade is open.
	UpgradeRuns() bool
}

// The effects of [Master].
const (
	MasterOpen        = "open for business"
	MasterFailUpgrade = "fail the upgrade"
	MasterDropUpgrade = "drop the upgrade"
	MasterEndSlaves   = "end the slaves"
	MasterKillSlaves  = "kill the slaves"
	MasterComplain    = "complain"
	MasterHalt        = "halt"
)

const (
	masterStartNow = "start now"
	masterUpgrades = "upgrade runs"
)

// Master is the life of a master process, from the first moment to an end in
// order. A master that is killed has no such end; its slaves serve on.
func Master() fsm.Table[MasterState, MasterEvent, MasterView] {
	type state = fsm.State[MasterState, MasterEvent]
	type row = fsm.Row[MasterState, MasterEvent]
	type exempt = fsm.Exempt[MasterState, MasterEvent]
	in := func(states ...MasterState) []MasterState { return states }
	on := func(events ...MasterEvent) []MasterEvent { return events }
	when := func(terms ...fsm.Term) []fsm.Term { return terms }
	do := func(effects ...string) []string { return effects }
	return fsm.Table[MasterState, MasterEvent, MasterView]{
		Name:    "master",
		Doc:     "One master process: when it may launch slaves, and how it ends in order.",
		Initial: MasterListening,
		States: []state{
			{
				Name: MasterListening, Deadline: RelaunchDeadline, OnDeadline: MasterDeadline,
				Doc: "An earlier master's slaves may still serve and are on their way back: nothing is launched. Left when they have had time to come.",
			},
			{Name: MasterServing, Rest: true, Doc: "Every share of the shards is served, or somebody is launched for it. Left when the master is asked to stop."},
			{
				Name: MasterDraining, Deadline: DrainDeadline, OnDeadline: MasterDeadline,
				Doc: "Asked to stop in the middle of an upgrade. Left when that is settled: a shard between two slaves would be lost.",
			},
			{
				Name: MasterStopping, Deadline: RetireDeadline, OnDeadline: MasterDeadline,
				Doc: "The launched slaves were told to shut down. Left when all have ended.",
			},
			{Name: MasterKilling, Deadline: KillDeadline, OnDeadline: MasterDeadline, Doc: "Those that did not end were killed. Left when they are gone."},
			{Name: MasterHalted, Final: true, Doc: "Nothing is left to do."},
		},
		Events: []fsm.Event[MasterEvent]{
			{Name: MasterStarted, Doc: "The master listens for slaves."},
			{Name: MasterStopAsked, Doc: "The operator, or a signal, asks for an end in order. Asked again, it means: do not wait."},
			{Name: MasterUpgradeOver, Doc: "The open upgrade has ended, in whatever way."},
			{Name: MasterAllEnded, Doc: "No launched slave is left."},
			{Name: MasterDeadline, Doc: "The deadline of the state has passed."},
		},
		Guards: []fsm.Guard[MasterView]{
			{Name: masterStartNow, Doc: "the operator says that no earlier master's slaves are about", Test: MasterView.StartNow},
			{Name: masterUpgrades, Doc: "an upgrade is open", Test: MasterView.UpgradeRuns},
		},
		Effects: []fsm.Effect{
			{Name: MasterOpen, Doc: "have every share that nobody serves filled"},
			{Name: MasterFailUpgrade, Doc: "let the open upgrade fail, which settles it"},
			{Name: MasterDropUpgrade, Doc: "end an open upgrade as it stands"},
			{Name: MasterEndSlaves, Doc: "dissolve the shares and tell every launched slave to shut down"},
			{Name: MasterKillSlaves, Doc: "kill every launched slave that has not ended"},
			{Name: MasterComplain, Doc: "report the slaves that would not end"},
			{Name: MasterHalt, Doc: "tell the caller that all is done"},
		},
		Rows: []row{
			{
				From: in(MasterListening), On: MasterStarted, When: when(fsm.Is(masterStartNow)), To: MasterServing, Do: do(MasterOpen),
				Doc: "nobody has to be waited for",
			},
			{
				From: in(MasterListening), On: MasterStarted, When: when(fsm.Not(masterStartNow)), Rearm: true,
				Doc: "an earlier master's slaves try again every few seconds",
			},
			{From: in(MasterListening), On: MasterDeadline, To: MasterServing, Do: do(MasterOpen), Doc: "who has not come by now is not there"},
			{
				From: in(MasterListening, MasterServing), On: MasterStopAsked, When: when(fsm.Is(masterUpgrades)),
				To: MasterDraining, Do: do(MasterFailUpgrade),
				Doc: "shards that are on their way have to arrive, or to go back, first",
			},
			{
				From: in(MasterListening, MasterServing), On: MasterStopAsked, When: when(fsm.Not(masterUpgrades)),
				To: MasterStopping, Do: do(MasterEndSlaves),
				Doc: "nothing is in the way",
			},
			{From: in(MasterDraining), On: MasterUpgradeOver, To: MasterStopping, Do: do(MasterEndSlaves), Doc: "every shard has an owner again"},
			{
				From: in(MasterDraining), On: MasterStopAsked, To: MasterStopping, Do: do(MasterDropUpgrade, MasterEndSlaves),
				Doc: "the operator does not want to wait",
			},
			{
				From: in(MasterDraining), On: MasterDeadline, To: MasterStopping, Do: do(MasterDropUpgrade, MasterEndSlaves),
				Doc: "the upgrade does not settle",
			},
			{From: in(MasterStopping, MasterKilling), On: MasterAllEnded, To: MasterHalted, Do: do(MasterHalt), Doc: "nobody is left"},
			{From: in(MasterStopping), On: MasterStopAsked, To: MasterKilling, Do: do(MasterKillSlaves), Doc: "the operator does not want to wait"},
			{From: in(MasterStopping), On: MasterDeadline, To: MasterKilling, Do: do(MasterKillSlaves), Doc: "somebody does not end"},
			{From: in(MasterKilling), On: MasterDeadline, To: MasterHalted, Do: do(MasterComplain, MasterHalt), Doc: "nothing more can be done from here"},
		},
		Ignored: []exempt{
			{In: in(fsm.Any), On: on(MasterUpgradeOver), Because: "nothing waits for it"},
			{In: in(fsm.Any), On: on(MasterAllEnded), Because: "others can still be launched"},
			{In: in(MasterKilling), On: on(MasterStopAsked), Because: "it cannot go faster"},
			{In: in(MasterHalted), On: on(fsm.Any), Because: "the master has ended"},
		},
		Refused: []exempt{
			{In: in(fsm.Any), On: on(MasterStarted), Because: "a master starts once"},
			{In: in(MasterServing), On: on(MasterDeadline), Because: "the state has no deadline"},
		},
	}
}
