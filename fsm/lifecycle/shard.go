package lifecycle

import "github.com/shardbaton/baton/fsm"

// ShardState is a state of a shard as its slave knows it. Its name is what
// inventories and failures carry as the shard's phase.
type ShardState string

// The states of [Shard].
const (
	ShardAbsent     ShardState = "absent"
	ShardLoading    ShardState = "loading"
	ShardCompleting ShardState = "completing"
	ShardResuming   ShardState = "resuming"
	ShardRunning    ShardState = "running"
	ShardCopying    ShardState = "copying"
	ShardStopping   ShardState = "stopping"
	ShardStopped    ShardState = "stopped"
	ShardOverdue    ShardState = "overdue"
	ShardOver       ShardState = "over"
)

// Serves reports whether a shard in this state runs, or may run at any moment
// without another request: nobody else may start it.
func (s ShardState) Serves() bool {
	switch s {
	case ShardCompleting, ShardResuming, ShardRunning, ShardCopying, ShardStopping, ShardOverdue:
		return true
	default:
		return false
	}
}

// ShardEvent is an event of a shard in its slave.
type ShardEvent string

// The events of [Shard]. Told: by the master. Must: by the slave itself. Bot: a
// callback has returned.
const (
	ShardToldExpect    ShardEvent = "expect"
	ShardToldBegin     ShardEvent = "begin"
	ShardToldResume    ShardEvent = "resume"
	ShardToldCopy      ShardEvent = "copy"
	ShardToldStop      ShardEvent = "stop"
	ShardToldForget    ShardEvent = "forget"
	ShardMustYield     ShardEvent = "yield"
	ShardStateAdvanced ShardEvent = "state advanced"
	ShardBotStarted    ShardEvent = "started"
	ShardBotNotStarted ShardEvent = "not started"
	ShardBotCopied     ShardEvent = "copied"
	ShardBotNotCopied  ShardEvent = "not copied"
	ShardBotLetGo      ShardEvent = "let go"
	ShardBotBrokeOff   ShardEvent = "broke off"
	ShardBotKept       ShardEvent = "kept"
	ShardDeadline      ShardEvent = "deadline"
	ShardSlaveEnded    ShardEvent = "slave ended"
)

// ShardView is what the guards of [Shard] read.
type ShardView interface {
	// StateWhole reports whether the state that the Resume speaks of is applied:
	// as many records, without a gap, and with its digest.
	StateWhole() bool
	// StateBroken reports whether that can no longer come true.
	StateBroken() bool
	// SessionKept reports whether the shard has stopped here and its session is
	// kept for its return.
	SessionKept() bool
	// CopyOffered reports whether the bot can send state while the shard runs.
	CopyOffered() bool
	// EpochsUsed reports whether the master speaks dialect 2, in which a request
	// that comes again is known by its epoch.
	EpochsUsed() bool
	// MayRun reports whether shards may run in this slave now: its lease is not over,
	// and it does not let go of them in order to end.
	MayRun() bool
}

// The effects of [Shard].
const (
	ShardOpenInbox    = "open inbox"
	ShardCallStart    = "call StartShard"
	ShardCancelStart  = "cancel StartShard"
	ShardCallCopy     = "call CopyShard"
	ShardCancelCopy   = "cancel CopyShard"
	ShardYield        = "yield unasked"
	ShardCallStop     = "call StopShard"
	ShardAnswerStart  = "answer started"
	ShardAnswerCopied = "answer copied"
	ShardAnswerStop   = "answer stopped"
	ShardReport       = "report failure"
	ShardDrop         = "drop session and inbox"
)

const (
	shardWhole   = "state whole"
	shardBroken  = "state broken"
	shardKept    = "session kept"
	shardCopies  = "copy offered"
	shardNumbers = "epochs used"
	shardMay     = "may run"
)

