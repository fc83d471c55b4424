package wire

import (
	"time"

	"github.com/vmihailenco/msgpack/v5"
)

// The bodies. Fields without a tag are dialect 1's: always encoded, in v1.5.2's order. Fields tagged omitempty are dialect 2's:
// left out while zero, so that a struct which uses none of them encodes byte for byte as v1.5.2 does. The tags also hold
// where a struct is given to msgpack as a whole; this package goes by fields.go, which lists the same in the same order.

// ShardInfo is one shard in a list: in an inventory what a slave knows of it, in a request what it shall become.
type ShardInfo struct {
	Shard int // 0 to NumShards-1

	Epoch     uint64 `msgpack:",omitempty"` // grows with each attempt to change the owner
	Phase     string `msgpack:",omitempty"` // name of the shard's state in the slave's lifecycle table
	SessionID string `msgpack:",omitempty"` // the gateway session as last checkpointed, empty: none
	Sequence  int64  `msgpack:",omitempty"` // of the last event whose handler has finished
	ResumeURL string `msgpack:",omitempty"` // where the gateway wants the RESUME
}

// SlaveHelloData is the body of EvtSlaveHello.
type SlaveHelloData struct {
	Running bool // dialect 1: false at the first connection of a process, true at every later one

	Protocol  int         `msgpack:",omitempty"` // highest dialect offered: 2, or 0 for dialect 1
	SlaveID   string      `msgpack:",omitempty"` // stable over reconnects
	Token     string      `msgpack:",omitempty"` // what the launcher gave this process
	Version   string      `msgpack:",omitempty"` // of the bot, for people
	NumShards int         `msgpack:",omitempty"` // the bot's wish for a cold start, 0: none
	Link      string      `msgpack:",omitempty"` // LinkControl or LinkState
	PreCopy   bool        `msgpack:",omitempty"` // can answer EvtCopyShard
	Arm       bool        `msgpack:",omitempty"` // can answer EvtArmShard
	Stateless bool        `msgpack:",omitempty"` // can RESUME a shard whose state died with its last owner
	Shards    []ShardInfo `msgpack:",omitempty"` // inventory: every shard that is not absent
}

// The values of SlaveHelloData.Link.
const (
	LinkControl = ""      // requests and answers; the only link of dialect 1
	LinkState   = "state" // EvtGuildState frames only, both ways
)

// WelcomeData is the body of EvtWelcome.
type WelcomeData struct {
	Protocol  int           `msgpack:",omitempty"` // the dialect that both speak from now on
	SlaveID   string        `msgpack:",omitempty"` // the slave's id, given here if its hello had none
	Heartbeat time.Duration `msgpack:",omitempty"` // nanoseconds between the slave's heartbeats
	Lease     time.Duration `msgpack:",omitempty"` // nanoseconds for which the slave may serve from the moment at which it sent what was answered last; 0: for ever
}

// StartData is the body of EvtSoftStart and EvtFullStart. In dialect 1 that body is empty.
type StartData struct {
	NumShards int         `msgpack:",omitempty"` // shards of the whole bot
	Shards    []ShardInfo `msgpack:",omitempty"` // those of this slave
}

// ShardMigrationStartData is the body of EvtShardMigrationStart.
type ShardMigrationStartData struct {
	FromThisSlave bool // true: shards leave the receiver, false: shards come to it
	NumShards     int  // shards of the whole bot; 0 in the request to the old owner, which fills it in

	Shards []ShardInfo `msgpack:",omitempty"` // those that move, with the epoch of the move
}

// StopShardData is the body of EvtStopShard.
type StopShardData struct {
	Shard     int
	SessionID string // dialect 1's answer: the session of the stopped shard
	Sequence  int64  // dialect 1's answer: its last sequence

	Epoch uint64 `msgpack:",omitempty"`
}

// ShardStoppedData is the body of EvtShardStopped: dialect 2's answer to EvtStopShard.
type ShardStoppedData struct {
	Shard     int
	SessionID string
	Sequence  int64

	ResumeURL string `msgpack:",omitempty"`
	Epoch     uint64 `msgpack:",omitempty"`
	Records   uint64 `msgpack:",omitempty"` // how many state records were sent, pre-copy and stop together
	Digest    []byte `msgpack:",omitempty"` // of those records, see Digest
}

