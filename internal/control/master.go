package control

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/core"
)

// ForMaster returns a backend that commands the master. listen is where its
// slaves connect, version that of this program; both are for the status alone.
func ForMaster(m *master.Master, listen, version string) Backend {
	return &backend{m: m, listen: listen, version: version}
}

type backend struct {
	m               *master.Master
	listen, version string
}

// Status implements [Backend].
func (b *backend) Status() Status {
	status := statusOf(b.m.Status())
	status.PID, status.Version, status.Listen = os.Getpid(), b.version, b.listen
	return status
}

// Upgrade implements [Backend].
func (b *backend) Upgrade(ctx context.Context, plan Plan, progress func(Progress)) (Result, error) {
	before := b.m.Status()
	u, err := b.m.Upgrade(ctx, plan.master())
	if errors.Is(err, core.ErrNoSlave) {
		return unserved(plan, before), nil
	}
	if err != nil {
		return Result{}, err
	}
	for p := range u.Progress() {
		progress(ProgressOf(p))
	}
	// The progress ends with the upgrade, so there is nothing left to wait for.
	result, err := u.Wait(context.WithoutCancel(ctx))
	return ResultOf(result, err), nil
}

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

// master is the plan in the master's words.
func (p Plan) master() master.Plan {
	plan := master.Plan{NumShards: p.NumShards, Parallel: p.Parallel, Command: p.Command}
	for _, id := range p.Slaves {
		plan.Slaves = append(plan.Slaves, core.SlaveID(id))
	}
	return plan
}
