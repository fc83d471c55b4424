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
	MoveTurn         MoveEvent = "turn"
	MoveCopied       MoveEvent = "copied"
	MoveArmed        MoveEvent = "armed"
	MoveStopped      MoveEvent = "stopped"
	MoveStopRefused  MoveEvent = "not stopped"
	MoveStopBroken   MoveEvent = "stopped without state"
	MoveResumed      MoveEvent = "resumed"
	MoveNotResumed   MoveEvent = "not resumed"
	MoveReturned     MoveEvent = "returned"
	MoveNotReturned  MoveEvent = "not returned"
	MoveUnclear      MoveEvent = "unclear"
	MoveHalted       MoveEvent = "halted"
	MoveEnded        MoveEvent = "upgrade ended"
	MoveSourceLinked MoveEvent = "source linked"
	MoveTargetLinked MoveEvent = "target linked"
	MoveSourceGone   MoveEvent = "source dead"
	MoveTargetGone   MoveEvent = "target dead"
	MoveDeadline     MoveEvent = "deadline"
)

// MoveView is what the guards of [Move] read.
type MoveView interface {
	// SourceGone reports whether nobody has the shard: its owner is known to be dead,
	// or it had none.
	SourceGone() bool
	// TargetGone reports whether the new owner is known to be dead.
	TargetGone() bool
	// TargetLinked reports whether the new owner can be given requests.
	TargetLinked() bool
	// CopyOffered reports whether the old owner can send state while the shard runs.
	CopyOffered() bool
	// ArmOffered reports whether the new owner has something to do ahead: to dial, or
	// to apply state that was sent ahead.
	ArmOffered() bool
	// StateWhole reports whether all state that the master was given for the shard
	// was passed on. In dialect 2 it is: there the new owner checks.
	StateWhole() bool
	// Forward reports whether the upgrade still goes forward.
	Forward() bool
	// TakesBack reports whether the old owner lives and was not told to shut down.
	TakesBack() bool
	// Fresh reports whether the last start was already one without a session.
	Fresh() bool
	// Killable reports whether the master launched the new owner and has not killed
	// it yet.
	Killable() bool
}

// The effects of [Move].
const (
	MoveRoute       = "route state"
	MoveUnroute     = "unroute state"
	MoveAskCopy     = "ask to copy"
	MoveAskArm      = "ask to arm"
	MoveAskStop     = "ask to stop"
	MoveKeep        = "keep the session"
	MoveAskResume   = "ask to resume"
	MoveStartFresh  = "start afresh on new"
	MoveGiveBack    = "give back"
	MoveGiveFresh   = "start afresh on old"
	MoveAskReturn   = "ask to return again"
	MoveDropSession = "drop the session"
	MoveOwnNew      = "owned by new"
	MoveOwnOld      = "owned by old"
	MoveOwnNobody   = "owned by nobody"
	MoveDoubtOld    = "old in doubt"
	MoveDoubtNew    = "new in doubt"
	MoveReport      = "report failure"
	MoveKillNew     = "kill new"
)

const (
	moveSourceGone   = "source dead"
	moveTargetGone   = "target dead"
	moveTargetLinked = "target linked"
	moveCopies       = "copy offered"
	moveArms         = "arm offered"
	moveWhole        = "state whole"
	moveForward      = "forward"
	moveTakesBack    = "source takes back"
	moveFresh        = "fresh"
	moveKillable     = "target killable"
)

// Move is the life of one shard's move inside an upgrade that keeps the number of
// shards. While it lasts, the shard is on exactly one of: its old owner, the way,
// its new owner, nowhere; and it is started somewhere only after the one before
// has said that it has stopped, or is known to be dead.
func Move() fsm.Table[MoveState, MoveEvent, MoveView] {
	return fsm.Table[MoveState, MoveEvent, MoveView]{
		Name:    "move",
		Doc:     "The hand-over of one shard inside an upgrade, and the way back.",
		Initial: MoveOnOld,
		States:  moveStates(),
		Events:  moveEvents(),
		Guards: []fsm.Guard[MoveView]{
			{Name: moveSourceGone, Doc: "nobody has the shard: its owner is dead, or it had none", Test: MoveView.SourceGone},
			{Name: moveTargetGone, Doc: "the new owner is dead", Test: MoveView.TargetGone},
			{Name: moveTargetLinked, Doc: "the new owner can be given requests", Test: MoveView.TargetLinked},
			{Name: moveCopies, Doc: "the old owner can send state while the shard runs", Test: MoveView.CopyOffered},
			{Name: moveArms, Doc: "the new owner can dial ahead, or has state to apply that was sent ahead", Test: MoveView.ArmOffered},
			{Name: moveWhole, Doc: "all state that the master was given was passed on", Test: MoveView.StateWhole},
			{Name: moveForward, Doc: "the upgrade still goes forward", Test: MoveView.Forward},
			{Name: moveTakesBack, Doc: "the old owner lives and was not told to shut down", Test: MoveView.TakesBack},
			{Name: moveFresh, Doc: "the last start was already one without a session", Test: MoveView.Fresh},
			{Name: moveKillable, Doc: "the master launched the new owner and has not killed it yet", Test: MoveView.Killable},
		},
		Effects: []fsm.Effect{
			{Name: MoveRoute, Doc: "send the state records of this epoch to the new owner"},
			{Name: MoveUnroute, Doc: "no more state records are expected"},
			{Name: MoveAskCopy, Doc: "ask the old owner to send state while the shard runs"},
			{Name: MoveAskArm, Doc: "ask the new owner to apply what was sent ahead, and to dial ahead if it can"},
			{Name: MoveAskStop, Doc: "ask the old owner for the shard"},
			{Name: MoveKeep, Doc: "remember the session, and count and digest of the state"},
			{Name: MoveAskResume, Doc: "hand the session to the new owner"},
			{Name: MoveStartFresh, Doc: "in a new epoch, have the new owner start the shard without a session"},
			{Name: MoveGiveBack, Doc: "in a new epoch, hand the session back to the old owner, which has the state"},
			{Name: MoveGiveFresh, Doc: "in a new epoch, have the old owner start the shard without a session"},
			{Name: MoveAskReturn, Doc: "repeat the last request to the old owner"},
			{Name: MoveDropSession, Doc: "in a new epoch, the shard is to be started without a session"},
			{Name: MoveOwnNew, Doc: "the shard is the new owner's"},
			{Name: MoveOwnOld, Doc: "the shard is the old owner's"},
			{Name: MoveOwnNobody, Doc: "the shard is nobody's"},
			{Name: MoveDoubtOld, Doc: "the shard stays the old owner's, which may run it or not"},
			{Name: MoveDoubtNew, Doc: "the shard becomes the new owner's, which may run it or not"},
			{Name: MoveReport, Doc: "let the upgrade fail for this reason"},
			{Name: MoveKillNew, Doc: "kill the new owner, to have proof"},
		},
		Rows:    moveRows(),
		Ignored: moveIgnored(),
		Refused: moveRefused(),
	}
}

