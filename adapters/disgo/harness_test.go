package batondisgo

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/cache"
	"github.com/disgoorg/disgo/events"
	"github.com/disgoorg/disgo/gateway"
	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/disgo/sharding"

	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
	"github.com/shardbaton/baton/internal/gatewaysim/simtest"
	"github.com/shardbaton/baton/slaveclient"
)

// limit bounds what should take a moment; it is reached only when something hangs.
const limit = 2 * time.Minute

func testContext(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return ctx
}

// rig is a gateway and the bots that are pointed at it.
type rig struct {
	*simtest.Sim
	cfg gatewaysim.Config
	dir string // of the ledger

	records map[*Bot]*recorder
}

func newRig(t testing.TB, cfg gatewaysim.Config) *rig {
	t.Helper()
	if cfg.MaxConcurrency == 0 {
		cfg.MaxConcurrency, cfg.IdentifyInterval = max(cfg.Shards, 1), time.Millisecond
	}
	if cfg.ReplaySize == 0 {
		cfg.ReplaySize = 1 << 16 // so that a busy machine is no reason for a fresh session
	}
	return &rig{Sim: simtest.Start(t, cfg), cfg: cfg, dir: t.TempDir(), records: make(map[*Bot]*recorder)}
}

// freely lets every shard IDENTIFY at once.
func freely() gateway.IdentifyRateLimiter {
	return gateway.NewIdentifyRateLimiter(gateway.WithIdentifyMaxConcurrency(1<<10), gateway.WithIdentifyWait(time.Millisecond))
}

// bot makes a bot that enters in the ledger what it handles.
func (r *rig) bot(t testing.TB, process string, cfg Config) *Bot {
	t.Helper()
	writer, err := ledger.Create(r.dir, process)
	if err != nil {
		t.Fatal(err)
	}
	record := &recorder{writer: writer, t: t, changed: make(chan struct{})}
	cfg.Client = append([]bot.ConfigOpt{
		bot.WithLogger(quiet()),
		bot.WithRestClientConfigOpts(rest.WithURL(r.URLs.REST)),
		bot.WithCacheConfigOpts(cache.WithCaches(cache.FlagsAll)),
		bot.WithEventListeners(&events.ListenerAdapter{
			OnMessageCreate:     record.message,
			OnGuildUpdate:       record.guild,
			OnGuildMemberUpdate: record.member,
		}),
	}, cfg.Client...)
	cfg.Gateway = append([]gateway.ConfigOpt{gateway.WithIntents(gateway.IntentsAll)}, cfg.Gateway...)
	if cfg.IdentifyRateLimiter == nil {
		cfg.IdentifyRateLimiter = freely()
	}
	b, err := New(gatewaysim.Token(gatewaysim.DefaultApplication), cfg)
	if err != nil {
		t.Fatal(err)
	}
	record.bot = b
	r.records[b] = record
	b.pool.fill() // disgo's one second runs while others start
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		if err := b.Shutdown(ctx); err != nil && !errors.Is(err, ErrShutDown) {
			t.Errorf("Shutdown of %s: %v", process, err)
		}
		if err := writer.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// quiet is a logger that formats everything and shows nothing.
func quiet() *slog.Logger {
	return slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelInfo}))
}

// recorder enters handled events in the ledger.
type recorder struct {
	t      testing.TB
	bot    *Bot
	writer *ledger.Writer

	mu      sync.Mutex
	counts  [64]int // by shard
	changed chan struct{}
}

