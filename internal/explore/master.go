package explore

import (
	"errors"
	"slices"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	mcore "github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

// master is a living master: its core, and what its shell keeps.
type master struct {
	core   *mcore.Core
	timers []masterTimer
	// launches are processes that were asked for and do not exist yet.
	launches []launch
	routes   []route
	peers    []peer
	frozen   bool
	// family are the slaves of earlier masters whose processes are looked for; unheard,
	// those of the record that have not yet said what they run.
	family, unheard []string
}

// masterTimer is an armed timer. One that is due may fire although the budget for
// deadlines is used up.
type masterTimer struct {
	t    mcore.Timer
	name string
	at   time.Duration
	due  bool
}

// launch is a process that is being started.
type launch struct {
	id     string
	doomed bool
}

// route is where the records of a shard and epoch go.
type route struct {
	shard int
	epoch uint64
	to    string
}

// peer is what the shell keeps about a slave: its control link of dialect 2, once
// welcomed, and its link for state. 0 is none.
type peer struct {
	id          string
	link, state uint64
}

func (m *master) clone() *master {
	d := *m
	d.core = m.core.Clone()
	d.timers, d.launches, d.routes, d.peers = slices.Clone(m.timers), slices.Clone(m.launches), slices.Clone(m.routes), slices.Clone(m.peers)
	return &d
}

func (m *master) peer(id string) *peer {
	for i := range m.peers {
		if m.peers[i].id == id {
			return &m.peers[i]
		}
	}
	m.peers = append(m.peers, peer{id: id})
	return &m.peers[len(m.peers)-1]
}

func (w *world) newMaster() (*master, error) {
	w.lives++
	core, err := w.mould.master(w.lives)
	if err != nil {
		return nil, err
	}
	return &master{core: core}, nil
}

// tellMaster steps the master's core and does what it wants.
func (w *world) tellMaster(e mcore.Event) {
	if w.m == nil {
		return
	}
	if warp := w.cfg.Warp; warp != nil && warp.MasterEvent != nil {
		if e = warp.MasterEvent(w.about(e), e); e == nil {
			return
		}
	}
	m := w.master()
	w.told.masterEvent(e)
	for _, effect := range m.core.Step(e) {
		effects := []mcore.Effect{effect}
		if warp := w.cfg.Warp; warp != nil && warp.MasterEffect != nil {
			effects = warp.MasterEffect(effect)
		}
		for _, effect := range effects {
			w.told.masterEffect(w, effect)
			w.carryOut(m, effect)
		}
	}
}

// about returns the slave whose link an event is about, if it is about one.
func (w *world) about(e mcore.Event) string {
	var link mcore.LinkID
	switch e := e.(type) {
	case mcore.Received:
		link = e.Link
	case mcore.Lost:
		link = e.Link
	}
	if i := w.findConn(uint64(link)); i >= 0 {
		return w.conns[i].of
	}
	return ""
}

func (w *world) carryOut(m *master, e mcore.Effect) {
	switch e := e.(type) {
	case mcore.Send:
		w.masterSends(m, e)
	case mcore.Forward:
		if i := w.findConn(uint64(e.Link)); i >= 0 && w.conns[i].master == open {
			w.conn(i).say(false, message{wire.EvtGuildState, &wire.GuildStateData{GuildState: e.Body}})
		}
	case mcore.CloseLink:
		if i := w.findConn(uint64(e.Link)); i >= 0 && w.conns[i].master == open {
			w.conn(i).closeMaster(shutting)
		}
	case mcore.Launch:
		m.launches = append(m.launches, launch{id: string(e.Slave)})
	case mcore.Kill:
		w.masterKills(m, string(e.Slave))
	case mcore.Arm:
		m.disarm(e.Timer)
		m.timers = append(m.timers, masterTimer{t: e.Timer, name: e.Name, at: w.now + e.After})
	case mcore.Disarm:
		m.disarm(e.Timer)
	case mcore.Route:
		m.unroute(e.Shard)
		m.routes = append(m.routes, route{e.Shard, e.Epoch, string(e.Slave)})
	case mcore.Unroute:
		m.unroute(e.Shard)
	case mcore.Publish:
		w.published(e.Notice)
	case mcore.Journal:
		w.record.write(e)
	case mcore.Halt:
		w.halted = true
		w.then(func(w *world) { w.masterEnds() })
	}
}

func (m *master) disarm(t mcore.Timer) {
	m.timers = slices.DeleteFunc(m.timers, func(a masterTimer) bool { return a.t == t })
}

func (m *master) unroute(shard int) {
	m.routes = slices.DeleteFunc(m.routes, func(r route) bool { return r.shard == shard })
}

func (w *world) masterSends(m *master, e mcore.Send) {
	i := w.findConn(uint64(e.Link))
	if i < 0 || w.conns[i].master != open {
		return
	}
	k := w.conn(i)
	if welcome, ok := e.Data.(*wire.WelcomeData); ok {
		k.of = welcome.SlaveID
		w.dropState(m, k.of)
		m.peer(k.of).link = k.id
	}
	w.judgeSend(k, e)
	k.say(false, message{e.Type, e.Data})
}

// masterKills ends a launched process, or one that is being started as soon as it exists.
func (w *world) masterKills(m *master, id string) {
	for i := range m.launches {
		if m.launches[i].id == id {
			m.launches[i].doomed = true
			return
		}
	}
	if i := w.find(id); i >= 0 && !w.procs[i].dead {
		w.slay(i)
	}
}

// dropState ends a slave's link for state, and tells the core if it was in use.
func (w *world) dropState(m *master, id string) {
	p := m.peer(id)
	if p.state == 0 {
		return
	}
	if i := w.findConn(p.state); i >= 0 {
		w.conn(i).closeMaster(over)
	}
	p.state = 0
	w.then(func(w *world) { w.tellMaster(mcore.StateLost{Slave: mcore.SlaveID(id)}) })
}

// masterReads lets the master read the next message of a connection.
func (w *world) masterReads(i int) {
	k := w.conn(i)
	next := k.up[0]
	k.up = k.up[1:]
	switch {
	case k.state && !k.met:
		k.met = true
		w.stateUp(k)
	case k.state:
		w.passOn(next.data)
	default:
		if !k.met {
			k.met = true
			w.tellMaster(mcore.Opened{Link: mcore.LinkID(k.id)})
		}
		if next.t == wire.EvtSlaveHello {
			w.master().heardOf(k.of)
		}
		w.noteCheckpoints(k.of, next.data)
		e := mcore.Received{Link: mcore.LinkID(k.id), Type: next.t, Data: next.data}
		if d, ok := next.data.(*wire.GuildStateData); ok {
			e.Data, e.Body = nil, d.GuildState
		}
		w.tellMaster(e)
	}
}

// stateUp takes a link for state in, if its slave is known.
func (w *world) stateUp(k *conn) {
	m := w.master()
	if m.peer(k.of).link == 0 {
		k.closeMaster(over)
		return
	}
	w.dropState(m, k.of)
	m.peer(k.of).state = k.id
	id := mcore.SlaveID(k.of)
	w.then(func(w *world) { w.tellMaster(mcore.StateUp{Slave: id}) })
}

// masterLoses lets the master notice the end of a connection.
func (w *world) masterLoses(i int) {
	k := w.conn(i)
	k.closeMaster(over)
	m := w.master()
	switch p := m.peer(k.of); {
	case k.state:
		if p.state == k.id {
			p.state = 0
			w.tellMaster(mcore.StateLost{Slave: mcore.SlaveID(k.of)})
		}
	default:
		if p.link == k.id {
			p.link = 0
			if s := p.state; s != 0 {
				p.state = 0
				if j := w.findConn(s); j >= 0 {
					w.conn(j).draining = true
				}
				w.tellMaster(mcore.StateLost{Slave: mcore.SlaveID(k.of)})
			}
		}
		if k.met {
			w.tellMaster(mcore.Lost{Link: mcore.LinkID(k.id), Reason: "cut"})
		}
	}
}

// masterEnds is the end of the master's process, in order or not.
func (w *world) masterEnds() {
	for i := range w.procs {
		p := w.proc(i)
		p.buried = p.buried || p.dead && !w.cfg.Journal
		p.known = true
	}
	w.m, w.ownMaster = nil, true
	for i := range w.conns {
		if w.conns[i].master != over {
			w.conn(i).closeMaster(over)
		}
	}
}

// published looks at what the master tells its subscribers.
func (w *world) published(n mcore.Notice) {
	if m, ok := n.(mcore.ShardPhase); ok && m.State == lifecycle.MoveDoubtful {
		w.shards[m.Shard].orphan = true // if it turns out not to run where it was asked for, it is begun anew there
	}
	p, ok := n.(mcore.Problem)
	if !ok || p.Slave == "" && p.Shard < 0 { // of a stranger
		return
	}
	if errors.Is(p.Err, mcore.ErrInternal) || errors.Is(p.Err, mcore.ErrProtocol) {
		w.violate("S7", "%v", n)
	}
}
