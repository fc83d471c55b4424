package lifecycle

import "github.com/shardbaton/baton/fsm"

// UpgradeState is a state of an upgrade.
type UpgradeState string

// The states of [Upgrade].
const (
	UpgradeLaunching     UpgradeState = "launching"
	UpgradeRecovering    UpgradeState = "recovering"
	UpgradeAwaitingHello UpgradeState = "awaiting hello"
	UpgradeRecording     UpgradeState = "recording"
	UpgradePreparingOld  UpgradeState = "preparing old"
	UpgradePreparingNew  UpgradeState = "preparing new"
	UpgradeCanary        UpgradeState = "canary"
	UpgradeHolding       UpgradeState = "holding"
	UpgradeMoving        UpgradeState = "moving"
	UpgradePaused        UpgradeState = "paused"
	UpgradeSoftStarting  UpgradeState = "soft starting"
	UpgradeFullStart     UpgradeState = "full start"
	UpgradeProving       UpgradeState = "proving"
	UpgradeSealing       UpgradeState = "sealing"
	UpgradeCuttingOver   UpgradeState = "cutting over"
	UpgradeCutStart      UpgradeState = "starting the new"
	UpgradeRetiring      UpgradeState = "retiring"
	UpgradeDone          UpgradeState = "done"
	UpgradeSettling      UpgradeState = "settling"
	UpgradeTurningBack   UpgradeState = "turning back"
	UpgradeTakingBack    UpgradeState = "taking back"
	UpgradeReverting     UpgradeState = "reverting"
	UpgradeRestoring     UpgradeState = "restoring"
	UpgradeReverted      UpgradeState = "reverted"
	UpgradeFailed        UpgradeState = "failed"
)

// Over reports whether an upgrade in this state has ended.
func (s UpgradeState) Over() bool {
	return s == UpgradeDone || s == UpgradeReverted || s == UpgradeFailed
}

// UpgradeEvent is an event of an upgrade.
type UpgradeEvent string

// The events of [Upgrade].
const (
	UpgradeBegun       UpgradeEvent = "begun"
	UpgradeFound       UpgradeEvent = "found"
	UpgradeReconciled  UpgradeEvent = "reconciled"
	UpgradeLaunched    UpgradeEvent = "launched"
	UpgradeArrived     UpgradeEvent = "arrived"
	UpgradeReported    UpgradeEvent = "reported"
	UpgradeLeft        UpgradeEvent = "left"
	UpgradeWritten     UpgradeEvent = "written"
	UpgradeOldPrepared UpgradeEvent = "old prepared"
	UpgradeNewPrepared UpgradeEvent = "new prepared"
	UpgradeShardMoved  UpgradeEvent = "shard moved"
	UpgradeShardRested UpgradeEvent = "shard at rest"
	UpgradeShardUp     UpgradeEvent = "shard up"
	UpgradeSoftStarted UpgradeEvent = "soft started"
	UpgradeGoodbye     UpgradeEvent = "goodbye"
	UpgradeFullStarted UpgradeEvent = "fully started"
	UpgradeUnhealthy   UpgradeEvent = "unhealthy"
	UpgradeFailure     UpgradeEvent = "failure"
	UpgradeDied        UpgradeEvent = "slave dead"
	UpgradeCounted     UpgradeEvent = "counted"
	UpgradePause       UpgradeEvent = "pause"
	UpgradeResume      UpgradeEvent = "resume"
	UpgradeAbort       UpgradeEvent = "abort"
	UpgradeOverdue     UpgradeEvent = "overdue"
	UpgradeDropped     UpgradeEvent = "dropped"
	UpgradeDeadline    UpgradeEvent = "deadline"
)

