package core

import (
	"slices"
	"time"
)

// Record is what a master writes down of what it knows, so that the next one
// decides nothing from less. Who exists is written before it is acted upon; who
// owns what, and the sessions, may be older than the truth, because those who
// exist say it when they are back.
type Record struct {
	// Shards has one entry for each shard; it is empty while their number is unknown.
	Shards []ShardRecord
	// Slaves are those that are not known to be dead, in the order in which they
	// became known.
	Slaves []SlaveRecord
	// Upgrade is the one that is open, or nil.
	Upgrade *UpgradeRecord
	// Command is what is launched; nil is the caller's default.
	Command []string
}

// ShardRecord is what is written down of a shard.
type ShardRecord struct {
	// Owner may run the shard since Epoch; empty: nobody may.
	Owner SlaveID
	Epoch uint64
	// Issued is the last epoch that was used for the shard.
	Issued uint64
	// Session is the one that its owner has reported last; zero: none.
	Session Session
}

// Session is what a RESUME needs. The zero Session is none.
type Session struct {
	ID string
	// Sequence is that of the last event whose handler has finished.
	Sequence  int64
	ResumeURL string
}

// SlaveRecord is what is written down of a slave.
type SlaveRecord struct {
	Slave SlaveID
	// Dialect is 1 or 2, or 0 before the first hello.
	Dialect int
	// Launched says that a master has started the process.
	Launched bool
	// Ending says that it was told to shut down.
	Ending bool
	// Lease is the one that it was given; 0: none.
	Lease time.Duration
}

// UpgradeRecord is what is written down of an open upgrade.
type UpgradeRecord struct {
	Upgrade UpgradeID
	Plan    Plan
	// NumShards is the number of shards afterwards.
	NumShards int
	// Soft says that it is another number than before.
	Soft bool
	// Parts are those who take part, the old slaves first.
	Parts []PartRecord
	// Committed says that it is past the point of no return: the old slaves are told
	// to end.
	Committed bool
}

// PartRecord is a slave's part in an upgrade.
type PartRecord struct {
	Slave SlaveID
	// Source says that it is one of the old slaves.
	Source bool
	// Shards are those that it is to get.
	Shards []int
}

// Change is one thing that is different in a [Record] from now on. The set is
// closed.
type Change interface{ apply(*Record) }

// SlaveKnown adds a slave, or replaces what is written of it.
type SlaveKnown struct{ SlaveRecord }

// SlaveGone removes a slave: it is known to be dead.
type SlaveGone struct{ Slave SlaveID }

// ShardCount sets the number of shards, whose entries are then empty but for
// Issued.
type ShardCount struct{ Shards int }

// ShardChanged replaces what is written of a shard.
type ShardChanged struct {
	Shard int
	ShardRecord
}

// UpgradeChanged replaces what is written of the open upgrade; nil: none is.
type UpgradeChanged struct{ Upgrade *UpgradeRecord }

// CommandChanged replaces what is launched.
type CommandChanged struct{ Command []string }

// Apply makes a change. Changes are applied in the order of their [Journal]
// effects; applying one twice is the same as once.
func (r *Record) Apply(c Change) { c.apply(r) }

// Clone returns a copy that shares nothing that Apply changes.
func (r *Record) Clone() *Record {
	if r == nil {
		return nil
	}
	d := *r
	d.Shards, d.Slaves = slices.Clone(r.Shards), slices.Clone(r.Slaves)
	return &d
}

func (c SlaveKnown) apply(r *Record) {
	for i := range r.Slaves {
		if r.Slaves[i].Slave == c.Slave {
			r.Slaves[i] = c.SlaveRecord
			return
		}
	}
	r.Slaves = append(r.Slaves, c.SlaveRecord)
}

func (c SlaveGone) apply(r *Record) {
	r.Slaves = slices.DeleteFunc(r.Slaves, func(s SlaveRecord) bool { return s.Slave == c.Slave })
}

func (c ShardCount) apply(r *Record) {
	shards := make([]ShardRecord, max(c.Shards, 0))
	for i := range min(len(shards), len(r.Shards)) {
		shards[i].Issued = r.Shards[i].Issued
	}
	r.Shards = shards
}

func (c ShardChanged) apply(r *Record) {
	if c.Shard >= 0 && c.Shard < len(r.Shards) {
		r.Shards[c.Shard] = c.ShardRecord
	}
}

func (c UpgradeChanged) apply(r *Record) { r.Upgrade = c.Upgrade }

func (c CommandChanged) apply(r *Record) { r.Command = c.Command }
