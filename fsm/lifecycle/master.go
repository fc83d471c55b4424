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
	MasterHeard       MasterEvent = "heard"
	MasterStopAsked   MasterEvent = "stop asked"
	MasterUpgradeOver MasterEvent = "upgrade over"
	MasterAllEnded    MasterEvent = "all ended"
	MasterDeadline    MasterEvent = "deadline"
)

// MasterView is what the guards of [Master] read.
type MasterView interface {
	// StartNow reports whether slaves may be launched at once.
	StartNow() bool
	// Accounted reports whether every slave that an earlier master has written down has
	// said what it runs, or is known to be dead.
	Accounted() bool
	// Recovered reports whether there is a journal, so that those are all there can be.
	Recovered() bool
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
	MasterMiss        = "report the missing"
	MasterComplain    = "complain"
	MasterHalt        = "halt"
)

const (
	masterStartNow  = "start now"
	masterAccounted = "all accounted for"
	masterRecovered = "journal kept"
	masterUpgrades  = "upgrade runs"
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
				Doc: "An earlier master's slaves may still serve and are on their way back: nothing is started. Left when all that the journal knows are accounted for; without a journal, when they have had time to come.",
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
			{Name: MasterHeard, Doc: "A slave has said what it runs, or is known to be dead."},
			{Name: MasterStopAsked, Doc: "The operator, or a signal, asks for an end in order. Asked again, it means: do not wait."},
			{Name: MasterUpgradeOver, Doc: "The open upgrade has ended, in whatever way."},
			{Name: MasterAllEnded, Doc: "No launched slave is left."},
			{Name: MasterDeadline, Doc: "The deadline of the state has passed."},
		},
		Guards: []fsm.Guard[MasterView]{
			{Name: masterStartNow, Doc: "the operator says that no earlier master's slaves are about", Test: MasterView.StartNow},
			{Name: masterAccounted, Doc: "every slave that was written down has said what it runs, or is dead", Test: MasterView.Accounted},
			{Name: masterRecovered, Doc: "there is a journal, so that those are all there can be", Test: MasterView.Recovered},
			{Name: masterUpgrades, Doc: "an upgrade is open", Test: MasterView.UpgradeRuns},
		},
		Effects: []fsm.Effect{
			{Name: MasterOpen, Doc: "have every share that nobody serves filled"},
			{Name: MasterFailUpgrade, Doc: "let the open upgrade fail, which settles it"},
			{Name: MasterDropUpgrade, Doc: "end an open upgrade as it stands"},
			{Name: MasterEndSlaves, Doc: "dissolve the shares and tell every launched slave to shut down"},
			{Name: MasterKillSlaves, Doc: "kill every launched slave that has not ended"},
			{Name: MasterMiss, Doc: "publish whom the journal knows and nobody has heard of"},
			{Name: MasterComplain, Doc: "report the slaves that would not end"},
			{Name: MasterHalt, Doc: "tell the caller that all is done"},
		},
		Rows: []row{
			{
				From: in(MasterListening), On: MasterStarted, When: when(fsm.Is(masterAccounted), fsm.Is(masterStartNow)), To: MasterServing, Do: do(MasterOpen),
				Doc: "nobody has to be waited for",
			},
			{
				From: in(MasterListening), On: MasterStarted, When: when(fsm.Is(masterAccounted), fsm.Not(masterStartNow), fsm.Is(masterRecovered)), To: MasterServing, Do: do(MasterOpen),
				Doc: "the journal knows of nobody who could still serve",
			},
			{
				From: in(MasterListening), On: MasterStarted, When: when(fsm.Is(masterAccounted), fsm.Not(masterStartNow), fsm.Not(masterRecovered)), Rearm: true,
				Doc: "an earlier master's slaves try again every few seconds",
			},
			{
				From: in(MasterListening), On: MasterStarted, When: when(fsm.Not(masterAccounted)), Rearm: true,
				Doc: "those who are written down may serve, whatever the operator says",
			},
			{
				From: in(MasterListening), On: MasterHeard, When: when(fsm.Is(masterAccounted), fsm.Is(masterRecovered)), To: MasterServing, Do: do(MasterOpen),
				Doc: "nobody is missing",
			},
			{From: in(MasterListening), On: MasterHeard, When: when(fsm.Not(masterAccounted)), Doc: "somebody is missing"},
			{From: in(MasterListening), On: MasterHeard, When: when(fsm.Is(masterAccounted), fsm.Not(masterRecovered)), Doc: "there may be others"},
			{From: in(MasterListening), On: MasterDeadline, When: when(fsm.Is(masterAccounted)), To: MasterServing, Do: do(MasterOpen), Doc: "who has not come by now is not there"},
			{
				From: in(MasterListening), On: MasterDeadline, When: when(fsm.Not(masterAccounted)), Rearm: true, Do: do(MasterMiss),
				Doc: "who is missing may run any shard that nobody else says to run; its return, or the word that it is dead, opens the way",
			},
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
			{In: in(fsm.Any), On: on(MasterHeard), Because: "nothing waits for it"},
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
