package core_test

import (
	"testing"

	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

// BenchmarkHandOver measures what the core takes of the four messages of a hand-over,
// two of which reach it: an upgrade of 1,000 shards, 64 at once.
func BenchmarkHandOver(b *testing.B) {
	const shards = 1000
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		c, err := core.New(core.Options{Shards: shards, Parallel: 64})
		if err != nil {
			b.Fatal(err)
		}
		c.Step(core.Started{})
		for i, id := range []string{"a", "b"} {
			link := core.LinkID(i + 1)
			c.Step(core.Opened{Link: link})
			c.Step(core.Received{Link: link, Type: wire.EvtSlaveHello, Data: &wire.SlaveHelloData{Protocol: 2, SlaveID: id}})
			c.Step(core.StateUp{Slave: core.SlaveID(id)})
			if i == 0 {
				c.Step(core.Received{Link: link, Type: wire.EvtFullStart, Data: &wire.StartData{}})
			}
		}
		c.Step(core.UpgradeAsked{Upgrade: "u"})
		c.Step(core.Received{Link: 1, Type: wire.EvtShardMigrationStart, Data: &wire.ShardMigrationStartData{FromThisSlave: true, NumShards: shards}})
		b.StartTimer()
		open := c.Step(core.Received{Link: 2, Type: wire.EvtShardMigrationStart, Data: &wire.ShardMigrationStartData{NumShards: shards}})
		done := 0
		var queue []core.Send
		for {
			for _, e := range open {
				if s, ok := e.(core.Send); ok {
					queue = append(queue, s)
				}
			}
			if len(queue) == 0 || done == shards {
				break
			}
			s := queue[0]
			queue = queue[1:]
			switch d := s.Data.(type) {
			case *wire.StopShardData:
				open = c.Step(core.Received{Link: 1, Type: wire.EvtShardStopped, Data: &wire.ShardStoppedData{Shard: d.Shard, Epoch: d.Epoch, SessionID: "abc"}})
			case *wire.ResumeShardData:
				open = c.Step(core.Received{Link: 2, Type: wire.EvtResume, Data: &wire.ResumeShardData{Shard: d.Shard, Epoch: d.Epoch}})
				done++
			}
		}
		if done != shards {
			b.Fatalf("%d shards have moved, want %d", done, shards)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/shards, "µs/shard")
}
