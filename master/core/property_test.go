package core_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

// drawOptions draws a small bot.
func drawOptions(t *rapid.T) core.Options {
	shards := rapid.IntRange(1, 4).Draw(t, "shards")
	return core.Options{
		Shards: shards, Slaves: rapid.IntRange(1, min(2, shards)).Draw(t, "slaves"),
		Parallel:  rapid.IntRange(0, 2).Draw(t, "parallel"),
		CanLaunch: rapid.Bool().Draw(t, "launches"), StartNow: rapid.Bool().Draw(t, "start now"),
		UpgradeOnHello: rapid.Bool().Draw(t, "upgrade on hello"),
		Lease:          time.Duration(rapid.IntRange(0, 1).Draw(t, "lease")) * 10 * time.Second,
	}
}

// drawPlan draws what an operator may want of a bot.
func drawPlan(t *rapid.T, st core.Status) core.Plan {
	p, shards := core.Plan{Parallel: rapid.IntRange(0, 2).Draw(t, "at once")}, st.NumShards
	if rapid.IntRange(0, 3).Draw(t, "one slave") == 0 && shards > 0 && st.Shards[0].Owner != "" {
		p.Slaves = []core.SlaveID{st.Shards[0].Owner}
	} else if rapid.IntRange(0, 3).Draw(t, "soft") == 0 && shards > 0 {
		p.NumShards = max(1, shards+rapid.SampledFrom([]int{1, -1}).Draw(t, "change"))
		if p.NumShards != shards {
			return p
		}
	}
	if p.Slaves == nil {
		p.Canary = rapid.IntRange(0, max(0, shards-1)).Draw(t, "canary")
	} else if rapid.Bool().Draw(t, "a canary") {
		p.CanaryShards = []int{0}
	}
	if p.Canary > 0 || p.CanaryShards != nil {
		p.Hold = time.Duration(rapid.IntRange(0, 1).Draw(t, "hold")) * time.Minute
	}
	p.Healthy = time.Duration(rapid.IntRange(0, 1).Draw(t, "healthy")) * time.Minute
	if rapid.Bool().Draw(t, "failure pauses") {
		p.OnFailure = core.Pause
	}
	return p
}

// TestEveryShardIsServedOnceFaultsStop lets slaves fail, links break, processes end and
// timers run out, all at random, while the judge watches. Then everything goes well,
// and every shard must come to run on exactly one slave.
func TestEveryShardIsServedOnceFaultsStop(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opt := drawOptions(t)
		w := newWorld(t, opt)
		w.stateless = rapid.Bool().Draw(t, "launched are stateless")
		w.fault = func(what string) bool { return rapid.IntRange(0, 9).Draw(t, what) == 0 }
		w.do(core.Started{})
		upgrades := 0
		for range rapid.IntRange(0, 80).Draw(t, "steps") {
			w.chance(t, &upgrades)
		}
		w.heal()
	})
}

// chance lets one thing happen at random.
func (w *world) chance(t *rapid.T, upgrades *int) {
	pick := func(label string, match func(*bot) bool) *bot {
		names := w.names(match)
		if len(names) == 0 {
			return nil
		}
		return w.bots[rapid.SampledFrom(names).Draw(t, label)]
	}
	if rapid.IntRange(0, 19).Draw(t, "clone") == 0 {
		w.core, w.shadow = w.core.Clone(), w.core
	}
	switch action := rapid.IntRange(0, 16).Draw(t, "action"); {
	case action <= 6:
		if b := pick("acts", func(b *bot) bool { return b.linked && len(w.told[b.name]) > 0 }); b != nil {
			w.act(b)
		}
	case action <= 8:
		if b := pick("dials", func(b *bot) bool { return !b.linked }); b != nil {
			if b.launched && rapid.Bool().Draw(t, "launch known") {
				w.do(core.Launched{Slave: core.SlaveID(b.name), PID: 1})
			}
			w.dial(b)
		} else if len(w.bots) < 4 {
			b := w.come(w.old && rapid.Bool().Draw(t, "dialect 1"))
			b.preCopy = !b.first && rapid.Bool().Draw(t, "pre-copy")
			b.stateless = !b.first && rapid.Bool().Draw(t, "stateless")
			w.dial(b)
		}
	case action == 9:
		if b := pick("loses its link", func(b *bot) bool { return b.linked }); b != nil {
			w.cut(b)
		}
	case action == 10:
		if b := pick("dies", func(*bot) bool { return true }); b != nil {
			w.die(b)
		}
	case action == 11:
		if b := pick("loses its state link", func(b *bot) bool { return b.linked && !b.first }); b != nil {
			w.do(core.StateLost{Slave: core.SlaveID(b.name)})
			w.do(core.StateUp{Slave: core.SlaveID(b.name)})
		}
	case action <= 13:
		*upgrades++
		w.do(core.UpgradeAsked{Upgrade: core.UpgradeID(fmt.Sprintf("u%d", *upgrades)), Plan: drawPlan(t, w.core.Status())})
	case action == 15:
		w.do(rapid.SampledFrom([]core.Event{core.PauseAsked{}, core.ResumeAsked{}, core.AbortAsked{Reason: "enough"}}).Draw(t, "command"))
	case action == 14:
		timers := slices.SortedFunc(maps.Keys(w.due), compareTimers)
		if len(timers) > 0 {
			w.expire(rapid.SampledFrom(timers).Draw(t, "timer"))
		}
	default:
		for _, name := range w.names(func(b *bot) bool { return !b.first }) {
			w.bots[name].unhealthy = rapid.IntRange(0, 9).Draw(t, "unhealthy") == 0
		}
		w.beat()
	}
	if n := w.core.Status().NumShards; n > 0 {
		w.shards = n
	}
}

