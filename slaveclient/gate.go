package slaveclient

import (
	"context"
	"fmt"
	"sync"
)

// Gate stands between a client library's dispatch and the bot's handlers, one
// per shard. It answers the one question on which a hand-over depends: up to
// which event has this process handled, and is it certain that it handles no
// later one?
//
// Client libraries do not answer it. They note an event's sequence number before
// its handler runs, and frames that are already in a buffer reach the handlers
// after the connection was closed.
//
// A shard passes through its gate like this:
//
//	gate.UseLease(lease)                   // where the bot has one, see LeaseUser
//	gate.Open(session.Sequence)            // in StartShard, before connecting
//	gate.Handle(seq, func() { ... })       // for every event dispatched
//	seq, err := gate.Release(ctx)          // in StopShard
//	... close the connection with a code other than 1000 and 1001 ...
//	<-gate.Drained()                       // in Shutdown
//
// A heartbeat has to carry [Gate.Last], not the library's sequence: a gateway
// may forget what a heartbeat acknowledges.
//
// All methods may be called by any goroutine.
type Gate struct {
	// turn is held, by having its one place filled, while a handler runs or a
	// release is made. Waiting senders of a channel are served in order, so a
	// release waits for the events before it and for none after it.
	turn chan struct{}

	mu      sync.Mutex // guards what follows; never held while a handler runs
	open    bool
	lease   *Lease
	life    uint64 // grows with Open, so that a handler of an older session cannot move last
	last    int64
	running int // accepted handlers that run on their own
	drained chan struct{}
}

// NewGate returns a gate that is shut: it drops every event until [Gate.Open].
func NewGate() *Gate {
	g := &Gate{turn: make(chan struct{}, 1), drained: make(chan struct{})}
	close(g.drained)
	return g
}

// Open lets events through from now on and sets the sequence of the last handled
// event: the session's own before a RESUME, 0 before an IDENTIFY. It never
// blocks, so a library's callback may call it, also on a gate that is open.
func (g *Gate) Open(seq int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open = true
	g.life++
	g.last = seq
	select {
	case <-g.drained:
		g.drained = make(chan struct{})
	default: // handlers of the time before still run; the next drain waits for them too
	}
}

// UseLease binds the gate to a lease: an event whose turn comes when the lease is
// over is dropped, as on a gate that is shut, and the gate is shut from then on: no
// later event may be handled by a process that has left one out. An event whose handler
// finishes when the lease is over has not been handled either, because the handler may
// not have been allowed to act: whoever has the shard next gets it, perhaps for the second
// time. A gate without a lease asks none.
func (g *Gate) UseLease(l *Lease) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.lease = l
}

// Last returns the sequence of the last event whose handler has finished or, for
// one that runs on its own, was accepted. It never blocks.
func (g *Gate) Last() int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.last
}

// Handle runs the handler of the event with this sequence and returns true when
// it has finished. If the gate is shut it drops the event and returns false: the
// event belongs to the shard's next owner, to whom the gateway replays it.
//
// The handlers of one gate run one at a time, in the order of the calls. An
// event without a sequence (0 or less) is handled without moving [Gate.Last]. A
// handler that panics has not handled its event; the panic goes on to the caller.
//
// A handler must not call Handle, HandleAsync or Release of its own gate.
func (g *Gate) Handle(seq int64, handler func()) bool {
	g.turn <- struct{}{}
	defer func() { <-g.turn }()
	life, ok := g.enter()
	if !ok {
		return false
	}
	handler()
	g.handled(life, seq)
	return true
}

// HandleAsync is Handle for a handler that runs on its own: start must set it
// going and return without waiting for it, and the handler must call done when
// it has finished, also when it panics (defer it). More calls of done than one
// have no effect.
//
// The event counts as handled once start has returned: from then on this process
// finishes it, whoever owns the shard. [Gate.Drained] tells when.
func (g *Gate) HandleAsync(seq int64, start func(done func())) bool {
	g.turn <- struct{}{}
	defer func() { <-g.turn }()
	life, ok := g.enter()
	if !ok {
		return false
	}
	g.countIn()
	done := sync.OnceFunc(g.countOut)
	started := false
	defer func() {
		if !started {
			done()
		}
	}()
	start(done)
	started = true
	g.handled(life, seq)
	return true
}

// Release shuts the gate and returns the sequence of the last handled event: from
// now on no event is handled, and the next owner resumes after that one. It waits
// for the handler that runs now, but not for those that run on their own. On a
// shut gate it returns at once with the same sequence.
//
// When ctx ends first, the error wraps ctx's and the gate stays as it was: the
// shard still runs.
func (g *Gate) Release(ctx context.Context) (last int64, err error) {
	select {
	case g.turn <- struct{}{}:
	default:
		select {
		case g.turn <- struct{}{}:
		case <-ctx.Done():
			return 0, fmt.Errorf("slaveclient: gate not released: a handler was still running: %w", context.Cause(ctx))
		}
	}
	defer func() { <-g.turn }()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut()
	return g.last, nil
}

// Drained returns a channel that is closed when the gate is shut and every
// handler that it let through has finished. The channel is that of the present
// opening: ask again after Open.
func (g *Gate) Drained() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.drained
}

// enter reports whether the gate is open, and in which life. It is asked last of
// all before the handler.
func (g *Gate) enter() (life uint64, open bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.lease.Held() {
		g.shut()
	}
	return g.life, g.open
}

// shut lets no event through from now on.
func (g *Gate) shut() {
	if g.open {
		g.open = false
		g.drain()
	}
}

// handled notes that everything up to seq is done with, unless the gate was
// opened for another session meanwhile, or the lease is over.
func (g *Gate) handled(life uint64, seq int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.lease.Held() {
		g.shut()
		return
	}
	if seq > 0 && life == g.life {
		g.last = seq
	}
}

func (g *Gate) countIn() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running++
}

func (g *Gate) countOut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running--
	g.drain()
}

// drain closes the channel of Drained when there is nothing left to wait for.
func (g *Gate) drain() {
	if g.open || g.running > 0 {
		return
	}
	close(g.drained)
}
