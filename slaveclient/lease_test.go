package slaveclient_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shardbaton/baton/slaveclient"
	"github.com/shardbaton/baton/wire"
)

// leasedBot is a bot that uses a lease and can hold up the slave's loop, as if the
// process stood still: its session is asked for there.
type leasedBot struct {
	testBot
	lease *slaveclient.Lease

	mu     sync.Mutex
	freeze time.Duration // for how long the next question for a session stands still
}

func (b *leasedBot) UseLease(l *slaveclient.Lease) { b.lease = l }

func (b *leasedBot) ShardSession(shard int) (slaveclient.Session, bool) {
	b.mu.Lock()
	freeze := b.freeze
	b.freeze = 0
	b.mu.Unlock()
	if freeze > 0 {
		<-time.After(freeze)
	}
	return session(shard), true
}

func (b *leasedBot) standStill(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.freeze = d
}

func newLeasedBot(t *testing.T) *leasedBot {
	t.Helper()
	return &leasedBot{testBot: testBot{t: t, numShards: 1, records: records(2)}}
}

const lease = 3 * time.Second

func TestASlaveThatDoesNotHearItsMasterStopsItsShards(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := newLeasedBot(t)
		stopped := make(chan time.Time, 1)
		bot.stop = func(ctx context.Context, shard int, out slaveclient.StateSender) (slaveclient.Session, error) {
			if !out.Dropped() || out.Copied() {
				t.Errorf("the state is dropped: %t, only what has changed is wanted: %t", out.Dropped(), out.Copied())
			}
			if bot.lease.Held() || !errors.Is(bot.lease.Check(), slaveclient.ErrLeaseOver) {
				t.Error("the lease is held, although the shard is stopped because it is not")
			}
			stopped <- time.Now()
			return session(shard), out.Send(ctx, slaveclient.Record{Kind: "k", Key: "nobody receives it"})
		}
		m := run(t, t.Context(), bot, slaveclient.Config{})
		control, state, _ := m.leasedLink(lease)
		m.coldStart(control, 1)
		for range 10 { // it may serve for ever while it is answered
			<-control.beats
		}
		last := time.Now()
		control.mute.Store(true)
		if got := (<-stopped).Sub(last); got != lease {
			t.Errorf("the shard was stopped %v after the heartbeat that was answered last, want %v", got, lease)
		}
		synctest.Wait()
		if told := <-control.beats; len(told.Shards) != 1 || told.Shards[0].Phase != "stopped" || told.Shards[0].SessionID != "session-0" {
			t.Errorf("the master is told of %+v", told.Shards)
		}
		select {
		case msg := <-state.frames:
			t.Errorf("%s was sent, although nobody receives the state", msg.Event)
		default:
		}
		_ = control.conn.Close()

		control, _, hello := m.leasedLink(lease)
		if len(hello.Shards) != 1 || hello.Shards[0].Phase != "stopped" || hello.Shards[0].Sequence != 100 || hello.Shards[0].Epoch != 1 {
			t.Errorf("the slave comes back with %+v", hello.Shards)
		}
		control.send(wire.EvtResume, &wire.ResumeShardData{Shard: 0, SessionID: "session-0", Sequence: 100, Epoch: 2})
		if d := expect[*wire.ResumeShardData](control, wire.EvtResume); d.Epoch != 2 || d.Fresh || !bot.lease.Held() {
			t.Errorf("the shard is back with %+v; the lease is held: %t", d, bot.lease.Held())
		}
		bot.stop = nil
		m.shutDown(control)
	})
}

func TestAnAnswerThatWasReadLateCountsFromWhenItWasAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := newLeasedBot(t)
		stopped := make(chan time.Time, 1)
		bot.stop = func(context.Context, int, slaveclient.StateSender) (slaveclient.Session, error) {
			stopped <- time.Now()
			return session(0), nil
		}
		m := run(t, t.Context(), bot, slaveclient.Config{})
		control, _, _ := m.leasedLink(lease)
		m.coldStart(control, 1)
		<-control.beats
		control.mute.Store(true)
		asked := <-control.beats
		at := time.Now()
		<-time.After(1500 * time.Millisecond) // the answer is on its way
		control.send(wire.EvtHeartbeat, &wire.HeartbeatData{Beat: asked.Beat})
		if got := (<-stopped).Sub(at); got != lease {
			t.Errorf("the shard was stopped %v after the heartbeat that was answered late, want %v", got, lease)
		}
		m.shutDown(control)
	})
}

