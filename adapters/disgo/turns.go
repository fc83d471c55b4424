package batondisgo

import (
	"context"
	"sync"
	"time"
)

// turns lets one shard at a time have its turn. A turn that was promised to end is
// ended by time if need be.
type turns struct {
	free chan struct{} // has its one place filled while somebody has the turn

	mu    sync.Mutex
	shard int
	timer *time.Timer // not nil when the turn was promised to end
	has   bool
}

func newTurns() *turns { return &turns{free: make(chan struct{}, 1)} }

// take waits for the shard's turn.
func (t *turns) take(ctx context.Context, shard int) error {
	t.pass(shard) // of an earlier attempt
	select {
	case t.free <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.shard, t.has, t.timer = shard, true, nil
	return nil
}

// passIn ends the shard's turn at pass, or after d.
func (t *turns) passIn(shard int, d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.has && t.shard == shard {
		if t.timer != nil {
			t.timer.Stop()
		}
		t.timer = time.AfterFunc(d, func() { t.pass(shard) })
	}
}

// pass ends the shard's turn, if it is its turn.
func (t *turns) pass(shard int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.has || t.shard != shard {
		return
	}
	if t.timer != nil {
		t.timer.Stop()
	}
	t.has = false
	<-t.free
}
