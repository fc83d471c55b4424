package lifecycle

import (
	"slices"

	"github.com/shardbaton/baton/fsm"
)

type moveRow = fsm.Row[MoveState, MoveEvent]

// moveRowTo is the row once for each direction: it ends in forward when the shard
// moves to the new owner, and in back when it moves to the old one.
func moveRowTo(forward, back MoveState, r moveRow) []moveRow {
	there, home := r, r
	there.When = append(slices.Clone(r.When), fsm.Not(moveBack))
	home.When = append(slices.Clone(r.When), fsm.Is(moveBack))
	there.To, home.To = forward, back
	return []moveRow{there, home}
}

// stays is the row for a shard that is left where the giver has it.
func stays(r moveRow) []moveRow { return moveRowTo(MoveOnOld, MoveOnNew, r) }

func moveRows() []moveRow {
	return slices.Concat(moveTurnRows(), moveStopRows(), moveResumeRows(), moveReturnRows())
}

// moveTurnRows take a shard from where it rests to where it is asked for.
func moveTurnRows() []moveRow {
	in := func(states ...MoveState) []MoveState { return states }
	when := func(terms ...fsm.Term) []fsm.Term { return terms }
	do := func(effects ...string) []string { return effects }
	return slices.Concat(
		[]moveRow{
			{
				From: in(MoveOnOld, MoveOnNew), On: MoveTurn, When: when(fsm.Not(moveGiverGone), fsm.Is(moveCopies)),
				To: MoveCopying, Do: do(MoveRoute, MoveAskCopy),
				Doc: "what is sent ahead is not sent in the dark",
			},
			{
				From: in(MoveOnOld, MoveOnNew), On: MoveTurn, When: when(fsm.Not(moveGiverGone), fsm.Not(moveCopies), fsm.Is(moveArms)),
				To: MoveArming, Do: do(MoveRoute, MoveAskArm),
				Doc: "what is dialled ahead is not dialled in the dark",
			},
			{
				From: in(MoveOnOld, MoveOnNew), On: MoveTurn, When: when(fsm.Not(moveGiverGone), fsm.Not(moveCopies), fsm.Not(moveArms)),
				To: MoveStopping, Do: do(MoveRoute, MoveAskStop),
				Doc: "neither side can do anything ahead",
			},
			{
				From: in(MoveOnOld, MoveOnNew), On: MoveTurn, When: when(fsm.Is(moveGiverGone), fsm.Not(moveTakerGone), fsm.Is(moveTakerLinked)),
				To: MoveResuming, Do: do(MoveRescue),
				Doc: "nobody has it, so the taker may start it",
			},
			{
				From: in(MoveOnOld, MoveOnNew), On: MoveTurn, When: when(fsm.Is(moveGiverGone), fsm.Not(moveTakerGone), fsm.Not(moveTakerLinked)),
				To: MoveHandingOver, Do: do(MoveAwaitRescue),
				Doc: "nobody has it, so the taker may start it when it is back",
			},
			{
				From: in(MoveOnOld, MoveOnNew), On: MoveTurn, When: when(fsm.Is(moveGiverGone), fsm.Is(moveTakerGone)),
				To: MoveLost, Do: do(MoveOwnNobody),
				Doc: "both are dead",
			},
			{From: in(MoveOnOld, MoveOnNew), On: MoveDropped, To: MoveReturning, Do: do(MoveKeep, MoveGiveBack), Doc: "whoever had it keeps session and state"},

			// Ahead of the stop.
			{
				From: in(MoveCopying), On: MoveCopied, When: when(fsm.Is(moveArms)), To: MoveArming, Do: do(MoveAskArm),
				Doc: "the taker dials last, because a gateway does not wait long for whoever has dialled",
			},
			{From: in(MoveCopying), On: MoveCopied, When: when(fsm.Not(moveArms)), To: MoveStopping, Do: do(MoveAskStop), Doc: "nothing is left to do ahead"},
			{From: in(MoveArming), On: MoveArmed, To: MoveStopping, Do: do(MoveAskStop), Doc: "nothing is left to do ahead"},
			{From: in(MoveCopying, MoveArming), On: MoveDeadline, To: MoveStopping, Do: do(MoveAskStop), Doc: "it would have been a favour, not a need"},
			{From: in(MoveCopying), On: MoveGiverLinked, Do: do(MoveAskCopy), Doc: "the request, or its answer, may have been lost with the link"},
			{From: in(MoveArming), On: MoveTakerLinked, Do: do(MoveAskArm), Doc: "the request, or its answer, may have been lost with the link"},
		},
		stays(moveRow{From: in(MoveCopying, MoveArming), On: MoveHalted, Do: do(MoveUnroute), Doc: "it still runs there: nothing has to be undone"}),
		stays(moveRow{From: in(MoveCopying, MoveArming), On: MoveGiverCut, Do: do(MoveUnroute), Doc: "it still runs there; what was sent ahead is sent anew when its turn comes again"}),
		stays(moveRow{From: in(MoveCopying, MoveArming), On: MoveTakerCut, Do: do(MoveUnroute), Doc: "it still runs there; what was sent ahead is sent anew when its turn comes again"}),
		stays(moveRow{From: in(MoveCopying, MoveArming), On: MoveGiverGone, Do: do(MoveUnroute), Doc: "it is nowhere now; its turn comes again"}),
		stays(moveRow{From: in(MoveCopying, MoveArming), On: MoveTakerGone, Do: do(MoveUnroute), Doc: "it still runs there: nothing has to be undone"}),
		moveRowTo(MoveKept, MoveMoved, moveRow{From: in(MoveCopying, MoveArming), On: MoveEnded, Do: do(MoveUnroute), Doc: "it still runs there"}),
		[]moveRow{
			{From: in(MoveOnOld), On: MoveEnded, When: when(fsm.Not(moveGiverGone)), To: MoveKept, Doc: "the old owner serves on"},
			{From: in(MoveOnNew), On: MoveEnded, When: when(fsm.Not(moveGiverGone)), To: MoveMoved, Doc: "the new owner serves on"},
			{From: in(MoveOnOld, MoveOnNew), On: MoveEnded, When: when(fsm.Is(moveGiverGone)), To: MoveLost, Do: do(MoveOwnNobody), Doc: "nobody has it"},
		},
	)
}

