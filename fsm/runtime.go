package fsm

import (
	"context"
	"errors"
	"sync"

	looplab "github.com/looplab/fsm"
)

// runtimes lends looplab machines to the machines of one definition, one step at
// a time.
//
// looplab cannot share its transition map between machines: building one takes
// 12 µs and 10 KiB for 50 steps, 35 µs and 40 KiB for 150, while a step takes
// under a microsecond. A machine per life would dominate a search through
// millions of states, and the hand-over of a thousand shards. Without callbacks
// the current state is all that a looplab machine remembers, so setting it makes
// a borrowed one as good as one's own.
type runtimes struct {
	initial     string
	transitions []looplab.EventDesc
	idle        sync.Pool
}

// step carries out one step from a state and returns the state after it. A
// looplab machine that returned an error is not used again.
func (r *runtimes) step(from, event string) (to string, err error) {
	loop, ok := r.idle.Get().(*looplab.FSM)
	if !ok {
		loop = looplab.NewFSM(r.initial, r.transitions, nil)
	}
	loop.SetState(from)
	// The background context is never cancelled: a cancelled one would leave
	// looplab in the middle of a transition for ever.
	err = loop.Event(context.Background(), event)
	to = loop.Current()
	// looplab reports an internal step as NoTransitionError with nothing inside.
	var stayed looplab.NoTransitionError
	if errors.As(err, &stayed) && stayed.Err == nil {
		err = nil
	}
	if err == nil {
		r.idle.Put(loop)
	}
	return to, err
}
