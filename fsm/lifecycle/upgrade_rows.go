package lifecycle

import (
	"slices"

	"github.com/shardbaton/baton/fsm"
)

func upgradeRows() []fsm.Row[UpgradeState, UpgradeEvent] {
	type row = fsm.Row[UpgradeState, UpgradeEvent]
	in := func(states ...UpgradeState) []UpgradeState { return states }
	when := func(terms ...fsm.Term) []fsm.Term { return terms }
	do := func(effects ...string) []string { return effects }
	settle := func(first string) []string {
		return do(first, UpgradeHaltMoves, UpgradeStartMoves, UpgradeCount)
	}
	retire := do(UpgradeEndMoves, UpgradeServe, UpgradeShutDown, UpgradeCount)
	restore := do(UpgradeEndMoves, UpgradeServe, UpgradeRestore, UpgradeCount)
	begin := []row{
		// The new slaves come.
		{From: in(UpgradeLaunching), On: UpgradeBegun, When: when(fsm.Is(upgradeLaunches)), Rearm: true, Do: do(UpgradeLaunch), Doc: "the new version has to run before anything can move"},
		{
			From: in(UpgradeLaunching), On: UpgradeBegun, When: when(fsm.Not(upgradeLaunches)), To: UpgradeAwaitingHello, Do: do(UpgradeAwaitTargets, UpgradeGreet),
			Doc: "the new slaves are there, or come by themselves",
		},
		{From: in(UpgradeLaunching), On: UpgradeLaunched, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeTick, UpgradeCount), Doc: "one process more"},
		{From: in(UpgradeLaunching), On: UpgradeLaunched, When: when(fsm.Not(upgradeAwaited)), Do: do(UpgradeComplain), Doc: "that was known"},
		{From: in(UpgradeLaunching), On: UpgradeCounted, When: when(fsm.Not(upgradeNobody)), Doc: "not all processes run"},
		{From: in(UpgradeLaunching), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody)), To: UpgradeAwaitingHello, Do: do(UpgradeAwaitTargets, UpgradeGreet), Doc: "all processes run"},
		{From: in(UpgradeAwaitingHello), On: UpgradeArrived, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeTick, UpgradeCount), Doc: "one more is linked"},
		{From: in(UpgradeAwaitingHello), On: UpgradeArrived, When: when(fsm.Not(upgradeAwaited)), Doc: "linked again"},
		{From: in(UpgradeAwaitingHello), On: UpgradeCounted, When: when(fsm.Not(upgradeNobody)), Doc: "not all are linked"},
		{
			From: in(UpgradeAwaitingHello), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody), fsm.Not(upgradeFit)), To: UpgradeSettling, Do: settle(UpgradeMisfit),
			Doc: "refused before anything was touched",
		},
		{
			From: in(UpgradeAwaitingHello), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody), fsm.Is(upgradeFit), fsm.Not(upgradeSoft)),
			To: UpgradePreparingOld, Do: do(UpgradePrepareOld, UpgradeCount),
			Doc: "the sessions will move",
		},
		{
			From: in(UpgradeAwaitingHello), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody), fsm.Is(upgradeFit), fsm.Is(upgradeSoft)),
			To: UpgradeSoftStarting, Do: do(UpgradeSoftStart, UpgradeCount),
			Doc: "a session belongs to a number of shards, so new ones are made",
		},

		// The sessions move.
		{From: in(UpgradePreparingOld), On: UpgradeOldPrepared, When: when(fsm.Is(upgradeAwaited), fsm.Is(upgradeAgree)), Do: do(UpgradeTick, UpgradeCount), Doc: "one more is ready"},
		{
			From: in(UpgradePreparingOld), On: UpgradeOldPrepared, When: when(fsm.Is(upgradeAwaited), fsm.Not(upgradeAgree)), To: UpgradeSettling, Do: settle(UpgradeNote),
			Doc: "shards would be left behind, or be asked for that do not exist",
		},
		{From: in(UpgradePreparingOld), On: UpgradeOldPrepared, When: when(fsm.Not(upgradeAwaited)), Do: do(UpgradeComplain), Doc: "that was known"},
		{From: in(UpgradePreparingOld), On: UpgradeCounted, When: when(fsm.Not(upgradeNobody)), Doc: "not all are ready"},
		{From: in(UpgradePreparingOld), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody)), To: UpgradePreparingNew, Do: do(UpgradePrepareNew, UpgradeCount), Doc: "now the other side"},
		{From: in(UpgradePreparingNew), On: UpgradeNewPrepared, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeTick, UpgradeCount), Doc: "one more is ready"},
		{From: in(UpgradePreparingNew), On: UpgradeNewPrepared, When: when(fsm.Not(upgradeAwaited)), Do: do(UpgradeComplain), Doc: "that was known"},
		{From: in(UpgradePreparingNew), On: UpgradeCounted, When: when(fsm.Not(upgradeNobody)), Doc: "not all are ready"},
		{From: in(UpgradePreparingNew), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody)), To: UpgradeMoving, Do: do(UpgradeStartMoves, UpgradeCount), Doc: "both sides are ready"},
		{From: in(UpgradeMoving), On: UpgradeShardMoved, Rearm: true, Do: do(UpgradeStartMoves, UpgradeCount), Doc: "progress: room for the next"},
		{From: in(UpgradeMoving), On: UpgradeArrived, Do: do(UpgradeStartMoves), Doc: "its shards can move again"},
		{From: in(UpgradeMoving), On: UpgradeCounted, When: when(fsm.Not(upgradeAllOnNew)), Doc: "not all are there"},
		{
			From: in(UpgradeMoving), On: UpgradeCounted, When: when(fsm.Is(upgradeAllOnNew), fsm.Not(upgradeFirst)), To: UpgradeFullStart, Do: do(UpgradeFullyStart, UpgradeCount),
			Doc: "the shards are there, now the rest of the bot",
		},
		{
			From: in(UpgradeMoving), On: UpgradeCounted, When: when(fsm.Is(upgradeAllOnNew), fsm.Is(upgradeFirst)), To: UpgradeRetiring, Do: retire,
			Doc: "a dialect 1 bot starts everything by itself when its last shard has come",
		},

		// New sessions are made.
		{From: in(UpgradeSoftStarting), On: UpgradeShardUp, Rearm: true, Doc: "progress: the wait starts anew"},
		{From: in(UpgradeSoftStarting), On: UpgradeSoftStarted, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeTick, UpgradeCount), Doc: "one more is connected"},
		{From: in(UpgradeSoftStarting), On: UpgradeSoftStarted, When: when(fsm.Not(upgradeAwaited)), Do: do(UpgradeComplain), Doc: "that was known"},
		{From: in(UpgradeSoftStarting), On: UpgradeCounted, When: when(fsm.Not(upgradeNobody)), Doc: "not all are connected"},
		{
			From: in(UpgradeSoftStarting), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody), fsm.Not(upgradeLinked)),
			Doc: "an old slave that cannot be told to stop would go on beside the new ones",
		},
		{
			From: in(UpgradeSoftStarting), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody), fsm.Is(upgradeLinked)),
			To: UpgradeCuttingOver, Do: do(UpgradeShutDown, UpgradeCount),
			Doc: "the point of no return: events must not be handled twice, so the old ones stop first",
		},
		{From: in(UpgradeCuttingOver), On: UpgradeGoodbye, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeTick, UpgradeCount), Doc: "one more has stopped"},
		{From: in(UpgradeCuttingOver), On: UpgradeGoodbye, When: when(fsm.Not(upgradeAwaited)), Doc: "that was known"},
		{From: in(UpgradeCuttingOver), On: UpgradeCounted, When: when(fsm.Not(upgradeNobody)), Doc: "not all have stopped"},
		{From: in(UpgradeCuttingOver), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody)), To: UpgradeFullStart, Do: do(UpgradeCutOver, UpgradeFullyStart, UpgradeCount), Doc: "nobody handles events now: be quick"},
		{From: in(UpgradeCuttingOver), On: UpgradeDeadline, When: when(fsm.Is(upgradeKillable)), Rearm: true, Do: do(UpgradeKillRest), Doc: "its end is as good as its answer"},
		{
			From: in(UpgradeCuttingOver), On: UpgradeDeadline, When: when(fsm.Not(upgradeKillable)), To: UpgradeSettling, Do: settle(UpgradeNote),
			Doc: "an old slave may still handle events, so the new ones must not",
		},
		{From: in(UpgradeCuttingOver), On: UpgradeFailure, Do: do(UpgradeComplain), Doc: "past the point of no return"},

		// The end of both.
		{From: in(UpgradeFullStart), On: UpgradeFullStarted, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeTick, UpgradeCount), Doc: "one more is complete"},
		{From: in(UpgradeFullStart), On: UpgradeFullStarted, When: when(fsm.Not(upgradeAwaited)), Do: do(UpgradeComplain), Doc: "that was known"},
		{From: in(UpgradeFullStart), On: UpgradeCounted, When: when(fsm.Not(upgradeNobody)), Doc: "not all are complete"},
		{From: in(UpgradeFullStart), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody)), To: UpgradeRetiring, Do: retire, Doc: "everything is confirmed on the new slaves: the point of no return"},
		{From: in(UpgradeRetiring), On: UpgradeCounted, When: when(fsm.Not(upgradeNobody)), Doc: "not all have ended"},
		{From: in(UpgradeRetiring), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody)), To: UpgradeDone, Do: do(UpgradeFinish), Doc: "nothing is left of the old ones"},
		{From: in(UpgradeRetiring), On: UpgradeDeadline, When: when(fsm.Is(upgradeKillable)), Rearm: true, Do: do(UpgradeKillRest), Doc: "somebody does not end"},
		{From: in(UpgradeRetiring), On: UpgradeDeadline, When: when(fsm.Not(upgradeKillable)), To: UpgradeDone, Do: do(UpgradeGiveUpRest, UpgradeFinish), Doc: "it has no shard and cannot be ended from here"},

		// It fails.
		{From: in(UpgradeSettling), On: UpgradeShardMoved, Rearm: true, Do: do(UpgradeStartMoves, UpgradeCount), Doc: "one has arrived"},
		{From: in(UpgradeSettling), On: UpgradeShardRested, Rearm: true, Do: do(UpgradeStartMoves, UpgradeCount), Doc: "one is at rest"},
		{From: in(UpgradeSettling), On: UpgradeArrived, Do: do(UpgradeStartMoves, UpgradeCount), Doc: "it can take shards that nobody has"},
		{From: in(UpgradeSettling), On: UpgradeDied, Do: do(UpgradeStartMoves, UpgradeCount), Doc: "fewer can take shards"},
		{From: in(UpgradeSettling), On: UpgradeCounted, When: when(fsm.Not(upgradeAtRest)), Doc: "some are on their way"},
		{From: in(UpgradeSettling), On: UpgradeCounted, When: when(fsm.Is(upgradeAtRest)), To: UpgradeRestoring, Do: restore, Doc: "every shard is where it stays"},
		{From: in(UpgradeSettling), On: UpgradeDeadline, To: UpgradeRestoring, Do: restore, Doc: "what is still on its way is in doubt"},
		{From: in(UpgradeSettling), On: UpgradeFailure, Do: do(UpgradeComplain), Doc: "the first failure is the one that counts"},
		{From: in(UpgradeRestoring), On: UpgradeFullStarted, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeTick, UpgradeCount), Doc: "it serves on"},
		{From: in(UpgradeRestoring), On: UpgradeFullStarted, When: when(fsm.Not(upgradeAwaited)), Do: do(UpgradeComplain), Doc: "that was known"},
		{From: in(UpgradeRestoring), On: UpgradeFailure, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeComplain, UpgradeTick, UpgradeCount), Doc: "that is an answer, too"},
		{From: in(UpgradeRestoring), On: UpgradeFailure, When: when(fsm.Not(upgradeAwaited)), Do: do(UpgradeComplain), Doc: "the first failure is the one that counts"},
		{From: in(UpgradeRestoring), On: UpgradeCounted, When: when(fsm.Not(upgradeNobody)), Doc: "not all have answered or ended"},
		{From: in(UpgradeRestoring), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody)), To: UpgradeFailed, Do: do(UpgradeFinish), Doc: "as good as it gets"},
		{From: in(UpgradeRestoring), On: UpgradeDeadline, When: when(fsm.Is(upgradeKillable)), Rearm: true, Do: do(UpgradeKillRest), Doc: "somebody without a shard does not end"},
		{From: in(UpgradeRestoring), On: UpgradeDeadline, When: when(fsm.Not(upgradeKillable)), To: UpgradeFailed, Do: do(UpgradeGiveUpRest, UpgradeFinish), Doc: "somebody does not answer"},

		// Somebody is back, or dead.
		{
			From: in(UpgradePreparingOld, UpgradePreparingNew, UpgradeSoftStarting, UpgradeCuttingOver, UpgradeFullStart, UpgradeRetiring, UpgradeRestoring),
			On:   UpgradeArrived, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeAskAgain),
			Doc: "the request, or its answer, may have been lost with the link",
		},
		{
			From: in(UpgradePreparingOld, UpgradePreparingNew, UpgradeSoftStarting, UpgradeCuttingOver, UpgradeFullStart, UpgradeRetiring, UpgradeRestoring),
			On:   UpgradeArrived, When: when(fsm.Not(upgradeAwaited)), Do: do(UpgradeCount),
			Doc: "nothing is open between the two, but others may have waited for it",
		},
		{From: in(UpgradeFullStart), On: UpgradeDied, When: when(fsm.Is(upgradeSource)), Doc: "it has no shard any more"},
		{From: in(UpgradeFullStart), On: UpgradeDied, When: when(fsm.Not(upgradeSource)), To: UpgradeSettling, Do: settle(UpgradeNote), Doc: "its shards go back while they can"},
		{From: in(UpgradeSoftStarting), On: UpgradeDied, When: when(fsm.Is(upgradeSource)), Doc: "all the more reason to go on: the new ones are about to serve"},
		{From: in(UpgradeSoftStarting), On: UpgradeDied, When: when(fsm.Not(upgradeSource)), To: UpgradeSettling, Do: settle(UpgradeNote), Doc: "one of those that it needs is gone"},
		{From: in(UpgradeCuttingOver), On: UpgradeDied, When: when(fsm.Is(upgradeSource), fsm.Is(upgradeAwaited)), Do: do(UpgradeTick, UpgradeCount), Doc: "whoever is dead has stopped"},
		{From: in(UpgradeCuttingOver), On: UpgradeDied, When: when(fsm.Is(upgradeSource), fsm.Not(upgradeAwaited)), Doc: "it had stopped"},
		{From: in(UpgradeCuttingOver), On: UpgradeDied, When: when(fsm.Not(upgradeSource)), Doc: "past the point of no return: its shards will be launched anew"},
		{From: in(UpgradeRetiring, UpgradeRestoring), On: UpgradeDied, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeTick, UpgradeCount), Doc: "that is what was waited for, or it cannot answer any more"},
		{From: in(UpgradeRetiring, UpgradeRestoring), On: UpgradeDied, When: when(fsm.Not(upgradeAwaited)), Doc: "the share that it served sees to it"},
	}
	// Before the shards' owners are final, any of these ends the upgrade.
	return slices.Concat(begin, []row{
		{
			From: in(UpgradeLaunching, UpgradeAwaitingHello, UpgradePreparingOld, UpgradePreparingNew, UpgradeMoving),
			On:   UpgradeDied, To: UpgradeSettling, Do: settle(UpgradeNote),
			Doc: "one of those that it needs is gone",
		},
		{
			From: in(UpgradeLaunching, UpgradeAwaitingHello, UpgradePreparingOld, UpgradePreparingNew, UpgradeMoving, UpgradeSoftStarting, UpgradeFullStart),
			On:   UpgradeFailure, To: UpgradeSettling, Do: settle(UpgradeNote),
			Doc: "a slave, or the operator, says that it cannot go on",
		},
		{
			From: in(UpgradeLaunching, UpgradeAwaitingHello, UpgradePreparingOld, UpgradePreparingNew, UpgradeMoving, UpgradeSoftStarting, UpgradeFullStart),
			On:   UpgradeDeadline, To: UpgradeSettling, Do: settle(UpgradeNote),
			Doc: "somebody does not answer",
		},
		{From: in(UpgradeRetiring), On: UpgradeFailure, Do: do(UpgradeComplain), Doc: "past the point of no return"},
		{
			From: in(UpgradeLaunching, UpgradeAwaitingHello, UpgradePreparingOld, UpgradePreparingNew, UpgradeMoving, UpgradeSoftStarting,
				UpgradeCuttingOver, UpgradeFullStart, UpgradeRetiring, UpgradeSettling, UpgradeRestoring),
			On: UpgradeDropped, To: UpgradeFailed, Do: do(UpgradeNote, UpgradeEndMoves, UpgradeFinish),
			Doc: "everything ends, wherever it is",
		},
	})
}

