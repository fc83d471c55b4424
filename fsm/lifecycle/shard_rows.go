package lifecycle

import "github.com/shardbaton/baton/fsm"

func shardRows() []fsm.Row[ShardState, ShardEvent] {
	type row = fsm.Row[ShardState, ShardEvent]
	in := func(states ...ShardState) []ShardState { return states }
	when := func(terms ...fsm.Term) []fsm.Term { return terms }
	do := func(effects ...string) []string { return effects }
	return []row{
		// Coming.
		{
			From: in(ShardAbsent), On: ShardToldExpect, To: ShardLoading, Do: do(ShardOpenInbox),
			Doc: "state may come before the session does, on another link",
		},
		{
			From: in(ShardLoading, ShardStopped), On: ShardToldExpect, Do: do(ShardOpenInbox),
			Doc: "a new attempt: what an earlier one brought is void",
		},
		{
			From: in(ShardAbsent, ShardLoading, ShardStopped), On: ShardToldBegin, When: when(fsm.Is(shardMay)),
			To: ShardResuming, Do: do(ShardCallStart),
			Doc: "assigned: nobody else has the shard",
		},
		{
			From: in(ShardAbsent, ShardLoading, ShardStopped), On: ShardToldBegin, When: when(fsm.Not(shardMay)), Do: do(ShardReport),
			Doc: "without a lease somebody else may have the shard by now",
		},
		{
			From: in(ShardAbsent, ShardLoading, ShardStopped), On: ShardToldResume, When: when(fsm.Not(shardMay)), Do: do(ShardReport),
			Doc: "without a lease somebody else may have the shard by now",
		},
		{
			From: in(ShardAbsent, ShardLoading, ShardStopped), On: ShardToldResume, When: when(fsm.Is(shardMay), fsm.Is(shardWhole)),
			To: ShardResuming, Do: do(ShardCallStart),
			Doc: "all that the last owner knew is here",
		},
		{
			From: in(ShardAbsent, ShardLoading, ShardStopped), On: ShardToldResume,
			When: when(fsm.Is(shardMay), fsm.Not(shardWhole), fsm.Not(shardBroken)),
			To:   ShardCompleting,
			Doc:  "the session has overtaken the state",
		},
		{
			From: in(ShardLoading), On: ShardToldResume, When: when(fsm.Is(shardMay), fsm.Not(shardWhole), fsm.Is(shardBroken)),
			To: ShardAbsent, Do: do(ShardReport, ShardDrop),
			Doc: "never resume on a part of the state",
		},
		{
			From: in(ShardAbsent, ShardStopped), On: ShardToldResume, When: when(fsm.Is(shardMay), fsm.Not(shardWhole), fsm.Is(shardBroken)),
			Do:  do(ShardReport),
			Doc: "never resume on a part of the state; a session that is kept stays kept",
		},
		{
			From: in(ShardCompleting), On: ShardStateAdvanced, When: when(fsm.Is(shardWhole)), To: ShardResuming, Do: do(ShardCallStart),
			Doc: "the last record is applied",
		},
		{
			From: in(ShardCompleting), On: ShardStateAdvanced, When: when(fsm.Not(shardWhole), fsm.Not(shardBroken)), Rearm: true,
			Doc: "progress: the wait starts anew",
		},
		{
			From: in(ShardCompleting), On: ShardStateAdvanced, When: when(fsm.Not(shardWhole), fsm.Is(shardBroken), fsm.Not(shardKept)),
			To: ShardAbsent, Do: do(ShardReport, ShardDrop),
			Doc: "never resume on a part of the state",
		},
		{
			From: in(ShardCompleting), On: ShardStateAdvanced, When: when(fsm.Not(shardWhole), fsm.Is(shardBroken), fsm.Is(shardKept)),
			To: ShardStopped, Do: do(ShardReport),
			Doc: "never resume on a part of the state; the session is still here",
		},
		{
			From: in(ShardCompleting), On: ShardDeadline, When: when(fsm.Not(shardKept)), To: ShardAbsent, Do: do(ShardReport, ShardDrop),
			Doc: "records were lost on the way",
		},
		{
			From: in(ShardCompleting), On: ShardDeadline, When: when(fsm.Is(shardKept)), To: ShardStopped, Do: do(ShardReport),
			Doc: "records were lost on the way; the session is still here",
		},
		{
			From: in(ShardResuming, ShardOverdue), On: ShardBotStarted, When: when(fsm.Is(shardMay)), To: ShardRunning, Do: do(ShardAnswerStart),
			Doc: "the gateway has said RESUMED or READY",
		},
		{
			From: in(ShardResuming, ShardOverdue), On: ShardBotStarted, When: when(fsm.Not(shardMay)),
			To: ShardStopping, Do: do(ShardReport, ShardYield, ShardCallStop),
			Doc: "it has come too late: the lease ran out meanwhile, or the slave is about to end",
		},
		{
			From: in(ShardResuming, ShardOverdue), On: ShardBotNotStarted, When: when(fsm.Not(shardKept)), To: ShardAbsent, Do: do(ShardReport),
			Doc: "the gateway or the bot would not",
		},
		{
			From: in(ShardResuming, ShardOverdue), On: ShardBotNotStarted, When: when(fsm.Is(shardKept)), To: ShardStopped, Do: do(ShardReport),
			Doc: "the gateway or the bot would not; the session can be tried again",
		},
		{
			From: in(ShardResuming, ShardStopping), On: ShardDeadline, To: ShardOverdue, Do: do(ShardReport),
			Doc: "the bot does not heed its context, and only its return tells what became of the shard",
		},

		// Serving.
		{
			From: in(ShardRunning), On: ShardToldResume, Do: do(ShardAnswerStart),
			Doc: "given back before it was let go of: it runs, now at the new epoch",
		},
		{
			From: in(ShardRunning), On: ShardToldBegin, Do: do(ShardAnswerStart),
			Doc: "assigned what it has: it runs, now at the new epoch",
		},
		{
			From: in(ShardCopying), On: ShardToldResume, To: ShardRunning, Do: do(ShardCancelCopy, ShardAnswerStart),
			Doc: "it stays, so nobody needs the copy",
		},
		{
			From: in(ShardCopying), On: ShardToldBegin, To: ShardRunning, Do: do(ShardCancelCopy, ShardAnswerStart),
			Doc: "it stays, so nobody needs the copy",
		},

		// Going.
		{
			From: in(ShardRunning), On: ShardToldCopy, When: when(fsm.Is(shardCopies)), To: ShardCopying, Do: do(ShardCallCopy),
			Doc: "what is sent while the shard runs need not be sent while it does not",
		},
		{
			From: in(ShardRunning), On: ShardToldCopy, When: when(fsm.Not(shardCopies)), Do: do(ShardReport),
			Doc: "the bot has not offered this",
		},
		{
			From: in(ShardCopying), On: ShardBotCopied, To: ShardRunning, Do: do(ShardAnswerCopied),
			Doc: "the next owner has the state as it was",
		},
		{
			From: in(ShardCopying), On: ShardBotNotCopied, To: ShardRunning, Do: do(ShardReport),
			Doc: "the stop will send everything",
		},
		{
			From: in(ShardCopying), On: ShardDeadline, To: ShardRunning, Do: do(ShardCancelCopy, ShardReport),
			Doc: "the stop will send everything",
		},
		{
			From: in(ShardRunning), On: ShardToldStop, To: ShardStopping, Do: do(ShardCallStop),
			Doc: "the shard is wanted elsewhere",
		},
		{
			From: in(ShardCopying), On: ShardToldStop, To: ShardStopping, Do: do(ShardCancelCopy, ShardCallStop),
			Doc: "the master does not wait for the copy",
		},
		{
			From: in(ShardStopping, ShardOverdue), On: ShardBotLetGo, To: ShardStopped, Do: do(ShardAnswerStop),
			Doc: "no event is handled here any more",
		},
		{
			From: in(ShardStopping, ShardOverdue), On: ShardBotBrokeOff, To: ShardStopped, Do: do(ShardReport),
			Doc: "it could resume here, but not elsewhere: the state is not there",
		},
		{
			From: in(ShardStopping, ShardOverdue), On: ShardBotKept, To: ShardRunning, Do: do(ShardReport),
			Doc: "the bot could not let go, so nothing has changed",
		},
		{
			From: in(ShardStopped), On: ShardToldStop, When: when(fsm.Is(shardNumbers)), Do: do(ShardReport),
			Doc: "another attempt: the state cannot be sent twice, the shard has to come back first",
		},
		{
			From: in(ShardStopped), On: ShardToldStop, When: when(fsm.Not(shardNumbers)), Do: do(ShardAnswerStop),
			Doc: "without epochs this is the same request again",
		},
		{
			From: in(ShardLoading, ShardStopped), On: ShardToldForget, To: ShardAbsent, Do: do(ShardDrop),
			Doc: "the upgrade is over and the shard is somewhere else",
		},

		// Yielding.
		{
			From: in(ShardRunning), On: ShardMustYield, To: ShardStopping, Do: do(ShardYield, ShardCallStop),
			Doc: "the session is kept, so that it can be resumed, here or elsewhere",
		},
		{
			From: in(ShardCopying), On: ShardMustYield, To: ShardStopping, Do: do(ShardCancelCopy, ShardYield, ShardCallStop),
			Doc: "the session is kept, so that it can be resumed, here or elsewhere",
		},
		{
			From: in(ShardCompleting), On: ShardMustYield, When: when(fsm.Not(shardKept)), To: ShardAbsent, Do: do(ShardReport, ShardDrop),
			Doc: "nothing has started yet",
		},
		{
			From: in(ShardCompleting), On: ShardMustYield, When: when(fsm.Is(shardKept)), To: ShardStopped, Do: do(ShardReport),
			Doc: "nothing has started yet; the session is still here",
		},
		{
			From: in(ShardResuming), On: ShardMustYield, Do: do(ShardCancelStart),
			Doc: "only the return of StartShard tells what became of the shard",
		},

		// The end.
		{
			From: in(ShardAbsent, ShardLoading, ShardCompleting, ShardResuming, ShardRunning, ShardCopying, ShardStopping, ShardStopped, ShardOverdue),
			On:   ShardSlaveEnded, To: ShardOver, Do: do(ShardDrop),
			Doc: "nothing is left of it here",
		},
	}
}

