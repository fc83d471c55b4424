package core

import (
	"slices"

	"github.com/shardbaton/baton/fsm"
)

// Clone returns a core that behaves like this one and shares nothing with it that
// either changes: a search goes both ways from here.
func (c *Core) Clone() *Core {
	d := *c
	d.out = nil
	d.slave = cloneMachine(c.program.slave, c.slave)
	d.asked, d.kept = cloneRequest(c.asked), cloneRequest(c.kept)
	d.state = slices.Clone(c.state)
	d.shards = make([]*shard, len(c.shards))
	for i, s := range c.shards {
		t := *s
		t.core = &d
		t.machine = cloneMachine(c.program.shard, s.machine)
		d.shards[i] = &t
	}
	return &d
}

func cloneRequest(r *request) *request {
	if r == nil {
		return nil
	}
	d := *r
	return &d
}

// cloneMachine starts another machine in the same state. A snapshot that was just
// taken always fits its own table.
func cloneMachine[S, E ~string, C any](def *fsm.Definition[S, E, C], m *fsm.Machine[S, E, C]) *fsm.Machine[S, E, C] {
	clone := def.New()
	_ = clone.Reset(m.Snapshot())
	return clone
}
