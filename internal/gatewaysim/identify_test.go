package gatewaysim_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim"
)

func TestIdentifyBringsReadyAndEveryGuildOfTheShard(t *testing.T) {
	inWorld(t, gatewaysim.Config{Shards: 4, GuildsPerShard: 5, Stopped: true}, func(w *world) {
		c := w.connect()
		c.identify(1, 4)
		var ready struct {
			V      int
			User   struct{ ID string }
			Guilds []struct {
				ID          string
				Unavailable bool
			}
			Session     string `json:"session_id"`
			ResumeURL   string `json:"resume_gateway_url"`
			Shard       [2]int
			Application struct{ ID string }
		}
		p := c.expect(dispatch)
		if err := json.Unmarshal(p.D, &ready); err != nil {
			t.Fatal(err)
		}
		if p.T != "READY" || ready.V != 10 || ready.User.ID != "1100000000000000000" || ready.Application.ID != ready.User.ID ||
			ready.Session == "" || ready.ResumeURL != "ws://memory/resume" || ready.Shard != [2]int{1, 4} || len(ready.Guilds) != 5 {
			t.Errorf("READY: got %s", p.D)
		}
		for _, announced := range ready.Guilds {
			p := c.expect(dispatch)
			var guild struct {
				ID       string
				Roles    []any
				Channels []any
				Members  []any
			}
			if err := json.Unmarshal(p.D, &guild); err != nil {
				t.Fatal(err)
			}
			if p.T != "GUILD_CREATE" || guild.ID != announced.ID || !announced.Unavailable {
				t.Errorf("want GUILD_CREATE of %v, got %s of %s", announced, p.T, guild.ID)
			}
			if len(guild.Roles) == 0 || len(guild.Channels) == 0 || len(guild.Members) == 0 {
				t.Errorf("guild %s has %d roles, %d channels, %d members", guild.ID, len(guild.Roles), len(guild.Channels), len(guild.Members))
			}
			if n := len(p.D); n < 8192 || n > 8192+1024 {
				t.Errorf("guild %s has %d bytes, want about 8192", guild.ID, n)
			}
		}
	})
}

func TestWhatIsSentBeforeAndInsteadOfIdentifyIsAnsweredWithTheRightCloseCode(t *testing.T) {
	data := func(d map[string]any) func(*client) { return func(c *client) { c.send(identify, d) } }
	for _, tt := range []struct {
		name string
		act  func(c *client)
		code int
	}{
		{"garbage is a decode error", func(c *client) { c.sendText("{") }, gatewaysim.CloseDecodeError},
		{"no opcode is a decode error", func(c *client) { c.sendText("{}") }, gatewaysim.CloseDecodeError},
		{"more than 4096 bytes are a decode error", func(c *client) {
			c.sendText(`{"op":1,"d":null,"x":"` + strings.Repeat("x", 4096) + `"}`)
		}, gatewaysim.CloseDecodeError},
		{"a bad sequence in a heartbeat is a decode error", func(c *client) { c.send(heartbeat, "x") }, gatewaysim.CloseDecodeError},
		{"an IDENTIFY without intents is a decode error", data(map[string]any{"token": token}), gatewaysim.CloseDecodeError},
		{"a RESUME without a sequence is a decode error", func(c *client) {
			c.send(resume, map[string]any{"token": token, "session_id": "x"})
		}, gatewaysim.CloseDecodeError},
		{"an opcode that clients do not send is unknown", func(c *client) { c.send(hello, nil) }, gatewaysim.CloseUnknownOpcode},
		{"a presence before IDENTIFY is not authenticated", func(c *client) { c.send(3, nil) }, gatewaysim.CloseNotAuthenticated},
		{"a bad token fails", data(map[string]any{"token": "x", "intents": 1}), gatewaysim.CloseAuthenticationFailed},
		{"a shard out of range is invalid", data(map[string]any{"token": token, "intents": 1, "shard": [2]int{4, 4}}), gatewaysim.CloseInvalidShard},
		{"a negative shard is invalid", data(map[string]any{"token": token, "intents": 1, "shard": [2]int{-1, 4}}), gatewaysim.CloseInvalidShard},
		{"no shards are invalid", data(map[string]any{"token": token, "intents": 1, "shard": [2]int{0, 0}}), gatewaysim.CloseInvalidShard},
		{"unknown intents are invalid", data(map[string]any{"token": token, "intents": 1 << 30}), gatewaysim.CloseInvalidIntents},
		{"disallowed intents are refused", data(map[string]any{"token": token, "intents": gatewaysim.IntentGuildPresences}), gatewaysim.CloseDisallowedIntents},
		{"a second IDENTIFY is one too many", func(c *client) {
			c.identify(0, 1)
			c.ready()
			c.identify(0, 1)
		}, gatewaysim.CloseAlreadyAuthenticated},
		{"a RESUME after IDENTIFY is one too many", func(c *client) {
			c.identify(0, 1)
			c.ready()
			c.resume(c.session, 1)
		}, gatewaysim.CloseAlreadyAuthenticated},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, gatewaysim.Config{GuildsPerShard: 1, DisallowedIntents: gatewaysim.IntentGuildPresences}, func(w *world) {
				c := w.connect()
				tt.act(c)
				c.closed(tt.code)
			})
		})
	}
}

