package batondisgo

import (
	"errors"
	"testing"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim"
)

func TestAnArmedConnectionIsTheOneThatResumes(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{Rate: 40})
	old, next := r.bot(t, "old", Config{}), r.bot(t, "new", Config{})
	r.startAll(t, old)
	r.handles(t, old, 3)
	ctx := testContext(t)
	session, _ := old.ShardSession(0)
	if err := next.ArmShard(ctx, 0, 1, session.ResumeURL); err != nil {
		t.Fatal(err)
	}
	armed := r.Stats().Connections
	if armed != 2 {
		t.Fatalf("want the old connection and the armed one, got %d", armed)
	}
	resumes(ctx, t, old, next, false)
	if n := r.Stats().Connections; n != armed {
		t.Errorf("want no further connection, got %d", n-armed)
	}
	r.handles(t, next, 3)
	r.clean(t)
}

func TestAnArmedConnectionGivesUpByItself(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{Rate: 40})
	old, next := r.bot(t, "old", Config{}), r.bot(t, "new", Config{ArmFor: time.Millisecond})
	r.startAll(t, old)
	r.handles(t, old, 3)
	ctx := testContext(t)
	session, _ := old.ShardSession(0)
	if err := next.ArmShard(ctx, 0, 1, session.ResumeURL); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Await(ctx, func(st gatewaysim.Stats) bool { return st.Connections == 2 && st.Open == 1 }); err != nil {
		t.Fatal("want the armed connection closed")
	}
	started, err := move(ctx, old, next, 0, 1, false)
	if err != nil || started.Fresh {
		t.Fatalf("want a plain resume, got %+v, %v", started, err)
	}
	r.handles(t, next, 3)
	r.clean(t)
	if n := r.Stats().Identifies; n != 1 {
		t.Errorf("want one IDENTIFY in all, got %d", n)
	}
}

func TestAnArmedConnectionThatHasDiedCostsOneTry(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{Rate: 40})
	old, next := r.bot(t, "old", Config{}), r.bot(t, "new", Config{Retry: time.Millisecond})
	r.startAll(t, old)
	r.handles(t, old, 3)
	ctx := testContext(t)
	if err := next.ArmShard(ctx, 0, 1, ""); err != nil {
		t.Fatal(err)
	}
	s := next.shard(0)
	s.mu.Lock()
	_ = s.armed.up.Conn.Close()
	s.mu.Unlock()
	resumes(ctx, t, old, next, false)
	r.handles(t, next, 3)
	r.clean(t)
}

func TestArmingElsewhereOrAnewReplacesWhatIsArmed(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{Rate: 40})
	old, next := r.bot(t, "old", Config{}), r.bot(t, "new", Config{})
	r.startAll(t, old)
	ctx := testContext(t)
	for range 2 {
		if err := next.ArmShard(ctx, 0, 1, r.URLs.Gateway+"/"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Await(ctx, func(st gatewaysim.Stats) bool { return st.Connections == 3 && st.Open == 2 }); err != nil {
		t.Fatal("want one armed connection")
	}
	resumes(ctx, t, old, next, false)
	if _, err := r.Await(ctx, func(st gatewaysim.Stats) bool { return st.Open == 1 }); err != nil {
		t.Error("want the connection that was armed for another URL closed")
	}
	r.handles(t, next, 3)
	r.clean(t)
}

func TestAnArmThatFailsSaysSo(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{Rate: 40})
	old, next := r.bot(t, "old", Config{}), r.bot(t, "new", Config{})
	r.startAll(t, old)
	ctx := testContext(t)
	r.RefuseConnections(1)
	if err := next.ArmShard(ctx, 0, 1, ""); err == nil {
		t.Error("want an error from a gateway that refuses")
	}
	started, err := move(ctx, old, next, 0, 1, false)
	if err != nil || started.Fresh {
		t.Fatalf("want the shard to move all the same, got %+v, %v", started, err)
	}
	r.handles(t, next, 3)
	r.clean(t)
}

func TestThePoolIsReadyForATransfer(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{})
	b := r.bot(t, "bot", Config{Spare: 1})
	ctx := testContext(t)
	if err := b.StartShardTransferTo(ctx, 5); err != nil {
		t.Fatal(err)
	}
	for n := range 8 {
		l, err := b.pool.take(ctx)
		if err != nil {
			t.Fatal(err)
		}
		select {
		case <-l.link.parked:
		default:
			t.Errorf("life %d: want it parked", n)
		}
		l.discard()
	}
	if err := b.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	if _, err := b.pool.take(ctx); !errors.Is(err, ErrShutDown) {
		t.Errorf("want %v, got %v", ErrShutDown, err)
	}
	if n := r.Stats().Connections; n != 0 {
		t.Errorf("want no connection from parked gateways, got %d", n)
	}
}
