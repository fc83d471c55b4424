package lifecycle

import "github.com/shardbaton/baton/fsm"

// SlaveState is a state of a slave: of one bot process, as it sees itself.
type SlaveState string

// The states of [Slave].
const (
	SlaveIdle          SlaveState = "idle"
	SlaveStarting      SlaveState = "starting"
	SlaveFullStarting  SlaveState = "full starting"
	SlaveSoftPreparing SlaveState = "soft preparing"
	SlaveSoftStarting  SlaveState = "soft starting"
	SlaveSoftStarted   SlaveState = "soft started"
	SlaveRunning       SlaveState = "running"
	SlavePreparingOut  SlaveState = "preparing out"
	SlaveMovingOut     SlaveState = "moving out"
	SlavePreparingIn   SlaveState = "preparing in"
	SlaveMovingIn      SlaveState = "moving in"
	SlaveLettingGo     SlaveState = "letting go"
	SlaveShuttingDown  SlaveState = "shutting down"
	SlaveEnded         SlaveState = "stopped"
)

// SlaveEvent is an event of a slave.
type SlaveEvent string

// The events of [Slave]. Told: by the master, unless the doc says more. Bot: a
// callback has returned.
const (
	SlaveToldFullStart SlaveEvent = "full start"
	SlaveToldSoftStart SlaveEvent = "soft start"
	SlaveToldHandOut   SlaveEvent = "hand out"
	SlaveToldTakeIn    SlaveEvent = "take in"
	SlaveToldStop      SlaveEvent = "stop a shard"
	SlaveToldCopy      SlaveEvent = "copy a shard"
	SlaveToldResume    SlaveEvent = "resume a shard"
	SlaveToldArm       SlaveEvent = "arm a shard"
	SlaveToldNoMore    SlaveEvent = "no more shards"
	SlaveToldShutDown  SlaveEvent = "shut down"
	SlaveShardsSettled SlaveEvent = "shards settled"
	SlaveShardsGone    SlaveEvent = "shards gone"
	SlaveBotPrepared   SlaveEvent = "prepared"
	SlaveBotUnprepared SlaveEvent = "not prepared"
	SlaveBotStarted    SlaveEvent = "fully started"
	SlaveBotNotStarted SlaveEvent = "not fully started"
	SlaveBotShutDown   SlaveEvent = "has shut down"
	SlaveLeaseOver     SlaveEvent = "lease over"
	SlaveDeadline      SlaveEvent = "deadline"
)

// SlaveView is what the guards of [Slave] read.
type SlaveView interface {
	// Serving reports whether any shard runs here or is about to.
	Serving() bool
	// Keeping reports whether the session of a shard that has stopped is kept here.
	Keeping() bool
	// Barren reports whether shards were assigned and not one has come up.
	Barren() bool
	// FullStartDue reports whether the bot's FullStart was never called.
	FullStartDue() bool
	// FullStartDone reports whether it was called and returned without an error.
	FullStartDone() bool
	// EpochsUsed reports whether the master speaks dialect 2.
	EpochsUsed() bool
}

// The effects of [Slave].
const (
	SlaveBeginShards   = "begin shards"
	SlaveCallSoftStart = "call SoftStart"
	SlaveCallFullStart = "call FullStart"
	SlaveCallFrom      = "call StartShardTransferFrom"
	SlaveCallTo        = "call StartShardTransferTo"
	SlaveCallShutdown  = "call Shutdown"
	SlaveOpenInboxes   = "open inboxes"
	SlaveUndertake     = "undertake"
	SlaveAnswer        = "answer"
	SlaveReport        = "report failure"
	SlavePass          = "pass to the shard"
	SlaveKeep          = "keep the request"
	SlaveTakeUp        = "take up the kept request"
	SlaveYieldShards   = "let go of every shard"
	SlaveTellShards    = "report the shards"
	SlaveEnd           = "end"
)

