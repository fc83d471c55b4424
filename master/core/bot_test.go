package core_test

import (
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
}

type botShard struct {
	phase lifecycle.ShardState
	epoch uint64 // the greatest that was seen
	soft  bool   // it is connected, but handles nothing
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
	if b.shards[n].phase == lifecycle.ShardStopped {
		i.SessionID, i.Sequence = "s", 1
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
			f.Phase = string(b.shard(shard).phase)
			f.SessionID = "kept"
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
			b.shard(n).phase = lifecycle.ShardRunning
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
		sh.phase, sh.soft = lifecycle.ShardRunning, s.Type == wire.EvtSoftStart
		answers = append(answers, core.Send{Type: wire.EvtResume, Data: &wire.ResumeShardData{Shard: i.Shard, Epoch: i.Epoch, Fresh: true}})
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
	if b.first {
		return []core.Send{{Type: wire.EvtStopShard, Data: &wire.StopShardData{Shard: d.Shard, SessionID: "s", Sequence: 1}}}
	}
	return []core.Send{{Type: wire.EvtShardStopped, Data: &wire.ShardStoppedData{Shard: d.Shard, Epoch: d.Epoch, SessionID: "s", Sequence: 1}}}
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
	sh.epoch, sh.phase = d.Epoch, lifecycle.ShardRunning
	echo := *d
	echo.Fresh = !b.first && d.SessionID == ""
	return []core.Send{{Type: wire.EvtResume, Data: &echo}}
}
