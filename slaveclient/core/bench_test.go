package core_test

import (
	"testing"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/slaveclient/core"
	"github.com/shardbaton/baton/wire"
)

// running returns a slave of dialect 2 that runs n shards at epoch 1 and is ready
// to hand them out.
func running(tb testing.TB, n int) *core.Core {
	tb.Helper()
	c, err := core.New(core.Options{
		SlaveID: "s1", BackoffMin: time.Second, BackoffMax: time.Minute, Deadlines: lifecycle.SlaveDeadlines{}.OrDefault(),
	})
	if err != nil {
		tb.Fatal(err)
	}
	var infos []wire.ShardInfo
	for i := range n {
		infos = append(infos, wire.ShardInfo{Shard: i, Epoch: 1})
	}
	events := []core.Event{
		core.Begin{},
		core.LinkUp{Link: core.Control},
		core.Received{Type: wire.EvtWelcome, Data: &wire.WelcomeData{Protocol: 2}},
		core.LinkUp{Link: core.State},
		core.Received{Type: wire.EvtFullStart, Data: &wire.StartData{NumShards: n, Shards: infos}},
	}
	for i := range n {
		events = append(events, core.Started{Shard: i, Session: core.Session{ID: "s"}, Fresh: true})
	}
	events = append(events,
		core.Prepared{Callback: core.CallFullStart},
		core.Received{Type: wire.EvtShardMigrationStart, Data: &wire.ShardMigrationStartData{FromThisSlave: true, Shards: infos}},
		core.Prepared{Callback: core.CallTransferFrom, NumShards: n},
	)
	for _, e := range events {
		c.Step(e)
	}
	if st := c.Status(); st.State != lifecycle.SlaveMovingOut {
		tb.Fatalf("the slave is %s", st.State)
	}
	return c
}

// One operation is a shard that leaves and comes back: two messages of the master
// and two results of the bot.
func BenchmarkStep(b *testing.B) {
	for _, n := range []int{1, 1000} {
		b.Run(map[int]string{1: "1 shard", 1000: "1000 shards"}[n], func(b *testing.B) {
			c := running(b, n)
			session := core.Session{ID: "session", Sequence: 7}
			epoch := uint64(1)
			for b.Loop() {
				epoch++
				c.Step(core.Received{Type: wire.EvtStopShard, Data: &wire.StopShardData{Shard: 0, Epoch: epoch}})
				c.Step(core.LetGo{Shard: 0, Session: session})
				epoch++
				c.Step(core.Received{Type: wire.EvtResume, Data: &wire.ResumeShardData{Shard: 0, Epoch: epoch, SessionID: "session"}})
				c.Step(core.Started{Shard: 0, Session: session})
			}
		})
	}
}

// One operation is a record that comes and is applied.
func BenchmarkRecord(b *testing.B) {
	c := running(b, 1)
	c.Step(core.Received{Type: wire.EvtStopShard, Data: &wire.StopShardData{Shard: 0, Epoch: 2}})
	c.Step(core.LetGo{Shard: 0, Session: core.Session{ID: "s"}})
	c.Step(core.Received{Type: wire.EvtFullStart, Data: &wire.StartData{NumShards: 1}})
	c.Step(core.Received{Type: wire.EvtShardMigrationStart, Data: &wire.ShardMigrationStartData{
		NumShards: 1, Shards: []wire.ShardInfo{{Shard: 0, Epoch: 3}},
	}})
	sum := wire.RecordSum(0, "guild", "key", nil)
	number := uint64(0)
	for b.Loop() {
		if got := len(c.Step(core.RecordIn{Shard: 0, Epoch: 3, Number: number, Sum: sum})); got != 1 {
			b.Fatalf("%d effects, want one Load", got)
		}
		c.Step(core.Loaded{Shard: 0, Epoch: 3, Number: number})
		number++
	}
}

func BenchmarkClone(b *testing.B) {
	c := running(b, 4)
	for b.Loop() {
		c.Clone()
	}
}
