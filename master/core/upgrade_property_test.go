package core_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master/core"
)

// serving is a world in which every shard is served and nothing goes wrong.
func serving(t *rapid.T, opt core.Options) *world {
	w := newWorld(t, opt)
	w.stateless = rapid.Bool().Draw(t, "launched are stateless")
	w.do(core.Started{Record: w.record.Clone()})
	w.goOn(t, func() bool {
		st := w.core.Status()
		return w.well() && !slices.ContainsFunc(st.Shares, func(sh core.ShareStatus) bool { return sh.State != lifecycle.ShareServing })
	})
	return w
}

// drawServing draws options for a bot whose slaves are launched.
func drawServing(t *rapid.T) core.Options {
	opt := drawOptions(t)
	opt.CanLaunch, opt.Journal, opt.UpgradeOnHello = true, true, false
	return opt
}

// next lets one thing happen that has to. It reports whether anything did.
func (w *world) next() bool { return w.settle() || w.save(len(w.tail)) }

// goOn lets everything go well until something holds. An operator resumes what has
// paused.
func (w *world) goOn(t *rapid.T, holds func() bool) {
	for range 400 {
		if holds() {
			return
		}
		if w.next() {
			continue
		}
		if u := w.core.Status().Upgrade; u != nil && u.State == lifecycle.UpgradePaused {
			w.do(core.ResumeAsked{})
			continue
		}
		if !w.tick() {
			break
		}
		w.beat()
	}
	w.fail("what should come has not come after a long time")
}

// ended waits for the end of an upgrade.
func (w *world) ended(t *rapid.T, id core.UpgradeID) core.Result {
	w.goOn(t, func() bool { _, over := w.over[id]; return over })
	return w.over[id]
}

// TestUpgradesWithoutFaultsEndDone is L1. Sessions are made only where their number
// changes. Operators may pause and resume.
func TestUpgradesWithoutFaultsEndDone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := serving(t, drawServing(t))
		for n := range rapid.IntRange(1, 2).Draw(t, "upgrades") {
			before := w.identified
			plan := drawPlan(t, w.core.Status())
			id := core.UpgradeID(fmt.Sprintf("u%d", n))
			w.do(core.UpgradeAsked{Upgrade: id, Plan: plan})
			for range rapid.IntRange(0, 40).Draw(t, "steps before the pause") {
				w.next()
			}
			w.do(core.PauseAsked{})
			r := w.ended(t, id)
			if r.State != lifecycle.UpgradeDone || r.Trouble != nil || plan.Slaves == nil && len(r.Moved) != r.NumShards {
				w.fail("the upgrade is %s, %v, %v, with %v moved", r.State, r.Err, r.Trouble, r.Moved)
			}
			w.shards = r.NumShards
			if plan.NumShards == 0 && w.identified != before {
				w.fail("%d shards were identified anew", w.identified-before)
			}
			w.goOn(t, w.well)
		}
	})
}

// TestAbortsWithoutFaultsEndAsItWas aborts upgrades at any step: every shard is then on
// the slave on which it was, with the session that it had.
func TestAbortsWithoutFaultsEndAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := serving(t, drawServing(t))
		before, identified := owners(w.core.Status()), w.identified
		plan := drawPlan(t, w.core.Status())
		w.do(core.UpgradeAsked{Upgrade: "u1", Plan: plan})
		for range rapid.IntRange(0, 60).Draw(t, "steps before the abort") {
			if !w.next() && rapid.Bool().Draw(t, "wait") && w.core.Status().Upgrade != nil {
				w.tick()
			}
		}
		w.do(core.AbortAsked{Reason: "enough"})
		r := w.ended(t, "u1")
		switch {
		case w.refused && r.State == lifecycle.UpgradeDone:
		case r.State != lifecycle.UpgradeReverted || !maps.Equal(owners(w.core.Status()), before):
			w.fail("the upgrade is %s, %v; the owners are %v, want %v", r.State, r.Err, owners(w.core.Status()), before)
		case plan.NumShards == 0 && w.identified != identified:
			w.fail("%d shards were identified anew", w.identified-identified)
		}
		w.goOn(t, w.well)
	})
}

// owners says who has which shard.
func owners(st core.Status) map[int]core.SlaveID {
	m := make(map[int]core.SlaveID)
	for _, sh := range st.Shards {
		m[sh.Shard] = sh.Owner
	}
	return m
}

// TestUpgradesEndWhoeverIsSilent lets anything happen, and then every slave, and the
// journal, be silent for ever. The deadlines alone have to bring every upgrade to an end.
func TestUpgradesEndWhoeverIsSilent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opt := drawOptions(t)
		opt.Journal = rapid.Bool().Draw(t, "journal")
		opt.Deadlines.Total = 10 * time.Minute
		w := newWorld(t, opt)
		w.fault = func(what string) bool { return rapid.IntRange(0, 19).Draw(t, what) == 0 }
		w.do(core.Started{Record: w.record.Clone()})
		upgrades := 0
		for range rapid.IntRange(0, 80).Draw(t, "steps") {
			switch {
			case opt.Journal && w.lives < 3 && rapid.IntRange(0, 19).Draw(t, "crash") == 0:
				w.restart(rapid.IntRange(0, len(w.tail)).Draw(t, "kept"))
			case rapid.IntRange(0, 3).Draw(t, "save") == 0:
				w.save(rapid.IntRange(0, len(w.tail)).Draw(t, "saved"))
			default:
				w.chance(t, &upgrades)
			}
		}
		kills := rapid.Bool().Draw(t, "who is killed ends")
		for since := w.now; w.core.Status().Upgrade != nil; {
			if w.now-since > 3*time.Hour {
				w.fail("the upgrade does not end")
			}
			if !w.buryOne(kills) && !w.tick() {
				w.fail("nothing is left to wait for, but the upgrade has not ended")
			}
		}
	})
}

// buryOne reports the end of one slave that was killed.
func (w *world) buryOne(kills bool) bool {
	for _, name := range slices.Sorted(maps.Keys(w.bots)) {
		if b := w.bots[name]; kills && b.dead && b.launched {
			w.die(b)
			return true
		}
	}
	return false
}

// TestMastersDeathsLoseNoSession lets nothing fail but masters. Wherever they die,
// every shard keeps its session.
func TestMastersDeathsLoseNoSession(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := serving(t, drawServing(t))
		plan := drawPlan(t, w.core.Status())
		plan.NumShards = 0
		identified := w.identified
		w.do(core.UpgradeAsked{Upgrade: "u1", Plan: plan})
		for range rapid.IntRange(1, 3).Draw(t, "deaths") {
			for range rapid.IntRange(0, 40).Draw(t, "steps before the death") {
				switch {
				case rapid.IntRange(0, 2).Draw(t, "save") == 0:
					w.save(rapid.IntRange(0, len(w.tail)).Draw(t, "saved"))
				case rapid.IntRange(0, 9).Draw(t, "abort") == 0:
					w.do(core.AbortAsked{Reason: "enough"})
				case !w.settle() && rapid.Bool().Draw(t, "wait"):
					w.beat()
				}
			}
			w.restart(rapid.IntRange(0, len(w.tail)).Draw(t, "kept"))
		}
		w.goOn(t, func() bool { return w.well() && w.core.Status().State == lifecycle.MasterServing })
		if w.identified != identified {
			w.fail("%d shards were identified anew", w.identified-identified)
		}
		for name, b := range w.bots {
			if strings.HasPrefix(name, "x") || b.dead {
				w.fail("%s is no slave that should be there", name)
			}
		}
	})
}
