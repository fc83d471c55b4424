package master

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/shardbaton/baton/master/core"
)

// memory is a journal that the test stops and breaks.
type memory struct {
	mu      sync.Mutex
	entries map[string][]byte
	writes  [][]string // the keys of each that was made
	tried   int
	fails   error         // what a write returns
	gate    chan struct{} // unless nil, a write waits for its turn
}

func newMemory() *memory { return &memory{entries: make(map[string][]byte)} }

func (m *memory) Load(context.Context) (map[string][]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.entries), nil
}

func (m *memory) Write(ctx context.Context, changes []JournalChange) error {
	m.mu.Lock()
	gate := m.gate
	m.tried++
	m.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fails != nil {
		return m.fails
	}
	var keys []string
	for _, c := range changes {
		keys = append(keys, c.Key)
		if c.Value == nil {
			delete(m.entries, c.Key)
		} else {
			m.entries[c.Key] = c.Value
		}
	}
	m.writes = append(m.writes, keys)
	return nil
}

func (m *memory) Close() error { return nil }

// set breaks and stops the journal, or mends it.
func (m *memory) set(fails error, gate chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fails, m.gate = fails, gate
}

func (m *memory) attempts() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.tried
}

// restored reads the journal as a next master does.
func (m *memory) restored(t *testing.T) restored {
	t.Helper()
	entries, err := m.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return mustOpen(t, entries).restore(time.Now(), 0)
}

// shardAt is a change of a shard at that epoch.
func shardAt(shard int, epoch uint64) core.Change {
	return core.ShardChanged{Shard: shard, ShardRecord: core.ShardRecord{Owner: "s1", Epoch: epoch, Issued: epoch}}
}

func slaveKnown(id core.SlaveID) core.Change {
	return core.SlaveKnown{SlaveRecord: core.SlaveRecord{Slave: id}}
}

// safe fails the test unless the scribe has said that it has got that far.
func safe(t *testing.T, s *scribe, want uint64) {
	t.Helper()
	synctest.Wait()
	select {
	case <-s.news():
	default:
		t.Errorf("there is no news")
	}
	if got := s.progress(); got.Safe != want || got.Trouble != nil {
		t.Errorf("got as far as %+v, want %d", got, want)
	}
}

func mustClose(t *testing.T, s *scribe) {
	t.Helper()
	if err := s.close(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAScribeWritesAndSaysHowFarItHasGot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		s := newScribe(m, mustOpen(t, nil), zap.NewNop())
		defer mustClose(t, s)
		synctest.Wait()
		select {
		case <-s.news():
			t.Error("there is news of nothing")
		default:
		}
		s.change(1, slaveKnown("s1"), time.Now())
		safe(t, s, 1)
		s.change(2, core.ShardCount{Shards: 1}, time.Now())
		s.change(5, shardAt(0, 7), time.Now())
		safe(t, s, 5)
		s.launch("s1", launchRecord{Token: "secret"})
		synctest.Wait()
		r := m.restored(t)
		if r.Record.Shards[0].Epoch != 7 || r.Record.Slaves[0].Slave != "s1" || r.Launches["s1"].Token != "secret" {
			t.Errorf("the journal holds %+v", r)
		}
	})
}

func TestALaunchIsSafeNoLaterThanTheChangeAfterIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		gate := make(chan struct{})
		m.set(nil, gate)
		s := newScribe(m, mustOpen(t, nil), zap.NewNop())
		s.launch("s1", launchRecord{Token: "secret"})
		s.change(1, slaveKnown("s1"), time.Now())
		for s.progress().Safe == 0 {
			gate <- struct{}{}
			synctest.Wait()
		}
		if got := m.restored(t).Launches["s1"].Token; got != "secret" {
			t.Errorf("token %q", got)
		}
		m.set(nil, nil)
		mustClose(t, s)
	})
}

func TestWhatComesUpDuringAWriteIsWrittenAtOnceAndOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		gate := make(chan struct{})
		m.set(nil, gate)
		s := newScribe(m, mustOpen(t, nil), zap.NewNop())
		s.change(1, core.ShardCount{Shards: 2}, time.Now())
		synctest.Wait() // it writes
		for seq := uint64(2); seq <= 101; seq++ {
			s.change(seq, shardAt(int(seq%2), seq), time.Now())
		}
		gate <- struct{}{}
		safe(t, s, 1)
		gate <- struct{}{}
		safe(t, s, 101)
		want := [][]string{{"shards", "shard/00000", "shard/00001"}, {"shard/00000", "shard/00001"}}
		if !reflect.DeepEqual(m.writes, want) {
			t.Errorf("writes %q, want %q", m.writes, want)
		}
		if got := m.restored(t).Record.Shards; got[0].Epoch != 100 || got[1].Epoch != 101 {
			t.Errorf("shards %+v", got)
		}
		mustClose(t, s)
	})
}

