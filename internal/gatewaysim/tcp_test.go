package gatewaysim_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/internal/gatewaysim/simtest"
)

func TestADropOnTCPIsAReset(t *testing.T) {
	for _, rtt := range []time.Duration{0, time.Millisecond} {
		sim := simtest.Start(t, gatewaysim.Config{GuildsPerShard: 1, Stopped: true, RTT: rtt})
		conn, _, err := websocket.Dial(t.Context(), sim.URLs.Gateway+"/?v=10", nil)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.CloseNow() }()
		data, err := json.Marshal(map[string]any{"op": identify, "d": map[string]any{"token": token, "intents": 0}})
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.Write(t.Context(), websocket.MessageText, data); err != nil {
			t.Fatal(err)
		}
		for _, what := range []string{"HELLO", "READY"} {
			if _, _, err := conn.Read(t.Context()); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
		}
		if n := sim.Drop(gatewaysim.EveryShard()); n != 1 {
			t.Errorf("want 1 connection dropped, got %d", n)
		}
		if _, _, err := conn.Read(t.Context()); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("round trip %v: want a reset, got %v", rtt, err)
		}
		if _, err := sim.Await(t.Context(), func(st gatewaysim.Stats) bool { return st.Open == 0 }); err != nil {
			t.Error(err)
		}
		for range 2 {
			if err := sim.Stop(); err != nil {
				t.Error(err)
			}
		}
		var dialer net.Dialer
		if c, err := dialer.DialContext(context.Background(), "tcp", sim.URLs.Gateway[len("ws://"):]); err == nil {
			_ = c.Close()
			t.Error("the port is still open after Stop")
		}
	}
}
