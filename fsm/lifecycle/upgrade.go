package lifecycle

import "github.com/shardbaton/baton/fsm"

// UpgradeState is a state of an upgrade.
type UpgradeState string

// The states of [Upgrade].
const (
	UpgradeLaunching     UpgradeState = "launching"
	UpgradeAwaitingHello UpgradeState = "awaiting hello"
	UpgradePreparingOld  UpgradeState = "preparing old"
	UpgradePreparingNew  UpgradeState = "preparing new"
	UpgradeMoving        UpgradeState = "moving"
	UpgradeSoftStarting  UpgradeState = "soft starting"
	UpgradeCuttingOver   UpgradeState = "cutting over"
	UpgradeFullStart     UpgradeState = "full start"
	UpgradeRetiring      UpgradeState = "retiring"
	UpgradeDone          UpgradeState = "done"
	UpgradeSettling      UpgradeState = "settling"
	UpgradeRestoring     UpgradeState = "restoring"
	UpgradeFailed        UpgradeState = "failed"
)

// UpgradeEvent is an event of an upgrade.
type UpgradeEvent string

// The events of [Upgrade].
const (
	UpgradeBegun       UpgradeEvent = "begun"
	UpgradeLaunched    UpgradeEvent = "launched"
	UpgradeArrived     UpgradeEvent = "arrived"
	UpgradeOldPrepared UpgradeEvent = "old prepared"
	UpgradeNewPrepared UpgradeEvent = "new prepared"
	UpgradeShardMoved  UpgradeEvent = "shard moved"
	UpgradeShardRested UpgradeEvent = "shard at rest"
	UpgradeShardUp     UpgradeEvent = "shard up"
	UpgradeSoftStarted UpgradeEvent = "soft started"
	UpgradeGoodbye     UpgradeEvent = "goodbye"
	UpgradeFullStarted UpgradeEvent = "fully started"
	UpgradeFailure     UpgradeEvent = "failure"
	UpgradeDied        UpgradeEvent = "slave dead"
	UpgradeCounted     UpgradeEvent = "counted"
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
	// AtRest reports whether no shard is on its way or could be put on it.
	AtRest() bool
	// SourcesLinked reports whether every old slave that lives can be given requests.
	SourcesLinked() bool
	// Killable reports whether somebody who is awaited can be killed, and was not.
	Killable() bool
}

// The effects of [Upgrade].
const (
	UpgradeLaunch       = "launch"
	UpgradeAwaitTargets = "await the new"
	UpgradeGreet        = "greet the present"
	UpgradePrepareOld   = "prepare the old"
	UpgradePrepareNew   = "prepare the new"
	UpgradeStartMoves   = "start moves"
	UpgradeSoftStart    = "soft start the new"
	UpgradeCutOver      = "cut over"
	UpgradeShutDown     = "shut down the old"
	UpgradeFullyStart   = "full start the new"
	UpgradeEndMoves     = "end the moves"
	UpgradeHaltMoves    = "halt the moves"
	UpgradeServe        = "form shares"
	UpgradeRestore      = "restore service"
	UpgradeTick         = "tick off"
	UpgradeCount        = "count"
	UpgradeAskAgain     = "ask again"
	UpgradeNote         = "note the failure"
	UpgradeMisfit       = "note the misfit"
	UpgradeComplain     = "complain"
	UpgradeKillRest     = "kill the rest"
	UpgradeGiveUpRest   = "report the rest"
	UpgradeFinish       = "finish"
)

const (
	upgradeLaunches = "launch needed"
	upgradeAwaited  = "awaited"
	upgradeNobody   = "nobody awaited"
	upgradeSource   = "old slave"
	upgradeSoft     = "new shard count"
	upgradeFit      = "dialects fit"
	upgradeAgree    = "shard counts agree"
	upgradeFirst    = "dialect 1"
	upgradeAllOnNew = "all on new"
	upgradeAtRest   = "at rest"
	upgradeLinked   = "old slaves linked"
	upgradeKillable = "rest killable"
)

// Upgrade is the life of one upgrade: some slaves, the old ones, are replaced by
// others, the new ones. With the same number of shards the sessions move, see
// [Move]; with another number the new slaves make sessions of their own.
//
// Until the old slaves are told to shut down, a failure leaves every shard with a
// slave that lives, if one does.
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
			{Name: upgradeAtRest, Doc: "no shard is on its way or could be put on it", Test: UpgradeView.AtRest},
			{Name: upgradeLinked, Doc: "every old slave that lives can be given requests", Test: UpgradeView.SourcesLinked},
			{Name: upgradeKillable, Doc: "somebody awaited was launched here and was not killed yet", Test: UpgradeView.Killable},
		},
		Effects: []fsm.Effect{
			{Name: UpgradeLaunch, Doc: "launch the new slaves that are not there"},
			{Name: UpgradeAwaitTargets, Doc: "await every new slave"},
			{Name: UpgradeGreet, Doc: "let those new slaves arrive that are there already"},
			{Name: UpgradePrepareOld, Doc: "tell the old slaves which shards will leave, and await them"},
			{Name: UpgradePrepareNew, Doc: "tell the new slaves which shards will come, and await them"},
			{Name: UpgradeStartMoves, Doc: "give shards their turn while there is room; after a failure only those that nobody has"},
			{Name: UpgradeSoftStart, Doc: "tell the new slaves to connect their shards and do nothing else, and await them"},
			{Name: UpgradeCutOver, Doc: "the new number of shards, and the new owners, are now the ones that count"},
			{Name: UpgradeShutDown, Doc: "tell the old slaves to shut down, and await them"},
			{Name: UpgradeFullyStart, Doc: "tell the new slaves to start everything, and await them"},
			{Name: UpgradeEndMoves, Doc: "tell every move that the upgrade is over for it"},
			{Name: UpgradeHaltMoves, Doc: "tell every move that the upgrade no longer goes forward"},
			{Name: UpgradeServe, Doc: "form shares of the shards as they are owned now, and of those that nobody owns"},
			{Name: UpgradeRestore, Doc: "have those that own shards serve on, have the others shut down, and await all of them"},
			{Name: UpgradeTick, Doc: "the slave is no longer awaited"},
			{Name: UpgradeCount, Doc: "see how far it is"},
			{Name: UpgradeAskAgain, Doc: "repeat the request that the slave has not answered"},
			{Name: UpgradeNote, Doc: "remember why and where the upgrade failed"},
			{Name: UpgradeMisfit, Doc: "remember that the dialects do not fit"},
			{Name: UpgradeComplain, Doc: "publish a problem; nothing else changes"},
			{Name: UpgradeKillRest, Doc: "kill whoever is awaited and was launched here"},
			{Name: UpgradeGiveUpRest, Doc: "publish who did not end or answer"},
			{Name: UpgradeFinish, Doc: "give the result"},
		},
		Rows:    upgradeRows(),
		Ignored: upgradeIgnored(),
		Refused: upgradeRefused(),
	}
}

