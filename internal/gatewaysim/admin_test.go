package gatewaysim_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

func TestEveryFaultHasAnEndpoint(t *testing.T) {
	for _, tt := range []struct {
		command string
		body    string
		see     func(w *world, c *client)
	}{
		{"/drop?shard=0", `{"affected":1}`, func(_ *world, c *client) { c.ends() }},
		{"/reconnect?shard=all", `{"affected":1}`, func(_ *world, c *client) { c.until(reconnect) }},
		{"/invalidate?shard=0&shards=1&resumable=true", `{"affected":1}`, func(_ *world, c *client) { c.until(invalidSession) }},
		{"/close?shard=0&code=4003", `{"affected":1}`, func(_ *world, c *client) { c.closed(4003) }},
		{"/freeze?shard=0", `{"affected":1}`, func(*world, *client) {}},
		{"/thaw?shard=0", `{"affected":1}`, func(_ *world, c *client) { c.event() }},
		{"/expire?shard=0", `{"affected":1}`, func(_ *world, c *client) { c.until(invalidSession) }},
		{"/drop?shard=0&shards=2", `{"affected":0}`, func(_ *world, c *client) { c.event() }},
		{"/refuse-resumes?n=1", `{}`, func(w *world, c *client) {
			c.close(4000)
			again := w.connect()
			again.resume(c.session, c.last)
			again.expect(invalidSession)
		}},
		{"/delay-resumes?delay=1s", `{}`, func(w *world, c *client) {
			c.close(4000)
			again := w.connect()
			begin := time.Now()
			again.resume(c.session, c.last)
			again.expect(dispatch)
			if took := time.Since(begin); took != time.Second {
				c.t.Errorf("want 1 s, took %v", took)
			}
		}},
		{"/refuse-connections", `{}`, func(w *world, c *client) {
			if _, err := w.dial(""); err == nil {
				c.t.Error("want the dial refused")
			}
		}},
		{"/rate?rate=0", `{}`, func(w *world, c *client) {
			if w.Stats().Generating {
				c.t.Error("the generator runs")
			}
		}},
		{"/stop", `{}`, func(w *world, c *client) {
			if w.Stats().Generating {
				c.t.Error("the generator runs")
			}
		}},
		{"/start", `{}`, func(_ *world, c *client) { c.event() }},
		{"/identify-limit?max_concurrency=16&interval=1s", `{}`, func(w *world, _ *client) { w.begin(0, 1) }},
	} {
		t.Run(tt.command, func(t *testing.T) {
			inWorld(t, oneShard, func(w *world) {
				c := w.begin(0, 1)
				if status, body := w.request("POST", w.URLs.Admin+tt.command, ""); status != 200 || body != tt.body {
					t.Fatalf("want 200 with %s, got %d with %s", tt.body, status, body)
				}
				tt.see(w, c)
			})
		})
	}
}

// ends reads until the connection ends, however it does.
func (c *client) ends() {
	for {
		if _, err := c.receive(); err != nil {
			return
		}
	}
}

func TestBadParametersAreNamedAndNothingIsDone(t *testing.T) {
	inWorld(t, oneShard, func(w *world) {
		c := w.begin(0, 1)
		for command, want := range map[string]string{
			"/drop":                           "shard: want",
			"/drop?shard=-1":                  "shard: want",
			"/drop?shard=0&shards=x":          "shards: want",
			"/drop?shard=0&sharts=1":          "sharts: no such parameter",
			"/close?shard=0":                  "code: want",
			"/close?shard=0&code=1006":        "code: want",
			"/invalidate?shard=0&resumable=2": "resumable: want",
			"/rate?rate=-1":                   "rate: want",
			"/delay-resumes?delay=-1s":        "delay: want",
			"/refuse-resumes?n=x":             "n: want",
			"/quiesce?timeout=x":              "timeout: want",
		} {
			if status, body := w.request("POST", w.URLs.Admin+command, ""); status != 400 || !strings.Contains(body, want) {
				t.Errorf("%s: want 400 with %q, got %d with %s", command, want, status, body)
			}
		}
		if status, body := w.request("GET", w.URLs.Admin+"/await?attached=x", ""); status != 400 {
			t.Errorf("await: want 400, got %d with %s", status, body)
		}
		c.event()
	})
}

func TestStatsLedgerAndAwaitOverHTTP(t *testing.T) {
	inWorld(t, oneShard, func(w *world) {
		if status, _ := w.request("GET", w.URLs.Admin+"/await?attached=1&timeout=1s", ""); status != 504 {
			t.Errorf("await without a bot: want 504, got %d", status)
		}
		c := w.begin(0, 1)
		c.event()
		for _, path := range []string{"/await?attached=1", "/stats"} {
			var st gatewaysim.Stats
			_, body := w.request("GET", w.URLs.Admin+path, "")
			if err := json.Unmarshal([]byte(body), &st); err != nil {
				t.Fatal(err)
			}
			if st.Attached != 1 || st.Identifies != 1 || len(st.Sessions) != 1 || !st.Sessions[0].Attached {
				t.Errorf("%s: got %s", path, body)
			}
		}
		_, body := w.request("GET", w.URLs.Admin+"/ledger", "")
		sent, err := ledger.ReadSent(strings.NewReader(body))
		if err != nil || len(sent.Deliveries) == 0 || len(sent.Connections) != 1 {
			t.Errorf("want what was sent, got %s, %v", body, err)
		}
		if status, _ := w.request("POST", w.URLs.Admin+"/quiesce?timeout=1s", ""); status != 504 {
			t.Errorf("quiesce with a client that does not answer: want 504, got %d", status)
		}
		c.until(heartbeat)
		c.send(heartbeat, c.last)
		if status, body := w.request("POST", w.URLs.Admin+"/quiesce?timeout=1s", ""); status != 200 {
			t.Errorf("quiesce: want 200, got %d with %s", status, body)
		}
	})
}
