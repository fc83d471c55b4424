package lifecycle

import "github.com/shardbaton/baton/fsm"

// MoveState is a state of the move of a shard.
type MoveState string

// The states of [Move].
const (
	MoveOnOld       MoveState = "on old"
	MoveCopying     MoveState = "copying"
	MoveArming      MoveState = "arming"
	MoveStopping    MoveState = "stopping"
	MoveHandingOver MoveState = "handing over"
	MoveResuming    MoveState = "resuming"
	MoveOnNew       MoveState = "on new"
	MoveReturning   MoveState = "returning"
	MoveKept        MoveState = "kept"
	MoveMoved       MoveState = "moved"
	MoveLost        MoveState = "lost"
	MoveDoubtful    MoveState = "doubtful"
)

// InFlight reports whether a shard in this state is on its way.
func (s MoveState) InFlight() bool {
	switch s {
	case MoveCopying, MoveArming, MoveStopping, MoveHandingOver, MoveResuming, MoveReturning:
		return true
	default:
		return false
	}
}

// MoveEvent is an event of the move of a shard.
type MoveEvent string

// The events of [Move].
const (
	MoveTurn        MoveEvent = "turn"
	MoveCopied      MoveEvent = "copied"
	MoveArmed       MoveEvent = "armed"
	MoveStopped     MoveEvent = "stopped"
	MoveStopRefused MoveEvent = "not stopped"
	MoveStopBroken  MoveEvent = "stopped without state"
	MoveResumed     MoveEvent = "resumed"
	MoveNotResumed  MoveEvent = "not resumed"
	MoveReturned    MoveEvent = "returned"
	MoveNotReturned MoveEvent = "not returned"
	MoveUnclear     MoveEvent = "unclear"
	MoveDropped     MoveEvent = "dropped"
	MoveHalted      MoveEvent = "halted"
	MoveEnded       MoveEvent = "upgrade ended"
	MoveGiverLinked MoveEvent = "giver linked"
	MoveTakerLinked MoveEvent = "taker linked"
	MoveGiverGone   MoveEvent = "giver dead"
	MoveTakerGone   MoveEvent = "taker dead"
	MoveGiverCut    MoveEvent = "giver's state link lost"
	MoveTakerCut    MoveEvent = "taker's state link lost"
	MoveDeadline    MoveEvent = "deadline"
)

// MoveView is what the guards of [Move] read. The giver has the shard, the taker is
// to get it: on the way to the new slaves they are the old owner and the new one, on
// the way back it is the other way round.
type MoveView interface {
	// HeadingBack reports whether the shard is on its way to the old owner, or would be
	// if it left where it is.
	HeadingBack() bool
	// GiverGone reports whether nobody has the shard: the giver is known to be dead, or
	// there was none.
	GiverGone() bool
	// TakerGone reports whether the taker is known to be dead.
	TakerGone() bool
	// TakerLinked reports whether the taker can be given requests.
	TakerLinked() bool
	// CopyOffered reports whether the giver can send state while the shard runs.
	CopyOffered() bool
	// ArmOffered reports whether the taker has something to do ahead: to dial, or to
	// apply state that was sent ahead.
	ArmOffered() bool
	// StateWhole reports whether all state that the master was given for the shard can
	// have been passed on. Whether it was, the taker of dialect 2 checks.
	StateWhole() bool
	// Wanted reports whether the upgrade still goes in the direction of the move.
	Wanted() bool
	// TakesBack reports whether the giver lives and was not told to shut down.
	TakesBack() bool
	// Fresh reports whether the last start was already one without a session.
	Fresh() bool
	// NewKillable reports whether the master can kill the new owner and has not.
	NewKillable() bool
}

// The effects of [Move].
const (
	MoveRoute       = "route state"
	MoveUnroute     = "unroute state"
	MoveAskCopy     = "ask to copy"
	MoveAskArm      = "ask to arm"
	MoveAskStop     = "ask to stop"
	MoveSpoil       = "spoil the state"
	MoveKeep        = "keep the session"
	MoveAskResume   = "ask to resume"
	MoveRescue      = "start what nobody has"
	MoveAwaitRescue = "prepare to start what nobody has"
	MoveStartFresh  = "start afresh"
	MoveGiveBack    = "give back"
	MoveGiveFresh   = "give back afresh"
	MoveAskReturn   = "ask to return again"
	MoveOwnTaker    = "owned by the taker"
	MoveOwnGiver    = "owned by the giver"
	MoveOwnNobody   = "owned by nobody"
	MoveDoubtGiver  = "giver in doubt"
	MoveDoubtTaker  = "taker in doubt"
	MoveReport      = "report failure"
	MoveKillNew     = "kill new"
)

