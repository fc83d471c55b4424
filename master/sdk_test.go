package master_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/slaveclient"
)

// keeper is a bot made with the SDK whose shards have state and a session.
type keeper struct {
	w    *world
	name string
	// size is the length of each of a new shard's records.
	size int

	mu     sync.Mutex
	shards map[int]*keeping
	full   int // FullStarts
	// fail is asked before a shard is started.
	fail func(shard int) error
}

// keeping is what a keeper has of a shard.
type keeping struct {
	session slaveclient.Session
	records map[string][]byte
}

func (k *keeper) SoftStart(context.Context, slaveclient.Assignment) error { return nil }

func (k *keeper) FullStart(context.Context, slaveclient.Assignment) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.full++
	return nil
}

// Shutdown stops what runs.
func (k *keeper) Shutdown(context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for shard := range k.shards {
		k.w.stop(shard, k.name)
	}
	clear(k.shards)
	return nil
}

func (k *keeper) StartShardTransferFrom(context.Context) (int, error) { return keeperShards, nil }

func (k *keeper) StartShardTransferTo(context.Context, int) error { return nil }

func (k *keeper) StopShard(ctx context.Context, shard int, out slaveclient.StateSender) (slaveclient.Session, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := k.shards[shard]
	k.w.stop(shard, k.name)
	for _, key := range slices.Sorted(maps.Keys(s.records)) {
		if err := out.Send(ctx, slaveclient.Record{Kind: slaveclient.KindGuild, Key: key, Payload: s.records[key]}); err != nil {
			return s.session, err
		}
	}
	return s.session, nil
}

func (k *keeper) StartShard(_ context.Context, shard, _ int, session slaveclient.Session) (slaveclient.Started, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fail != nil {
		if err := k.fail(shard); err != nil {
			return slaveclient.Started{}, err
		}
	}
	s := k.shards[shard]
	if s == nil {
		s = &keeping{records: make(map[string][]byte)}
		k.shards[shard] = s
	}
	fresh := session.IsZero()
	if fresh {
		session = slaveclient.Session{ID: fmt.Sprintf("session of shard %d", shard), ResumeURL: "wss://gateway.example"}
		for n := range keeperRecords {
			s.records[strconv.Itoa(n)] = bytes.Repeat([]byte{byte(shard), byte(n)}, k.size/2)
		}
	}
	session.Sequence++
	s.session = session
	k.w.start(shard, k.name, fresh)
	return slaveclient.Started{Session: session, Fresh: fresh}, nil
}

func (k *keeper) LoadGuildState(_ context.Context, shard int, r slaveclient.Record) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.shards[shard] == nil {
		k.shards[shard] = &keeping{records: make(map[string][]byte)}
	}
	k.shards[shard].records[r.Key] = r.Payload
	return nil
}

const (
	keeperShards  = 4
	keeperRecords = 3
)

// keepers launches SDK bots in this process. They are called "old", "new",
// "third" and so on.
type keepers struct {
	w     *world
	size  int
	names []string
	// fail is that of every keeper but the first.
	fail func(shard int) error

	mu  sync.Mutex
	all []*keeper
}

// Launch implements master.Launcher.
func (l *keepers) Launch(_ context.Context, spec master.Spec) (master.Process, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	name := fmt.Sprintf("keeper %d", len(l.all)+1)
	if len(l.all) < len(l.names) {
		name = l.names[len(l.all)]
	}
	k := &keeper{w: l.w, name: name, size: l.size, shards: make(map[int]*keeping)}
	if len(l.all) > 0 {
		k.fail = l.fail
	}
	l.all = append(l.all, k)
	return l.start(k, spec), nil
}

func (l *keepers) start(k *keeper, spec master.Spec) *keeperProcess {
	ctx, cancel := context.WithCancel(context.Background())
	p := &keeperProcess{cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(p.done)
		err := slaveclient.Run(ctx, slaveclient.Config{
			Addr: spec.Addr, Token: spec.Token, SlaveID: spec.Slave, Version: k.name, NumShards: keeperShards,
			BackoffMin: time.Millisecond, BackoffMax: 10 * time.Millisecond,
		}, k)
		if err != nil {
			l.w.t.Errorf("%s: Run: %v", k.name, err)
		}
	}()
	l.w.t.Cleanup(func() {
		cancel()
		<-p.done
	})
	return p
}

