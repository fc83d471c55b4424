package batondisgo

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/events"
	"github.com/disgoorg/disgo/gateway"

	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/slaveclient"
)

func TestEveryCompressionHandsOver(t *testing.T) {
	t.Parallel()
	for _, compression := range []gateway.CompressionType{
		gateway.CompressionNone, gateway.CompressionZlibStream, gateway.CompressionZstdStream,
	} {
		t.Run(compression.String(), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, gatewaysim.Config{Shards: 2, Rate: 40})
			cfg := Config{Gateway: []gateway.ConfigOpt{gateway.WithCompression(compression)}}
			old, next := r.bot(t, "old", cfg), r.bot(t, "new", cfg)
			r.startAll(t, old)
			r.handles(t, old, 10)
			ctx := testContext(t)
			each(t, 2, func(shard int) error {
				started, err := move(ctx, old, next, shard, 2, true)
				if started.Fresh {
					t.Errorf("shard %d: want it resumed", shard)
				}
				return err
			})
			r.handles(t, next, 10)
			r.clean(t)
		})
	}
}

func TestASlowAsyncListenerDelaysTheEndButNoHandOver(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{Rate: 40})
	proceed := make(chan struct{})
	entered := make(chan struct{}, 1000)
	slow := Async(func(*events.MessageCreate) {
		entered <- struct{}{}
		<-proceed
	})
	old := r.bot(t, "old", Config{Client: []bot.ConfigOpt{bot.WithEventListeners(slow)}})
	next := r.bot(t, "new", Config{})
	r.startAll(t, old)
	<-entered
	<-entered
	ctx := testContext(t)
	if _, err := move(ctx, old, next, 0, 1, true); err != nil {
		t.Fatal(err)
	}
	r.handles(t, next, 5)

	brief, cancel := context.WithCancel(ctx)
	cancel()
	if err := old.drained(brief); !errors.Is(err, context.Canceled) {
		t.Errorf("want the old bot to have handlers that run, got %v", err)
	}
	ended := make(chan error)
	go func() { ended <- old.Shutdown(ctx) }()
	close(proceed)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	r.clean(t)
}

func TestAnAsyncListenerThatPanicsHasFinished(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{Rate: 40})
	entered := make(chan struct{}, 1000)
	b := r.bot(t, "bot", Config{Client: []bot.ConfigOpt{bot.WithEventListeners(Async(func(*events.MessageCreate) {
		entered <- struct{}{}
		broken := make([]int, 0)
		broken[len(entered)] = 1
	}))}})
	r.startAll(t, b)
	<-entered
	if err := b.Shutdown(testContext(t)); err != nil {
		t.Error(err)
	}
}

func TestASoftStartUpdatesTheCachesAndDoesNothingElse(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{Rate: 40, StateEvery: 1, Shards: 2})
	b := r.bot(t, "bot", Config{})
	ctx := testContext(t)
	a := slaveclient.Assignment{NumShards: 2, Shards: []int{0, 1}}
	if err := b.SoftStart(ctx, a); err != nil {
		t.Fatal(err)
	}
	r.startAll(t, b)
	if _, err := r.Await(ctx, func(st gatewaysim.Stats) bool { return st.Attached == 2 }); err != nil {
		t.Fatal(err)
	}
	// Until the heartbeat that Quiesce asks for, the shards have handled something.
	if _, err := r.Quiesce(ctx); err != nil {
		t.Fatal(err)
	}
	record := r.records[b]
	record.mu.Lock()
	silent := record.counts[0] + record.counts[1]
	record.mu.Unlock()
	if silent != 0 {
		t.Errorf("want no listener called, got %d calls", silent)
	}
	if b.Client().Caches.GuildsLen() != 100 {
		t.Errorf("want 100 guilds cached, got %d", b.Client().Caches.GuildsLen())
	}
	if err := b.FullStart(ctx, a); err != nil {
		t.Fatal(err)
	}
	r.StartEvents()
	r.handles(t, b, 5)
}

