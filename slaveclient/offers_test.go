package slaveclient_test

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shardbaton/baton/slaveclient"
	"github.com/shardbaton/baton/wire"
)

// offeringBot implements every optional interface.
type offeringBot struct {
	*testBot
	sequence atomic.Int64
	copied   []bool // what StopShard was told, where the state went somewhere
}

func (b *offeringBot) CopyShard(ctx context.Context, shard int, out slaveclient.StateSender) error {
	defer b.enter(shard, "CopyShard %d", shard)()
	if out.Copied() {
		b.t.Error("CopyShard is told that there is a copy")
	}
	for _, r := range b.records {
		if err := out.Send(ctx, r); err != nil {
			return err
		}
	}
	if shard == 1 {
		return errTest
	}
	return nil
}

func (b *offeringBot) StopShard(ctx context.Context, shard int, out slaveclient.StateSender) (slaveclient.Session, error) {
	if !out.Dropped() {
		b.copied = append(b.copied, out.Copied())
	}
	return b.testBot.StopShard(ctx, shard, out)
}

func (b *offeringBot) ArmShard(ctx context.Context, shard, _ int, resumeURL string) error {
	defer b.enter(shard, "ArmShard %d %s", shard, resumeURL)()
	if shard == 1 {
		<-ctx.Done()
		return ctx.Err()
	}
	return nil
}

func (b *offeringBot) ShardSession(shard int) (slaveclient.Session, bool) {
	if shard == 1 {
		panic("no idea")
	}
	return slaveclient.Session{ID: "live", Sequence: b.sequence.Load(), ResumeURL: "wss://live"}, true
}

func TestStateGoesAheadAndTheStopOwesOnlyTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := &offeringBot{testBot: &testBot{t: t, numShards: 2, records: records(2)}}
		m := run(t, t.Context(), bot, slaveclient.Config{})
		control, state, hello := m.link()
		if !hello.PreCopy || !hello.Arm {
			t.Errorf("hello %+v, want both offers", hello)
		}
		m.coldStart(control, 2)
		handOut(control, 0, 2)
		control.send(wire.EvtCopyShard, &wire.CopyShardData{Shard: 0, Epoch: 2})
		received(state, 2)
		if d := expect[*wire.CopyShardData](control, wire.EvtCopyShard); d.Records != 2 || d.Epoch != 2 {
			t.Errorf("copied %+v", d)
		}
		control.send(wire.EvtStopShard, &wire.StopShardData{Shard: 0, Epoch: 2})
		_, list := received(state, 2)
		if list[0].Number != 2 || list[1].Number != 3 {
			t.Errorf("the rest has the numbers %d and %d, want 2 and 3", list[0].Number, list[1].Number)
		}
		if d := expect[*wire.ShardStoppedData](control, wire.EvtShardStopped); d.Records != 4 {
			t.Errorf("stopped with %d records, want those of copy and stop", d.Records)
		}

		// A copy that fails, and one of an attempt that came to nothing, do not count.
		control.send(wire.EvtCopyShard, &wire.CopyShardData{Shard: 1, Epoch: 2})
		received(state, 2)
		if f := expect[*wire.FailureData](control, wire.EvtFailure); f.Event != wire.EvtCopyShard || f.Phase != "running" {
			t.Errorf("failure %+v", f)
		}
		control.send(wire.EvtStopShard, &wire.StopShardData{Shard: 1, Epoch: 3})
		_, list = received(state, 2)
		if list[0].Number != 0 || list[0].Epoch != 3 {
			t.Errorf("the next attempt begins with %+v, want number 0 at epoch 3", list[0])
		}
		expect[*wire.ShardStoppedData](control, wire.EvtShardStopped)
		if want := []bool{true, false}; !slices.Equal(bot.copied, want) {
			t.Errorf("StopShard was told %v, want %v", bot.copied, want)
		}
		m.shutDown(control)
	})
}

func TestArmingCostsOnlyTheAdvantageWhenItFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := &offeringBot{testBot: &testBot{t: t}}
		m := run(t, t.Context(), bot, slaveclient.Config{})
		control, _, _ := m.link()
		takeIn(control, 2, 0, 2)
		takeIn(control, 2, 1, 2)
		control.send(wire.EvtArmShard, &wire.ArmShardData{Shard: 0, Epoch: 2, ResumeURL: "wss://r"})
		if d := expect[*wire.ArmShardData](control, wire.EvtArmShard); !d.Armed {
			t.Errorf("armed %+v", d)
		}
		before := time.Now()
		control.send(wire.EvtArmShard, &wire.ArmShardData{Shard: 1, Epoch: 2, ResumeURL: "wss://r"})
		if d := expect[*wire.ArmShardData](control, wire.EvtArmShard); d.Armed || time.Since(before) != 5*time.Second {
			t.Errorf("armed %+v after %v, want that it gave up after 5s", d, time.Since(before))
		}
		control.send(wire.EvtResume, &wire.ResumeShardData{Shard: 1, SessionID: "s", Epoch: 2})
		expect[*wire.ResumeShardData](control, wire.EvtResume)
		if bot.count("ArmShard 0 wss://r") != 1 {
			t.Errorf("calls %q", bot.called())
		}
		m.shutDown(control)
	})
}

