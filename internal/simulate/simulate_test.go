package simulate

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var (
	seeds = flag.Uint64("seeds", 200, "how many seeds TestSeeds plays")
	first = flag.Uint64("first", 1, "the first of them")
	seed  = flag.Uint64("seed", 0, "play this seed alone and print what happens")
)

// run plays the scenario of a seed in a bubble of its own.
func run(t *testing.T, seed uint64, out io.Writer) (r report) {
	t.Helper()
	synctest.Test(t, func(*testing.T) { r = play(seed, draw(seed), out) })
	return r
}

// single keeps the scheduler and the collector from making a difference.
func single(t *testing.T) {
	t.Helper()
	procs := runtime.GOMAXPROCS(1)
	t.Cleanup(func() { runtime.GOMAXPROCS(procs) })
	percent := debug.SetGCPercent(-1)
	t.Cleanup(func() { debug.SetGCPercent(percent) })
}

func check(t *testing.T, r report) {
	t.Helper()
	if len(r.violations) == 0 {
		return
	}
	for _, v := range r.violations {
		t.Error(v)
	}
	t.Errorf("seed %d: %v\n%v\nto see it again: make simulate SEED=%d", r.seed, r.outcomes, r.scenario, r.seed)
}

func TestSeeds(t *testing.T) {
	single(t)
	if *seed != 0 {
		r := run(t, *seed, os.Stdout)
		fmt.Printf("%v\n%v\n%v %v hash %016x\n", r.scenario, r.outcomes, r.lasted, r.figures, r.hash)
		check(t, r)
		return
	}
	began := time.Now()
	excused := make(map[string]int)
	strikes := make(map[faultKind]int)
	states := make(map[string]int)
	var events, lasted = 0, time.Duration(0)
	for s := *first; s < *first+*seeds; s++ {
		t.Run(fmt.Sprint("seed ", s), func(t *testing.T) {
			r := run(t, s, nil)
			check(t, r)
			events += r.figures.events
			lasted += r.lasted
			for name, n := range r.figures.excused {
				excused[name] += n
			}
			for kind, n := range r.strikes {
				strikes[kind] += n
			}
			for _, o := range r.outcomes {
				state, _, _ := strings.Cut(o, " after")
				if _, step, failed := strings.Cut(o, "failed at "); failed {
					step, _, _ = strings.Cut(step, ",")
					state += " at " + step
				}
				states[state]++
			}
		})
		runtime.GC()
	}
	t.Logf("%d seeds from %d: %d events in %v of simulated time, %v", *seeds, *first, events, lasted.Round(time.Second), time.Since(began).Round(time.Millisecond))
	for _, kind := range slices.Sorted(maps.Keys(strikes)) {
		t.Logf("%5d times %s", strikes[kind], kind)
	}
	for _, state := range slices.Sorted(maps.Keys(states)) {
		t.Logf("%5d upgrades %s", states[state], state)
	}
	for _, name := range slices.Sorted(maps.Keys(excused)) {
		t.Logf("%5d excused: %s", excused[name], name)
	}
}

// TestReplay plays seeds twice: all that happens, and when, must be the same.
func TestReplay(t *testing.T) {
	single(t)
	for s := *first; s < *first+*seeds; s++ {
		one, other := run(t, s, nil), run(t, s, nil)
		if one.hash != other.hash {
			t.Errorf("seed %d: two runs differ: %016x and %016x", s, one.hash, other.hash)
		}
		runtime.GC()
	}
}
