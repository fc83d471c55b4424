package master

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/shardbaton/baton/master/core"
)

// inboxSize is how many inputs may wait for the loop before those who bring them
// wait too.
const inboxSize = 64

// maxStops is how often the core is asked to stop: for an orderly end, to give an
// open upgrade up, and to give the slaves up.
const maxStops = 3

// input is something that happened: an event for the core, or a call.
type input struct {
	event core.Event
	// call is run on the loop instead of a step.
	call func(*loop)
	// verdict receives where the guild state in event goes, or nil for nowhere.
	// The reader that brought it waits for the answer and writes it by itself.
	verdict chan<- *link
}

// loop is a serving master. Its fields belong to the goroutine of run, but for
// those that say otherwise.
type loop struct {
	m    *Master
	log  *zap.Logger
	addr string // where launched slaves find the master

	// work ends when the master does; group holds every goroutine but run's own.
	work  context.Context
	group sync.WaitGroup
	conns connSet
	// routes is shared with the readers of the state links.
	routes routes
	// lastLink is the id that was given out last; connections take theirs themselves.
	lastLink atomic.Uint64

	timers *timers[core.Timer]
	links  map[core.LinkID]*link
	slaves map[core.SlaveID]*slave
	// upgrades holds the one that runs and those that wait for their refusal.
	upgrades []*Upgrade
	asked    int // how many upgrades were asked for
	// now is when what is being dealt with came up.
	now time.Time
	// queue holds the event that is being told to the core and those that came up
	// meanwhile.
	queue []core.Event
	// scribe writes the journal, or is nil.
	scribe *scribe
	// refusal is why the present command changes nothing, or nil.
	refusal error
	// forward is where the guild state of the present step goes.
	forward *link
	// stops counts the requests to stop.
	stops  int
	halted bool
	// leave says that the slaves that run are left alone at the end.
	leave bool
	fault error // why the master ends although nobody asked it to
}

func newLoop(m *Master, addr string) *loop {
	return &loop{
		m: m, log: m.log, addr: addr,
		timers: newTimers[core.Timer](),
		links:  make(map[core.LinkID]*link),
		slaves: make(map[core.SlaveID]*slave),
	}
}

// run is the life of a serving master.
func (l *loop) run(ctx context.Context, listener net.Listener) error {
	// 1. Find out what an earlier master knew, and let slaves in.
	past, err := l.openJournal(ctx)
	if err != nil {
		l.hush()
		return errors.Join(err, ignoreClosed(listener.Close()))
	}
	work, end := context.WithCancel(context.WithoutCancel(ctx))
	l.work = work
	l.group.Go(func() { l.accept(listener) })

	// 2. Do what the core wants until it has nothing left to do.
	l.now = time.Now()
	l.begin(past)
	var journaled <-chan struct{}
	if l.scribe != nil {
		journaled = l.scribe.news()
	}
	asked := ctx.Done()
	impatient := time.NewTimer(l.m.cfg.StopTimeout)
	defer impatient.Stop()
	impatient.Stop()
	for !l.halted {
		select {
		case in := <-l.m.inbox:
			l.handle(in)
		case now := <-l.timers.fired():
			l.fire(now)
		case <-journaled:
			l.noteJournal()
		case <-asked:
			asked = nil
			impatient.Reset(l.m.cfg.StopTimeout)
			l.stop(context.Cause(ctx))
		case <-impatient.C:
			impatient.Reset(l.m.cfg.StopTimeout)
			l.stop(nil)
		}
	}

	// 3. Let nobody wait for an answer any more.
	l.hush()

	// 4. End what was started, and wait for it.
	l.timers.stop()
	end()
	fault := errors.Join(l.fault, ignoreClosed(listener.Close()))
	l.conns.closeAll()
	l.group.Wait()
	return errors.Join(fault, l.closeJournal())
}

// hush answers all who wait, and who will ask, that the master has ended.
func (l *loop) hush() {
	l.m.mu.Lock()
	l.m.phase = stopped
	l.m.mu.Unlock()
	close(l.m.over)
	l.abandonUpgrades()
	l.m.hub.end()
}

// stop asks the core for an orderly end; each further request makes it wait for
// less. A core that does not even end then is left as it is.
func (l *loop) stop(cause error) {
	l.now = time.Now()
	l.stops++
	switch {
	case errors.Is(cause, ErrDetach):
		l.leave, l.halted = true, true
	case l.stops > maxStops:
		l.fault, l.halted = ErrStopTimeout, true
	default:
		l.step(core.StopAsked{})
	}
}

// fail ends the master at once and leaves the slaves alone.
func (l *loop) fail(err error) {
	l.fault, l.leave, l.halted = err, true, true
}

// handle takes one input.
func (l *loop) handle(in input) {
	l.now = time.Now()
	if in.call != nil {
		in.call(l)
		return
	}
	if e, ok := in.event.(core.Received); ok && !l.hears(e.Link) {
		in.event = nil
	}
	l.forward = nil
	if in.event != nil {
		l.step(in.event)
	}
	if in.verdict != nil {
		in.verdict <- l.forward // there is room: its reader waits for it
	}
}

// fire steps the core for every timer that has run out.
func (l *loop) fire(now time.Time) {
	l.now = now
	for {
		timer, due := l.timers.next(now)
		if !due {
			return
		}
		l.step(core.Fired{Timer: timer})
	}
}

// step tells the core what happened and does what it wants. What comes up while
// effects are carried out is told after them.
func (l *loop) step(e core.Event) {
	l.queue = append(l.queue, e)
	if len(l.queue) > 1 {
		return
	}
	for i := 0; i < len(l.queue); i++ {
		l.m.mu.Lock()
		effects := l.m.core.Step(l.queue[i])
		l.m.mu.Unlock()
		for _, effect := range effects {
			l.carryOut(effect)
		}
	}
	clear(l.queue)
	l.queue = l.queue[:0]
}

// carryOut does one thing that the core wants. What fails comes back to the core
// as an event, by the goroutine that finds the end of a link or a process.
func (l *loop) carryOut(e core.Effect) {
	switch e := e.(type) {
	case core.Send:
		l.send(e)
	case core.Forward:
		l.forward = l.links[e.Link]
	case core.CloseLink:
		l.closeLink(e)
	case core.Launch:
		l.launch(e)
	case core.Kill:
		l.kill(e.Slave)
	case core.Arm:
		l.timers.arm(e.Timer, l.now.Add(vary(e.After, e.Jitter, l.m.cfg.Jitter)))
	case core.Disarm:
		l.timers.disarm(e.Timer)
	case core.Route:
		l.routes.set(e.Shard, route{epoch: e.Epoch, from: e.From, to: e.Slave})
	case core.Unroute:
		l.routes.remove(e.Shard)
	case core.Publish:
		l.publish(e.Notice)
	case core.Finish:
		l.finishUpgrade(e)
	case core.Journal:
		l.journal(e)
	case core.Refuse:
		l.refusal = e.Err
	case core.Halt:
		l.halted = true
	}
}

// publish tells everybody who wants to know.
func (l *loop) publish(n Notice) {
	l.m.publish(n, l.now)
	l.noteUpgrade(n, l.now)
}

// vary makes a wait longer or shorter, by up to that part of it.
func vary(after time.Duration, part float64, draw func() float64) time.Duration {
	if part == 0 {
		return after
	}
	return after + time.Duration(part*(2*draw()-1)*float64(after))
}

// ignoreClosed drops the error of closing what was closed before.
func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