func upgradeStates() []fsm.State[UpgradeState, UpgradeEvent] {
	return []fsm.State[UpgradeState, UpgradeEvent]{
		{Name: UpgradeLaunching, Deadline: LaunchDeadline, OnDeadline: UpgradeDeadline, Doc: "The new slaves' processes are being started. Left when all are."},
		{Name: UpgradeAwaitingHello, Deadline: AppearDeadline, OnDeadline: UpgradeDeadline, Doc: "Left when every new slave is linked."},
		{Name: UpgradePreparingOld, Deadline: PrepareDeadline, OnDeadline: UpgradeDeadline, Doc: "The old slaves make ready to let shards go. Left when all are."},
		{Name: UpgradePreparingNew, Deadline: PrepareDeadline, OnDeadline: UpgradeDeadline, Doc: "The new slaves make ready to take shards in. Left when all are."},
		{Name: UpgradeMoving, Deadline: ProgressDeadline, OnDeadline: UpgradeDeadline, Doc: "Shards move, some at a time. Left when all are on their new owners, or when one fails."},
		{Name: UpgradeSoftStarting, Deadline: SoftStartDeadline, OnDeadline: UpgradeDeadline, Doc: "The new slaves connect all of their shards, while the old ones serve. Left when all are connected."},
		{
			Name: UpgradeCuttingOver, Deadline: CutOverDeadline, OnDeadline: UpgradeDeadline,
			Doc: "The old slaves stop handling events; the new ones do not handle any yet. Left when all old ones have stopped.",
		},
		{Name: UpgradeFullStart, Deadline: FullStartDeadline, OnDeadline: UpgradeDeadline, Doc: "The new slaves start what they held back. Left when all have."},
		{Name: UpgradeRetiring, Deadline: RetireDeadline, OnDeadline: UpgradeDeadline, Doc: "Past the point of no return: the old slaves end. Left when they have."},
		{Name: UpgradeDone, Final: true, Doc: "The new slaves have everything."},
		{
			Name: UpgradeSettling, Deadline: SettleDeadline, OnDeadline: UpgradeDeadline,
			Doc: "Something failed: no shard starts to move any more, and those on their way arrive or go back. Left when all are at rest.",
		},
		{Name: UpgradeRestoring, Deadline: RestoreDeadline, OnDeadline: UpgradeDeadline, Doc: "Whoever has shards serves on, whoever has none ends. Left when they do."},
		{Name: UpgradeFailed, Final: true, Doc: "It has failed for the reason in the result, and another one may begin."},
	}
}

func upgradeEvents() []fsm.Event[UpgradeEvent] {
	return []fsm.Event[UpgradeEvent]{
		{Name: UpgradeBegun, Doc: "An operator, or a slave that has connected by itself, wants it."},
		{Name: UpgradeLaunched, Doc: "A new slave's process was started."},
		{Name: UpgradeArrived, Doc: "A slave is linked, or linked again."},
		{Name: UpgradeOldPrepared, Doc: "An old slave is ready to let shards go."},
		{Name: UpgradeNewPrepared, Doc: "A new slave is ready to take shards in."},
		{Name: UpgradeShardMoved, Doc: "A shard runs on its new owner."},
		{Name: UpgradeShardRested, Doc: "A shard is no longer on its way, but not on its new owner."},
		{Name: UpgradeShardUp, Doc: "A new slave has connected a shard of a soft start."},
		{Name: UpgradeSoftStarted, Doc: "A new slave has connected all of them."},
		{Name: UpgradeGoodbye, Doc: "A slave has stopped handling events and is about to end."},
		{Name: UpgradeFullStarted, Doc: "A slave has started everything."},
		{Name: UpgradeFailure, Doc: "A slave could not do what it was asked for, or a move failed, or the master stops."},
		{Name: UpgradeDied, Doc: "A slave that takes part is known to be dead, or could not be launched."},
		{Name: UpgradeCounted, Doc: "Something has changed in who is awaited or which shards are where."},
		{Name: UpgradeDropped, Doc: "The master is asked to stop and not to wait for the upgrade."},
		{Name: UpgradeDeadline, Doc: "The deadline of the state has passed."},
	}
}
