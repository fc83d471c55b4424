package gatewaysim_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim"
)

func TestHelloNamesTheHeartbeatInterval(t *testing.T) {
	inWorld(t, oneShard, func(w *world) {
		c, err := w.dial("")
		if err != nil {
			t.Fatal(err)
		}
		var d struct {
			Interval int `json:"heartbeat_interval"`
		}
		if err := json.Unmarshal(c.expect(hello).D, &d); err != nil || d.Interval != 41250 {
			t.Errorf("want 41250 ms, got %d (%v)", d.Interval, err)
		}
	})
}

func TestAHeartbeatIsAcknowledgedAfterTheDelay(t *testing.T) {
	inWorld(t, gatewaysim.Config{GuildsPerShard: 1, Stopped: true, AckDelay: 20 * time.Millisecond}, func(w *world) {
		c := w.connect() // even before IDENTIFY
		begin := time.Now()
		c.send(heartbeat, nil)
		c.expect(heartbeatACK)
		if took := time.Since(begin); took != 20*time.Millisecond {
			t.Errorf("want the ACK after 20 ms, got it after %v", took)
		}
		c.send(heartbeat, nil)
		c.send(heartbeat, nil)
		c.expect(heartbeatACK)
		c.expect(heartbeatACK)
	})
}

func TestAConnectionWithoutHeartbeatsTimesOutAndItsSessionEnds(t *testing.T) {
	inWorld(t, gatewaysim.Config{GuildsPerShard: 1, Stopped: true, HeartbeatInterval: 10 * time.Second, HeartbeatGrace: time.Second}, func(w *world) {
		begin := time.Now()
		c := w.begin(0, 1)
		elapse(10 * time.Second)
		c.send(heartbeat, c.last)
		c.closed(gatewaysim.CloseSessionTimedOut)
		if took := time.Since(begin); took != 21*time.Second {
			t.Errorf("want the end 11 s after the heartbeat at 10 s, got it at %v", took)
		}
		again := w.connect()
		again.resume(c.session, c.last)
		again.expect(invalidSession)
	})
}

func TestTooManyPayloadsAreRateLimited(t *testing.T) {
	inWorld(t, gatewaysim.Config{GuildsPerShard: 1, Stopped: true, SendLimit: 5, SendWindow: time.Minute}, func(w *world) {
		c := w.begin(0, 1)
		for range 4 { // IDENTIFY was the first
			c.send(heartbeat, nil)
		}
		elapse(time.Minute)
		for range 5 { // a new window
			c.send(3, map[string]any{})
		}
		c.send(heartbeat, nil)
		c.closed(gatewaysim.CloseRateLimited)
	})
}

func TestAConnectionThatDoesNotAuthenticateIsClosedWhereConfigured(t *testing.T) {
	inWorld(t, gatewaysim.Config{GuildsPerShard: 1, Stopped: true, AuthenticateWithin: 3 * time.Second}, func(w *world) {
		begin := time.Now()
		held := w.begin(0, 1)
		idle := w.connect()
		idle.closed(gatewaysim.CloseNotAuthenticated)
		if took := time.Since(begin); took != 3*time.Second {
			t.Errorf("want the end after 3 s, got it after %v", took)
		}
		held.send(heartbeat, held.last)
		held.until(heartbeatACK)
	})
}
