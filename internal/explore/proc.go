package explore

import (
	"slices"
	"time"

	mcore "github.com/shardbaton/baton/master/core"
	score "github.com/shardbaton/baton/slaveclient/core"
	"github.com/shardbaton/baton/wire"
)

// proc is a slave's process: its core, what its shell keeps, and its bot.
type proc struct {
	id   string
	core *score.Core
	// child is the life of the master that has launched it; 0: it was started by hand.
	child int
	// known says that the master has heard of the launch, buried that it has heard of
	// the end, or never will.
	known, buried bool
	dead, frozen  bool
	first         bool // it speaks dialect 1 only
	timers        []slaveTimer
	// work has the calls and loads of each shard in order, those about no shard
	// first; the first of each is running.
	work [][]score.Effect
	// closing is Shutdown, which runs when all others have returned.
	closing bool
	control uint64 // connections; 0: none
	state   uint64
	bot     []botShard
	// soft says that the bot only keeps its state up to date.
	soft bool
	// told says that it has heard that it is to shut down, and retired that it was told
	// as an old slave of an upgrade.
	told, retired bool
	// asking says that the bot is asked for its health.
	asking bool
	// expired says that its lease is over by the clock: nothing that the bot would do then
	// can be seen outside. sent is when each heartbeat of the present link was sent, after
	// the hello, and void the last link of which the answers count from too long ago.
	expired bool
	sent    []time.Duration
	void    uint64
}

// slaveTimer is an armed timer of a slave.
type slaveTimer struct {
	t   score.Timer
	at  time.Duration
	due bool
}

// botShard is where a bot stands with a shard.
type botShard struct {
	run     running
	session string
	// seq is the last event that was handled here.
	seq int
	// epoch and records are the state that was sent last; loaded is the state that was
	// taken in, and at which epoch; torn that it is not 0 to loaded without a gap.
	epoch, records    uint64
	digest            wire.Digest
	inEpoch, inRecord uint64
	torn              bool
}

// running says whether a bot has a shard connected.
type running uint8

const (
	runsNot running = iota
	starting
	runs
	stopping
)

func (p *proc) clone() *proc {
	d := *p
	d.core = p.core.Clone()
	d.timers, d.bot = slices.Clone(p.timers), slices.Clone(p.bot)
	d.work = slices.Clone(p.work)
	return &d
}

// begin starts a slave's process.
func (w *world) begin(id string, child int, doomed bool) {
	w.begun++
	p := &proc{id: id, child: child, known: child == 0, bot: make([]botShard, len(w.shards)), work: make([][]score.Effect, len(w.shards)+1)}
	p.first = w.begun <= w.cfg.First
	core, err := w.mould.slave(slaveKind{id, p.first})
	if err != nil {
		w.violate("S7", "%v", err)
		return
	}
	p.core = core
	w.addProc(p)
	if doomed {
		w.kill(len(w.procs) - 1)
		return
	}
	w.tellSlave(id, score.Begin{})
}

// tellSlave steps a slave's core and does what it wants.
func (w *world) tellSlave(id string, e score.Event) {
	i := w.find(id)
	if i < 0 || w.procs[i].dead {
		return
	}
	if warp := w.cfg.Warp; warp != nil && warp.SlaveEvent != nil {
		if e = warp.SlaveEvent(e); e == nil {
			return
		}
	}
	p := w.proc(i)
	w.told.slaveEvent(e)
	for _, effect := range p.core.Step(e) {
		if warp := w.cfg.Warp; warp != nil && warp.SlaveEffect != nil {
			if effect = warp.SlaveEffect(effect); effect == nil {
				continue
			}
		}
		w.told.slaveEffect(id, effect)
		w.perform(p, i, effect)
	}
}

func (w *world) perform(p *proc, i int, e score.Effect) {
	switch e := e.(type) {
	case score.Dial:
		w.dial(p, e.Link)
	case score.CloseLink:
		w.hangUp(p, e.Link)
	case score.Send:
		id := p.control
		if e.Link == score.State {
			id = p.state
		}
		if e.Link == score.Control && (e.Type == wire.EvtSlaveHello || e.Type == wire.EvtHeartbeat) {
			p.notes(e.Type, w.now)
		}
		if j := w.findConn(id); j >= 0 {
			w.conn(j).say(true, message{e.Type, w.withSessions(p, e.Data)})
		}
	case score.Hold:
		w.holds(p, e)
	case score.Arm:
		p.disarm(e.Timer)
		p.timers = append(p.timers, slaveTimer{t: e.Timer, at: w.now + e.After})
	case score.Disarm:
		p.disarm(e.Timer)
	case score.Call:
		switch e.Callback {
		case score.CallShutdown:
			p.closing = true
			return
		case score.CallHealth:
			p.asking = true
			return
		}
		w.enqueue(p, e.Shard, e)
	case score.Load:
		w.enqueue(p, e.Shard, e)
	case score.Note:
		w.noted(p.id, e)
	case score.End:
		w.exit(i)
	}
}

