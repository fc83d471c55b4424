package core

import (
	"fmt"

	"github.com/shardbaton/baton/fsm/lifecycle"
)

// Notice is news for subscribers. The set is closed. String is one line for
// people.
type Notice interface {
	fmt.Stringer
	notice()
}

// MasterState says that the master entered a state.
type MasterState struct{ State lifecycle.MasterState }

// SlaveLaunched says that a process was started.
type SlaveLaunched struct {
	Slave SlaveID
	PID   int
}

// SlaveSeen says that a slave is there and can be given orders.
type SlaveSeen struct {
	Slave   SlaveID
	Version string
	// Dialect is 1 or 2.
	Dialect int
	// Role is what the slave is there for.
	Role Role
	// Returned says that it was there before, on another connection.
	Returned bool
}

// SlaveLost says that a slave's connection ended. The process may well live.
type SlaveLost struct {
	Slave  SlaveID
	Reason string
}

// SlaveExited says that a slave is known to be dead.
type SlaveExited struct {
	Slave  SlaveID
	Code   int
	Reason string
}

// ShareState says that a share of the shards entered a state.
type ShareState struct {
	Share  int
	State  lifecycle.ShareState
	Slave  SlaveID
	Shards []int
}

// UpgradeState says that an upgrade entered a state.
type UpgradeState struct {
	Upgrade UpgradeID
	State   lifecycle.UpgradeState
	// Moved of Total shards run on the new slaves.
	Moved, Total int
}

// ShardPhase says that the move of a shard entered a state.
type ShardPhase struct {
	Upgrade UpgradeID
	Shard   int
	State   lifecycle.MoveState
	// From is the old owner, empty when the shard had none, and To the new one.
	From, To SlaveID
	// Back says that the shard is on its way to the old owner.
	Back  bool
	Epoch uint64
	// Fresh says that the shard was, or has to be, started without a session: by
	// IDENTIFY.
	Fresh bool
}

// ShardOwned says that a shard has another owner, or none when Slave is empty.
type ShardOwned struct {
	Shard int
	Slave SlaveID
	Epoch uint64
	Fresh bool
}

// ShardUp says that the owner of a shard has confirmed that it runs.
type ShardUp struct {
	Shard int
	Slave SlaveID
	Epoch uint64
	// Fresh says that it needed an IDENTIFY.
	Fresh bool
}

// Problem says that something is not as it should be. The master goes on.
type Problem struct {
	// Slave is empty when the problem is not about one.
	Slave SlaveID
	// Shard is -1 when the problem is not about one.
	Shard int
	// Err is what is wrong, for errors.Is and errors.As.
	Err error
}

// String implements fmt.Stringer.
func (n MasterState) String() string { return fmt.Sprintf("master: %s", n.State) }

// String implements fmt.Stringer.
func (n SlaveLaunched) String() string {
	return fmt.Sprintf("slave %s: launched as process %d", n.Slave, n.PID)
}

// String implements fmt.Stringer.
func (n SlaveSeen) String() string {
	how := "is there"
	if n.Returned {
		how = "is back"
	}
	return fmt.Sprintf("slave %s: %s as %s, dialect %d", n.Slave, how, n.Role, n.Dialect)
}

// String implements fmt.Stringer.
func (n SlaveLost) String() string {
	return fmt.Sprintf("slave %s: connection lost: %s", n.Slave, n.Reason)
}

// String implements fmt.Stringer.
func (n SlaveExited) String() string {
	return fmt.Sprintf("slave %s: ended with code %d: %s", n.Slave, n.Code, n.Reason)
}

// String implements fmt.Stringer.
func (n ShareState) String() string {
	return fmt.Sprintf("share %d of shards %s: %s%s", n.Share, Ranges(n.Shards), n.State, by(n.Slave))
}

// String implements fmt.Stringer.
func (n UpgradeState) String() string {
	return fmt.Sprintf("upgrade %s: %s, %d of %d shards moved", n.Upgrade, n.State, n.Moved, n.Total)
}

// String implements fmt.Stringer.
func (n ShardPhase) String() string {
	way := "→"
	if n.Back {
		way = "←"
	}
	return fmt.Sprintf("shard %d: %s (%s %s %s, epoch %d)%s", n.Shard, n.State, orNobody(n.From), way, orNobody(n.To), n.Epoch, fresh(n.Fresh))
}

// String implements fmt.Stringer.
func (n ShardOwned) String() string {
	return fmt.Sprintf("shard %d: owned by %s, epoch %d%s", n.Shard, orNobody(n.Slave), n.Epoch, fresh(n.Fresh))
}

// String implements fmt.Stringer.
func (n ShardUp) String() string {
	how := "resumed"
	if n.Fresh {
		how = "identified"
	}
	return fmt.Sprintf("shard %d: runs on %s, %s, epoch %d", n.Shard, n.Slave, how, n.Epoch)
}

// String implements fmt.Stringer.
func (n Problem) String() string {
	s := "problem"
	if n.Slave != "" {
		s += fmt.Sprintf(", slave %s", n.Slave)
	}
	if n.Shard >= 0 {
		s += fmt.Sprintf(", shard %d", n.Shard)
	}
	return fmt.Sprintf("%s: %v", s, n.Err)
}

func by(s SlaveID) string {
	if s == "" {
		return ""
	}
	return " by " + string(s)
}

func orNobody(s SlaveID) SlaveID {
	if s == "" {
		return "nobody"
	}
	return s
}

func fresh(f bool) string {
	if f {
		return ", by IDENTIFY"
	}
	return ""
}

func (MasterState) notice()   {}
func (SlaveLaunched) notice() {}
func (SlaveSeen) notice()     {}
func (SlaveLost) notice()     {}
func (SlaveExited) notice()   {}
func (ShareState) notice()    {}
func (UpgradeState) notice()  {}
func (ShardPhase) notice()    {}
func (ShardOwned) notice()    {}
func (ShardUp) notice()       {}
func (Problem) notice()       {}
