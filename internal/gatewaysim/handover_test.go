package gatewaysim_test

import (
	"maps"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

// letGo is a way to take a shard from a bot: it returns the sequence to resume
// from and what the next bot gets of the cache. When it is called, handlers are
// slow and events pile up.
type letGo func(old *bot) (sequence int, cache map[string]uint64)

// exact is the way that the SDK's gate goes: in one step under the lock that
// handlers hold, freeze, take the sequence of the last handled event, and close
// with a code that leaves the session.
func exact(old *bot) (int, map[string]uint64) {
	old.gate.Lock()
	defer old.gate.Unlock()
	old.frozen = true
	old.c.close(4000)
	return old.handled, maps.Clone(old.cache)
}

// handOver has one bot replaced by another under load and lets the judge speak.
func handOver(t *testing.T, way letGo) (v ledger.Verdict, overs []ledger.HandOver, st gatewaysim.Stats) {
	t.Helper()
	dir := t.TempDir()
	stream := ledger.Stream{Shard: 0, Shards: 1}
	inWorld(t, gatewaysim.Config{GuildsPerShard: 3, Rate: 100, IdentifyInterval: time.Millisecond, HeartbeatInterval: time.Hour}, func(w *world) {
		c := w.begin(0, 1)
		old := w.run(c, dir, "old", stream, nil)
		elapse(2 * time.Second)
		old.slow(50 * time.Millisecond)
		elapse(time.Second)
		sequence, cache := way(old)

		c2 := w.connect()
		c2.resume(c.session, sequence)
		w.run(c2, dir, "new", stream, cache)
		synctest.Wait()
		if w.Stats().Attached == 0 {
			// Not resumed: what libraries do then.
			elapse(time.Second)
			c2.identify(0, 1)
		}
		elapse(2 * time.Second)
		if _, err := w.Quiesce(w.t.Context()); err != nil {
			t.Error(err)
		}
		_ = old.c.conn.CloseNow()
		old.ended.Wait()
		var err error
		if v, err = ledger.Judge(w.Sent(), dir); err != nil {
			t.Fatal(err)
		}
		lines, _, err := ledger.ReadHandled(dir)
		if err != nil {
			t.Fatal(err)
		}
		overs, st = ledger.HandOvers(lines), w.Stats()
	})
	return v, overs, st
}

func TestTheJudgeFindsWhatNaiveHandOversDo(t *testing.T) {
	for _, tt := range []struct {
		name string
		way  letGo
		want func(v ledger.Verdict) bool // on a verdict whose other counts are 0
		rest func(v *ledger.Verdict)     // clears the counts that want has looked at
	}{
		{
			"exporting the last received sequence loses what no handler has seen",
			func(old *bot) (int, map[string]uint64) {
				received := int(old.received.Load())
				old.c.close(4000)
				old.gate.Lock()
				defer old.gate.Unlock()
				old.frozen = true // the process exits
				return received, maps.Clone(old.cache)
			},
			func(v ledger.Verdict) bool { return v.Lost > 20 },
			func(v *ledger.Verdict) { v.Lost, v.Stale = 0, 0 },
		},
		{
			"handling what is buffered after the export repeats it",
			func(old *bot) (int, map[string]uint64) {
				old.gate.Lock()
				defer old.gate.Unlock()
				handled, cache := old.handled, maps.Clone(old.cache)
				old.c.close(4000)
				return handled, cache
			},
			func(v ledger.Verdict) bool { return v.Duplicated > 20 },
			func(v *ledger.Verdict) { v.Duplicated, v.Reordered, v.Stale = 0, 0, 0 },
		},
		{
			"closing with 1000 ends the session and loses what happens before the next IDENTIFY",
			func(old *bot) (int, map[string]uint64) {
				old.gate.Lock()
				defer old.gate.Unlock()
				old.frozen = true
				old.c.close(1000)
				return old.handled, maps.Clone(old.cache)
			},
			func(v ledger.Verdict) bool { return v.Lost > 50 },
			func(v *ledger.Verdict) { v.Lost, v.Stale = 0, 0 },
		},
		{
			"finishing accepted events beside the new owner breaks their order",
			func(old *bot) (int, map[string]uint64) {
				old.c.close(4000)
				old.gate.Lock()
				defer old.gate.Unlock()
				return int(old.received.Load()), maps.Clone(old.cache)
			},
			func(v ledger.Verdict) bool { return v.Reordered > 20 && v.ReorderedAcross == v.Reordered },
			func(v *ledger.Verdict) { v.Reordered, v.ReorderedAcross, v.Stale = 0, 0, 0 },
		},
		{
			"leaving the cache behind shows in the first changes",
			func(old *bot) (int, map[string]uint64) {
				sequence, _ := exact(old)
				return sequence, nil
			},
			func(v ledger.Verdict) bool { return v.Stale > 0 },
			func(v *ledger.Verdict) { v.Stale = 0 },
		},
		{
			"not closing at all leaves two owners",
			func(old *bot) (int, map[string]uint64) {
				old.gate.Lock()
				defer old.gate.Unlock()
				old.frozen = true
				return old.handled, maps.Clone(old.cache)
			},
			func(v ledger.Verdict) bool { return v.TwoOwners == 1 && v.Overlaps[0].TookOver },
			func(v *ledger.Verdict) { v.TwoOwners = 0 },
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v, _, _ := handOver(t, tt.way)
			if !tt.want(v) {
				t.Errorf("the judge has not found it: %v", v)
			}
			if tt.rest(&v); !v.Clean() {
				t.Errorf("the judge has found something else too: %v", v)
			}
		})
	}
}

func TestTheExactHandOverIsClean(t *testing.T) {
	v, overs, st := handOver(t, exact)
	if !v.Clean() || v.Sent < 490 || v.Handled != v.Sent {
		t.Errorf("want about 500 events, all handled once and in order, got %v; %+v", v, v.Shards)
	}
	if st.Identifies != 1 || st.Resumes != 1 || st.TakeOvers != 0 {
		t.Errorf("want 1 identify, 1 resume, no take-over, got %+v", st.Counters)
	}
	if len(overs) != 1 || overs[0].From != "old" || overs[0].To != "new" {
		t.Fatalf("want one hand-over from old to new, got %+v", overs)
	}
	// The new bot's first event was waiting for it: only its handler took time.
	if dark := overs[0].Dark(); dark != time.Millisecond {
		t.Errorf("want the shard dark for the millisecond of one handler, got %v", dark)
	}
}
