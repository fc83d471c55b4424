package batondisgo

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/events"
	"github.com/disgoorg/disgo/gateway"
	"github.com/gorilla/websocket"

	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/slaveclient"
)

// nobody is a next owner that takes no state.
type nobody struct{}

func (nobody) Send(context.Context, slaveclient.Record) error { return nil }
func (nobody) Copied() bool                                   { return false }
func (nobody) Dropped() bool                                  { return false }

// stopped starts a shard on one bot and stops it there, so that its session is
// free.
func (r *rig) stopped(t *testing.T) slaveclient.Session {
	t.Helper()
	old := r.bot(t, "old", Config{})
	r.startAll(t, old)
	r.handles(t, old, 3)
	session, err := old.StopShard(testContext(t), 0, nobody{})
	if err != nil {
		t.Fatal(err)
	}
	return session
}

func TestAStartResumesBeforeItIdentifies(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		fault func(*rig)
		fresh bool
	}{
		{"a session that is free", func(*rig) {}, false},
		{"refused twice", func(r *rig) { r.RefuseResumes(2, false) }, false},
		{"refused as often as it takes", func(r *rig) { r.RefuseResumes(DefaultRefusals, false) }, true},
		{"put off", func(r *rig) { r.RefuseResumes(1, true) }, false},
		{"a gateway that refuses connections at first", func(r *rig) { r.RefuseConnections(2) }, false},
		{"a session that has expired", func(r *rig) { r.Expire(gatewaysim.EveryShard()) }, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, gatewaysim.Config{Rate: 50})
			session := r.stopped(t)
			test.fault(r)
			next := r.bot(t, "new", Config{Retry: time.Millisecond})
			started, err := next.StartShard(testContext(t), 0, 1, session)
			if err != nil {
				t.Fatal(err)
			}
			if started.Fresh != test.fresh {
				t.Errorf("want fresh %v, got %+v", test.fresh, started)
			}
			if same := started.Session.ID == session.ID; same == test.fresh {
				t.Errorf("want another session only when fresh: %+v after %+v", started, session)
			}
			r.handles(t, next, 3)
			st := r.Stats()
			if want := uint64(1); !test.fresh && st.Identifies != want {
				t.Errorf("want %d IDENTIFY, got %d", want, st.Identifies)
			}
			if st.SessionsClosed != 0 {
				t.Errorf("want no session ended by a close code, got %d", st.SessionsClosed)
			}
			if !test.fresh {
				r.clean(t)
			}
		})
	}
}

func TestAResumeThatTakesTooLongBecomesAFreshStart(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{Rate: 50})
	session := r.stopped(t)
	r.RefuseResumes(1000, true)
	next := r.bot(t, "new", Config{Retry: time.Millisecond, ResumeFor: time.Millisecond})
	started, err := next.StartShard(testContext(t), 0, 1, session)
	if err != nil || !started.Fresh {
		t.Errorf("want a fresh start, got %+v, %v", started, err)
	}
}

func TestAShardReconnectsByItself(t *testing.T) {
	t.Parallel()
	every := gatewaysim.EveryShard()
	for _, test := range []struct {
		name  string
		fault func(*rig)
		fresh bool
	}{
		{"after opcode 7", func(r *rig) { r.Reconnect(every) }, false},
		{"after a cut", func(r *rig) { r.Drop(every) }, false},
		{"after close code 4000", func(r *rig) { r.CloseWith(every, 4000) }, false},
		{"after close code 1001", func(r *rig) { r.CloseWith(every, 1001) }, false},
		{"after opcode 9 that leaves the session", func(r *rig) { r.Invalidate(every, true) }, false},
		{"after opcode 9 that ends it", func(r *rig) { r.Invalidate(every, false) }, true},
		{"after close code 4009", func(r *rig) { r.CloseWith(every, 4009) }, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, gatewaysim.Config{Rate: 50})
			b := r.bot(t, "bot", Config{Retry: time.Millisecond})
			r.startAll(t, b)
			before, _ := b.ShardSession(0)
			r.handles(t, b, 3)
			test.fault(r)
			if test.fresh {
				want := r.Stats().Identifies + 1
				if _, err := r.Await(testContext(t), func(st gatewaysim.Stats) bool { return st.Identifies >= want }); err != nil {
					t.Fatal(err)
				}
			}
			r.handles(t, b, 10)
			after, _ := b.ShardSession(0)
			if same := after.ID == before.ID; same == test.fresh {
				t.Errorf("want another session only when it ended: %v after %v", after, before)
			}
			if !test.fresh {
				r.clean(t)
			}
		})
	}
}

