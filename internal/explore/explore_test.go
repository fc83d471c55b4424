package explore_test

import (
	"os"
	"runtime/pprof"
	"testing"
	"time"

	"github.com/shardbaton/baton/internal/explore"
)

func TestScratch(t *testing.T) {
	cfgs := []explore.Config{
		{Name: "plain", Shards: 1, Records: 1, Budget: explore.Budget{explore.Upgrades: 1}},
		{Name: "plain cold", Cold: true, Shards: 1, Records: 1, Budget: explore.Budget{explore.Upgrades: 1}},
		{Name: "two", Shards: 2, Records: 1, Budget: explore.Budget{explore.Upgrades: 1}},
		{Name: "cut", Shards: 1, Records: 1, Budget: explore.Budget{explore.Upgrades: 1, explore.Cuts: 1}},
		{Name: "deadline", Shards: 1, Records: 1, Budget: explore.Budget{explore.Upgrades: 1, explore.Deadlines: 1}},
		{Name: "kill", Shards: 1, Records: 1, Budget: explore.Budget{explore.Upgrades: 1, explore.Kills: 1}},
		{Name: "fail", Shards: 1, Records: 1, PreCopy: true, Arm: true, Budget: explore.Budget{explore.Upgrades: 1, explore.Failures: 1}},
		{Name: "crash", Shards: 1, Records: 1, Budget: explore.Budget{explore.Upgrades: 1, explore.Crashes: 1}},
	}
	if p := os.Getenv("PROF"); p != "" {
		f, _ := os.Create(p)
		pprof.StartCPUProfile(f)
		defer pprof.StopCPUProfile()
	}
	for _, c := range cfgs {
		if n := os.Getenv("ONLY"); n != "" && n != c.Name {
			continue
		}
		began := time.Now()
		r, err := explore.Search(t.Context(), &c, explore.Options{Workers: 2, States: 300000, HealEvery: 100})
		if err != nil {
			t.Fatal(err)
		}
		took := time.Since(began)
		t.Logf("%s: %d distinct states, %d edges, depth %d, whole %t, terminal %d, healed %d, %v, %v/edge", c.Name, r.States, r.Edges, r.Depth, r.Whole, r.Terminal, r.Healed, took, took/time.Duration(max(1, r.Edges)))
		if r.Violation != nil {
			t.Logf("VIOLATION %v", r.Violation)
			for _, s := range r.Story.Steps {
				t.Log("   ", s)
			}
		}
	}
}
