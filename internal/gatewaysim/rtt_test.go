package gatewaysim_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim"
)

func TestTheRoundTripTimeIsPaidOnEveryWay(t *testing.T) {
	const rtt = 60 * time.Millisecond
	inWorld(t, gatewaysim.Config{GuildsPerShard: 3, Stopped: true, RTT: rtt, AckDelay: 1}, func(w *world) {
		begin := time.Now()
		lap := func(what string, want time.Duration) {
			t.Helper()
			if took := time.Since(begin); took < want || took > want+time.Millisecond {
				t.Errorf("%s: want %v, took %v", what, want, took)
			}
			begin = time.Now()
		}
		c, err := w.dial("")
		if err != nil {
			t.Fatal(err)
		}
		lap("a dial", 2*rtt)
		c.expect(hello)
		lap("HELLO, which comes along with the answer", 0)
		c.identify(0, 1)
		c.ready()
		lap("IDENTIFY to the last guild", rtt)
		c.send(heartbeat, c.last)
		c.expect(heartbeatACK)
		lap("a heartbeat", rtt)
		c.close(4000)
		lap("a close with its echo", rtt)
		w.request("GET", w.URLs.REST+"/gateway", "")
		lap("a REST call on a new connection", 2*rtt)
		w.request("GET", w.URLs.REST+"/gateway", "")
		lap("a REST call on the same connection", rtt)
	})
}

func TestADropReachesTheClientHalfARoundTripLater(t *testing.T) {
	const rtt = 60 * time.Millisecond
	inWorld(t, gatewaysim.Config{GuildsPerShard: 3, Stopped: true, RTT: rtt}, func(w *world) {
		c := w.begin(0, 1)
		begin := time.Now()
		w.Drop(shardZero)
		if _, err := c.receive(); err == nil || strings.Contains(err.Error(), "status") {
			t.Errorf("want a cut without a close frame, got %v", err)
		}
		if took := time.Since(begin); took != rtt/2 {
			t.Errorf("want the end after %v, got it after %v", rtt/2, took)
		}
	})
}
