package lifecycle_test

import (
	"testing"

	"github.com/shardbaton/baton/fsm"
	"github.com/shardbaton/baton/fsm/fsmtest"
	"github.com/shardbaton/baton/fsm/lifecycle"
)

func TestMastersTablesHaveNoDefects(t *testing.T) {
	drawings, err := lifecycle.All()
	if err != nil {
		for _, d := range fsm.Defects(err) {
			t.Error(d)
		}
		t.Fatal("a table has defects")
	}
	want := []string{"master", "link", "lease", "share", "upgrade", "move", "slave", "shard"}
	for i, d := range drawings {
		if d.Name() != want[i] {
			t.Errorf("drawing %d is %q, want %q", i, d.Name(), want[i])
		}
	}
}

func TestRuntimesDoWhatTheMastersTablesSay(t *testing.T) {
	t.Run("master", func(t *testing.T) { equivalent(t, lifecycle.Master()) })
	t.Run("link", func(t *testing.T) { equivalent(t, lifecycle.Link()) })
	t.Run("lease", func(t *testing.T) { equivalent(t, lifecycle.Lease()) })
	t.Run("share", func(t *testing.T) { equivalent(t, lifecycle.Share()) })
	t.Run("upgrade", func(t *testing.T) { equivalent(t, lifecycle.Upgrade()) })
	t.Run("move", func(t *testing.T) { equivalent(t, lifecycle.Move()) })
}

func equivalent[S, E ~string, C any](t *testing.T, table fsm.Table[S, E, C]) {
	t.Helper()
	def, err := table.Build()
	if err != nil {
		t.Fatal(err)
	}
	fsmtest.Equivalent(t, def)
}