// moveStopRows take a shard away from the giver.
func moveStopRows() []moveRow {
	in := func(states ...MoveState) []MoveState { return states }
	when := func(terms ...fsm.Term) []fsm.Term { return terms }
	do := func(effects ...string) []string { return effects }
	return slices.Concat(
		[]moveRow{
			{
				From: in(MoveStopping), On: MoveStopped, When: when(fsm.Is(moveTakerGone)), To: MoveReturning, Do: do(MoveUnroute, MoveKeep, MoveGiveBack),
				Doc: "nobody is there to take it",
			},
			{
				From: in(MoveStopping), On: MoveStopped, When: when(fsm.Not(moveTakerGone), fsm.Not(moveWhole)), To: MoveReturning, Do: do(MoveUnroute, MoveKeep, MoveGiveBack),
				Doc: "never resume on a part of the state; its turn comes again",
			},
			{
				From: in(MoveStopping), On: MoveStopped, When: when(fsm.Not(moveTakerGone), fsm.Is(moveWhole), fsm.Not(moveWanted)),
				To: MoveReturning, Do: do(MoveUnroute, MoveKeep, MoveGiveBack),
				Doc: "the upgrade has turned: the giver is the one that is to have it",
			},
			{
				From: in(MoveStopping), On: MoveStopped, When: when(fsm.Not(moveTakerGone), fsm.Is(moveWhole), fsm.Is(moveWanted), fsm.Is(moveTakerLinked)),
				To: MoveResuming, Do: do(MoveKeep, MoveAskResume),
				Doc: "this is the hand-over",
			},
			{
				From: in(MoveStopping), On: MoveStopped, When: when(fsm.Not(moveTakerGone), fsm.Is(moveWhole), fsm.Is(moveWanted), fsm.Not(moveTakerLinked)),
				To: MoveHandingOver, Do: do(MoveKeep),
				Doc: "the taker may be back in a moment",
			},
			{
				From: in(MoveStopping), On: MoveStopBroken, To: MoveReturning, Do: do(MoveUnroute, MoveKeep, MoveReport, MoveGiveBack),
				Doc: "only the giver has the state",
			},
			{From: in(MoveStopping), On: MoveGiverLinked, Do: do(MoveAskStop), Doc: "the request, or its answer, may have been lost with the link"},
			{From: in(MoveStopping), On: MoveTakerCut, Do: do(MoveSpoil), Doc: "what was on its way is lost: the answer to the stop will find the state incomplete"},
			{
				From: in(MoveStopping), On: MoveDeadline, When: when(fsm.Not(moveBack), fsm.Is(moveWanted)), Rearm: true, Do: do(MoveReport),
				Doc: "the upgrade fails; the answer may still come",
			},
			{
				From: in(MoveStopping), On: MoveDeadline, When: when(fsm.Not(moveBack), fsm.Not(moveWanted)), To: MoveDoubtful, Do: do(MoveUnroute, MoveDoubtGiver),
				Doc: "nobody else may start it",
			},
			{
				From: in(MoveStopping), On: MoveDeadline, When: when(fsm.Is(moveBack), fsm.Is(moveKillable)), Rearm: true, Do: do(MoveReport, MoveKillNew),
				Doc: "the new owner does not let go: its end is the proof that allows the shard to go back",
			},
			{
				From: in(MoveStopping), On: MoveDeadline, When: when(fsm.Is(moveBack), fsm.Not(moveKillable)), To: MoveDoubtful, Do: do(MoveUnroute, MoveReport, MoveDoubtGiver),
				Doc: "nobody else may start it",
			},
			{From: in(MoveStopping), On: MoveEnded, To: MoveDoubtful, Do: do(MoveUnroute, MoveDoubtGiver), Doc: "nobody else may start it"},
		},
		stays(moveRow{From: in(MoveStopping), On: MoveStopRefused, Do: do(MoveUnroute, MoveReport), Doc: "nothing has changed"}),
		stays(moveRow{From: in(MoveStopping), On: MoveGiverGone, Do: do(MoveUnroute), Doc: "it is nowhere now, and its turn comes again"}),
	)
}

