package explore

import "strconv"

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
	w.left, w.killed, w.bent = left, false, false
	w.resetClock()
	for _, p := range w.procs {
		w.olds = append(w.olds, p.id)
	}
	if w.wrong == nil && !w.well() {
		w.violate("L1", "the cold start does not come to an end: %s", w.ill())
	}
	return w, nil
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