// UpgradeView is what the guards of [Upgrade] read.
type UpgradeView interface {
	// LaunchNeeded reports whether a new slave has to be launched.
	LaunchNeeded() bool
	// Awaited reports whether the slave that the event is about has yet to answer.
	Awaited() bool
	// NobodyAwaited reports whether all have answered.
	NobodyAwaited() bool
	// IsSource reports whether the slave that the event is about is an old one.
	IsSource() bool
	// Soft reports whether the number of shards changes.
	Soft() bool
	// DialectsFit reports whether the old and the new slaves can do this together.
	DialectsFit() bool
	// ShardsAgree reports whether the answer's number of shards is the one known.
	ShardsAgree() bool
	// FirstDialect reports whether shards are handed over in dialect 1.
	FirstDialect() bool
	// AllOnNew reports whether every shard is on its new owner.
	AllOnNew() bool
	// AllOnOld reports whether every shard is where it was before the upgrade.
	AllOnOld() bool
	// AtRest reports whether no shard is on its way.
	AtRest() bool
	// SourcesLinked reports whether every old slave that lives can be given requests.
	SourcesLinked() bool
	// Killable reports whether somebody who is awaited can be killed, and was not.
	Killable() bool
	// Written reports whether what the journal has to hold by now is safe.
	Written() bool
	// Committed reports whether an earlier master had passed the point of no return.
	Committed() bool
	// CanaryOpen reports whether a shard of the canary is not on its new owner.
	CanaryOpen() bool
	// HoldDue reports whether the canary has yet to be watched.
	HoldDue() bool
	// ProofDue reports whether the new slaves have to be watched before the end.
	ProofDue() bool
	// GateGood reports whether every new slave is linked, says that it is healthy, and
	// runs every shard that it was given.
	GateGood() bool
	// Pausing reports whether a pause was asked for.
	Pausing() bool
	// PausesOnFailure reports whether the plan says so, and an operator can still decide:
	// nobody has asked for the way back, the master does not stop, and no slave has died,
	// or was told to end, before an earlier master died.
	PausesOnFailure() bool
	// MasterStops reports whether the master was asked to end.
	MasterStops() bool
	// WayBack reports whether a shard is away from an old slave that could take it
	// back.
	WayBack() bool
	// NewStuck reports whether a new slave has a shard that an old slave waits for, and
	// can be killed.
	NewStuck() bool
}

// The effects of [Upgrade].
const (
	UpgradeLaunch       = "launch"
	UpgradeAwaitTargets = "await the new"
	UpgradeGreet        = "greet the present"
	UpgradeTakeStock    = "take stock"
	UpgradeTakeWord     = "take who is there at their word"
	UpgradeRecord       = "write it down"
	UpgradeCommit       = "commit"
	UpgradeUncommit     = "take the commitment back"
	UpgradePrepareOld   = "prepare the old"
	UpgradePrepareNew   = "prepare the new"
	UpgradeStartMoves   = "start moves"
	UpgradeHeld         = "end the hold"
	UpgradeSoftStart    = "soft start the new"
	UpgradeCutOver      = "cut over"
	UpgradeShutDown     = "shut down the old"
	UpgradeFullyStart   = "full start the new"
	UpgradeEndMoves     = "end the moves"
	UpgradeHaltMoves    = "halt the moves"
	UpgradeHandOut      = "have the new hand out"
	UpgradeTakeIn       = "have the old take in"
	UpgradeKillNew      = "kill the new"
	UpgradeServe        = "form shares"
	UpgradeRestore      = "restore service"
	UpgradeTick         = "tick off"
	UpgradeCount        = "count"
	UpgradeAskAgain     = "ask again"
	UpgradeRetry        = "try again"
	UpgradeNotePause    = "note the pause"
	UpgradeForgetPause  = "forget the pause"
	UpgradeForgive      = "forget the failure"
	UpgradeNote         = "note the failure"
	UpgradeMisfit       = "note the misfit"
	UpgradeComplain     = "complain"
	UpgradeDecline      = "decline"
	UpgradeKillRest     = "kill the rest"
	UpgradeGiveUpRest   = "report the rest"
	UpgradeFinish       = "finish"
)

const (
	upgradeLaunches  = "launch needed"
	upgradeAwaited   = "awaited"
	upgradeNobody    = "nobody awaited"
	upgradeSource    = "old slave"
	upgradeSoft      = "new shard count"
	upgradeFit       = "dialects fit"
	upgradeAgree     = "shard counts agree"
	upgradeFirst     = "dialect 1"
	upgradeAllOnNew  = "all on new"
	upgradeAllOnOld  = "all on old"
	upgradeAtRest    = "at rest"
	upgradeLinked    = "old slaves linked"
	upgradeKillable  = "rest killable"
	upgradeWritten   = "written down"
	upgradeCommitted = "committed"
	upgradeCanary    = "canary open"
	upgradeHold      = "hold due"
	upgradeProof     = "proof due"
	upgradeGate      = "gate good"
	upgradePausing   = "pause wanted"
	upgradePauses    = "pauses on failure"
	upgradeStops     = "master stops"
	upgradeWayBack   = "way back"
	upgradeStuck     = "new stuck and killable"
)

