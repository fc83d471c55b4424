package lifecycle

import (
	"slices"

	"github.com/shardbaton/baton/fsm"
)

type upgradeRow = fsm.Row[UpgradeState, UpgradeEvent]

func upgradeRows() []upgradeRow {
	return slices.Concat(
		upgradeBeginRows(), upgradeMoveRows(), upgradePauseRows(), upgradeSoftRows(), upgradeEndRows(), upgradeRevertRows(), upgradeRestoreRows(),
		upgradeMeetRows(), upgradeFailRows(),
	)
}

// settle is what leads into [UpgradeSettling], after the first effect.
func settle(first ...string) []string {
	return append(first, UpgradeHaltMoves, UpgradeStartMoves, UpgradeCount)
}

func upgradeIn(states ...UpgradeState) []UpgradeState { return states }
func upgradeWhen(terms ...fsm.Term) []fsm.Term        { return terms }
func upgradeDo(effects ...string) []string            { return effects }

// untouched are the states in which no shard has moved yet.
func untouched() []UpgradeState {
	return upgradeIn(UpgradeLaunching, UpgradeAwaitingHello, UpgradeRecording, UpgradePreparingOld, UpgradePreparingNew)
}

// underWay are the states in which shards are, or may be, on their new owners and
// can still go back.
func underWay() []UpgradeState {
	return upgradeIn(UpgradeCanary, UpgradeHolding, UpgradeMoving, UpgradeFullStart, UpgradeProving)
}

// upgradeBeginRows are those up to the first move.
func upgradeBeginRows() []upgradeRow {
	in, when, do := upgradeIn, upgradeWhen, upgradeDo
	return []upgradeRow{
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
			From: in(UpgradeAwaitingHello), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody), fsm.Is(upgradeFit)), To: UpgradeRecording, Do: do(UpgradeRecord, UpgradeCount),
			Doc: "a master that dies later must know whom to wait for",
		},
		{From: in(UpgradeRecording), On: UpgradeCounted, When: when(fsm.Not(upgradeWritten)), Doc: "not safe yet"},
		{From: in(UpgradeRecording), On: UpgradeWritten, Do: do(UpgradeCount), Doc: "perhaps that was it"},
		{
			From: in(UpgradeRecording), On: UpgradeCounted, When: when(fsm.Is(upgradeWritten), fsm.Not(upgradeSoft)),
			To: UpgradePreparingOld, Do: do(UpgradePrepareOld, UpgradeCount),
			Doc: "the sessions will move",
		},
		{
			From: in(UpgradeRecording), On: UpgradeCounted, When: when(fsm.Is(upgradeWritten), fsm.Is(upgradeSoft)),
			To: UpgradeSoftStarting, Do: do(UpgradeSoftStart, UpgradeCount),
			Doc: "a session belongs to a number of shards, so new ones are made",
		},

		// An earlier master's upgrade is taken up.
		{From: in(UpgradeLaunching), On: UpgradeFound, To: UpgradeRecovering, Do: do(UpgradeTakeStock), Doc: "nobody may decide from less than that master knew"},
		{From: in(UpgradeRecovering), On: UpgradeArrived, Do: do(UpgradeTakeStock), Doc: "it may be the last"},
		{From: in(UpgradeRecovering), On: UpgradeReported, Do: do(UpgradeTakeStock), Doc: "what was open may be clear now"},
		{From: in(UpgradeRecovering), On: UpgradeDied, Do: do(UpgradeTakeStock), Doc: "it need not be waited for any more"},
		{
			From: in(UpgradeRecovering), On: UpgradeReconciled, When: when(fsm.Is(upgradeCommitted), fsm.Is(upgradeSoft)), To: UpgradeCuttingOver, Do: do(UpgradeShutDown, UpgradeCount),
			Doc: "the old slaves may have been told to end",
		},
		{
			From: in(UpgradeRecovering), On: UpgradeReconciled, When: when(fsm.Is(upgradeCommitted), fsm.Not(upgradeSoft), fsm.Is(upgradeAllOnNew)),
			To: UpgradeRetiring, Do: do(UpgradeEndMoves, UpgradeServe, UpgradeShutDown, UpgradeCount),
			Doc: "the old slaves may have been told to end",
		},
		{
			From: in(UpgradeRecovering), On: UpgradeReconciled, When: when(fsm.Is(upgradeCommitted), fsm.Not(upgradeSoft), fsm.Not(upgradeAllOnNew)),
			To: UpgradeSettling, Do: settle(UpgradeNote),
			Doc: "something has happened to a new slave since then; whoever has shards keeps them",
		},
		{
			From: in(UpgradeRecovering), On: UpgradeReconciled, When: when(fsm.Not(upgradeCommitted), fsm.Is(upgradePauses), fsm.Not(upgradeSoft)), To: UpgradePaused, Do: do(UpgradeNote),
			Doc: "the operator decides",
		},
		{
			From: in(UpgradeRecovering), On: UpgradeReconciled, When: when(fsm.Not(upgradeCommitted), fsm.Is(upgradePauses), fsm.Is(upgradeSoft)), To: UpgradeSettling, Do: settle(UpgradeNote),
			Doc: "what the new slaves had started is not known any more",
		},
		{
			From: in(UpgradeRecovering), On: UpgradeReconciled, When: when(fsm.Not(upgradeCommitted), fsm.Not(upgradePauses)), To: UpgradeSettling, Do: settle(UpgradeNote),
			Doc: "back to what is known to work",
		},
		{From: in(UpgradeRecovering), On: UpgradeDeadline, To: UpgradeSettling, Do: settle(UpgradeNote, UpgradeTakeWord), Doc: "somebody stays away; what it may run stays its own"},
		{From: in(UpgradeRecovering), On: UpgradeAbort, Do: do(UpgradeNote), Doc: "it goes back anyway, where it can"},

		// The sessions will move.
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
		{From: in(UpgradePreparingNew), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody), fsm.Is(upgradePausing)), To: UpgradePaused, Doc: "that was asked for"},
		{
			From: in(UpgradePreparingNew), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody), fsm.Not(upgradePausing), fsm.Is(upgradeCanary)),
			To: UpgradeCanary, Do: do(UpgradeStartMoves, UpgradeCount),
			Doc: "both sides are ready; a few shards first",
		},
		{
			From: in(UpgradePreparingNew), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody), fsm.Not(upgradePausing), fsm.Not(upgradeCanary)),
			To: UpgradeMoving, Do: do(UpgradeStartMoves, UpgradeCount),
			Doc: "both sides are ready",
		},
	}
}

