package lifecycle

import "github.com/shardbaton/baton/fsm"

// ShareState is a state of a share of the shards.
type ShareState string

// The states of [Share].
const (
	ShareVacant        ShareState = "vacant"
	ShareLaunching     ShareState = "launching"
	ShareAwaitingHello ShareState = "awaiting hello"
	ShareQueued        ShareState = "queued"
	ShareStarting      ShareState = "starting"
	ShareServing       ShareState = "serving"
	ShareMending       ShareState = "mending"
	ShareEnding        ShareState = "ending"
	ShareBackingOff    ShareState = "backing off"
	ShareGivenUp       ShareState = "given up"
	ShareDissolved     ShareState = "dissolved"
)

// ShareEvent is an event of a share.
type ShareEvent string

// The events of [Share].
const (
	ShareFill        ShareEvent = "fill"
	ShareFound       ShareEvent = "found"
	ShareLaunched    ShareEvent = "launched"
	ShareArrived     ShareEvent = "arrived"
	ShareLeft        ShareEvent = "left"
	ShareTurn        ShareEvent = "turn"
	ShareShardUp     ShareEvent = "shard up"
	ShareShardFailed ShareEvent = "shard failed"
	ShareStarted     ShareEvent = "started"
	ShareNotStarted  ShareEvent = "not started"
	ShareEnded       ShareEvent = "slave ended"
	ShareReset       ShareEvent = "reset"
	ShareDissolve    ShareEvent = "dissolve"
	ShareDeadline    ShareEvent = "deadline"
)

// ShareView is what the guards of [Share] read.
type ShareView interface {
	// MayLaunch reports whether the master can launch slaves, and may by now.
	MayLaunch() bool
	// WornOut reports whether one more end in a row is one too many.
	WornOut() bool
	// FirstEnd reports whether the slave had served all of its shards until now.
	FirstEnd() bool
	// TurnFree reports whether no other share is at its cold start.
	TurnFree() bool
	// FirstDialect reports whether the slave that has come speaks dialect 1.
	FirstDialect() bool
	// Alone reports whether no other slave has a shard.
	Alone() bool
	// Killable reports whether the master launched the slave.
	Killable() bool
	// Barren reports whether every shard of the share failed to start.
	Barren() bool
	// Whole reports whether none did.
	Whole() bool
}

// The effects of [Share].
const (
	ShareCallSpare   = "call a spare"
	ShareFillSoon    = "fill at once"
	ShareLaunch      = "launch"
	ShareKill        = "kill"
	ShareStandDown   = "stand down"
	ShareFullStart   = "full start"
	ShareAskAgain    = "repeat the full start"
	ShareStartAgain  = "start what is missing"
	ShareNoteFailure = "note shard failed"
	ShareDoubt       = "doubt the rest"
	ShareNextTurn    = "next turn"
	ShareCountEnd    = "count the end"
	ShareForgetEnds  = "forget the ends"
	ShareReport      = "report"
	ShareGiveUp      = "report giving up"
)

const (
	shareMayLaunch = "may launch"
	shareWornOut   = "worn out"
	shareFirstEnd  = "first end"
	shareTurnFree  = "turn free"
	shareFirst     = "dialect 1"
	shareAlone     = "alone"
	shareKillable  = "killable"
	shareBarren    = "barren"
	shareWhole     = "whole"
)

