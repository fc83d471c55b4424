package master_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

// This file plays through what broke the two ancestors: the table "What breaks the
// original" of YAGPDB's master v1.5.2, and the known defects of
// dshardorchestrator. What breaks a single connection is in link_test.go,
// accept_test.go and state_test.go, and messages that nobody waits for are in
// stray_test.go.

// quick are deadlines that a test can wait for. Actors send no heartbeats.
func quick() lifecycle.Deadlines {
	const wait = 1500 * time.Millisecond // more than a busy machine takes for what is answered at all
	return lifecycle.Deadlines{
		Silence: time.Hour, Stop: wait, Resume: wait, HandOver: wait, GiveBack: wait, Prepare: wait, FullStart: wait,
		Settle: 3 * time.Second, Restore: 3 * time.Second, Retire: 3 * time.Second, Kill: 3 * time.Second, Progress: 6 * time.Second,
	}
}

// stage is a master with a troupe of launched actors, the first of which serves.
type stage struct {
	*service
	*world
	troupe *troupe
}

// newStage lets the first actor start all shards.
func newStage(t *testing.T, dialect, shards int, cfg master.Config, cast func(string, *actor)) *stage {
	t.Helper()
	addr := filepath.Join(socketDir(t), "s")
	w := newWorld(t, "unix", addr)
	tr := &troupe{dialect: dialect, shards: shards, cast: cast, w: w}
	cfg.Launcher, cfg.StartNow, cfg.Shards = tr, true, shards
	if cfg.Deadlines == (lifecycle.Deadlines{}) {
		cfg.Deadlines = quick()
	}
	st := &stage{service: serveAt(t, addr, cfg), world: w, troupe: tr}
	st.serving()
	w.await(shards, "old")
	return st
}

// twistOn returns a cast in which one actor does something else at the n-th
// request of a kind.
func twistOn(name string, e wire.EventType, n int, do func(*actor, wire.Message) bool) func(string, *actor) {
	return func(who string, a *actor) {
		if who != name {
			return
		}
		var seen atomic.Int64
		a.twist = func(a *actor, m wire.Message) bool {
			return m.Event == e && seen.Add(1) == int64(n) && do(a, m)
		}
	}
}

// dies is what an actor does that is killed at a request.
func dies(a *actor, _ wire.Message) bool {
	a.die()
	return true
}

// freezes is what an actor does that takes no notice of a request.
func freezes(*actor, wire.Message) bool { return true }

// upgradeAgain checks that the master is ready for the next upgrade.
func (st *stage) upgradeAgain(shards int) {
	st.service.tb.Helper()
	r, err := st.result(st.upgrade(master.Plan{}))
	if err != nil {
		st.service.tb.Fatalf("the next upgrade: %v", err)
	}
	if len(r.Moved) != shards {
		st.service.tb.Errorf("the next upgrade moved %v, want all %d", r.Moved, shards)
	}
}

func TestNewSlaveDiesMidMigration(t *testing.T) {
	const shards = 4
	tests := map[string]struct {
		at wire.EventType
		n  int
	}{
		"when it is to prepare":         {wire.EvtShardMigrationStart, 1},
		"at its first shard":            {wire.EvtResume, 1},
		"in the middle":                 {wire.EvtResume, 3},
		"at its last shard":             {wire.EvtResume, 4},
		"when it has all of the shards": {wire.EvtFullStart, 1},
	}
	for name, test := range tests {
		for _, parallel := range []int{1, 3} {
			t.Run(fmt.Sprintf("%s, %d at once", name, parallel), func(t *testing.T) {
				st := newStage(t, 2, shards, master.Config{Parallel: parallel}, twistOn("new", test.at, test.n, dies))
				r, err := st.result(st.upgrade(master.Plan{}))
				if !errors.Is(err, core.ErrDied) {
					t.Errorf("error %v, want that the slave died", err)
				}
				if want := []int{0, 1, 2, 3}; !slices.Equal(r.Kept, want) {
					t.Errorf("kept %v, want %v (%+v)", r.Kept, want, r)
				}
				st.await(shards, "old")
				if st.identifies != shards {
					t.Errorf("%d IDENTIFYs, want those %d of the cold start", st.identifies, shards)
				}
				st.upgradeAgain(shards)
				st.await(shards, "third")
			})
		}
	}
}

func TestNewSlaveOfDialect1DiesMidMigration(t *testing.T) {
	st := newStage(t, 1, 3, master.Config{}, twistOn("new", wire.EvtResume, 2, dies))
	r, err := st.result(st.upgrade(master.Plan{}))
	if !errors.Is(err, core.ErrDied) {
		t.Errorf("error %v, want that the slave died", err)
	}
	if want := []int{0, 1, 2}; !slices.Equal(r.Kept, want) {
		t.Errorf("kept %v, want %v (%+v)", r.Kept, want, r)
	}
	st.await(3, "old")
	st.upgradeAgain(3)
	st.await(3, "third")
}

