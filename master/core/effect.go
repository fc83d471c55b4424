package core

import (
	"time"

	"github.com/shardbaton/baton/wire"
)

// Effect is something to do. The set is closed.
type Effect interface{ effect() }

// Send sends a message to a slave.
type Send struct {
	Link LinkID
	Type wire.EventType
	// Data is a pointer to the struct that wire names for the type, or nil for an
	// empty body.
	Data any
}

// Forward sends a dialect 1 guild state, byte for byte as it came.
type Forward struct {
	Link LinkID
	Body []byte
}

// CloseLink ends a connection. Frames that were sent to it go out first, as far as
// the peer takes them.
type CloseLink struct {
	Link   LinkID
	Reason string
}

// Launch starts a bot process, with a token that the caller draws. The answer is
// [Launched] or [LaunchFailed], and later [Exited].
type Launch struct {
	Slave SlaveID
	// Shards are those that the slave is meant to get, as far as they are known.
	Shards []int
	// Command is what to run, or nil for the caller's default.
	Command []string
}

// Kill ends a launched process at once. The answer is [Exited].
type Kill struct{ Slave SlaveID }

// Arm starts a timer, or starts it anew.
type Arm struct {
	Timer Timer
	// Name is the deadline's name in the table, for people.
	Name  string
	After time.Duration
	// Jitter is the part of After by which the caller may make the wait longer or
	// shorter, at random: 0.2 means ±20 %. Usually 0.
	Jitter float64
}

// Disarm stops a timer, whether or not it is armed.
type Disarm struct{ Timer Timer }

// Route says where the state records of a shard and epoch go from now on: from the
// state link of From, and of nobody else, to that of Slave. It comes before the source is asked for any. There is at
// most one route for a shard; a newer one replaces it.
type Route struct {
	Shard int
	Epoch uint64
	From  SlaveID
	Slave SlaveID
}

// Unroute says that no more records of the shard are expected: drop what comes.
type Unroute struct{ Shard int }

// Publish tells subscribers what happened.
type Publish struct{ Notice Notice }

// Finish answers an [UpgradeAsked], or ends an upgrade that the core began by
// itself.
type Finish struct {
	Upgrade UpgradeID
	Result  Result
}

// Journal writes a change down, after all before it. The caller need not wait; it
// reports by [Journaled] when it is safe.
type Journal struct {
	Seq    uint64
	Change Change
}

// Refuse answers a [PauseAsked], [ResumeAsked] or [AbortAsked] that changes nothing.
type Refuse struct{ Err error }

// Halt says that the orderly end is reached: close what is left and return.
type Halt struct{}

func (Send) effect()      {}
func (Forward) effect()   {}
func (CloseLink) effect() {}
func (Launch) effect()    {}
func (Kill) effect()      {}
func (Arm) effect()       {}
func (Disarm) effect()    {}
func (Route) effect()     {}
func (Unroute) effect()   {}
func (Publish) effect()   {}
func (Finish) effect()    {}
func (Halt) effect()      {}
func (Journal) effect()   {}
func (Refuse) effect()    {}
