package lifecycle

import "github.com/shardbaton/baton/fsm"

func shareRows() []fsm.Row[ShareState, ShareEvent] {
	type row = fsm.Row[ShareState, ShareEvent]
	in := func(states ...ShareState) []ShareState { return states }
	when := func(terms ...fsm.Term) []fsm.Term { return terms }
	do := func(effects ...string) []string { return effects }
	return []row{
		// Somebody is needed.
		{From: in(ShareVacant), On: ShareFill, When: when(fsm.Is(shareMayLaunch)), To: ShareLaunching, Do: do(ShareLaunch), Doc: "nobody else will come"},
		{From: in(ShareVacant), On: ShareFill, When: when(fsm.Not(shareMayLaunch)), Do: do(ShareCallSpare), Doc: "only a slave that comes by itself can help"},
		{From: in(ShareVacant), On: ShareFound, To: ShareServing, Doc: "it never stopped being served"},
		{From: in(ShareLaunching), On: ShareLaunched, To: ShareAwaitingHello, Doc: "the process runs"},
		{From: in(ShareBackingOff), On: ShareDeadline, To: ShareLaunching, Do: do(ShareLaunch), Doc: "another try"},
		{From: in(ShareGivenUp), On: ShareReset, To: ShareLaunching, Do: do(ShareForgetEnds, ShareLaunch), Doc: "something has changed: it is worth another try"},

		// Somebody comes.
		{
			From: in(ShareVacant, ShareBackingOff, ShareGivenUp, ShareLaunching, ShareAwaitingHello), On: ShareArrived,
			When: when(fsm.Not(shareFirst), fsm.Is(shareTurnFree)), To: ShareStarting, Do: do(ShareFullStart),
			Doc: "the shards are nobody's, so they may be started",
		},
		{
			From: in(ShareVacant, ShareBackingOff, ShareGivenUp, ShareLaunching, ShareAwaitingHello), On: ShareArrived,
			When: when(fsm.Not(shareFirst), fsm.Not(shareTurnFree)), To: ShareQueued,
			Doc: "two starts at once would compete for the gateway's IDENTIFY budget",
		},
		{
			From: in(ShareVacant, ShareBackingOff, ShareGivenUp, ShareLaunching, ShareAwaitingHello), On: ShareArrived,
			When: when(fsm.Is(shareFirst), fsm.Is(shareAlone)), To: ShareServing, Do: do(ShareFullStart, ShareForgetEnds),
			Doc: "dialect 1 does not say when a start is done",
		},
		{
			From: in(ShareVacant, ShareBackingOff, ShareGivenUp, ShareLaunching, ShareAwaitingHello), On: ShareArrived,
			When: when(fsm.Is(shareFirst), fsm.Not(shareAlone)), Do: do(ShareReport),
			Doc: "in dialect 1 a start is one of all shards, and others have some of them; an upgrade can give it the rest",
		},
		{From: in(ShareQueued), On: ShareTurn, To: ShareStarting, Do: do(ShareFullStart), Doc: "the start before it is over"},
		{From: in(ShareQueued), On: ShareDeadline, To: ShareStarting, Do: do(ShareFullStart), Doc: "it has waited long enough"},
		{From: in(ShareQueued), On: ShareLeft, To: ShareAwaitingHello, Doc: "it may come back"},

		// It starts.
		{From: in(ShareStarting), On: ShareArrived, Do: do(ShareAskAgain), Doc: "the request, or its answer, may have been lost with the link"},
		{From: in(ShareStarting), On: ShareShardUp, Rearm: true, Doc: "progress: the wait starts anew"},
		{From: in(ShareStarting), On: ShareShardFailed, Rearm: true, Do: do(ShareNoteFailure), Doc: "the others may do better"},
		{
			From: in(ShareStarting), On: ShareStarted, When: when(fsm.Is(shareWhole)), To: ShareServing, Do: do(ShareForgetEnds, ShareNextTurn),
			Doc: "all shards run",
		},
		{
			From: in(ShareStarting), On: ShareStarted, When: when(fsm.Not(shareWhole)), To: ShareMending, Do: do(ShareReport, ShareNextTurn),
			Doc: "what runs is served, what does not is tried again",
		},
		{
			From: in(ShareStarting), On: ShareNotStarted, When: when(fsm.Is(shareBarren), fsm.Is(shareKillable)), To: ShareEnding, Do: do(ShareReport, ShareKill),
			Doc: "a bot that runs nothing is better begun anew",
		},
		{
			From: in(ShareStarting), On: ShareNotStarted, When: when(fsm.Is(shareBarren), fsm.Not(shareKillable)), To: ShareMending, Do: do(ShareReport, ShareNextTurn),
			Doc: "it cannot be begun anew from here",
		},
		{
			From: in(ShareStarting), On: ShareNotStarted, When: when(fsm.Not(shareBarren), fsm.Not(shareWhole)), To: ShareMending, Do: do(ShareReport, ShareNextTurn),
			Doc: "what runs is served, what does not is tried again",
		},
		{
			From: in(ShareStarting), On: ShareNotStarted, When: when(fsm.Not(shareBarren), fsm.Is(shareWhole)), To: ShareServing, Do: do(ShareReport, ShareNextTurn),
			Doc: "all shards run, only the rest of the bot does not; ending them would cost every session",
		},
		{
			From: in(ShareStarting), On: ShareDeadline, When: when(fsm.Is(shareKillable)), To: ShareEnding, Do: do(ShareReport, ShareKill),
			Doc: "it hangs",
		},
		{
			From: in(ShareStarting), On: ShareDeadline, When: when(fsm.Not(shareKillable)), To: ShareServing, Do: do(ShareReport, ShareDoubt, ShareNextTurn),
			Doc: "it hangs, and may run any of its shards: they stay its own",
		},
		{
			From: in(ShareEnding), On: ShareDeadline, To: ShareServing, Do: do(ShareReport, ShareDoubt, ShareNextTurn),
			Doc: "it was killed and is not gone, and may run any of its shards: they stay its own",
		},

		// A part of it is missing.
		{From: in(ShareServing, ShareMending), On: ShareShardUp, When: when(fsm.Is(shareWhole)), To: ShareServing, Do: do(ShareForgetEnds), Doc: "nothing is missing"},
		{From: in(ShareServing, ShareMending), On: ShareShardUp, When: when(fsm.Not(shareWhole)), Doc: "something is still missing"},
		{From: in(ShareServing), On: ShareShardFailed, To: ShareMending, Do: do(ShareNoteFailure), Doc: "whatever became of it, this slave is the one to start it again"},
		{From: in(ShareServing), On: ShareNotStarted, Do: do(ShareReport), Doc: "the shards are there; the rest of the bot was to start and has not, or says so late"},
		{From: in(ShareMending), On: ShareStarted, When: when(fsm.Is(shareWhole)), To: ShareServing, Do: do(ShareForgetEnds), Doc: "nothing is missing"},
		{From: in(ShareMending), On: ShareStarted, When: when(fsm.Not(shareWhole)), Doc: "something is still missing"},
		{From: in(ShareMending), On: ShareNotStarted, Do: do(ShareReport), Doc: "it is tried again in a while"},
		{From: in(ShareMending), On: ShareShardFailed, Do: do(ShareNoteFailure), Doc: "it is tried again in a while"},
		{From: in(ShareMending), On: ShareArrived, Do: do(ShareStartAgain), Doc: "the requests, or their answers, may have been lost with the link"},
		{
			From: in(ShareMending), On: ShareDeadline, When: when(fsm.Not(shareWornOut)), Rearm: true, Do: do(ShareCountEnd, ShareStartAgain),
			Doc: "try again, and wait longer the next time",
		},
		{
			From: in(ShareMending), On: ShareDeadline, When: when(fsm.Is(shareWornOut)), To: ShareServing, Do: do(ShareReport, ShareForgetEnds),
			Doc: "it does not get better by trying; the rest is served",
		},

		// It ends.
		{
			From: in(ShareLaunching, ShareAwaitingHello, ShareQueued, ShareStarting, ShareServing, ShareMending, ShareEnding), On: ShareEnded,
			When: when(fsm.Not(shareMayLaunch)), To: ShareVacant, Do: do(ShareCountEnd, ShareNextTurn, ShareCallSpare),
			Doc: "only a slave that comes by itself can help",
		},
		{
			From: in(ShareLaunching, ShareAwaitingHello, ShareQueued, ShareStarting, ShareServing, ShareMending, ShareEnding), On: ShareEnded,
			When: when(fsm.Is(shareMayLaunch), fsm.Not(shareWornOut), fsm.Not(shareFirstEnd)), To: ShareBackingOff, Do: do(ShareCountEnd, ShareNextTurn, ShareCallSpare),
			Doc: "a bot that ends is launched again, but not in a tight loop",
		},
		{
			From: in(ShareLaunching, ShareAwaitingHello, ShareQueued, ShareStarting, ShareServing, ShareMending, ShareEnding), On: ShareEnded,
			When: when(fsm.Is(shareMayLaunch), fsm.Not(shareWornOut), fsm.Is(shareFirstEnd)), To: ShareVacant, Do: do(ShareCountEnd, ShareNextTurn, ShareFillSoon),
			Doc: "its sessions do not wait: a spare, or the next process, at once",
		},
		{
			From: in(ShareLaunching, ShareAwaitingHello, ShareQueued, ShareStarting, ShareServing, ShareMending, ShareEnding), On: ShareEnded,
			When: when(fsm.Is(shareMayLaunch), fsm.Is(shareWornOut)), To: ShareGivenUp, Do: do(ShareCountEnd, ShareGiveUp, ShareNextTurn, ShareCallSpare),
			Doc: "a bot that cannot start would only use up the day's IDENTIFYs",
		},
		{
			From: in(ShareLaunching, ShareAwaitingHello), On: ShareDeadline, When: when(fsm.Not(shareWornOut)),
			To: ShareBackingOff, Do: do(ShareReport, ShareKill, ShareCountEnd, ShareCallSpare),
			Doc: "it has not come, and has no shard: another may be launched",
		},
		{
			From: in(ShareLaunching, ShareAwaitingHello), On: ShareDeadline, When: when(fsm.Is(shareWornOut)),
			To: ShareGivenUp, Do: do(ShareReport, ShareKill, ShareCountEnd, ShareGiveUp, ShareCallSpare),
			Doc: "it has not come again and again",
		},
		{
			From: in(ShareLaunching, ShareAwaitingHello, ShareQueued), On: ShareDissolve, To: ShareDissolved, Do: do(ShareStandDown),
			Doc: "whoever was to serve it is not needed",
		},
		{
			From: in(ShareVacant, ShareBackingOff, ShareGivenUp, ShareStarting, ShareServing, ShareMending, ShareEnding), On: ShareDissolve, To: ShareDissolved,
			Doc: "whoever dissolves it answers for the slave",
		},
	}
}