func TestOldSlaveDiesWhileTheNewOneResumes(t *testing.T) {
	const shards = 4
	for _, parallel := range []int{1, 3} {
		for n := 1; n <= shards; n++ {
			t.Run(fmt.Sprintf("shard %d of %d, %d at once", n, shards, parallel), func(t *testing.T) {
				var st *stage
				st = newStage(t, 2, shards, master.Config{Parallel: parallel}, twistOn("new", wire.EvtResume, n, func(*actor, wire.Message) bool {
					st.troupe.actor(0).die()
					return false // and goes on with what it was asked for
				}))
				r, err := st.result(st.upgrade(master.Plan{}))
				// There is nobody to go back to, so it goes forward. At the last shard the old
				// one is not needed any more: whether it is missed depends on whether its end or
				// the answer is seen first.
				if err != nil || r.Trouble == nil && n < shards || r.Trouble != nil && !errors.Is(r.Trouble, core.ErrDied) {
					t.Errorf("error %v, trouble %v, want it done although the old slave died", err, r.Trouble)
				}
				st.await(shards, "new")
				if len(r.Lost)+len(r.InDoubt) > 0 {
					t.Errorf("lost %v, in doubt %v, want none", r.Lost, r.InDoubt)
				}
				st.upgradeAgain(shards)
				st.await(shards, "third")
			})
		}
	}
}

func TestOldSlaveLosesItsConnectionOnly(t *testing.T) {
	const shards = 3
	for name, at := range map[string]wire.EventType{
		"when it is to prepare": wire.EvtShardMigrationStart, "when it is to stop a shard": wire.EvtStopShard, "when it is to end": wire.EvtShutdown,
	} {
		for _, parallel := range []int{1, shards} {
			t.Run(fmt.Sprintf("%s, %d at once", name, parallel), func(t *testing.T) {
				st := newStage(t, 2, shards, master.Config{Parallel: parallel}, twistOn("old", at, 1, func(a *actor, _ wire.Message) bool {
					go func() {
						a.cut()
						a.connect()
					}()
					return true // the request is lost with the connection
				}))
				r, err := st.result(st.upgrade(master.Plan{}))
				if err != nil && parallel > 1 && at == wire.EvtStopShard {
					// State of another shard was on its way and is lost: that shard went back.
					if !errors.Is(err, core.ErrReported) && !errors.Is(err, core.ErrDeadline) || len(r.Lost)+len(r.InDoubt) > 0 {
						t.Errorf("error %v, lost %v, in doubt %v", err, r.Lost, r.InDoubt)
					}
					st.await(shards, "old", "new")
					return
				}
				if err != nil || len(r.Moved) != shards {
					t.Errorf("moved %v, %v, want that it goes on when the slave is back", r.Moved, err)
				}
				st.await(shards, "new")
			})
		}
	}
}

func TestFreshSlaveConnectsWhileTheConnectionOfTheOneThatServesIsGone(t *testing.T) {
	const shards = 2
	for _, dialect := range []int{1, 2} {
		t.Run(fmt.Sprintf("dialect %d", dialect), func(t *testing.T) {
			s := serve(t, master.Config{UpgradeOnHello: true, Shards: shards, Deadlines: quick()})
			w := newWorld(t, s.addr.Network(), s.addr.String())
			old := w.actor("old", dialect, shards)
			old.connect()
			s.serving()
			w.await(shards, "old")
			old.cut()
			until(s, "the loss of the link", func(core.SlaveLost) bool { return true })

			fresh := w.actor("fresh", dialect, shards)
			fresh.connect()
			until(s, "the fresh slave", func(n core.SlaveSeen) bool { return !n.Returned })
			fresh.mu.Lock()
			served := fresh.served
			fresh.mu.Unlock()
			if served > 0 {
				t.Error("the fresh slave was told to start although the other may run everything")
			}
			// When the old one is back, the fresh one can take over in order.
			old.connect()
			until(s, "the old slave", func(n core.SlaveSeen) bool { return n.Returned })
			if r, err := s.result(s.upgrade(master.Plan{})); err != nil || len(r.Moved) != shards {
				t.Errorf("moved %v, %v", r.Moved, err)
			}
			w.await(shards, "fresh")
		})
	}
}