// Upgrade is the life of one upgrade: some slaves, the old ones, are replaced by
// others, the new ones. With the same number of shards the sessions move, see
// [Move]; with another number the new slaves make sessions of their own.
//
// Until it is sealed everything is reversible: a failure, an abort, a bad health or
// a pause that runs out takes every shard back to the old slave that lives.
func Upgrade() fsm.Table[UpgradeState, UpgradeEvent, UpgradeView] {
	return fsm.Table[UpgradeState, UpgradeEvent, UpgradeView]{
		Name:    "upgrade",
		Doc:     "One run that replaces old slaves by new ones.",
		Initial: UpgradeLaunching,
		States:  upgradeStates(),
		Events:  upgradeEvents(),
		Guards: []fsm.Guard[UpgradeView]{
			{Name: upgradeLaunches, Doc: "not every new slave is there already", Test: UpgradeView.LaunchNeeded},
			{Name: upgradeAwaited, Doc: "the slave that the event is about has yet to answer", Test: UpgradeView.Awaited},
			{Name: upgradeNobody, Doc: "all have answered", Test: UpgradeView.NobodyAwaited},
			{Name: upgradeSource, Doc: "the event is about an old slave", Test: UpgradeView.IsSource},
			{Name: upgradeSoft, Doc: "the number of shards changes", Test: UpgradeView.Soft},
			{Name: upgradeFit, Doc: "the slaves speak dialects in which this can be done", Test: UpgradeView.DialectsFit},
			{Name: upgradeAgree, Doc: "the old slave has as many shards as the master thinks", Test: UpgradeView.ShardsAgree},
			{Name: upgradeFirst, Doc: "the hand-over is in dialect 1, which ends without a full start", Test: UpgradeView.FirstDialect},
			{Name: upgradeAllOnNew, Doc: "every shard runs on its new owner", Test: UpgradeView.AllOnNew},
			{Name: upgradeAllOnOld, Doc: "every shard is where it was", Test: UpgradeView.AllOnOld},
			{Name: upgradeAtRest, Doc: "no shard is on its way", Test: UpgradeView.AtRest},
			{Name: upgradeLinked, Doc: "every old slave that lives can be given requests", Test: UpgradeView.SourcesLinked},
			{Name: upgradeKillable, Doc: "somebody awaited can be killed and was not yet", Test: UpgradeView.Killable},
			{Name: upgradeWritten, Doc: "what the journal has to hold by now is safe", Test: UpgradeView.Written},
			{Name: upgradeCommitted, Doc: "an earlier master had passed the point of no return", Test: UpgradeView.Committed},
			{Name: upgradeCanary, Doc: "a shard of the canary is not on its new owner", Test: UpgradeView.CanaryOpen},
			{Name: upgradeHold, Doc: "the canary has yet to be watched", Test: UpgradeView.HoldDue},
			{Name: upgradeProof, Doc: "the new slaves have to be watched before the end, or are not well", Test: UpgradeView.ProofDue},
			{Name: upgradeGate, Doc: "every new slave is linked and healthy, and runs what it was given", Test: UpgradeView.GateGood},
			{Name: upgradePausing, Doc: "a pause was asked for", Test: UpgradeView.Pausing},
			{Name: upgradePauses, Doc: "the plan says that a failure pauses, and there is a choice", Test: UpgradeView.PausesOnFailure},
			{Name: upgradeStops, Doc: "the master was asked to end", Test: UpgradeView.MasterStops},
			{Name: upgradeWayBack, Doc: "a shard is away from an old slave that could take it back", Test: UpgradeView.WayBack},
			{Name: upgradeStuck, Doc: "a new slave has a shard that an old one waits for, and can be killed", Test: UpgradeView.NewStuck},
		},
		Effects: []fsm.Effect{
			{Name: UpgradeLaunch, Doc: "launch the new slaves that are not there"},
			{Name: UpgradeAwaitTargets, Doc: "await every new slave"},
			{Name: UpgradeGreet, Doc: "let those new slaves arrive that are there already"},
			{Name: UpgradeTakeStock, Doc: "when all who take part have reported, find out where every shard is"},
			{Name: UpgradeTakeWord, Doc: "find out where the shards are of those who have reported; what the others may run is in doubt"},
			{Name: UpgradeRecord, Doc: "write down who takes part"},
			{Name: UpgradeCommit, Doc: "write down that the old slaves will be told to end"},
			{Name: UpgradeUncommit, Doc: "write down that they will not"},
			{Name: UpgradePrepareOld, Doc: "tell the old slaves which shards will leave, and await them"},
			{Name: UpgradePrepareNew, Doc: "tell the new slaves which shards will come, and await them"},
			{Name: UpgradeStartMoves, Doc: "give shards their turn while there is room: in the direction of the upgrade, the canary first; and those that nobody has"},
			{Name: UpgradeHeld, Doc: "the canary was watched"},
			{Name: UpgradeSoftStart, Doc: "tell the new slaves to connect their shards and do nothing else, and await them"},
			{Name: UpgradeCutOver, Doc: "the new number of shards, and the new owners, are now the ones that count"},
			{Name: UpgradeShutDown, Doc: "tell the old slaves to shut down, and await them"},
			{Name: UpgradeFullyStart, Doc: "tell the new slaves to start everything, and await them"},
			{Name: UpgradeEndMoves, Doc: "tell every move that the upgrade is over for it"},
			{Name: UpgradeHaltMoves, Doc: "from now on the way is back: tell every move, and stop the clock of the whole"},
			{Name: UpgradeHandOut, Doc: "tell the new slaves which shards will leave again, and await them"},
			{Name: UpgradeTakeIn, Doc: "tell the old slaves which shards come back, and await them"},
			{Name: UpgradeKillNew, Doc: "kill the new slaves that keep shards from going back"},
			{Name: UpgradeServe, Doc: "form shares of the shards as they are owned now, and of those that nobody owns"},
			{Name: UpgradeRestore, Doc: "have those that own shards serve on, have the others shut down, and await all of them"},
			{Name: UpgradeTick, Doc: "the slave is no longer awaited"},
			{Name: UpgradeCount, Doc: "see how far it is"},
			{Name: UpgradeAskAgain, Doc: "repeat the request that the slave has not answered"},
			{Name: UpgradeRetry, Doc: "shards whose way failed may try it again"},
			{Name: UpgradeNotePause, Doc: "pause when that is next possible"},
			{Name: UpgradeForgetPause, Doc: "no pause is wanted any more"},
			{Name: UpgradeForgive, Doc: "the operator has seen the failure"},
			{Name: UpgradeNote, Doc: "remember why and where the upgrade failed"},
			{Name: UpgradeMisfit, Doc: "remember that the dialects do not fit"},
			{Name: UpgradeComplain, Doc: "publish a problem; nothing else changes"},
			{Name: UpgradeDecline, Doc: "answer the operator that nothing was to do"},
			{Name: UpgradeKillRest, Doc: "kill whoever is awaited and can be killed"},
			{Name: UpgradeGiveUpRest, Doc: "publish who did not end or answer"},
			{Name: UpgradeFinish, Doc: "give the result"},
		},
		Rows:    upgradeRows(),
		Ignored: upgradeIgnored(),
		Refused: upgradeRefused(),
	}
}