func moveStates() []fsm.State[MoveState, MoveEvent] {
	return []fsm.State[MoveState, MoveEvent]{
		{Name: MoveOnOld, Rest: true, Doc: "Where it was: with its old owner; or nowhere, when that is dead. Left when its turn comes."},
		{Name: MoveCopying, Deadline: CopyDeadline, OnDeadline: MoveDeadline, Doc: "Runs on the old owner, which sends state ahead. Left when that is sent."},
		{Name: MoveArming, Deadline: ArmDeadline, OnDeadline: MoveDeadline, Doc: "Runs on the old owner, while the new one applies what was sent ahead and dials ahead. Left when nothing but the rest is left for the dark."},
		{Name: MoveStopping, Deadline: StopDeadline, OnDeadline: MoveDeadline, Doc: "The old owner was asked for it. Left when that says what became of the shard."},
		{Name: MoveHandingOver, Deadline: HandOverDeadline, OnDeadline: MoveDeadline, Doc: "Stopped, and the session is the master's, because the new owner is not linked. Left when it is."},
		{Name: MoveResuming, Deadline: ResumeDeadline, OnDeadline: MoveDeadline, Doc: "The new owner has the session. Left when the gateway has said RESUMED or READY to it, or it has failed."},
		{Name: MoveOnNew, Rest: true, Doc: "Runs on the new owner; the old one keeps the session it had. Left only if the new owner dies, or at the end."},
		{Name: MoveReturning, Deadline: GiveBackDeadline, OnDeadline: MoveDeadline, Doc: "The old owner was asked to take it back. Left when it runs there."},
		{Name: MoveKept, Final: true, Doc: "The upgrade is over and the old owner has the shard."},
		{Name: MoveMoved, Final: true, Doc: "The upgrade is over, or past the point of no return, and the new owner has the shard."},
		{Name: MoveLost, Final: true, Doc: "Nobody has the shard and nobody in the upgrade can take it. Whoever is launched next gets it."},
		{Name: MoveDoubtful, Final: true, Doc: "Somebody was asked for it and never answered, so nobody else may start it. Its owner's return, or proof of its death, decides."},
	}
}

func moveEvents() []fsm.Event[MoveEvent] {
	return []fsm.Event[MoveEvent]{
		{Name: MoveTurn, Doc: "The upgrade has room for another move."},
		{Name: MoveCopied, Doc: "The old owner has sent its state ahead, or it could not: that does not matter."},
		{Name: MoveArmed, Doc: "The new owner has applied what was sent ahead and has dialled ahead, or it could not: that does not matter."},
		{Name: MoveStopped, Doc: "The old owner has let go of the shard, and sent its state before."},
		{Name: MoveStopRefused, Doc: "The old owner could not let go: the shard runs there."},
		{Name: MoveStopBroken, Doc: "The old owner has let go of the shard, but its state was not sent."},
		{Name: MoveResumed, Doc: "The shard runs on the new owner."},
		{Name: MoveNotResumed, Doc: "The new owner could not start the shard: it does not run there."},
		{Name: MoveReturned, Doc: "The shard runs on the old owner again."},
		{Name: MoveNotReturned, Doc: "The old owner could not start the shard: it does not run there."},
		{Name: MoveUnclear, Doc: "Whoever was asked cannot say whether the shard runs there."},
		{Name: MoveHalted, Doc: "The upgrade has failed and no longer goes forward."},
		{Name: MoveEnded, Doc: "The upgrade is over, or past the point of no return."},
		{Name: MoveSourceLinked, Doc: "The old owner can be given requests again."},
		{Name: MoveTargetLinked, Doc: "The new owner can be given requests again."},
		{Name: MoveSourceGone, Doc: "The old owner is known to be dead."},
		{Name: MoveTargetGone, Doc: "The new owner is known to be dead."},
		{Name: MoveDeadline, Doc: "The deadline of the state has passed."},
	}
}