// upgradeMoveRows are those while shards move.
func upgradeMoveRows() []upgradeRow {
	in, when, do := upgradeIn, upgradeWhen, upgradeDo
	return []upgradeRow{
		{From: in(UpgradeCanary, UpgradeMoving), On: UpgradeShardMoved, Rearm: true, Do: do(UpgradeStartMoves, UpgradeCount), Doc: "progress: room for the next"},
		{From: in(UpgradeCanary, UpgradeMoving), On: UpgradeShardRested, Do: do(UpgradeStartMoves), Doc: "room for the next, and for it when its slaves are linked"},
		{From: in(UpgradeCanary, UpgradeMoving), On: UpgradeArrived, Do: do(UpgradeStartMoves), Doc: "its shards can move again"},
		{From: in(UpgradeCanary), On: UpgradeCounted, When: when(fsm.Is(upgradeCanary)), Doc: "not all of the canary are there"},
		{From: in(UpgradeCanary), On: UpgradeCounted, When: when(fsm.Not(upgradeCanary), fsm.Is(upgradeHold)), To: UpgradeHolding, Doc: "they are watched for a while"},
		{
			From: in(UpgradeCanary), On: UpgradeCounted, When: when(fsm.Not(upgradeCanary), fsm.Not(upgradeHold)), To: UpgradeMoving, Do: do(UpgradeStartMoves, UpgradeCount),
			Doc: "the rest follows at once",
		},
		{From: in(UpgradeHolding), On: UpgradeLeft, Rearm: true, Doc: "who is out of sight is not known to be well: the watch starts anew"},
		{From: in(UpgradeHolding), On: UpgradeDeadline, When: when(fsm.Not(upgradeGate)), Rearm: true, Doc: "it was not well all the time: the watch starts anew, within the time for the whole"},
		{
			From: in(UpgradeHolding), On: UpgradeDeadline, When: when(fsm.Is(upgradeGate)), To: UpgradeMoving, Do: do(UpgradeHeld, UpgradeStartMoves, UpgradeCount),
			Doc: "the canary lives",
		},
		{From: in(UpgradeMoving), On: UpgradeCounted, When: when(fsm.Not(upgradeAllOnNew)), Doc: "not all are there"},
		{
			From: in(UpgradeMoving), On: UpgradeCounted, When: when(fsm.Is(upgradeAllOnNew), fsm.Not(upgradeFirst)), To: UpgradeFullStart, Do: do(UpgradeFullyStart, UpgradeCount),
			Doc: "the shards are there, now the rest of the bot",
		},
		{
			From: in(UpgradeMoving), On: UpgradeCounted, When: when(fsm.Is(upgradeAllOnNew), fsm.Is(upgradeFirst)), To: UpgradeSealing, Do: do(UpgradeCommit, UpgradeCount),
			Doc: "a dialect 1 bot starts everything by itself when its last shard has come",
		},
	}
}