const (
	moveBack        = "heading back"
	moveGiverGone   = "giver dead"
	moveTakerGone   = "taker dead"
	moveTakerLinked = "taker linked"
	moveCopies      = "copy offered"
	moveArms        = "arm offered"
	moveWhole       = "state whole"
	moveWanted      = "wanted"
	moveTakesBack   = "giver takes back"
	moveFresh       = "fresh"
	moveKillable    = "new killable"
)

// Move is the life of one shard's move inside an upgrade that keeps the number of
// shards. While it lasts, the shard is on exactly one of: its old owner, the way,
// its new owner, nowhere; and it is started somewhere only after the one before
// has said that it has stopped, or is known to be dead. The same rows take it there
// and back: who gives and who takes is what differs.
func Move() fsm.Table[MoveState, MoveEvent, MoveView] {
	return fsm.Table[MoveState, MoveEvent, MoveView]{
		Name:    "move",
		Doc:     "The hand-over of one shard inside an upgrade, and the way back.",
		Initial: MoveOnOld,
		States:  moveStates(),
		Events:  moveEvents(),
		Guards: []fsm.Guard[MoveView]{
			{Name: moveBack, Doc: "the new owner gives and the old one takes", Test: MoveView.HeadingBack},
			{Name: moveGiverGone, Doc: "nobody has the shard: the giver is dead, or there was none", Test: MoveView.GiverGone},
			{Name: moveTakerGone, Doc: "the taker is dead", Test: MoveView.TakerGone},
			{Name: moveTakerLinked, Doc: "the taker can be given requests", Test: MoveView.TakerLinked},
			{Name: moveCopies, Doc: "the giver can send state while the shard runs", Test: MoveView.CopyOffered},
			{Name: moveArms, Doc: "the taker can dial ahead, or has state to apply that was sent ahead", Test: MoveView.ArmOffered},
			{Name: moveWhole, Doc: "all state that the master was given can have been passed on", Test: MoveView.StateWhole},
			{Name: moveWanted, Doc: "the upgrade still goes in this direction", Test: MoveView.Wanted},
			{Name: moveTakesBack, Doc: "the giver lives and was not told to shut down", Test: MoveView.TakesBack},
			{Name: moveFresh, Doc: "the last start was already one without a session", Test: MoveView.Fresh},
			{Name: moveKillable, Doc: "the master can kill the new owner and has not done so yet", Test: MoveView.NewKillable},
		},
		Effects: []fsm.Effect{
			{Name: MoveRoute, Doc: "in a new epoch, send the state records to the taker"},
			{Name: MoveUnroute, Doc: "no more state records are expected"},
			{Name: MoveAskCopy, Doc: "ask the giver to send state while the shard runs"},
			{Name: MoveAskArm, Doc: "ask the taker to apply what was sent ahead, and to dial ahead if it can"},
			{Name: MoveAskStop, Doc: "ask the giver for the shard"},
			{Name: MoveSpoil, Doc: "some of the state cannot arrive any more"},
			{Name: MoveKeep, Doc: "remember the session, and count and digest of the state"},
			{Name: MoveAskResume, Doc: "hand the session to the taker"},
			{Name: MoveRescue, Doc: "in a new epoch, have the taker start the shard, with a session if it may resume it"},
			{Name: MoveAwaitRescue, Doc: "in a new epoch, the taker is to start the shard, with a session if it may resume it"},
			{Name: MoveStartFresh, Doc: "in a new epoch, have the taker start the shard without a session"},
			{Name: MoveGiveBack, Doc: "in a new epoch, hand the session back to the giver, which has the state"},
			{Name: MoveGiveFresh, Doc: "in a new epoch, have the giver start the shard without a session"},
			{Name: MoveAskReturn, Doc: "repeat the last request to the giver"},
			{Name: MoveOwnTaker, Doc: "the shard is the taker's"},
			{Name: MoveOwnGiver, Doc: "the shard is the giver's"},
			{Name: MoveOwnNobody, Doc: "the shard is nobody's"},
			{Name: MoveDoubtGiver, Doc: "the shard stays the giver's, which may run it or not"},
			{Name: MoveDoubtTaker, Doc: "the shard becomes the taker's, which may run it or not"},
			{Name: MoveReport, Doc: "tell the upgrade what failed"},
			{Name: MoveKillNew, Doc: "kill the new owner, to have proof"},
		},
		Rows:    moveRows(),
		Ignored: moveIgnored(),
		Refused: moveRefused(),
	}
}

