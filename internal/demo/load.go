package demo

import (
	"context"
	"fmt"
	"net"
	"time"

	"go.uber.org/zap"

	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

const (
	// heartbeat is far shorter than Discord's: it is by heartbeats that the bots say
	// which events they have handled, and the demonstration waits for that.
	heartbeat = 3 * time.Second
	// grace keeps a busy machine from being taken for a dead bot.
	grace = 30 * time.Second
	// Discord's own limits for bots that are not very large.
	discordConcurrency = 1
	discordInterval    = 5 * time.Second
)

// load is the gateway with the events that it sends to the bots.
type load struct {
	*gatewaysim.Gateway
	urls gatewaysim.URLs
	// patience bounds the wait for a shard to handle an event.
	patience time.Duration
	end      context.CancelFunc
	served   chan error
}

// startLoad serves a gateway that sends no events yet and lets every shard
// identify at once. fail is called should the gateway end before it is told to.
func startLoad(cfg Config, log *zap.Logger, fail func(error)) (*load, error) {
	most := max(cfg.Shards, cfg.Reshard)
	gateway, err := gatewaysim.New(gatewaysim.Config{
		Shards: cfg.Shards, GuildsPerShard: cfg.Guilds, GuildBytes: cfg.StateBytes,
		Rate: cfg.Rate, Stopped: true, RTT: cfg.RTT,
		MaxConcurrency: most, SessionStarts: 1000 + most*(1+cfg.Upgrades),
		HeartbeatInterval: heartbeat, HeartbeatGrace: grace,
		Logger: log,
	})
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("the gateway's address: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	l := &load{
		Gateway: gateway, urls: gatewaysim.URLsOf(listener.Addr().String()),
		// A minute is long on any machine, but not for two events of a slow load.
		patience: time.Minute + time.Duration(2*float64(time.Second)/cfg.Rate),
		end:      cancel, served: make(chan error, 1),
	}
	go func() {
		err := gateway.Serve(ctx, listener)
		if err != nil {
			fail(err)
		}
		l.served <- err
	}()
	return l, nil
}

// stop ends the gateway and waits for it.
func (l *load) stop() error {
	l.end()
	return <-l.served
}

// awaitHandling returns when so many shards are connected and each has handled
// an event that was sent after the call.
func (l *load) awaitHandling(ctx context.Context, shards int) error {
	before := make(map[string]int)
	for _, s := range l.Stats().Sessions {
		before[s.Session] = s.Sequence
	}
	limit, cancel := context.WithTimeout(ctx, l.patience)
	defer cancel()
	st, err := l.Await(limit, func(st gatewaysim.Stats) bool { return len(handling(st, before)) == shards })
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return fmt.Errorf("after %v only %d of %d shards handle events", l.patience, len(handling(st, before)), shards)
	}
	return nil
}

// handling returns the shards that have acknowledged more than the sequence that
// their session had before.
func handling(st gatewaysim.Stats, before map[string]int) map[ledger.Stream]bool {
	shards := make(map[ledger.Stream]bool)
	for _, s := range st.Sessions {
		if s.Attached && s.Acknowledged > before[s.Session] {
			shards[s.Stream] = true
		}
	}
	return shards
}
