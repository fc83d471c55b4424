package batondisgo

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/disgoorg/disgo/bot"

	"github.com/shardbaton/baton/internal/gatewaysim"
)

// gates is a way out that can be shut. It tells of a dial that it refuses, unless it
// has told of one that nobody has asked for yet.
type gates struct {
	shut    atomic.Bool
	refused chan struct{}
}

func (g *gates) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if !g.shut.Load() {
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	select {
	case g.refused <- struct{}{}:
	default:
	}
	return nil, errors.New("no way out")
}

func TestABotIsUnwellWhileAShardIsCutOffForTooLong(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		unwell time.Duration
		want   string
	}{
		{"for too long", time.Nanosecond, "shard 0 (0s) is not connected"},
		{"not yet for too long", time.Hour, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx := testContext(t)
			r := newRig(t, gatewaysim.Config{Rate: 50})
			out := &gates{refused: make(chan struct{}, 1)}
			b := r.bot(t, "bot", Config{Unwell: test.unwell, Retry: time.Millisecond, Dial: out.dial})
			r.startAll(t, b)
			if err := b.Health(ctx); err != nil {
				t.Errorf("while all is well: %v", err)
			}
			out.shut.Store(true)
			r.Drop(gatewaysim.EveryShard())
			<-out.refused
			s := b.lookup(0)
			s.mu.Lock()
			lost := s.lost
			s.mu.Unlock()
			wantHealth(t, b.connections(lost.Add(time.Millisecond)), test.want)
			out.shut.Store(false)
			r.handles(t, b, 5)
			<-s.connected().up // RESUMED comes behind the events that were missed
			if err := b.Health(ctx); err != nil {
				t.Errorf("connected again: %v", err)
			}
			r.clean(t)
		})
	}
}

func TestABotIsUnwellWhenAShardIsDownForGood(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	r := newRig(t, gatewaysim.Config{Rate: 50})
	down := make(chan error, 1)
	b := r.bot(t, "bot", Config{ShardDown: func(_ int, err error) { down <- err }})
	r.startAll(t, b)
	r.CloseWith(gatewaysim.EveryShard(), 4004)
	var closed *CloseError
	if err := <-down; !errors.As(err, &closed) {
		t.Fatalf("want it closed for good, got %v", err)
	}
	wantHealth(t, b.Health(ctx), "shard 0 (down for good, ")
	if _, err := b.StopShard(ctx, 0, dropping{}); err != nil {
		t.Error(err)
	}
	wantHealth(t, b.Health(ctx), "")
}

func TestHealthNamesEachShardAndAsksTheBot(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{})
	sick := errors.New("the database does not answer")
	b := r.bot(t, "bot", Config{Health: func(context.Context, *bot.Client) error { return sick }})
	now := time.Now()
	wantHealth(t, b.connections(now), "")
	for id, s := range []struct {
		running, ended bool
		lost           time.Time
	}{
		{running: true, lost: now.Add(-DefaultUnwell - 2*time.Second)},
		{running: true},
		{running: true, lost: now.Add(-DefaultUnwell)},
		{lost: now.Add(-time.Hour)}, // it has gone since
		{ended: true, lost: now.Add(-time.Second)},
	} {
		shard := b.shard(id)
		shard.running, shard.ended, shard.lost = s.running, s.ended, s.lost
	}
	wantHealth(t, b.connections(now), "shards 0 (12s), 4 (down for good, 1s) are not connected")
	for _, s := range b.all() {
		s.running, s.ended = false, false
	}
	if err := b.Health(testContext(t)); !errors.Is(err, sick) {
		t.Errorf("want what the bot says of itself, got %v", err)
	}
}

// wantHealth wants a part of the error, or none.
func wantHealth(t *testing.T, got error, want string) {
	t.Helper()
	switch {
	case want == "" && got != nil:
		t.Errorf("want it well, got %v", got)
	case want != "" && (got == nil || !strings.Contains(got.Error(), want)):
		t.Errorf("want %q, got %v", want, got)
	}
}

func TestAStartThatDoesNotReachTheGatewayLeavesTheSessionToOthers(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{Rate: 50})
	session := r.stopped(t)
	out := &gates{refused: make(chan struct{}, 1)}
	out.shut.Store(true)
	cut := r.bot(t, "severed", Config{Retry: time.Millisecond, ResumeFor: time.Millisecond, ReachFor: 50 * time.Millisecond, Dial: out.dial})
	if started, err := cut.StartShard(testContext(t), 0, 1, session); err == nil || !strings.Contains(err.Error(), "not reached for 50ms") {
		t.Fatalf("want it to give up, got %+v, %v", started, err)
	}
	next := r.bot(t, "new", Config{})
	if started, err := next.StartShard(testContext(t), 0, 1, session); err != nil || started.Fresh {
		t.Fatalf("want a resume, got %+v, %v", started, err)
	}
	r.handles(t, next, 3)
	r.clean(t)
}

func TestAShardThatIsCutOffKeepsItsSession(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	r := newRig(t, gatewaysim.Config{Rate: 50})
	out := &gates{refused: make(chan struct{}, 1)}
	b := r.bot(t, "severed", Config{Retry: time.Millisecond, ResumeFor: time.Nanosecond, Dial: out.dial})
	r.startAll(t, b)
	r.handles(t, b, 3)
	out.shut.Store(true)
	r.Drop(gatewaysim.EveryShard())
	for range 3 { // each time it could have given the session up
		<-out.refused
	}
	session, err := b.StopShard(ctx, 0, nobody{})
	if err != nil || session.IsZero() {
		t.Fatalf("want a session, got %+v, %v", session, err)
	}
	next := r.bot(t, "new", Config{})
	if started, err := next.StartShard(ctx, 0, 1, session); err != nil || started.Fresh {
		t.Fatalf("want a resume, got %+v, %v", started, err)
	}
	r.handles(t, next, 3)
	r.clean(t)
}
