package core

import (
	"errors"
	"fmt"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
)

// Options configure a core. The zero value is usable: it launches nothing and
// takes the number of shards from the first slave.
type Options struct {
	// Shards is the number of shards of the whole bot. 0: the first hello's.
	Shards int
	// Slaves is how many slaves share the shards. 0: 1.
	Slaves int
	// MaxShardsPerSlave raises the number of slaves until none has more. 0: no
	// limit.
	MaxShardsPerSlave int
	// Parallel is how many shards move at once. 0: 8.
	Parallel int
	// CanLaunch says that the caller can carry out [Launch] and [Kill].
	CanLaunch bool
	// StartNow launches at once instead of waiting, for Deadlines.Relaunch, whether
	// an earlier master's slaves come back.
	StartNow bool
	// UpgradeOnHello begins an upgrade when as many slaves as it needs have
	// connected by themselves, as the seed does.
	UpgradeOnHello bool
	// SlavePrefix comes before the ids that the core gives to slaves. It must
	// differ between two lives of a master. Empty: "s".
	SlavePrefix string
	// Heartbeat is how often a slave is told to report. 0: 1 s.
	Heartbeat time.Duration
	// BackOff is the wait before the first relaunch of a slave that ended; it
	// doubles with each end in a row up to BackOffLimit. 0: 1 s and 60 s.
	BackOff, BackOffLimit time.Duration
	// BackOffJitter is the part by which that wait varies. 0: 0.2.
	BackOffJitter float64
	// MaxExits is after how many ends in a row, before all shards ran, relaunching
	// is given up. 0: 5.
	MaxExits int
	// Journal says that the caller can carry out [Journal].
	Journal bool
	// Lease is how long a slave may serve without an answer from the master. 0: for
	// ever.
	Lease time.Duration
	// LeaseMargin is how much longer than the lease the master waits, from the last
	// heartbeat that it answered, before it gives the slave's shards to others. 0: half
	// of the lease, and at least 1 s.
	LeaseMargin time.Duration
	// Deadlines bound every wait.
	Deadlines lifecycle.Deadlines

	// Tables are for tests: a search proves nothing if it does not fail on a table
	// that is wrong. nil: [StandardTables].
	Tables *Tables
	// Trace is told each row that is taken, by its index in the table. nil: nobody is.
	Trace func(table string, row int)
}

// Validate returns one error that names every field that is out of range, or nil.
func (o Options) Validate() error {
	var errs []error
	atLeast0 := func(name string, value int) {
		if value < 0 {
			errs = append(errs, fmt.Errorf("%s is %d: want 0 for the default, or more", name, value))
		}
	}
	atLeast0("Shards", o.Shards)
	atLeast0("Slaves", o.Slaves)
	atLeast0("MaxShardsPerSlave", o.MaxShardsPerSlave)
	atLeast0("Parallel", o.Parallel)
	atLeast0("MaxExits", o.MaxExits)
	for _, d := range []struct {
		name  string
		value time.Duration
	}{{"Heartbeat", o.Heartbeat}, {"Lease", o.Lease}, {"LeaseMargin", o.LeaseMargin}, {"BackOff", o.BackOff}, {"BackOffLimit", o.BackOffLimit}} {
		if d.value < 0 {
			errs = append(errs, fmt.Errorf("%s is %v: want 0 for the default, or more", d.name, d.value))
		}
	}
	if o.BackOffJitter < 0 || o.BackOffJitter >= 1 {
		errs = append(errs, fmt.Errorf("BackOffJitter is %v: want 0 for the default, or a part below 1", o.BackOffJitter))
	}
	if beat := or(o.Heartbeat, time.Second); o.Lease > 0 && o.Lease < 3*beat {
		errs = append(errs, fmt.Errorf("Lease is %v with a heartbeat every %v: want at least three heartbeats, or a slave stops whenever one is late", o.Lease, beat))
	}
	if o.Shards > maxShards {
		errs = append(errs, fmt.Errorf("Shards is %d: want at most %d", o.Shards, maxShards))
	}
	if o.Shards > 0 && o.Slaves > o.Shards {
		errs = append(errs, fmt.Errorf("Slaves is %d for %d Shards: want at most one slave a shard", o.Slaves, o.Shards))
	}
	errs = append(errs, o.Deadlines.Validate())
	return errors.Join(errs...)
}

// withDefaults returns a copy in which every zero field has its default.
func (o Options) withDefaults() Options {
	o.Slaves = or(o.Slaves, 1)
	o.Parallel = or(o.Parallel, 8)
	o.SlavePrefix = or(o.SlavePrefix, "s")
	o.Heartbeat = or(o.Heartbeat, time.Second)
	o.BackOff = or(o.BackOff, time.Second)
	o.BackOffLimit = max(or(o.BackOffLimit, time.Minute), o.BackOff)
	o.BackOffJitter = or(o.BackOffJitter, 0.2)
	o.MaxExits = or(o.MaxExits, 5)
	if o.Deadlines.Silence == 0 {
		o.Deadlines.Silence = 10 * o.Heartbeat
	}
	o.Deadlines = o.Deadlines.OrDefault()
	if o.Tables == nil {
		t := StandardTables()
		o.Tables = &t
	}
	return o
}

// or returns the value, or the default when it is zero.
func or[T comparable](value, usual T) T {
	var zero T
	if value == zero {
		return usual
	}
	return value
}
