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
	seeds   = flag.Uint64("seeds", usualSeeds, "how many seeds TestSeeds plays")
	first   = flag.Uint64("first", 1, "the first of them")
	replays = flag.Uint64("replays", 8, "how many seeds TestReplay plays twice")
	seed    = flag.Uint64("seed", 0, "have TestSeeds play this seed alone and print what happens")
)

// run plays a scenario in a bubble of its own. A bubble in which everything waits for
// ever is a violation, too.
func run(t *testing.T, seed uint64, s scenario, out io.Writer) (r report) {
	t.Helper()
	defer runtime.GC() // here, where it is in nobody's way
	defer func() {
		if stuck := recover(); stuck != nil {
			r.seed, r.scenario = seed, s
			r.violations = append(r.violations, fmt.Sprint(stuck))
		}
	}()
	synctest.Test(t, func(*testing.T) { r = play(seed, s, out) })
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

// check tells what went wrong in a run, and how to see it again.
func check(t *testing.T, r report) {
	t.Helper()
	if len(r.violations) == 0 {
		return
	}
	const most = 10
	for _, v := range r.violations[:min(most, len(r.violations))] {
		t.Errorf("seed %d: %s", r.seed, v)
	}
	t.Errorf("seed %d: %d violations; upgrades: %v\n%v\nto see it again: make simulate SEED=%d",
		r.seed, len(r.violations), r.outcomes, r.scenario, r.seed)
}

func TestSeeds(t *testing.T) {
	single(t)
	if *seed != 0 {
		r := run(t, *seed, draw(*seed), os.Stdout)
		fmt.Printf("%v\nupgrades: %v\n%v of simulated time, %v; the run's sum is %016x\n", r.scenario, r.outcomes, r.lasted, r.figures, r.hash)
		check(t, r)
		return
	}
	began := time.Now()
	all := newTally()
	for s := *first; s < *first+*seeds; s++ {
		r := run(t, s, draw(s), nil)
		check(t, r)
		all.add(r)
	}
	t.Logf("%d seeds from %d in %v\n%v", *seeds, *first, time.Since(began).Round(time.Millisecond), all)
}

// TestReplay plays seeds until two runs are the same in all that happens, and when.
// It takes more than two only when the real clock has interfered: the scheduler
// takes the processor from a goroutine that has had it for 10 ms, which on a busy
// machine says little about the goroutine. The race detector has the scheduler shuffle
// whatever could run, so there the runs are only compared.
func TestReplay(t *testing.T) {
	single(t)
	const most = 5
	again := 0
	for s := *first; s < *first+*replays; s++ {
		seen := map[uint64]bool{run(t, s, draw(s), nil).hash: true}
		same := false
		for n := 1; n < most && !same && (n == 1 || !shuffled); n++ {
			hash := run(t, s, draw(s), nil).hash
			same = seen[hash]
			seen[hash] = true
		}
		if len(seen) > 1 {
			again++
		}
		if !same && !shuffled {
			t.Errorf("seed %d: %d runs, and no two of them were the same", s, most)
		}
	}
	t.Logf("%d of %d seeds went the same way the second time", *replays-uint64(again), *replays)
}

// tally adds up many runs.
type tally struct {
	events   int
	lasted   time.Duration
	bad      int
	sum      uint64 // of all runs' sums
	outcomes map[string]int
	strikes  map[string]int
	excused  map[string]int
}

func newTally() *tally {
	return &tally{outcomes: make(map[string]int), strikes: make(map[string]int), excused: make(map[string]int)}
}

func (a *tally) add(r report) {
	a.events += r.figures.events
	a.lasted += r.lasted
	a.sum = a.sum*31 + r.hash
	if len(r.violations) > 0 {
		a.bad++
	}
	for _, o := range r.outcomes {
		state, _, _ := strings.Cut(o, " after")
		if _, step, failed := strings.Cut(o, "ed at "); failed {
			step = step[:strings.IndexAny(step, ",:")]
			state += " at " + step
		}
		a.outcomes[state]++
	}
	for kind, n := range r.strikes {
		a.strikes[string(kind)] += n
	}
	for name, n := range r.figures.excused {
		a.excused[name] += n
	}
}

// String is a table.
func (a *tally) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d events in %v of simulated time; %d seeds with violations; the sum of all is %016x", a.events, a.lasted.Round(time.Second), a.bad, a.sum)
	for _, part := range []struct {
		title  string
		counts map[string]int
	}{{"upgrades", a.outcomes}, {"went wrong", a.strikes}, {"excused", a.excused}} {
		for _, name := range slices.Sorted(maps.Keys(part.counts)) {
			fmt.Fprintf(&b, "\n%-10s %6d %s", part.title, part.counts[name], name)
		}
	}
	return b.String()
}
