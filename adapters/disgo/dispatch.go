package batondisgo

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/bot/handlers"
	"github.com/disgoorg/disgo/gateway"

	"github.com/shardbaton/baton/slaveclient"
)

// dispatch is what disgo's read loop calls for every event.
func (l *life) dispatch(_ gateway.Gateway, t gateway.EventType, seq int, data gateway.EventData) {
	s := l.shard.Load()
	if s == nil {
		return // parked: there is nobody to have an event from
	}
	switch d := data.(type) {
	case gateway.EventHeartbeatAck:
		l.pulse.ack()
		seq = 0 // it has none, whatever disgo says
	case gateway.EventRaw:
		if s.bot.known[d.EventType] {
			l.stash(seq, d)
			return
		} // disgo dispatches nothing but this for a type that it does not know
	case gateway.EventReady:
		s.identified(slaveclient.Session{ID: d.SessionID, ResumeURL: d.ResumeGatewayURL})
	}
	handled := l.gate.HandleAsync(int64(seq), func(done func()) {
		count := s.count.begin(done)
		defer count.end()
		if raw, ok := l.unstash(seq); ok {
			s.bot.handle(s.gateway, gateway.EventTypeRaw, seq, raw)
		}
		s.bot.handle(s.gateway, t, seq, data)
	})
	if !handled {
		return
	}
	switch data.(type) {
	case gateway.EventReady, gateway.EventResumed:
		l.isUp()
	}
}

// knownEvents are the types of events that disgo dispatches. It has handlers for
// some more that it cannot decode.
func knownEvents() map[gateway.EventType]bool {
	known := make(map[gateway.EventType]bool)
	for t := range handlers.GetGatewayHandlers() {
		data, err := gateway.UnmarshalEventData([]byte("{}"), t)
		if _, unknown := data.(gateway.EventUnknown); !unknown || err != nil {
			known[t] = true
		}
	}
	return known
}

// stashed is a raw event that waits for the event itself: disgo dispatches both
// with the same sequence, and only together they are one handled event.
type stashed struct {
	seq  int
	data gateway.EventRaw
}

// stash keeps a raw event until the event itself comes.
func (l *life) stash(seq int, raw gateway.EventRaw) {
	l.raw = &stashed{seq: seq, data: raw}
}

func (l *life) unstash(seq int) (gateway.EventRaw, bool) {
	raw := l.raw
	l.raw = nil
	if raw == nil || raw.seq != seq {
		return gateway.EventRaw{}, false
	}
	return raw.data, true
}

// tally counts, for the event that is being dispatched, the handlers that run on
// their own.
type tally struct {
	mu  sync.Mutex
	now *counting
}

type counting struct {
	of   *tally
	done func()
	open int // guarded by of.mu
}

// begin starts counting for an event; done is called when the dispatch and all
// handlers that it set going have ended.
func (t *tally) begin(done func()) *counting {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now = &counting{of: t, done: done, open: 1}
	return t.now
}

// join counts one more handler in. It returns nil outside of a dispatch.
func (t *tally) join() *counting {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.now != nil {
		t.now.open++
	}
	return t.now
}

// end ends the dispatch: nobody may join any more.
func (c *counting) end() {
	c.of.mu.Lock()
	c.of.now = nil
	c.of.mu.Unlock()
	c.leave()
}

// leave counts one handler, or the dispatch, out.
func (c *counting) leave() {
	c.of.mu.Lock()
	c.open--
	last := c.open == 0
	c.of.mu.Unlock()
	if last {
		c.done()
	}
}

// Async makes a listener that runs each event in a goroutine of its own. A
// hand-over does not wait for it, but the old process ends only when it has
// finished. Pass the result to bot.WithEventListeners or Client.AddEventListeners.
//
// Use it instead of bot.WithAsyncEventsEnabled, whose goroutines nobody counts. A
// panic in f is logged, as disgo does.
func Async[E bot.Event](f func(e E)) bot.EventListener {
	return bot.NewListenerFunc(func(e E) {
		var count *counting
		if s := shardOf(e); s != nil {
			count = s.count.join()
		}
		go func() {
			if count != nil {
				defer count.leave()
			}
			defer func() {
				if r := recover(); r != nil {
					e.Client().Logger.Error("a listener panicked",
						slog.String("event", fmt.Sprintf("%T", e)), slog.Any("panic", r), slog.String("stack", string(debug.Stack())))
				}
			}()
			f(e)
		}()
	})
}

// shardOf finds the shard that an event came from; nil for an event that came
// from somewhere else or belongs to another bot.
func shardOf(e bot.Event) *shard {
	from, ok := e.(interface{ ShardID() int })
	if !ok {
		return nil
	}
	m, ok := e.Client().ShardManager.(*manager)
	if !ok {
		return nil
	}
	return m.bot.lookup(from.ShardID())
}

// pulse measures the latency: the time from a heartbeat to its ACK.
type pulse struct {
	mu      sync.Mutex
	sent    time.Time
	latency time.Duration
}

func (p *pulse) beat() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = time.Now()
}

func (p *pulse) ack() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.latency = time.Since(p.sent)
}

func (p *pulse) last() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.latency
}
