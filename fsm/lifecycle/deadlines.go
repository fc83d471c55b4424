package lifecycle

import (
	"errors"
	"fmt"
	"time"
)

// The names of the deadlines in the master's tables.
const (
	HelloDeadline     = "hello"
	StateLinkDeadline = "state link"
	SilenceDeadline   = "silence"
	ReturnDeadline    = "return"
	RelaunchDeadline  = "relaunch"
	LaunchDeadline    = "launch"
	AppearDeadline    = "appear"
	TurnDeadline      = "turn"
	ColdStartDeadline = "cold start"
	KillDeadline      = "kill"
	BackOffDeadline   = "back-off"
	PrepareDeadline   = "prepare"
	CopyDeadline      = "copy"
	ArmDeadline       = "arm"
	StopDeadline      = "stop"
	HandOverDeadline  = "hand over"
	ResumeDeadline    = "resume"
	GiveBackDeadline  = "give back"
	ProgressDeadline  = "progress"
	FullStartDeadline = "full start"
	SoftStartDeadline = "soft start"
	CutOverDeadline   = "cut over"
	RetireDeadline    = "retire"
	SettleDeadline    = "settle"
	RestoreDeadline   = "restore"
	DrainDeadline     = "drain"
	JournalDeadline   = "journal"
	PauseDeadline     = "pause"
	LeaseDeadline     = "lease"
	// HoldDeadline and ProofDeadline are as long as the upgrade's plan says.
	HoldDeadline  = "hold"
	ProofDeadline = "proof"
	// TotalDeadline bounds a whole upgrade; no state waits for it alone.
	TotalDeadline = "total"
)

// Deadlines says how long the master waits. A field that is zero means its
// default. Where the slave has a deadline for the same thing, the master's is
// longer, so that it hears the slave's own reason first.
//
// The back-off before a relaunch is not here: it grows, see core.Options.
type Deadlines struct {
	// Hello bounds the wait for the first frame of a connection. Default 10 s.
	Hello time.Duration
	// StateLink bounds the wait for a slave's state link while its control link is
	// up. Default 15 s.
	StateLink time.Duration
	// Silence is how long a slave may send nothing before its link counts as lost.
	// Default 10 s, ten heartbeats: a busy machine may keep a slave, or the master,
	// from running for seconds, and a link that is cut loses the state on its way.
	Silence time.Duration
	// Return is after how long a lost slave is reported as missing. Default 15 s.
	Return time.Duration
	// Relaunch is how long a new master waits for an earlier one's slaves before it
	// launches its own. Default 15 s.
	Relaunch time.Duration
	// Launch bounds starting a process. Default 30 s.
	Launch time.Duration
	// Appear bounds the wait until a launched, or awaited, slave is linked.
	// Default 60 s.
	Appear time.Duration
	// Turn bounds the wait of a slave that is ready for its cold start until those
	// before it have started. Default 10 min.
	Turn time.Duration
	// ColdStart bounds the wait for the next shard, or the end, of a cold start.
	// Default 5 min: the bot may have to wait for the gateway's IDENTIFY limits.
	ColdStart time.Duration
	// Kill bounds the wait for a killed process to end. Default 10 s.
	Kill time.Duration
	// Prepare bounds preparing slaves for a migration. Default 45 s.
	Prepare time.Duration
	// Copy bounds sending a shard's state ahead. Default 75 s.
	Copy time.Duration
	// Arm bounds applying that state, and the early dial. Default 75 s.
	Arm time.Duration
	// Stop bounds letting go of a shard. Default 45 s.
	Stop time.Duration
	// HandOver bounds the wait of a stopped shard for a target that is not linked.
	// Default 10 s.
	HandOver time.Duration
	// Resume bounds starting a shard on its new owner. Default 90 s.
	Resume time.Duration
	// GiveBack bounds starting a shard again on its old owner. Default 90 s.
	GiveBack time.Duration
	// Progress bounds the wait for the next shard to arrive while shards are moved.
	// Default 5 min: more than the sum of one move's deadlines.
	Progress time.Duration
	// FullStart bounds the new slaves' full start. Default 75 s.
	FullStart time.Duration
	// SoftStart bounds the wait for the next shard of a soft start. Default 5 min.
	SoftStart time.Duration
	// CutOver bounds the wait until the old slaves have stopped handling events.
	// Default 15 s.
	CutOver time.Duration
	// Retire bounds the wait for the old slaves' end. Default 75 s.
	Retire time.Duration
	// Settle bounds the wait for the next move to come to rest after a failure.
	// Default 5 min.
	Settle time.Duration
	// Restore bounds bringing the slaves back to service after that. Default 75 s.
	Restore time.Duration
	// Drain bounds the wait for an upgrade to be settled when the master is asked to
	// stop. Default 10 min.
	Drain time.Duration
	// Journal bounds the wait until the journal is safe. Default 30 s.
	Journal time.Duration
	// Pause is how long an upgrade may be paused before it goes back. Default 1 h.
	Pause time.Duration
	// Total bounds an upgrade up to the point where it is done or turns back. Default
	// 4 h.
	Total time.Duration
}