func TestIdentifyIsLimitedToOnePerBucketAndInterval(t *testing.T) {
	inWorld(t, gatewaysim.Config{Shards: 4, GuildsPerShard: 1, MaxConcurrency: 2, IdentifyInterval: 5 * time.Second, Stopped: true}, func(w *world) {
		w.begin(0, 4)
		w.begin(1, 4) // the other bucket

		early := w.connect()
		early.identify(2, 4)
		if p := early.expect(invalidSession); string(p.D) != "false" {
			t.Errorf("want an invalid session that cannot be resumed, got %s", p.D)
		}
		elapse(5*time.Second - 1)
		early.identify(2, 4)
		early.expect(invalidSession)
		elapse(1)
		early.identify(2, 4) // the connection is still good for it
		early.ready()

		if st := w.Stats(); st.Identifies != 3 || st.IdentifiesRefused != 2 || st.StartsRemaining != 997 {
			t.Errorf("want 3 identifies, 2 refused, 997 left, got %d, %d, %d", st.Identifies, st.IdentifiesRefused, st.StartsRemaining)
		}
	})
}

func TestTheIdentifyLimitCanBeChangedWhileItRuns(t *testing.T) {
	inWorld(t, gatewaysim.Config{Shards: 4, GuildsPerShard: 1, Stopped: true}, func(w *world) {
		w.begin(0, 4)
		w.SetIdentifyLimit(4, time.Second)
		w.begin(0, 4)
		w.begin(1, 4)
		elapse(time.Second)
		w.begin(1, 4)
	})
}

func TestNoSessionStartsAreLeft(t *testing.T) {
	inWorld(t, gatewaysim.Config{GuildsPerShard: 1, SessionStarts: 1, Stopped: true}, func(w *world) {
		w.begin(0, 1).close(4000)
		elapse(time.Minute)
		c := w.connect()
		c.identify(0, 1)
		c.closed(gatewaysim.CloseAuthenticationFailed)
	})
}

func TestIntentsDecideWhatIsSent(t *testing.T) {
	for _, tt := range []struct {
		name    string
		intents gatewaysim.Intents
		want    string // the kinds of events that arrive
	}{
		{"messages only", gatewaysim.IntentGuildMessages, "MESSAGE_CREATE"},
		{"guilds only", gatewaysim.IntentGuilds, "GUILD_UPDATE"},
		{"members only", gatewaysim.IntentGuildMembers, "GUILD_MEMBER_UPDATE"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, gatewaysim.Config{GuildsPerShard: 1, StateEvery: 2}, func(w *world) {
				c := w.connect()
				c.send(identify, map[string]any{"token": token, "intents": tt.intents})
				c.expect(dispatch)
				for range 5 {
					p := c.expect(dispatch)
					for p.T == "GUILD_CREATE" {
						p = c.expect(dispatch)
					}
					if p.T != tt.want {
						t.Errorf("want %s only, got %s", tt.want, p.T)
					}
					if p.T == "MESSAGE_CREATE" && !strings.Contains(string(p.D), `"content":""`) {
						t.Errorf("want no content without the intent for it, got %s", p.D)
					}
				}
			})
		})
	}
}

func TestTheHandshakeRefusesWhatIsNotSpoken(t *testing.T) {
	inWorld(t, gatewaysim.Config{GuildsPerShard: 1}, func(w *world) {
		for query, want := range map[string]string{
			"&encoding=etf":        "encoding=etf is not spoken here; want json",
			"&compress=zip-stream": "compress=zip-stream is not known; want nothing, zlib-stream or zstd-stream",
		} {
			address := strings.Replace(w.URLs.Gateway, "ws:", "http:", 1) + "/?v=10" + query
			if status, body := w.request("GET", address, ""); status != 400 || !strings.Contains(body, want) {
				t.Errorf("%s: want 400 with %q, got %d with %s", query, want, status, body)
			}
		}
		if status, _ := w.request("GET", strings.Replace(w.URLs.Gateway, "ws:", "http:", 1)+"/?v=10", ""); status != 426 {
			t.Errorf("a plain GET: want 426, got %d", status)
		}
	})
}

func TestAnotherAPIVersionIsClosedWithItsCode(t *testing.T) {
	inWorld(t, gatewaysim.Config{GuildsPerShard: 1}, func(w *world) {
		for _, path := range []string{"/?v=10", "/resume?v=10", "/resume/?v=10"} {
			c, err := w.dialAt(path)
			if err != nil {
				t.Fatal(err)
			}
			c.expect(hello)
		}
		c, err := w.dialAt("/?v=9")
		if err != nil {
			t.Fatal(err)
		}
		c.closed(gatewaysim.CloseInvalidVersion)
	})
}
