package lifecycle

import (
	"slices"

	"github.com/shardbaton/baton/fsm"
)

// upgradeFailRows are those that turn it.
func upgradeFailRows() []upgradeRow {
	in, when, do := upgradeIn, upgradeWhen, upgradeDo
	before := append(untouched(), UpgradeSoftStarting)
	late := append(underWay(), UpgradePaused)
	rows := []upgradeRow{
		{From: before, On: UpgradeFailure, To: UpgradeSettling, Do: settle(UpgradeNote), Doc: "a slave, or the operator, says that it cannot go on"},
		{From: before, On: UpgradeDeadline, To: UpgradeSettling, Do: settle(UpgradeNote), Doc: "somebody does not answer"},
		{
			From: slices.Concat(before, late), On: UpgradeAbort, To: UpgradeSettling, Do: settle(UpgradeNote),
			Doc: "the operator wants it as it was",
		},
		{From: slices.Concat(before, late), On: UpgradeOverdue, To: UpgradeSettling, Do: settle(UpgradeNote), Doc: "the time for the whole has passed"},
		{From: untouched(), On: UpgradeDied, To: UpgradeSettling, Do: settle(UpgradeNote), Doc: "one of those that it needs is gone"},
		{From: in(UpgradeSoftStarting), On: UpgradeDied, When: when(fsm.Is(upgradeSource)), Do: do(UpgradeCount), Doc: "all the more reason to go on: the new ones are about to serve"},
		{From: in(UpgradeSoftStarting), On: UpgradeDied, When: when(fsm.Not(upgradeSource)), To: UpgradeSettling, Do: settle(UpgradeNote), Doc: "one of those that it needs is gone"},
		{
			From: in(UpgradeCanary, UpgradeHolding, UpgradeMoving, UpgradePaused), On: UpgradeDied, To: UpgradeSettling, Do: settle(UpgradeNote),
			Doc: "its shards go to whoever else can have them",
		},
		{From: in(UpgradeFullStart, UpgradeProving), On: UpgradeDied, When: when(fsm.Is(upgradeSource)), Do: do(UpgradeCount), Doc: "it has no shard any more"},
		{From: in(UpgradeFullStart, UpgradeProving), On: UpgradeDied, When: when(fsm.Not(upgradeSource)), To: UpgradeSettling, Do: settle(UpgradeNote), Doc: "its shards go back while they can"},
		{From: in(UpgradePaused), On: UpgradeFailure, When: when(fsm.Not(upgradeStops)), Do: do(UpgradeComplain), Doc: "the operator decides"},
		{From: in(UpgradePaused), On: UpgradeFailure, When: when(fsm.Is(upgradeStops)), To: UpgradeSettling, Do: settle(UpgradeNote), Doc: "who would say how to go on ends"},
		{From: in(UpgradePaused), On: UpgradeUnhealthy, When: when(fsm.Is(upgradePauses)), Doc: "the operator decides"},
		{From: in(UpgradePaused), On: UpgradeUnhealthy, When: when(fsm.Not(upgradePauses)), To: UpgradeSettling, Do: settle(UpgradeNote), Doc: "the new version is not well"},
		{
			From: in(UpgradeLaunching, UpgradeRecovering, UpgradeAwaitingHello, UpgradeRecording, UpgradePreparingOld, UpgradePreparingNew, UpgradeCanary, UpgradeHolding, UpgradeMoving,
				UpgradePaused, UpgradeSoftStarting, UpgradeFullStart, UpgradeProving, UpgradeSealing, UpgradeCuttingOver, UpgradeCutStart, UpgradeRetiring,
				UpgradeSettling, UpgradeTurningBack, UpgradeTakingBack, UpgradeReverting, UpgradeRestoring),
			On: UpgradeDropped, To: UpgradeFailed, Do: do(UpgradeNote, UpgradeEndMoves, UpgradeFinish),
			Doc: "everything ends, wherever it is",
		},
	}
	for _, why := range []struct {
		on   UpgradeEvent
		from []UpgradeState
		doc  string
	}{
		{UpgradeFailure, underWay(), "a slave says that it cannot go on"},
		{UpgradeUnhealthy, underWay(), "the new version is not well"},
		{UpgradeDeadline, in(UpgradeCanary, UpgradeMoving, UpgradeFullStart), "somebody does not answer"},
	} {
		rows = append(rows,
			upgradeRow{From: why.from, On: why.on, When: when(fsm.Not(upgradePauses)), To: UpgradeSettling, Do: settle(UpgradeNote), Doc: why.doc},
			upgradeRow{From: why.from, On: why.on, When: when(fsm.Is(upgradePauses)), To: UpgradePaused, Do: do(UpgradeNote), Doc: why.doc + "; the plan leaves it to the operator"},
		)
	}
	return rows
}