func TestAFatalCloseCodeEndsAStart(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{DisallowedIntents: gatewaysim.IntentGuildMembers})
	b := r.bot(t, "bot", Config{})
	_, err := b.StartShard(testContext(t), 0, 1, slaveclient.Session{})
	var closed *CloseError
	if !errors.As(err, &closed) || closed.Code != 4014 || closed.Shard != 0 {
		t.Fatalf("want close code 4014 of shard 0, got %v", err)
	}
	if _, ok := b.ShardSession(0); ok {
		t.Error("want no session")
	}
}

func TestAFatalCloseCodeEndsAShard(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{Rate: 50})
	down := make(chan error, 1)
	b := r.bot(t, "bot", Config{ShardDown: func(_ int, err error) { down <- err }})
	r.startAll(t, b)
	r.CloseWith(gatewaysim.EveryShard(), 4004)
	select {
	case err := <-down:
		var closed *CloseError
		if !errors.As(err, &closed) || closed.Code != 4004 {
			t.Errorf("want close code 4004, got %v", err)
		}
	case <-testContext(t).Done():
		t.Fatal("nobody was told")
	}
	if _, err := b.StopShard(testContext(t), 0, nobody{}); !errors.Is(err, ErrShardNotHere) {
		t.Errorf("want %v, got %v", ErrShardNotHere, err)
	}
	if session, err := b.StopShard(testContext(t), 0, dropping{}); err != nil || !session.IsZero() {
		t.Errorf("where nobody takes it over, want it gone without a session, got %+v, %v", session, err)
	}
}

// held is a listener that waits with the first message until it is told to go on.
type held struct {
	entered, proceed chan struct{}
	seen             atomic.Int64 // the sequence of the last event
	first            atomic.Bool
}

func newHeld() *held { return &held{entered: make(chan struct{}), proceed: make(chan struct{})} }

func (h *held) handle(e *events.MessageCreate) {
	h.seen.Store(int64(e.SequenceNumber()))
	if h.first.CompareAndSwap(false, true) {
		close(h.entered)
		<-h.proceed
	}
}

func TestAStopWaitsForTheHandlerAndForNoLaterEvent(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{Rate: 40, StateEvery: 1000, HeartbeatInterval: 2 * time.Second, HeartbeatGrace: limit})
	h := newHeld()
	old := r.bot(t, "old", Config{Client: []bot.ConfigOpt{bot.WithEventListenerFunc(h.handle)}})
	r.startAll(t, old)
	ctx := testContext(t)
	<-h.entered
	at := h.seen.Load()
	// Frames pile up behind the handler, in the socket and in disgo's buffers, until
	// the next heartbeat, at which Await looks.
	if _, err := r.Await(ctx, func(st gatewaysim.Stats) bool {
		return len(st.Sessions) == 1 && int64(st.Sessions[0].Sequence) > at+50
	}); err != nil {
		t.Fatal(err)
	}
	s := old.lookup(0)
	life := s.connected()
	stopped := make(chan slaveclient.Session, 1)
	go func() {
		session, err := old.StopShard(ctx, 0, nobody{})
		if err != nil {
			t.Error(err)
		}
		stopped <- session
	}()
	<-s.watchedNow() // the stop has begun: it now waits for the handler
	close(h.proceed)
	session := <-stopped
	<-life.link.over
	if session.Sequence < at || session.Sequence != h.seen.Load() {
		t.Errorf("want the session to end with the last event that was handled (%d), got %d", h.seen.Load(), session.Sequence)
	}
	<-life.gate.Drained()
	next := r.bot(t, "new", Config{})
	if _, err := next.StartShard(ctx, 0, 1, session); err != nil {
		t.Fatal(err)
	}
	r.handles(t, next, 100)
	if h.seen.Load() != session.Sequence {
		t.Errorf("the old owner went on to event %d after letting go at %d", h.seen.Load(), session.Sequence)
	}
	r.clean(t)
}

