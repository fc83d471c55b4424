package master_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

func TestMessagesWithoutACounterpartAreReportedAndHarmless(t *testing.T) {
	messages := map[string]func(*puppet){
		"a guild state":            func(p *puppet) { p.offer(wire.EvtGuildState, &wire.GuildStateData{}) },
		"an answer to a stop":      func(p *puppet) { p.offer(wire.EvtStopShard, &wire.StopShardData{Shard: 3, SessionID: "x"}) },
		"a stop beyond the shards": func(p *puppet) { p.offer(wire.EvtStopShard, &wire.StopShardData{Shard: 1 << 40}) },
		"a stop below the shards":  func(p *puppet) { p.offer(wire.EvtStopShard, &wire.StopShardData{Shard: -1}) },
		"an answer to a resume":    func(p *puppet) { p.offer(wire.EvtResume, &wire.ResumeShardData{Shard: 1}) },
		"a resume beyond":          func(p *puppet) { p.offer(wire.EvtResume, &wire.ResumeShardData{Shard: -7}) },
		"a stop of dialect 2":      func(p *puppet) { p.offer(wire.EvtShardStopped, &wire.ShardStoppedData{Shard: 1, Epoch: 9}) },
		"a migration": func(p *puppet) {
			p.offer(wire.EvtShardMigrationStart, &wire.ShardMigrationStartData{NumShards: 1 << 40})
		},
		"a failure":    func(p *puppet) { p.offer(wire.EvtFailure, &wire.FailureData{Shard: 1, Code: "x"}) },
		"a copy":       func(p *puppet) { p.offer(wire.EvtCopyShard, &wire.CopyShardData{Shard: 99}) },
		"an arm":       func(p *puppet) { p.offer(wire.EvtArmShard, &wire.ArmShardData{Shard: 99}) },
		"a soft start": func(p *puppet) { p.offer(wire.EvtSoftStartComplete, nil) },
		"a full start": func(p *puppet) { p.offer(wire.EvtFullStart, &wire.StartData{NumShards: -5}) },
		"a welcome":    func(p *puppet) { p.offer(wire.EvtWelcome, &wire.WelcomeData{}) },
		"a heartbeat": func(p *puppet) {
			p.offer(wire.EvtHeartbeat, &wire.HeartbeatData{Shards: []wire.ShardInfo{{Shard: 1 << 50}}})
		},
		"a second hello": func(p *puppet) { p.offer(wire.EvtSlaveHello, &wire.SlaveHelloData{}) },
	}
	s := serve(t, master.Config{Shards: 2, Deadlines: quick()})
	w := newWorld(t, s.addr.Network(), s.addr.String())
	w.actor("old", 2, 2).connect()
	s.serving()
	for name, send := range messages {
		for _, hello := range []wire.SlaveHelloData{{}, {Protocol: 2, SlaveID: "stranger", NumShards: 2}} {
			t.Run(fmt.Sprintf("%s in dialect %d", name, max(1, hello.Protocol)), func(t *testing.T) {
				p := s.dial()
				p.send(wire.EvtSlaveHello, &hello)
				send(p)
				p.cut()
				if got := len(s.m.Status().Shards); got != 2 {
					t.Errorf("%d shards, want 2", got)
				}
			})
		}
	}
	w.await(2, "old")
	select {
	case <-s.ended:
		t.Fatal("the master has ended")
	default:
	}
}

func TestAnswersThatComeAgainAfterAReconnectMoveNothing(t *testing.T) {
	// An original slave sends its queue of old answers at every reconnect.
	s := serve(t, master.Config{Shards: 2, Deadlines: quick()})
	p := s.dial()
	p.send(wire.EvtSlaveHello, &wire.SlaveHelloData{})
	p.expect(wire.EvtFullStart)
	p.cut()
	until(s, "the loss of the link", func(core.SlaveLost) bool { return true })
	p = s.dial()
	p.send(wire.EvtSlaveHello, &wire.SlaveHelloData{Running: true})
	p.send(wire.EvtResume, &wire.ResumeShardData{Shard: 1, SessionID: "old", Sequence: 1})
	p.send(wire.EvtStopShard, &wire.StopShardData{Shard: 0, SessionID: "old", Sequence: 1})
	until(s, "a complaint", func(n core.Problem) bool { return errors.Is(n.Err, core.ErrStale) })
	if owners := s.owners(); len(owners) != 2 || owners[0] == "" || owners[0] != owners[1] {
		t.Errorf("owners %q, want the one that was there", owners)
	}
}
