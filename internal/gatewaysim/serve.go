package gatewaysim

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"go.uber.org/zap"
)

// stopFor is how long Serve waits for requests and close handshakes when it ends.
const stopFor = 2 * time.Second

// URLs are the addresses of a gateway.
type URLs struct {
	REST    string // the base for REST calls, for disgo's rest.WithURL
	Gateway string // the WebSocket address that /gateway/bot names
	Admin   string // the base of the /sim endpoints
}

// URLsOf returns the addresses of a gateway that serves on the address, which a
// listener's Addr().String() gives.
func URLsOf(address string) URLs {
	return URLs{
		REST:    "http://" + address + restPath,
		Gateway: "ws://" + address,
		Admin:   "http://" + address + adminPath,
	}
}

// Serve serves REST, WebSocket and the admin endpoints on the listener until ctx
// is done, and closes it. Connections are then closed with 1001. When Serve
// returns, no goroutine of the gateway is left. It returns nil when ctx ended it,
// and can be called once.
func (g *Gateway) Serve(ctx context.Context, listener net.Listener) error {
	if err := g.start(); err != nil {
		return err
	}
	var relay *delayed
	if g.cfg.RTT > 0 {
		relay = &delayed{Listener: listener, rtt: g.cfg.RTT}
		listener = relay
	}
	errorLog, err := zap.NewStdLogAt(g.logger, zap.DebugLevel)
	if err != nil {
		return fmt.Errorf("gatewaysim: %w", err)
	}
	server := &http.Server{
		Handler:           g.handler(),
		ErrorLog:          errorLog,
		ReadHeaderTimeout: 30 * time.Second,
		// Requests that wait for something end with the gateway.
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	var own sync.WaitGroup
	clock, stopClock := context.WithCancel(context.Background())
	own.Go(func() { g.keepTime(clock) })
	own.Go(func() {
		select {
		case <-ctx.Done():
			g.stop()
			limit, cancel := context.WithTimeout(context.Background(), stopFor)
			defer cancel()
			if server.Shutdown(limit) != nil {
				_ = server.Close()
			}
		case <-clock.Done(): // the listener failed
			g.stop()
		}
	})
	err = server.Serve(listener)
	_ = listener.Close()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	stopClock()
	own.Wait()
	_ = server.Close()
	g.live.Wait()
	if relay != nil {
		relay.relays.Wait()
	}
	if err != nil {
		return fmt.Errorf("gatewaysim: serve: %w", err)
	}
	return nil
}

// ErrServed is returned by a second call of Serve.
var ErrServed = errors.New("gatewaysim: Serve was called before; make a new gateway with New")

func (g *Gateway) start() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.served {
		return ErrServed
	}
	g.served = true
	return nil
}

// stop refuses new connections and closes those that there are.
func (g *Gateway) stop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stopping = true
	close(g.stopped)
	now := time.Now()
	for c := range g.conns {
		g.closeConn(c, CloseGoingAway, "The gateway stops.", now)
	}
}
