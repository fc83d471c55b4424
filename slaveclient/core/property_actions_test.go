package core_test

import (
	"time"

	"pgregory.net/rapid"

	"github.com/shardbaton/baton/slaveclient/core"
	"github.com/shardbaton/baton/wire"
)

// draw helpers: rapid names every choice, so that a failure can be read.

func (w *world) shard(t *rapid.T) int { return rapid.IntRange(0, numShards-1).Draw(t, "shard") }

// epoch is that of the present attempt, or around what the shard has seen.
func (w *world) epoch(t *rapid.T, shard int) uint64 {
	switch n := rapid.IntRange(0, 12).Draw(t, "epoch"); {
	case n > 3:
		return max(w.attempt[shard], w.acted[shard])
	case n == 3:
		return w.acted[shard] - min(w.acted[shard], 1)
	default:
		return w.acted[shard] + uint64(n)
	}
}

// doLink makes, or loses, one of the links that could be.
func (w *world) doLink(t *rapid.T) {
	l := rapid.SampledFrom([]core.Link{core.Control, core.State}).Draw(t, "link")
	up := &w.control
	if l == core.State {
		up = &w.state
	}
	switch {
	case w.dialling[l] && rapid.IntRange(0, 3).Draw(t, "reached") > 0:
		delete(w.dialling, l)
		*up = true
		w.step(core.LinkUp{Link: l})
	case w.dialling[l], *up && rapid.IntRange(0, 4).Draw(t, "cut") == 0:
		w.down(l)
		if l == core.Control && w.state {
			defer w.step(core.LinkDown{Link: core.Control, Reason: "cut"})
			return
		}
		w.step(core.LinkDown{Link: l, Reason: "cut"})
	}
}

// doTimer lets one of the armed timers fire.
func (w *world) doTimer(t *rapid.T) {
	for _, kind := range rapid.Permutation([]core.TimerKind{
		core.TimerControl, core.TimerState, core.TimerHeartbeat, core.TimerLease, core.TimerYield, core.TimerHealth,
		core.TimerSlave, core.TimerShard,
	}).Draw(t, "kinds") {
		timer := core.Timer{Kind: kind}
		if kind == core.TimerShard {
			timer.Shard = w.shard(t)
		}
		if w.timers[timer] {
			delete(w.timers, timer)
			w.leaseOver = w.leaseOver || kind == core.TimerLease
			w.step(core.Fired{Timer: timer})
			return
		}
	}
}

// master says something, if there is one.
func (w *world) master(event wire.EventType, data any) {
	if !w.control {
		return
	}
	if w.dialect == 0 && event != wire.EvtWelcome {
		w.dialect = 1
	}
	w.asked[event] = true
	w.step(core.Received{Type: event, Data: data})
}

// hear makes sure that the link has a dialect, mostly the second.
func (w *world) hear(t *rapid.T) {
	if w.control && w.dialect == 0 && rapid.IntRange(0, 4).Draw(t, "dialect") > 0 {
		w.dialect = 2
		welcome := &wire.WelcomeData{Protocol: 2}
		if rapid.IntRange(0, 2).Draw(t, "lease") > 0 {
			welcome.Lease = time.Minute
		}
		w.step(core.Received{Type: wire.EvtWelcome, Data: welcome})
	}
}

// doAnswer answers a heartbeat, mostly one that was sent.
func (w *world) doAnswer(t *rapid.T) {
	w.hear(t)
	n := rapid.IntRange(-2, 1).Draw(t, "beat")
	w.master(wire.EvtHeartbeat, &wire.HeartbeatData{Beat: uint64(max(int(w.beats)+n, 0))})
}

// doOrder asks something of one shard.
func (w *world) doOrder(t *rapid.T) {
	w.hear(t)
	shard := w.shard(t)
	epoch := w.epoch(t, shard)
	if w.dialect == 1 {
		epoch = 0
	}
	switch rapid.SampledFrom([]string{"stop", "resume", "copy", "arm"}).Draw(t, "order") {
	case "stop":
		w.master(wire.EvtStopShard, &wire.StopShardData{Shard: shard, Epoch: epoch})
	case "copy":
		w.master(wire.EvtCopyShard, &wire.CopyShardData{Shard: shard, Epoch: epoch})
	case "arm":
		w.master(wire.EvtArmShard, &wire.ArmShardData{Shard: shard, Epoch: epoch})
	default:
		sent := of(w.sent, shard, epoch)
		d := &wire.ResumeShardData{Shard: shard, Epoch: epoch, SessionID: "s", Records: sent.records, Digest: sent.digest.Bytes()}
		switch rapid.IntRange(0, 12).Draw(t, "defect") {
		case 0:
			d.Records++
		case 1:
			d.Digest[0]++
		case 2:
			d.SessionID = ""
		}
		if d.Records == 0 && d.Digest[0] == 0 {
			d.Digest = nil
		}
		w.resumes[at(shard, epoch)] = append(w.resumes[at(shard, epoch)], d)
		w.master(wire.EvtResume, d)
	}
}

