package core

import "github.com/shardbaton/baton/wire"

// Event is something that happened. The set is closed.
type Event interface{ event() }

// Started is the first event: the master listens.
type Started struct {
	// Record is what an earlier master has written down, or nil.
	Record *Record
}

// Journaled says that every [Journal] up to this number outlives the process and
// the machine.
type Journaled struct{ Seq uint64 }

// Attached says that the process of a slave of an earlier master was found: its
// end will be reported by [Exited], and [Kill] ends it.
type Attached struct {
	Slave SlaveID
	PID   int
}

// PauseAsked asks the upgrade that runs to pause: shards on their way arrive and
// no other starts. It is answered by [Refuse] in the same Step when it cannot.
type PauseAsked struct{}

// ResumeAsked asks a paused upgrade to go on. It is answered by [Refuse] in the
// same Step when it cannot.
type ResumeAsked struct{}

// AbortAsked asks the upgrade that runs to go back. It is answered by [Refuse] in
// the same Step when it cannot.
type AbortAsked struct{ Reason string }

// Opened says that a connection was made on which a slave's control link is
// expected.
type Opened struct{ Link LinkID }

// Received is one frame of a control link.
type Received struct {
	Link LinkID
	Type wire.EventType
	// Data is the decoded body: a pointer to the struct that wire names for the
	// type, or nil for an event without a body. The core keeps none of it beyond
	// Step but the sessions' strings and digests.
	Data any
	// Body is the undecoded body of a dialect 1 EvtGuildState, and only of that.
	// It goes into [Forward] as it is.
	Body []byte
}

// Lost says that a connection ended, for whatever reason. It proves nothing
// about the process behind it.
type Lost struct {
	Link   LinkID
	Reason string
}

// StateUp says that the slave's state link was made: the caller can route records
// to and from it.
type StateUp struct{ Slave SlaveID }

// StateLost says that the slave's state link ended.
type StateLost struct{ Slave SlaveID }

// Launched says that a process asked for by [Launch] was started.
type Launched struct {
	Slave SlaveID
	PID   int
}

// LaunchFailed says that it was not, and that there is no such process.
type LaunchFailed struct {
	Slave  SlaveID
	Reason string
}

// Exited says that a launched process has ended. It is proof: the process holds
// no shard any more.
type Exited struct {
	Slave SlaveID
	// Code is the exit status, or -1 when a signal ended the process.
	Code   int
	Reason string
}

// Fired says that a timer ran out.
type Fired struct{ Timer Timer }

// UpgradeAsked is the operator's wish. It is answered by [Finish] in the same
// Step when it cannot begin.
type UpgradeAsked struct {
	// Upgrade is unique and not empty.
	Upgrade UpgradeID
	Plan    Plan
}

// ForgetAsked is the operator's word that a slave's process is dead: proof that
// the core has no way to get by itself.
type ForgetAsked struct{ Slave SlaveID }

// StopAsked asks for an orderly end: an open upgrade is settled, the launched
// slaves are shut down and waited for, then comes [Halt]. Slaves that were not
// launched go on without a master. Asked again, it stops waiting for the upgrade,
// and then for the slaves.
type StopAsked struct{}

func (Started) event()      {}
func (Opened) event()       {}
func (Received) event()     {}
func (Lost) event()         {}
func (StateUp) event()      {}
func (StateLost) event()    {}
func (Launched) event()     {}
func (LaunchFailed) event() {}
func (Exited) event()       {}
func (Fired) event()        {}
func (UpgradeAsked) event() {}
func (ForgetAsked) event()  {}
func (StopAsked) event()    {}
func (Journaled) event()    {}
func (Attached) event()     {}
func (PauseAsked) event()   {}
func (ResumeAsked) event()  {}
func (AbortAsked) event()   {}
