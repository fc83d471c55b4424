package batondisgo

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/disgoorg/disgo/bot"
)

// stopAll stops every shard that runs.
func (b *Bot) stopAll(ctx context.Context) error {
	var stops sync.WaitGroup
	all := b.all()
	errs := make([]error, len(all))
	for i, s := range all {
		s.disarmAny()
		stops.Go(func() {
			if err := s.stop(ctx); err != nil && !errors.Is(err, ErrShardNotHere) {
				errs[i] = fmt.Errorf("batondisgo: stop shard %d: %w", s.id, err)
			}
		})
	}
	stops.Wait()
	return errors.Join(errs...)
}

// drain notes a gate that is shut and may still have handlers. It forgets those
// that have none.
func (b *Bot) drain(drained <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var open []<-chan struct{}
	for _, d := range append(b.drains, drained) {
		select {
		case <-d:
		default:
			open = append(open, d)
		}
	}
	b.drains = open
}

// drained waits until every handler has finished.
func (b *Bot) drained(ctx context.Context) error {
	b.mu.Lock()
	open := b.drains
	b.mu.Unlock()
	for i, d := range open {
		select {
		case <-d:
		case <-ctx.Done():
			return fmt.Errorf("batondisgo: %d connections still have handlers that run: %w", len(open)-i, context.Cause(ctx))
		}
	}
	return nil
}

// ended waits until every goroutine of this package has ended.
func (b *Bot) ended(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.lives.Wait()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("batondisgo: gateways are still open: %w", context.Cause(ctx))
	}
}

// mutable is disgo's event manager, whose listeners can be silenced while its
// caches go on being updated.
type mutable struct {
	bot.EventManager
	muted *atomic.Bool
}

// DispatchEvent passes the event to the listeners unless they are silenced.
func (m *mutable) DispatchEvent(event bot.Event) {
	if !m.muted.Load() {
		m.EventManager.DispatchEvent(event)
	}
}
