package gatewaysim_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"github.com/shardbaton/baton/internal/gatewaysim"
)

var shardZero = gatewaysim.Target{}

func TestFaults(t *testing.T) {
	resumes := func(w *world, c *client) {
		again := w.connect()
		again.resume(c.session, c.last)
		again.untilResumed()
	}
	isRefused := func(w *world, c *client) {
		again := w.connect()
		again.resume(c.session, c.last)
		again.expect(invalidSession)
	}
	for _, tt := range []struct {
		name  string
		act   func(w *world) int
		see   func(w *world, c *client) // what the client notices
		after func(w *world, c *client) // and what becomes of its session
	}{
		{
			"drop cuts without a close frame and leaves the session",
			func(w *world) int { return w.Drop(shardZero) },
			func(_ *world, c *client) {
				for {
					_, err := c.receive()
					var end websocket.CloseError
					if errors.As(err, &end) {
						c.t.Errorf("want no close frame, got %d", end.Code)
					}
					if err != nil {
						return
					}
				}
			},
			resumes,
		},
		{
			"reconnect sends opcode 7 and goes on until the client closes",
			func(w *world) int { return w.Reconnect(shardZero) },
			func(_ *world, c *client) { c.until(reconnect); c.event(); c.close(4000) },
			resumes,
		},
		{
			"invalidate, resumable, leaves the session",
			func(w *world) int { return w.Invalidate(shardZero, true) },
			func(_ *world, c *client) {
				if p := c.until(invalidSession); string(p.D) != "true" {
					c.t.Errorf("want true, got %s", p.D)
				}
			},
			resumes,
		},
		{
			"invalidate, not resumable, ends the session, and the connection can identify",
			func(w *world) int { return w.Invalidate(shardZero, false) },
			func(_ *world, c *client) { c.until(invalidSession); elapse(5 * time.Second) },
			func(w *world, c *client) { isRefused(w, c); c.identify(0, 1); c.ready() },
		},
		{
			"close closes with the code",
			func(w *world) int { return w.CloseWith(shardZero, 4001) },
			func(_ *world, c *client) { c.closed(4001) },
			resumes,
		},
		{
			"close with 4009 ends the session",
			func(w *world) int { return w.CloseWith(shardZero, gatewaysim.CloseSessionTimedOut) },
			func(_ *world, c *client) { c.closed(gatewaysim.CloseSessionTimedOut) },
			isRefused,
		},
		{
			"expire ends the session and says so",
			func(w *world) int { return w.Expire(shardZero) },
			func(_ *world, c *client) { c.until(invalidSession) },
			isRefused,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, oneShard, func(w *world) {
				c := w.begin(0, 1)
				c.event()
				if n := tt.act(w); n != 1 {
					t.Errorf("want 1 affected, got %d", n)
				}
				tt.see(w, c)
				tt.after(w, c)
			})
		})
	}
}

// until reads to the next payload with the opcode.
func (c *client) until(op int) payload {
	c.t.Helper()
	for {
		if p := c.next(); p.Op == op {
			return p
		}
	}
}

func TestATargetChoosesShardsAndShardCounts(t *testing.T) {
	inWorld(t, gatewaysim.Config{Shards: 2, GuildsPerShard: 2, MaxConcurrency: 9, IdentifyInterval: 1, Stopped: true}, func(w *world) {
		for _, stream := range [][2]int{{0, 1}, {0, 2}, {1, 2}} {
			elapse(1)
			w.begin(stream[0], stream[1])
		}
		for _, tt := range []struct {
			name   string
			target gatewaysim.Target
			want   int
		}{
			{"shard 0 at any count", gatewaysim.Target{}, 2},
			{"shard 0 of 1", gatewaysim.Target{Shards: 1}, 1},
			{"all of 2", gatewaysim.Target{Shard: gatewaysim.All, Shards: 2}, 2},
			{"every one", gatewaysim.EveryShard(), 3},
			{"none", gatewaysim.Target{Shard: 5}, 0},
		} {
			if got := w.Reconnect(tt.target); got != tt.want {
				t.Errorf("%s: want %d connections, got %d", tt.name, tt.want, got)
			}
		}
	})
}

func TestAFrozenConnectionStaysOpenAndGetsEverythingWhenThawed(t *testing.T) {
	inWorld(t, oneShard, func(w *world) {
		c := w.begin(0, 1)
		before := c.event()
		w.Freeze(shardZero)
		elapse(5 * time.Second)
		arrived := make(chan payload)
		go func() {
			p, err := c.receive()
			if err != nil {
				t.Error(err)
			}
			arrived <- p
		}()
		elapse(time.Second)
		synctest.Wait()
		select {
		case p := <-arrived:
			if p.number() > before.number()+1 { // one may have been under way
				t.Errorf("frozen, yet event %d arrived", p.number())
			}
		default:
		}
		w.Thaw(shardZero)
		for want := before.number() + 1; want < before.number()+60; want++ {
			var p payload
			if want == before.number()+1 {
				p = <-arrived
			} else {
				p = c.event()
			}
			if p.number() != want {
				t.Fatalf("want event %d, got %d", want, p.number())
			}
		}
	})
}

func TestRefusedAndDelayedResumes(t *testing.T) {
	inWorld(t, oneShard, func(w *world) {
		c := w.begin(0, 1)
		c.close(4000)
		w.RefuseResumes(2, true)
		again := w.connect()
		for range 2 {
			again.resume(c.session, c.last)
			if p := again.expect(invalidSession); string(p.D) != "true" {
				t.Errorf("want true, got %s", p.D)
			}
		}
		w.DelayResumes(3 * time.Second)
		begin := time.Now()
		again.resume(c.session, c.last)
		again.untilResumed()
		if took := time.Since(begin); took != 3*time.Second {
			t.Errorf("want the resume after 3 s, got it after %v", took)
		}
	})
}

func TestRefusedConnections(t *testing.T) {
	inWorld(t, oneShard, func(w *world) {
		w.RefuseConnections(1)
		if _, err := w.dial(""); err == nil {
			t.Error("the first dial: want it refused")
		}
		w.connect()
		w.RefuseConnections(-1)
		for range 3 {
			if _, err := w.dial(""); err == nil {
				t.Error("until further notice: want it refused")
			}
		}
		w.RefuseConnections(0)
		w.connect()
		if st := w.Stats(); st.ConnectionsRefused != 4 || st.Connections != 2 {
			t.Errorf("want 4 refused and 2 accepted, got %d and %d", st.ConnectionsRefused, st.Connections)
		}
	})
}

func TestTheRateCanBeChangedWhileItRuns(t *testing.T) {
	inWorld(t, gatewaysim.Config{Shards: 2, GuildsPerShard: 1, Rate: 10, MaxConcurrency: 2}, func(w *world) {
		w.begin(0, 2)
		w.begin(1, 2)
		count := func() uint64 {
			before := w.Stats().Events
			elapse(10*time.Second + time.Millisecond)
			return w.Stats().Events - before
		}
		if got := count(); got < 199 || got > 201 {
			t.Errorf("2 shards at 10/s for 10 s: want 200 events, got %d", got)
		}
		if !w.SetRate(100) {
			t.Error("a rate of 100 was refused")
		}
		if got := count(); got < 1999 || got > 2001 {
			t.Errorf("2 shards at 100/s for 10 s: want 2000 events, got %d", got)
		}
		w.SetRate(0)
		if got := count(); got != 0 {
			t.Errorf("at 0/s: want no events, got %d", got)
		}
		if w.SetRate(-1) {
			t.Error("a rate of -1 was taken")
		}
	})
}
