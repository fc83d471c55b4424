package core

import (
	"slices"

	"github.com/shardbaton/baton/wire"
)

// request is something that the slave as a whole was asked for.
type request struct {
	event     wire.EventType
	numShards int
	shards    []wire.ShardInfo // ascending
	from      bool             // of a migration: shards leave
	dialect   int
	// link is the control link's running number: an answer goes to the link on
	// which it was asked for, or to none.
	link uint64
	// own marks a request of this slave to itself, which nobody awaits.
	own bool
}

// order is something that was asked of one shard.
type order struct {
	event wire.EventType
	epoch uint64
	link  uint64
	// answer is what was answered, to be said again when asked again.
	answer *answer
	// want is the Resume, for event EvtResume.
	want *wire.ResumeShardData
	// session is the one to start with, for a begin.
	session Session
	// own marks an order of this slave to itself, which nobody awaits.
	own bool
}

// answer is a message that was, or would have been, sent.
type answer struct {
	event wire.EventType
	data  any
}

// cause is why something failed.
type cause struct{ code, text string }

// numbers returns the shards of a list, ascending.
func numbers(list []wire.ShardInfo) []int {
	out := make([]int, len(list))
	for i, s := range list {
		out[i] = s.Shard
	}
	return out
}

// ascending returns the list ordered by shard, each shard once.
func ascending(list []wire.ShardInfo) []wire.ShardInfo {
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(a, b wire.ShardInfo) int { return a.Shard - b.Shard })
	return slices.CompactFunc(out, func(a, b wire.ShardInfo) bool { return a.Shard == b.Shard })
}

// everyShard lists all shards of a bot, for dialect 1, which names none.
func everyShard(n int) []wire.ShardInfo {
	out := make([]wire.ShardInfo, n)
	for i := range out {
		out[i].Shard = i
	}
	return out
}