func TestAFailedWriteIsMadeAgainWithWhatCameUpSince(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		logs, seen := observer.New(zap.InfoLevel)
		m, broken := newMemory(), errors.New("no space left")
		m.set(broken, nil)
		s := newScribe(m, mustOpen(t, nil), zap.New(logs))
		begin := time.Now()
		s.change(1, core.ShardCount{Shards: 1}, time.Now())
		synctest.Wait()
		<-s.news()
		if got := s.progress(); got.Safe != 0 || !errors.Is(got.Trouble, broken) {
			t.Errorf("got as far as %+v, want trouble", got)
		}
		s.change(2, shardAt(0, 7), time.Now())
		synctest.Wait()
		if got := m.attempts(); got != 1 {
			t.Errorf("%d attempts at once, want 1", got)
		}
		// 0.1 s, 0.2 s, 0.4 s, ... 25.6 s, 30 s, 30 s: 14 attempts end at 171.1 s.
		<-time.After(170 * time.Second)
		synctest.Wait()
		if got := m.attempts(); got != 13 {
			t.Errorf("%d attempts in %v, want 13", got, time.Since(begin))
		}
		m.set(nil, nil)
		<-time.After(30 * time.Second)
		safe(t, s, 2)
		if want := [][]string{{"shards", "shard/00000"}}; !reflect.DeepEqual(m.writes, want) {
			t.Errorf("writes %q, want %q", m.writes, want)
		}
		if failed, mended := seen.FilterMessageSnippet("cannot be").Len(), seen.FilterMessageSnippet("again").Len(); failed != 13 || mended != 1 {
			t.Errorf("%d failures and %d mendings were logged, want 13 and 1", failed, mended)
		}
		// The next failure is a first one.
		m.set(broken, nil)
		s.change(3, shardAt(0, 8), time.Now())
		synctest.Wait()
		m.set(nil, nil)
		<-time.After(firstRewrite)
		safe(t, s, 3)
		mustClose(t, s)
	})
}

func TestCloseWritesWhatIsLeft(t *testing.T) {
	tests := map[string]func(t *testing.T, m *memory, s *scribe){
		"at once": func(*testing.T, *memory, *scribe) {},
		"when a write is on": func(t *testing.T, m *memory, s *scribe) {
			gate := make(chan struct{})
			m.set(nil, gate)
			s.change(1, slaveKnown("s1"), time.Now())
			synctest.Wait()
			time.AfterFunc(time.Second, func() { m.set(nil, nil); close(gate) })
		},
		"without waiting for the next try": func(t *testing.T, m *memory, s *scribe) {
			m.set(errors.New("no space left"), nil)
			s.change(1, slaveKnown("s1"), time.Now())
			<-time.After(30 * time.Second)
			synctest.Wait()
			m.set(nil, nil)
		},
		"when it works again in time": func(t *testing.T, m *memory, s *scribe) {
			m.set(errors.New("no space left"), nil)
			s.change(1, slaveKnown("s1"), time.Now())
			<-time.After(time.Minute) // by now it tries every 30 s
			time.AfterFunc(2*time.Second, func() { m.set(nil, nil) })
		},
	}
	for name, prepare := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMemory()
				s := newScribe(m, mustOpen(t, nil), zap.NewNop())
				prepare(t, m, s)
				s.change(2, slaveKnown("s2"), time.Now())
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				if err := s.close(ctx); err != nil {
					t.Fatal(err)
				}
				if got := s.progress().Safe; got != 2 {
					t.Errorf("got as far as %d, want 2", got)
				}
				if got := m.restored(t).Record.Slaves; got[len(got)-1].Slave != "s2" {
					t.Errorf("slaves %+v", got)
				}
			})
		})
	}
}

func TestCloseGivesUpInTime(t *testing.T) {
	tests := map[string]func(m *memory){
		"on a write that does not end": func(m *memory) { m.set(nil, make(chan struct{})) },
		"on writes that fail":          func(m *memory) { m.set(errors.New("no space left"), nil) },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMemory()
				spoil(m)
				s := newScribe(m, mustOpen(t, nil), zap.NewNop())
				s.change(1, slaveKnown("s1"), time.Now())
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				begin := time.Now()
				if err := s.close(ctx); err == nil || !strings.Contains(err.Error(), "not up to date") {
					t.Errorf("error %v, want one that says that the journal is not up to date", err)
				}
				if took := time.Since(begin); took != 5*time.Second {
					t.Errorf("it took %v, want 5 s", took)
				}
			})
		})
	}
}

// unheardOf is a change that the ledger does not know.
type unheardOf struct{ core.Change }

func TestAChangeThatCannotBeWrittenIsNeverSaidToBeSafe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		s := newScribe(m, mustOpen(t, nil), zap.NewNop())
		s.change(1, unheardOf{}, time.Now())
		synctest.Wait()
		s.change(2, slaveKnown("s1"), time.Now())
		<-time.After(time.Minute)
		synctest.Wait()
		if got := s.progress(); got.Safe != 0 || got.Trouble == nil {
			t.Errorf("got as far as %+v, want trouble", got)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := s.close(ctx); err == nil {
			t.Error("closed as if nothing had been")
		}
	})
}

// BenchmarkEnqueue is what a change costs the loop while the journal does not answer.
func BenchmarkEnqueue(b *testing.B) {
	m := newMemory()
	m.set(nil, make(chan struct{}))
	l, err := openLedger(nil)
	if err != nil {
		b.Fatal(err)
	}
	s := newScribe(m, l, zap.NewNop())
	changes := make([]core.Change, 256)
	for i := range changes {
		changes[i] = shardAt(i, 1)
	}
	now, seq := time.Now(), uint64(1)
	s.change(seq, core.ShardCount{Shards: len(changes)}, now)
	b.ReportAllocs()
	for b.Loop() {
		seq++
		s.change(seq, changes[seq%256], now)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.close(ctx); err == nil {
		b.Error("the journal answered")
	}
}