func upgradeIgnored() []fsm.Exempt[UpgradeState, UpgradeEvent] {
	type exempt = fsm.Exempt[UpgradeState, UpgradeEvent]
	in := func(states ...UpgradeState) []UpgradeState { return states }
	on := func(events ...UpgradeEvent) []UpgradeEvent { return events }
	return []exempt{
		{In: in(UpgradeLaunching), On: on(UpgradeArrived), Because: "those who are there are counted when all processes run"},
		{In: in(fsm.Any), On: on(UpgradeLaunched), Because: "the slave was faster than the news of its launch, or is not needed any more"},
		{In: in(fsm.Any), On: on(UpgradeShardMoved, UpgradeShardRested), Because: "the count comes with the answer that is waited for"},
		{In: in(fsm.Any), On: on(UpgradeShardUp), Because: "a full start repeats it"},
		{In: in(UpgradeFullStart, UpgradeRetiring, UpgradeRestoring, UpgradeSettling), On: on(UpgradeGoodbye), Because: "its end is what is waited for"},
		{In: in(UpgradeSettling), On: on(UpgradeFullStarted, UpgradeOldPrepared, UpgradeNewPrepared, UpgradeSoftStarted), Because: "the answer to a request that has ceased to matter"},
		{In: in(UpgradeRetiring), On: on(UpgradeFullStarted), Because: "the request was repeated, and so is its answer"},
		{In: in(UpgradeRestoring), On: on(UpgradeOldPrepared, UpgradeNewPrepared, UpgradeSoftStarted), Because: "the answer to a request that has ceased to matter"},
		{In: in(UpgradeDone, UpgradeFailed), On: on(fsm.Any), Because: "the upgrade is over"},
	}
}

func upgradeRefused() []fsm.Exempt[UpgradeState, UpgradeEvent] {
	type exempt = fsm.Exempt[UpgradeState, UpgradeEvent]
	in := func(states ...UpgradeState) []UpgradeState { return states }
	on := func(events ...UpgradeEvent) []UpgradeEvent { return events }
	return []exempt{
		{In: in(fsm.Any), On: on(UpgradeBegun), Because: "an upgrade begins once"},
		{In: in(fsm.Any), On: on(UpgradeOldPrepared, UpgradeNewPrepared), Because: "nobody was asked to prepare"},
		{In: in(fsm.Any), On: on(UpgradeSoftStarted), Because: "nobody was asked to start softly"},
		{In: in(fsm.Any), On: on(UpgradeFullStarted), Because: "nobody was asked to start"},
		{In: in(fsm.Any), On: on(UpgradeGoodbye), Because: "nobody was asked to shut down"},
	}
}
