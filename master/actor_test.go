package master_test

import (
	"errors"
	"fmt"
	"net"
	"sync"

	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/wire"
)

// actor plays a bot's process: it does what a slave does, unless the test has it
// do something else.
type actor struct {
	w       *world
	name    string
	hello   wire.SlaveHelloData
	shards  int // of the whole bot
	records int // of state that each shard has
	process *actorProcess

	// twist is asked before a request is served; true means that it was dealt with.
	twist func(*actor, wire.Message) bool

	mu       sync.Mutex
	control  *wire.Conn
	state    *wire.Conn
	dead     bool
	group    sync.WaitGroup
	running  map[int]bool
	inbox    map[int]*delivery
	resume   map[int]*wire.ResumeShardData
	stopped  map[int]*wire.ShardStoppedData
	served   int // FullStarts
	isSource bool
}

// delivery is the state that has come for a shard.
type delivery struct {
	epoch  uint64
	count  uint64
	digest wire.Digest
}

// actor returns a process that has yet to connect.
func (w *world) actor(name string, dialect, shards int) *actor {
	a := &actor{
		w: w, name: name, shards: shards, records: 3,
		running: make(map[int]bool), inbox: make(map[int]*delivery), resume: make(map[int]*wire.ResumeShardData),
		stopped: make(map[int]*wire.ShardStoppedData),
	}
	if dialect == 2 {
		a.hello = wire.SlaveHelloData{Protocol: 2, SlaveID: name, NumShards: shards}
	}
	w.t.Cleanup(func() { a.die() })
	return a
}

// connect dials the master and serves it in the background.
func (a *actor) connect() {
	a.w.t.Helper()
	conn := a.dial()
	a.mu.Lock()
	a.control = conn
	hello := a.hello
	for shard := range a.running {
		hello.Shards = append(hello.Shards, wire.ShardInfo{Shard: shard, Phase: "running", Epoch: a.epoch(shard)})
	}
	if hello.Protocol < 2 {
		hello.Shards = nil
	}
	a.hello.Running = true // from the second time on
	a.mu.Unlock()
	a.must(conn.Send(wire.EvtSlaveHello, &hello))
	a.group.Go(func() { _ = conn.Serve(func(m wire.Message) error { return a.serve(m) }) })
}

// epoch is that of the shard's latest delivery. a.mu is held.
func (a *actor) epoch(shard int) uint64 {
	if d := a.inbox[shard]; d != nil {
		return d.epoch
	}
	return 1
}

func (a *actor) dial() *wire.Conn {
	a.w.t.Helper()
	nc, err := net.Dial(a.w.network, a.w.addr)
	if err != nil {
		// On this goroutine the test cannot be ended; what follows will fail.
		a.must(err)
		var nobody net.Conn
		nc, nobody = net.Pipe()
		a.must(nobody.Close())
	}
	return wire.NewConn(nc, wire.ConnConfig{})
}

func (a *actor) must(err error) {
	if err != nil && !errors.Is(err, wire.ErrClosed) && a.w.t.Context().Err() == nil {
		a.w.t.Errorf("%s: %v", a.name, err)
	}
}

// serve deals with one frame of the control link.
func (a *actor) serve(m wire.Message) error {
	m = m.Clone()
	if a.twist != nil && a.twist(a, m) {
		return nil
	}
	a.obey(m)
	return nil
}

// obey does what a slave does.
func (a *actor) obey(m wire.Message) {
	data, err := wire.Decode(m)
	a.must(err)
	switch d := data.(type) {
	case *wire.WelcomeData:
		a.openState()
	case *wire.StartData:
		a.fullStart(m.Event, d)
	case *wire.ShardMigrationStartData:
		a.mu.Lock()
		a.isSource = a.isSource || d.FromThisSlave
		a.mu.Unlock()
		d.NumShards = a.shards
		a.tell(m.Event, d)
	case *wire.StopShardData:
		a.stopShard(d)
	case *wire.ResumeShardData:
		a.startShard(d)
	default:
		if m.Event == wire.EvtShutdown {
			a.tell(m.Event, nil)
			a.end(master.Exit{})
		}
	}
}

func (a *actor) tell(e wire.EventType, data any) {
	a.mu.Lock()
	conn, dead := a.control, a.dead
	a.mu.Unlock()
	if !dead {
		_ = conn.Send(e, data) // the link may be cut on purpose
	}
}

// openState makes the second link of dialect 2.
func (a *actor) openState() {
	conn := a.dial()
	a.mu.Lock()
	a.state = conn
	a.mu.Unlock()
	a.must(conn.Send(wire.EvtSlaveHello, &wire.SlaveHelloData{
		Protocol: 2, SlaveID: a.hello.SlaveID, Token: a.hello.Token, Link: wire.LinkState,
	}))
	a.group.Go(func() { _ = conn.Serve(a.take) })
}

// take receives a record.
func (a *actor) take(m wire.Message) error {
	var r wire.StateRecordData
	if err := wire.DecodeBody(m.Event, m.Body, &r); err != nil {
		return err
	}
	a.mu.Lock()
	d := a.inbox[r.Shard]
	if d == nil || d.epoch != r.Epoch {
		d = &delivery{epoch: r.Epoch}
		a.inbox[r.Shard] = d
	}
	d.count++
	d.digest.Add(wire.RecordSum(r.Number, r.Kind, r.Key, r.Payload))
	waiting := a.resume[r.Shard]
	a.mu.Unlock()
	if waiting != nil {
		a.startShard(waiting)
	}
	return nil
}

