package explore

import (
	"strconv"

	"github.com/shardbaton/baton/fsm/lifecycle"
	score "github.com/shardbaton/baton/slaveclient/core"
	"github.com/shardbaton/baton/wire"
)

// outcome is how a callback returns.
type outcome uint8

const (
	succeeds outcome = iota
	fails
	// breaksOff is a StopShard that has let go, but has not sent its state.
	breaksOff
)

// enqueue puts a call, or a load, behind those of the same shard.
func (w *world) enqueue(p *proc, shard int, e score.Effect) {
	at := shard + 1
	p.work[at] = append(p.work[at][:len(p.work[at]):len(p.work[at])], e)
	if len(p.work[at]) == 1 {
		w.calls(p, e)
	}
}

// calls is the moment at which the bot's method is called.
func (w *world) calls(p *proc, e score.Effect) {
	k, ok := e.(score.Call)
	if !ok {
		return
	}
	switch k.Callback {
	case score.CallSoftStart:
		p.soft = true
	case score.CallFullStart:
		p.soft = false
	case score.CallStart:
		p.bot[k.Shard].run = starting
		w.checkOwners()
		w.judgeStart(p, k)
	case score.CallStop:
		w.judgeStop(p, k)
		p.bot[k.Shard].run = stopping
	}
}

// returns lets the call return that is running for a shard, or for none.
func (w *world) returns(i, at int, o outcome) {
	p := w.proc(i)
	e := p.work[at][0]
	p.work[at] = p.work[at][1:]
	if len(p.work[at]) > 0 {
		next, id := p.work[at][0], p.id
		w.then(func(w *world) {
			if i := w.find(id); i >= 0 && !w.procs[i].dead {
				w.calls(w.proc(i), next)
			}
		})
	}
	var fault string
	if o != succeeds {
		fault, w.bent = "fault", true
	}
	switch e := e.(type) {
	case score.Load:
		w.tellSlave(p.id, w.loads(p, e, fault))
	case score.Call:
		w.tellSlave(p.id, w.result(p, e, o, fault))
	}
}

// loads takes a record in.
func (w *world) loads(p *proc, e score.Load, fault string) score.Event {
	b := &p.bot[e.Shard]
	if b.inEpoch != e.Epoch || e.Number == 0 {
		b.inEpoch, b.inRecord, b.torn = e.Epoch, 0, false
	}
	b.torn = b.torn || fault != "" || e.Number != b.inRecord
	b.inRecord++
	return score.Loaded{Shard: e.Shard, Epoch: e.Epoch, Number: e.Number, Err: fault}
}

// result is what the core hears when a callback returns.
func (w *world) result(p *proc, k score.Call, o outcome, fault string) score.Event {
	switch k.Callback {
	case score.CallStart:
		return w.startsShard(p, k, fault)
	case score.CallStop:
		return w.stopsShard(p, k, o, fault)
	case score.CallCopy:
		if fault == "" {
			w.sends(p, k)
		}
		return score.Copied{Shard: k.Shard, Epoch: k.Epoch, Records: p.bot[k.Shard].sentAt(k.Epoch), Err: fault}
	case score.CallArm:
		return score.Armed{Shard: k.Shard, Epoch: k.Epoch, Err: fault}
	default:
		num := w.cfg.Shards
		if k.NumShards > 0 {
			num = k.NumShards
		}
		return score.Prepared{Callback: k.Callback, NumShards: num, Err: fault}
	}
}

func (w *world) startsShard(p *proc, k score.Call, fault string) score.Event {
	b, t := &p.bot[k.Shard], &w.shards[k.Shard]
	if fault != "" {
		if b.run = runsNot; t.last == p.id && k.Session.ID == "" {
			t.last = "" // not even a new session works here: nothing is worth keeping
		}
		return score.Started{Shard: k.Shard, Err: fault}
	}
	b.run = runs
	fresh := k.Session.ID == ""
	if fresh {
		t.sessions++
		b.session = "session " + strconv.Itoa(k.Shard) + "." + strconv.Itoa(t.sessions)
		t.session, t.checked = b.session, 0
		w.judgeFresh(p, k.Shard)
		b.seq = t.produced
	} else {
		b.session, b.seq = k.Session.ID, int(k.Session.Sequence)
		w.judgeResume(p, k.Shard)
	}
	t.last, t.orphan = p.id, false
	w.handle(p, k.Shard)
	return score.Started{Shard: k.Shard, Session: score.Session{ID: b.session, Sequence: int64(b.seq)}, Fresh: fresh}
}