func TestAStopThatCannotWaitLeavesTheShardRunning(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{Rate: 40})
	h := newHeld()
	b := r.bot(t, "bot", Config{Client: []bot.ConfigOpt{bot.WithEventListenerFunc(h.handle)}})
	r.startAll(t, b)
	<-h.entered
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	session, err := b.StopShard(ctx, 0, nobody{})
	if !errors.Is(err, context.DeadlineExceeded) || !session.IsZero() {
		t.Errorf("want the deadline and no session, got %v, %v", session, err)
	}
	close(h.proceed)
	r.handles(t, b, 10)
	r.Drop(gatewaysim.EveryShard()) // it is also still looked after
	r.handles(t, b, 10)
	r.clean(t)
}

func TestAStoppedShardNeverDialsAgain(t *testing.T) {
	t.Parallel()
	var dials atomic.Int32
	r := newRig(t, gatewaysim.Config{Rate: 50})
	old := r.bot(t, "old", Config{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		dials.Add(1)
		return new(net.Dialer).DialContext(ctx, network, address)
	}})
	r.startAll(t, old)
	life := old.lookup(0).connected()
	if _, err := old.StopShard(testContext(t), 0, nobody{}); err != nil {
		t.Fatal(err)
	}
	before := dials.Load()
	// What an opcode 7, a lost heartbeat and the like make disgo do.
	if err := life.gw.Open(testContext(t)); !errors.Is(err, discord.ErrGatewayAlreadyConnected) {
		t.Errorf("want disgo's reconnect barred for good, got %v", err)
	}
	if dials.Load() != before {
		t.Errorf("want no further dial, got %d", dials.Load()-before)
	}
	if st := r.Stats(); st.Attached != 0 || st.Identifies != 1 {
		t.Errorf("want the session free, and no other: %+v", st)
	}
}

func TestAStopRightAfterOpcode7(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{Rate: 40})
	old, next := r.bot(t, "old", Config{}), r.bot(t, "new", Config{})
	r.startAll(t, old)
	r.handles(t, old, 5)
	r.Reconnect(gatewaysim.EveryShard())
	ctx := testContext(t)
	resumes(ctx, t, old, next, false)
	r.handles(t, next, 10)
	r.clean(t)
	if st := r.Stats(); st.TakeOvers != 0 || st.Identifies != 1 {
		t.Errorf("want nobody to interfere: %+v", st.Counters)
	}
}

func TestAShardComesBack(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{Rate: 40})
	a, b := r.bot(t, "a", Config{}), r.bot(t, "b", Config{})
	r.startAll(t, a)
	ctx := testContext(t)
	for range 2 {
		r.handles(t, a, 5)
		if _, err := move(ctx, a, b, 0, 1, true); err != nil {
			t.Fatal(err)
		}
		r.handles(t, b, 5)
		if _, err := move(ctx, b, a, 0, 1, true); err != nil {
			t.Fatal(err)
		}
	}
	r.handles(t, a, 5)
	r.clean(t)
}

func TestStartsAndStopsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{})
	b := r.bot(t, "bot", Config{})
	ctx := testContext(t)
	if _, err := b.StopShard(ctx, 3, nobody{}); !errors.Is(err, ErrShardNotHere) {
		t.Errorf("stop what never was here: want %v, got %v", ErrShardNotHere, err)
	}
	r.startAll(t, b)
	if _, err := b.StartShard(ctx, 0, 1, slaveclient.Session{}); !errors.Is(err, ErrShardRuns) {
		t.Errorf("start what runs: want %v, got %v", ErrShardRuns, err)
	}
	if err := b.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	if _, err := b.StartShard(ctx, 0, 1, slaveclient.Session{}); !errors.Is(err, ErrShutDown) {
		t.Errorf("start after the end: want %v, got %v", ErrShutDown, err)
	}
	if err := b.ArmShard(ctx, 0, 1, ""); !errors.Is(err, ErrShutDown) {
		t.Errorf("arm after the end: want %v, got %v", ErrShutDown, err)
	}
	if st := r.Stats(); st.SessionsClosed != 0 || st.Attached != 0 {
		t.Errorf("want the session left resumable: %+v", st.Counters)
	}
}

func TestAStartThatIsCalledOffLeavesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{})
	b := r.bot(t, "bot", Config{})
	asked, closed := make(chan struct{}), make(chan error, 1)
	// A gateway that says HELLO, hears the RESUME, and has no answer.
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		conn, err := new(websocket.Upgrader).Upgrade(w, req, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		_ = conn.WriteMessage(websocket.TextMessage, []byte(`{"op":10,"d":{"heartbeat_interval":41250}}`))
		_, _, _ = conn.ReadMessage()
		close(asked)
		_, _, err = conn.ReadMessage()
		closed <- err
	}))
	t.Cleanup(server.Close)
	ctx, cancel := context.WithCancel(context.Background())
	result := make(chan error, 1)
	go func() {
		_, err := b.StartShard(ctx, 0, 1, slaveclient.Session{ID: "some", Sequence: 5, ResumeURL: strings.Replace(server.URL, "http", "ws", 1)})
		result <- err
	}()
	<-asked
	cancel()
	if err := <-result; !errors.Is(err, context.Canceled) {
		t.Errorf("want it called off, got %v", err)
	}
	if err := <-closed; !websocket.IsCloseError(err, resumableCode) {
		t.Errorf("want the connection closed with %d, got %v", resumableCode, err)
	}
	if _, ok := b.ShardSession(0); ok {
		t.Error("want no shard here")
	}
}

func TestGatewaysAsTheBotSeesThem(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{Shards: 2})
	acked := make(chan struct{}, 100)
	b := r.bot(t, "bot", Config{Client: []bot.ConfigOpt{bot.WithEventListenerFunc(func(*events.HeartbeatAck) { acked <- struct{}{} })}})
	m := b.Client().ShardManager
	if m.Shard(0) != nil {
		t.Error("want no shard before the start")
	}
	r.startAll(t, b)
	g := m.Shard(1)
	if g == nil || g.ShardID() != 1 || g.ShardCount() != 2 || g.Status() != gateway.StatusReady {
		t.Fatalf("got %+v", g)
	}
	if g.Intents() != gateway.IntentsAll {
		t.Errorf("want all intents, got %v", g.Intents())
	}
	session, ok := b.ShardSession(1)
	if !ok || *g.SessionID() != session.ID || *g.ResumeURL() != session.ResumeURL {
		t.Errorf("want session %+v, got %v, %v", session, *g.SessionID(), *g.ResumeURL())
	}
	if err := g.Send(testContext(t), gateway.OpcodePresenceUpdate, gateway.MessageDataPresenceUpdate{}); err != nil {
		t.Error(err)
	}
	if _, err := r.Quiesce(testContext(t)); err != nil { // it asks for a heartbeat
		t.Fatal(err)
	}
	<-acked
	<-acked
	if g.Latency()+m.Shard(0).Latency() <= 0 {
		t.Error("want a latency after a heartbeat")
	}
	count := 0
	for range m.Shards() {
		count++
	}
	if count != 2 {
		t.Errorf("want 2 shards, got %d", count)
	}
	m.CloseShard(testContext(t), 1)
	if err := g.Send(testContext(t), gateway.OpcodePresenceUpdate, gateway.MessageDataPresenceUpdate{}); !errors.Is(err, discord.ErrShardNotReady) {
		t.Errorf("want %v, got %v", discord.ErrShardNotReady, err)
	}
	if g.Status() != gateway.StatusDisconnected {
		t.Errorf("want it disconnected, got %v", g.Status())
	}
	if err := m.ResumeShard(testContext(t), 1, shardState(session)); err != nil {
		t.Error(err)
	}
	if g.Status() != gateway.StatusReady {
		t.Errorf("want it back, got %v", g.Status())
	}
}
