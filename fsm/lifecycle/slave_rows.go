package lifecycle

import "github.com/shardbaton/baton/fsm"

func slaveRows() []fsm.Row[SlaveState, SlaveEvent] {
	type row = fsm.Row[SlaveState, SlaveEvent]
	in := func(states ...SlaveState) []SlaveState { return states }
	when := func(terms ...fsm.Term) []fsm.Term { return terms }
	do := func(effects ...string) []string { return effects }
	return []row{
		// The whole start.
		{
			From: in(SlaveIdle, SlaveSoftStarted, SlaveRunning, SlavePreparingOut, SlaveMovingOut, SlavePreparingIn, SlaveMovingIn),
			On:   SlaveToldFullStart, To: SlaveStarting, Do: do(SlaveBeginShards),
			Doc: "a cold start; or the end of an upgrade, for whoever has the shards",
		},
		{
			From: in(SlaveStarting), On: SlaveShardsSettled, When: when(fsm.Is(slaveBarren), fsm.Not(slaveServing)),
			To: SlaveIdle, Do: do(SlaveReport, SlaveTakeUp),
			Doc: "a bot without a shard is not started",
		},
		{
			From: in(SlaveStarting), On: SlaveShardsSettled, When: when(fsm.Is(slaveBarren), fsm.Is(slaveServing)),
			To: SlaveRunning, Do: do(SlaveReport, SlaveTakeUp),
			Doc: "a shard may still come up late; the master decides about it, and may ask for the start again",
		},
		{
			From: in(SlaveStarting), On: SlaveShardsSettled, When: when(fsm.Not(slaveBarren), fsm.Is(slaveDue)),
			To: SlaveFullStarting, Do: do(SlaveCallFullStart),
			Doc: "the shards are there, now the rest; a shard that failed was reported by itself",
		},
		{
			From: in(SlaveStarting), On: SlaveShardsSettled, When: when(fsm.Not(slaveBarren), fsm.Not(slaveDue), fsm.Is(slaveDone)),
			To: SlaveRunning, Do: do(SlaveAnswer, SlaveTakeUp),
			Doc: "FullStart is called once in a life",
		},
		{
			From: in(SlaveStarting), On: SlaveShardsSettled, When: when(fsm.Not(slaveBarren), fsm.Not(slaveDue), fsm.Not(slaveDone)),
			To: SlaveRunning, Do: do(SlaveReport, SlaveTakeUp),
			Doc: "FullStart is called once in a life, and it did not succeed; the shards are served all the same",
		},
		{
			From: in(SlaveStarting), On: SlaveDeadline, To: SlaveRunning, Do: do(SlaveReport, SlaveTakeUp),
			Doc: "what has come up is served, and the rest may still come; the master decides about it",
		},
		{
			From: in(SlaveSoftStarting), On: SlaveDeadline, To: SlaveSoftStarted, Do: do(SlaveReport),
			Doc: "what has come up stays up, and the rest may still come; the master decides about it",
		},
		{
			From: in(SlaveFullStarting), On: SlaveBotStarted, To: SlaveRunning, Do: do(SlaveAnswer, SlaveTakeUp),
			Doc: "the whole bot is up",
		},
		{
			From: in(SlaveFullStarting), On: SlaveBotNotStarted, To: SlaveRunning, Do: do(SlaveReport, SlaveTakeUp),
			Doc: "the shards are served all the same",
		},
		{
			From: in(SlaveFullStarting), On: SlaveDeadline, To: SlaveRunning, Do: do(SlaveReport, SlaveTakeUp),
			Doc: "the shards are served all the same",
		},
		{
			From: in(SlaveStarting), On: SlaveToldFullStart, Rearm: true, Do: do(SlaveBeginShards),
			Doc: "the master wants more to be started, or has lost the answer; what is on its way is not begun twice",
		},
		{
			From: in(SlaveFullStarting), On: SlaveToldFullStart, Do: do(SlaveKeep),
			Doc: "the list may be another; the bot is being started already",
		},
		{
			From: in(SlaveStarting, SlaveFullStarting), On: SlaveToldHandOut, Do: do(SlaveKeep),
			Doc: "a v1.5.2 master sends it once and waits for ever, even while the bot still starts",
		},

		// The soft start.
		{
			From: in(SlaveIdle), On: SlaveToldSoftStart, To: SlaveSoftPreparing, Do: do(SlaveCallSoftStart),
			Doc: "another number of shards: every session is new",
		},
		{
			From: in(SlaveSoftPreparing), On: SlaveBotPrepared, To: SlaveSoftStarting, Do: do(SlaveBeginShards),
			Doc: "from now on events only update the state",
		},
		{
			From: in(SlaveSoftPreparing), On: SlaveBotUnprepared, To: SlaveIdle, Do: do(SlaveReport),
			Doc: "nothing was started",
		},
		{
			From: in(SlaveSoftPreparing), On: SlaveDeadline, To: SlaveIdle, Do: do(SlaveReport),
			Doc: "nothing was started",
		},
		{
			From: in(SlaveSoftStarting), On: SlaveShardsSettled, When: when(fsm.Not(slaveBarren)), To: SlaveSoftStarted, Do: do(SlaveAnswer),
			Doc: "a shard that failed was reported by itself",
		},
		{
			From: in(SlaveSoftStarting), On: SlaveShardsSettled, When: when(fsm.Is(slaveBarren), fsm.Not(slaveServing)),
			To: SlaveIdle, Do: do(SlaveReport),
			Doc: "nothing has come up",
		},
		{
			From: in(SlaveSoftStarting), On: SlaveShardsSettled, When: when(fsm.Is(slaveBarren), fsm.Is(slaveServing)),
			To: SlaveSoftStarted, Do: do(SlaveReport),
			Doc: "a shard may still come up late; the master decides about it",
		},
		{
			From: in(SlaveSoftStarted), On: SlaveToldSoftStart, Do: do(SlaveAnswer),
			Doc: "asked again, perhaps by a master that lost the answer",
		},

		// Handing out.
		{
			From: in(SlaveRunning), On: SlaveToldHandOut, To: SlavePreparingOut, Do: do(SlaveCallFrom),
			Doc: "an upgrade begins, or turns back after this slave has started in full",
		},
		{
			From: in(SlaveMovingIn), On: SlaveToldHandOut, To: SlavePreparingOut, Do: do(SlaveCallFrom),
			Doc: "the upgrade turns back: what has come goes the way it came",
		},
		{
			From: in(SlaveMovingOut), On: SlaveToldHandOut, Do: do(SlaveAnswer),
			Doc: "the bot is ready already",
		},
		{
			From: in(SlavePreparingOut), On: SlaveToldHandOut, Do: do(SlaveUndertake),
			Doc: "the bot makes ready already; the shards may be others, or announced anew by another master",
		},
		{
			From: in(SlavePreparingOut), On: SlaveBotPrepared, To: SlaveMovingOut, Do: do(SlaveAnswer),
			Doc: "shards may be asked for",
		},
		{
			From: in(SlavePreparingOut), On: SlaveBotUnprepared, To: SlaveRunning, Do: do(SlaveReport),
			Doc: "it serves on what it has",
		},
		{
			From: in(SlavePreparingOut), On: SlaveDeadline, To: SlaveRunning, Do: do(SlaveReport),
			Doc: "it serves on what it has",
		},

		// Taking in.
		{
			From: in(SlaveIdle, SlaveRunning), On: SlaveToldTakeIn, To: SlavePreparingIn, Do: do(SlaveOpenInboxes, SlaveCallTo),
			Doc: "an upgrade begins",
		},
		{
			From: in(SlaveMovingIn), On: SlaveToldTakeIn, Do: do(SlaveOpenInboxes, SlaveAnswer),
			Doc: "the bot is ready already; the shards may be others",
		},
		{
			From: in(SlaveMovingOut), On: SlaveToldTakeIn, To: SlavePreparingIn, Do: do(SlaveOpenInboxes, SlaveCallTo),
			Doc: "the upgrade turns back: what has gone comes back, with what has changed meanwhile",
		},
		{
			From: in(SlavePreparingIn), On: SlaveToldTakeIn, Do: do(SlaveOpenInboxes, SlaveUndertake),
			Doc: "the bot makes ready already; the shards may be others, or announced anew by another master",
		},
		{
			From: in(SlavePreparingIn), On: SlaveBotPrepared, To: SlaveMovingIn, Do: do(SlaveAnswer),
			Doc: "shards may come",
		},
		{
			From: in(SlavePreparingIn), On: SlaveBotUnprepared, When: when(fsm.Is(slaveServing)), To: SlaveRunning, Do: do(SlaveReport),
			Doc: "it serves what it had",
		},
		{
			From: in(SlavePreparingIn), On: SlaveBotUnprepared, When: when(fsm.Not(slaveServing), fsm.Is(slaveKeeping)), To: SlaveRunning, Do: do(SlaveReport),
			Doc: "it can still be given back what it had, by a session alone",
		},
		{
			From: in(SlavePreparingIn), On: SlaveBotUnprepared, When: when(fsm.Not(slaveServing), fsm.Not(slaveKeeping)), To: SlaveIdle, Do: do(SlaveReport),
			Doc: "nothing has come",
		},
		{
			From: in(SlavePreparingIn), On: SlaveDeadline, When: when(fsm.Is(slaveServing)), To: SlaveRunning, Do: do(SlaveReport),
			Doc: "it serves what it had",
		},
		{
			From: in(SlavePreparingIn), On: SlaveDeadline, When: when(fsm.Not(slaveServing), fsm.Is(slaveKeeping)), To: SlaveRunning, Do: do(SlaveReport),
			Doc: "it can still be given back what it had, by a session alone",
		},
		{
			From: in(SlavePreparingIn), On: SlaveDeadline, When: when(fsm.Not(slaveServing), fsm.Not(slaveKeeping)), To: SlaveIdle, Do: do(SlaveReport),
			Doc: "nothing has come",
		},

		// What is asked of one shard.
		{
			From: in(SlaveMovingOut), On: SlaveToldStop, Do: do(SlavePass),
			Doc: "this is what it has prepared for",
		},
		{
			From: in(SlaveRunning, SlaveMovingIn), On: SlaveToldStop, When: when(fsm.Is(slaveNumbers)), Do: do(SlavePass),
			Doc: "an upgrade that goes back, or one that this slave was asked to prepare for before the link was lost",
		},
		{
			From: in(SlaveRunning, SlaveMovingIn), On: SlaveToldStop, When: when(fsm.Not(slaveNumbers)), Do: do(SlaveReport),
			Doc: "a v1.5.2 master that has lost the old slave asks the new one by mistake, and means the old one's shards",
		},
		{
			From: in(SlaveMovingOut, SlaveRunning, SlaveMovingIn), On: SlaveToldCopy, Do: do(SlavePass),
			Doc: "costs nothing while the shard runs",
		},
		{
			From: in(SlaveMovingIn, SlaveMovingOut, SlaveRunning, SlavePreparingIn, SlavePreparingOut), On: SlaveToldResume, Do: do(SlavePass),
			Doc: "a shard comes, or comes back; one that nobody has does not wait for the bot to be ready for others",
		},
		{
			From: in(SlaveMovingIn, SlaveMovingOut, SlaveRunning), On: SlaveToldArm, Do: do(SlavePass),
			Doc: "a shard is about to come, or to come back",
		},

		// The lease.
		{
			From: in(SlaveIdle, SlaveStarting, SlaveFullStarting, SlaveSoftPreparing, SlaveSoftStarting, SlaveSoftStarted, SlaveRunning,
				SlavePreparingOut, SlaveMovingOut, SlavePreparingIn, SlaveMovingIn),
			On: SlaveLeaseOver, Do: do(SlaveYieldShards),
			Doc: "the master will give the shards to somebody else; all that is not a shard goes on",
		},

		// The end.
		{
			From: in(SlaveMovingOut), On: SlaveToldNoMore, To: SlaveShuttingDown, Do: do(SlaveCallShutdown),
			Doc: "the last shard has moved; dialect 1 has no answer to this",
		},
		{
			From: in(SlaveIdle, SlaveStarting, SlaveFullStarting, SlaveSoftPreparing, SlaveSoftStarting, SlaveSoftStarted, SlaveRunning,
				SlavePreparingOut, SlaveMovingOut, SlavePreparingIn, SlaveMovingIn),
			On: SlaveToldShutDown, When: when(fsm.Is(slaveNumbers), fsm.Is(slaveServing)), To: SlaveLettingGo, Do: do(SlaveYieldShards),
			Doc: "an end in order is possible at any time; what runs stops first",
		},
		{
			From: in(SlaveIdle, SlaveStarting, SlaveFullStarting, SlaveSoftPreparing, SlaveSoftStarting, SlaveSoftStarted, SlaveRunning,
				SlavePreparingOut, SlaveMovingOut, SlavePreparingIn, SlaveMovingIn),
			On: SlaveToldShutDown, When: when(fsm.Is(slaveNumbers), fsm.Not(slaveServing)),
			To: SlaveShuttingDown, Do: do(SlaveTellShards, SlaveCallShutdown),
			Doc: "nothing runs, as in the old slave of an upgrade",
		},
		{
			From: in(SlaveIdle, SlaveStarting, SlaveFullStarting, SlaveSoftPreparing, SlaveSoftStarting, SlaveSoftStarted, SlaveRunning,
				SlavePreparingOut, SlaveMovingOut, SlavePreparingIn, SlaveMovingIn),
			On: SlaveToldShutDown, When: when(fsm.Not(slaveNumbers)), To: SlaveShuttingDown, Do: do(SlaveCallShutdown),
			Doc: "there is nobody to tell the sessions to: dialect 1 has no word for it",
		},
		{
			From: in(SlaveLettingGo), On: SlaveShardsGone, To: SlaveShuttingDown, Do: do(SlaveTellShards, SlaveCallShutdown),
			Doc: "whoever starts next can resume",
		},
		{
			From: in(SlaveLettingGo), On: SlaveDeadline, To: SlaveShuttingDown, Do: do(SlaveTellShards, SlaveCallShutdown),
			Doc: "a shard that does not stop in time does not hold up the end",
		},
		{
			From: in(SlaveShuttingDown), On: SlaveBotShutDown, To: SlaveEnded, Do: do(SlaveEnd),
			Doc: "the bot has ended",
		},
		{
			From: in(SlaveShuttingDown), On: SlaveDeadline, To: SlaveEnded, Do: do(SlaveEnd),
			Doc: "the bot does not end, so the process has to",
		},
	}
}

