package simulate

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master"
)

// reign is the time of one master.
type reign struct {
	world  *world
	m      *master.Master
	host   *host
	end    context.CancelCauseFunc
	served chan struct{} // closed when Serve has returned
	err    error         // from then on
	dead   chan struct{} // closed when it is killed

	mu     sync.Mutex
	frozen time.Time
}

// crown starts a master, which all slaves find from now on.
func (w *world) crown() error {
	w.mu.Lock()
	w.masters++
	number := w.masters
	w.mu.Unlock()
	name := fmt.Sprintf("m%d", number)
	r := &reign{world: w, served: make(chan struct{}), dead: make(chan struct{})}
	cfg := master.Config{
		Launcher: r.launcher(), Addr: "unix:/simulated",
		Shards: w.scenario.shards, Slaves: w.scenario.slaves, Parallel: w.scenario.parallel,
		StartNow: number == 1, Heartbeat: 500 * time.Millisecond,
		BackOff: 500 * time.Millisecond, BackOffLimit: 8 * time.Second, MaxExits: 20,
		Deadlines: masterDeadlines(), StopTimeout: 2 * time.Minute, WriteTimeout: 5 * time.Second,
		Lease: w.scenario.lease, LeaseMargin: w.scenario.lease,
		SlavePrefix: name + "-", Jitter: newDice(w.seed, "jitter of "+name).Float64, Logger: w.logger.Named(name),
	}
	if w.scenario.journaled {
		cfg.Journal = w.disk.open(r)
	}
	m, err := master.New(cfg)
	if err != nil {
		return err
	}
	r.m = m
	ctx, cancel := context.WithCancelCause(context.Background())
	r.end = cancel
	l := w.network.listen(name)
	r.host = l.host
	w.mu.Lock()
	w.reign = r
	w.mu.Unlock()
	w.diary.note("main %s reigns", name)
	for _, p := range w.ended() {
		w.forgetLater(p.name)
	}
	w.ledger.wake()
	w.tasks.Go(func() {
		defer close(r.served)
		if r.err = m.Serve(ctx, l); r.err != nil {
			select {
			case <-r.dead: // it had no choice
			default:
				w.ledger.fault("%s did not end in order: %v", name, r.err)
			}
		}
	})
	return nil
}

// reigns returns the master that reigns, or did last.
func (w *world) reigns() *reign {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.reign
}

// fallen tells whether the master was killed.
func (r *reign) fallen() bool {
	select {
	case <-r.dead:
		return true
	default:
		return false
	}
}

// suffer has a fault happen to the master.
func (r *reign) suffer(f fault, d dice) {
	switch f.kind {
	case freezeMaster:
		r.freeze(f.lasts)
		return
	case stallDisk, failDisk:
		r.world.disk.suffer(f)
		return
	case pauseUpgrade:
		r.command("pause", r.m.Pause)
		r.world.clock.after(f.lasts, func() {
			if f.times == 5 {
				r.command("resume", r.m.Resume)
			} else {
				r.command("abort", func(ctx context.Context) error { return r.m.Abort(ctx, "the operator has seen enough") })
			}
		})
		return
	case abortUpgrade:
		r.command("abort", func(ctx context.Context) error { return r.m.Abort(ctx, "the operator wants it") })
		return
	}
	r.kill(d)
	r.world.clock.after(f.lasts, func() {
		if err := r.world.crown(); err != nil {
			r.world.ledger.fault("no other master: %v", err)
		}
	})
}

// command has the operator tell the master something about the upgrade. That it has no
// upgrade, or cannot do that now, is an answer.
func (r *reign) command(name string, say func(context.Context) error) {
	w := r.world
	w.tasks.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), settleLimit)
		defer cancel()
		err := say(ctx)
		w.diary.note("main %s is told to %s: %v", r.host.name, name, err)
		if errors.Is(err, context.DeadlineExceeded) {
			w.ledger.fault("%s did not answer: %s", r.host.name, name)
		}
	})
}

// kill ends the master at once. Its slaves go on; nobody sees their ends any more.
func (r *reign) kill(d dice) {
	r.world.diary.note("main %s is killed", r.host.name)
	close(r.dead)
	r.world.network.kill(r.host, d.chance(0.3))
	r.end(master.ErrDetach)
}

// forget is the operator, who tells a master which of its predecessors' slaves are
// dead.
func (w *world) forget(slave string) {
	r := w.reigns()
	if r.fallen() {
		return // its successor will be told
	}
	w.diary.note("main %s is told to forget %s", r.host.name, slave)
	w.tasks.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), settleLimit)
		defer cancel()
		if err := r.m.Forget(ctx, slave); err != nil && !errors.Is(err, master.ErrStopped) {
			w.ledger.fault("%s could not be told to forget %s: %v", r.host.name, slave, err)
		}
	})
}

// forgetLater has the operator find out in a while.
func (w *world) forgetLater(slave string) { w.clock.after(operatorPause, func() { w.forget(slave) }) }

// operatorPause is what it takes the operator to notice something.
const operatorPause = 3 * time.Second

// freeze stops the master for a while; see [process.freeze].
func (r *reign) freeze(d time.Duration) {
	r.mu.Lock()
	r.frozen = latest(r.frozen, time.Now().Add(d))
	r.mu.Unlock()
	r.world.network.freeze(r.host, d)
}

// thaw is when the master does not stand still.
func (r *reign) thaw() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.frozen
}

// rests waits until the master is at rest: no upgrade is open, and every share of the
// shards is served. It returns why that did not come about.
func (r *reign) rests(ctx context.Context) error {
	news := r.m.Subscribe(0)
	defer news.Close()
	for restless := unrest(r.m.Status()); restless != ""; restless = unrest(r.m.Status()) {
		if _, err := news.Next(ctx); err != nil {
			return fmt.Errorf("%s: %w", restless, err)
		}
	}
	return nil
}

// unrest says what keeps a master from beginning an upgrade, or nothing.
func unrest(s master.Status) string {
	if s.State != lifecycle.MasterServing {
		return fmt.Sprintf("it is %s", s.State)
	}
	if s.Upgrade != nil {
		return "an upgrade is open"
	}
	for _, share := range s.Shares {
		if share.State != lifecycle.ShareServing {
			return fmt.Sprintf("share %d is %s", share.Share, share.State)
		}
	}
	return ""
}

// upgrade replaces the bot and says how that ended. must says that it has to
// succeed.
func (r *reign) upgrade(plan master.Plan, must bool) string {
	w := r.world
	ctx, cancel := context.WithTimeout(context.Background(), upgradeLimit)
	defer cancel()
	w.begin()
	u, err := r.m.Upgrade(ctx, plan)
	var result master.Result
	if err == nil {
		result, err = u.Wait(ctx)
	}
	w.slow()
	outcome := fmt.Sprintf("%s after %.3fs", result.State, result.Took.Seconds())
	if err != nil {
		outcome += ": " + err.Error()
	}
	w.diary.note("main upgrade ends: %s", outcome)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		w.ledger.fault("an upgrade has not ended within %v", upgradeLimit)
	case must && err != nil:
		w.ledger.fault("nothing goes wrong, yet an upgrade fails: %v", err)
	case must:
		w.ledger.held(result.Targets)
	}
	return outcome
}