func TestNewSlaveIsFrozen(t *testing.T) {
	const shards = 4
	for name, test := range map[string]struct {
		at   wire.EventType
		ends string // where the shards are afterwards
	}{
		"when it is to prepare":     {wire.EvtShardMigrationStart, "old"},
		"when it is to resume":      {wire.EvtResume, "old"},
		"when it is to start fully": {wire.EvtFullStart, "old"},
	} {
		t.Run(name, func(t *testing.T) {
			st := newStage(t, 2, shards, master.Config{Parallel: 2}, twistOn("new", test.at, 1, freezes))
			u := st.upgrade(master.Plan{})
			// Nobody else waits for it: the one that serves is heard and answered.
			if st.m.Status().Upgrade == nil {
				t.Error("no upgrade in the status")
			}
			_, err := st.result(u)
			if !errors.Is(err, core.ErrDeadline) {
				t.Errorf("error %v, want that a deadline passed", err)
			}
			st.await(shards, test.ends)
			st.upgradeAgain(shards)
			st.await(shards, "third")
		})
	}
}

func TestOldSlaveIsFrozen(t *testing.T) {
	const shards = 3
	for name, at := range map[string]wire.EventType{
		"when it is to prepare": wire.EvtShardMigrationStart, "when it is to stop a shard": wire.EvtStopShard, "when it is to end": wire.EvtShutdown,
	} {
		t.Run(name, func(t *testing.T) {
			st := newStage(t, 2, shards, master.Config{Parallel: 2}, twistOn("old", at, 1, freezes))
			r, err := st.result(st.upgrade(master.Plan{}))
			t.Logf("%v: moved %v, kept %v, in doubt %v", err, r.Moved, r.Kept, r.InDoubt)
			if at == wire.EvtShutdown {
				// It has no shard any more, so it is killed.
				if err != nil || len(r.Exits) != 1 || r.Exits[0].Code != -1 {
					t.Errorf("error %v, exits %+v, want that it was killed in the end", err, r.Exits)
				}
				st.await(shards, "new")
				return
			}
			if !errors.Is(err, core.ErrDeadline) {
				t.Errorf("error %v, want that a deadline passed", err)
			}
			if len(r.Lost) > 0 {
				t.Errorf("lost %v, want none", r.Lost)
			}
		})
	}
}

func TestASecondUpgradeIsRefusedWhileOneRuns(t *testing.T) {
	// The ancestor unlocked twice here, and crashed.
	release := make(chan struct{})
	st := newStage(t, 2, 2, master.Config{}, twistOn("new", wire.EvtShardMigrationStart, 1, func(*actor, wire.Message) bool {
		<-release
		return false
	}))
	u := st.upgrade(master.Plan{})
	for range 3 {
		if _, err := st.m.Upgrade(context.Background(), master.Plan{}); !errors.Is(err, master.ErrUpgradeOpen) {
			t.Errorf("error %v, want ErrUpgradeOpen", err)
		}
	}
	close(release)
	if _, err := st.result(u); err != nil {
		t.Error(err)
	}
	st.upgradeAgain(2)
}

func TestDoneIsReportedOnlyWhenEveryShardHasResumed(t *testing.T) {
	var st *stage
	early := make(chan bool, 1)
	st = newStage(t, 2, 3, master.Config{}, twistOn("new", wire.EvtResume, 3, func(*actor, wire.Message) bool {
		status := st.m.Status()
		early <- status.Upgrade == nil || status.Upgrade.Moved == 3
		return false
	}))
	r, err := st.result(st.upgrade(master.Plan{}))
	if err != nil || len(r.Moved) != 3 {
		t.Errorf("moved %v, %v", r.Moved, err)
	}
	if <-early {
		t.Error("the last shard was reported as moved before it had resumed")
	}
}

func TestMasterIsRestartedMidMigration(t *testing.T) {
	const shards = 4
	addr := filepath.Join(socketDir(t), "s")
	cfg := master.Config{UpgradeOnHello: true, Shards: shards, Parallel: 1, Deadlines: quick()}
	first := serveAt(t, addr, cfg)
	w := newWorld(t, "unix", addr)
	old, fresh := w.actor("old", 2, shards), w.actor("fresh", 2, shards)
	reached := make(chan struct{})
	var seen atomic.Int64
	fresh.twist = func(_ *actor, m wire.Message) bool {
		if m.Event != wire.EvtResume || seen.Add(1) != 3 {
			return false
		}
		close(reached)
		return true // the third shard is with neither when the master ends
	}
	old.connect()
	first.serving()
	fresh.connect()
	<-reached
	first.detach()
	old.cut()
	fresh.cut()

	second := serveAt(t, addr, cfg)
	old.connect()
	fresh.connect()
	for range 2 {
		until(second, "both slaves", func(core.SlaveSeen) bool { return true })
	}
	// The third shard had been let go by the one and not been started by the other.
	var names []string
	for _, owner := range second.owners() {
		names = append(names, string(owner))
	}
	if want := []string{"fresh", "fresh", "", "old"}; !slices.Equal(names, want) {
		t.Errorf("owners %q, want %q", names, want)
	}
	for name, a := range map[string]*actor{"old": old, "fresh": fresh} {
		a.mu.Lock()
		if a.dead {
			t.Errorf("%s was told to end", name)
		}
		a.mu.Unlock()
	}
}
