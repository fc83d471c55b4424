package gatewaysim_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

func TestEventsComeAtTheirRateWithGrowingNumbers(t *testing.T) {
	inWorld(t, gatewaysim.Config{Shards: 2, GuildsPerShard: 3, Rate: 100, MaxConcurrency: 2}, func(w *world) {
		a, b := w.begin(0, 2), w.begin(1, 2)
		kinds := map[string]int{}
		last := uint64(0)
		begin := time.Now()
		for range 500 {
			p, q := a.event(), b.event()
			kinds[p.T]++
			// The shards take turns.
			if p.number() <= last || q.number() <= last {
				t.Fatalf("numbers %d and %d after %d", p.number(), q.number(), last)
			}
			last = max(p.number(), q.number())
		}
		if took := time.Since(begin); took < 4900*time.Millisecond || took > 5100*time.Millisecond {
			t.Errorf("500 events at 100/s: want 5 s, took %v", took)
		}
		for kind, want := range map[string]int{"MESSAGE_CREATE": 450, "GUILD_UPDATE": 25, "GUILD_MEMBER_UPDATE": 25} {
			if got := kinds[kind]; got < want-1 || got > want+1 {
				t.Errorf("%s: want about %d of 500, got %d", kind, want, got)
			}
		}
	})
}

func TestChangesFormAChainThatBeginsWithTheGuildAsSent(t *testing.T) {
	inWorld(t, gatewaysim.Config{GuildsPerShard: 2, StateEvery: 1, IdentifyInterval: 1}, func(w *world) {
		check := func() {
			c := w.connect()
			c.identify(0, 1)
			c.expect(dispatch)
			known := map[string]uint64{}
			for range 100 {
				p := c.next()
				var d struct {
					ID          string
					GuildID     string `json:"guild_id"`
					Description string
					Members     []struct{ Nick string }
				}
				if err := json.Unmarshal(p.D, &d); err != nil {
					t.Fatal(err)
				}
				number, previous := p.numbers()
				switch p.T {
				case "GUILD_CREATE":
					known["guild "+d.ID] = payload{T: "GUILD_UPDATE", D: p.D}.number()
					nick, err := json.Marshal(d.Members[1])
					if err != nil {
						t.Fatal(err)
					}
					known["member "+d.ID] = payload{T: "GUILD_MEMBER_UPDATE", D: nick}.number()
					continue
				case "GUILD_UPDATE":
					d.ID = "guild " + d.ID
				case "GUILD_MEMBER_UPDATE":
					d.ID = "member " + d.GuildID
				}
				if known[d.ID] != previous {
					t.Fatalf("%s %s: the event says that it comes after %d, the cache says %d", p.T, d.ID, previous, known[d.ID])
				}
				known[d.ID] = number
			}
			c.close(4000)
		}
		check()
		elapse(10 * time.Second)
		check() // a new session gets the guilds as they are by then
	})
}

func TestSessionsOfSeveralShardCountsGetTheSameEvents(t *testing.T) {
	inWorld(t, gatewaysim.Config{Shards: 2, GuildsPerShard: 4, Rate: 50, MaxConcurrency: 4, IdentifyInterval: time.Millisecond, Stopped: true}, func(w *world) {
		read := func(c *client, until uint64) map[uint64]bool {
			got := map[uint64]bool{}
			for {
				p := c.event()
				if p.number() > until {
					return got
				}
				got[p.number()] = true
			}
		}
		var groups [2][]*client
		for shard := range 2 {
			groups[0] = append(groups[0], w.begin(shard, 2))
		}
		elapse(time.Millisecond)
		for shard := range 4 {
			groups[1] = append(groups[1], w.begin(shard, 4))
		}
		w.StartEvents()
		for i, group := range groups {
			all := map[uint64]bool{}
			for _, c := range group {
				for number := range read(c, 200) {
					if all[number] {
						t.Errorf("group %d: event %d came to two shards", i, number)
					}
					all[number] = true
				}
			}
			if len(all) != 200 {
				t.Errorf("group %d: want all of 200 events, got %d", i, len(all))
			}
		}
	})
}

func TestNothingIsProducedForGuildsThatNobodyHasIdentifiedFor(t *testing.T) {
	inWorld(t, gatewaysim.Config{Shards: 2, GuildsPerShard: 1}, func(w *world) {
		elapse(10 * time.Second)
		if n := len(w.Sent().Deliveries); n != 0 {
			t.Errorf("nobody is there, and %d events are in the ledger", n)
		}
		c := w.begin(1, 2)
		if got := c.event().number(); got != 1 {
			t.Errorf("want the first event to have number 1, got %d", got)
		}
		c.close(1000)
		elapse(10 * time.Second)
		orphans := 0
		for _, d := range w.Sent().Deliveries {
			if d.Shard != 1 {
				t.Fatalf("event %d went to shard %v, which nobody had", d.Number, d.Stream)
			}
			if d.Session == "" {
				orphans++
			}
		}
		if orphans < 99 || orphans > 101 {
			t.Errorf("10 s without a session at 10/s: want 100 events that count as lost, got %d", orphans)
		}
	})
}

func TestAClientThatDoesNotReadIsCutAndCanResume(t *testing.T) {
	inWorld(t, gatewaysim.Config{GuildsPerShard: 1, BacklogSize: 50}, func(w *world) {
		c := w.begin(0, 1)
		w.Freeze(shardZero) // as if the client's window were full
		w.await("the connection is cut", func(st gatewaysim.Stats) bool { return st.Attached == 0 })
		again := w.connect()
		again.resume(c.session, c.last)
		if n := len(again.untilResumed()); n < 50 {
			t.Errorf("want the 50 events that were not read, got %d", n)
		}
	})
}

func TestAFullLedgerForgetsTheOldestEventsAndTheJudgeDoesNotAskAboutThem(t *testing.T) {
	inWorld(t, gatewaysim.Config{GuildsPerShard: 1, Rate: 1000, LedgerSize: 8192, HeartbeatInterval: time.Hour}, func(w *world) {
		dir := t.TempDir()
		b := w.run(w.begin(0, 1), dir, "bot", ledger.Stream{Shard: 0, Shards: 1}, nil)
		b.slow(0)
		elapse(10 * time.Second)
		if _, err := w.Quiesce(w.t.Context()); err != nil {
			t.Fatal(err)
		}
		sent := w.Sent()
		v, err := ledger.Judge(sent, dir)
		if err != nil || !v.Clean() {
			t.Errorf("want a clean verdict, got %v, %v", v, err)
		}
		if v.Sent < 4096 || v.Sent > 8192 || sent.Forgotten < 1000 {
			t.Errorf("want at most 8192 of about 10000 events, got %d with %d forgotten", v.Sent, sent.Forgotten)
		}
	})
}