func upgradeStates() []fsm.State[UpgradeState, UpgradeEvent] {
	type state = fsm.State[UpgradeState, UpgradeEvent]
	waits := func(name UpgradeState, deadline, doc string) state {
		return state{Name: name, Deadline: deadline, OnDeadline: UpgradeDeadline, Doc: doc}
	}
	return []state{
		waits(UpgradeLaunching, LaunchDeadline, "The new slaves' processes are being started. Left when all are."),
		waits(UpgradeRecovering, AppearDeadline, "An earlier master died in the middle: those who take part are on their way back. Left when all have said what they run, or are known to be dead."),
		waits(UpgradeAwaitingHello, AppearDeadline, "Left when every new slave is linked."),
		waits(UpgradeRecording, JournalDeadline, "Nothing was touched. Left when the journal knows who takes part."),
		waits(UpgradePreparingOld, PrepareDeadline, "The old slaves make ready to let shards go. Left when all are."),
		waits(UpgradePreparingNew, PrepareDeadline, "The new slaves make ready to take shards in. Left when all are."),
		waits(UpgradeCanary, ProgressDeadline, "The first shards move. Left when they are on their new owners, or when one fails."),
		waits(UpgradeHolding, HoldDeadline, "The canary is watched. Left when the new slaves were well for long enough, or are not."),
		waits(UpgradeMoving, ProgressDeadline, "Shards move, some at a time. Left when all are on their new owners, or when one fails."),
		waits(UpgradePaused, PauseDeadline, "No shard starts to move; those on their way arrive. Left when the operator says how to go on, or has not for too long."),
		waits(UpgradeSoftStarting, SoftStartDeadline, "The new slaves connect all of their shards, while the old ones serve. Left when all are connected."),
		waits(UpgradeFullStart, FullStartDeadline, "The new slaves start what they held back. Left when all have."),
		waits(UpgradeProving, ProofDeadline, "Everything runs on the new slaves, or is connected there, and they are watched. Left when they were well for long enough, or are not."),
		waits(UpgradeSealing, JournalDeadline, "Everything is confirmed. Left, past the point of no return, when the journal knows it."),
		waits(UpgradeCuttingOver, CutOverDeadline, "The old slaves stop handling events; the new ones do not handle any yet. Left when all old ones have stopped."),
		waits(UpgradeCutStart, FullStartDeadline, "The old slaves have stopped, and the new ones start what they held back. Left when all have."),
		waits(UpgradeRetiring, RetireDeadline, "Past the point of no return: the old slaves end. Left when they have."),
		{Name: UpgradeDone, Final: true, Doc: "The new slaves have everything."},
		waits(UpgradeSettling, SettleDeadline, "It will not be finished: no shard starts to move any more, and those on their way arrive or go back. Left when all are at rest."),
		waits(UpgradeTurningBack, PrepareDeadline, "The new slaves make ready to let shards go again. Left when all are."),
		waits(UpgradeTakingBack, PrepareDeadline, "The old slaves make ready to take them back. Left when all are."),
		waits(UpgradeReverting, ProgressDeadline, "Shards move back, some at a time. Left when no more can."),
		waits(UpgradeRestoring, RestoreDeadline, "Whoever has shards serves on, whoever has none ends. Left when they do."),
		{Name: UpgradeReverted, Final: true, Doc: "The old slaves have everything, as before, for the reason in the result."},
		{Name: UpgradeFailed, Final: true, Doc: "It could be neither finished nor taken back, for the reason in the result. Every shard has an owner that lives, where one does."},
	}
}