func (a *actor) fullStart(e wire.EventType, d *wire.StartData) {
	list := d.Shards
	if a.hello.Protocol < 2 {
		for n := range a.shards {
			list = append(list, wire.ShardInfo{Shard: n})
		}
	}
	a.mu.Lock()
	a.served++
	a.mu.Unlock()
	for _, s := range list {
		a.mu.Lock()
		fresh := a.run(s.Shard, true)
		if fresh && a.inbox[s.Shard] == nil {
			a.inbox[s.Shard] = &delivery{epoch: s.Epoch}
		}
		a.mu.Unlock()
		if a.hello.Protocol == 2 {
			a.tell(wire.EvtResume, &wire.ResumeShardData{Shard: s.Shard, Epoch: s.Epoch, Fresh: fresh})
		}
	}
	if a.hello.Protocol == 2 {
		if e == wire.EvtSoftStart {
			e = wire.EvtSoftStartComplete
			a.tell(e, nil)
			return
		}
		a.tell(e, d)
	}
}

func (a *actor) stopShard(d *wire.StopShardData) {
	a.mu.Lock()
	if a.hello.Protocol < 2 && (!a.isSource || d.Shard >= a.shards) {
		a.mu.Unlock()
		a.end(master.Exit{}) // as the original does
		return
	}
	if before := a.stopped[d.Shard]; before != nil && before.Epoch == d.Epoch && a.hello.Protocol == 2 {
		a.mu.Unlock()
		a.tell(wire.EvtShardStopped, before) // asked again: answered again, not done again
		return
	}
	delete(a.running, d.Shard)
	state := a.state
	a.w.stop(d.Shard, a.name)
	a.mu.Unlock()
	session := fmt.Sprintf("session-%d", d.Shard)
	if a.hello.Protocol < 2 {
		for n := range a.records {
			a.tell(wire.EvtGuildState, &wire.GuildStateData{GuildState: []byte{byte(n)}})
		}
		a.tell(wire.EvtStopShard, &wire.StopShardData{Shard: d.Shard, SessionID: session, Sequence: 7})
		return
	}
	var digest wire.Digest
	for n := range uint64(a.records) {
		r := wire.StateRecordData{Shard: d.Shard, Epoch: d.Epoch, Number: n, Kind: "guild", Key: fmt.Sprint(n), Payload: []byte("state")}
		digest.Add(wire.RecordSum(r.Number, r.Kind, r.Key, r.Payload))
		_ = state.Send(wire.EvtGuildState, &r)
	}
	answer := &wire.ShardStoppedData{
		Shard: d.Shard, Epoch: d.Epoch, SessionID: session, Sequence: 7, Records: uint64(a.records), Digest: digest.Bytes(),
	}
	a.mu.Lock()
	a.stopped[d.Shard] = answer
	a.mu.Unlock()
	a.tell(wire.EvtShardStopped, answer)
}

// startShard starts a shard when its state is complete; until then the request waits.
func (a *actor) startShard(d *wire.ResumeShardData) {
	a.mu.Lock()
	got := a.inbox[d.Shard]
	if got == nil || got.epoch != d.Epoch {
		got = &delivery{epoch: d.Epoch}
	}
	if a.hello.Protocol == 2 && got.count < d.Records {
		a.resume[d.Shard] = d
		a.mu.Unlock()
		return
	}
	delete(a.resume, d.Shard)
	a.inbox[d.Shard] = got
	whole := a.hello.Protocol < 2 || got.digest.Matches(d.Digest)
	fresh := d.SessionID == ""
	if whole {
		a.run(d.Shard, fresh)
	}
	a.mu.Unlock()
	if !whole {
		a.tell(wire.EvtFailure, &wire.FailureData{Event: wire.EvtResume, Shard: d.Shard, Epoch: d.Epoch, Phase: "absent", Code: "state", Text: "wrong digest"})
		return
	}
	a.tell(wire.EvtResume, &wire.ResumeShardData{Shard: d.Shard, Epoch: d.Epoch, SessionID: d.SessionID, Sequence: d.Sequence, Fresh: fresh})
}

// run starts a shard that does not run yet, unless the process is dead, and
// reports whether it did. a.mu is held.
func (a *actor) run(shard int, fresh bool) bool {
	if a.dead || a.running[shard] {
		return false
	}
	a.running[shard] = true
	a.w.start(shard, a.name, fresh)
	return true
}

// cut ends the connections, not the process.
func (a *actor) cut() {
	a.mu.Lock()
	conns := []*wire.Conn{a.control, a.state}
	a.mu.Unlock()
	for _, c := range conns {
		if c != nil {
			_ = c.Close()
		}
	}
}

// die is SIGKILL.
func (a *actor) die() { a.end(master.Exit{Code: -1, Signal: "killed"}) }

// end ends the process: its shards, its connections, and then its pid.
func (a *actor) end(e master.Exit) {
	a.mu.Lock()
	a.dead = true
	for s := range a.running {
		a.w.stop(s, a.name)
	}
	clear(a.running)
	a.mu.Unlock()
	a.cut()
	if a.process != nil {
		a.process.end(e)
	}
}
