package explore

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/shardbaton/baton/fsm/lifecycle"
	mcore "github.com/shardbaton/baton/master/core"
)

func digits(n int) string { return strconv.Itoa(n) }

// begin returns the world in which a search begins.
func (c *Config) begin(trace func(string, int)) (*world, error) {
	w, err := newWorld(c, trace)
	if err != nil || c.Cold {
		return w, err
	}
	left := w.left
	w.left = Budget{}
	if c.ByHand {
		for range max(1, c.Slaves) {
			w.arrives()
			w.settle()
		}
	}
	w.calm(func(w *world) bool { return w.well() && w.quiet() })
	for _, p := range w.procs {
		w.olds = append(w.olds, p.id)
	}
	if w.wrong == nil && !w.well() {
		w.violate("L1", "the cold start does not come to an end: %s", w.ill())
	}
	if c.From != "" {
		w.act(action{kind: upgrade})
		if c.ByHand {
			w.act(action{kind: arrive})
		}
		if c.Back {
			w.calm(func(w *world) bool { return w.at(string(lifecycle.UpgradeFullStart)) })
			w.act(action{kind: abort})
		}
		w.calm(func(w *world) bool { return w.at(c.From) })
		if !w.at(c.From) {
			return nil, fmt.Errorf("explore: an upgrade without faults never is %q", c.From)
		}
	}
	w.left, w.killed, w.bent = left, false, false
	w.resetClock()
	return w, nil
}

// at reports whether the upgrade, or a move, is in a state.
func (w *world) at(state string) bool {
	st := w.m.core.Status()
	if st.Upgrade == nil {
		return false
	}
	return string(st.Upgrade.State) == state || slices.ContainsFunc(st.Shards, func(s mcore.ShardStatus) bool { return string(s.Move) == state })
}

// quiet reports whether nothing is on its way.
func (w *world) quiet() bool { _, busy := w.next(); return !busy }

// resetClock makes time stand still again: what is armed counts from now.
func (w *world) resetClock() {
	if w.m != nil {
		m := w.master()
		for i := range m.timers {
			m.timers[i].at -= w.now
		}
	}
	for i := range w.procs {
		p := w.proc(i)
		for j := range p.timers {
			p.timers[j].at -= w.now
		}
	}
	w.now = 0
	w.settle()
}
