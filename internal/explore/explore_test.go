package explore_test

import (
	"context"
	"flag"
	"fmt"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"github.com/shardbaton/baton/internal/explore"
)

var (
	length = flag.Duration("for", 0, "search for so long altogether, and more than the tests do; 0: as the tests do")
	few    = flag.Int("few", 0, "end the search of each configuration at so many states")
	most   = flag.Int("states", 2_000_000, "with -for, end the search of a configuration at so many states: each takes about a kilobyte")
)

// enough is how many distinct states a run of the tests has to see.
const enough = 250_000

// TestExplore searches every configuration for violations, and sees to it that the
// search is as large as it should be.
func TestExplore(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	all, states, began := explore.NewCoverage(), 0, time.Now()
	list := slices.Concat(faultless(), faulty(), late(), durable(), steered(), returning(), seldom(), lent(), stateless())
	if *length > 0 {
		list = slices.Concat(list, deep())
	}
	for i, c := range list {
		t.Run(c.Name, func(t *testing.T) {
			var until time.Time
			if *length > 0 { // an equal share of what is left
				c.states, until = *most, time.Now().Add((*length-time.Since(began))/time.Duration(len(list)-i))
			}
			r, seen := search(t, &c, until)
			states += r.States
			all.Add(seen)
		})
	}
	taken, rows := all.Rows()
	fmt.Printf("in all: %d distinct states, %d of %d rows covered, %.1f s\n", states, taken, rows, time.Since(began).Seconds())
	switch {
	case raceDetector: // it saw a part
		return
	case *length > 0:
		for _, row := range all.Untaken() {
			fmt.Println("not taken:", row)
		}
		return
	}
	if states < enough {
		t.Errorf("%d distinct states, want at least %d", states, enough)
	}
	for _, row := range all.Untaken() {
		if !slices.Contains(untaken(), row) {
			t.Errorf("no search takes this row any more: %s", row)
		}
	}
	for _, row := range untaken() {
		if !slices.Contains(all.Untaken(), row) {
			t.Errorf("this row is taken now, so take it off the list of those that are not: %s", row)
		}
	}
}

// search searches one configuration and prints what it has found.
func search(t *testing.T, c *bounded, until time.Time) (*explore.Result, *explore.Coverage) {
	t.Helper()
	states := c.states
	if raceDetector {
		states = 500
	}
	if *few > 0 {
		states = *few
	}
	seen, began := explore.NewCoverage(), time.Now()
	r, err := explore.Search(context.Background(), &c.Config, explore.Options{
		Workers: 2, States: states, Until: until, HealEvery: c.heal, Trace: seen.Take,
	})
	if err != nil {
		t.Fatal(err)
	}
	taken, _ := seen.Rows()
	rest := ""
	if !r.Whole {
		rest = ", not to the end"
	}
	fmt.Printf("%d distinct states, %d edges, %d rows covered: %s, %d healed, %.1f s%s\n",
		r.States, r.Edges, taken, c.Name, r.Healed, time.Since(began).Seconds(), rest)
	if r.Violation != nil {
		tell(t, r)
	}
	return r, seen
}

// tell fails the test with the story of a violation.
func tell(t *testing.T, r *explore.Result) {
	t.Helper()
	told, err := explore.Replay(r.Story.Config, r.Story.Steps)
	if err != nil {
		t.Fatal(err)
	}
	t.Errorf("%v\nThe story, for a file under testdata/explore:\n\n%s%s", r.Violation, r.Story, told)
}
