package core

import (
	"errors"
	"fmt"

	"github.com/shardbaton/baton/fsm/lifecycle"
)

// Kinds of failures, for errors.Is on a [Problem] or a [Result].
var (
	// ErrPlan: the plan contradicts itself or the present state.
	ErrPlan = errors.New("impossible plan")
	// ErrBusy: another upgrade runs.
	ErrBusy = errors.New("another upgrade runs")
	// ErrStarting: a slave is still at its cold start.
	ErrStarting = errors.New("a slave is still starting")
	// ErrNoSlave: there is no slave to replace.
	ErrNoSlave = errors.New("no slave to replace")
	// ErrStopping: the master is being stopped.
	ErrStopping = errors.New("the master stops")
	// ErrLaunch: a process could not be launched.
	ErrLaunch = errors.New("launch failed")
	// ErrDeadline: somebody did not answer in time.
	ErrDeadline = errors.New("deadline passed")
	// ErrDied: a slave's process ended.
	ErrDied = errors.New("slave died")
	// ErrMissing: a slave lost its link and has not come back.
	ErrMissing = errors.New("slave is missing")
	// ErrReported: a slave said that it could not do what it was asked for.
	ErrReported = errors.New("slave reported a failure")
	// ErrDialect: the slaves cannot do that together, or not in dialect 1.
	ErrDialect = errors.New("not possible in this dialect")
	// ErrProtocol: a message does not fit the state of what it is about.
	ErrProtocol = errors.New("unexpected message")
	// ErrStale: a message is of an older epoch or answers a question that is no
	// longer open.
	ErrStale = errors.New("stale message")
	// ErrRefused: a connection was refused.
	ErrRefused = errors.New("hello refused")
	// ErrConflict: a slave says that it runs a shard that is another's.
	ErrConflict = errors.New("shard has another owner")
	// ErrGaveUp: the bot ended too often in a row before all of its shards ran.
	ErrGaveUp = errors.New("gave up relaunching")
	// ErrState: a shard's state is incomplete.
	ErrState = errors.New("state incomplete")
	// ErrUnhealthy: a new slave's bot says that it is not well.
	ErrUnhealthy = errors.New("bot is unhealthy")
	// ErrAborted: the operator asked for the way back.
	ErrAborted = errors.New("aborted")
	// ErrRestarted: the master died in the middle of the upgrade.
	ErrRestarted = errors.New("the master was restarted")
	// ErrNoUpgrade: no upgrade runs that could be paused, resumed or aborted.
	ErrNoUpgrade = errors.New("no upgrade runs")
	// ErrNotNow: the upgrade is not in a state in which that can be asked of it.
	ErrNotNow = errors.New("not possible now")
	// ErrLease: a slave was not heard of for longer than its lease.
	ErrLease = errors.New("lease ran out")
	// ErrUnaccounted: a slave that an earlier master has written down has not reported
	// yet.
	ErrUnaccounted = errors.New("a slave of an earlier master is missing")
	// ErrInternal: the core broke its own rules.
	ErrInternal = errors.New("internal error")
)

// UpgradeError says why an upgrade failed or could not begin.
type UpgradeError struct {
	Upgrade UpgradeID
	// Step is the state in which the upgrade was when it failed, or empty when it did
	// not begin.
	Step lifecycle.UpgradeState
	// Reverted says that everything is as it was before.
	Reverted bool
	// Slave is the one that failed, or empty.
	Slave SlaveID
	// Shard is the one at which it failed, or -1.
	Shard int
	// Kind is one of the Err values of this package.
	Kind error
	// Reason says what was expected and what came.
	Reason string
}

// Error names the upgrade, the step, and who failed at what.
func (e *UpgradeError) Error() string {
	s := fmt.Sprintf("upgrade %s", e.Upgrade)
	switch {
	case e.Step == "":
		s += " did not begin"
	case e.Reverted:
		s += fmt.Sprintf(" was reverted, because it failed at %q", e.Step)
	default:
		s += fmt.Sprintf(" failed at %q", e.Step)
	}
	if e.Slave != "" {
		s += fmt.Sprintf(", slave %s", e.Slave)
	}
	if e.Shard >= 0 {
		s += fmt.Sprintf(", shard %d", e.Shard)
	}
	s += ": " + e.Kind.Error()
	if e.Reason != "" {
		s += ": " + e.Reason
	}
	return s
}

// Unwrap returns the kind.
func (e *UpgradeError) Unwrap() error { return e.Kind }