func TestHooksAreCalled(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{})
	var calls []string
	hook := func(name string) func(context.Context, *bot.Client, slaveclient.Assignment) error {
		return func(_ context.Context, c *bot.Client, a slaveclient.Assignment) error {
			if c == nil || a.NumShards != 1 {
				t.Errorf("%s: want the client and the assignment, got %v, %v", name, c, a)
			}
			calls = append(calls, name)
			return errors.New(name)
		}
	}
	failed := errors.New("shutdown")
	b := r.bot(t, "bot", Config{
		SoftStart: hook("soft"), FullStart: hook("full"),
		Shutdown: func(context.Context, *bot.Client) error { return failed },
	})
	ctx := testContext(t)
	a := slaveclient.Assignment{NumShards: 1, Shards: []int{0}}
	for _, start := range []func(context.Context, slaveclient.Assignment) error{b.SoftStart, b.FullStart} {
		if err := start(ctx, a); err == nil {
			t.Error("want the hook's error")
		}
	}
	if !slices.Equal(calls, []string{"soft", "full"}) {
		t.Errorf("got %v", calls)
	}
	if n, err := b.StartShardTransferFrom(ctx); n != 1 || err != nil {
		t.Errorf("want 1 shard, got %d, %v", n, err)
	}
	if err := b.Shutdown(ctx); !errors.Is(err, failed) {
		t.Errorf("want the hook's error, got %v", err)
	}
}

func TestRawEventsGoWithTheirs(t *testing.T) {
	t.Parallel()
	r := newRig(t, gatewaysim.Config{Rate: 40})
	var both [2]map[int]int // raw and parsed, by sequence
	both[0], both[1] = make(map[int]int), make(map[int]int)
	var mu sync.Mutex
	note := func(i, seq int) {
		mu.Lock()
		defer mu.Unlock()
		both[i][seq]++
	}
	cfg := Config{
		Gateway: []gateway.ConfigOpt{gateway.WithEnableRawEvents(true)},
		Client: []bot.ConfigOpt{
			bot.WithEventListenerFunc(func(e *events.Raw) {
				if e.EventType == gateway.EventTypeMessageCreate {
					note(0, e.SequenceNumber())
				}
			}),
			bot.WithEventListenerFunc(func(e *events.MessageCreate) { note(1, e.SequenceNumber()) }),
		},
	}
	old, next := r.bot(t, "old", cfg), r.bot(t, "new", cfg)
	r.startAll(t, old)
	r.handles(t, old, 20)
	if _, err := move(testContext(t), old, next, 0, 1, true); err != nil {
		t.Fatal(err)
	}
	r.handles(t, next, 20)
	r.clean(t)
	mu.Lock()
	defer mu.Unlock()
	for seq, n := range both[1] {
		if n != 1 || both[0][seq] != 1 {
			t.Errorf("event %d: handled %d times, its raw event %d times", seq, n, both[0][seq])
		}
	}
	if len(both[0]) != len(both[1]) || len(both[0]) == 0 {
		t.Errorf("%d raw events for %d", len(both[0]), len(both[1]))
	}
}

func TestEventsThatDisgoCannotDecodeAreNotWaitedFor(t *testing.T) {
	known := knownEvents()
	for kind, want := range map[gateway.EventType]bool{
		gateway.EventTypeMessageCreate:      true,
		gateway.EventTypeResumed:            true,
		gateway.EventTypeMessagePollVoteAdd: false, // disgo has a handler, and no decoding
		"SOMETHING_NEW":                     false,
	} {
		if known[kind] != want {
			t.Errorf("%s: want known %v", kind, want)
		}
	}
}

func TestConfigsThatCannotBeUsed(t *testing.T) {
	for name, test := range map[string]struct {
		cfg  Config
		want string
	}{
		"a negative time":     {Config{ArmFor: -1}, "ArmFor"},
		"a negative number":   {Config{Refusals: -1}, "Refusals"},
		"a state without one": {Config{States: []State{nil}}, "States[0]"},
		"two states of a kind": {
			Config{States: []State{&notes{kind: "a"}, &notes{kind: "a"}}}, "States[1]",
		},
		"a state of disgo's kind": {Config{States: []State{&notes{kind: slaveclient.KindGuild}}}, "States[0]"},
		"a gateway of its own": {
			Config{Client: []bot.ConfigOpt{bot.WithGateway(gateway.New("x", nil))}}, "Client",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(gatewaysim.Token(1), test.cfg)
			var wrong *ConfigError
			if !errors.As(err, &wrong) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("want a ConfigError about %s, got %v", test.want, err)
			}
		})
	}
	if _, err := New("no token", Config{}); err == nil {
		t.Error("want an error about the token")
	}
	_, err := New(gatewaysim.Token(1), Config{ArmFor: -1, Retry: -1, Spare: -1})
	var wrong *ConfigError
	if !errors.As(err, &wrong) || len(wrong.Problems) != 3 {
		t.Errorf("want three problems at once, got %v", err)
	}
}