const (
	slaveServing = "serving"
	slaveKeeping = "keeping"
	slaveBarren  = "barren"
	slaveDue     = "full start due"
	slaveDone    = "full start done"
	slaveNumbers = "epochs used"
)

// Slave is the life of one bot process. A lost link is no event of it: a slave
// goes on with what it does, with or without a master.
func Slave() fsm.Table[SlaveState, SlaveEvent, SlaveView] {
	return fsm.Table[SlaveState, SlaveEvent, SlaveView]{
		Name:    "slave",
		Doc:     "One bot process, from its first connection to its end.",
		Initial: SlaveIdle,
		States:  slaveStates(),
		Events:  slaveEvents(),
		Guards: []fsm.Guard[SlaveView]{
			{Name: slaveServing, Doc: "a shard runs here or is about to", Test: SlaveView.Serving},
			{Name: slaveKeeping, Doc: "the session of a shard that has stopped here is kept", Test: SlaveView.Keeping},
			{Name: slaveBarren, Doc: "shards were assigned and not one has come up", Test: SlaveView.Barren},
			{Name: slaveDue, Doc: "FullStart was never called", Test: SlaveView.FullStartDue},
			{Name: slaveDone, Doc: "FullStart was called and has succeeded", Test: SlaveView.FullStartDone},
			{Name: slaveNumbers, Doc: "the master speaks dialect 2", Test: SlaveView.EpochsUsed},
		},
		Effects: []fsm.Effect{
			{Name: SlaveBeginShards, Doc: "begin every assigned shard that is not here, and forget those that are assigned elsewhere"},
			{Name: SlaveCallSoftStart, Doc: "have the bot get ready to connect without acting on events"},
			{Name: SlaveCallFullStart, Doc: "have the bot start everything other than the shards"},
			{Name: SlaveCallFrom, Doc: "have the bot get ready to hand shards over"},
			{Name: SlaveCallTo, Doc: "have the bot get ready to receive shards"},
			{Name: SlaveCallShutdown, Doc: "end the contexts of all other callbacks, wait for them, then have the bot shut down"},
			{Name: SlaveUndertake, Doc: "the answer will be to this request, not to the one before"},
			{Name: SlaveOpenInboxes, Doc: "await the state of the announced shards"},
			{Name: SlaveAnswer, Doc: "tell the master that its request is carried out"},
			{Name: SlaveReport, Doc: "tell the master which request failed, and why"},
			{Name: SlavePass, Doc: "hand the request to the shard that it is about"},
			{Name: SlaveKeep, Doc: "put the request off until the start is over"},
			{Name: SlaveTakeUp, Doc: "carry out a request that was put off"},
			{Name: SlaveYieldShards, Doc: "have every shard that runs stop by itself, with its session kept and its state dropped"},
			{Name: SlaveTellShards, Doc: "send a heartbeat with every shard, so that the master has the sessions of those that have stopped"},
			{Name: SlaveEnd, Doc: "say goodbye to the master and end"},
		},
		Rows:    slaveRows(),
		Ignored: slaveIgnored(),
		Refused: slaveRefused(),
	}
}

