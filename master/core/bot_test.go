package core_test

import (
	"fmt"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

// bot is a model of a slave.
type bot struct {
	name     string
	launched bool
	dead     bool
	linked   bool
	first    bool // speaks dialect 1
	source   bool // dialect 1: it has been the source of a migration
	full     bool // it was started
	known    bool // it has been connected
	shards   map[int]*botShard
	preCopy  bool
	// stateless says that it can resume a shard whose state it does not have.
	stateless bool
	unhealthy bool
	// lapsed says that its lease was over, which it has not told yet.
	lapsed bool
}

type botShard struct {
	phase lifecycle.ShardState
	epoch uint64 // the greatest that was seen
	soft  bool   // it is connected, but handles nothing
	// session is the one that it has, or keeps.
	session  string
	sequence int64
}

// act lets a slave do the next thing that it was told, and answer.
func (w *world) act(b *bot) {
	w.t.Helper()
	s := w.told[b.name][0]
	w.told[b.name] = w.told[b.name][1:]
	for _, m := range b.do(w, s) {
		if b.linked && !b.dead {
			w.do(core.Received{Link: w.link[b.name], Type: m.Type, Data: m.Data})
		}
	}
	if s.Type == wire.EvtShutdown || b.first && s.Type == wire.EvtStopShard && s.Data.(*wire.StopShardData).Shard >= w.shards {
		w.die(b)
		delete(w.bots, b.name)
	}
}

// info is what the slave says of a shard.
func (b *bot) info(n int) wire.ShardInfo {
	i := wire.ShardInfo{Shard: n, Epoch: b.shards[n].epoch, Phase: string(b.shards[n].phase)}
	if !b.shards[n].soft {
		i.SessionID, i.Sequence = b.shards[n].session, b.shards[n].sequence
	}
	return i
}

func (b *bot) shard(n int) *botShard {
	if b.shards[n] == nil {
		b.shards[n] = &botShard{phase: lifecycle.ShardAbsent}
	}
	return b.shards[n]
}

// do does what the slave was told and returns what it answers.
func (b *bot) do(w *world, s core.Send) []core.Send {
	failure := func(shard int, epoch uint64) []core.Send {
		f := &wire.FailureData{Event: s.Type, Shard: shard, Epoch: epoch, Code: "bot", Text: "told to fail"}
		if shard >= 0 {
			f.Phase, f.SessionID, f.Sequence = string(b.shard(shard).phase), b.shard(shard).session, b.shard(shard).sequence
		}
		return []core.Send{{Type: wire.EvtFailure, Data: f}}
	}
	switch d := s.Data.(type) {
	case *wire.ShardMigrationStartData:
		if !b.first && w.fault("prepare") {
			return failure(-1, 0)
		}
		b.source = b.source || d.FromThisSlave
		b.full = b.full || !d.FromThisSlave
		return []core.Send{{Type: s.Type, Data: &wire.ShardMigrationStartData{FromThisSlave: d.FromThisSlave, NumShards: w.shards}}}
	case *wire.CopyShardData:
		return []core.Send{{Type: s.Type, Data: d}}
	case *wire.ArmShardData:
		return []core.Send{{Type: s.Type, Data: d}}
	case *wire.StartData:
		answers := b.start(w, s, d, failure)
		if s.Type == wire.EvtSoftStart {
			return append(answers, core.Send{Type: wire.EvtSoftStartComplete})
		}
		b.full = true
		return append(answers, core.Send{Type: s.Type, Data: d})
	case *wire.StopShardData:
		if b.first && !b.source {
			w.fail("dialect 1: %s is told to stop shard %d, but it never was a source: that ends it", b.name, d.Shard)
		}
		return b.stop(w, d, failure)
	case *wire.ResumeShardData:
		return b.resume(w, d, failure)
	}
	switch s.Type {
	case wire.EvtShutdown:
		if !b.first {
			return []core.Send{{Type: s.Type}}
		}
	case wire.EvtFullStart: // of dialect 1: every shard
		b.full = true
		for n := range w.shards {
			w.connect(b, n, "", 0)
		}
	}
	return nil
}

func (b *bot) start(w *world, s core.Send, d *wire.StartData, failure func(int, uint64) []core.Send) []core.Send {
	var answers []core.Send
	for _, i := range d.Shards {
		sh := b.shard(i.Shard)
		if sh.phase == lifecycle.ShardRunning && i.Epoch <= sh.epoch {
			sh.soft = s.Type == wire.EvtSoftStart
			continue
		}
		if i.Epoch <= sh.epoch {
			answers = append(answers, failure(i.Shard, i.Epoch)...)
			continue
		}
		sh.epoch = i.Epoch
		if w.fault("start") {
			answers = append(answers, failure(i.Shard, i.Epoch)...)
			continue
		}
		if i.SessionID != "" && !b.stateless {
			w.fail("%s is to resume shard %d without its state", b.name, i.Shard)
		}
		if i.SessionID == "" && sh.phase == lifecycle.ShardStopped { // it keeps a session itself
			i.SessionID, i.Sequence = sh.session, sh.sequence
		}
		w.connect(b, i.Shard, i.SessionID, i.Sequence)
		sh.soft = s.Type == wire.EvtSoftStart
		answers = append(answers, core.Send{Type: wire.EvtResume, Data: &wire.ResumeShardData{
			Shard: i.Shard, Epoch: i.Epoch, SessionID: sh.session, Sequence: sh.sequence, Fresh: i.SessionID == "",
		}})
	}
	return answers
}

func (b *bot) stop(w *world, d *wire.StopShardData, failure func(int, uint64) []core.Send) []core.Send {
	if b.first && d.Shard >= w.shards {
		return nil
	}
	sh := b.shard(d.Shard)
	again := sh.phase == lifecycle.ShardStopped && sh.epoch == d.Epoch
	switch {
	case !b.first && (d.Epoch < sh.epoch || sh.phase != lifecycle.ShardRunning && !again):
		return failure(d.Shard, d.Epoch)
	case !b.first && !again && w.fault("stop"):
		sh.epoch = d.Epoch
		return failure(d.Shard, d.Epoch)
	case !b.first && !again && w.fault("stop without state"):
		sh.epoch, sh.phase = d.Epoch, lifecycle.ShardStopped
		return failure(d.Shard, d.Epoch)
	}
	sh.epoch, sh.phase = d.Epoch, lifecycle.ShardStopped
	w.handed[d.Shard] = d.Epoch
	if b.first {
		return []core.Send{{Type: wire.EvtStopShard, Data: &wire.StopShardData{Shard: d.Shard, SessionID: sh.session, Sequence: sh.sequence}}}
	}
	return []core.Send{{Type: wire.EvtShardStopped, Data: &wire.ShardStoppedData{Shard: d.Shard, Epoch: d.Epoch, SessionID: sh.session, Sequence: sh.sequence}}}
}

func (b *bot) resume(w *world, d *wire.ResumeShardData, failure func(int, uint64) []core.Send) []core.Send {
	sh := b.shard(d.Shard)
	switch {
	case b.first:
	case d.Epoch < sh.epoch:
		return failure(d.Shard, d.Epoch)
	case sh.phase != lifecycle.ShardRunning && w.fault("resume"):
		sh.epoch = d.Epoch
		return failure(d.Shard, d.Epoch)
	}
	sh.epoch = d.Epoch
	if sh.phase != lifecycle.ShardRunning {
		if d.SessionID != "" && !b.first && !b.stateless && sh.session != d.SessionID && w.handed[d.Shard] != d.Epoch {
			w.fail("%s is to resume shard %d without its state", b.name, d.Shard)
		}
		w.connect(b, d.Shard, d.SessionID, d.Sequence)
	}
	echo := *d
	echo.Fresh = !b.first && d.SessionID == ""
	echo.SessionID, echo.Sequence = sh.session, sh.sequence
	return []core.Send{{Type: wire.EvtResume, Data: &echo}}
}

// connect lets a slave run a shard: with the session that it was given, or with a new
// one.
func (w *world) connect(b *bot, n int, session string, sequence int64) {
	w.t.Helper()
	sh := b.shard(n)
	if session == "" {
		w.identified++
		session, sequence = fmt.Sprintf("g%d", w.identified), 1
		w.handled[session] = 1
	}
	if last, known := w.handled[session]; !w.lies && (!known || sequence > last) { // else slaves make sessions up
		w.fail("%s is to resume shard %d with session %q at %d, but the events of that are handled up to %d", b.name, n, session, sequence, last)
	}
	sh.phase, sh.session, sh.sequence = lifecycle.ShardRunning, session, w.handled[session]
}

// handle lets a slave handle an event of each shard that it runs.
func (w *world) handle(b *bot) {
	for _, sh := range b.shards {
		if sh.phase == lifecycle.ShardRunning && !sh.soft {
			w.handled[sh.session]++
			sh.sequence = w.handled[sh.session]
		}
	}
}

// lapse lets a slave's lease run out: it stops its shards by itself.
func (b *bot) lapse() {
	b.lapsed = true
	for _, sh := range b.shards {
		if sh.phase == lifecycle.ShardRunning {
			sh.phase = lifecycle.ShardStopped
		}
	}
}