// moveResumeRows bring a shard to the taker.
func moveResumeRows() []moveRow {
	in := func(states ...MoveState) []MoveState { return states }
	when := func(terms ...fsm.Term) []fsm.Term { return terms }
	do := func(effects ...string) []string { return effects }
	return slices.Concat(
		[]moveRow{
			// Between the two.
			{From: in(MoveHandingOver), On: MoveTakerLinked, To: MoveResuming, Do: do(MoveAskResume), Doc: "the taker is back"},
			{
				From: in(MoveHandingOver), On: MoveTakerGone, When: when(fsm.Is(moveTakesBack)), To: MoveReturning, Do: do(MoveUnroute, MoveGiveBack),
				Doc: "the taker was never told to start it",
			},
			{From: in(MoveHandingOver), On: MoveTakerGone, When: when(fsm.Not(moveTakesBack)), To: MoveLost, Do: do(MoveUnroute, MoveOwnNobody), Doc: "both are dead"},
			{
				From: in(MoveHandingOver), On: MoveHalted, When: when(fsm.Is(moveTakesBack)), To: MoveReturning, Do: do(MoveUnroute, MoveGiveBack),
				Doc: "the taker was never told to start it",
			},
			{From: in(MoveHandingOver), On: MoveHalted, When: when(fsm.Not(moveTakesBack)), Doc: "only the taker can have it"},
			{
				From: in(MoveHandingOver), On: MoveTakerCut, When: when(fsm.Is(moveTakesBack)), To: MoveReturning, Do: do(MoveUnroute, MoveGiveBack),
				Doc: "the state is lost, and the giver has it; its turn comes again",
			},
			{From: in(MoveHandingOver), On: MoveTakerCut, When: when(fsm.Not(moveTakesBack)), Doc: "only the taker can have it; it finds out what it lacks"},
			{
				From: in(MoveHandingOver), On: MoveDeadline, When: when(fsm.Is(moveTakesBack)), To: MoveReturning, Do: do(MoveUnroute, MoveReport, MoveGiveBack),
				Doc: "the taker stays away and was never told to start it",
			},
			{
				From: in(MoveHandingOver), On: MoveDeadline, When: when(fsm.Not(moveTakesBack)), To: MoveLost, Do: do(MoveUnroute, MoveReport, MoveOwnNobody),
				Doc: "the taker stays away and was never told to start it: another may",
			},
			{From: in(MoveHandingOver), On: MoveEnded, To: MoveLost, Do: do(MoveUnroute, MoveOwnNobody), Doc: "the taker was never told to start it: another may"},

			// The resume.
			{
				From: in(MoveResuming), On: MoveNotResumed, When: when(fsm.Is(moveTakesBack)), To: MoveReturning, Do: do(MoveUnroute, MoveReport, MoveGiveBack),
				Doc: "the giver has kept session and state",
			},
			{
				From: in(MoveResuming), On: MoveNotResumed, When: when(fsm.Not(moveTakesBack), fsm.Not(moveFresh)), Rearm: true, Do: do(MoveUnroute, MoveReport, MoveStartFresh),
				Doc: "nobody can take it back: a new session is better than none",
			},
			{
				From: in(MoveResuming), On: MoveNotResumed, When: when(fsm.Not(moveTakesBack), fsm.Is(moveFresh)), To: MoveLost, Do: do(MoveUnroute, MoveReport, MoveOwnNobody),
				Doc: "not even that works here",
			},
			{From: in(MoveResuming), On: MoveTakerLinked, Do: do(MoveAskResume), Doc: "the request, or its answer, may have been lost with the link"},
			{
				From: in(MoveResuming), On: MoveTakerGone, When: when(fsm.Is(moveTakesBack)), To: MoveReturning, Do: do(MoveUnroute, MoveGiveBack),
				Doc: "the giver has kept session and state",
			},
			{From: in(MoveResuming), On: MoveTakerGone, When: when(fsm.Not(moveTakesBack)), To: MoveLost, Do: do(MoveUnroute, MoveOwnNobody), Doc: "both are dead"},
			{
				From: in(MoveResuming), On: MoveDeadline, When: when(fsm.Not(moveBack), fsm.Is(moveWanted)), Rearm: true, Do: do(MoveReport),
				Doc: "the upgrade fails; the answer may still come",
			},
			{
				From: in(MoveResuming), On: MoveDeadline, When: when(fsm.Not(moveBack), fsm.Not(moveWanted), fsm.Is(moveKillable), fsm.Is(moveTakesBack)), Rearm: true, Do: do(MoveKillNew),
				Doc: "its end is the proof that allows the shard to go back",
			},
			{
				From: in(MoveResuming), On: MoveDeadline, When: when(fsm.Not(moveBack), fsm.Not(moveWanted), fsm.Is(moveKillable), fsm.Not(moveTakesBack)),
				To: MoveDoubtful, Do: do(MoveUnroute, MoveDoubtTaker),
				Doc: "nobody else may start it, and a proof would help nobody",
			},
			{
				From: in(MoveResuming), On: MoveDeadline, When: when(fsm.Not(moveBack), fsm.Not(moveWanted), fsm.Not(moveKillable)), To: MoveDoubtful, Do: do(MoveUnroute, MoveDoubtTaker),
				Doc: "nobody else may start it",
			},
			{
				From: in(MoveResuming), On: MoveDeadline, When: when(fsm.Is(moveBack)), To: MoveDoubtful, Do: do(MoveUnroute, MoveReport, MoveDoubtTaker),
				Doc: "the old owner may run it or not, and serves others: nobody else may start it",
			},
			{From: in(MoveResuming), On: MoveEnded, To: MoveDoubtful, Do: do(MoveUnroute, MoveDoubtTaker), Doc: "nobody else may start it"},
		},
		moveRowTo(MoveOnNew, MoveOnOld, moveRow{From: in(MoveResuming), On: MoveResumed, Do: do(MoveOwnTaker, MoveUnroute), Doc: "the gateway has confirmed it"}),
	)
}