func (p *proc) disarm(t score.Timer) {
	p.timers = slices.DeleteFunc(p.timers, func(a slaveTimer) bool { return a.t == t })
}

// dial makes a connection, if there is a master.
func (w *world) dial(p *proc, l score.Link) {
	id := p.id
	if w.m == nil {
		w.then(func(w *world) { w.tellSlave(id, score.LinkDown{Link: l, Reason: "refused"}) })
		return
	}
	w.lastLink++
	w.addConn(&conn{id: w.lastLink, of: p.id, state: l == score.State})
	if l == score.State {
		p.state = w.lastLink
	} else {
		p.control = w.lastLink
	}
	w.then(func(w *world) { w.tellSlave(id, score.LinkUp{Link: l}) })
}

// hangUp closes a connection from the slave's side.
func (w *world) hangUp(p *proc, l score.Link) {
	id := &p.control
	if l == score.State {
		id = &p.state
	}
	if j := w.findConn(*id); j >= 0 {
		w.conn(j).closeSlave()
	}
	*id = 0
}

// slaveReads lets a slave read the next message of a connection.
func (w *world) slaveReads(i int) {
	k := w.conn(i)
	next := k.down[0]
	k.down = k.down[1:]
	if next.t == wire.EvtShutdown {
		w.proc(w.find(k.of)).told = true
	}
	if r, ok := next.data.(*score.RecordIn); ok {
		w.tellSlave(k.of, *r)
		return
	}
	w.tellSlave(k.of, score.Received{Type: next.t, Data: next.data})
}

// slaveLoses lets a slave notice the end of a connection.
func (w *world) slaveLoses(i int) {
	k := w.conn(i)
	k.closeSlave()
	l := score.Control
	if k.state {
		l = score.State
	}
	p := w.proc(w.find(k.of))
	if k.state {
		p.state = 0
	} else {
		p.control = 0
	}
	w.tellSlave(k.of, score.LinkDown{Link: l, Reason: "cut"})
}

// passOn forwards a record that has reached the master.
func (w *world) passOn(data any) {
	r, ok := data.(*score.RecordIn)
	if !ok {
		return
	}
	for _, to := range w.m.routes {
		if to.shard != r.Shard || to.epoch != r.Epoch {
			continue
		}
		for _, p := range w.m.peers {
			if j := w.findConn(p.state); p.id == to.to && p.state != 0 && j >= 0 {
				w.conn(j).say(false, message{wire.EvtGuildState, r})
			}
		}
	}
}

// slay kills a process: what it knew is gone.
func (w *world) slay(i int) {
	w.killed = true
	for n := range w.shards {
		if t := &w.shards[n]; t.last == w.procs[i].id {
			t.orphan = true
		}
	}
	w.kill(i)
}

// kill ends a process at once.
func (w *world) kill(i int) {
	p := w.proc(i)
	p.dead, p.timers, p.control, p.state = true, nil, 0, 0
	p.work = make([][]score.Effect, len(p.work))
	p.closing = false
	for n := range p.bot {
		p.bot[n].run = runsNot
	}
	for j := range w.conns {
		if w.conns[j].of == p.id && w.conns[j].slave != over {
			w.conn(j).closeSlave()
		}
	}
}

// exit ends a process that has said goodbye.
func (w *world) exit(i int) {
	id := w.procs[i].id
	w.then(func(w *world) {
		if i := w.find(id); i >= 0 && !w.procs[i].dead {
			w.closes(i)
			w.kill(i)
		}
	})
}

// closes ends the links of a process that ends in order: it has sent everything, and
// what has arrived can be read although there was something left to read here.
func (w *world) closes(i int) {
	for j := range w.conns {
		if k := w.conns[j]; k.of == w.procs[i].id && k.slave != over {
			torn := k.torn
			w.conn(j).closeSlave()
			w.conns[j].torn = torn
		}
	}
}

// tellExit lets the master hear of the end of a process that it has launched.
func (w *world) tellExit(i int) {
	p := w.proc(i)
	p.buried = true
	w.master().heardOf(p.id)
	w.tellMaster(mcore.Exited{Slave: mcore.SlaveID(p.id), Code: -1, Reason: "ended"})
}

// noted looks at what a slave says to people.
func (w *world) noted(id string, n score.Note) {
	if n.Level == score.Error && (n.Text == "defect in the slave's lifecycle" || n.Text == "defect in the shard's lifecycle") {
		w.violate("S7", "slave %s: %s: %s", id, n.Text, n.Err)
	}
}
