package slaveclient_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shardbaton/baton/slaveclient"
	"github.com/shardbaton/baton/wire"
)

func records(n int) []slaveclient.Record {
	list := make([]slaveclient.Record, n)
	for i := range list {
		list[i] = slaveclient.Record{Kind: slaveclient.KindGuild, Key: fmt.Sprint(i), Payload: fmt.Appendf(nil, "\xa6guild%d", i)}
	}
	return list
}

// handOut has a running slave prepare to hand a shard over at this epoch.
func handOut(control *peer, shard int, epoch uint64) *wire.ShardMigrationStartData {
	control.send(wire.EvtShardMigrationStart, &wire.ShardMigrationStartData{
		FromThisSlave: true, Shards: []wire.ShardInfo{{Shard: shard, Epoch: epoch}},
	})
	return expect[*wire.ShardMigrationStartData](control, wire.EvtShardMigrationStart)
}

// takeIn has a slave prepare to receive a shard at this epoch.
func takeIn(control *peer, numShards, shard int, epoch uint64) {
	control.send(wire.EvtShardMigrationStart, &wire.ShardMigrationStartData{
		NumShards: numShards, Shards: []wire.ShardInfo{{Shard: shard, Epoch: epoch}},
	})
	expect[*wire.ShardMigrationStartData](control, wire.EvtShardMigrationStart)
}

// received reads n records of a shard from a state link and returns their digest.
func received(state *peer, n int) (digest wire.Digest, list []*wire.StateRecordData) {
	for range n {
		msg, _ := state.next()
		var d wire.StateRecordData
		if err := wire.DecodeBody(msg.Event, msg.Body, &d); err != nil {
			state.t.Fatal(err)
		}
		digest.Add(wire.RecordSum(d.Number, d.Kind, d.Key, d.Payload))
		list = append(list, &d)
	}
	return digest, list
}

// pass sends records of a shard to a slave and returns their digest.
func pass(state *peer, shard int, epoch uint64, list []slaveclient.Record) (digest wire.Digest) {
	for i, r := range list {
		state.send(wire.EvtGuildState, &wire.StateRecordData{
			Shard: shard, Epoch: epoch, Number: uint64(i), Kind: r.Kind, Key: r.Key, Payload: r.Payload,
		})
		digest.Add(wire.RecordSum(uint64(i), r.Kind, r.Key, r.Payload))
	}
	return digest
}

func TestAShardLeavesWithItsStateAndItsSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := &testBot{t: t, numShards: 2, records: records(3)}
		m := run(t, t.Context(), bot, slaveclient.Config{})
		control, state, _ := m.link()
		m.coldStart(control, 2)
		if d := handOut(control, 1, 2); d.NumShards != 2 || len(d.Shards) != 1 || d.Shards[0].ResumeURL != "wss://resume" {
			t.Errorf("ready to hand out with %+v", d)
		}
		control.send(wire.EvtStopShard, &wire.StopShardData{Shard: 1, Epoch: 2})
		digest, list := received(state, 3)
		for i, d := range list {
			if d.Shard != 1 || d.Epoch != 2 || d.Number != uint64(i) || !bytes.Equal(d.Payload, bot.records[i].Payload) {
				t.Errorf("record %d is %+v", i, d)
			}
		}
		got := expect[*wire.ShardStoppedData](control, wire.EvtShardStopped)
		if !digest.Matches(got.Digest) || got.Records != 3 || got.SessionID != "session-1" || got.Sequence != 101 || got.Epoch != 2 {
			t.Errorf("stopped with %+v, want session-1 at 101 and the digest of 3 records", got)
		}

		// Asked again, it answers again; it does not stop anything again.
		control.send(wire.EvtStopShard, &wire.StopShardData{Shard: 1, Epoch: 2})
		if again := expect[*wire.ShardStoppedData](control, wire.EvtShardStopped); again.SessionID != got.SessionID {
			t.Errorf("the second answer is %+v", again)
		}
		if n := bot.count("StopShard 1"); n != 1 {
			t.Errorf("StopShard was called %d times", n)
		}

		// It comes back with the session that it left with.
		control.send(wire.EvtResume, &wire.ResumeShardData{Shard: 1, SessionID: "session-1", Sequence: 101, Epoch: 3})
		if back := expect[*wire.ResumeShardData](control, wire.EvtResume); back.Fresh || back.SessionID != "session-1" || back.Epoch != 3 {
			t.Errorf("back with %+v", back)
		}
		m.shutDown(control)
	})
}

func TestAShardArrivesAfterTheWholeOfItsState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := &testBot{t: t}
		m := run(t, t.Context(), bot, slaveclient.Config{StateBudget: 1}) // one record at a time
		control, state, _ := m.link()
		takeIn(control, 1, 0, 5)
		list := records(20)
		digest := pass(state, 0, 5, list[:10])
		resume := &wire.ResumeShardData{Shard: 0, SessionID: "s", Sequence: 9, ResumeURL: "wss://r", Epoch: 5, Records: 10, Digest: digest.Bytes()}
		control.send(wire.EvtResume, resume)
		got := expect[*wire.ResumeShardData](control, wire.EvtResume)
		if got.SessionID != "s" || got.Sequence != 9 || got.Fresh || got.Epoch != 5 {
			t.Errorf("resumed with %+v", got)
		}
		calls := bot.called()
		if len(calls) != 12 || calls[11] != "StartShard 0/1 s" {
			t.Errorf("calls %q, want ten records, then the start", calls)
		}
		control.send(wire.EvtFullStart, &wire.StartData{NumShards: 1, Shards: []wire.ShardInfo{{Shard: 0, Epoch: 5}}})
		expect[*wire.StartData](control, wire.EvtFullStart)
		m.shutDown(control)
	})
}