// upgradeRevertRows take the shards back.
func upgradeRevertRows() []upgradeRow {
	in, when, do := upgradeIn, upgradeWhen, upgradeDo
	restore := do(UpgradeEndMoves, UpgradeServe, UpgradeRestore, UpgradeCount)
	preparing := in(UpgradeTurningBack, UpgradeTakingBack)
	all := in(UpgradeSettling, UpgradeTurningBack, UpgradeTakingBack, UpgradeReverting)
	rows := []upgradeRow{
		// What is on its way comes to rest.
		{From: in(UpgradeSettling), On: UpgradeShardMoved, Rearm: true, Do: do(UpgradeStartMoves, UpgradeCount), Doc: "one has arrived"},
		{From: in(UpgradeSettling), On: UpgradeShardRested, Rearm: true, Do: do(UpgradeStartMoves, UpgradeCount), Doc: "one is at rest"},
		{From: in(UpgradeSettling), On: UpgradeArrived, Do: do(UpgradeStartMoves, UpgradeCount), Doc: "it can take shards that nobody has"},
		{From: in(UpgradeSettling), On: UpgradeCounted, When: when(fsm.Not(upgradeAtRest)), Doc: "some are on their way"},
		{From: in(UpgradeSettling), On: UpgradeCounted, When: when(fsm.Is(upgradeAtRest), fsm.Is(upgradeWayBack)), To: UpgradeTurningBack, Do: do(UpgradeHandOut, UpgradeCount), Doc: "now those that had moved"},
		{From: in(UpgradeSettling), On: UpgradeCounted, When: when(fsm.Is(upgradeAtRest), fsm.Not(upgradeWayBack)), To: UpgradeRestoring, Do: restore, Doc: "every shard is where it stays"},
		{From: in(UpgradeSettling), On: UpgradeDeadline, To: UpgradeRestoring, Do: restore, Doc: "what is still on its way is in doubt"},

		// Both sides make ready, the other way round.
		{From: in(UpgradeTurningBack), On: UpgradeNewPrepared, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeTick, UpgradeCount), Doc: "one more is ready"},
		{From: in(UpgradeTurningBack), On: UpgradeNewPrepared, When: when(fsm.Not(upgradeAwaited)), Do: do(UpgradeComplain), Doc: "that was known"},
		{From: in(UpgradeTakingBack), On: UpgradeOldPrepared, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeTick, UpgradeCount), Doc: "one more is ready"},
		{From: in(UpgradeTakingBack), On: UpgradeOldPrepared, When: when(fsm.Not(upgradeAwaited)), Do: do(UpgradeComplain), Doc: "that was known"},
		{From: preparing, On: UpgradeFailure, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeComplain, UpgradeTick, UpgradeCount), Doc: "it can be asked all the same"},
		{From: preparing, On: UpgradeFailure, When: when(fsm.Not(upgradeAwaited)), Do: do(UpgradeComplain), Doc: "the first failure is the one that counts"},
		{From: preparing, On: UpgradeShardMoved, Do: do(UpgradeStartMoves, UpgradeCount), Doc: "one that nobody had has an owner"},
		{From: preparing, On: UpgradeShardRested, Do: do(UpgradeStartMoves, UpgradeCount), Doc: "one that nobody had has an owner, or not"},
		{From: preparing, On: UpgradeDied, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeTick, UpgradeStartMoves, UpgradeCount), Doc: "what it had is nobody's"},
		{From: preparing, On: UpgradeDied, When: when(fsm.Not(upgradeAwaited)), Do: do(UpgradeStartMoves, UpgradeCount), Doc: "what it had is nobody's"},
		{From: preparing, On: UpgradeCounted, When: when(fsm.Not(upgradeNobody)), Doc: "not all are ready"},
		{From: preparing, On: UpgradeCounted, When: when(fsm.Is(upgradeNobody), fsm.Not(upgradeWayBack), fsm.Not(upgradeAtRest)), Doc: "the last ones are on their way"},
		{From: preparing, On: UpgradeCounted, When: when(fsm.Is(upgradeNobody), fsm.Not(upgradeWayBack), fsm.Is(upgradeAtRest)), To: UpgradeRestoring, Do: restore, Doc: "nothing is left to go back, or nobody to go back to"},
		{From: in(UpgradeTurningBack), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody), fsm.Is(upgradeWayBack)), To: UpgradeTakingBack, Do: do(UpgradeTakeIn, UpgradeCount), Doc: "now the other side"},
		{From: in(UpgradeTakingBack), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody), fsm.Is(upgradeWayBack)), To: UpgradeReverting, Do: do(UpgradeStartMoves, UpgradeCount), Doc: "both sides are ready"},
		{From: in(UpgradeTurningBack), On: UpgradeDeadline, When: when(fsm.Is(upgradeStuck)), Rearm: true, Do: do(UpgradeKillNew), Doc: "its end frees the shards"},
		{From: in(UpgradeTurningBack), On: UpgradeDeadline, When: when(fsm.Not(upgradeStuck)), To: UpgradeTakingBack, Do: do(UpgradeTakeIn, UpgradeCount), Doc: "it can be asked all the same"},
		{From: in(UpgradeTakingBack), On: UpgradeDeadline, To: UpgradeReverting, Do: do(UpgradeStartMoves, UpgradeCount), Doc: "it can be asked all the same"},

		// Shard by shard.
		{From: in(UpgradeReverting), On: UpgradeShardMoved, Rearm: true, Do: do(UpgradeStartMoves, UpgradeCount), Doc: "one is back, or runs that nobody had: the wait starts anew"},
		{From: in(UpgradeReverting), On: UpgradeShardRested, Do: do(UpgradeStartMoves, UpgradeCount), Doc: "one could not go; that may happen again and again, so the wait goes on"},
		{From: in(UpgradeReverting), On: UpgradeArrived, Do: do(UpgradeRetry, UpgradeStartMoves, UpgradeCount), Doc: "what could not go may go now"},
		{From: in(UpgradeReverting), On: UpgradeDied, Do: do(UpgradeRetry, UpgradeStartMoves, UpgradeCount), Doc: "what it had is nobody's, and goes to whoever is left"},
		{From: in(UpgradeReverting), On: UpgradeFailure, Do: do(UpgradeComplain), Doc: "the first failure is the one that counts"},
		{From: in(UpgradeReverting), On: UpgradeCounted, When: when(fsm.Not(upgradeAtRest)), Doc: "some are on their way"},
		{From: in(UpgradeReverting), On: UpgradeCounted, When: when(fsm.Is(upgradeAtRest), fsm.Is(upgradeWayBack)), Doc: "some wait for their slaves to be back"},
		{From: in(UpgradeReverting), On: UpgradeCounted, When: when(fsm.Is(upgradeAtRest), fsm.Not(upgradeWayBack)), To: UpgradeRestoring, Do: restore, Doc: "all are back that can be"},
		{From: in(UpgradeReverting), On: UpgradeDeadline, When: when(fsm.Is(upgradeStuck)), Rearm: true, Do: do(UpgradeKillNew), Doc: "its end frees the shards"},
		{From: in(UpgradeReverting), On: UpgradeDeadline, When: when(fsm.Not(upgradeStuck)), To: UpgradeRestoring, Do: restore, Doc: "whoever has a shard keeps it"},

		{From: in(UpgradeSettling), On: UpgradeDied, Do: do(UpgradeStartMoves, UpgradeCount), Doc: "what it had is nobody's"},
		{From: in(UpgradeSettling), On: UpgradeFailure, Do: do(UpgradeComplain), Doc: "the first failure is the one that counts"},
		{From: all, On: UpgradeAbort, Doc: "it goes back already"},
	}
	return rows
}