func (l *keepers) keeper(n int) *keeper {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all[n]
}

// keeperProcess is a running SDK bot.
type keeperProcess struct {
	cancel context.CancelFunc
	done   chan struct{}
}

// PID implements master.Process.
func (p *keeperProcess) PID() int { return os.Getpid() }

// Wait implements master.Process.
func (p *keeperProcess) Wait(ctx context.Context) (master.Exit, error) {
	select {
	case <-p.done:
		return master.Exit{}, nil
	case <-ctx.Done():
		return master.Exit{}, ctx.Err()
	}
}

// Signal implements master.Process.
func (p *keeperProcess) Signal(os.Signal) error {
	p.cancel()
	return nil
}

// keepStage is a master with SDK bots.
func keepStage(t *testing.T, cfg master.Config, l *keepers) (*service, *world) {
	t.Helper()
	addr := filepath.Join(socketDir(t), "s")
	w := newWorld(t, "unix", addr)
	l.w = w
	if l.names == nil {
		l.names = []string{"old", "new", "third"}
	}
	cfg.Launcher, cfg.StartNow = l, true
	return serveAt(t, addr, cfg), w
}

// checkKept checks that a keeper has the state and sessions of all shards.
func checkKept(t *testing.T, k *keeper, sequence int64) {
	t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	for shard := range keeperShards {
		s := k.shards[shard]
		if s == nil {
			t.Errorf("shard %d is not there", shard)
			continue
		}
		if want := fmt.Sprintf("session of shard %d", shard); s.session.ID != want || s.session.Sequence != sequence {
			t.Errorf("shard %d has session %+v, want %q at %d", shard, s.session, want, sequence)
		}
		for n := range keeperRecords {
			if want := bytes.Repeat([]byte{byte(shard), byte(n)}, k.size/2); !bytes.Equal(s.records[strconv.Itoa(n)], want) {
				t.Errorf("record %d of shard %d has %d bytes, want the same %d", n, shard, len(s.records[strconv.Itoa(n)]), len(want))
			}
		}
	}
	if k.full != 1 {
		t.Errorf("%d full starts, want 1", k.full)
	}
}

func TestBotsOfTheSDKAreReplacedWithTheirState(t *testing.T) {
	for name, size := range map[string]int{"8 KiB a record": 8 << 10, "1 MiB a record": 1 << 20} {
		t.Run(name, func(t *testing.T) {
			l := &keepers{size: size}
			s, w := keepStage(t, master.Config{}, l)
			s.serving()
			w.await(keeperShards, "old")
			for i, who := range []string{"new", "third"} {
				u := s.upgrade(master.Plan{})
				r, err := s.result(u)
				if err != nil {
					t.Fatal(err)
				}
				w.await(keeperShards, who)
				checkKept(t, l.keeper(i+1), int64(i+2))
				if r.State != lifecycle.UpgradeDone || r.Fresh != 0 || len(r.Moved) != keeperShards || len(r.Moves) != keeperShards {
					t.Errorf("result %+v", r)
				}
				for _, m := range r.Moves {
					if m.Dark <= 0 || m.Dark > r.Took || m.State != lifecycle.MoveMoved {
						t.Errorf("move %+v of an upgrade that took %v", m, r.Took)
					}
				}
				if len(r.Exits) != 1 || r.Exits[0].Code != 0 {
					t.Errorf("exits %+v, want the old slave's, in order", r.Exits)
				}
			}
			if w.identifies != keeperShards {
				t.Errorf("%d IDENTIFYs, want those %d of the cold start", w.identifies, keeperShards)
			}
		})
	}
}

