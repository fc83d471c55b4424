package explore_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/shardbaton/baton/internal/explore"
)

var (
	stories = flag.String("stories", "", "write the story of each violation into this directory")
)

func TestExplore(t *testing.T) {
	all, states, began := explore.NewCoverage(), 0, time.Now()
	for _, c := range configs() {
		t.Run(c.Name, func(t *testing.T) {
			r, seen := search(t, &c)
			states += r.States
			all.Add(seen)
		})
	}
	taken, rows := all.Rows()
	t.Logf("in all: %d distinct states, %d of %d rows covered, %.1f s", states, taken, rows, time.Since(began).Seconds())
	for _, row := range all.Untaken() {
		t.Logf("not taken: %s", row)
	}
}

// search searches one configuration and prints what it has found.
func search(t *testing.T, c *bounded) (*explore.Result, *explore.Coverage) {
	t.Helper()
	c.Known = known()
	seen, began := explore.NewCoverage(), time.Now()
	r, err := explore.Search(context.Background(), &c.Config, explore.Options{
		Workers: 2, States: c.states, HealEvery: c.heal, Trace: seen.Take,
	})
	if err != nil {
		t.Fatal(err)
	}
	taken, _ := seen.Rows()
	more := ""
	if !r.Whole {
		more = ", not all"
	}
	fmt.Printf("%d distinct states, %d edges, %d rows covered: %s (%s), %d healed, depth %d, %.1f s%s\n",
		r.States, r.Edges, taken, c.Name, &c.Config, r.Healed, r.Depth, time.Since(began).Seconds(), more)
	if r.Violation != nil {
		told, err := explore.Replay(&c.Config, r.Story.Steps)
		if err != nil {
			t.Fatal(err)
		}
		if *stories != "" {
			if err := os.WriteFile(filepath.Join(*stories, c.Name+".txt"), []byte(r.Story.String()+told), 0o600); err != nil {
				t.Error(err)
			}
		}
		t.Errorf("%v\nput this under testdata/explore:\n%s%s", r.Violation, r.Story, told)
	}
	return r, seen
}