// upgradeRestoreRows end what could not be finished.
func upgradeRestoreRows() []upgradeRow {
	in, when, do := upgradeIn, upgradeWhen, upgradeDo
	rows := []upgradeRow{
		{From: in(UpgradeRestoring), On: UpgradeFullStarted, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeTick, UpgradeCount), Doc: "it serves on"},
		{From: in(UpgradeRestoring), On: UpgradeFullStarted, When: when(fsm.Not(upgradeAwaited)), Do: do(UpgradeComplain), Doc: "that was known"},
		{From: in(UpgradeRestoring), On: UpgradeFailure, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeComplain, UpgradeTick, UpgradeCount), Doc: "that is an answer, too"},
		{From: in(UpgradeRestoring), On: UpgradeFailure, When: when(fsm.Not(upgradeAwaited)), Do: do(UpgradeComplain), Doc: "the first failure is the one that counts"},
		{From: in(UpgradeRestoring), On: UpgradeCounted, When: when(fsm.Not(upgradeNobody)), Doc: "not all have answered or ended"},
		{From: in(UpgradeRestoring), On: UpgradeDeadline, When: when(fsm.Is(upgradeKillable)), Rearm: true, Do: do(UpgradeKillRest), Doc: "somebody without a shard does not end"},
		{From: in(UpgradeRestoring), On: UpgradeDied, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeTick, UpgradeCount), Doc: "that is what was waited for, or it cannot answer any more"},
		{From: in(UpgradeRestoring), On: UpgradeDied, When: when(fsm.Not(upgradeAwaited)), Doc: "the share that it served sees to it"},
		{From: in(UpgradeRestoring), On: UpgradeAbort, Doc: "it goes back already"},
	}
	for _, end := range []struct {
		to   UpgradeState
		when []fsm.Term
		doc  string
	}{
		{UpgradeReverted, when(fsm.Is(upgradeAllOnOld)), "everything is as it was"},
		{UpgradeDone, when(fsm.Not(upgradeAllOnOld), fsm.Is(upgradeAllOnNew)), "the old slaves are gone, and so it went forward"},
		{UpgradeFailed, when(fsm.Not(upgradeAllOnOld), fsm.Not(upgradeAllOnNew)), "as good as it gets"},
	} {
		rows = append(rows,
			upgradeRow{From: in(UpgradeRestoring), On: UpgradeCounted, When: append(when(fsm.Is(upgradeNobody)), end.when...), To: end.to, Do: do(UpgradeFinish), Doc: end.doc},
			upgradeRow{
				From: in(UpgradeRestoring), On: UpgradeDeadline, When: append(when(fsm.Not(upgradeKillable)), end.when...), To: end.to, Do: do(UpgradeGiveUpRest, UpgradeFinish),
				Doc: end.doc + "; somebody does not answer",
			},
		)
	}
	return rows
}

