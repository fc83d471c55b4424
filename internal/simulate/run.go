package simulate

import (
	"context"
	"io"
	"maps"
	"time"

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
	strikes    map[faultKind]int
	outcomes   []string // of the upgrades
}

// How long something may take in simulated time. Each is more than the sum of the
// deadlines that it may have to wait for.
const (
	upgradeLimit = 15 * time.Minute
	settleLimit  = 10 * time.Minute
	drainLimit   = 2 * time.Minute
	stopLimit    = 10 * time.Minute
)

// play runs a scenario. It must be called in a bubble of testing/synctest, whose
// goroutines have all ended when it returns. What happens is written to out, if that
// is not nil.
func play(seed uint64, s scenario, out io.Writer) report {
	w := newWorld(seed, s, out)
	ctx, stopClock := context.WithCancel(context.Background())
	clockEnded := make(chan struct{})
	go func() {
		defer close(clockEnded)
		w.clock.run(ctx)
	}()
	r := report{seed: seed, scenario: s}
	if err := w.crown(); err != nil {
		w.ledger.fault("no master: %v", err)
	} else {
		r.outcomes = w.story()
		w.curtain()
	}
	w.tasks.Wait()
	r.lasted = w.clock.elapsed()
	stopClock()
	<-clockEnded
	r.figures = w.ledger.judge(standing())
	r.violations = w.ledger.violations
	r.strikes = maps.Clone(w.strikes)
	r.hash = w.diary.total()
	return r
}

// story is what the run is about: a start, upgrades while things go wrong, and, when
// nothing does any more, one that must succeed.
func (w *world) story() (outcomes []string) {
	if !w.settled() {
		return outcomes
	}
	<-w.clock.pass(3 * time.Second)
	for range w.scenario.upgrades {
		outcomes = append(outcomes, w.reigns().upgrade(w.scenario.plan, len(w.scenario.faults) == 0))
		w.settled()
	}
	w.calm()
	d := newDice(w.seed, "succession")
	for range w.scenario.successions {
		w.reigns().kill(d)
		<-w.clock.pass(d.span(0, 10*time.Second))
		if err := w.crown(); err != nil {
			w.ledger.fault("no other master: %v", err)
			return outcomes
		}
		w.settled()
	}
	outcomes = append(outcomes, w.reigns().upgrade(w.scenario.plan, true))
	w.settled()
	w.cease()
	if !w.ledger.await(drainLimit, w.ledger.current) {
		w.ledger.fault("the latest events have not been handled within %v", drainLimit)
	}
	return outcomes
}

// settled holds that there is a master, that every shard is served, and that the
// master is at rest.
func (w *world) settled() bool {
	ctx, cancel := context.WithTimeout(context.Background(), settleLimit)
	defer cancel()
	for {
		if !w.ledger.await(settleLimit, func() bool { _, all := w.ledger.served(); return all && !w.reigns().fallen() }) {
			owners, _ := w.ledger.served()
			w.ledger.fault("not every shard is served after %v: %q", settleLimit, owners)
			return false
		}
		r := w.reigns()
		err := r.rests(ctx)
		switch {
		case r.fallen(): // its successor has to settle
		case err != nil:
			w.ledger.fault("%s is not at rest after %v: %v", r.host.name, settleLimit, err)
			return false
		default:
			return true
		}
	}
}

// curtain ends the world: the master and its slaves in order, then what is left.
func (w *world) curtain() {
	w.cease()
	w.diary.note("main stop")
	r := w.reigns()
	r.end(nil)
	select {
	case <-r.served:
	case <-w.clock.pass(stopLimit):
		w.ledger.fault("the master has not ended within %v", stopLimit)
		r.end(master.ErrDetach)
		<-r.served
	}
	for _, p := range w.living() {
		if p.childOf(r) {
			w.ledger.fault("%s lives when its master has stopped", p.name)
		}
		p.cancel()
	}
	w.diary.close()
}
