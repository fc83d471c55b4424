package lifecycle

import "github.com/shardbaton/baton/fsm"

func moveRows() []fsm.Row[MoveState, MoveEvent] {
	type row = fsm.Row[MoveState, MoveEvent]
	in := func(states ...MoveState) []MoveState { return states }
	when := func(terms ...fsm.Term) []fsm.Term { return terms }
	do := func(effects ...string) []string { return effects }
	return []row{
		// Its turn.
		{
			From: in(MoveOnOld), On: MoveTurn, When: when(fsm.Not(moveSourceGone), fsm.Is(moveCopies)),
			To: MoveCopying, Do: do(MoveRoute, MoveAskCopy),
			Doc: "what is sent ahead is not sent in the dark",
		},
		{
			From: in(MoveOnOld), On: MoveTurn, When: when(fsm.Not(moveSourceGone), fsm.Not(moveCopies), fsm.Is(moveArms)),
			To: MoveArming, Do: do(MoveRoute, MoveAskArm),
			Doc: "what is dialled ahead is not dialled in the dark",
		},
		{
			From: in(MoveOnOld), On: MoveTurn, When: when(fsm.Not(moveSourceGone), fsm.Not(moveCopies), fsm.Not(moveArms)),
			To: MoveStopping, Do: do(MoveRoute, MoveAskStop),
			Doc: "neither side can do anything ahead",
		},
		{
			From: in(MoveOnOld), On: MoveTurn, When: when(fsm.Is(moveSourceGone), fsm.Not(moveTargetGone), fsm.Is(moveTargetLinked)),
			To: MoveResuming, Do: do(MoveStartFresh),
			Doc: "nobody has it, so the new owner may start it",
		},
		{
			From: in(MoveOnOld), On: MoveTurn, When: when(fsm.Is(moveSourceGone), fsm.Not(moveTargetGone), fsm.Not(moveTargetLinked)),
			To: MoveHandingOver, Do: do(MoveDropSession),
			Doc: "nobody has it, so the new owner may start it when it is back",
		},
		{
			From: in(MoveOnOld), On: MoveTurn, When: when(fsm.Is(moveSourceGone), fsm.Is(moveTargetGone)),
			To: MoveLost, Do: do(MoveOwnNobody),
			Doc: "both are dead",
		},

		// Ahead of the stop.
		{
			From: in(MoveCopying), On: MoveCopied, When: when(fsm.Is(moveArms)), To: MoveArming, Do: do(MoveAskArm),
			Doc: "the new owner dials last, because a gateway does not wait long for whoever has dialled",
		},
		{From: in(MoveCopying), On: MoveCopied, When: when(fsm.Not(moveArms)), To: MoveStopping, Do: do(MoveAskStop), Doc: "nothing is left to do ahead"},
		{From: in(MoveArming), On: MoveArmed, To: MoveStopping, Do: do(MoveAskStop), Doc: "nothing is left to do ahead"},
		{From: in(MoveCopying, MoveArming), On: MoveDeadline, To: MoveStopping, Do: do(MoveAskStop), Doc: "it would have been a favour, not a need"},
		{From: in(MoveCopying), On: MoveSourceLinked, Do: do(MoveAskCopy), Doc: "the request, or its answer, may have been lost with the link"},
		{From: in(MoveArming), On: MoveTargetLinked, Do: do(MoveAskArm), Doc: "the request, or its answer, may have been lost with the link"},
		{From: in(MoveCopying, MoveArming), On: MoveHalted, To: MoveOnOld, Do: do(MoveUnroute), Doc: "it still runs there: nothing has to be undone"},
		{From: in(MoveCopying, MoveArming), On: MoveSourceGone, To: MoveOnOld, Do: do(MoveUnroute), Doc: "it is nowhere now; its turn comes again"},
		{From: in(MoveCopying, MoveArming), On: MoveTargetGone, To: MoveOnOld, Do: do(MoveUnroute), Doc: "it still runs there: nothing has to be undone"},
		{From: in(MoveCopying, MoveArming), On: MoveEnded, To: MoveKept, Do: do(MoveUnroute), Doc: "it still runs there"},

		// The stop.
		{
			From: in(MoveStopping), On: MoveStopped, When: when(fsm.Is(moveTargetGone)), To: MoveReturning, Do: do(MoveUnroute, MoveKeep, MoveGiveBack),
			Doc: "nobody is there to take it",
		},
		{
			From: in(MoveStopping), On: MoveStopped, When: when(fsm.Not(moveTargetGone), fsm.Not(moveWhole)), To: MoveReturning, Do: do(MoveUnroute, MoveKeep, MoveReport, MoveGiveBack),
			Doc: "never resume on a part of the state",
		},
		{
			From: in(MoveStopping), On: MoveStopped, When: when(fsm.Not(moveTargetGone), fsm.Is(moveWhole), fsm.Not(moveForward)),
			To: MoveReturning, Do: do(MoveUnroute, MoveKeep, MoveGiveBack),
			Doc: "the upgrade has failed: the old owner is the one that is known to work",
		},
		{
			From: in(MoveStopping), On: MoveStopped, When: when(fsm.Not(moveTargetGone), fsm.Is(moveWhole), fsm.Is(moveForward), fsm.Is(moveTargetLinked)),
			To: MoveResuming, Do: do(MoveKeep, MoveAskResume),
			Doc: "this is the hand-over",
		},
		{
			From: in(MoveStopping), On: MoveStopped, When: when(fsm.Not(moveTargetGone), fsm.Is(moveWhole), fsm.Is(moveForward), fsm.Not(moveTargetLinked)),
			To: MoveHandingOver, Do: do(MoveKeep),
			Doc: "the new owner may be back in a moment",
		},
		{From: in(MoveStopping), On: MoveStopRefused, To: MoveOnOld, Do: do(MoveUnroute, MoveReport), Doc: "nothing has changed"},
		{
			From: in(MoveStopping), On: MoveStopBroken, To: MoveReturning, Do: do(MoveUnroute, MoveKeep, MoveReport, MoveGiveBack),
			Doc: "only the old owner has the state",
		},
		{From: in(MoveStopping), On: MoveSourceLinked, Do: do(MoveAskStop), Doc: "the request, or its answer, may have been lost with the link"},
		{From: in(MoveStopping), On: MoveSourceGone, To: MoveOnOld, Do: do(MoveUnroute), Doc: "its session died with it: it is nowhere now, and its turn comes again"},
		{From: in(MoveStopping), On: MoveDeadline, When: when(fsm.Is(moveForward)), Rearm: true, Do: do(MoveReport), Doc: "the upgrade fails; the answer may still come"},
		{
			From: in(MoveStopping), On: MoveDeadline, When: when(fsm.Not(moveForward)), To: MoveDoubtful, Do: do(MoveUnroute, MoveDoubtOld),
			Doc: "nobody else may start it",
		},
		{From: in(MoveStopping), On: MoveEnded, To: MoveDoubtful, Do: do(MoveUnroute, MoveDoubtOld), Doc: "nobody else may start it"},

		// Between the two.
		{From: in(MoveHandingOver), On: MoveTargetLinked, To: MoveResuming, Do: do(MoveAskResume), Doc: "the new owner is back"},
		{
			From: in(MoveHandingOver), On: MoveTargetGone, When: when(fsm.Is(moveTakesBack)), To: MoveReturning, Do: do(MoveUnroute, MoveGiveBack),
			Doc: "the new owner was never told to start it",
		},
		{From: in(MoveHandingOver), On: MoveTargetGone, When: when(fsm.Not(moveTakesBack)), To: MoveLost, Do: do(MoveUnroute, MoveOwnNobody), Doc: "both are dead"},
		{
			From: in(MoveHandingOver), On: MoveHalted, When: when(fsm.Is(moveTakesBack)), To: MoveReturning, Do: do(MoveUnroute, MoveGiveBack),
			Doc: "the new owner was never told to start it",
		},
		{From: in(MoveHandingOver), On: MoveHalted, When: when(fsm.Not(moveTakesBack)), Doc: "only the new owner can have it"},
		{
			From: in(MoveHandingOver), On: MoveDeadline, When: when(fsm.Is(moveTakesBack)), To: MoveReturning, Do: do(MoveUnroute, MoveReport, MoveGiveBack),
			Doc: "the new owner stays away and was never told to start it",
		},
		{
			From: in(MoveHandingOver), On: MoveDeadline, When: when(fsm.Not(moveTakesBack)), To: MoveLost, Do: do(MoveUnroute, MoveReport, MoveOwnNobody),
			Doc: "the new owner stays away and was never told to start it: another may",
		},
		{From: in(MoveHandingOver), On: MoveEnded, To: MoveLost, Do: do(MoveUnroute, MoveOwnNobody), Doc: "the new owner was never told to start it: another may"},

		// The resume.
		{From: in(MoveResuming), On: MoveResumed, To: MoveOnNew, Do: do(MoveOwnNew, MoveUnroute), Doc: "the gateway has confirmed it"},
		{
			From: in(MoveResuming), On: MoveNotResumed, When: when(fsm.Is(moveTakesBack)), To: MoveReturning, Do: do(MoveUnroute, MoveReport, MoveGiveBack),
			Doc: "the old owner has kept session and state",
		},
		{
			From: in(MoveResuming), On: MoveNotResumed, When: when(fsm.Not(moveTakesBack), fsm.Not(moveFresh)), Rearm: true, Do: do(MoveUnroute, MoveReport, MoveStartFresh),
			Doc: "nobody can take it back: a new session is better than none",
		},
		{
			From: in(MoveResuming), On: MoveNotResumed, When: when(fsm.Not(moveTakesBack), fsm.Is(moveFresh)), To: MoveLost, Do: do(MoveUnroute, MoveReport, MoveOwnNobody),
			Doc: "not even that works here",
		},
		{From: in(MoveResuming), On: MoveTargetLinked, Do: do(MoveAskResume), Doc: "the request, or its answer, may have been lost with the link"},
		{
			From: in(MoveResuming), On: MoveTargetGone, When: when(fsm.Is(moveTakesBack)), To: MoveReturning, Do: do(MoveUnroute, MoveGiveBack),
			Doc: "the old owner has kept session and state",
		},
		{From: in(MoveResuming), On: MoveTargetGone, When: when(fsm.Not(moveTakesBack)), To: MoveLost, Do: do(MoveUnroute, MoveOwnNobody), Doc: "both are dead"},
		{From: in(MoveResuming), On: MoveDeadline, When: when(fsm.Is(moveForward)), Rearm: true, Do: do(MoveReport), Doc: "the upgrade fails; the answer may still come"},
		{
			From: in(MoveResuming), On: MoveDeadline, When: when(fsm.Not(moveForward), fsm.Is(moveKillable), fsm.Is(moveTakesBack)), Rearm: true, Do: do(MoveKillNew),
			Doc: "its end is the proof that allows the shard to go back",
		},
		{
			From: in(MoveResuming), On: MoveDeadline, When: when(fsm.Not(moveForward), fsm.Is(moveKillable), fsm.Not(moveTakesBack)),
			To: MoveDoubtful, Do: do(MoveUnroute, MoveDoubtNew),
			Doc: "nobody else may start it, and a proof would help nobody",
		},
		{
			From: in(MoveResuming), On: MoveDeadline, When: when(fsm.Not(moveForward), fsm.Not(moveKillable)), To: MoveDoubtful, Do: do(MoveUnroute, MoveDoubtNew),
			Doc: "nobody else may start it",
		},
		{From: in(MoveResuming), On: MoveEnded, To: MoveDoubtful, Do: do(MoveUnroute, MoveDoubtNew), Doc: "nobody else may start it"},

		// On the new owner.
		{From: in(MoveOnNew), On: MoveTargetGone, When: when(fsm.Is(moveTakesBack)), To: MoveReturning, Do: do(MoveGiveBack), Doc: "the old owner has kept session and state"},
		{From: in(MoveOnNew), On: MoveTargetGone, When: when(fsm.Not(moveTakesBack)), To: MoveLost, Do: do(MoveOwnNobody), Doc: "both are dead"},

		// The way back.
		{From: in(MoveReturning), On: MoveReturned, To: MoveOnOld, Do: do(MoveOwnOld), Doc: "the gateway has confirmed it"},
		{From: in(MoveReturning), On: MoveNotReturned, When: when(fsm.Not(moveFresh)), Rearm: true, Do: do(MoveReport, MoveGiveFresh), Doc: "a new session is better than none"},
		{From: in(MoveReturning), On: MoveNotReturned, When: when(fsm.Is(moveFresh)), To: MoveLost, Do: do(MoveReport, MoveOwnNobody), Doc: "not even that works here"},
		{From: in(MoveReturning), On: MoveSourceLinked, Do: do(MoveAskReturn), Doc: "the request, or its answer, may have been lost with the link"},
		{
			From: in(MoveReturning), On: MoveSourceGone, When: when(fsm.Not(moveTargetGone), fsm.Is(moveTargetLinked)), To: MoveResuming, Do: do(MoveStartFresh),
			Doc: "nobody has it, and the new owner lives",
		},
		{
			From: in(MoveReturning), On: MoveSourceGone, When: when(fsm.Not(moveTargetGone), fsm.Not(moveTargetLinked)), To: MoveHandingOver, Do: do(MoveDropSession),
			Doc: "nobody has it, and the new owner may be back in a moment",
		},
		{From: in(MoveReturning), On: MoveSourceGone, When: when(fsm.Is(moveTargetGone)), To: MoveLost, Do: do(MoveOwnNobody), Doc: "both are dead"},
		{From: in(MoveReturning), On: MoveDeadline, To: MoveDoubtful, Do: do(MoveReport, MoveDoubtOld), Doc: "nobody else may start it"},
		{From: in(MoveReturning), On: MoveEnded, To: MoveDoubtful, Do: do(MoveDoubtOld), Doc: "nobody else may start it"},
		{From: in(MoveStopping, MoveResuming, MoveReturning), On: MoveUnclear, Do: do(MoveReport), Doc: "the upgrade fails; the answer may still come"},

		// The end.
		{From: in(MoveOnOld), On: MoveEnded, When: when(fsm.Not(moveSourceGone)), To: MoveKept, Doc: "the old owner serves on"},
		{From: in(MoveOnOld), On: MoveEnded, When: when(fsm.Is(moveSourceGone)), To: MoveLost, Do: do(MoveOwnNobody), Doc: "nobody has it"},
		{From: in(MoveOnNew), On: MoveEnded, To: MoveMoved, Doc: "the new owner serves on"},
	}
}