func TestAShardIsNotResumedOnAPartOfItsState(t *testing.T) {
	good := records(3)
	sum := func(list []slaveclient.Record) (d wire.Digest) {
		for i, r := range list {
			d.Add(wire.RecordSum(uint64(i), r.Kind, r.Key, r.Payload))
		}
		return d
	}
	tests := []struct {
		name   string
		send   []uint64 // the numbers of the records, in this order
		resume wire.ResumeShardData
		load   error
	}{
		{"a record is missing", []uint64{0, 2}, wire.ResumeShardData{Records: 3, Digest: sum(good).Bytes()}, nil},
		{"the last record never comes", []uint64{0, 1}, wire.ResumeShardData{Records: 3, Digest: sum(good).Bytes()}, nil},
		{"a record comes twice", []uint64{0, 1, 1, 2}, wire.ResumeShardData{Records: 3, Digest: sum(good).Bytes()}, nil},
		{"more records than counted", []uint64{0, 1, 2}, wire.ResumeShardData{Records: 2, Digest: sum(good[:2]).Bytes()}, nil},
		{"the digest is another", []uint64{0, 1, 2}, wire.ResumeShardData{Records: 3, Digest: sum(good[:2]).Bytes()}, nil},
		{"the bot does not take a record", []uint64{0, 1, 2}, wire.ResumeShardData{Records: 3, Digest: sum(good).Bytes()}, errTest},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				bot := &testBot{t: t}
				bot.load = func(context.Context, int, slaveclient.Record) error { return tt.load }
				m := run(t, t.Context(), bot, slaveclient.Config{})
				control, state, _ := m.link()
				takeIn(control, 1, 0, 5)
				for _, n := range tt.send {
					r := good[n]
					state.send(wire.EvtGuildState, &wire.StateRecordData{Shard: 0, Epoch: 5, Number: n, Kind: r.Kind, Key: r.Key, Payload: r.Payload})
				}
				synctest.Wait()
				tt.resume.SessionID, tt.resume.Epoch = "s", 5
				control.send(wire.EvtResume, &tt.resume)
				got := expect[*wire.FailureData](control, wire.EvtFailure)
				if got.Event != wire.EvtResume || got.Code != "state" || got.Shard != 0 || got.Epoch != 5 || got.Phase == "running" {
					t.Errorf("failure %+v", got)
				}
				if bot.count("StartShard 0/1 s") != 0 {
					t.Error("the shard was started")
				}
				m.shutDown(control)
			})
		})
	}
}

func TestAStateLinkThatIsLostIsMadeAnewAndTheSenderWaitsForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sent := make(chan error)
		more := make(chan struct{})
		bot := &testBot{t: t, numShards: 1}
		bot.stop = func(ctx context.Context, shard int, out slaveclient.StateSender) (slaveclient.Session, error) {
			<-more
			sent <- out.Send(ctx, records(1)[0])
			return session(shard), nil
		}
		m := run(t, t.Context(), bot, slaveclient.Config{})
		control, state, _ := m.link()
		m.coldStart(control, 1)
		handOut(control, 0, 2)
		control.send(wire.EvtStopShard, &wire.StopShardData{Shard: 0, Epoch: 2})
		_ = state.conn.Close()
		synctest.Wait()
		close(more)
		synctest.Wait()
		select {
		case err := <-sent:
			t.Fatalf("Send returned %v without a state link", err)
		default:
		}
		before := time.Now()
		state = m.accept()
		expect[*wire.SlaveHelloData](state, wire.EvtSlaveHello)
		if waited := time.Since(before); waited != slaveclient.DefaultBackoffMin {
			t.Errorf("the state link was dialled after %v, want %v", waited, slaveclient.DefaultBackoffMin)
		}
		if err := <-sent; err != nil {
			t.Errorf("Send: %v", err)
		}
		received(state, 1)
		expect[*wire.ShardStoppedData](control, wire.EvtShardStopped)
		m.shutDown(control)
	})
}

func TestSendEndsWithItsContextAndIsVoidAfterTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var kept slaveclient.StateSender
		bot := &testBot{t: t, numShards: 1}
		bot.stop = func(ctx context.Context, _ int, out slaveclient.StateSender) (slaveclient.Session, error) {
			kept = out
			short, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			return slaveclient.Session{}, out.Send(short, records(1)[0])
		}
		m := run(t, t.Context(), bot, slaveclient.Config{})
		control := m.accept()
		expect[*wire.SlaveHelloData](control, wire.EvtSlaveHello)
		control.send(wire.EvtWelcome, &wire.WelcomeData{Protocol: 2, Heartbeat: time.Hour})
		m.coldStart(control, 1)
		handOut(control, 0, 2)
		control.send(wire.EvtStopShard, &wire.StopShardData{Shard: 0, Epoch: 2})
		got := expect[*wire.FailureData](control, wire.EvtFailure)
		if got.Event != wire.EvtStopShard || got.Phase != "running" || got.Code != "bot" {
			t.Errorf("failure %+v, want that the shard still runs", got)
		}
		if err := kept.Send(t.Context(), records(1)[0]); !errors.Is(err, slaveclient.ErrSenderVoid) {
			t.Errorf("Send after the call: %v, want ErrSenderVoid", err)
		}
		m.shutDown(control)
	})
}