func (r *recorder) done(shard, seq int, number, previous uint64) {
	err := r.writer.Done(ledger.Handled{
		Stream:   ledger.Stream{Shard: shard, Shards: r.bot.total()},
		Sequence: seq, Number: number, Previous: previous,
	})
	if err != nil {
		r.t.Error(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts[shard]++
	close(r.changed)
	r.changed = make(chan struct{})
}

// handles waits until the bot has handled so many more events of each shard.
func (r *rig) handles(t testing.TB, b *Bot, more int) {
	t.Helper()
	record, shards, ctx := r.records[b], max(r.cfg.Shards, 1), testContext(t)
	record.mu.Lock()
	from := record.counts
	for {
		reached := true
		for shard := range shards {
			reached = reached && record.counts[shard] >= from[shard]+more
		}
		changed := record.changed
		record.mu.Unlock()
		if reached {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			t.Fatalf("not every shard has handled %d more events", more)
		}
		record.mu.Lock()
	}
}

func (r *recorder) message(e *events.MessageCreate) {
	number, err := strconv.ParseUint(string(e.Message.Nonce), 10, 64)
	if err != nil {
		r.t.Errorf("nonce: %v", err)
	}
	r.done(e.ShardID(), e.SequenceNumber(), number, ledger.Unchecked)
}

func (r *recorder) guild(e *events.GuildUpdate) {
	number, _, _ := ledger.ParseText(text(e.Guild.Description))
	previous, _, _ := ledger.ParseText(text(e.OldGuild.Description))
	r.done(e.ShardID(), e.SequenceNumber(), number, previous)
}

func (r *recorder) member(e *events.GuildMemberUpdate) {
	number, _, _ := ledger.ParseText(text(e.Member.Nick))
	previous, _, _ := ledger.ParseText(text(e.OldMember.Nick))
	r.done(e.ShardID(), e.SequenceNumber(), number, previous)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// startAll starts every shard afresh.
func (r *rig) startAll(t testing.TB, b *Bot) {
	t.Helper()
	ctx := testContext(t)
	each(t, max(r.cfg.Shards, 1), func(shard int) error {
		started, err := b.StartShard(ctx, shard, max(r.cfg.Shards, 1), slaveclient.Session{})
		if err == nil && !started.Fresh {
			t.Errorf("shard %d: want it fresh", shard)
		}
		return err
	})
}

// each runs f for n shards at once.
func each(t testing.TB, n int, f func(shard int) error) {
	t.Helper()
	var all sync.WaitGroup
	for shard := range n {
		all.Go(func() {
			if err := f(shard); err != nil {
				t.Errorf("shard %d: %v", shard, err)
			}
		})
	}
	all.Wait()
	if t.Failed() {
		t.FailNow()
	}
}

// clean fails the test unless everything that was sent was handled once, in
// order, on the right state.
func (r *rig) clean(t testing.TB) ledger.Verdict {
	t.Helper()
	if _, err := r.Quiesce(testContext(t)); err != nil {
		t.Fatal(err)
	}
	v, err := ledger.Judge(r.Sent(), r.dir)
	if err != nil {
		t.Fatal(err)
	}
	if !v.Clean() {
		t.Errorf("the ledger is not clean:\n%v", v)
	}
	return v
}

// carrier is a StateSender that loads each record into the next owner at once.
type carrier struct {
	to      *Bot
	shard   int
	copied  bool
	records int
	bytes   int
}

func (c *carrier) Send(ctx context.Context, r slaveclient.Record) error {
	c.records++
	c.bytes += len(r.Payload)
	r.Payload = append([]byte(nil), r.Payload...)
	return c.to.LoadGuildState(ctx, c.shard, r)
}

func (c *carrier) Copied() bool  { return c.copied }
func (c *carrier) Dropped() bool { return false }

// resumes moves shard 0 of 1 and wants it to RESUME.
func resumes(ctx context.Context, t *testing.T, from, to *Bot, ahead bool) {
	t.Helper()
	started, err := move(ctx, from, to, 0, 1, ahead)
	if err != nil || started.Fresh {
		t.Fatalf("want a resume, got %+v, %v", started, err)
	}
}

// move hands a shard over as a master would.
func move(ctx context.Context, from, to *Bot, shard, shards int, ahead bool) (slaveclient.Started, error) {
	c := &carrier{to: to, shard: shard}
	if ahead {
		session, _ := from.ShardSession(shard)
		if err := to.ArmShard(ctx, shard, shards, session.ResumeURL); err != nil {
			return slaveclient.Started{}, err
		}
		if err := from.CopyShard(ctx, shard, c); err != nil {
			return slaveclient.Started{}, err
		}
		c.copied = true
	}
	session, err := from.StopShard(ctx, shard, c)
	if err != nil {
		return slaveclient.Started{}, err
	}
	return to.StartShard(ctx, shard, shards, session)
}

func shardState(s slaveclient.Session) sharding.ShardState {
	return sharding.ShardState{SessionID: s.ID, Sequence: int(s.Sequence), ResumeURL: s.ResumeURL}
}

// watchedNow returns a channel that is closed when the shard's watcher has ended,
// which is how a stop begins.
func (s *shard) watchedNow() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.watched
}