// Share is the life of one share of the shards outside upgrades: who serves it,
// and what is done when nobody does. An upgrade dissolves the shares of the slaves
// that it replaces and leaves new ones behind.
func Share() fsm.Table[ShareState, ShareEvent, ShareView] {
	return fsm.Table[ShareState, ShareEvent, ShareView]{
		Name:    "share",
		Doc:     "One share of the shards outside upgrades: cold start, relaunch, and giving up.",
		Initial: ShareVacant,
		States: []fsm.State[ShareState, ShareEvent]{
			{Name: ShareVacant, Rest: true, Doc: "Nobody serves it and nobody is launched for it. Left when a slave comes by itself, or when one may be launched."},
			{Name: ShareLaunching, Deadline: LaunchDeadline, OnDeadline: ShareDeadline, Doc: "A process is being started. Left when it is, or is not."},
			{Name: ShareAwaitingHello, Deadline: AppearDeadline, OnDeadline: ShareDeadline, Doc: "The process runs. Left when it is linked."},
			{
				Name: ShareQueued, Deadline: TurnDeadline, OnDeadline: ShareDeadline,
				Doc: "A slave is ready for its cold start, but another one is at its own: they share the gateway's IDENTIFY budget. Left when its turn comes.",
			},
			{Name: ShareStarting, Deadline: ColdStartDeadline, OnDeadline: ShareDeadline, Doc: "The slave starts its shards one after another. Left when it says that all is up, or what is not."},
			{Name: ShareServing, Rest: true, Doc: "A slave serves the share, linked or not. Left when it is known to be dead."},
			{
				Name: ShareMending, Deadline: BackOffDeadline, OnDeadline: ShareDeadline,
				Doc: "A slave serves a part of the share; the shards that failed are tried again, less and less often. Left when none is missing.",
			},
			{Name: ShareEnding, Deadline: KillDeadline, OnDeadline: ShareDeadline, Doc: "The slave's start failed and it was killed. Left when it is gone."},
			{Name: ShareBackingOff, Deadline: BackOffDeadline, OnDeadline: ShareDeadline, Doc: "The slave ended. Left when the next one may be launched, later each time."},
			{Name: ShareGivenUp, Rest: true, Doc: "The bot ended again and again before its shards ran. Left when somebody has done something about it: an upgrade, or a slave that comes by itself."},
			{Name: ShareDissolved, Final: true, Doc: "An upgrade, another slave, or the master's end has taken over."},
		},
		Events: []fsm.Event[ShareEvent]{
			{Name: ShareFill, Doc: "The share should be served."},
			{Name: ShareFound, Doc: "A slave serves these shards already."},
			{Name: ShareLaunched, Doc: "The process was started."},
			{Name: ShareArrived, Doc: "A slave that can serve the share is linked, or linked again."},
			{Name: ShareLeft, Doc: "The slave's link was lost."},
			{Name: ShareTurn, Doc: "The start before this one is over."},
			{Name: ShareShardUp, Doc: "The slave says that a shard runs."},
			{Name: ShareShardFailed, Doc: "The slave says that a shard does not run."},
			{Name: ShareStarted, Doc: "The slave says that its full start is done."},
			{Name: ShareNotStarted, Doc: "The slave says that its full start failed."},
			{Name: ShareEnded, Doc: "The slave is known to be dead, or could not be launched."},
			{Name: ShareReset, Doc: "The operator has asked for an upgrade."},
			{Name: ShareDissolve, Doc: "An upgrade takes over, other slaves have the shards, or the master ends."},
			{Name: ShareDeadline, Doc: "The deadline of the state has passed."},
		},
		Guards: []fsm.Guard[ShareView]{
			{Name: shareMayLaunch, Doc: "there is a launcher, and earlier slaves have had time to come back", Test: ShareView.MayLaunch},
			{Name: shareWornOut, Doc: "one more end in a row is one too many", Test: ShareView.WornOut},
			{Name: shareFirstEnd, Doc: "the slave had served all of its shards until now", Test: ShareView.FirstEnd},
			{Name: shareTurnFree, Doc: "no other share is at its cold start", Test: ShareView.TurnFree},
			{Name: shareFirst, Doc: "the slave speaks dialect 1, in which a start is not answered", Test: ShareView.FirstDialect},
			{Name: shareAlone, Doc: "no other slave has a shard: such a start is one of all shards", Test: ShareView.Alone},
			{Name: shareKillable, Doc: "the master launched the slave, so it can kill it and see it end", Test: ShareView.Killable},
			{Name: shareBarren, Doc: "not one shard runs", Test: ShareView.Barren},
			{Name: shareWhole, Doc: "no shard is missing", Test: ShareView.Whole},
		},
		Effects: []fsm.Effect{
			{Name: ShareCallSpare, Doc: "let a spare slave arrive, if there is one"},
			{Name: ShareFillSoon, Doc: "let a spare slave arrive, or launch one"},
			{Name: ShareLaunch, Doc: "launch a slave"},
			{Name: ShareKill, Doc: "kill the slave"},
			{Name: ShareStandDown, Doc: "kill the slave that was launched for the share and has nothing yet; one that came by itself is a spare again"},
			{Name: ShareFullStart, Doc: "give the shards to the slave and tell it to start them and everything else"},
			{Name: ShareAskAgain, Doc: "say the same again"},
			{Name: ShareStartAgain, Doc: "give the missing shards to the slave in new epochs and tell it again what to start"},
			{Name: ShareNoteFailure, Doc: "the shard is nobody's, and that is reported"},
			{Name: ShareDoubt, Doc: "the shards that have not come up may run or not; the slave is told again to start them when it is back"},
			{Name: ShareNextTurn, Doc: "let the next queued share start"},
			{Name: ShareCountEnd, Doc: "count an end in a row, which lengthens the back-off"},
			{Name: ShareForgetEnds, Doc: "the row of ends is broken"},
			{Name: ShareReport, Doc: "publish what went wrong"},
			{Name: ShareGiveUp, Doc: "publish, loudly, that nothing is launched any more"},
		},
		Rows:    shareRows(),
		Ignored: shareIgnored(),
		Refused: shareRefused(),
	}
}
