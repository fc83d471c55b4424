package explore

import (
	"fmt"
	"slices"
	"time"

	mcore "github.com/shardbaton/baton/master/core"
)

// world is a master, its slaves, what lies between them, and the gateway. Worlds
// share the parts that a step does not touch: whoever changes a part goes through
// master, proc or conn, which copy it first.
type world struct {
	cfg *Config
	// told hears of everything that happens; nil: nobody does.
	told  *teller
	mould *mould

	m      *master // nil: it is dead
	procs  []*proc // living slaves, and dead ones of which somebody has yet to hear
	conns  []*conn
	shards []truth
	left   Budget
	record journal

	lives    int // of the master
	begun    int // slaves
	arrived  int // slaves that were started by hand
	lastLink uint64
	asked    int // upgrades
	// killed says that a slave was killed, which excuses events that are handled twice;
	// bent, that a bot failed at something, which excuses new sessions.
	killed, bent bool
	halted       bool // the master has ended in order
	stopAsked    bool
	olds         []string      // who served when the search began
	now          time.Duration // stands still while a search runs

	// wrong is the first violation, or nil.
	wrong *Violation
	// own says which parts were copied for this world.
	ownMaster bool
	own       uint64 // procs, by index
	ownConns  uint64 // conns, by index
	// queue holds what follows at once from what is being done.
	queue []func(*world)
}

// Violation is an invariant that does not hold.
type Violation struct {
	// Rule is S1 to S7, L1 to L3.
	Rule string
	// Text says what is wrong.
	Text string
}

// Error implements error.
func (v *Violation) Error() string { return v.Rule + ": " + v.Text }

func (w *world) violate(rule, format string, args ...any) {
	if w.wrong != nil {
		return
	}
	w.wrong = &Violation{rule, fmt.Sprintf(format, args...)}
}

// truth is what really becomes of a shard.
type truth struct {
	// last is the slave that has, or had, the shard connected last.
	last string
	// orphan says that it was killed since.
	orphan bool
	// acted is the highest epoch at which a bot was told to start or stop the shard.
	acted uint64
	// sent is how many records the last stop has sent, and at which epoch.
	sent      uint64
	sentEpoch uint64
	// produced counts the gateway's events, handled how often each was handled.
	produced int
	handled  [8]uint8
	sessions int // that were made
	// session is the latest, and checked how many of its events are handled by the last
	// checkpoint that the master has heard.
	session string
	checked int
}

// clone returns a world that shares every part with this one.
func (w *world) clone() *world {
	d := *w
	d.procs, d.conns, d.shards = slices.Clone(w.procs), slices.Clone(w.conns), slices.Clone(w.shards)
	d.ownMaster, d.own, d.ownConns, d.queue = false, 0, 0, nil
	return &d
}

// master returns the master for changes.
func (w *world) master() *master {
	if !w.ownMaster {
		w.m, w.ownMaster = w.m.clone(), true
	}
	return w.m
}

// proc returns a slave's process for changes.
func (w *world) proc(i int) *proc {
	if w.own&(1<<i) == 0 {
		w.procs[i] = w.procs[i].clone()
		w.own |= 1 << i
	}
	return w.procs[i]
}

// conn returns a connection for changes.
func (w *world) conn(i int) *conn {
	if w.ownConns&(1<<i) == 0 {
		w.conns[i] = w.conns[i].clone()
		w.ownConns |= 1 << i
	}
	return w.conns[i]
}

func (w *world) addProc(p *proc) {
	w.own |= 1 << len(w.procs)
	w.procs = append(w.procs, p)
}

func (w *world) addConn(k *conn) {
	w.ownConns |= 1 << len(w.conns)
	w.conns = append(w.conns, k)
}

// find returns the index of a slave's process, or -1.
func (w *world) find(id string) int {
	return slices.IndexFunc(w.procs, func(p *proc) bool { return p.id == id })
}

// findConn returns the index of a connection, or -1.
func (w *world) findConn(id uint64) int {
	return slices.IndexFunc(w.conns, func(k *conn) bool { return k.id == id })
}

// settle does what follows at once, and drops what is of no further use.
func (w *world) settle() {
	for i := 0; i < len(w.queue); i++ {
		w.queue[i](w)
	}
	w.queue = nil
	for i := len(w.conns) - 1; i >= 0; i-- {
		if k := w.conns[i]; k.slave == over && k.master == over {
			w.conns = slices.Delete(w.conns, i, i+1)
		}
	}
	for i := len(w.procs) - 1; i >= 0; i-- {
		if p := w.procs[i]; p.dead && p.buried && !w.record.knows(p.id) && !slices.ContainsFunc(w.conns, func(k *conn) bool { return k.of == p.id }) {
			w.procs = slices.Delete(w.procs, i, i+1)
		}
	}
	w.ownMaster, w.own, w.ownConns = false, 0, 0
	w.check()
}

func (w *world) then(f func(*world)) { w.queue = append(w.queue, f) }

// newWorld returns a world in which the master is about to start.
func newWorld(cfg *Config, trace func(string, int)) (*world, error) {
	w := &world{cfg: cfg, mould: newMould(cfg, trace), left: cfg.Budget, shards: make([]truth, max(cfg.Shards, cfg.NumShards))}
	m, err := w.newMaster()
	if err != nil {
		return nil, err
	}
	if _, err := w.mould.slave(slaveKind{id: "s1", first: cfg.First > 0}); err != nil {
		return nil, err
	}
	w.m, w.ownMaster = m, true
	w.tellMaster(mcore.Started{})
	w.settle()
	return w, nil
}