// upgradePauseRows are those by which an operator holds it up.
func upgradePauseRows() []upgradeRow {
	in, when, do := upgradeIn, upgradeWhen, upgradeDo
	early := append(untouched(), UpgradeSoftStarting, UpgradeFullStart)
	return []upgradeRow{
		{From: early, On: UpgradePause, Do: do(UpgradeNotePause), Doc: "what was asked of slaves is answered first"},
		{From: early, On: UpgradeResume, When: when(fsm.Is(upgradePausing)), Do: do(UpgradeForgetPause), Doc: "it had not come to it"},
		{From: early, On: UpgradeResume, When: when(fsm.Not(upgradePausing)), Do: do(UpgradeDecline), Doc: "it is not paused"},
		{From: in(UpgradeCanary, UpgradeHolding, UpgradeMoving, UpgradeProving), On: UpgradePause, To: UpgradePaused, Doc: "from here it can go on, or back"},
		{From: in(UpgradePaused), On: UpgradeResume, When: when(fsm.Is(upgradeSoft)), To: UpgradeSoftStarting, Do: do(UpgradeForgetPause, UpgradeForgive, UpgradeCount), Doc: "the new slaves are still connected"},
		{
			From: in(UpgradePaused), On: UpgradeResume, When: when(fsm.Not(upgradeSoft), fsm.Is(upgradeCanary)),
			To: UpgradeCanary, Do: do(UpgradeForgetPause, UpgradeForgive, UpgradeRetry, UpgradeStartMoves, UpgradeCount),
			Doc: "the canary has not all moved",
		},
		{
			From: in(UpgradePaused), On: UpgradeResume, When: when(fsm.Not(upgradeSoft), fsm.Not(upgradeCanary), fsm.Is(upgradeHold)),
			To: UpgradeHolding, Do: do(UpgradeForgetPause, UpgradeForgive, UpgradeRetry),
			Doc: "the canary is watched from now on",
		},
		{
			From: in(UpgradePaused), On: UpgradeResume, When: when(fsm.Not(upgradeSoft), fsm.Not(upgradeCanary), fsm.Not(upgradeHold)),
			To: UpgradeMoving, Do: do(UpgradeForgetPause, UpgradeForgive, UpgradeRetry, UpgradeStartMoves, UpgradeCount),
			Doc: "the rest moves; if nothing is left to move, the new slaves are asked once more to start everything",
		},
		{From: in(UpgradePaused), On: UpgradeDeadline, To: UpgradeSettling, Do: settle(UpgradeNote), Doc: "nobody has said how to go on"},
	}
}

