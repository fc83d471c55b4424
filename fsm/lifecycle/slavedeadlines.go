package lifecycle

import (
	"errors"
	"fmt"
	"time"
)

// SlaveDeadlines says how long a slave waits for its bot, and for state that is
// on its way. A field that is zero means its default.
type SlaveDeadlines struct {
	// Prepare bounds SoftStart, StartShardTransferFrom and StartShardTransferTo.
	// Default 30 s.
	Prepare time.Duration
	// FullStart bounds FullStart. Default 60 s.
	FullStart time.Duration
	// Shutdown bounds Shutdown. Default 60 s.
	Shutdown time.Duration
	// Copy bounds the pre-copy of a shard. Default 60 s.
	Copy time.Duration
	// Arm bounds the early dial of a shard. Default 5 s.
	Arm time.Duration
	// Stop bounds letting go of a shard, its state included. Default 30 s.
	Stop time.Duration
	// Load bounds taking in one record. Default 10 s.
	Load time.Duration
	// State bounds the wait for the records that are missing when the session is
	// there; every record that arrives starts it anew. Default 15 s.
	State time.Duration
	// Start bounds starting a shard, until the gateway has said RESUMED or READY.
	// Default 60 s.
	Start time.Duration
	// Identify is what Start grows by for every other shard that is starting
	// without a session: the gateway lets in one IDENTIFY every 5 s, or a few.
	// Default 6 s.
	Identify time.Duration
	// Health bounds one health check. Default 5 s.
	Health time.Duration
	// Grace is how much longer a callback may take to heed the end of its context
	// before it counts as overdue. Default 1 s.
	Grace time.Duration
}

// fields lists every field with its name and default.
func (d *SlaveDeadlines) fields() []slaveDeadline {
	return []slaveDeadline{
		{"Prepare", &d.Prepare, 30 * time.Second},
		{"FullStart", &d.FullStart, time.Minute},
		{"Shutdown", &d.Shutdown, time.Minute},
		{"Copy", &d.Copy, time.Minute},
		{"Arm", &d.Arm, 5 * time.Second},
		{"Stop", &d.Stop, 30 * time.Second},
		{"Load", &d.Load, 10 * time.Second},
		{"State", &d.State, 15 * time.Second},
		{"Start", &d.Start, time.Minute},
		{"Identify", &d.Identify, 6 * time.Second},
		{"Health", &d.Health, 5 * time.Second},
		{"Grace", &d.Grace, time.Second},
	}
}

type slaveDeadline struct {
	name  string
	value *time.Duration
	usual time.Duration
}

// The names of the deadlines in the tables of the slave's side.
// BotShardsDeadline is made of Start and Identify, for as many shards as there are.
const (
	BotPrepareDeadline   = "bot prepare"
	BotFullStartDeadline = "bot full start"
	BotShutdownDeadline  = "bot shutdown"
	BotCopyDeadline      = "bot copy"
	BotStopDeadline      = "bot stop"
	BotStartDeadline     = "bot start"
	BotShardsDeadline    = "bot shards"
	BotStateDeadline     = "bot state"
)

// OrDefault returns a copy in which every zero field has its default.
func (d SlaveDeadlines) OrDefault() SlaveDeadlines {
	for _, f := range d.fields() {
		if *f.value == 0 {
			*f.value = f.usual
		}
	}
	return d
}

// Validate returns one error that names every negative field, or nil.
func (d SlaveDeadlines) Validate() error {
	var errs []error
	for _, f := range d.fields() {
		if *f.value < 0 {
			errs = append(errs, fmt.Errorf("Deadlines.%s is %v: want 0 for the default (%v) or more", f.name, *f.value, f.usual))
		}
	}
	return errors.Join(errs...)
}