func TestAProcessThatStoodStillNoticesThatItsLeaseIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := newLeasedBot(t)
		gate := slaveclient.NewGate()
		gate.Open(100)
		stopped := make(chan struct{}, 1)
		bot.stop = func(context.Context, int, slaveclient.StateSender) (slaveclient.Session, error) {
			stopped <- struct{}{}
			return session(0), nil
		}
		m := run(t, t.Context(), bot, slaveclient.Config{})
		control, _, _ := m.leasedLink(lease)
		gate.UseLease(bot.lease)
		m.coldStart(control, 1)
		<-control.beats
		if !gate.Handle(101, func() {}) {
			t.Error("an event was dropped although the lease is held")
		}
		bot.standStill(time.Minute)
		<-time.After(lease + time.Second) // nobody has noticed anything yet
		if bot.lease.Held() {
			t.Error("the lease is held by a process that stands still")
		}
		if gate.Handle(102, func() { t.Error("handled without a lease") }) || gate.Last() != 101 {
			t.Errorf("the gate is at %d, want 101", gate.Last())
		}
		<-stopped
		// The shard has stopped, so the next answer lets the lease run again.
		for !bot.lease.Held() {
			<-control.beats
			synctest.Wait()
		}
		if gate.Handle(103, func() { t.Error("handled after one was left out") }) || gate.Last() != 101 {
			t.Errorf("the gate is at %d, want 101", gate.Last())
		}
		gate.Open(101)
		if !gate.Handle(102, func() {}) {
			t.Error("an event was dropped although the lease is held again")
		}
		m.shutDown(control)
	})
}

func TestAStartThatTheLeaseDoesNotOutliveIsCalledOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := newLeasedBot(t)
		bot.start = func(ctx context.Context, _ int, _ slaveclient.Session) (slaveclient.Started, error) {
			<-ctx.Done()
			return slaveclient.Started{}, ctx.Err()
		}
		m := run(t, t.Context(), bot, slaveclient.Config{})
		control, _, _ := m.leasedLink(lease)
		control.mute.Store(true)
		before := time.Now()
		control.send(wire.EvtFullStart, &wire.StartData{NumShards: 1, Shards: []wire.ShardInfo{{Shard: 0, Epoch: 1}}})
		f := expect[*wire.FailureData](control, wire.EvtFailure)
		if got := time.Since(before); got != lease || f.Shard != 0 || f.Phase != "absent" {
			t.Errorf("after %v: %+v, want the start to have ended with the lease", got, f)
		}
		expect[*wire.FailureData](control, wire.EvtFailure)
		m.shutDown(control)
	})
}

func TestWithoutALeaseASlaveServesForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := newLeasedBot(t)
		m := run(t, t.Context(), bot, slaveclient.Config{})
		control, _, _ := m.link()
		m.coldStart(control, 1)
		_ = control.conn.Close()
		<-time.After(time.Hour)
		if !bot.lease.Held() || bot.count("StopShard 0") != 0 {
			t.Errorf("the lease is held: %t, calls %q", bot.lease.Held(), bot.called())
		}
		control, _, _ = m.link()
		m.shutDown(control)
	})
	var none *slaveclient.Lease
	if !none.Held() || none.Check() != nil {
		t.Error("no lease is not held")
	}
}

func TestAnEventThatOutlivesTheLeaseIsNotHandled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := slaveclient.NewGate()
		gate.UseLease(slaveclient.LeaseUntil(time.Now().Add(time.Second)))
		gate.Open(100)
		gate.Handle(101, func() {})
		gate.Handle(102, func() { <-time.After(2 * time.Second) })
		if gate.Handle(103, func() { t.Error("handled without a lease") }) || gate.Last() != 101 {
			t.Errorf("the gate is at %d, want 101", gate.Last())
		}
	})
}
