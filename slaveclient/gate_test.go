package slaveclient_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/shardbaton/baton/slaveclient"
)

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func TestAGateIsShutUntilItIsOpened(t *testing.T) {
	g := slaveclient.NewGate()
	if g.Handle(1, func() { t.Error("handled") }) || g.HandleAsync(1, func(func()) { t.Error("started") }) {
		t.Error("a new gate let an event through")
	}
	if !closed(g.Drained()) {
		t.Error("a new gate is not drained")
	}
	g.Open(41)
	if g.Last() != 41 || closed(g.Drained()) {
		t.Errorf("after Open(41): last %d, drained %t", g.Last(), closed(g.Drained()))
	}
	ran := false
	if !g.Handle(42, func() { ran = true }) || !ran || g.Last() != 42 {
		t.Errorf("after Handle(42): ran %t, last %d", ran, g.Last())
	}
	if g.Handle(0, func() {}); g.Last() != 42 {
		t.Errorf("an event without a sequence moved last to %d", g.Last())
	}
	for range 2 {
		if last, err := g.Release(t.Context()); last != 42 || err != nil {
			t.Errorf("Release: %d, %v; want 42", last, err)
		}
	}
	if g.Handle(43, func() { t.Error("handled after Release") }) || g.Last() != 42 || !closed(g.Drained()) {
		t.Error("a released gate is not shut")
	}
}

func TestReleaseWaitsForTheRunningHandlerOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := slaveclient.NewGate()
		g.Open(0)
		start := time.Now()
		finish := make(chan struct{})
		g.HandleAsync(1, func(done func()) {
			go func() {
				defer done()
				<-finish
			}()
		})
		go g.Handle(2, func() { <-time.After(time.Second) })
		synctest.Wait()
		last, err := g.Release(t.Context())
		if last != 2 || err != nil || time.Since(start) != time.Second {
			t.Errorf("Release: %d, %v after %v; want 2 after 1s", last, err, time.Since(start))
		}
		if closed(g.Drained()) {
			t.Error("drained while a handler runs on its own")
		}
		close(finish)
		<-g.Drained()
	})
}

func TestReleaseThatRunsOutOfTimeChangesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := slaveclient.NewGate()
		g.Open(0)
		finish := make(chan struct{})
		go g.Handle(1, func() { <-finish })
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := g.Release(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Release: %v, want the context's error", err)
		}
		close(finish)
		synctest.Wait()
		if !g.Handle(2, func() {}) || g.Last() != 2 {
			t.Error("the gate is not as it was")
		}
	})
}

func TestAHandlerThatPanicsHasNotHandledItsEvent(t *testing.T) {
	g := slaveclient.NewGate()
	g.Open(5)
	for _, handle := range []func(){
		func() { g.Handle(6, func() { panic("handler") }) },
		func() { g.HandleAsync(6, func(func()) { panic("start") }) },
	} {
		func() {
			defer func() {
				if recover() != nil && g.Last() != 5 {
					t.Errorf("last is %d, want 5", g.Last())
				}
			}()
			handle()
			t.Error("the panic did not reach the caller")
		}()
	}
	if last, err := g.Release(t.Context()); last != 5 || err != nil || !closed(g.Drained()) {
		t.Errorf("Release: %d, %v, drained %t; want 5, drained", last, err, closed(g.Drained()))
	}
}

func TestAHandlerOfAnEarlierSessionDoesNotMoveTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := slaveclient.NewGate()
		g.Open(900)
		finish := make(chan struct{})
		go g.Handle(901, func() { <-finish })
		synctest.Wait()
		g.Open(0) // the gateway wants a fresh IDENTIFY
		close(finish)
		synctest.Wait()
		if g.Last() != 0 {
			t.Errorf("last is %d, want 0: the handler was the old session's", g.Last())
		}
	})
}

// Whatever the handlers and the release do, the exported sequence is that of the
// last handled event: every event up to it was handled here, once and in order,
// and none after it. So the next owner, who gets the rest, loses and repeats none.
func TestAGateExportsExactlyWhatWasHandled(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		events := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) event {
			return event{
				async: rapid.Bool().Draw(r, "async"),
				gap:   time.Duration(rapid.IntRange(0, 3).Draw(r, "gap")),
				takes: time.Duration(rapid.IntRange(0, 5).Draw(r, "takes")),
			}
		}), 0, 30).Draw(r, "events")
		releaseAt := time.Duration(rapid.IntRange(0, 60).Draw(r, "releaseAt"))
		patience := time.Duration(rapid.IntRange(0, 6).Draw(r, "patience"))
		var fault error
		synctest.Test(t, func(*testing.T) { fault = handOver(events, releaseAt, patience) })
		if fault != nil {
			r.Fatal(fault)
		}
	})
}

// event is one that the gateway dispatches.
type event struct {
	async      bool
	gap, takes time.Duration
}

// handOver dispatches events to a gate that is released at some moment, and says
// what was wrong.
func handOver(events []event, releaseAt, patience time.Duration) error {
	g := slaveclient.NewGate()
	g.Open(0)
	var mu sync.Mutex
	var begun []int64
	running := 0
	note := func(seq int64) (end func()) {
		mu.Lock()
		defer mu.Unlock()
		begun = append(begun, seq)
		running++
		return func() {
			mu.Lock()
			defer mu.Unlock()
			running--
		}
	}
	var all sync.WaitGroup
	all.Go(func() {
		for i, e := range events {
			seq := int64(i + 1)
			<-time.After(e.gap)
			if !e.async {
				g.Handle(seq, func() {
					defer note(seq)()
					<-time.After(e.takes)
				})
				continue
			}
			g.HandleAsync(seq, func(done func()) {
				end := note(seq)
				all.Go(func() {
					defer done()
					defer end()
					<-time.After(e.takes)
				})
			})
		}
	})
	<-time.After(releaseAt)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	last, err := g.Release(ctx)
	if err != nil {
		last, err = g.Release(context.Background()) // the bot tries again
	}
	mu.Lock()
	had := slices.Clone(begun)
	mu.Unlock()
	if err != nil {
		return err
	}
	if int64(len(had)) != last {
		return fmt.Errorf("released at %d after %v", last, had)
	}
	<-g.Drained()
	mu.Lock()
	left := running
	mu.Unlock()
	if left > 0 {
		return fmt.Errorf("drained while %d handlers ran", left)
	}
	all.Wait()
	for i, seq := range begun {
		if seq != int64(i+1) || seq > last {
			return fmt.Errorf("released at %d, but handled %v", last, begun)
		}
	}
	return nil
}
