package testbed

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

// Load is a gateway, served on a free port of this machine, with the events that it
// sends to the bots.
type Load struct {
	*gatewaysim.Gateway
	// URLs are where bots find it.
	URLs gatewaysim.URLs
	// Patience bounds the wait of AwaitHandling. StartLoad sets it to what is long on
	// any machine.
	Patience time.Duration

	end    context.CancelFunc
	served chan error
}

// StartLoad serves a gateway. fail is called should the gateway end before Stop;
// errors are that of the configuration or of the port.
func StartLoad(cfg gatewaysim.Config, fail func(error)) (*Load, error) {
	gateway, err := gatewaysim.New(cfg)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("the gateway's address: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	l := &Load{
		Gateway: gateway, URLs: gatewaysim.URLsOf(listener.Addr().String()),
		// A minute is long on any machine, but not for two events of a slow load.
		Patience: time.Minute + time.Duration(2*float64(time.Second)/max(cfg.Rate, 1e-3)),
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

// Stop ends the gateway and waits for it.
func (l *Load) Stop() error {
	l.end()
	return <-l.served
}

// AwaitHandling returns when so many shards are connected and each has handled an
// event that was sent after the call. It goes by heartbeats, and asks for some: when
// it is called, and whenever a shard has come or gone. The error says how many shards
// do so after Patience, or is the context's cause.
func (l *Load) AwaitHandling(ctx context.Context, shards int) error {
	before := make(map[string]int)
	for _, s := range l.Stats().Sessions {
		before[s.Session] = s.Sequence
	}
	limit, cancel := context.WithTimeout(ctx, l.Patience)
	defer cancel()
	asked := -1
	st, err := l.Await(limit, func(st gatewaysim.Stats) bool {
		if comings := int(st.Connections) + st.Attached; comings != asked {
			asked = comings
			l.AskProgress(before)
		}
		return len(handling(st, before)) == shards
	})
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return &UnhandledError{Handling: len(handling(st, before)), Shards: shards, After: l.Patience}
	}
	return nil
}

// UnhandledError is a wait for shards to handle events that took too long.
type UnhandledError struct {
	// Handling of Shards shards handled events.
	Handling, Shards int
	After            time.Duration
}

// Error says how many shards handle events.
func (e *UnhandledError) Error() string {
	return fmt.Sprintf("after %v only %d of %d shards handle events", e.After, e.Handling, e.Shards)
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
