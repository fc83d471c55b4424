package explore_test

import (
	"os"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/shardbaton/baton/internal/explore"
)

func TestScratch(t *testing.T) {
	debug.SetGCPercent(400)
	type B = explore.Budget
	cfgs := []explore.Config{
		{Name: "plain", Shards: 1, Records: 1, Budget: B{explore.Upgrades: 1}},
		{Name: "two", Shards: 2, Records: 1, Budget: B{explore.Upgrades: 1}},
		{Name: "plain-events", Shards: 1, Records: 1, Budget: B{explore.Upgrades: 1, explore.Events: 2}},
		{Name: "cut", Shards: 1, Records: 1, Budget: B{explore.Upgrades: 1, explore.Cuts: 1}},
		{Name: "statecut", Shards: 1, Records: 1, Budget: B{explore.Upgrades: 1, explore.StateCuts: 1}},
		{Name: "deadline", Shards: 1, Records: 1, Budget: B{explore.Upgrades: 1, explore.Deadlines: 1}},
		{Name: "deadline2", Shards: 1, Budget: B{explore.Upgrades: 1, explore.Deadlines: 2}},
		{Name: "cutdeadline", Shards: 1, Budget: B{explore.Upgrades: 1, explore.Deadlines: 1, explore.Cuts: 1}},
		{Name: "kill", Shards: 1, Records: 1, Budget: B{explore.Upgrades: 1, explore.Kills: 1}},
		{Name: "fail", Shards: 1, Records: 1, PreCopy: true, Arm: true, Budget: B{explore.Upgrades: 1, explore.Failures: 1}},
		{Name: "fail2", Shards: 1, Records: 1, PreCopy: true, Arm: true, Budget: B{explore.Upgrades: 1, explore.Failures: 2}},
		{Name: "freeze", Shards: 1, Records: 1, Budget: B{explore.Upgrades: 1, explore.Freezes: 1}},
		{Name: "cold", Shards: 2, Cold: true, Records: 1, Budget: B{explore.Deadlines: 1, explore.Cuts: 1}},
		{Name: "coldkill", Shards: 2, Slaves: 2, Cold: true, Budget: B{explore.Deadlines: 1, explore.Kills: 1}},
		{Name: "byhand", Shards: 1, ByHand: true, Records: 1, Budget: B{explore.Upgrades: 1, explore.Arrivals: 1, explore.Cuts: 1}},
		{Name: "byhandkill", Shards: 1, ByHand: true, Records: 1, Budget: B{explore.Upgrades: 1, explore.Arrivals: 1, explore.Kills: 1, explore.Forgets: 1}},
		{Name: "reshard", Shards: 1, NumShards: 2, Budget: B{explore.Upgrades: 1, explore.Cuts: 1}},
		{Name: "reshardkill", Shards: 1, NumShards: 2, Budget: B{explore.Upgrades: 1, explore.Kills: 1}},
		{Name: "stop", Shards: 1, Budget: B{explore.Upgrades: 1, explore.Stops: 2}},
		{Name: "crash-idle", Shards: 1, Budget: B{explore.Crashes: 1}},
		{Name: "crash-idle2", Shards: 2, Slaves: 2, Budget: B{explore.Crashes: 1}},
		{Name: "crash", Shards: 1, Records: 1, Budget: B{explore.Upgrades: 1, explore.Crashes: 1}},
		{Name: "first", Shards: 1, Records: 1, First: 9, Budget: B{explore.Upgrades: 1, explore.Cuts: 1}},
		{Name: "firstmix", Shards: 1, Records: 1, First: 1, Budget: B{explore.Upgrades: 1, explore.Cuts: 1}},
	}
	dir := os.Getenv("STORIES")
	for _, c := range cfgs {
		if n := os.Getenv("ONLY"); n != "" && !strings.Contains(","+n+",", ","+c.Name+",") {
			continue
		}
		began := time.Now()
		r, err := explore.Search(t.Context(), &c, explore.Options{Workers: 2, States: 60000, HealEvery: 20})
		if err != nil {
			t.Fatal(err)
		}
		took := time.Since(began)
		t.Logf("%s: %d distinct states, %d edges, depth %d, whole %t, terminal %d, healed %d, %v, %v/edge", c.Name, r.States, r.Edges, r.Depth, r.Whole, r.Terminal, r.Healed, took, took/time.Duration(max(1, r.Edges)))
		if r.Violation != nil {
			t.Logf("VIOLATION %v", r.Violation)
			told, err := explore.Replay(&c, r.Story.Steps)
			if err != nil {
				t.Fatal(err)
			}
			if dir != "" {
				os.WriteFile(dir+"/"+c.Name+".txt", []byte(r.Story.String()+told), 0o644)
			}
		}
	}
}