// upgradeSoftRows are those that make new sessions.
func upgradeSoftRows() []upgradeRow {
	in, when, do := upgradeIn, upgradeWhen, upgradeDo
	return []upgradeRow{
		{From: in(UpgradeSoftStarting), On: UpgradeShardUp, Rearm: true, Doc: "progress: the wait starts anew"},
		{From: in(UpgradeSoftStarting), On: UpgradeSoftStarted, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeTick, UpgradeCount), Doc: "one more is connected"},
		{From: in(UpgradeSoftStarting), On: UpgradeSoftStarted, When: when(fsm.Not(upgradeAwaited)), Do: do(UpgradeComplain), Doc: "that was known"},
		{From: in(UpgradeSoftStarting), On: UpgradeCounted, When: when(fsm.Not(upgradeNobody)), Doc: "not all are connected"},
		{From: in(UpgradeSoftStarting), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody), fsm.Is(upgradePausing)), To: UpgradePaused, Doc: "that was asked for"},
		{
			From: in(UpgradeSoftStarting), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody), fsm.Not(upgradePausing), fsm.Not(upgradeLinked)),
			Doc: "an old slave that cannot be told to stop would go on beside the new ones",
		},
		{
			From: in(UpgradeSoftStarting), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody), fsm.Not(upgradePausing), fsm.Is(upgradeLinked), fsm.Is(upgradeProof)),
			To:  UpgradeProving,
			Doc: "the last look before the end",
		},
		{
			From: in(UpgradeSoftStarting), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody), fsm.Not(upgradePausing), fsm.Is(upgradeLinked), fsm.Not(upgradeProof)),
			To: UpgradeSealing, Do: do(UpgradeCommit, UpgradeCount),
			Doc: "events must not be handled twice, so the old ones stop first, for good",
		},
		{From: in(UpgradeCuttingOver), On: UpgradeGoodbye, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeTick, UpgradeCount), Doc: "one more has stopped"},
		{From: in(UpgradeCuttingOver), On: UpgradeGoodbye, When: when(fsm.Not(upgradeAwaited)), Doc: "that was known"},
		{From: in(UpgradeCuttingOver), On: UpgradeCounted, When: when(fsm.Not(upgradeNobody)), Doc: "not all have stopped"},
		{From: in(UpgradeCuttingOver), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody)), To: UpgradeCutStart, Do: do(UpgradeCutOver, UpgradeFullyStart, UpgradeCount), Doc: "nobody handles events now: be quick"},
		{From: in(UpgradeCuttingOver), On: UpgradeDeadline, When: when(fsm.Is(upgradeKillable)), Rearm: true, Do: do(UpgradeKillRest), Doc: "its end is as good as its answer"},
		{
			From: in(UpgradeCuttingOver), On: UpgradeDeadline, When: when(fsm.Not(upgradeKillable)), To: UpgradeSettling, Do: settle(UpgradeNote),
			Doc: "an old slave may still handle events, so the new ones must not",
		},
		{From: in(UpgradeCuttingOver), On: UpgradeDied, When: when(fsm.Is(upgradeSource), fsm.Is(upgradeAwaited)), Do: do(UpgradeTick, UpgradeCount), Doc: "whoever is dead has stopped"},
		{From: in(UpgradeCuttingOver), On: UpgradeDied, When: when(fsm.Is(upgradeSource), fsm.Not(upgradeAwaited)), Doc: "it had stopped"},
		{From: in(UpgradeCuttingOver), On: UpgradeDied, When: when(fsm.Not(upgradeSource)), Doc: "past the point of no return: its shards will be launched anew"},
		{From: in(UpgradeCutStart), On: UpgradeFullStarted, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeTick, UpgradeCount), Doc: "one more is complete"},
		{From: in(UpgradeCutStart), On: UpgradeFullStarted, When: when(fsm.Not(upgradeAwaited)), Do: do(UpgradeComplain), Doc: "that was known"},
		{From: in(UpgradeCutStart), On: UpgradeFailure, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeComplain, UpgradeTick, UpgradeCount), Doc: "there is no way back; what runs is served"},
		{From: in(UpgradeCutStart), On: UpgradeFailure, When: when(fsm.Not(upgradeAwaited)), Do: do(UpgradeComplain), Doc: "there is no way back"},
		{From: in(UpgradeCutStart), On: UpgradeDied, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeTick, UpgradeCount), Doc: "its shards will be launched anew"},
		{From: in(UpgradeCutStart), On: UpgradeDied, When: when(fsm.Not(upgradeAwaited)), Doc: "nothing was expected of it"},
		{From: in(UpgradeCutStart), On: UpgradeCounted, When: when(fsm.Not(upgradeNobody)), Doc: "not all are complete"},
		{From: in(UpgradeCutStart), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody)), To: UpgradeRetiring, Do: do(UpgradeServe, UpgradeShutDown, UpgradeCount), Doc: "the new ones serve"},
		{From: in(UpgradeCutStart), On: UpgradeDeadline, To: UpgradeRetiring, Do: do(UpgradeGiveUpRest, UpgradeServe, UpgradeShutDown, UpgradeCount), Doc: "there is no way back; the shards are served all the same"},
	}
}

