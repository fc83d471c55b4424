package master

import (
	"errors"
	"fmt"

	"github.com/shardbaton/baton/master/core"
)

var (
	// ErrNotServing says that the call needs a running [Master.Serve].
	ErrNotServing = errors.New("master: not serving: call Serve first, and from another goroutine")
	// ErrServing says that Serve was called although it is running or has run before. A
	// Master lives once; make another with New.
	ErrServing = errors.New("master: Serve was called before: make another Master with New")
	// ErrStopped says that the master ended before the call was answered.
	ErrStopped = errors.New("master: stopped")
	// ErrDetach is the cause to cancel the context of [Master.Serve] with when
	// the launched slaves are to go on without a master:
	//
	//	ctx, cancel := context.WithCancelCause(ctx)
	//	...
	//	cancel(master.ErrDetach)
	ErrDetach = errors.New("master: detached: the slaves go on without a master")
	// ErrStopTimeout says that the master gave up an orderly stop; see Config.StopTimeout.
	ErrStopTimeout = errors.New("master: not everything had ended in time at the stop: some slaves may still run")
	// ErrUpgradeOpen says that an upgrade was asked for while another runs.
	ErrUpgradeOpen = core.ErrBusy
	// ErrNoUpgrade says that no upgrade runs that could be paused, resumed or aborted.
	ErrNoUpgrade = core.ErrNoUpgrade
	// ErrNotNow says that the upgrade is not in a state in which that can be asked.
	ErrNotNow = core.ErrNotNow
	// ErrNoCommand says that a slave is to be launched, but no command was configured.
	ErrNoCommand = errors.New("master: no command to launch: set Config.Command or Plan.Command")
	// ErrInsecure says that the address can be reached by others than this host's own
	// processes, and connections to it would not be authenticated.
	ErrInsecure = errors.New("not a loopback address, and nothing would authenticate who connects: use a unix socket or a loopback address, or allow it explicitly")
	// ErrJournal says that the journal cannot be written. The master goes on, but gives
	// nothing to slaves that the journal does not know, and finishes no upgrade.
	ErrJournal = errors.New("the journal cannot be written")
	// ErrInUse says that another process, most likely another master, listens already.
	ErrInUse = errors.New("a master is already running there")
	// ErrAddress says that the text is not an address in one of the known forms.
	ErrAddress = errors.New(`not an address: want "unix:/path", "/path", "tcp:host:port" or "host:port"`)
)

// AddrError says why an address cannot be listened on. It wraps [ErrAddress],
// [ErrInsecure], [ErrInUse] or the system's error.
type AddrError struct {
	// Addr is the address as it was given.
	Addr string
	Err  error
}

// Error names the address and the reason.
func (e *AddrError) Error() string { return fmt.Sprintf("listen on %q: %v", e.Addr, e.Err) }

// Unwrap returns the reason.
func (e *AddrError) Unwrap() error { return e.Err }