func moveIgnored() []fsm.Exempt[MoveState, MoveEvent] {
	type exempt = fsm.Exempt[MoveState, MoveEvent]
	in := func(states ...MoveState) []MoveState { return states }
	on := func(events ...MoveEvent) []MoveEvent { return events }
	return []exempt{
		{In: in(MoveOnOld), On: on(MoveSourceGone, MoveTargetGone), Because: "the upgrade decides when its turn comes"},
		{In: in(fsm.Any), On: on(MoveSourceLinked, MoveTargetLinked), Because: "nothing was asked of it"},
		{In: in(fsm.Any), On: on(MoveHalted), Because: "it is at rest, or what was asked for has to be answered first"},
		{In: in(fsm.Any), On: on(MoveCopied, MoveArmed), Because: "the stop did not wait for it"},
		{In: in(MoveStopping), On: on(MoveTargetGone), Because: "the answer to the stop decides"},
		{In: in(MoveHandingOver, MoveResuming, MoveOnNew), On: on(MoveSourceGone), Because: "it has let go already"},
		{In: in(MoveReturning), On: on(MoveTargetGone), Because: "it does not go there"},
		{In: in(MoveOnNew), On: on(MoveResumed), Because: "the request was repeated, or a full start has followed, and so the answer comes again"},
		{In: in(MoveOnOld), On: on(MoveReturned), Because: "the request was repeated, and so is its answer"},
		{In: in(MoveKept, MoveMoved, MoveLost, MoveDoubtful), On: on(fsm.Any), Because: "the upgrade is over for this shard"},
	}
}

func moveRefused() []fsm.Exempt[MoveState, MoveEvent] {
	type exempt = fsm.Exempt[MoveState, MoveEvent]
	in := func(states ...MoveState) []MoveState { return states }
	on := func(events ...MoveEvent) []MoveEvent { return events }
	return []exempt{
		{In: in(fsm.Any), On: on(MoveTurn), Because: "its turn has come already"},
		{In: in(fsm.Any), On: on(MoveStopped, MoveStopRefused, MoveStopBroken), Because: "nobody was asked to stop it, or the answer has come already"},
		{In: in(fsm.Any), On: on(MoveResumed, MoveNotResumed), Because: "the new owner was not asked to start it, or the answer has come already"},
		{In: in(fsm.Any), On: on(MoveReturned, MoveNotReturned), Because: "the old owner was not asked to start it, or the answer has come already"},
		{In: in(fsm.Any), On: on(MoveUnclear), Because: "nothing was asked of it"},
		{In: in(MoveOnOld, MoveOnNew), On: on(MoveDeadline), Because: "the state has no deadline"},
	}
}