// TestSlavesOfDialect1AreNeverStartedTwice does the same with slaves some of which are
// v1.5.2's. What cannot be known of them stays as it is, so that not everything heals;
// but no shard is ever started beside another, and a pure target is never told to stop
// a shard.
func TestSlavesOfDialect1AreNeverStartedTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opt := drawOptions(t)
		opt.Slaves = 1
		w := newWorld(t, opt)
		w.old = true
		w.fault = func(what string) bool { return rapid.IntRange(0, 9).Draw(t, what) == 0 }
		w.do(core.Started{})
		upgrades := 0
		for range rapid.IntRange(0, 150).Draw(t, "steps") {
			w.chance(t, &upgrades)
		}
	})
}

// TestWhateverIsSaidBreaksNothing lets slaves say anything, at any time, whether it
// was asked for or not. Nobody is told to start what another may run by its own word.
func TestWhateverIsSaidBreaksNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opt := drawOptions(t)
		w := newWorld(t, opt)
		w.lies = true
		w.do(core.Started{})
		upgrades := 0
		for range rapid.IntRange(0, 150).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "in order") {
				w.chance(t, &upgrades)
				continue
			}
			w.do(drawEvent(t, w))
		}
		w.core.Status()
	})
}

// drawEvent draws any event at all, about slaves that exist and others.
func drawEvent(t *rapid.T, w *world) core.Event {
	slave := core.SlaveID(rapid.SampledFrom([]string{"s1", "s2", "s3", "x1", "x2", ""}).Draw(t, "slave"))
	link := core.LinkID(rapid.IntRange(0, int(w.lastLink)).Draw(t, "link"))
	switch rapid.IntRange(0, 12).Draw(t, "event") {
	case 0:
		return core.StateUp{Slave: slave}
	case 1:
		return core.Launched{Slave: slave, PID: 7}
	case 2:
		return core.UpgradeAsked{Upgrade: "any", Plan: core.Plan{
			Slaves: []core.SlaveID{slave}, NumShards: rapid.IntRange(-1, 3).Draw(t, "shards"), Parallel: rapid.IntRange(-1, 3).Draw(t, "at once"),
		}}
	case 3:
		return core.Fired{Timer: core.Timer{Of: core.Life(rapid.IntRange(1, 5).Draw(t, "life")), ID: 1 << 40}}
	default:
		return core.Received{Link: link, Type: wire.EventType(rapid.IntRange(0, 16).Draw(t, "type")), Data: drawData(t), Body: []byte{1}}
	}
}

// drawData draws a body of any type, whether it fits or not.
func drawData(t *rapid.T) any {
	shard := rapid.SampledFrom([]int{-1, 0, 1, 2, 3, 1 << 40}).Draw(t, "shard")
	epoch := rapid.Uint64Range(0, 4).Draw(t, "epoch")
	phase := rapid.SampledFrom([]string{"", "nonsense", "absent", "loading", "resuming", "running", "stopping", "stopped", "overdue"}).Draw(t, "phase")
	infos := []wire.ShardInfo{{Shard: shard, Epoch: epoch, Phase: phase}}
	switch rapid.IntRange(0, 12).Draw(t, "body") {
	case 0:
		return nil
	case 1:
		return (*wire.ResumeShardData)(nil)
	case 2:
		return &wire.ShardMigrationStartData{FromThisSlave: epoch%2 == 0, NumShards: shard, Shards: infos}
	case 3:
		return &wire.StopShardData{Shard: shard, SessionID: "x", Epoch: epoch}
	case 4:
		return &wire.ShardStoppedData{Shard: shard, SessionID: "x", Epoch: epoch}
	case 5:
		return &wire.ResumeShardData{Shard: shard, SessionID: "x", Epoch: epoch}
	case 6:
		return &wire.StartData{NumShards: shard, Shards: infos}
	case 7:
		return &wire.HeartbeatData{Shards: infos}
	case 8:
		return &wire.CopyShardData{Shard: shard, Epoch: epoch}
	case 9:
		return &wire.ArmShardData{Shard: shard, Epoch: epoch}
	case 10:
		return "nothing of the wire's"
	default:
		return &wire.FailureData{Event: wire.EventType(rapid.IntRange(0, 16).Draw(t, "of")), Shard: shard, Epoch: epoch, Phase: phase}
	}
}
