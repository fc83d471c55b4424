// Package simtest starts a local gateway inside a test.
package simtest

import (
	"context"
	"net"
	"testing"

	"github.com/shardbaton/baton/internal/gatewaysim"
)

// Sim is a gateway that serves on a loopback port.
type Sim struct {
	*gatewaysim.Gateway
	URLs gatewaysim.URLs

	stop  context.CancelFunc
	ended chan error
}

// Start starts a gateway for the length of the test, and fails the test when it
// cannot start or does not end well.
func Start(tb testing.TB, cfg gatewaysim.Config) *Sim {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	return StartOn(tb, cfg, listener)
}

// StartOn is Start on a listener of the caller's, which it closes in the end.
func StartOn(tb testing.TB, cfg gatewaysim.Config, listener net.Listener) *Sim {
	tb.Helper()
	g, err := gatewaysim.New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &Sim{Gateway: g, URLs: gatewaysim.URLsOf(listener.Addr().String()), stop: stop, ended: make(chan error, 1)}
	go func() { s.ended <- g.Serve(ctx, listener) }()
	tb.Cleanup(func() {
		if err := s.Stop(); err != nil {
			tb.Errorf("the gateway ended with %v", err)
		}
	})
	return s
}

// Stop ends the gateway and returns what Serve returned. Further calls return
// the same.
func (s *Sim) Stop() error {
	s.stop()
	err := <-s.ended
	s.ended <- err
	return err
}