func shareIgnored() []fsm.Exempt[ShareState, ShareEvent] {
	type exempt = fsm.Exempt[ShareState, ShareEvent]
	in := func(states ...ShareState) []ShareState { return states }
	on := func(events ...ShareEvent) []ShareEvent { return events }
	return []exempt{
		{In: in(fsm.Any), On: on(ShareFill), Because: "it is served, or somebody is on the way"},
		{In: in(fsm.Any), On: on(ShareReset), Because: "it was not given up"},
		{In: in(fsm.Any), On: on(ShareTurn), Because: "it does not wait for its turn"},
		{In: in(fsm.Any), On: on(ShareLeft), Because: "a lost link proves nothing"},
		{In: in(ShareQueued, ShareServing, ShareEnding), On: on(ShareArrived), Because: "it has what it needs"},
		{In: in(ShareQueued, ShareStarting, ShareServing, ShareMending, ShareEnding), On: on(ShareLaunched), Because: "the slave was faster than the news of its launch"},
		{In: in(ShareServing), On: on(ShareStarted), Because: "the answer to a full start that an upgrade or a return has asked for"},
		{In: in(ShareQueued), On: on(ShareStarted, ShareNotStarted), Because: "the answer to an earlier start; it is asked anew when its turn comes"},
		{In: in(ShareEnding), On: on(ShareShardUp, ShareShardFailed, ShareStarted, ShareNotStarted), Because: "it is being ended"},
		{In: in(ShareDissolved), On: on(fsm.Any), Because: "others answer for the shards"},
	}
}

func shareRefused() []fsm.Exempt[ShareState, ShareEvent] {
	type exempt = fsm.Exempt[ShareState, ShareEvent]
	in := func(states ...ShareState) []ShareState { return states }
	on := func(events ...ShareEvent) []ShareEvent { return events }
	return []exempt{
		{In: in(fsm.Any), On: on(ShareFound), Because: "one slave already serves it, or is about to"},
		{In: in(fsm.Any), On: on(ShareLaunched), Because: "nobody was launched for it"},
		{In: in(fsm.Any), On: on(ShareShardUp, ShareShardFailed, ShareStarted, ShareNotStarted), Because: "nobody was asked to start it"},
		{In: in(fsm.Any), On: on(ShareEnded), Because: "nobody serves it"},
		{In: in(fsm.Any), On: on(ShareDeadline), Because: "the state has no deadline"},
	}
}
