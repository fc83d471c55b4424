package core

import (
	"crypto/sha256"

	"github.com/shardbaton/baton/wire"
)

// Event is something that happened. The set is closed.
type Event interface{ event() }

// Begin is the first event.
type Begin struct{}

// LinkUp says that a connection was made.
type LinkUp struct{ Link Link }

// LinkDown says that a connection could not be made, or was lost.
type LinkDown struct {
	Link   Link
	Reason string
}

// Received is a message on the control link.
type Received struct {
	Type wire.EventType
	// Data is what wire.Decode made of the body, which is not changed any more.
	Data any
}

// RecordIn is a record on the state link.
type RecordIn struct {
	Shard  int
	Epoch  uint64
	Number uint64
	// Sum is wire.RecordSum of the record.
	Sum    [sha256.Size]byte
	Record Record
}

// Loaded says that LoadGuildState has returned.
type Loaded struct {
	Shard  int
	Epoch  uint64
	Number uint64
	// Err is empty for success, here and in the events below.
	Err string
}

// Prepared says that SoftStart, FullStart, StartShardTransferFrom or
// StartShardTransferTo has returned.
type Prepared struct {
	Callback Callback
	// NumShards is StartShardTransferFrom's result.
	NumShards int
	Err       string
}

// Started says that StartShard has returned.
type Started struct {
	Shard   int
	Session Session
	Fresh   bool
	Err     string
}

// LetGo says that StopShard has returned.
type LetGo struct {
	Shard   int
	Session Session
	// Records and Digest cover everything that was sent for this epoch.
	Records uint64
	Digest  wire.Digest
	Err     string
}

// Copied says that CopyShard has returned.
type Copied struct {
	Shard   int
	Epoch   uint64
	Records uint64
	Err     string
}

// Armed says that ArmShard has returned.
type Armed struct {
	Shard int
	Epoch uint64
	Err   string
}

// Checked says that Health has returned.
type Checked struct{ Err string }

// HasShutDown says that Shutdown has returned.
type HasShutDown struct{ Err string }

// Fired says that a timer's time has come.
type Fired struct{ Timer Timer }

// StopAsked says that this process wants to end.
type StopAsked struct{}

func (Begin) event()       {}
func (LinkUp) event()      {}
func (LinkDown) event()    {}
func (Received) event()    {}
func (RecordIn) event()    {}
func (Loaded) event()      {}
func (Prepared) event()    {}
func (Started) event()     {}
func (LetGo) event()       {}
func (Copied) event()      {}
func (Armed) event()       {}
func (Checked) event()     {}
func (HasShutDown) event() {}
func (Fired) event()       {}
func (StopAsked) event()   {}

// Link names one of a slave's two connections.
type Link string

// The links of a slave.
const (
	Control Link = "control"
	State   Link = "state"
)

// Session is what a RESUME needs; the zero Session is none.
type Session struct {
	ID        string
	Sequence  int64
	ResumeURL string
}

// Record is one piece of a shard's state.
type Record struct {
	Kind, Key string
	Payload   []byte
}

// Timer names a timer. It is comparable.
type Timer struct {
	Kind TimerKind
	// Shard is the shard for TimerShard, else 0.
	Shard int
}

// TimerKind says what a timer is for.
type TimerKind string

// The timers of a slave.
const (
	// TimerControl and TimerState end the pause before a link is dialled again.
	TimerControl TimerKind = "redial control"
	TimerState   TimerKind = "redial state"
	// TimerHeartbeat makes the next heartbeat due.
	TimerHeartbeat TimerKind = "heartbeat"
	// TimerHealth is the deadline of a health check.
	TimerHealth TimerKind = "health"
	// TimerLease ends the lease, see [Hold]. TimerYield makes another try due to
	// stop what has not stopped although it is over.
	TimerLease TimerKind = "lease"
	TimerYield TimerKind = "yield"
	// TimerSlave and TimerShard are the deadlines of the states.
	TimerSlave TimerKind = "slave"
	TimerShard TimerKind = "shard"
)