// ResumeShardData is the body of EvtResume.
type ResumeShardData struct {
	Shard     int
	SessionID string
	Sequence  int64

	ResumeURL string `msgpack:",omitempty"`
	Epoch     uint64 `msgpack:",omitempty"`
	Records   uint64 `msgpack:",omitempty"` // how many state records must have been applied first
	Digest    []byte `msgpack:",omitempty"` // of those records, see Digest
	Fresh     bool   `msgpack:",omitempty"` // in the echo: the shard had to IDENTIFY
}

// GuildStateData is dialect 1's body of EvtGuildState. GuildState is one msgpack value that is kept as it came; nil is msgpack's
// nil. A master forwards the whole body without decoding even this.
type GuildStateData struct {
	GuildState msgpack.RawMessage
}

// StateRecordData is dialect 2's body of EvtGuildState, on a state link. Shard and Epoch come first in every encoding, so that
// PeekShard can route a record without reading the rest.
type StateRecordData struct {
	Shard int
	Epoch uint64

	Number  uint64 `msgpack:",omitempty"` // 0, 1, 2, … within the shard and epoch
	Kind    string `msgpack:",omitempty"`
	Key     string `msgpack:",omitempty"` // a later record of the same kind and key replaces the earlier
	Payload []byte `msgpack:",omitempty"` // the bot's own bytes
}

// HeartbeatData is the body of EvtHeartbeat. A slave with more shards than fit into one body sends several; the master answers
// each with its Beat alone.
type HeartbeatData struct {
	Beat      uint64      `msgpack:",omitempty"` // running number on this link; the answer repeats it
	Unhealthy string      `msgpack:",omitempty"` // why the bot's own health check fails; empty: it does not, or there is none
	Shards    []ShardInfo `msgpack:",omitempty"`
}

// FailureData is the body of EvtFailure.
type FailureData struct {
	Event EventType // the request that failed
	Shard int       // -1: about no shard

	Epoch     uint64 `msgpack:",omitempty"`
	Phase     string `msgpack:",omitempty"` // of that shard now
	SessionID string `msgpack:",omitempty"` // of a shard that is stopped
	Sequence  int64  `msgpack:",omitempty"`
	ResumeURL string `msgpack:",omitempty"`
	Code      string `msgpack:",omitempty"` // for programs
	Text      string `msgpack:",omitempty"` // for people
}

// CopyShardData is the body of EvtCopyShard.
type CopyShardData struct {
	Shard int

	Epoch   uint64 `msgpack:",omitempty"`
	Records uint64 `msgpack:",omitempty"` // in the echo: sent so far
}

// ArmShardData is the body of EvtArmShard: apply the Records that were sent ahead, then dial ahead, then echo.
type ArmShardData struct {
	Shard int

	Epoch     uint64 `msgpack:",omitempty"`
	Records   uint64 `msgpack:",omitempty"`
	ResumeURL string `msgpack:",omitempty"`
	Armed     bool   `msgpack:",omitempty"` // in the echo: the connection is open
}

// NewData returns a pointer to a zero value of the type that e's body decodes into, or nil for an event without a body or
// an unknown one. For EvtGuildState that is dialect 1's GuildStateData; decode dialect 2's StateRecordData with DecodeBody.
func NewData(e EventType) any {
	if d := newData(e); d != nil {
		return d
	}
	return nil
}

// DataTypes returns, for every event that has a body, what NewData does for it. The map is the caller's own.
func DataTypes() map[EventType]func() any {
	types := make(map[EventType]func() any)
	for e := EvtSoftStart; e <= EvtArmShard; e++ {
		if newData(e) != nil {
			types[e] = func() any { return newData(e) }
		}
	}
	return types
}

func newData(e EventType) data {
	switch e {
	case EvtSoftStart, EvtFullStart:
		return new(StartData)
	case EvtShardMigrationStart:
		return new(ShardMigrationStartData)
	case EvtStopShard:
		return new(StopShardData)
	case EvtResume:
		return new(ResumeShardData)
	case EvtGuildState:
		return new(GuildStateData)
	case EvtSlaveHello:
		return new(SlaveHelloData)
	case EvtShardStopped:
		return new(ShardStoppedData)
	case EvtWelcome:
		return new(WelcomeData)
	case EvtHeartbeat:
		return new(HeartbeatData)
	case EvtFailure:
		return new(FailureData)
	case EvtCopyShard:
		return new(CopyShardData)
	case EvtArmShard:
		return new(ArmShardData)
	}
	return nil
}
