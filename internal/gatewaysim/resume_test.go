package gatewaysim_test

import (
	"slices"
	"testing"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim"
)

// oneShard is a small gateway: one shard, two guilds, ten events a second.
var oneShard = gatewaysim.Config{GuildsPerShard: 2}

func TestResumeReplaysWhatWasMissedInOrder(t *testing.T) {
	inWorld(t, oneShard, func(w *world) {
		c := w.begin(0, 1)
		first := c.event()
		c.close(4000)
		elapse(time.Second)

		c2 := w.connect()
		c2.resume(c.session, first.S)
		got := c2.untilResumed()
		if len(got) < 9 {
			t.Fatalf("want about 10 events of a second, got %v", got)
		}
		for i, number := range got {
			if want := first.number() + 1 + uint64(i); number != want {
				t.Fatalf("replay: want event %d at %d, got %v", want, i, got)
			}
		}
		if p := c2.event(); p.number() != got[len(got)-1]+1 || p.S != c2.last {
			t.Errorf("want the event after the replayed ones, got %d after %v", p.number(), got)
		}
		if st := w.Stats(); st.Resumes != 1 || st.Identifies != 1 || st.TakeOvers != 0 {
			t.Errorf("want 1 resume, 1 identify, no take-over, got %d, %d, %d", st.Resumes, st.Identifies, st.TakeOvers)
		}
	})
}

func TestAnEarlierResumedIsNotReplayed(t *testing.T) {
	inWorld(t, oneShard, func(w *world) {
		c := w.begin(0, 1)
		from := c.event()
		c.close(4000)
		for range 3 {
			again := w.connect()
			again.resume(c.session, from.S)
			numbers := again.untilResumed() // would end at the earlier one
			again.close(4000)
			if !slices.IsSorted(numbers) || slices.Contains(numbers, 0) {
				t.Errorf("want events only, in order, got %v", numbers)
			}
			elapse(time.Second)
		}
		last := w.connect()
		last.resume(c.session, from.S)
		if n := len(last.untilResumed()); n < 29 {
			t.Errorf("want the events of 3 s, got %d", n)
		}
	})
}

func TestOnlySomeClosesLeaveASessionResumable(t *testing.T) {
	for _, tt := range []struct {
		name      string
		end       func(c *client)
		resumable bool
	}{
		{"the client closes with 1000", func(c *client) { c.close(1000) }, false},
		{"the client closes with 1001", func(c *client) { c.close(1001) }, false},
		{"the client closes with 4000", func(c *client) { c.close(4000) }, true},
		{"the client closes with 1012", func(c *client) { c.close(1012) }, true},
		{"the client just goes", func(c *client) { _ = c.conn.CloseNow() }, true},
		{"the client sends garbage", func(c *client) { c.sendText("{"); c.closed(gatewaysim.CloseDecodeError) }, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, oneShard, func(w *world) {
				c := w.begin(0, 1)
				tt.end(c)
				w.await("the session is let go", func(st gatewaysim.Stats) bool { return st.Attached == 0 })
				c2 := w.connect()
				c2.resume(c.session, c.last)
				if !tt.resumable {
					if p := c2.expect(invalidSession); string(p.D) != "false" {
						t.Errorf("want opcode 9 with false, got %s", p.D)
					}
					return
				}
				c2.untilResumed()
			})
		})
	}
}