func TestHeartbeatsCarryTheSessionsOfTheMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := &offeringBot{testBot: &testBot{t: t, numShards: 2}}
		m := run(t, t.Context(), bot, slaveclient.Config{})
		control, _, _ := m.link()
		m.coldStart(control, 2)
		bot.sequence.Store(77)
		beat := <-control.beats
		for len(beat.Shards) < 2 || beat.Shards[0].Phase != "running" || beat.Shards[0].Sequence != 77 {
			beat = <-control.beats
		}
		if s := beat.Shards[0]; s.SessionID != "live" || s.ResumeURL != "wss://live" {
			t.Errorf("shard 0 is reported as %+v", s)
		}
		// A bot that panics instead of telling has told nothing; what is known stays.
		if s := beat.Shards[1]; s.SessionID != "" || s.ResumeURL != "wss://resume" {
			t.Errorf("shard 1 is reported as %+v", s)
		}
		if d := handOut(control, 0, 2); d.Shards[0].SessionID != "live" {
			t.Errorf("ready to hand out with %+v", d.Shards[0])
		}
		m.shutDown(control)
	})
}

func TestStateThatTheBotIsSlowToTakeIsNotReadAndNothingElseWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		taking := make(chan struct{})
		bot := &testBot{t: t}
		bot.load = func(context.Context, int, slaveclient.Record) error {
			<-taking
			return nil
		}
		m := run(t, t.Context(), bot, slaveclient.Config{StateBudget: 100 << 10})
		control, state, _ := m.link()
		takeIn(control, 2, 0, 2)
		list := make([]slaveclient.Record, 8)
		for i := range list {
			list[i] = slaveclient.Record{Kind: "k", Payload: []byte(strings.Repeat("x", 64<<10))}
		}
		var sent atomic.Int64
		digest := make(chan wire.Digest, 1)
		go func() {
			var d wire.Digest
			for i, r := range list {
				state.send(wire.EvtGuildState, &wire.StateRecordData{Shard: 0, Epoch: 2, Number: uint64(i), Kind: r.Kind, Payload: r.Payload})
				d.Add(wire.RecordSum(uint64(i), r.Kind, r.Key, r.Payload))
				sent.Add(1)
			}
			digest <- d
		}()
		synctest.Wait()
		if n := sent.Load(); n > 2 {
			t.Errorf("%d records of 64 KiB were read on a budget of 100 KiB", n)
		}
		takeIn(control, 2, 1, 2) // another shard, on the other link
		control.send(wire.EvtResume, &wire.ResumeShardData{Shard: 1, SessionID: "s", Epoch: 2})
		expect[*wire.ResumeShardData](control, wire.EvtResume)
		close(taking)
		d := <-digest
		control.send(wire.EvtResume, &wire.ResumeShardData{Shard: 0, SessionID: "s", Epoch: 2, Records: 8, Digest: d.Bytes()})
		expect[*wire.ResumeShardData](control, wire.EvtResume)
		m.shutDown(control)
	})
}

func TestShardsAreStartedSideBySide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := &testBot{t: t, numShards: 16}
		bot.start = func(_ context.Context, shard int, _ slaveclient.Session) (slaveclient.Started, error) {
			<-time.After(time.Second)
			return slaveclient.Started{Session: session(shard), Fresh: true}, nil
		}
		m := run(t, t.Context(), bot, slaveclient.Config{})
		control, _, _ := m.link()
		before := time.Now()
		m.coldStart(control, 16)
		if got := time.Since(before); got != time.Second {
			t.Errorf("16 shards took %v, want 1s", got)
		}
		m.shutDown(control)
	})
}

func TestMoreShardsThanAHeartbeatHoldsAreAllTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const shards = 450
		bot := newLeasedBot(t)
		bot.numShards = shards
		told := make(chan *wire.HeartbeatData, 10*shards)
		m := run(t, t.Context(), bot, slaveclient.Config{})
		m.beat = func(d *wire.HeartbeatData) { told <- d }
		control, _, _ := m.link()
		m.coldStart(control, shards)
		allTold := func() {
			t.Helper()
			sessions := make(map[int]int64)
			var last uint64
			for range 3 {
				d := <-told
				if last > 0 && d.Beat != last+1 {
					t.Errorf("heartbeat %d after %d", d.Beat, last)
				}
				last = d.Beat
				for _, s := range d.Shards {
					if s.SessionID != session(s.Shard).ID {
						t.Errorf("shard %d is told with session %q", s.Shard, s.SessionID)
					}
					sessions[s.Shard] = s.Sequence
				}
			}
			if len(sessions) != shards {
				t.Errorf("three heartbeats tell of %d shards, want %d", len(sessions), shards)
			}
		}
		for len(told) > 0 { // what was told before all had started
			<-told
		}
		allTold()

		// The hello has no room for them; the heartbeats that follow at once do.
		_ = control.conn.Close()
		control, _, hello := m.link()
		if len(hello.Shards) != shards || hello.Shards[0].SessionID != "" {
			t.Errorf("the hello has %d shards, the first with session %q", len(hello.Shards), hello.Shards[0].SessionID)
		}
		allTold()
		m.shutDown(control)
	})
}

func TestAShardIsToldWithItsSessionWhileItStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := newLeasedBot(t)
		stop := make(chan struct{})
		bot.stop = func(context.Context, int, slaveclient.StateSender) (slaveclient.Session, error) {
			<-stop
			return session(0), nil
		}
		m := run(t, t.Context(), bot, slaveclient.Config{Stateless: true})
		control, _, hello := m.link()
		if !hello.Stateless {
			t.Error("the hello does not say that the bot needs no state")
		}
		m.coldStart(control, 1)
		control.send(wire.EvtStopShard, &wire.StopShardData{Shard: 0, Epoch: 2})
		synctest.Wait()
		for _, phase := range []string{"stopping", "stopped"} {
			<-control.beats
			s := (<-control.beats).Shards[0]
			if s.Phase != phase || s.SessionID != "session-0" || s.Sequence != 100 || s.Epoch != 2 {
				t.Errorf("told as %+v, want it %s with its session", s, phase)
			}
			if phase == "stopping" {
				close(stop)
				expect[*wire.ShardStoppedData](control, wire.EvtShardStopped)
			}
		}
		m.shutDown(control)
	})
}
