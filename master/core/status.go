package core

import (
	"strconv"
	"strings"

	"github.com/shardbaton/baton/fsm/lifecycle"
)

// Role is what a slave is there for.
type Role string

// The roles.
const (
	// RoleNew: launched, or connected but not yet ready for anything.
	RoleNew Role = "new"
	// RoleSpare: ready and without a task.
	RoleSpare Role = "spare"
	// RoleServing: it serves a share of the shards, or is about to.
	RoleServing Role = "serving"
	// RoleSource: an upgrade takes its shards away.
	RoleSource Role = "source"
	// RoleTarget: an upgrade gives it shards.
	RoleTarget Role = "target"
	// RoleEnding: it was told to shut down.
	RoleEnding Role = "ending"
)

// Status is a snapshot of what the core knows. It shares nothing with the core.
type Status struct {
	State lifecycle.MasterState
	// NumShards is the number of shards of the whole bot, or 0 while it is
	// unknown.
	NumShards int
	// Shards has one entry per shard, in order.
	Shards []ShardStatus
	// Slaves are in the order in which they became known.
	Slaves []SlaveStatus
	// Shares are those that are not dissolved, in order.
	Shares []ShareStatus
	// Upgrade is the one that runs, or nil.
	Upgrade *UpgradeStatus
	// GaveUp says that a share's bot ended so often in a row that it is no longer
	// relaunched by itself. An upgrade or a slave's hello resets it.
	GaveUp bool
}

// ShardStatus is what is known of one shard.
type ShardStatus struct {
	Shard int
	// Owner is the slave that runs the shard, or that holds it while it is moved.
	// Empty: nobody.
	Owner SlaveID
	// Epoch is the one in which the owner became the owner.
	Epoch uint64
	// InDoubt says that the owner was asked for something about the shard and never
	// answered, so that it may run it or not.
	InDoubt bool
	// Move is the state of the shard's move, or empty when no upgrade moves it.
	Move lifecycle.MoveState
}

// SlaveStatus is what is known of one slave.
type SlaveStatus struct {
	Slave   SlaveID
	Role    Role
	Version string
	// Dialect is 1 or 2, or 0 before the first hello.
	Dialect int
	// Link is the state of its latest control link, or empty before the first.
	Link lifecycle.LinkState
	// StateLink says that its state link is up.
	StateLink bool
	// Launched says that this master started the process; PID is 0 otherwise.
	Launched bool
	PID      int
	// Unhealthy is why its bot says that it is not well, or empty.
	Unhealthy string
	// Missing says that an earlier master has written it down, and that it has not been
	// heard of since: what it may run is not started elsewhere.
	Missing bool
	// Shards are those that it owns, in order.
	Shards []int
}

// ShareStatus is what is known of one share of the shards.
type ShareStatus struct {
	Share  int
	State  lifecycle.ShareState
	Slave  SlaveID
	Shards []int
	// Exits counts the ends in a row before all shards ran.
	Exits int
}

// UpgradeStatus is what is known of the upgrade that runs.
type UpgradeStatus struct {
	Upgrade   UpgradeID
	State     lifecycle.UpgradeState
	NumShards int
	Sources   []SlaveID
	Targets   []SlaveID
	// Moved of Total shards run on the targets, InFlight are on their way.
	Moved, InFlight, Total int
	// Back says that the way is back to the sources. Pausing says that a pause was asked
	// for and comes when the slaves have answered.
	Back, Pausing bool
	// Failure is why the upgrade goes back, or is paused, or nil.
	Failure *UpgradeError
}

// Ranges writes ascending shard numbers shortly: "0-3,7". No shards give "none".
func Ranges(shards []int) string {
	if len(shards) == 0 {
		return "none"
	}
	var b strings.Builder
	for i := 0; i < len(shards); {
		j := i
		for j+1 < len(shards) && shards[j+1] == shards[j]+1 {
			j++
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(shards[i]))
		if j > i {
			b.WriteByte('-')
			b.WriteString(strconv.Itoa(shards[j]))
		}
		i = j + 1
	}
	return b.String()
}