func shardIgnored() []fsm.Exempt[ShardState, ShardEvent] {
	type exempt = fsm.Exempt[ShardState, ShardEvent]
	in := func(states ...ShardState) []ShardState { return states }
	on := func(events ...ShardEvent) []ShardEvent { return events }
	return []exempt{
		{In: in(fsm.Any), On: on(ShardStateAdvanced), Because: "only the session makes the state matter"},
		{In: in(fsm.Any), On: on(ShardBotCopied, ShardBotNotCopied), Because: "the copy was given up before it returned"},
		{In: in(fsm.Any), On: on(ShardToldForget), Because: "there is nothing to forget, or it is in use"},
		{
			In: in(ShardAbsent, ShardLoading, ShardStopping, ShardStopped, ShardOverdue), On: on(ShardMustYield),
			Because: "it does not run, or is being stopped, or has been asked to end",
		},
		{In: in(fsm.Any), On: on(ShardDeadline), Because: "it was the deadline of a state that has been left"},
		{In: in(ShardOver), On: on(fsm.Any), Because: "the slave has ended"},
	}
}

func shardRefused() []fsm.Exempt[ShardState, ShardEvent] {
	type exempt = fsm.Exempt[ShardState, ShardEvent]
	in := func(states ...ShardState) []ShardState { return states }
	on := func(events ...ShardEvent) []ShardEvent { return events }
	return []exempt{
		{
			In:      in(ShardCompleting, ShardResuming, ShardStopping, ShardOverdue),
			On:      on(ShardToldBegin, ShardToldResume, ShardToldCopy, ShardToldStop),
			Because: "the request before this one has not been answered yet",
		},
		{In: in(ShardAbsent, ShardLoading), On: on(ShardToldStop), Because: "the shard is not here"},
		{In: in(ShardAbsent, ShardLoading, ShardStopped, ShardCopying), On: on(ShardToldCopy), Because: "only a shard that runs, and is not being copied, can be copied"},
		{
			In: in(ShardCompleting, ShardResuming, ShardRunning, ShardCopying, ShardStopping, ShardOverdue), On: on(ShardToldExpect),
			Because: "the shard is here already",
		},
		{In: in(fsm.Any), On: on(ShardBotStarted, ShardBotNotStarted), Because: "no StartShard was under way"},
		{In: in(fsm.Any), On: on(ShardBotLetGo, ShardBotBrokeOff, ShardBotKept), Because: "no StopShard was under way"},
	}
}