// doRecord sends a record: mostly the right one, on the link that the dialect has.
func (w *world) doRecord(t *rapid.T) {
	w.hear(t)
	if w.dialect == 1 {
		w.master(wire.EvtGuildState, &wire.GuildStateData{GuildState: []byte{0xc0}})
		return
	}
	if !w.state {
		return
	}
	shard := w.shard(t)
	epoch := w.epoch(t, shard)
	sent := of(w.sent, shard, epoch)
	number := sent.records
	sum := wire.RecordSum(number, "k", "key", nil)
	switch rapid.IntRange(0, 9).Draw(t, "defect") {
	case 0: // lost
		sent.digest.Add(sum)
		sent.records++
		return
	case 1: // twice
		number -= min(number, 1)
	default:
		sent.digest.Add(sum)
		sent.records++
	}
	w.step(core.RecordIn{
		Shard: shard, Epoch: epoch, Number: number, Sum: wire.RecordSum(number, "k", "key", nil),
		Record: core.Record{Kind: "k", Key: "key"},
	})
}

func (w *world) infos(t *rapid.T) []wire.ShardInfo {
	var list []wire.ShardInfo
	for n := range numShards {
		if rapid.IntRange(0, 4).Draw(t, "listed") > 0 {
			info := wire.ShardInfo{Shard: n}
			if w.dialect != 1 {
				w.attempt[n] = w.acted[n] + uint64(rapid.IntRange(0, 5).Draw(t, "next")+4)/5
				info.Epoch = w.attempt[n]
			}
			list = append(list, info)
		}
	}
	return list
}

func (w *world) doMigration(t *rapid.T) {
	w.hear(t)
	w.master(wire.EvtShardMigrationStart, &wire.ShardMigrationStartData{
		FromThisSlave: rapid.Bool().Draw(t, "from"), NumShards: numShards, Shards: w.infos(t),
	})
}

func (w *world) doStart(t *rapid.T) {
	w.hear(t)
	event := rapid.SampledFrom([]wire.EventType{wire.EvtFullStart, wire.EvtFullStart, wire.EvtSoftStart}).Draw(t, "start")
	w.master(event, &wire.StartData{NumShards: numShards, Shards: w.infos(t)})
}

// doRare does what ends things.
func (w *world) doRare(t *rapid.T) {
	switch rapid.IntRange(0, 60).Draw(t, "rare") {
	case 0:
		w.hear(t)
		w.master(wire.EvtShutdown, nil)
	case 1:
		w.step(core.StopAsked{})
	case 2:
		w.master(wire.EvtFailure, &wire.FailureData{Event: wire.EvtSlaveHello, Shard: -1, Code: "token"})
	case 3:
		w.hear(t)
		w.master(wire.EvtStopShard, &wire.StopShardData{Shard: numShards, Epoch: 1})
	}
}

// doReturn lets the callback return that has been running for longest, for some shard.
func (w *world) doReturn(t *rapid.T) {
	shard := rapid.IntRange(noWorker, numShards-1).Draw(t, "shard")
	if len(w.calls[shard]) == 0 {
		return
	}
	next := w.calls[shard][0]
	var fault string
	if rapid.IntRange(0, 4).Draw(t, "fault") == 0 {
		fault = "fault"
	}
	k, ok := next.(core.Call)
	if ok && k.Callback == core.CallShutdown && w.busy() {
		return // it waits for all others
	}
	w.calls[shard] = w.calls[shard][1:]
	if l, ok := next.(core.Load); ok {
		took := of(w.applied, shard, l.Epoch)
		took.broken = took.broken || fault != "" || l.Epoch > 0 && l.Number != took.records
		took.records++
		took.digest.Add(wire.RecordSum(l.Number, l.Record.Kind, l.Record.Key, l.Record.Payload))
		w.step(core.Loaded{Shard: l.Shard, Epoch: l.Epoch, Number: l.Number, Err: fault})
		return
	}
	w.returned(t, k, fault)
}

// busy reports whether any callback but Shutdown is running.
func (w *world) busy() bool {
	n := 0
	for _, list := range w.calls {
		n += len(list)
	}
	return n > 1
}

func (w *world) returned(t *rapid.T, k core.Call, fault string) {
	session := core.Session{ID: "s", Sequence: 1}
	switch k.Callback {
	case core.CallStart:
		w.running[k.Shard] = fault == ""
		w.step(core.Started{Shard: k.Shard, Session: session, Fresh: k.Session.ID == "", Err: fault})
	case core.CallStop:
		e := core.LetGo{Shard: k.Shard, Session: session, Err: fault}
		if fault != "" && rapid.Bool().Draw(t, "kept") {
			e.Session = core.Session{}
		}
		w.running[k.Shard] = e.Session == core.Session{}
		w.step(e)
	case core.CallCopy:
		w.copied[k.Shard] = 0
		if fault == "" && k.Epoch == w.acted[k.Shard] {
			w.copied[k.Shard] = k.Epoch
		}
		w.step(core.Copied{Shard: k.Shard, Epoch: k.Epoch, Err: fault})
	case core.CallArm:
		w.step(core.Armed{Shard: k.Shard, Epoch: k.Epoch, Err: fault})
	case core.CallHealth:
		w.step(core.Checked{Err: fault})
	case core.CallShutdown:
		w.step(core.HasShutDown{Err: fault})
	default:
		w.step(core.Prepared{Callback: k.Callback, NumShards: numShards, Err: fault})
	}
}