func upgradeEvents() []fsm.Event[UpgradeEvent] {
	return []fsm.Event[UpgradeEvent]{
		{Name: UpgradeBegun, Doc: "An operator, or a slave that has connected by itself, wants it."},
		{Name: UpgradeFound, Doc: "It stands in the journal: an earlier master has left it open."},
		{Name: UpgradeReconciled, Doc: "After a master's death it is clear again where every shard is."},
		{Name: UpgradeLaunched, Doc: "A new slave's process was started."},
		{Name: UpgradeArrived, Doc: "A slave is linked, or linked again."},
		{Name: UpgradeReported, Doc: "A slave says what it runs."},
		{Name: UpgradeLeft, Doc: "A new slave's link was lost."},
		{Name: UpgradeWritten, Doc: "The journal holds what it was given."},
		{Name: UpgradeOldPrepared, Doc: "An old slave is ready to let shards go, or to take them back."},
		{Name: UpgradeNewPrepared, Doc: "A new slave is ready to take shards in, or to let them go again."},
		{Name: UpgradeShardMoved, Doc: "A shard runs where it was to go."},
		{Name: UpgradeShardRested, Doc: "A shard is no longer on its way, but not there."},
		{Name: UpgradeShardUp, Doc: "A new slave has connected a shard of a soft start."},
		{Name: UpgradeSoftStarted, Doc: "A new slave has connected all of them."},
		{Name: UpgradeGoodbye, Doc: "A slave has stopped handling events and is about to end."},
		{Name: UpgradeFullStarted, Doc: "A slave has started everything."},
		{Name: UpgradeUnhealthy, Doc: "A new slave's bot says that it is not well."},
		{Name: UpgradeFailure, Doc: "A slave could not do what it was asked for, or a move failed, or the master stops."},
		{Name: UpgradeDied, Doc: "A slave that takes part is known to be dead, or could not be launched."},
		{Name: UpgradeCounted, Doc: "Something has changed in who is awaited or which shards are where."},
		{Name: UpgradePause, Doc: "The operator wants no further shard to move for now."},
		{Name: UpgradeResume, Doc: "The operator wants it to go on."},
		{Name: UpgradeAbort, Doc: "The operator wants everything back as it was."},
		{Name: UpgradeOverdue, Doc: "The time for the whole has passed."},
		{Name: UpgradeDropped, Doc: "The master is asked to stop and not to wait for the upgrade."},
		{Name: UpgradeDeadline, Doc: "The deadline of the state has passed."},
	}
}
