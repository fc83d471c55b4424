package slaveclient_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shardbaton/baton/slaveclient"
	"github.com/shardbaton/baton/wire"
)

func TestASlaveTellsItsSessionsBeforeItEnds(t *testing.T) {
	ends := map[string]func(control *peer, cancel func()){
		"by its master":  func(control *peer, _ func()) { control.sendShutdown() },
		"by its context": func(_ *peer, cancel func()) { cancel() },
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				bot := &testBot{t: t, numShards: 2, records: records(2)}
				ctx, cancel := context.WithCancel(t.Context())
				m := run(t, ctx, bot, slaveclient.Config{})
				control, state, _ := m.link()
				m.coldStart(control, 2)
				end(control, cancel)
				expect[any](control, wire.EvtShutdown)
				last := <-control.beats
				for i, s := range last.Shards {
					if s.Phase != "stopped" || s.Epoch != 1 || s.SessionID != session(i).ID || s.Sequence != session(i).Sequence || s.ResumeURL == "" {
						t.Errorf("shard %d is told as %+v before the end", i, s)
					}
				}
				if len(last.Shards) != 2 {
					t.Errorf("%d shards are told, want 2", len(last.Shards))
				}
				if err := <-m.ran; err != nil {
					t.Errorf("Run: %v", err)
				}
				calls := bot.called()
				if n := len(calls); calls[n-1] != "Shutdown" || !slices.Contains(calls, "StopShard 0") || !slices.Contains(calls, "StopShard 1") {
					t.Errorf("calls %q, want both stops, then Shutdown", calls)
				}
				if msg, ok := state.next(); ok {
					t.Errorf("%s was sent, although nobody receives the state", msg.Event)
				}
				cancel()
			})
		})
	}
}

func TestAShardThatDoesNotStopDoesNotHoldUpTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := &testBot{t: t, numShards: 2}
		bot.stop = func(ctx context.Context, shard int, _ slaveclient.StateSender) (slaveclient.Session, error) {
			if shard == 0 {
				<-ctx.Done()
				return slaveclient.Session{}, ctx.Err()
			}
			return session(shard), nil
		}
		cfg := slaveclient.Config{}
		cfg.Deadlines.Stop = 5 * time.Second
		m := run(t, t.Context(), bot, cfg)
		control, _, _ := m.link()
		m.coldStart(control, 2)
		before := time.Now()
		control.sendShutdown()
		expect[any](control, wire.EvtShutdown)
		if got := time.Since(before); got != cfg.Deadlines.Stop {
			t.Errorf("the end came after %v, want %v", got, cfg.Deadlines.Stop)
		}
		if last := <-control.beats; len(last.Shards) != 2 || last.Shards[0].Phase != "running" || last.Shards[1].Phase != "stopped" {
			t.Errorf("told before the end: %+v", last.Shards)
		}
		if err := <-m.ran; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}
