package simulate

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/shardbaton/baton/slaveclient"
)

// bot is a bot as the SDK wants it: a gate around each shard's handlers, a state
// that leaves with the shard, and a client library that reconnects by itself.
type bot struct {
	process *process
	world   *world
	lease   *slaveclient.Lease

	mu     sync.Mutex
	shards map[int]*shard
	ending bool
	lives  sync.WaitGroup // the goroutines of the shards
}

func newBot(p *process) *bot {
	return &bot{process: p, world: p.world, shards: make(map[int]*shard)}
}

// offering returns the bot with the optional interfaces that the scenario gives it.
func (b *bot) offering(s scenario) slaveclient.Bot {
	switch {
	case s.preCopy && s.arm:
		return struct {
			*bot
			copier
			armer
		}{b, copier{b}, armer{b}}
	case s.preCopy:
		return struct {
			*bot
			copier
		}{b, copier{b}}
	case s.arm:
		return struct {
			*bot
			armer
		}{b, armer{b}}
	default:
		return b
	}
}

func (b *bot) shard(number int) *shard {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.shards[number]
	if s == nil {
		s = newShard(b, number)
		b.shards[number] = s
	}
	return s
}

// called begins every callback: it is noted, and may be what a fault waits for.
func (b *bot) called(ctx context.Context, name string, shard int) error {
	if err := b.work(ctx, shard); err != nil {
		return err
	}
	wrong := b.world.callback(b.process, name, shard)
	switch wrong.kind {
	case botFails:
		return errFlaw
	case botHangs:
		<-ctx.Done()
		return context.Cause(ctx)
	case botOverruns:
		<-ctx.Done()
		b.world.troubled(wrong.lasts)
		if err := b.process.pause(context.Background(), wrong.lasts); err != nil {
			return err
		}
		return context.Cause(ctx)
	case botExits:
		b.world.clock.after(0, func() { b.process.kill(newDice(b.world.seed, "exit of "+b.process.name)) })
		<-b.process.dead
	}
	return b.process.awake(ctx)
}

// errFlaw is how a callback fails.
var errFlaw = errors.New("simulate: the bot has a flaw")

// work takes a moment, so that what several callbacks do at once has an order. A
// process that stands still does nothing.
func (b *bot) work(ctx context.Context, shard int) error {
	if err := b.process.pause(ctx, b.world.workTime(b.process, shard)); err != nil {
		return err
	}
	return b.process.awake(ctx)
}

// send passes records on, one after another.
func (b *bot) send(ctx context.Context, shard int, records []slaveclient.Record, out slaveclient.StateSender) error {
	for _, r := range records {
		if err := b.work(ctx, shard); err != nil {
			return err
		}
		if err := out.Send(ctx, r); err != nil {
			return err
		}
	}
	return b.process.awake(ctx)
}

// SoftStart implements [slaveclient.Bot].
func (b *bot) SoftStart(context.Context, slaveclient.Assignment) error {
	return errors.New("simulate: no scenario changes the number of shards")
}

// FullStart implements [slaveclient.Bot].
func (b *bot) FullStart(ctx context.Context, _ slaveclient.Assignment) error {
	return b.called(ctx, "FullStart", -1)
}

// Shutdown implements [slaveclient.Bot].
func (b *bot) Shutdown(ctx context.Context) error {
	err := b.called(ctx, "Shutdown", -1)
	b.end()
	return err
}

// end ends every shard that still runs, and waits for its goroutines.
func (b *bot) end() {
	b.mu.Lock()
	b.ending = true
	b.mu.Unlock()
	for number := range b.world.scenario.shards {
		if s := b.known(number); s != nil {
			s.drop()
		}
	}
	b.lives.Wait()
}

// known returns a shard if the bot ever had to do with it.
func (b *bot) known(number int) *shard {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.shards[number]
}

// StartShardTransferFrom implements [slaveclient.Bot].
func (b *bot) StartShardTransferFrom(ctx context.Context) (int, error) {
	return b.world.scenario.shards, b.called(ctx, "StartShardTransferFrom", -1)
}

// StartShardTransferTo implements [slaveclient.Bot].
func (b *bot) StartShardTransferTo(ctx context.Context, _ int) error {
	return b.called(ctx, "StartShardTransferTo", -1)
}

// StopShard implements [slaveclient.Bot].
func (b *bot) StopShard(ctx context.Context, number int, out slaveclient.StateSender) (slaveclient.Session, error) {
	if err := b.called(ctx, "StopShard", number); err != nil {
		return slaveclient.Session{}, err
	}
	s := b.shard(number)
	session, err := s.stop(ctx)
	if err != nil {
		return slaveclient.Session{}, err
	}
	return session, b.send(ctx, number, s.owed(out.Copied()), out)
}

// StartShard implements [slaveclient.Bot].
func (b *bot) StartShard(ctx context.Context, number, _ int, session slaveclient.Session) (started slaveclient.Started, err error) {
	if err = b.called(ctx, "StartShard", number); err == nil {
		started, err = b.shard(number).start(ctx, session)
	}
	if err != nil && !session.IsZero() {
		b.process.do(func() { b.world.ledger.fails(number, b.process.name) })
	}
	return started, err
}

// LoadGuildState implements [slaveclient.Bot].
func (b *bot) LoadGuildState(ctx context.Context, number int, r slaveclient.Record) error {
	if err := b.work(ctx, number); err != nil {
		return err
	}
	return b.shard(number).take(r)
}

// ShardSession implements [slaveclient.Checkpointer].
func (b *bot) ShardSession(number int) (slaveclient.Session, bool) {
	if s := b.known(number); s != nil {
		return s.checkpoint()
	}
	return slaveclient.Session{}, false
}

// UseLease implements [slaveclient.LeaseUser].
func (b *bot) UseLease(l *slaveclient.Lease) { b.lease = l }

// Health implements [slaveclient.HealthChecker].
func (b *bot) Health(ctx context.Context) error {
	if err := b.process.awake(ctx); err != nil {
		return err
	}
	if b.process.isUnwell() {
		return errFlaw
	}
	return nil
}

// copier is the part of a bot that sends state ahead.
type copier struct{ of *bot }

// CopyShard implements [slaveclient.PreCopier].
func (c copier) CopyShard(ctx context.Context, number int, out slaveclient.StateSender) error {
	if err := c.of.called(ctx, "CopyShard", number); err != nil {
		return err
	}
	return c.of.send(ctx, number, c.of.shard(number).ahead(), out)
}

// armer is the part of a bot that dials ahead.
type armer struct{ of *bot }

// armLimit is how long an armed connection is kept.
const armLimit = 3 * time.Second

// ArmShard implements [slaveclient.Armer].
func (a armer) ArmShard(ctx context.Context, number, _ int, _ string) error {
	if err := a.of.called(ctx, "ArmShard", number); err != nil {
		return err
	}
	c, err := a.of.world.gateway.dial(ctx, a.of.process)
	if err != nil {
		return fmt.Errorf("simulate: dial ahead: %w", err)
	}
	a.of.shard(number).arm(c)
	return nil
}