func slaveIgnored() []fsm.Exempt[SlaveState, SlaveEvent] {
	type exempt = fsm.Exempt[SlaveState, SlaveEvent]
	in := func(states ...SlaveState) []SlaveState { return states }
	on := func(events ...SlaveEvent) []SlaveEvent { return events }
	return []exempt{
		{In: in(fsm.Any), On: on(SlaveShardsSettled, SlaveShardsGone), Because: "nothing waits for it any more"},
		{
			In: in(fsm.Any), On: on(SlaveBotPrepared, SlaveBotUnprepared, SlaveBotStarted, SlaveBotNotStarted),
			Because: "the callback returned after its result had ceased to matter",
		},
		{In: in(fsm.Any), On: on(SlaveDeadline), Because: "it was the deadline of a state that has been left"},
		{In: in(SlaveSoftPreparing, SlaveSoftStarting), On: on(SlaveToldSoftStart), Because: "the one under way will be answered"},
		{In: in(SlaveLettingGo, SlaveShuttingDown), On: on(SlaveToldShutDown, SlaveToldNoMore, SlaveLeaseOver), Because: "that is what it does"},
		{In: in(SlaveEnded), On: on(fsm.Any), Because: "the slave has ended"},
	}
}

func slaveRefused() []fsm.Exempt[SlaveState, SlaveEvent] {
	type exempt = fsm.Exempt[SlaveState, SlaveEvent]
	in := func(states ...SlaveState) []SlaveState { return states }
	on := func(events ...SlaveEvent) []SlaveEvent { return events }
	return []exempt{
		{In: in(fsm.Any), On: on(SlaveToldFullStart), Because: "the slave is busy with a soft start, or ends"},
		{In: in(fsm.Any), On: on(SlaveToldSoftStart), Because: "only an idle slave can start softly"},
		{In: in(fsm.Any), On: on(SlaveToldHandOut), Because: "only a slave that runs, or takes shards in, has shards to hand out"},
		{In: in(fsm.Any), On: on(SlaveToldTakeIn), Because: "only a slave that is idle, runs or hands shards out can take shards in"},
		{
			In: in(fsm.Any), On: on(SlaveToldStop, SlaveToldCopy, SlaveToldResume, SlaveToldArm),
			Because: "the slave is not in an upgrade",
		},
		{In: in(fsm.Any), On: on(SlaveToldNoMore), Because: "only the old slave of an upgrade has shards to run out of"},
		{In: in(fsm.Any), On: on(SlaveBotShutDown), Because: "no Shutdown was under way"},
	}
}