// upgradeEndRows are those from the last shard's arrival on.
func upgradeEndRows() []upgradeRow {
	in, when, do := upgradeIn, upgradeWhen, upgradeDo
	return []upgradeRow{
		{From: in(UpgradeFullStart), On: UpgradeFullStarted, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeTick, UpgradeCount), Doc: "one more is complete"},
		{From: in(UpgradeFullStart), On: UpgradeFullStarted, When: when(fsm.Not(upgradeAwaited)), Do: do(UpgradeComplain), Doc: "that was known"},
		{From: in(UpgradeFullStart), On: UpgradeCounted, When: when(fsm.Not(upgradeNobody)), Doc: "not all are complete"},
		{From: in(UpgradeFullStart), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody), fsm.Is(upgradePausing)), To: UpgradePaused, Doc: "that was asked for"},
		{From: in(UpgradeFullStart), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody), fsm.Not(upgradePausing), fsm.Is(upgradeProof)), To: UpgradeProving, Doc: "the last look before the end"},
		{
			From: in(UpgradeFullStart), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody), fsm.Not(upgradePausing), fsm.Not(upgradeProof)),
			To: UpgradeSealing, Do: do(UpgradeCommit, UpgradeCount),
			Doc: "everything is confirmed on the new slaves",
		},
		{From: in(UpgradeProving), On: UpgradeLeft, Rearm: true, Doc: "who is out of sight is not known to be well: the watch starts anew"},
		{From: in(UpgradeProving), On: UpgradeDeadline, When: when(fsm.Not(upgradeGate)), Rearm: true, Doc: "they were not well all the time: the watch starts anew, within the time for the whole"},
		{
			From: in(UpgradeProving), On: UpgradeDeadline, When: when(fsm.Is(upgradeGate), fsm.Is(upgradeSoft), fsm.Not(upgradeLinked)), Rearm: true,
			Doc: "an old slave that cannot be told to stop would go on beside the new ones",
		},
		{
			From: in(UpgradeProving), On: UpgradeDeadline, When: when(fsm.Is(upgradeGate), fsm.Is(upgradeSoft), fsm.Is(upgradeLinked)),
			To: UpgradeSealing, Do: do(UpgradeCommit, UpgradeCount),
			Doc: "they were well for long enough",
		},
		{
			From: in(UpgradeProving), On: UpgradeDeadline, When: when(fsm.Is(upgradeGate), fsm.Not(upgradeSoft)), To: UpgradeSealing, Do: do(UpgradeCommit, UpgradeCount),
			Doc: "they were well for long enough",
		},

		// The point of no return.
		{From: in(UpgradeSealing), On: UpgradeWritten, Do: do(UpgradeCount), Doc: "perhaps that was it"},
		{From: in(UpgradeSealing), On: UpgradeCounted, When: when(fsm.Not(upgradeWritten)), Doc: "not safe yet"},
		{
			From: in(UpgradeSealing), On: UpgradeCounted, When: when(fsm.Is(upgradeWritten), fsm.Not(upgradeSoft)),
			To: UpgradeRetiring, Do: do(UpgradeEndMoves, UpgradeServe, UpgradeShutDown, UpgradeCount),
			Doc: "the next master would go on from here, too",
		},
		{
			From: in(UpgradeSealing), On: UpgradeCounted, When: when(fsm.Is(upgradeWritten), fsm.Is(upgradeSoft)),
			To: UpgradeCuttingOver, Do: do(UpgradeShutDown, UpgradeCount),
			Doc: "the next master would go on from here, too",
		},
		{From: in(UpgradeSealing), On: UpgradeDied, When: when(fsm.Is(upgradeSource)), Doc: "it would have been told to end"},
		{From: in(UpgradeSealing), On: UpgradeDied, When: when(fsm.Not(upgradeSource)), To: UpgradeSettling, Do: settle(UpgradeUncommit, UpgradeNote), Doc: "its shards go back while they can"},
		{From: in(UpgradeSealing), On: UpgradeDeadline, To: UpgradeSettling, Do: settle(UpgradeUncommit, UpgradeNote), Doc: "the journal does not answer, and without it nobody must end"},
		{From: in(UpgradeSealing), On: UpgradeFailure, To: UpgradeSettling, Do: settle(UpgradeUncommit, UpgradeNote), Doc: "it is not too late"},
		{From: in(UpgradeSealing), On: UpgradeUnhealthy, To: UpgradeSettling, Do: settle(UpgradeUncommit, UpgradeNote), Doc: "it is not too late"},
		{From: in(UpgradeSealing), On: UpgradeAbort, To: UpgradeSettling, Do: settle(UpgradeUncommit, UpgradeNote), Doc: "it is not too late"},

		{From: in(UpgradeRetiring), On: UpgradeCounted, When: when(fsm.Not(upgradeNobody)), Doc: "not all have ended"},
		{From: in(UpgradeRetiring), On: UpgradeCounted, When: when(fsm.Is(upgradeNobody)), To: UpgradeDone, Do: do(UpgradeFinish), Doc: "nothing is left of the old ones"},
		{From: in(UpgradeRetiring), On: UpgradeDeadline, When: when(fsm.Is(upgradeKillable)), Rearm: true, Do: do(UpgradeKillRest), Doc: "somebody does not end"},
		{From: in(UpgradeRetiring), On: UpgradeDeadline, When: when(fsm.Not(upgradeKillable)), To: UpgradeDone, Do: do(UpgradeGiveUpRest, UpgradeFinish), Doc: "it has no shard and cannot be ended from here"},
		{From: in(UpgradeRetiring, UpgradeCuttingOver), On: UpgradeFailure, Do: do(UpgradeComplain), Doc: "past the point of no return"},
		{From: in(UpgradeRetiring), On: UpgradeDied, When: when(fsm.Is(upgradeAwaited)), Do: do(UpgradeTick, UpgradeCount), Doc: "that is what was waited for"},
		{From: in(UpgradeRetiring), On: UpgradeDied, When: when(fsm.Not(upgradeAwaited)), Doc: "the share that it served sees to it"},
	}
}

// upgradeMeetRows are about slaves that are linked again.
func upgradeMeetRows() []upgradeRow {
	asked := upgradeIn(
		UpgradePreparingOld, UpgradePreparingNew, UpgradeSoftStarting, UpgradeCuttingOver, UpgradeCutStart, UpgradeFullStart, UpgradeRetiring,
		UpgradeTurningBack, UpgradeTakingBack, UpgradeRestoring,
	)
	return []upgradeRow{
		{
			From: asked, On: UpgradeArrived, When: upgradeWhen(fsm.Is(upgradeAwaited)), Do: upgradeDo(UpgradeAskAgain),
			Doc: "the request, or its answer, may have been lost with the link",
		},
		{
			From: asked, On: UpgradeArrived, When: upgradeWhen(fsm.Not(upgradeAwaited)), Do: upgradeDo(UpgradeCount),
			Doc: "nothing is open between the two, but others may have waited for it",
		},
	}
}
