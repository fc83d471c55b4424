package gatewaysim_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

func TestQuiesceEndsWhenTheClientHasAnsweredBehindTheLastEvent(t *testing.T) {
	inWorld(t, gatewaysim.Config{GuildsPerShard: 1, Rate: 100, HeartbeatInterval: time.Hour}, func(w *world) {
		dir := t.TempDir()
		b := w.run(w.begin(0, 1), dir, "bot", ledger.Stream{Shard: 0, Shards: 1}, nil)
		elapse(time.Second)
		b.slow(30 * time.Millisecond)
		elapse(time.Second) // about seventy events behind
		begin := time.Now()
		st, err := w.Quiesce(w.t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begin); took < time.Second {
			t.Errorf("the handlers had more than 1 s to do, Quiesce came back after %v", took)
		}
		if st.Generating || st.Sessions[0].Acknowledged != st.Sessions[0].Sequence {
			t.Errorf("want the generator stopped and all acknowledged, got %+v", st)
		}
		v, err := ledger.Judge(w.Sent(), dir)
		if err != nil || !v.Clean() || v.Sent < 190 {
			t.Errorf("want about 200 events handled, got %v, %v", v, err)
		}
		w.StartEvents()
		elapse(time.Second)
		if _, err := w.Quiesce(w.t.Context()); err != nil {
			t.Errorf("the second time: %v", err)
		}
	})
}

func TestQuiesceWaitsForADetachedSessionToComeBackOrExpire(t *testing.T) {
	t.Run("it comes back", func(t *testing.T) {
		inWorld(t, oneShard, func(w *world) {
			dir := t.TempDir()
			c := w.begin(0, 1)
			c.close(4000)
			quiet := make(chan error)
			go func() {
				_, err := w.Quiesce(w.t.Context())
				quiet <- err
			}()
			elapse(20 * time.Second)
			select {
			case err := <-quiet:
				t.Fatalf("Quiesce has not waited: %v", err)
			default:
			}
			again := w.connect()
			again.resume(c.session, c.last)
			w.run(again, dir, "bot", ledger.Stream{Shard: 0, Shards: 1}, nil)
			if err := <-quiet; err != nil {
				t.Error(err)
			}
		})
	})
	t.Run("it expires", func(t *testing.T) {
		inWorld(t, oneShard, func(w *world) {
			w.begin(0, 1).close(4000)
			begin := time.Now()
			if _, err := w.Quiesce(w.t.Context()); err != nil {
				t.Error(err)
			}
			if took := time.Since(begin); took != 30*time.Second {
				t.Errorf("want the end when the session expires after 30 s, got it after %v", took)
			}
		})
	})
}

func TestQuiesceNamesWhoHasNotAnswered(t *testing.T) {
	inWorld(t, gatewaysim.Config{Shards: 2, GuildsPerShard: 1, MaxConcurrency: 2, Stopped: true}, func(w *world) {
		w.begin(0, 2).close(4000)
		w.begin(1, 2)
		ctx, cancel := context.WithTimeout(w.t.Context(), time.Second)
		defer cancel()
		_, err := w.Quiesce(ctx)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("want the context's error, got %v", err)
		}
		for _, part := range []string{"shard 0/2 has no connection", "shard 1/2 acknowledged 0 of 2"} {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("want %q in %v", part, err)
			}
		}
	})
}
