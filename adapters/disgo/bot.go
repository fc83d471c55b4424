package batondisgo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/disgoorg/disgo"
	"github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/gateway"

	"github.com/shardbaton/baton/slaveclient"
)

// Bot is a disgo bot that slaveclient.Run can start, stop and hand over. Make one
// with [New].
type Bot struct {
	cfg     Config
	client  *bot.Client
	log     *slog.Logger
	handle  gateway.EventHandlerFunc // disgo's
	known   map[gateway.EventType]bool
	pool    pool
	dialer  dialer
	mirror  *mirror
	turns   *turns
	records atomic.Uint64                     // makes the keys of changes unique
	lease   atomic.Pointer[slaveclient.Lease] // nil: always held

	muted atomic.Bool    // a soft start updates the caches and does nothing else
	lives sync.WaitGroup // disgo's gateways and what watches over them

	asking     chan struct{} // held by the one who asks or reads
	discovered discovery

	mu     sync.Mutex
	shards int
	byID   map[int]*shard
	drains []<-chan struct{}
	shut   bool
}

var (
	_ slaveclient.Bot           = (*Bot)(nil)
	_ slaveclient.PreCopier     = (*Bot)(nil)
	_ slaveclient.Armer         = (*Bot)(nil)
	_ slaveclient.Checkpointer  = (*Bot)(nil)
	_ slaveclient.LeaseUser     = (*Bot)(nil)
	_ slaveclient.HealthChecker = (*Bot)(nil)
)

// New builds a disgo client for the token. It does not connect.
func New(token string, cfg Config) (*Bot, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	b := &Bot{
		cfg:    cfg,
		known:  knownEvents(),
		turns:  newTurns(),
		asking: make(chan struct{}, 1),
		byID:   make(map[int]*shard),
		dialer: dialer{dial: cfg.Dial, tls: cfg.TLS},
	}
	b.pool = pool{make: b.resumable, spare: cfg.Spare, most: mostParked}
	b.client, err = disgo.New(token, append(slices.Clone(cfg.Client), bot.WithShardManager(&manager{b}))...)
	if err != nil {
		return nil, fmt.Errorf("batondisgo: build the disgo client: %w", err)
	}
	if b.client.Gateway != nil {
		return nil, &ConfigError{Problems: []error{fmt.Errorf("Client has options for a gateway of its own: put them into Gateway")}}
	}
	b.bind(b.client.Rest.HTTPClient())
	b.log = b.client.Logger.With(slog.String("name", "baton"))
	b.handle = b.client.EventManager.HandleGatewayEvent
	b.client.EventManager = &mutable{EventManager: b.client.EventManager, muted: &b.muted}
	b.mirror = newMirror(b.client.Caches)
	b.client.Caches = b.mirror.caches
	return b, nil
}

// Client returns disgo's client. Its ShardManager and its shards' gateways are
// this package's; OpenShardManager does nothing.
func (b *Bot) Client() *bot.Client { return b.client }

// SoftStart implements [slaveclient.Bot].
func (b *Bot) SoftStart(ctx context.Context, a slaveclient.Assignment) error {
	b.muted.Store(true)
	b.expect(a.NumShards)
	if b.cfg.SoftStart == nil {
		return nil
	}
	return b.cfg.SoftStart(ctx, b.client, a)
}

// FullStart implements [slaveclient.Bot].
func (b *Bot) FullStart(ctx context.Context, a slaveclient.Assignment) error {
	b.muted.Store(false)
	if b.cfg.FullStart == nil {
		return nil
	}
	return b.cfg.FullStart(ctx, b.client, a)
}

// Shutdown implements [slaveclient.Bot].
func (b *Bot) Shutdown(ctx context.Context) error {
	b.mu.Lock()
	again := b.shut
	b.shut = true
	b.mu.Unlock()
	if again {
		return ErrShutDown
	}
	stopped := b.stopAll(ctx)
	drained := b.drained(ctx)
	var hook error
	if b.cfg.Shutdown != nil {
		hook = b.cfg.Shutdown(ctx, b.client)
	}
	b.pool.close()
	b.client.Close(ctx)
	return errors.Join(stopped, drained, hook, b.ended(ctx))
}

// StartShardTransferFrom implements [slaveclient.Bot].
func (b *Bot) StartShardTransferFrom(context.Context) (int, error) { return b.total(), nil }

// mostParked bounds how many gateways are parked for one transfer. A parked
// gateway is some 20 KiB; the pool makes more as they are taken.
const mostParked = 64

// StartShardTransferTo implements [slaveclient.Bot]. It parks gateways for the
// shards to come, which takes the second for which disgo waits.
func (b *Bot) StartShardTransferTo(ctx context.Context, numShards int) error {
	if err := b.usable(); err != nil {
		return err
	}
	b.expect(numShards)
	if _, err := b.discover(ctx); err != nil {
		// It is needed only for a session that comes without its URL.
		b.log.Warn("the gateway's address is not known yet", slog.Any("err", err))
	}
	return b.pool.expect(ctx, numShards)
}

// StopShard implements [slaveclient.Bot].
func (b *Bot) StopShard(ctx context.Context, id int, out slaveclient.StateSender) (slaveclient.Session, error) {
	s := b.lookup(id)
	if s == nil {
		return slaveclient.Session{}, ErrShardNotHere
	}
	session, err := s.release(ctx, out.Dropped(), func() error {
		defer b.turns.passIn(id, resumeSoon)
		return b.sendRest(ctx, id, out)
	})
	if out.Dropped() && errors.Is(err, ErrShardNotHere) {
		s.forget()
		return slaveclient.Session{}, nil // it went down for good before, and nobody takes it over
	}
	return session, err
}

// StartShard implements [slaveclient.Bot].
func (b *Bot) StartShard(ctx context.Context, id, numShards int, session slaveclient.Session) (slaveclient.Started, error) {
	if err := b.usable(); err != nil {
		return slaveclient.Started{}, err
	}
	b.expect(numShards)
	started, err := b.shard(id).start(ctx, numShards, session)
	if err == nil {
		b.pool.fill()
	}
	return started, err
}

// ArmShard implements [slaveclient.Armer].
func (b *Bot) ArmShard(ctx context.Context, id, numShards int, resumeURL string) error {
	if err := b.usable(); err != nil {
		return err
	}
	if err := b.mayAct(); err != nil {
		return err
	}
	b.expect(numShards)
	return b.shard(id).arm(ctx, resumeURL)
}

// ShardSession implements [slaveclient.Checkpointer].
func (b *Bot) ShardSession(id int) (slaveclient.Session, bool) {
	s := b.lookup(id)
	if s == nil || !s.isRunning() {
		return slaveclient.Session{}, false
	}
	return s.checkpoint()
}

// expect notes how many shards the whole bot has.
func (b *Bot) expect(numShards int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shards = numShards
}

func (b *Bot) total() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.shards
}

func (b *Bot) usable() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.shut {
		return ErrShutDown
	}
	return nil
}

// shard returns the shard, made if need be.
func (b *Bot) shard(id int) *shard {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.byID[id]
	if s == nil {
		s = newShard(b, id)
		b.byID[id] = s
	}
	return s
}

// lookup returns the shard, or nil when this process never had it.
func (b *Bot) lookup(id int) *shard {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.byID[id]
}

func (b *Bot) all() []*shard {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := make([]*shard, 0, len(b.byID))
	for _, s := range b.byID {
		all = append(all, s)
	}
	slices.SortFunc(all, func(x, y *shard) int { return x.id - y.id })
	return all
}
