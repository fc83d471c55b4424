package gatewaysim_test

import (
	"testing"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim"
)

func TestOnlySessionsWithAnHeirAreAbandoned(t *testing.T) {
	inWorld(t, gatewaysim.Config{Shards: 2, GuildsPerShard: 1, MaxConcurrency: 2, Stopped: true}, func(w *world) {
		left, waiting := w.begin(0, 2), w.begin(1, 2)
		left.close(4000)
		waiting.close(4000)
		if n := w.ExpireAbandoned(); n != 0 {
			t.Errorf("%d sessions are abandoned although nobody has started anew", n)
		}
		elapse(5 * time.Second)
		heir := w.begin(0, 2)
		if n := w.ExpireAbandoned(); n != 1 {
			t.Errorf("%d sessions are abandoned, want that of shard 0", n)
		}
		again := w.connect()
		again.resume(left.session, left.last)
		again.expect(invalidSession)
		third := w.connect()
		third.resume(waiting.session, waiting.last)
		third.untilResumed()
		// The heir's own is not touched.
		if st := w.Stats(); st.Attached != 2 || heir.session == left.session {
			t.Errorf("%d sessions are held, want 2", st.Attached)
		}
	})
}

func TestAHeartbeatIsAskedForBehindTheNextEvent(t *testing.T) {
	inWorld(t, oneShard, func(w *world) {
		c := w.begin(0, 1)
		w.StopEvents()
		sequence := w.Stats().Sessions[0].Sequence
		w.AskProgress(map[string]int{c.session: sequence})
		w.StartEvents()
		for p := c.next(); p.Op != 1; p = c.next() {
			if p.S > sequence+2 {
				t.Fatalf("event %d has come and no heartbeat was asked for", p.S)
			}
		}
		if c.last <= sequence {
			t.Errorf("asked at %d, want behind %d", c.last, sequence)
		}
	})
}
