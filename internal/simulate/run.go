package simulate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master"
)

// report is how a run went.
type report struct {
	seed       uint64
	scenario   scenario
	violations []string
	hash       uint64 // of all that happened, with its instants
	lasted     time.Duration
	figures    figures
	outcomes   []string // of the upgrades
}

// How long something may take in simulated time. Each is more than the sum of the
// deadlines that it may have to wait for.
const (
	startLimit   = 10 * time.Minute
	upgradeLimit = 30 * time.Minute
	settleLimit  = 10 * time.Minute
	drainLimit   = 2 * time.Minute
	stopLimit    = 10 * time.Minute
)

// reign is the time of one master.
type reign struct {
	m      *master.Master
	host   *host
	end    context.CancelCauseFunc
	served chan struct{} // closed when Serve has returned
	err    error         // from then on
	dead   chan struct{} // closed when it is killed
}

// play runs a scenario. It must be called in a bubble of testing/synctest, whose
// goroutines have all ended when it returns.
func play(seed uint64, s scenario, out io.Writer) report {
	w := newWorld(seed, s, out)
	ctx, stopClock := context.WithCancel(context.Background())
	clockEnded := make(chan struct{})
	go func() {
		defer close(clockEnded)
		w.clock.run(ctx)
	}()
	r := report{seed: seed, scenario: s}
	if first, err := w.reign(1); err != nil {
		w.ledger.fault("no master: %v", err)
	} else {
		r.outcomes = w.story(first)
		w.curtain(first)
	}
	w.tasks.Wait()
	r.lasted = w.clock.elapsed()
	stopClock()
	<-clockEnded
	r.figures = w.ledger.judge(standing())
	r.violations = w.ledger.violations
	r.hash = w.diary.total()
	return r
}

// reign starts a master.
func (w *world) reign(number int) (*reign, error) {
	name := fmt.Sprintf("m%d", number)
	r := &reign{served: make(chan struct{}), dead: make(chan struct{})}
	m, err := master.New(master.Config{
		Launcher: &launcher{w, r.dead}, Addr: "unix:/simulated",
		Shards: w.scenario.shards, Slaves: w.scenario.slaves, Parallel: w.scenario.parallel,
		StartNow: number == 1, Heartbeat: 500 * time.Millisecond,
		BackOff: 500 * time.Millisecond, BackOffLimit: 8 * time.Second, MaxExits: 20,
		Deadlines: masterDeadlines(), StopTimeout: 2 * time.Minute, WriteTimeout: 5 * time.Second,
		SlavePrefix: name + "-", Jitter: newDice(w.seed, "jitter of "+name).Float64, Logger: w.logger.Named(name),
	})
	if err != nil {
		return nil, err
	}
	r.m = m
	ctx, cancel := context.WithCancelCause(context.Background())
	r.end = cancel
	l := w.network.listen(name)
	r.host = l.host
	w.tasks.Go(func() {
		defer close(r.served)
		r.err = m.Serve(ctx, l)
	})
	return r, nil
}

// story is what the run is about: a start, upgrades while things go wrong, and, when
// nothing does any more, one that must succeed.
func (w *world) story(r *reign) (outcomes []string) {
	if !w.ledger.await(startLimit, func() bool { _, all := w.ledger.served(); return all }) {
		w.ledger.fault("the shards have not started within %v", startLimit)
		return outcomes
	}
	<-w.clock.pass(3 * time.Second)
	for range w.scenario.upgrades {
		outcomes = append(outcomes, w.replace(r, len(w.scenario.faults) == 0))
		w.settled(r)
	}
	// Whatever was on its way ends, or strikes now.
	<-w.clock.pass(20 * time.Second)
	w.settled(r)
	w.scenario.faults = nil
	outcomes = append(outcomes, w.replace(r, true))
	w.settled(r)
	w.cease()
	if !w.ledger.await(drainLimit, w.ledger.current) {
		w.ledger.fault("the latest events have not been handled within %v", drainLimit)
	}
	return outcomes
}

// replace upgrades the bot and says how that ended.
func (w *world) replace(r *reign, must bool) string {
	ctx, cancel := context.WithTimeout(context.Background(), upgradeLimit)
	defer cancel()
	w.begin()
	defer w.calm()
	u, err := r.m.Upgrade(ctx, master.Plan{})
	var result master.Result
	if err == nil {
		result, err = u.Wait(ctx)
	}
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
	}
	return outcome
}

// settled holds that every shard is served again, and that the master is at rest.
func (w *world) settled(r *reign) {
	if !w.ledger.await(settleLimit, func() bool { _, all := w.ledger.served(); return all }) {
		owners, _ := w.ledger.served()
		w.ledger.fault("not every shard is served after %v: %q", settleLimit, owners)
	}
	ctx, cancel := context.WithTimeout(context.Background(), settleLimit)
	defer cancel()
	news := r.m.Subscribe(0)
	defer news.Close()
	for restless := unrest(r.m.Status()); restless != ""; restless = unrest(r.m.Status()) {
		if _, err := news.Next(ctx); err != nil {
			w.ledger.fault("the master is not at rest after %v: %s", settleLimit, restless)
			return
		}
	}
}

// unrest says what keeps a master from beginning an upgrade, or nothing.
func unrest(s master.Status) string {
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

// curtain ends the world: the master and its slaves in order, then what is left.
func (w *world) curtain(r *reign) {
	w.cease()
	w.diary.note("main stop")
	r.end(nil)
	select {
	case <-r.served:
		if r.err != nil {
			w.ledger.fault("the master did not end in order: %v", r.err)
		}
	case <-w.clock.pass(stopLimit):
		w.ledger.fault("the master has not ended within %v", stopLimit)
		r.end(master.ErrDetach)
		<-r.served
	}
	for _, p := range w.living() {
		w.ledger.fault("%s lives when its master has stopped", p.name)
		p.kill(newDice(w.seed, "curtain"))
	}
	w.diary.close()
}
