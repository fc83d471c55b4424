package explore

import (
	"slices"
	"time"

	mcore "github.com/shardbaton/baton/master/core"
	score "github.com/shardbaton/baton/slaveclient/core"
)

// patience is how many steps, and how much time, a world has to become well.
const (
	patience = 20000
	longest  = 4 * time.Hour
)

// heal is L2: faults stop, dead masters and frozen processes come back, the operator
// looks after what nobody else can know, and then, in a fair order, whatever can
// happen does: every shard must come to be run by the slave that the master thinks
// has it.
func (w *world) heal() {
	w.left = Budget{}
	w.calm(func(w *world) bool { return w.well() })
	if w.wrong == nil && !w.halted && !w.well() {
		w.violate("L2", "faults have stopped, and after %v not every shard is served: %s", w.now, w.ill())
	}
}

// calm lets everything go well until done reports true. Time stands still while
// anything else can happen.
func (w *world) calm(done func(*world) bool) {
	for range patience {
		if w.wrong != nil || done(w) || w.halted || w.now > longest {
			return
		}
		if a, ok := w.next(); ok {
			w.act(a)
			continue
		}
		if !w.tick() && !w.help() {
			return
		}
	}
}

func (w *world) act(a action) {
	w.told.step(w.text(a))
	w.do(a)
}

// next returns what happens next when nothing goes wrong, but for timers.
func (w *world) next() (action, bool) {
	for _, a := range w.actions(nil) {
		switch {
		case a.faulty(), a.kind == slaveTime, a.kind == masterTime:
		default:
			return a, true
		}
	}
	return action{}, false
}

// tick lets the timer fire that is due first.
func (w *world) tick() bool {
	var first action
	var at time.Duration
	for i, p := range w.procs {
		if j := p.overdueLease(); j >= 0 {
			w.act(action{kind: slaveTime, a: uint8(i), b: uint8(j)}) // it comes before anything else
			return true
		}
		for j, t := range p.timers {
			if t.t.Kind == score.TimerControl && (w.m == nil || w.crowded(p)) {
				continue
			}
			if first.kind == 0 || t.at < at {
				first, at = action{kind: slaveTime, a: uint8(i), b: uint8(j)}, t.at
			}
		}
	}
	if w.m != nil {
		for j, t := range w.m.timers {
			if first.kind == 0 || t.at < at {
				first, at = action{kind: masterTime, b: uint8(j)}, t.at
			}
		}
	}
	if first.kind == 0 {
		return false
	}
	w.now = max(w.now, at)
	w.act(first)
	if w.now > helpAfter {
		w.help()
	}
	return true
}

// helpAfter is when the operator begins to look after a world.
const helpAfter = 10 * time.Minute

// Faultless reports whether nothing can go wrong within the bounds.
func (c *Config) faultless() bool {
	b := c.Budget
	b[Upgrades], b[Events], b[Beats], b[Arrivals] = 0, 0, 0, 0
	return b == Budget{}
}

// judgeEnd is L1: without faults every run ends with all shards on the new slaves,
// and the old ones gone.
func (w *world) judgeEnd() {
	if why := w.ill(); why != "" {
		w.violate("L1", "nothing has gone wrong, and in the end %s", why)
		return
	}
	for n, sh := range w.m.core.Status().Shards {
		if w.cfg.Budget[Upgrades] > 0 && slices.Contains(w.olds, string(sh.Owner)) {
			w.violate("L1", "nothing has gone wrong, and in the end shard %d is still on %s", n, sh.Owner)
		}
	}
	for _, p := range w.procs {
		if w.cfg.Budget[Upgrades] > 0 && !p.dead && slices.Contains(w.olds, p.id) {
			w.violate("L1", "nothing has gone wrong, and in the end %s still runs", p.id)
		}
	}
}

// help is what an operator does about what the master cannot know: it says which
// slaves are dead, and asks for an upgrade when the master has given a bot up.
func (w *world) help() bool {
	if w.m == nil {
		return false
	}
	for i, p := range w.procs {
		if p.dead && p.child != w.lives && !p.buried {
			w.act(action{kind: forget, a: uint8(i)})
			return true
		}
	}
	if w.m.core.Status().GaveUp {
		w.act(action{kind: upgrade})
		return true
	}
	if w.cfg.ByHand && w.living() < max(1, w.cfg.Slaves) {
		w.act(action{kind: arrive})
		return true
	}
	return false
}

func (w *world) living() (n int) {
	for _, p := range w.procs {
		if !p.dead {
			n++
		}
	}
	return n
}

// well reports whether no upgrade runs and every shard is run by its owner.
func (w *world) well() bool { return w.ill() == "" }

// ill says what is missing before the world is well.
func (w *world) ill() string {
	if w.m == nil {
		return "there is no master"
	}
	st := w.m.core.Status()
	if st.Upgrade != nil {
		return "upgrade " + string(st.Upgrade.Upgrade) + " is " + string(st.Upgrade.State)
	}
	if st.NumShards == 0 {
		return "the number of shards is unknown"
	}
	for _, sh := range st.Shards {
		i := w.find(string(sh.Owner))
		switch {
		case sh.Owner == "":
			return "shard " + digits(sh.Shard) + " has no owner"
		case i < 0 || w.procs[i].dead:
			return "shard " + digits(sh.Shard) + " is owned by " + string(sh.Owner) + ", which is dead"
		case sh.InDoubt && !slices.ContainsFunc(st.Slaves, func(s mcore.SlaveStatus) bool { return s.Slave == sh.Owner && s.Dialect == 1 }): // dialect 1 has no words to settle a doubt
			return "shard " + digits(sh.Shard) + " is in doubt"
		case w.procs[i].bot[sh.Shard].run != runs:
			return "shard " + digits(sh.Shard) + " is owned by " + string(sh.Owner) + ", which does not run it"
		}
	}
	for _, p := range w.procs {
		for n, b := range p.bot {
			if b.run != runsNot && !p.soft && (n >= len(st.Shards) || st.Shards[n].Owner == "" || string(st.Shards[n].Owner) != p.id) {
				return p.id + " runs shard " + digits(n) + ", which is not its own"
			}
		}
	}
	return ""
}
