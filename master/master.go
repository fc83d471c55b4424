package master

import (
	"context"
	"net"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/shardbaton/baton/master/core"
)

// The core's types that are part of this package's surface. Package core also
// has the notices by their types.
type (
	// Status is a snapshot of what the master knows.
	Status = core.Status
	// Plan says what an upgrade shall do.
	Plan = core.Plan
	// Notice is one thing that happened: one of package core's notice types.
	Notice = core.Notice
	// UpgradeError says why an upgrade failed or did not begin.
	UpgradeError = core.UpgradeError
)

// Master coordinates the processes of one bot. Make it with [New]; its methods
// may be called from any goroutine.
type Master struct {
	cfg Config
	log *zap.Logger
	hub hub
	// inbox carries what happened to the loop, the one goroutine that steps the
	// core. Nobody sends once over is closed.
	inbox chan input
	over  chan struct{}

	// mu guards the core, phase and ended. The loop holds it for a step at a time, not
	// while it carries out what the core wants, so that Status is never far off.
	mu    sync.Mutex
	core  stepper
	phase phase
	// ended is the upgrade that ended last, or nil.
	ended *Upgrade
}

// stepper is what a [core.Core] does.
type stepper interface {
	Step(core.Event) []core.Effect
	Status() core.Status
}

// phase is how far a master's one life has got.
type phase int

const (
	unserved phase = iota
	serving
	stopped
)

// New returns a master that waits for [Master.Serve]. The error names every
// field of the config that cannot be used.
func New(cfg Config) (*Master, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	c, err := core.New(cfg.options())
	if err != nil {
		return nil, err
	}
	return newMaster(cfg, c), nil
}

// newMaster returns a master around a core; the config has its defaults.
func newMaster(cfg Config, c stepper) *Master {
	return &Master{
		cfg: cfg, log: cfg.Logger, core: c,
		inbox: make(chan input, inboxSize), over: make(chan struct{}),
	}
}

// Serve works until the context ends, then stops in order: an open upgrade is
// settled, the launched slaves are shut down and waited for; see
// [Config.StopTimeout]. A context whose cause is [ErrDetach] ends it at once
// instead and leaves all slaves running.
//
// Serve closes the listener, and returns when all it has started has ended but
// slaves that were left running. It returns nil after either end, [ErrServing]
// when it was called before, and the listener's error when that fails, with the
// slaves left running.
func (m *Master) Serve(ctx context.Context, l net.Listener) error {
	defer func() { _ = l.Close() }()
	addr, err := m.cfg.Addr, error(nil)
	if addr == "" {
		addr, err = dialable(l.Addr())
	}
	if err != nil {
		return err
	}
	m.mu.Lock()
	fresh := m.phase == unserved
	if fresh {
		m.phase = serving
	}
	m.mu.Unlock()
	if !fresh {
		return ErrServing
	}
	m.log.Info("master listens", zap.String("addr", addr))
	return newLoop(m, addr).run(ctx, l)
}

// Status returns a snapshot, before, while and after the master serves.
func (m *Master) Status() Status {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.core.Status()
}

// Subscribe returns a queue of everything that happens from now on; 0 gives it
// room for 256 events. Close it when it is no longer read.
func (m *Master) Subscribe(buffer int) *Subscription { return m.hub.add(buffer) }

// Forget tells the master that the process of a slave is dead, which it cannot
// find out by itself where it did not launch it: what the slave owned is started
// elsewhere. Said of a living slave this makes two owners of its shards.
func (m *Master) Forget(ctx context.Context, slave string) error {
	return m.ask(ctx, func(l *loop) { l.step(core.ForgetAsked{Slave: core.SlaveID(slave)}) })
}

// Upgrade begins an upgrade. The context bounds only the wait for its beginning;
// the upgrade goes on without it. The error is [ErrNotServing], [ErrStopped], the
// context's, or an [*UpgradeError] that says why the upgrade cannot begin, among
// them [ErrUpgradeOpen].
func (m *Master) Upgrade(ctx context.Context, plan Plan) (*Upgrade, error) {
	var u *Upgrade
	err := m.ask(ctx, func(l *loop) { u = l.beginUpgrade(plan) })
	if err != nil {
		return nil, err
	}
	if err := u.refusal(); err != nil {
		return nil, err
	}
	return u, nil
}

// Running returns a handle of the upgrade that runs, whoever has begun it, also one
// that was taken up from the journal. Its progress begins with how things stand; every
// call gives a handle with a progress of its own. The error is [ErrNoUpgrade],
// [ErrNotServing], [ErrStopped] or the context's.
func (m *Master) Running(ctx context.Context) (*Upgrade, error) {
	var u *Upgrade
	if err := m.ask(ctx, func(l *loop) { u = l.follow() }); err != nil {
		return nil, err
	}
	if u == nil {
		return nil, ErrNoUpgrade
	}
	return u, nil
}

// Pause has the upgrade that runs pause: shards on their way arrive and no other
// starts to move, until [Master.Resume] or [Master.Abort] is called or the plan's
// PauseLimit has passed. It returns when that is noted, not when it is so. The error
// is [ErrNoUpgrade], [ErrNotNow], [ErrNotServing], [ErrStopped] or the context's.
func (m *Master) Pause(ctx context.Context) error { return m.command(ctx, core.PauseAsked{}) }

// Resume has a paused upgrade go on. Errors are those of [Master.Pause].
func (m *Master) Resume(ctx context.Context) error { return m.command(ctx, core.ResumeAsked{}) }

// Abort has the upgrade that runs take every shard back to the old slaves, for this
// reason. It returns when that has begun; [Upgrade.Wait] tells the end. Past the point
// of no return the error is [ErrNotNow]; others are those of [Master.Pause].
func (m *Master) Abort(ctx context.Context, reason string) error {
	return m.command(ctx, core.AbortAsked{Reason: reason})
}

// command puts an operator's command to the core.
func (m *Master) command(ctx context.Context, e core.Event) error {
	var refusal error
	if err := m.ask(ctx, func(l *loop) {
		l.refusal = nil
		l.step(e)
		refusal = l.refusal
	}); err != nil {
		return err
	}
	return refusal
}

// ask has the loop call f and returns when it has. After an error f was not
// called, or the context ended before the answer.
func (m *Master) ask(ctx context.Context, f func(*loop)) error {
	m.mu.Lock()
	phase := m.phase
	m.mu.Unlock()
	switch phase {
	case unserved:
		return ErrNotServing
	case stopped:
		return ErrStopped
	}
	done := make(chan struct{})
	in := input{call: func(l *loop) { f(l); close(done) }}
	select {
	case m.inbox <- in:
	case <-m.over:
		return ErrStopped
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-done:
		return nil
	case <-m.over:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-done: // it was answered by the loop's last act
		return nil
	default:
		return ErrStopped
	}
}

// post hands the loop something that happened; it reports false when the loop
// has ended.
func (m *Master) post(in input) bool {
	select {
	case m.inbox <- in:
		return true
	case <-m.over:
		return false
	}
}

// publish tells the log and then subscribers: who acts on a notice finds it there.
func (m *Master) publish(n Notice, at time.Time) {
	logNotice(m.log, n)
	m.hub.publish(Event{At: at, Notice: n})
}