// Shard is the life of one shard in one slave. The slave's core asks each request
// for its epoch before it comes here: a stale one is refused, and one that has
// been carried out is answered again without being carried out again.
func Shard() fsm.Table[ShardState, ShardEvent, ShardView] {
	return fsm.Table[ShardState, ShardEvent, ShardView]{
		Name:    "shard",
		Doc:     "One shard in one slave: how it comes, runs and goes.",
		Initial: ShardAbsent,
		States:  shardStates(),
		Events:  shardEvents(),
		Guards: []fsm.Guard[ShardView]{
			{Name: shardWhole, Doc: "every record that the Resume counts is applied and the digest matches", Test: ShardView.StateWhole},
			{Name: shardBroken, Doc: "a record is missing, too many, unusable or not what the digest says", Test: ShardView.StateBroken},
			{Name: shardKept, Doc: "the shard has stopped here and its session is kept", Test: ShardView.SessionKept},
			{Name: shardCopies, Doc: "the bot can send state while the shard runs", Test: ShardView.CopyOffered},
			{Name: shardNumbers, Doc: "the master speaks dialect 2", Test: ShardView.EpochsUsed},
			{Name: shardMay, Doc: "shards may run here: the slave's lease is not over, and it is not about to end", Test: ShardView.MayRun},
		},
		Effects: []fsm.Effect{
			{Name: ShardOpenInbox, Doc: "await the state records of the request's epoch from number 0 on"},
			{Name: ShardCallStart, Doc: "have the bot connect the shard with the session of the request, else with the kept one, else without"},
			{Name: ShardCancelStart, Doc: "end the context of the start"},
			{Name: ShardCallCopy, Doc: "have the bot send the shard's state while it runs"},
			{Name: ShardCancelCopy, Doc: "end the context of the pre-copy"},
			{Name: ShardYield, Doc: "make the stop that follows this slave's own: nobody asked for it, and the state goes nowhere"},
			{Name: ShardCallStop, Doc: "have the bot let go of the shard and send its state"},
			{Name: ShardAnswerStart, Doc: "tell the master that the shard runs here, and with which session"},
			{Name: ShardAnswerCopied, Doc: "tell the master how many records were sent"},
			{Name: ShardAnswerStop, Doc: "hand the session to the master, with count and digest of the records, and keep a copy; unasked, report it by a heartbeat"},
			{Name: ShardReport, Doc: "tell the master which request failed, why, and where that leaves the shard"},
			{Name: ShardDrop, Doc: "forget the kept session and the state that was awaited"},
		},
		Rows:    shardRows(),
		Ignored: shardIgnored(),
		Refused: shardRefused(),
	}
}

func shardStates() []fsm.State[ShardState, ShardEvent] {
	return []fsm.State[ShardState, ShardEvent]{
		{Name: ShardAbsent, Rest: true, Doc: "Not here. Left when the master assigns the shard or announces its coming."},
		{Name: ShardLoading, Rest: true, Doc: "Announced: its state is taken in as it comes. How long that may take is the master's business; left when the session comes."},
		{
			Name: ShardCompleting, Deadline: BotStateDeadline, OnDeadline: ShardDeadline,
			Doc: "The session is here, but records are still on their way or being applied. Left when the state is whole or cannot become so.",
		},
		{
			Name: ShardResuming, Deadline: BotStartDeadline, OnDeadline: ShardDeadline,
			Doc: "The bot connects the shard. Left when the gateway has said RESUMED or READY, or the bot has given up.",
		},
		{Name: ShardRunning, Rest: true, Doc: "Events are handled here, with or without a master. Left when the master wants the shard elsewhere."},
		{
			Name: ShardCopying, Deadline: BotCopyDeadline, OnDeadline: ShardDeadline,
			Doc: "Runs, and the bot sends its state ahead. Left when it is sent, or when the shard has to stop.",
		},
		{
			Name: ShardStopping, Deadline: BotStopDeadline, OnDeadline: ShardDeadline,
			Doc: "The bot lets go of the shard and sends its state, to nobody when the slave has to let go by itself. Left when it says how that went.",
		},
		{Name: ShardStopped, Rest: true, Doc: "Does not run. The session is kept for the shard's return, until the master says that it is not needed."},
		{Name: ShardOverdue, Rest: true, Doc: "StartShard or StopShard has outlived its context, so nobody can say whether the shard runs. Left when it returns after all."},
		{Name: ShardOver, Final: true, Doc: "The slave has ended, and the shard in it."},
	}
}

func shardEvents() []fsm.Event[ShardEvent] {
	return []fsm.Event[ShardEvent]{
		{Name: ShardToldExpect, Doc: "The master says that the shard is going to come, and at which epoch."},
		{Name: ShardToldBegin, Doc: "The master assigns the shard, as part of a start."},
		{Name: ShardToldResume, Doc: "The master hands over the session, or says that the shard starts without one."},
		{Name: ShardToldCopy, Doc: "The master asks for the state ahead of the stop."},
		{Name: ShardToldStop, Doc: "The master asks for the shard."},
		{Name: ShardToldForget, Doc: "The master has started this slave in full and the shard is not among its own."},
		{Name: ShardMustYield, Doc: "No shard may run in this slave any more: its lease is over, or it is about to end."},
		{Name: ShardStateAdvanced, Doc: "A record has come or has been applied."},
		{Name: ShardBotStarted, Doc: "StartShard has returned without an error."},
		{Name: ShardBotNotStarted, Doc: "StartShard has returned an error: the shard is not connected."},
		{Name: ShardBotCopied, Doc: "CopyShard has returned without an error."},
		{Name: ShardBotNotCopied, Doc: "CopyShard has returned an error."},
		{Name: ShardBotLetGo, Doc: "StopShard has returned without an error: the shard has stopped and all of its state is sent."},
		{Name: ShardBotBrokeOff, Doc: "StopShard has returned an error and a session: the shard has stopped, but the state is not sent."},
		{Name: ShardBotKept, Doc: "StopShard has returned an error and no session: the shard runs on."},
		{Name: ShardDeadline, Doc: "The deadline of the state has passed."},
		{Name: ShardSlaveEnded, Doc: "The bot has shut down."},
	}
}
