package explore_test

import (
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/shardbaton/baton/internal/explore"
)

// The stories are violations that a search has found, and what became of them. The
// command's arguments are the bounds of the world, its input is what happens; what
// follows from each step, and the verdict, is under the dashes. -rewrite writes these
// anew.
func TestStories(t *testing.T) {
	datadriven.Walk(t, "../../testdata/explore", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, replay)
	})
}

func replay(t *testing.T, d *datadriven.TestData) string {
	t.Helper()
	if d.Cmd != "explore" {
		t.Fatalf("%s: no such command: %s", d.Pos, d.Cmd)
	}
	args := make(map[string]string)
	for _, a := range d.CmdArgs {
		args[a.Key] = strings.Join(a.Vals, ",")
	}
	cfg, err := explore.ParseConfig(args)
	if err != nil {
		t.Fatalf("%s: %v", d.Pos, err)
	}
	told, err := explore.Replay(cfg, strings.Split(strings.TrimSpace(d.Input), "\n"))
	if err != nil {
		t.Fatalf("%s: %v", d.Pos, err)
	}
	return told
}
