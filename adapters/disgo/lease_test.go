package batondisgo

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/disgoorg/disgo/gateway"
	"github.com/disgoorg/disgo/rest"

	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
	"github.com/shardbaton/baton/slaveclient"
)

// dropping is the sender of a stop that nobody has asked for.
type dropping struct{ nobody }

func (dropping) Send(context.Context, slaveclient.Record) error {
	return errors.New("nobody receives the state")
}
func (dropping) Dropped() bool { return true }

func TestWithoutALeaseABotDoesNothingThatCanBeSeen(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{Shards: 2, GuildsPerShard: 5, Rate: 40, HeartbeatInterval: limit})
	old, next := r.bot(t, "old", Config{}), r.bot(t, "new", Config{})
	r.startAll(t, old)
	r.handles(t, old, 10)
	ctx := testContext(t)
	over := slaveclient.LeaseUntil(time.Now())
	old.UseLease(over)
	for shard := range 2 {
		old.lookup(shard).connected().gate.UseLease(over)
	}

	// Nothing has told the bot yet. The gateway goes on sending.
	handled := old.handledOf(t, 2)
	from := r.Stats().Events
	if err := wait(ctx, time.Second); err != nil { // some forty events
		t.Fatal(err)
	}
	if now := old.handledOf(t, 2); now != handled || r.Stats().Events == from {
		t.Errorf("%d events came, and were handled up to %v, then up to %v without a lease", r.Stats().Events-from, handled, now)
	}
	if _, err := old.Client().Rest.GetGateway(rest.WithCtx(ctx)); !errors.Is(err, slaveclient.ErrLeaseOver) {
		t.Errorf("a REST request: want %v, got %v", slaveclient.ErrLeaseOver, err)
	}
	if err := old.ArmShard(ctx, 0, 2, ""); !errors.Is(err, slaveclient.ErrLeaseOver) {
		t.Errorf("ArmShard: want %v, got %v", slaveclient.ErrLeaseOver, err)
	}
	each(t, 2, func(shard int) error {
		l := old.lookup(shard).connected()
		if err := l.gw.Send(ctx, gateway.OpcodePresenceUpdate, gateway.MessageDataPresenceUpdate{}); err == nil {
			t.Errorf("shard %d: a frame was sent to the gateway", shard)
		}
		<-l.link.over
		return nil
	})

	// What was not handled is the next owner's.
	each(t, 2, func(shard int) error {
		session, err := old.StopShard(ctx, shard, dropping{})
		if err != nil {
			return err
		}
		if session.Sequence != handled[shard] {
			t.Errorf("shard %d stopped at %d, want %d", shard, session.Sequence, handled[shard])
		}
		started, err := next.StartShard(ctx, shard, 2, session)
		if started.Fresh {
			t.Errorf("shard %d: want it resumed", shard)
		}
		return err
	})
	r.handles(t, next, 10)
	if _, err := r.Quiesce(ctx); err != nil {
		t.Fatal(err)
	}
	v, err := ledger.Judge(r.Sent(), r.dir)
	if err != nil {
		t.Fatal(err)
	}
	if v.Lost+v.Duplicated+v.Reordered+v.TwoOwners > 0 { // it is stale: no state has moved
		t.Errorf("the ledger is not clean:\n%v", v)
	}
}

func TestAShardThatIsBeingConnectedWithoutALeaseKeepsItsSession(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{Rate: 40})
	session := r.stopped(t)
	b := r.bot(t, "new", Config{ResumeFor: time.Nanosecond, Refusals: 1})
	b.UseLease(slaveclient.LeaseUntil(time.Now()))
	ctx, cancel := context.WithCancel(testContext(t))
	failed := make(chan error, 1)
	go func() {
		_, err := b.StartShard(ctx, 0, 1, session)
		failed <- err
	}()
	cancel()
	if err := <-failed; err == nil {
		t.Fatal("want no start without a lease")
	}
	if st := r.Stats(); st.Attached != 0 {
		t.Errorf("the gateway has been called: %+v", st.Counters)
	}
	b.UseLease(nil)
	started, err := b.StartShard(testContext(t), 0, 1, session)
	if err != nil || started.Fresh {
		t.Errorf("want a resume, got %+v, %v", started, err)
	}
}

func TestARequestsBodyIsClosedAlthoughItIsNotSent(t *testing.T) {
	closed := make(chan struct{})
	l := &leased{may: func() error { return slaveclient.ErrLeaseOver }}
	if _, err := l.RoundTrip(&http.Request{Body: bodyFunc(func() { close(closed) })}); !errors.Is(err, slaveclient.ErrLeaseOver) {
		t.Errorf("got %v", err)
	}
	select {
	case <-closed:
	default:
		t.Error("the body was left open")
	}
}

// bodyFunc is an empty body that tells when it is closed.
type bodyFunc func()

func (bodyFunc) Read([]byte) (int, error) { return 0, errors.New("nobody reads it") }
func (f bodyFunc) Close() error {
	f()
	return nil
}

// handledOf returns up to where the shards have handled events.
func (b *Bot) handledOf(t *testing.T, shards int) (last [2]int64) {
	t.Helper()
	for shard := range shards {
		session, ok := b.ShardSession(shard)
		if !ok {
			t.Fatalf("shard %d has no session", shard)
		}
		last[shard] = session.Sequence
	}
	return last
}
