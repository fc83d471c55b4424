package master

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/shardbaton/baton/master/core"
)

// numbered returns an event that is told from others by its number.
func numbered(n int) Event { return Event{Notice: core.ShardOwned{Shard: n}} }

// take returns the numbers of the next n events, each with what was missed
// before it.
func take(t *testing.T, s *Subscription, n int) (numbers, missed []int) {
	t.Helper()
	for range n {
		e, err := s.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		owned, ok := e.Notice.(core.ShardOwned)
		if !ok {
			t.Fatalf("notice %#v, want a ShardOwned", e.Notice)
		}
		numbers, missed = append(numbers, owned.Shard), append(missed, e.Missed)
	}
	return numbers, missed
}

func TestASubscriberGetsEverythingInOrder(t *testing.T) {
	var h hub
	h.publish(numbered(0)) // before anybody subscribed
	s, other := h.add(4), h.add(4)
	for i := 1; i <= 3; i++ {
		h.publish(numbered(i))
	}
	for name, sub := range map[string]*Subscription{"first": s, "second": other} {
		if got, missed := take(t, sub, 3); !slices.Equal(got, []int{1, 2, 3}) || !slices.Equal(missed, []int{0, 0, 0}) {
			t.Errorf("the %s subscriber got %v with %v missed, want 1 to 3 without a gap", name, got, missed)
		}
	}
}

func TestASlowSubscriberIsToldWhatItMissed(t *testing.T) {
	var h hub
	s := h.add(3)
	for i := range 8 {
		h.publish(numbered(i))
	}
	if got, missed := take(t, s, 2); !slices.Equal(got, []int{5, 6}) || !slices.Equal(missed, []int{5, 0}) {
		t.Errorf("got %v with %v missed, want 5 and 6, five missed before", got, missed)
	}
	for i := 8; i < 12; i++ {
		h.publish(numbered(i))
	}
	if got, missed := take(t, s, 3); !slices.Equal(got, []int{9, 10, 11}) || !slices.Equal(missed, []int{2, 0, 0}) {
		t.Errorf("got %v with %v missed, want 9 to 11, two missed before", got, missed)
	}
}

func TestASubscriptionEndsAfterWhatIsLeft(t *testing.T) {
	ends := map[string]func(*hub, *Subscription){
		"with the master":     func(h *hub, _ *Subscription) { h.end() },
		"when it is closed":   func(_ *hub, s *Subscription) { s.Close() },
		"when both come":      func(h *hub, s *Subscription) { s.Close(); h.end(); s.Close() },
		"and not a bit later": func(h *hub, s *Subscription) { h.end(); h.publish(numbered(9)) },
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			var h hub
			s := h.add(0)
			h.publish(numbered(1))
			end(&h, s)
			var got []int
			for e := range s.All(t.Context()) {
				if owned, ok := e.Notice.(core.ShardOwned); ok {
					got = append(got, owned.Shard)
				}
			}
			if !slices.Equal(got, []int{1}) {
				t.Errorf("got %v, want what was there before the end", got)
			}
			for range 2 {
				if _, err := s.Next(t.Context()); !errors.Is(err, ErrStopped) {
					t.Errorf("error %v, want ErrStopped every time", err)
				}
			}
		})
	}
}

func TestASubscriptionToAMasterThatHasEndedIsEmpty(t *testing.T) {
	var h hub
	h.end()
	if _, err := h.add(1).Next(t.Context()); !errors.Is(err, ErrStopped) {
		t.Errorf("error %v, want ErrStopped", err)
	}
}

func TestNextGivesUpWithItsContext(t *testing.T) {
	var h hub
	s := h.add(1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func TestSeveralReadersShareASubscription(t *testing.T) {
	const events, readers = 300, 3
	var h hub
	s := h.add(events)
	got := make(chan int, events)
	done := make(chan struct{})
	for range readers {
		go func() {
			defer func() { done <- struct{}{} }()
			for e := range s.All(context.Background()) {
				if owned, ok := e.Notice.(core.ShardOwned); ok {
					got <- owned.Shard
				}
			}
		}()
	}
	for i := range events {
		h.publish(numbered(i))
	}
	h.end()
	for range readers {
		<-done
	}
	close(got)
	seen := make(map[int]int)
	for n := range got {
		seen[n]++
	}
	for i := range events {
		if seen[i] != 1 {
			t.Fatalf("event %d was delivered %d times, want once", i, seen[i])
		}
	}
}
