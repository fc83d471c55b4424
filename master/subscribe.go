package master

import (
	"context"
	"iter"
	"sync"
	"time"
)

// defaultBuffer is how many events a subscription keeps unless it is told.
const defaultBuffer = 256

// Event is one thing that happened, as a [Subscription] delivers it.
type Event struct {
	// At is when the master took note of it.
	At time.Time
	// Missed is how many events just before this one were dropped because the
	// subscriber was slow.
	Missed int
	// Notice says what happened; its type tells what it is about.
	Notice Notice
}

// Subscription is a subscriber's own bounded queue of what happens. The master
// never waits for it: when it is full the oldest event gives way, and the one
// behind the gap says how many are missing.
type Subscription struct {
	leave func()
	// wake holds a token while there is something for Next to return.
	wake chan struct{}

	mu     sync.Mutex
	ring   []Event
	first  int // where the oldest event is
	count  int
	missed int // events dropped before the oldest one
	ended  bool
}

// Next waits for the next event. Once the master has ended or the subscription
// was closed it returns what is left and then [ErrStopped]; any other error is
// the context's. Several goroutines may call it; each event goes to one of them.
func (s *Subscription) Next(ctx context.Context) (Event, error) {
	for {
		select {
		case <-ctx.Done():
			return Event{}, ctx.Err()
		case <-s.wake:
		}
		if e, some, ended := s.take(); some {
			return e, nil
		} else if ended {
			return Event{}, ErrStopped
		}
	}
}

// All ranges over the events until Next returns an error.
func (s *Subscription) All(ctx context.Context) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for {
			e, err := s.Next(ctx)
			if err != nil || !yield(e) {
				return
			}
		}
	}
}

// Close ends the subscription. It may be called more than once.
func (s *Subscription) Close() {
	s.leave()
	s.end()
}

// take removes the oldest event, if there is one.
func (s *Subscription) take() (e Event, some, ended bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if some = s.count > 0; some {
		e = s.ring[s.first]
		e.Missed, s.missed = s.missed, 0
		s.ring[s.first] = Event{}
		s.first = (s.first + 1) % len(s.ring)
		s.count--
	}
	if s.count > 0 || s.ended {
		s.signal()
	}
	return e, some, s.ended
}

// put adds an event, at the cost of the oldest when the ring is full.
func (s *Subscription) put(e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return
	}
	s.ring[(s.first+s.count)%len(s.ring)] = e
	if s.count < len(s.ring) {
		s.count++
	} else {
		s.first = (s.first + 1) % len(s.ring)
		s.missed++
	}
	s.signal()
}

// end lets Next return ErrStopped after what is left.
func (s *Subscription) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	s.signal()
}

// signal leaves a token for Next. s.mu is held.
func (s *Subscription) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// hub passes each event on to all subscriptions. The zero value is ready.
type hub struct {
	mu    sync.Mutex
	subs  map[*Subscription]struct{}
	ended bool
}

// add makes a subscription that keeps up to buffer events.
func (h *hub) add(buffer int) *Subscription {
	if buffer <= 0 {
		buffer = defaultBuffer
	}
	s := &Subscription{ring: make([]Event, buffer), wake: make(chan struct{}, 1)}
	s.leave = func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.subs, s)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.subs == nil {
		h.subs = make(map[*Subscription]struct{})
	}
	if h.ended {
		s.end()
	} else {
		h.subs[s] = struct{}{}
	}
	return s
}

// publish gives the event to everybody who is subscribed now.
func (h *hub) publish(e Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subs {
		s.put(e)
	}
}

// end ends all subscriptions, those to come included.
func (h *hub) end() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended = true
	for s := range h.subs {
		s.end()
	}
	clear(h.subs)
}
