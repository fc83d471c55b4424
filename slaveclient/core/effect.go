package core

import (
	"time"

	"github.com/shardbaton/baton/wire"
)

// Effect is something to be done. The set is closed.
type Effect interface{ effect() }

// Dial makes a connection.
type Dial struct{ Link Link }

// CloseLink closes a connection, or gives up making it.
type CloseLink struct{ Link Link }

// Send sends a message. One that cannot be sent is dropped: the link is lost
// then, and what matters is said anew on the next.
//
// A shard that serves is listed without a session: the caller fills in what the
// bot can tell about it at this moment.
type Send struct {
	Link Link
	Type wire.EventType
	// Data is a pointer to a struct of package wire, or nil. It may be sent more
	// than once and is not to be changed.
	Data any
}

// Arm starts a timer, or starts it anew.
type Arm struct {
	Timer Timer
	After time.Duration
	// Vary asks for a random deviation, so that slaves do not act in step.
	Vary bool
}

// Disarm stops a timer.
type Disarm struct{ Timer Timer }

// Callback names a method of the bot.
type Callback string

// The callbacks, by the names of the bot's methods.
const (
	CallSoftStart    Callback = "SoftStart"
	CallFullStart    Callback = "FullStart"
	CallShutdown     Callback = "Shutdown"
	CallTransferFrom Callback = "StartShardTransferFrom"
	CallTransferTo   Callback = "StartShardTransferTo"
	CallStop         Callback = "StopShard"
	CallStart        Callback = "StartShard"
	CallCopy         Callback = "CopyShard"
	CallArm          Callback = "ArmShard"
	CallHealth       Callback = "Health"
)

// Call calls the bot. Which fields are set depends on the callback's parameters.
type Call struct {
	Callback Callback
	// Shard is the shard, or NoShard.
	Shard     int
	Epoch     uint64
	NumShards int
	Shards    []int
	Session   Session
	ResumeURL string
	// Copied says that the next owner has what CopyShard of this epoch sent.
	Copied bool
	// Dropped says that nobody receives what StopShard sends: it is taken and
	// dropped.
	Dropped bool
	// Dialect is how the records of StopShard travel: 1 as GuildState on the
	// control link as it is now, 2 on the state link.
	Dialect int
	// Timeout is when the callback's context ends, from now.
	Timeout time.Duration
}

// NoShard is the shard of what concerns no shard.
const NoShard = -1

// Cancel ends the context of a shard's CopyShard or StartShard, whichever was
// called last.
type Cancel struct{ Shard int }

// Hold says until when the slave may serve: for so long from the moment at which it
// sent what the master has answered last, on the present control link. From that
// moment on, and not from when the answer was read, which may have waited for a
// process that stood still. Its end comes back as one [Fired] of [TimerLease], at
// once if it has passed already. A Hold replaces the one before.
type Hold struct {
	// Beat is the number of the heartbeat that was answered; 0 is the hello, which
	// the Welcome answers.
	Beat uint64
	// For is how long; 0 is for ever, and TimerLease is off.
	For time.Duration
	// Again says that the lease was over, and that nothing has run here since.
	Again bool
}

// Load gives the bot a record.
type Load struct {
	Shard   int
	Epoch   uint64
	Number  uint64
	Record  Record
	Timeout time.Duration // from when LoadGuildState is called
}

// Discard drops a record of a RecordIn: it is not going to be loaded.
type Discard struct{ Record Record }

// Note is for people.
type Note struct {
	Level Level
	Text  string
	// Shard is the shard, or NoShard.
	Shard int
	// Err is the reason, if there is one.
	Err string
}

// Level says how much a note matters.
type Level int

// The levels.
const (
	Info Level = iota
	Warn
	Error
)

// End ends the slave: send what is queued, close the links, return.
type End struct {
	// Refused is the master's refusal, or nil.
	Refused *wire.FailureData
	// Err is what Shutdown returned, or why it did not.
	Err string
}

func (Dial) effect()      {}
func (CloseLink) effect() {}
func (Send) effect()      {}
func (Arm) effect()       {}
func (Disarm) effect()    {}
func (Call) effect()      {}
func (Cancel) effect()    {}
func (Hold) effect()      {}
func (Load) effect()      {}
func (Discard) effect()   {}
func (Note) effect()      {}
func (End) effect()       {}