// moveReturnRows give a shard back to the giver.
func moveReturnRows() []moveRow {
	in := func(states ...MoveState) []MoveState { return states }
	when := func(terms ...fsm.Term) []fsm.Term { return terms }
	do := func(effects ...string) []string { return effects }
	return slices.Concat(
		stays(moveRow{From: in(MoveReturning), On: MoveReturned, Do: do(MoveOwnGiver), Doc: "the gateway has confirmed it"}),
		[]moveRow{
			{From: in(MoveReturning), On: MoveNotReturned, When: when(fsm.Not(moveFresh)), Rearm: true, Do: do(MoveReport, MoveGiveFresh), Doc: "a new session is better than none"},
			{From: in(MoveReturning), On: MoveNotReturned, When: when(fsm.Is(moveFresh)), To: MoveLost, Do: do(MoveReport, MoveOwnNobody), Doc: "not even that works here"},
			{From: in(MoveReturning), On: MoveGiverLinked, Do: do(MoveAskReturn), Doc: "the request, or its answer, may have been lost with the link"},
			{
				From: in(MoveReturning), On: MoveGiverGone, When: when(fsm.Not(moveTakerGone), fsm.Is(moveTakerLinked)), To: MoveResuming, Do: do(MoveRescue),
				Doc: "nobody has it, and the taker lives",
			},
			{
				From: in(MoveReturning), On: MoveGiverGone, When: when(fsm.Not(moveTakerGone), fsm.Not(moveTakerLinked)), To: MoveHandingOver, Do: do(MoveAwaitRescue),
				Doc: "nobody has it, and the taker may be back in a moment",
			},
			{From: in(MoveReturning), On: MoveGiverGone, When: when(fsm.Is(moveTakerGone)), To: MoveLost, Do: do(MoveOwnNobody), Doc: "both are dead"},
			{
				From: in(MoveReturning), On: MoveDeadline, When: when(fsm.Is(moveBack), fsm.Is(moveKillable)), Rearm: true, Do: do(MoveReport, MoveKillNew),
				Doc: "the new owner hangs: its end is the proof that allows the old one to start it",
			},
			{From: in(MoveReturning), On: MoveDeadline, When: when(fsm.Is(moveBack), fsm.Not(moveKillable)), To: MoveDoubtful, Do: do(MoveReport, MoveDoubtGiver), Doc: "nobody else may start it"},
			{From: in(MoveReturning), On: MoveDeadline, When: when(fsm.Not(moveBack)), To: MoveDoubtful, Do: do(MoveReport, MoveDoubtGiver), Doc: "nobody else may start it"},
			{From: in(MoveReturning), On: MoveEnded, To: MoveDoubtful, Do: do(MoveDoubtGiver), Doc: "nobody else may start it"},
			{From: in(MoveStopping, MoveResuming, MoveReturning), On: MoveUnclear, Do: do(MoveReport), Doc: "the upgrade fails; the answer may still come"},
		},
	)
}