func slaveStates() []fsm.State[SlaveState, SlaveEvent] {
	return []fsm.State[SlaveState, SlaveEvent]{
		{Name: SlaveIdle, Rest: true, Doc: "Connected, with nothing to do yet; a spare. Left when the master has a use for it."},
		{
			Name: SlaveStarting, Deadline: BotShardsDeadline, OnDeadline: SlaveDeadline,
			Doc: "The assigned shards are started. Left when each has come up or failed.",
		},
		{
			Name: SlaveFullStarting, Deadline: BotFullStartDeadline, OnDeadline: SlaveDeadline,
			Doc: "The bot starts everything other than the shards. Left when it says how that went.",
		},
		{
			Name: SlaveSoftPreparing, Deadline: BotPrepareDeadline, OnDeadline: SlaveDeadline,
			Doc: "The bot gets ready to connect beside an older one. Left when it is.",
		},
		{
			Name: SlaveSoftStarting, Deadline: BotShardsDeadline, OnDeadline: SlaveDeadline,
			Doc: "The assigned shards are started, and events only update the bot's state. Left when each has come up or failed.",
		},
		{Name: SlaveSoftStarted, Rest: true, Doc: "Connected beside the older bot, which still acts. Left when that has ended and this one may act."},
		{Name: SlaveRunning, Rest: true, Doc: "Serves its shards, with or without a master. Left when the master upgrades or ends it."},
		{
			Name: SlavePreparingOut, Deadline: BotPrepareDeadline, OnDeadline: SlaveDeadline,
			Doc: "The bot gets ready to hand shards over. Left when it is.",
		},
		{Name: SlaveMovingOut, Rest: true, Doc: "Hands over shard by shard, and serves those that it has. Left when the upgrade has succeeded or failed, or turns back: the master says which."},
		{
			Name: SlavePreparingIn, Deadline: BotPrepareDeadline, OnDeadline: SlaveDeadline,
			Doc: "The bot gets ready to receive shards. Left when it is.",
		},
		{Name: SlaveMovingIn, Rest: true, Doc: "Receives shard by shard, and serves those that it has. Left when the upgrade has succeeded or failed, or turns back: the master says which."},
		{
			Name: SlaveLettingGo, Deadline: BotStopDeadline, OnDeadline: SlaveDeadline,
			Doc: "About to end, and stops its shards first, so that the master learns their exact sessions. Left when each has stopped or cannot.",
		},
		{
			Name: SlaveShuttingDown, Deadline: BotShutdownDeadline, OnDeadline: SlaveDeadline,
			Doc: "The bot closes what is open and waits for its handlers. Left when it has.",
		},
		{Name: SlaveEnded, Final: true, Doc: "Nothing is called any more; the process may exit."},
	}
}

func slaveEvents() []fsm.Event[SlaveEvent] {
	return []fsm.Event[SlaveEvent]{
		{Name: SlaveToldFullStart, Doc: "The master assigns shards and wants the whole bot. In dialect 1 the core says so itself when the last shard has moved in."},
		{Name: SlaveToldSoftStart, Doc: "The master assigns shards, to be connected while the older bot still acts."},
		{Name: SlaveToldHandOut, Doc: "The master begins an upgrade from this slave, or turns back one to it."},
		{Name: SlaveToldTakeIn, Doc: "The master begins an upgrade to this slave, or turns back one from it."},
		{Name: SlaveToldStop, Doc: "The master asks for a shard."},
		{Name: SlaveToldCopy, Doc: "The master asks for a shard's state ahead of the stop."},
		{Name: SlaveToldResume, Doc: "The master hands a session over, or back."},
		{Name: SlaveToldArm, Doc: "The master asks for a shard's connection ahead of the session."},
		{Name: SlaveToldNoMore, Doc: "A dialect 1 master asks for a shard beyond the last: its way to end the old slave."},
		{Name: SlaveToldShutDown, Doc: "The master, or this process's own context, ends the slave."},
		{Name: SlaveShardsSettled, Doc: "Every assigned shard has come up or failed."},
		{Name: SlaveShardsGone, Doc: "No shard is being started or stopped any more in a slave that lets go of them."},
		{Name: SlaveBotPrepared, Doc: "SoftStart, StartShardTransferFrom or StartShardTransferTo has returned without an error."},
		{Name: SlaveBotUnprepared, Doc: "One of these has returned an error."},
		{Name: SlaveBotStarted, Doc: "FullStart has returned without an error."},
		{Name: SlaveBotNotStarted, Doc: "FullStart has returned an error."},
		{Name: SlaveBotShutDown, Doc: "Shutdown has returned."},
		{Name: SlaveLeaseOver, Doc: "The slave has a lease and has not heard from its master for as long, or a shard still runs although that is so."},
		{Name: SlaveDeadline, Doc: "The deadline of the state has passed."},
	}
}