func TestSeveralSlavesShareTheShardsAndAreReplacedTogether(t *testing.T) {
	l := &keepers{size: 100, names: []string{"a1", "a2", "b1", "b2", "c1"}}
	s, w := keepStage(t, master.Config{Slaves: 2}, l)
	s.serving()
	s.serving()
	w.await(keeperShards, "a1", "a2")
	r, err := s.result(s.upgrade(master.Plan{}))
	if err != nil || len(r.Sources) != 2 || len(r.Targets) != 2 {
		t.Fatalf("result %+v, %v, want two slaves for two", r, err)
	}
	w.await(keeperShards, "b1", "b2")

	// One of them alone.
	r, err = s.result(s.upgrade(master.Plan{Slaves: r.Targets[:1]}))
	if err != nil || len(r.Moved) != keeperShards/2 {
		t.Fatalf("result %+v, %v, want half of the shards moved", r, err)
	}
	w.await(keeperShards, "b1", "b2", "c1")
	if w.identifies != keeperShards {
		t.Errorf("%d IDENTIFYs, want those %d of the cold start", w.identifies, keeperShards)
	}
}

func TestAChangeOfTheShardCountIsASoftStart(t *testing.T) {
	// Old and new run their shards side by side until the cut, so each has a world
	// of its own.
	l := &keepers{size: 100}
	s, _ := keepStage(t, master.Config{}, l)
	s.serving()
	l.mu.Lock()
	other := newWorld(t, "unix", s.addr.String())
	l.w = other
	l.mu.Unlock()
	r, err := s.result(s.upgrade(master.Plan{NumShards: 6}))
	if err != nil {
		t.Fatal(err)
	}
	if r.NumShards != 6 || r.Fresh != 6 {
		t.Errorf("result %+v, want 6 shards by IDENTIFY", r)
	}
	other.await(6, "new")
	if got := l.keeper(1).full; got != 1 {
		t.Errorf("%d full starts, want 1", got)
	}
}

func TestABotThatCannotResumeLeavesTheShardsWhereTheyWere(t *testing.T) {
	boom := errors.New("the gateway is closed")
	l := &keepers{size: 100, fail: func(shard int) error {
		if shard == 2 {
			return boom
		}
		return nil
	}}
	s, w := keepStage(t, master.Config{Parallel: 1}, l)
	s.serving()
	w.await(keeperShards, "old")
	r, err := s.result(s.upgrade(master.Plan{}))
	var e *master.UpgradeError
	if !errors.As(err, &e) || !errors.Is(err, core.ErrReported) || e.Shard != 2 {
		t.Errorf("error %v, want that shard 2 could not be started", err)
	}
	if len(r.Lost)+len(r.InDoubt) > 0 {
		t.Errorf("lost %v, in doubt %v, want none", r.Lost, r.InDoubt)
	}
	w.await(keeperShards, "old", "new")
	w.mu.Lock()
	if who := w.runs[2]; who != "old" {
		t.Errorf("shard 2 is run by %s, want the old slave", who)
	}
	w.mu.Unlock()
}

func TestBotsOutliveTheirMasterAndServeUnderTheNext(t *testing.T) {
	l := &keepers{size: 100}
	first, w := keepStage(t, master.Config{}, l)
	first.serving()
	w.await(keeperShards, "old")
	first.detach()

	cfg := master.Config{Launcher: l} // which waits for the bot to come back
	second := serveAt(t, first.addr.String(), cfg)
	second.serving()
	if got := len(l.all); got != 1 {
		t.Fatalf("%d bots were launched, want the one that was there", got)
	}
	if _, err := second.result(second.upgrade(master.Plan{})); err != nil {
		t.Fatal(err)
	}
	w.await(keeperShards, "new")
	checkKept(t, l.keeper(1), 2)
	if w.identifies != keeperShards {
		t.Errorf("%d IDENTIFYs, want those %d of the first start", w.identifies, keeperShards)
	}
}

func TestAnOrderlyStopEndsTheBots(t *testing.T) {
	l := &keepers{size: 100}
	s, w := keepStage(t, master.Config{Slaves: 2}, l)
	s.serving()
	s.serving()
	w.await(keeperShards, "old", "new")
	s.stop()
	w.await(0)
}