func upgradeIgnored() []fsm.Exempt[UpgradeState, UpgradeEvent] {
	type exempt = fsm.Exempt[UpgradeState, UpgradeEvent]
	in := func(states ...UpgradeState) []UpgradeState { return states }
	on := func(events ...UpgradeEvent) []UpgradeEvent { return events }
	return []exempt{
		{In: in(UpgradeLaunching), On: on(UpgradeArrived), Because: "those who are there are counted when all processes run"},
		{In: in(fsm.Any), On: on(UpgradeArrived), Because: "nothing is open between the two"},
		{In: in(fsm.Any), On: on(UpgradeReported), Because: "where the shards are is known"},
		{In: in(fsm.Any), On: on(UpgradeLeft), Because: "a lost link proves nothing"},
		{In: in(fsm.Any), On: on(UpgradeWritten), Because: "nothing waits for the journal"},
		{In: in(fsm.Any), On: on(UpgradeCounted), Because: "it has gone on meanwhile"},
		{In: in(fsm.Any), On: on(UpgradeUnhealthy), Because: "it has no shard yet, or the way is back, or there is none"},
		{In: in(fsm.Any), On: on(UpgradeOverdue), Because: "the way is back already, or there is none"},
		{In: in(fsm.Any), On: on(UpgradeLaunched), Because: "the slave was faster than the news of its launch, or is not needed any more"},
		{In: in(fsm.Any), On: on(UpgradeShardMoved, UpgradeShardRested), Because: "the count comes with the answer that is waited for"},
		{In: in(fsm.Any), On: on(UpgradeShardUp), Because: "a full start repeats it"},
		{In: in(UpgradePaused), On: on(UpgradePause), Because: "it is paused"},
		{In: in(UpgradeRecovering), On: on(UpgradeFailure), Because: "what the slaves run is what counts"},
		{
			In: in(UpgradeRecovering, UpgradePaused), On: on(UpgradeOldPrepared, UpgradeNewPrepared, UpgradeSoftStarted, UpgradeGoodbye),
			Because: "the answer to a request that has ceased to matter",
		},
		{
			In:      in(UpgradeSealing, UpgradeCutStart, UpgradeFullStart, UpgradeProving, UpgradeRetiring, UpgradeRestoring, UpgradeSettling, UpgradeTurningBack, UpgradeTakingBack, UpgradeReverting),
			On:      on(UpgradeGoodbye),
			Because: "its end is what is waited for, or will be noticed",
		},
		{
			In:      in(UpgradeSettling, UpgradeReverting, UpgradeRestoring, UpgradeSealing, UpgradeProving, UpgradeHolding, UpgradeCanary, UpgradeMoving),
			On:      on(UpgradeOldPrepared, UpgradeNewPrepared, UpgradeSoftStarted),
			Because: "the answer to a request that was repeated, or has ceased to matter",
		},
		{In: in(UpgradeTurningBack), On: on(UpgradeOldPrepared, UpgradeSoftStarted), Because: "the answer to a request that has ceased to matter"},
		{In: in(UpgradeTakingBack), On: on(UpgradeNewPrepared, UpgradeSoftStarted), Because: "the answer to a request that has ceased to matter"},
		{In: in(fsm.Any), On: on(UpgradeFullStarted), Because: "the answer to a request that was repeated, or put before the upgrade, or has ceased to matter"},
		{In: in(UpgradeDone, UpgradeReverted, UpgradeFailed), On: on(fsm.Any), Because: "the upgrade is over"},
	}
}

func upgradeRefused() []fsm.Exempt[UpgradeState, UpgradeEvent] {
	type exempt = fsm.Exempt[UpgradeState, UpgradeEvent]
	in := func(states ...UpgradeState) []UpgradeState { return states }
	on := func(events ...UpgradeEvent) []UpgradeEvent { return events }
	return []exempt{
		{In: in(fsm.Any), On: on(UpgradeBegun, UpgradeFound), Because: "an upgrade begins once"},
		{In: in(fsm.Any), On: on(UpgradeReconciled), Because: "it was never unclear where the shards are"},
		{In: in(fsm.Any), On: on(UpgradeOldPrepared, UpgradeNewPrepared), Because: "nobody was asked to prepare"},
		{In: in(fsm.Any), On: on(UpgradeSoftStarted), Because: "nobody was asked to start softly"},
		{In: in(fsm.Any), On: on(UpgradeGoodbye), Because: "nobody was asked to shut down"},
		{In: in(fsm.Any), On: on(UpgradePause), Because: "it is past the point of no return, or on its way back"},
		{In: in(fsm.Any), On: on(UpgradeResume), Because: "it is not paused"},
		{In: in(fsm.Any), On: on(UpgradeAbort), Because: "it is past the point of no return"},
	}
}
