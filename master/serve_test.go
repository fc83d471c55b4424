package master

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shardbaton/baton/master/core"
)

// newTestMaster returns a master that was made with New.
func newTestMaster(t *testing.T, cfg Config) *Master {
	t.Helper()
	m, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestCallsBeforeServeSayWhatToDo(t *testing.T) {
	m := newTestMaster(t, Config{})
	if _, err := m.Upgrade(t.Context(), Plan{}); !errors.Is(err, ErrNotServing) {
		t.Errorf("Upgrade: error %v, want ErrNotServing", err)
	}
	if err := m.Forget(t.Context(), "s1"); !errors.Is(err, ErrNotServing) {
		t.Errorf("Forget: error %v, want ErrNotServing", err)
	}
}

func TestASecondServeIsRefusedAndClosesItsListener(t *testing.T) {
	r := serve(t, Config{}, nil)
	second := mustListen(t, "127.0.0.1:0", false)
	if err := r.m.Serve(t.Context(), second); !errors.Is(err, ErrServing) {
		t.Errorf("error %v, want ErrServing", err)
	}
	if _, err := second.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("its listener: error %v, want net.ErrClosed", err)
	}
	r.control(hello1()) // the first one goes on
}

func TestAJournalThatMakesNoSenseEndsTheMasterForAllWhoAsk(t *testing.T) {
	book := newMemory()
	book.entries[shardsKey] = []byte(`{"v":1,"shards":2}`) // and no shard
	m := newTestMaster(t, Config{Journal: book})
	news := m.Subscribe(0)
	var broken *JournalError
	if err := m.Serve(t.Context(), mustListen(t, "127.0.0.1:0", false)); !errors.As(err, &broken) || !errors.Is(err, ErrJournalDamaged) {
		t.Errorf("Serve: error %v, want a JournalError", err)
	}
	if _, err := m.Upgrade(t.Context(), Plan{}); !errors.Is(err, ErrStopped) {
		t.Errorf("Upgrade: error %v, want ErrStopped", err)
	}
	if _, err := news.Next(t.Context()); !errors.Is(err, ErrStopped) {
		t.Errorf("the subscription: error %v, want ErrStopped", err)
	}
}

func TestAMasterLivesOnce(t *testing.T) {
	r := serve(t, Config{}, nil)
	r.cancel(ErrDetach)
	if err := r.end(); err != nil {
		t.Fatal(err)
	}
	if err := r.m.Serve(t.Context(), mustListen(t, "127.0.0.1:0", false)); !errors.Is(err, ErrServing) {
		t.Errorf("Serve: error %v, want ErrServing", err)
	}
	if _, err := r.m.Upgrade(t.Context(), Plan{}); !errors.Is(err, ErrStopped) {
		t.Errorf("Upgrade: error %v, want ErrStopped", err)
	}
	if got := r.m.Status().NumShards; got != 42 {
		t.Errorf("Status is gone: %d shards, want the core's 42", got)
	}
	if _, err := r.m.Subscribe(0).Next(t.Context()); !errors.Is(err, ErrStopped) {
		t.Errorf("Subscribe: error %v, want ErrStopped", err)
	}
}

func TestCancellingServeStopsInOrder(t *testing.T) {
	r := serve(t, Config{}, nil)
	slave, _ := r.control(hello1())
	r.cancel(nil)
	hear[core.StopAsked](r)
	r.control(hello1()) // slaves may still come back
	r.do(core.Halt{})
	if err := r.end(); err != nil {
		t.Errorf("Serve: %v", err)
	}
	slave.expectEnd()
}

func TestDetachingEndsAtOnceAndAsksNothingOfTheCore(t *testing.T) {
	r := serve(t, Config{}, nil)
	slave, _ := r.control(hello1())
	r.cancel(ErrDetach)
	if err := r.end(); err != nil {
		t.Errorf("Serve: %v", err)
	}
	slave.expectEnd()
	select {
	case e := <-r.core.heard:
		t.Errorf("the core hears %T", e)
	default:
	}
}

func TestAStopThatTakesTooLongIsAskedForAgainAndThenGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMaster(Config{StopTimeout: time.Minute}.withDefaults(), &script{heard: make(chan core.Event, 16)})
		ctx, cancel := context.WithCancel(t.Context())
		start := time.Now()
		cancel()
		err := m.Serve(ctx, newPipeListener())
		if !errors.Is(err, ErrStopTimeout) {
			t.Errorf("error %v, want ErrStopTimeout", err)
		}
		if took := time.Since(start); took != maxStops*time.Minute {
			t.Errorf("gave up after %v, want %v", took, maxStops*time.Minute)
		}
	})
}

// brokenListener fails after it was told to.
type brokenListener struct {
	net.Listener
	errs chan error
}

// Accept implements [net.Listener].
func (b *brokenListener) Accept() (net.Conn, error) {
	err, ok := <-b.errs
	if !ok {
		return b.Listener.Accept()
	}
	return nil, err
}

func TestAListenerThatFailsEndsServeAndLeavesTheSlavesAlone(t *testing.T) {
	boom := errors.New("boom")
	l := &brokenListener{mustListen(t, "127.0.0.1:0", false), make(chan error, 1)}
	r := serveOn(t, l, Config{}, nil)
	l.errs <- boom
	if err := r.end(); !errors.Is(err, boom) {
		t.Errorf("error %v, want the listener's", err)
	}
	select {
	case e := <-r.core.heard:
		t.Errorf("the core hears %T", e)
	default:
	}
}

func TestAListenerThatIsOutOfFilesIsTriedAgain(t *testing.T) {
	l := &brokenListener{mustListen(t, "127.0.0.1:0", false), make(chan error, 2)}
	l.errs <- &net.OpError{Op: "accept", Err: os.NewSyscallError("accept", syscall.EMFILE)}
	l.errs <- &net.OpError{Op: "accept", Err: os.NewSyscallError("accept", syscall.ENFILE)}
	close(l.errs)
	r := serveOn(t, l, Config{}, nil)
	r.control(hello1())
}

func TestJitterStaysWithinItsPart(t *testing.T) {
	lowest, highest := time.Hour, time.Duration(0)
	for range 1000 {
		d := vary(time.Second, 0.2, rand.Float64)
		lowest, highest = min(lowest, d), max(highest, d)
	}
	if lowest < 800*time.Millisecond || highest > 1200*time.Millisecond {
		t.Errorf("between %v and %v, want ±20%% of 1s", lowest, highest)
	}
	if highest-lowest < 200*time.Millisecond {
		t.Errorf("between %v and %v, want it spread", lowest, highest)
	}
	if got := vary(time.Second, 0, rand.Float64); got != time.Second {
		t.Errorf("%v without jitter, want 1s", got)
	}
}

func TestTimersOfTheCoreComeBackAsEvents(t *testing.T) {
	r := serve(t, Config{}, nil)
	late, soon, gone := core.Timer{Of: core.MoveLife, ID: 1}, core.Timer{Of: core.MoveLife, ID: 2}, core.Timer{Of: core.MoveLife, ID: 3}
	r.do(
		core.Arm{Timer: late, After: 20 * time.Millisecond},
		core.Arm{Timer: gone, After: time.Millisecond},
		core.Arm{Timer: soon, After: time.Hour},
		core.Arm{Timer: soon, After: 10 * time.Millisecond},
		core.Disarm{Timer: gone},
	)
	for _, want := range []core.Timer{soon, late} {
		if got := hear[core.Fired](r).Timer; got != want {
			t.Errorf("%v fires, want %v", got, want)
		}
	}
}