func moveIgnored() []fsm.Exempt[MoveState, MoveEvent] {
	type exempt = fsm.Exempt[MoveState, MoveEvent]
	in := func(states ...MoveState) []MoveState { return states }
	on := func(events ...MoveEvent) []MoveEvent { return events }
	return []exempt{
		{In: in(MoveOnOld, MoveOnNew), On: on(MoveGiverGone, MoveTakerGone), Because: "the upgrade decides when its turn comes"},
		{In: in(fsm.Any), On: on(MoveGiverLinked, MoveTakerLinked), Because: "nothing was asked of it"},
		{In: in(fsm.Any), On: on(MoveDropped), Because: "it is on its way, and whoever was asked says what became of it"},
		{In: in(fsm.Any), On: on(MoveHalted), Because: "it is at rest, or what was asked for has to be answered first"},
		{In: in(fsm.Any), On: on(MoveCopied, MoveArmed), Because: "the stop did not wait for it"},
		{In: in(fsm.Any), On: on(MoveGiverCut, MoveTakerCut), Because: "no state is on its way, or whoever takes it finds out what it lacks"},
		{In: in(MoveStopping), On: on(MoveTakerGone), Because: "the answer to the stop decides"},
		{In: in(MoveHandingOver, MoveResuming), On: on(MoveGiverGone), Because: "it has let go already"},
		{In: in(MoveReturning), On: on(MoveTakerGone), Because: "it does not go there"},
		{In: in(MoveOnNew), On: on(MoveResumed, MoveReturned), Because: "the request was repeated, or a full start has followed, and so the answer comes again"},
		{In: in(MoveOnOld), On: on(MoveReturned, MoveResumed), Because: "the request was repeated, or a full start has followed, and so the answer comes again"},
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
		{In: in(fsm.Any), On: on(MoveResumed, MoveNotResumed), Because: "the taker was not asked to start it, or the answer has come already"},
		{In: in(fsm.Any), On: on(MoveReturned, MoveNotReturned), Because: "the giver was not asked to start it, or the answer has come already"},
		{In: in(fsm.Any), On: on(MoveUnclear), Because: "nothing was asked of it"},
		{In: in(MoveOnOld, MoveOnNew), On: on(MoveDeadline), Because: "the state has no deadline"},
	}
}
