package batondisgo

import (
	"context"
	"net"
	"sync"
	"sync/atomic"

	"github.com/disgoorg/disgo/gateway"
	"github.com/gorilla/websocket"

	"github.com/shardbaton/baton/slaveclient"
)

// parkedURL is where disgo believes to be connected. It is never looked up: the
// dial ends in a link.
const parkedURL = "ws://gateway.invalid"

// life is one disgo gateway on one connection. It never connects again.
type life struct {
	gw   gateway.Gateway
	link *link
	// gate is that of this life alone: what disgo still has in its buffers when
	// the shard goes on in another life finds it shut.
	gate *slaveclient.Gate

	shard   atomic.Pointer[shard] // nil while the life is parked
	up      chan struct{}         // closed when RESUMED or READY was handled
	isUp    func()
	refused atomic.Bool // the gateway said that the session cannot be resumed
	raw     *stashed    // see dispatch; only the read loop touches it
	pulse   pulse

	opened chan struct{} // closed when disgo's Open has returned
	dialed atomic.Bool
	cancel context.CancelFunc
}

// newLife makes a disgo gateway and lets it open. opts come after the bot's own.
func (b *Bot) newLife(opts ...gateway.ConfigOpt) *life {
	l := &life{gate: slaveclient.NewGate(), up: make(chan struct{}), opened: make(chan struct{})}
	l.isUp = sync.OnceFunc(func() { close(l.up) })
	l.link = newLink(l.gate.Last, l.noteRefusal, l.pulse.beat, b.mayAct)
	var ctx context.Context
	ctx, l.cancel = context.WithCancel(context.Background())
	all := append([]gateway.ConfigOpt{gateway.WithCompression(gateway.CompressionNone)}, b.cfg.Gateway...)
	all = append(all,
		gateway.WithLogger(b.lifeLogger(l)),
		gateway.WithDialer(&websocket.Dialer{NetDialContext: l.dial}),
		gateway.WithURL(parkedURL),
		gateway.WithEnableResumeURL(false),
		gateway.WithAutoReconnect(false),
		gateway.WithCloseHandler(nil),
		gateway.WithIdentifyRateLimiter(&onceLimiter{life: l, of: b}),
	)
	l.gw = gateway.New(b.client.Token, l.dispatch, append(all, opts...)...)
	b.lives.Go(func() {
		defer close(l.opened)
		defer l.cancel()
		// Once disgo has dialled, the link knows better than this error why it
		// is over, and is over already.
		if err := l.gw.Open(ctx); err != nil {
			l.link.end(err)
		}
	})
	return l
}

// resumable makes a life that is to RESUME a session which is not known yet.
func (b *Bot) resumable() *life {
	return b.newLife(gateway.WithSessionID("not known yet"), gateway.WithSequence(0))
}

// identifying makes a life that is to IDENTIFY as this shard.
func (b *Bot) identifying(s *shard) *life {
	l := b.newLife(gateway.WithShardID(s.id), gateway.WithShardCount(s.total()))
	l.shard.Store(s)
	l.gate.UseLease(b.lease.Load())
	l.gate.Open(0)
	return l
}

// resume gives a parked life its shard and session; it must not be joined yet.
func (l *life) resume(s *shard, session slaveclient.Session) {
	l.shard.Store(s)
	l.gate.UseLease(s.bot.lease.Load())
	l.gate.Open(session.Sequence)
	// disgo reads both when HELLO comes, which is after the join. There is no
	// setter, but what these methods return is what it reads.
	*l.gw.SessionID() = session.ID
	*l.gw.LastSequenceReceived() = int(session.Sequence)
}

// dial is disgo's dial: the first gets the link, any other is barred.
func (l *life) dial(context.Context, string, string) (net.Conn, error) {
	if l.dialed.Swap(true) || l.link.isOver() {
		return nil, &severed{errBarred}
	}
	return l.link, nil
}

// noteRefusal runs when disgo closes the connection by itself, in the goroutine
// in which it does: on opcode 9 with d false it has forgotten the session before,
// and on anything else it does so afterwards.
func (l *life) noteRefusal() {
	if l.gw.SessionID() == nil {
		l.refused.Store(true)
	}
}

// discard ends disgo's part of a life whose link is over. Where disgo still waits
// before its dial, the context ends that; later the link has ended it, and a
// context that ends as well would leave disgo's read loop behind, blocked.
func (l *life) discard() {
	l.link.end(errReleased)
	if !l.dialed.Swap(true) {
		l.cancel()
	}
}

// onceLimiter lets one life IDENTIFY once, in its turn among all shards.
type onceLimiter struct {
	life *life
	of   *Bot

	mu   sync.Mutex
	used bool
	by   gateway.IdentifyRateLimiter
}

func (o *onceLimiter) Wait(ctx context.Context, shardID int) error {
	o.mu.Lock()
	used := o.used
	o.used = true
	o.mu.Unlock()
	if used || o.life.link.isOver() {
		return &severed{errBarred}
	}
	discord, err := o.of.discover(ctx)
	if err != nil {
		return &severed{err}
	}
	if err := discord.limiter.Wait(ctx, shardID); err != nil {
		return &severed{err}
	}
	o.mu.Lock()
	o.by = discord.limiter
	o.mu.Unlock()
	return nil
}

func (o *onceLimiter) Unlock(shardID int) {
	o.mu.Lock()
	by := o.by
	o.mu.Unlock()
	by.Unlock(shardID)
}

// Close closes nothing: the limiter behind it is that of all shards.
func (o *onceLimiter) Close(context.Context) {}