// deadline is one field of Deadlines.
type deadline struct {
	name, field string
	value       *time.Duration
	usual       time.Duration
}

// fields lists every field with its name in the tables and its default.
func (d *Deadlines) fields() []deadline {
	return []deadline{
		{HelloDeadline, "Hello", &d.Hello, 10 * time.Second},
		{StateLinkDeadline, "StateLink", &d.StateLink, 15 * time.Second},
		{SilenceDeadline, "Silence", &d.Silence, 10 * time.Second},
		{ReturnDeadline, "Return", &d.Return, 15 * time.Second},
		{RelaunchDeadline, "Relaunch", &d.Relaunch, 15 * time.Second},
		{LaunchDeadline, "Launch", &d.Launch, 30 * time.Second},
		{AppearDeadline, "Appear", &d.Appear, time.Minute},
		{TurnDeadline, "Turn", &d.Turn, 10 * time.Minute},
		{ColdStartDeadline, "ColdStart", &d.ColdStart, 5 * time.Minute},
		{KillDeadline, "Kill", &d.Kill, 10 * time.Second},
		{PrepareDeadline, "Prepare", &d.Prepare, 45 * time.Second},
		{CopyDeadline, "Copy", &d.Copy, 75 * time.Second},
		{ArmDeadline, "Arm", &d.Arm, 75 * time.Second},
		{StopDeadline, "Stop", &d.Stop, 45 * time.Second},
		{HandOverDeadline, "HandOver", &d.HandOver, 10 * time.Second},
		{ResumeDeadline, "Resume", &d.Resume, 90 * time.Second},
		{GiveBackDeadline, "GiveBack", &d.GiveBack, 90 * time.Second},
		{ProgressDeadline, "Progress", &d.Progress, 5 * time.Minute},
		{FullStartDeadline, "FullStart", &d.FullStart, 75 * time.Second},
		{SoftStartDeadline, "SoftStart", &d.SoftStart, 5 * time.Minute},
		{CutOverDeadline, "CutOver", &d.CutOver, 15 * time.Second},
		{RetireDeadline, "Retire", &d.Retire, 75 * time.Second},
		{SettleDeadline, "Settle", &d.Settle, 5 * time.Minute},
		{RestoreDeadline, "Restore", &d.Restore, 75 * time.Second},
		{DrainDeadline, "Drain", &d.Drain, 10 * time.Minute},
		{JournalDeadline, "Journal", &d.Journal, 30 * time.Second},
		{PauseDeadline, "Pause", &d.Pause, time.Hour},
		{TotalDeadline, "Total", &d.Total, 4 * time.Hour},
	}
}

// OrDefault returns a copy in which every zero field has its default.
func (d Deadlines) OrDefault() Deadlines {
	for _, f := range d.fields() {
		if *f.value == 0 {
			*f.value = f.usual
		}
	}
	return d
}

// Validate returns one error that names every negative field, or nil.
func (d Deadlines) Validate() error {
	var errs []error
	for _, f := range d.fields() {
		if *f.value < 0 {
			errs = append(errs, fmt.Errorf("Deadlines.%s is %v: want 0 for the default (%v) or more", f.field, *f.value, f.usual))
		}
	}
	return errors.Join(errs...)
}

// ByName returns the durations by the names that the tables use. The map is the
// caller's own.
func (d Deadlines) ByName() map[string]time.Duration {
	m := make(map[string]time.Duration)
	for _, f := range d.fields() {
		m[f.name] = *f.value
	}
	return m
}