func TestARefusedResumeSaysWhy(t *testing.T) {
	small := gatewaysim.Config{GuildsPerShard: 2, ReplaySize: 5}
	for _, tt := range []struct {
		name string
		cfg  gatewaysim.Config
		act  func(w *world, c, again *client)
		code int // 0 for opcode 9, not resumable
	}{
		{"an unknown session", oneShard, func(_ *world, c, again *client) { again.resume("x", c.last) }, 0},
		{"a sequence that was not sent", oneShard, func(_ *world, c, again *client) { again.resume(c.session, c.last+1000) }, gatewaysim.CloseInvalidSequence},
		{"another bot's session", oneShard, func(_ *world, c, again *client) {
			again.send(resume, map[string]any{"token": gatewaysim.Token(7), "session_id": c.session, "seq": c.last})
		}, 0},
		{"a bad token", oneShard, func(_ *world, c, again *client) {
			again.send(resume, map[string]any{"token": "x", "session_id": c.session, "seq": c.last})
		}, gatewaysim.CloseAuthenticationFailed},
		{"a session that has expired", oneShard, func(_ *world, c, again *client) {
			elapse(30 * time.Second)
			again.resume(c.session, c.last)
		}, 0},
		{"more missed than is kept", small, func(_ *world, c, again *client) {
			elapse(time.Second)
			again.resume(c.session, c.last)
		}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, tt.cfg, func(w *world) {
				c := w.begin(0, 1)
				c.event()
				c.close(4000)
				again := w.connect()
				tt.act(w, c, again)
				if tt.code != 0 {
					again.closed(tt.code)
				} else if p := again.expect(invalidSession); string(p.D) != "false" {
					t.Errorf("want opcode 9 with false, got %s", p.D)
				}
				if st := w.Stats(); st.ResumesRefused != 1 || st.Resumes != 0 {
					t.Errorf("want 1 resume refused and none granted, got %d and %d", st.ResumesRefused, st.Resumes)
				}
			})
		})
	}
}

func TestASessionCanBeResumedUntilJustBeforeItExpires(t *testing.T) {
	inWorld(t, gatewaysim.Config{GuildsPerShard: 1, SessionExpiry: 10 * time.Second}, func(w *world) {
		c := w.begin(0, 1)
		c.close(4000)
		again := w.connect()
		elapse(10*time.Second - 1)
		again.resume(c.session, c.last)
		again.untilResumed()
	})
}

func TestTheReplayBufferHoldsExactlyItsSize(t *testing.T) {
	inWorld(t, gatewaysim.Config{GuildsPerShard: 1, ReplaySize: 5, Stopped: true}, func(w *world) {
		c := w.begin(0, 1)
		c.close(4000)
		w.StartEvents()
		elapse(550 * time.Millisecond) // five events, as many as fit
		w.StopEvents()
		again := w.connect()
		again.resume(c.session, c.last)
		if got := again.untilResumed(); len(got) != 5 {
			t.Errorf("want 5 events, got %v", got)
		}
	})
}

func TestAResumeOfAHeldSession(t *testing.T) {
	t.Run("takes it over by default", func(t *testing.T) {
		inWorld(t, oneShard, func(w *world) {
			c := w.begin(0, 1)
			again := w.connect()
			again.resume(c.session, c.last)
			again.untilResumed()
			c.closed(gatewaysim.CloseUnknownError)
			if st := w.Stats(); st.TakeOvers != 1 || st.Attached != 1 {
				t.Errorf("want 1 take-over and 1 attached, got %d and %d", st.TakeOvers, st.Attached)
			}
			held := w.Sent().Connections
			if len(held) != 2 || !held[1].TookOver || !held[0].To.Equal(held[1].From) {
				t.Errorf("the ledger does not tell of the take-over: %+v", held)
			}
		})
	})
	t.Run("is refused where that is configured", func(t *testing.T) {
		inWorld(t, gatewaysim.Config{GuildsPerShard: 1, AttachedResume: gatewaysim.Refuse}, func(w *world) {
			c := w.begin(0, 1)
			again := w.connect()
			again.resume(c.session, c.last)
			again.expect(invalidSession)
			c.event() // the holder has noticed nothing
		})
	})
}

func TestAHeartbeatTrimsTheReplayBufferOnlyWhereConfigured(t *testing.T) {
	for _, trim := range []bool{false, true} {
		inWorld(t, gatewaysim.Config{GuildsPerShard: 1, TrimOnHeartbeat: trim}, func(w *world) {
			c := w.begin(0, 1)
			from := c.event()
			c.event()
			c.send(heartbeat, c.last)
			for op := c.next().Op; op != heartbeatACK; op = c.next().Op {
				t.Logf("passed over opcode %d on the way to the heartbeat's ACK", op)
			}
			c.close(4000)
			again := w.connect()
			again.resume(c.session, from.S)
			switch p := again.next(); {
			case trim && p.Op != invalidSession:
				t.Errorf("trimmed: want opcode 9, got %d %s", p.Op, p.T)
			case !trim && p.Op != dispatch:
				t.Errorf("not trimmed: want the replay, got opcode %d", p.Op)
			}
		})
	}
}