func moveStates() []fsm.State[MoveState, MoveEvent] {
	return []fsm.State[MoveState, MoveEvent]{
		{Name: MoveOnOld, Rest: true, Doc: "With its old owner; or nowhere, when that is dead. Left when its turn comes to move to the new one."},
		{Name: MoveCopying, Deadline: CopyDeadline, OnDeadline: MoveDeadline, Doc: "Runs on the giver, which sends state ahead. Left when that is sent."},
		{Name: MoveArming, Deadline: ArmDeadline, OnDeadline: MoveDeadline, Doc: "Runs on the giver, while the taker applies what was sent ahead and dials ahead. Left when nothing but the rest is left for the dark."},
		{Name: MoveStopping, Deadline: StopDeadline, OnDeadline: MoveDeadline, Doc: "The giver was asked for it. Left when that says what became of the shard."},
		{Name: MoveHandingOver, Deadline: HandOverDeadline, OnDeadline: MoveDeadline, Doc: "Stopped, and the session is the master's, because the taker is not linked. Left when it is."},
		{Name: MoveResuming, Deadline: ResumeDeadline, OnDeadline: MoveDeadline, Doc: "The taker has the session. Left when the gateway has said RESUMED or READY to it, or it has failed."},
		{Name: MoveOnNew, Rest: true, Doc: "With its new owner, while the old one keeps the session it had; or nowhere, when the new one is dead. Left when its turn comes to move back, or at the end."},
		{Name: MoveReturning, Deadline: GiveBackDeadline, OnDeadline: MoveDeadline, Doc: "The giver was asked to take it back. Left when it runs there."},
		{Name: MoveKept, Final: true, Doc: "The upgrade is over and the old owner has the shard."},
		{Name: MoveMoved, Final: true, Doc: "The upgrade is over, or past the point of no return, and the new owner has the shard."},
		{Name: MoveLost, Final: true, Doc: "Nobody has the shard and nobody in the upgrade can take it. Whoever is launched next gets it."},
		{Name: MoveDoubtful, Final: true, Doc: "Somebody was asked for it and never answered, so nobody else may start it. Its owner's return, or proof of its death, decides."},
	}
}

func moveEvents() []fsm.Event[MoveEvent] {
	return []fsm.Event[MoveEvent]{
		{Name: MoveTurn, Doc: "The upgrade wants it elsewhere, and has room for another move."},
		{Name: MoveCopied, Doc: "The giver has sent its state ahead, or it could not: that does not matter."},
		{Name: MoveArmed, Doc: "The taker has applied what was sent ahead and has dialled ahead, or it could not: that does not matter."},
		{Name: MoveStopped, Doc: "The giver has let go of the shard, and sent its state before."},
		{Name: MoveStopRefused, Doc: "The giver could not let go: the shard runs there."},
		{Name: MoveStopBroken, Doc: "The giver has let go of the shard, but its state was not sent."},
		{Name: MoveResumed, Doc: "The shard runs on the taker."},
		{Name: MoveNotResumed, Doc: "The taker could not start the shard: it does not run there."},
		{Name: MoveReturned, Doc: "The shard runs on the giver again."},
		{Name: MoveNotReturned, Doc: "The giver could not start the shard: it does not run there."},
		{Name: MoveUnclear, Doc: "Whoever was asked cannot say whether the shard runs there."},
		{Name: MoveDropped, Doc: "Whoever has the shard has stopped it without being asked, because its lease was over."},
		{Name: MoveHalted, Doc: "The upgrade no longer goes in the direction in which it went."},
		{Name: MoveEnded, Doc: "The upgrade is over, or past the point of no return."},
		{Name: MoveGiverLinked, Doc: "The giver can be given requests again."},
		{Name: MoveTakerLinked, Doc: "The taker can be given requests again."},
		{Name: MoveGiverGone, Doc: "The giver is known to be dead."},
		{Name: MoveTakerGone, Doc: "The taker is known to be dead."},
		{Name: MoveGiverCut, Doc: "The giver's link for state broke: records on their way may be lost."},
		{Name: MoveTakerCut, Doc: "The taker's link for state broke: records on their way are lost."},
		{Name: MoveDeadline, Doc: "The deadline of the state has passed."},
	}
}
