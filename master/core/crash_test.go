package core_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/shardbaton/baton/master/core"
)

// save makes the first n changes of the journal's tail durable. It reports whether
// there was anything to save.
func (w *world) save(n int) bool {
	w.t.Helper()
	if n == 0 {
		return false
	}
	w.do(core.Journaled{Seq: w.persist(n)})
	return true
}

// restart replaces the master by another that knows what the journal holds: what is
// durable, and as much of the rest as the crash has left.
func (w *world) restart(keep int) {
	w.t.Helper()
	w.reborn(keep)
	clear(w.due)
	for _, b := range w.bots {
		b.linked = false
	}
	w.do(core.Started{Record: w.record.Clone()})
	for _, s := range w.core.Status().Slaves { // the news of a death was lost with the tail
		switch {
		case w.bots[string(s.Slave)] != nil:
		case strings.HasPrefix(string(s.Slave), "x"):
			w.do(core.ForgetAsked{Slave: s.Slave})
		default:
			w.do(core.Exited{Slave: s.Slave, Code: -1, Reason: "gone"})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(w.bots)) {
		b := w.bots[name]
		known := slices.ContainsFunc(w.core.Status().Slaves, func(s core.SlaveStatus) bool { return string(s.Slave) == name })
		switch {
		case b.launched && !known: // a launch that the journal never heard of: it was given nothing
			delete(w.bots, name)
		case b.launched && b.dead:
			w.die(b)
		case b.launched:
			w.do(core.Attached{Slave: core.SlaveID(name), PID: 1})
		}
	}
}

// TestMastersMayDieAtAnyMoment lets masters die, with any part of what they had written
// down but that is not yet safe, among all the other faults, while operators pause,
// resume and abort. No shard is ever started beside another, and when the faults stop
// every shard comes to run on exactly one slave.
func TestMastersMayDieAtAnyMoment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opt := drawOptions(t)
		opt.Journal = true
		w := newWorld(t, opt)
		w.stateless = rapid.Bool().Draw(t, "launched are stateless")
		w.fault = func(what string) bool { return rapid.IntRange(0, 19).Draw(t, what) == 0 }
		w.do(core.Started{Record: w.record.Clone()})
		upgrades := 0
		for range rapid.IntRange(0, 80).Draw(t, "steps") {
			switch rapid.IntRange(0, 15).Draw(t, "what") {
			case 0:
				if w.lives < 4 {
					w.restart(rapid.IntRange(0, len(w.tail)).Draw(t, "kept"))
				}
			case 1, 2, 3, 4:
				w.save(rapid.IntRange(0, len(w.tail)).Draw(t, "saved"))
			default:
				w.chance(t, &upgrades)
			}
		}
		w.heal()
	})
}