func (w *world) stopsShard(p *proc, k score.Call, o outcome, fault string) score.Event {
	b := &p.bot[k.Shard]
	if o == fails {
		b.run = runs
		w.handle(p, k.Shard)
		return score.LetGo{Shard: k.Shard, Err: fault}
	}
	b.run = runsNot
	if o == succeeds {
		w.sends(p, k)
		w.shards[k.Shard].sent, w.shards[k.Shard].sentEpoch = b.sentAt(k.Epoch), k.Epoch
	}
	return score.LetGo{
		Shard: k.Shard, Session: score.Session{ID: b.session, Sequence: int64(b.seq)},
		Records: b.sentAt(k.Epoch), Digest: b.digest, Err: fault,
	}
}

func (b *botShard) sentAt(epoch uint64) uint64 {
	if b.epoch != epoch {
		return 0
	}
	return b.records
}

// sends puts the state of a shard on its way.
func (w *world) sends(p *proc, k score.Call) {
	b, first := &p.bot[k.Shard], k.Dialect == 1
	if b.epoch != k.Epoch || first {
		b.epoch, b.records, b.digest = k.Epoch, 0, wire.Digest{}
	}
	id := p.state
	if first {
		id = p.control
	}
	j := w.findConn(id)
	for range w.cfg.Records {
		if first {
			if j >= 0 {
				w.conn(j).say(true, message{wire.EvtGuildState, &wire.GuildStateData{GuildState: []byte{0xc0}}})
			}
			b.records++
			continue
		}
		sum := wire.RecordSum(b.records, "guild", "key", nil)
		r := &score.RecordIn{Shard: k.Shard, Epoch: k.Epoch, Number: b.records, Sum: sum, Record: score.Record{Kind: "guild", Key: "key"}}
		if j >= 0 {
			w.conn(j).say(true, message{wire.EvtGuildState, r})
		}
		b.digest.Add(sum)
		b.records++
	}
}

// canSend reports whether the bot can get its state out: without a link for state it
// waits for one.
func (w *world) canSend(p *proc, k score.Call) bool {
	return w.cfg.Records == 0 || k.Dialect == 1 || p.state != 0
}

// handle lets a bot handle the events that the gateway has for it.
func (w *world) handle(p *proc, shard int) {
	b, t := &p.bot[shard], &w.shards[shard]
	if b.run != runs || p.frozen || p.dead || p.soft || p.expired {
		return
	}
	for ; b.seq < t.produced; b.seq++ {
		t.handled[b.seq]++
		if t.handled[b.seq] > 1 && !w.killed {
			w.violate("G1", "event %d of shard %d is handled twice, by %s the second time, and no slave was killed", b.seq+1, shard, p.id)
		}
	}
}

// withSessions fills in the sessions of the shards that serve, as the shell does.
func (w *world) withSessions(p *proc, data any) any {
	var list []wire.ShardInfo
	switch d := data.(type) {
	case *wire.SlaveHelloData:
		list = d.Shards
	case *wire.HeartbeatData:
		list = d.Shards
	case *wire.ShardMigrationStartData:
		if !d.FromThisSlave {
			return data
		}
		list = d.Shards
	}
	if len(list) == 0 {
		return data
	}
	filled := make([]wire.ShardInfo, len(list))
	for i, info := range list {
		if b := p.bot[info.Shard]; info.Phase == string(lifecycle.ShardRunning) || info.Phase == string(lifecycle.ShardCopying) {
			info.SessionID, info.Sequence = b.session, int64(b.seq)
		}
		filled[i] = info
	}
	switch d := data.(type) {
	case *wire.SlaveHelloData:
		c := *d
		c.Shards = filled
		return &c
	case *wire.HeartbeatData:
		c := *d
		c.Shards = filled
		return &c
	case *wire.ShardMigrationStartData:
		c := *d
		c.Shards = filled
		return &c
	}
	return data
}
