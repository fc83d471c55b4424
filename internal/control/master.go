package control

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/core"
)

// About is what a status says of the process around a master.
type About struct {
	// Listen is where its slaves connect, and Version that of this program.
	Listen, Version string
	// Journal is the path of its journal, or empty.
	Journal string
	// Lease is the one that its slaves are given, or 0.
	Lease time.Duration
}

// ForMaster returns a backend that commands the master.
func ForMaster(m *master.Master, about About) Backend { return &backend{m: m, about: about} }

type backend struct {
	m     *master.Master
	about About
}

// Status implements [Backend].
func (b *backend) Status() Status {
	status := statusOf(b.m.Status())
	status.PID, status.Version, status.Listen = os.Getpid(), b.about.Version, b.about.Listen
	status.Journal, status.Lease = b.about.Journal, Duration(b.about.Lease)
	if last := b.m.Ended(); last != nil {
		result := ResultOf(last.Wait(context.Background())) // it has ended
		status.Last = &result
	}
	return status
}

// Upgrade implements [Backend].
func (b *backend) Upgrade(ctx context.Context, plan Plan, progress func(Progress)) (Result, error) {
	before := b.m.Status()
	u, err := b.m.Upgrade(ctx, plan.master())
	if errors.Is(err, core.ErrNoSlave) {
		return Unserved(plan, before), nil
	}
	if err != nil {
		return Result{}, err
	}
	return b.follow(context.WithoutCancel(ctx), u, progress)
}

// Watch implements [Backend].
func (b *backend) Watch(ctx context.Context, progress func(Progress)) (Result, error) {
	u, err := b.m.Running(ctx)
	if err != nil {
		return Result{}, err
	}
	return b.follow(ctx, u, progress)
}

// follow tells how an upgrade goes and ends. The error is the context's.
func (b *backend) follow(ctx context.Context, u *master.Upgrade, progress func(Progress)) (Result, error) {
	told := false // why it is paused or goes back
	for {
		select {
		case p, more := <-u.Progress():
			if !more {
				// The progress ends with the upgrade, so there is nothing left to wait for.
				result, err := u.Wait(context.WithoutCancel(ctx))
				return ResultOf(result, err), nil
			}
			step := ProgressOf(p)
			switch wrong := step.Back || p.State == lifecycle.UpgradePaused; {
			case !wrong:
				told = false
			case !told:
				step.Failure = b.failure()
				told = step.Failure != nil
			}
			progress(step)
		case <-ctx.Done():
			return Result{}, ctx.Err()
		}
	}
}

// failure is why the upgrade that runs is paused or goes back, or nil.
func (b *backend) failure() *Failure {
	if u := b.m.Status().Upgrade; u != nil {
		return failureOf(u.Failure)
	}
	return nil
}

// Pause implements [Backend].
func (b *backend) Pause(ctx context.Context) error { return b.m.Pause(ctx) }

// Resume implements [Backend].
func (b *backend) Resume(ctx context.Context) error { return b.m.Resume(ctx) }

// Abort implements [Backend].
func (b *backend) Abort(ctx context.Context, reason string) error { return b.m.Abort(ctx, reason) }

// Forget implements [Backend]. A slave that is linked is not dead, and its shards
// would get a second owner.
func (b *backend) Forget(ctx context.Context, slave string) error {
	for _, s := range b.m.Status().Slaves {
		switch {
		case string(s.Slave) != slave:
		case s.Link.Usable(), s.Link == lifecycle.LinkWelcomed:
			return fmt.Errorf("slave %s is connected, so it is not dead: end its process first", slave)
		default:
			return b.m.Forget(ctx, slave)
		}
	}
	return fmt.Errorf("no slave is called %q: see baton status", slave)
}
