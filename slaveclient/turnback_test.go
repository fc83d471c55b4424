package slaveclient_test

import (
	"testing"
	"testing/synctest"

	"github.com/shardbaton/baton/slaveclient"
	"github.com/shardbaton/baton/wire"
)

// moveBetween moves shard 0 of 1 from one slave to another, both of which are
// ready for it, and returns with which session it has arrived.
func moveBetween(old, from, now, to *peer, epoch uint64, records int) *wire.ResumeShardData {
	old.send(wire.EvtStopShard, &wire.StopShardData{Shard: 0, Epoch: epoch})
	for range records {
		msg, _ := from.next()
		if err := to.conn.WriteMessage(msg); err != nil {
			to.t.Fatal(err)
		}
	}
	s := expect[*wire.ShardStoppedData](old, wire.EvtShardStopped)
	now.send(wire.EvtResume, &wire.ResumeShardData{
		Shard: 0, SessionID: s.SessionID, Sequence: s.Sequence, ResumeURL: s.ResumeURL, Epoch: epoch, Records: s.Records, Digest: s.Digest,
	})
	return expect[*wire.ResumeShardData](now, wire.EvtResume)
}

func TestAnUpgradeTurnsBackWithTheStateAsItHasBecome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source, target := &testBot{t: t, numShards: 1, records: records(3)}, &testBot{t: t, numShards: 1, records: records(5)}
		a := run(t, t.Context(), source, slaveclient.Config{SlaveID: "a"})
		b := run(t, t.Context(), target, slaveclient.Config{SlaveID: "b"})
		old, oldState, _ := a.link()
		now, nowState, _ := b.link()
		a.coldStart(old, 1)
		handOut(old, 0, 2)
		takeIn(now, 1, 0, 2)
		moveBetween(old, oldState, now, nowState, 2, 3)

		if d := handOut(now, 0, 3); d.NumShards != 1 || len(d.Shards) != 1 || d.Shards[0].Phase != "running" {
			t.Errorf("the new slave is ready to hand out with %+v", d)
		}
		takeIn(old, 1, 0, 3)
		if back := moveBetween(now, nowState, old, oldState, 3, 5); back.Fresh || back.Epoch != 3 || back.SessionID != "session-0" {
			t.Errorf("the shard is back with %+v", back)
		}
		if n := source.count("LoadGuildState 0 guild 4"); n != 1 {
			t.Errorf("the old slave took the last record in %d times, want once", n)
		}
		old.send(wire.EvtFullStart, &wire.StartData{NumShards: 1, Shards: []wire.ShardInfo{{Shard: 0, Epoch: 3}}})
		if d := expect[*wire.StartData](old, wire.EvtFullStart); len(d.Shards) != 1 || d.Shards[0].Phase != "running" {
			t.Errorf("the old slave serves %+v", d)
		}
		if target.count("FullStart 1 [0]") != 0 {
			t.Error("the new slave was started in full")
		}
		b.shutDown(now)
		a.shutDown(old)
	})
}
