package slaveclient_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/shardbaton/baton/slaveclient"
	"github.com/shardbaton/baton/wire"
)

func TestASlaveKeepsCallingAMasterThatAcceptsAndResets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := &testBot{t: t}
		ctx, cancel := context.WithCancel(t.Context())
		m := run(t, ctx, bot, slaveclient.Config{})
		want := []time.Duration{0, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000}
		for i, pause := range want {
			before := time.Now()
			p := m.accept()
			if got := time.Since(before); got != pause*time.Millisecond {
				t.Errorf("dial %d came after %v, want %v", i, got, pause*time.Millisecond)
			}
			_ = p.conn.Close()
		}
		m.link() // and takes it up as if nothing had been
		cancel()
		if err := <-m.ran; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

func TestASlaveServesOnWithoutAMasterAndTellsTheNextWhatItHas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := &testBot{t: t, numShards: 2}
		m := run(t, t.Context(), bot, slaveclient.Config{})
		control, _, first := m.link()
		m.coldStart(control, 2)
		_ = control.conn.Close()
		control, _, hello := m.link()
		if !hello.Running || hello.SlaveID != first.SlaveID || len(hello.Shards) != 2 {
			t.Fatalf("hello %+v, want the same slave with two shards", hello)
		}
		for i, s := range hello.Shards {
			if s.Shard != i || s.Phase != "running" || s.Epoch != 1 {
				t.Errorf("shard %d is reported as %+v", i, s)
			}
		}
		if calls := bot.called(); len(calls) != 3 {
			t.Errorf("calls %q: the link is no business of the bot's", calls)
		}
		m.shutDown(control)
	})
}

func TestASlaveLooksForItsMasterWhenHeartbeatsAreNotAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		m := run(t, ctx, &testBot{t: t}, slaveclient.Config{})
		nc := <-m.dials
		silent := wire.NewConn(nc, wire.ConnConfig{})
		if _, err := silent.Receive(); err != nil {
			t.Fatal(err)
		}
		if err := silent.Send(wire.EvtWelcome, &wire.WelcomeData{Protocol: 2, Heartbeat: time.Minute}); err != nil {
			t.Fatal(err)
		}
		go func() { // reads on, and says nothing
			for {
				if _, err := silent.Receive(); err != nil {
					return
				}
			}
		}()
		m.accept() // the state link
		before := time.Now()
		m.accept()
		if got, want := time.Since(before), 6*time.Minute+100*time.Millisecond; got != want {
			t.Errorf("the slave gave the link up after %v, want %v", got, want)
		}
		cancel()
		if err := <-m.ran; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

func TestAMasterThatSpeaksNonsenseLosesTheLinkAndNothingElse(t *testing.T) {
	for name, frame := range map[string]wire.Message{
		"a body that is no map": {Event: wire.EvtStopShard, Body: []byte{0xc1}},
		"a nested body":         {Event: wire.EvtResume, Body: []byte(strings.Repeat("\x91", 60000))},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := run(t, t.Context(), &testBot{t: t, numShards: 1}, slaveclient.Config{})
				control, _, _ := m.link()
				m.coldStart(control, 1)
				_ = control.conn.WriteMessage(frame) // the link may end before it returns
				if msg, ok := control.next(); ok {
					t.Errorf("got %s, want the end of the link", msg.Event)
				}
				control, _, _ = m.link()
				m.shutDown(control)
			})
		})
	}
}

func TestARefusedSlaveEndsUnlessItServes(t *testing.T) {
	refuse := func(p *peer) {
		p.send(wire.EvtFailure, &wire.FailureData{Event: wire.EvtSlaveHello, Shard: -1, Code: "token", Text: "not ours"})
	}
	t.Run("idle", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			bot := &testBot{t: t}
			m := run(t, t.Context(), bot, slaveclient.Config{})
			refuse(m.accept())
			var refused *slaveclient.RefusedError
			if err := <-m.ran; !errors.As(err, &refused) || refused.Code != "token" || refused.Text != "not ours" {
				t.Errorf("Run: %v, want the refusal", err)
			}
			if bot.count("Shutdown") != 1 {
				t.Errorf("calls %q, want Shutdown", bot.called())
			}
		})
	})
	t.Run("serving", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			m := run(t, t.Context(), &testBot{t: t, numShards: 1}, slaveclient.Config{})
			control, _, _ := m.link()
			m.coldStart(control, 1)
			_ = control.conn.Close()
			p := m.accept()
			refuse(p)
			_ = p.conn.Close()
			before := time.Now()
			control, _, _ = m.link()
			if got := time.Since(before); got != slaveclient.DefaultBackoffMax {
				t.Errorf("the slave called again after %v, want %v", got, slaveclient.DefaultBackoffMax)
			}
			m.shutDown(control)
		})
	})
}

func TestAPanicInACallbackIsAFailureAndNothingWorse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, logged := observer.New(zap.ErrorLevel)
		bot := &testBot{t: t, numShards: 1}
		bot.start = func(context.Context, int, slaveclient.Session) (slaveclient.Started, error) {
			panic("no gateway")
		}
		m := run(t, t.Context(), bot, slaveclient.Config{Logger: zap.New(log)})
		control, _, _ := m.link()
		control.send(wire.EvtFullStart, &wire.StartData{NumShards: 1, Shards: []wire.ShardInfo{{Shard: 0, Epoch: 1}}})
		f := expect[*wire.FailureData](control, wire.EvtFailure)
		if f.Code != "bot" || !strings.Contains(f.Text, "StartShard of shard 0 panicked: no gateway") || f.Phase != "absent" {
			t.Errorf("failure %+v", f)
		}
		expect[*wire.FailureData](control, wire.EvtFailure) // of the FullStart
		stacks := logged.FilterFieldKey("stack").All()
		if len(stacks) != 1 || !strings.Contains(stacks[0].ContextMap()["stack"].(string), "life_test.go") {
			t.Errorf("%d stacks in the log, want that of the panic", len(stacks))
		}
		m.shutDown(control)
	})
}

func TestACallbackEndsWithItsDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := &testBot{t: t, numShards: 1}
		bot.start = func(ctx context.Context, _ int, _ slaveclient.Session) (slaveclient.Started, error) {
			<-ctx.Done()
			return slaveclient.Started{}, context.Cause(ctx)
		}
		m := run(t, t.Context(), bot, slaveclient.Config{})
		control, _, _ := m.link()
		before := time.Now()
		control.send(wire.EvtFullStart, &wire.StartData{NumShards: 1, Shards: []wire.ShardInfo{{Shard: 0, Epoch: 1}}})
		f := expect[*wire.FailureData](control, wire.EvtFailure)
		if got := time.Since(before); got != time.Minute || f.Code != "bot" || !strings.Contains(f.Text, "1m0s") {
			t.Errorf("after %v: %+v, want the bot's own word after 1m0s", got, f)
		}
		expect[*wire.FailureData](control, wire.EvtFailure)
		m.shutDown(control)
	})
}

func TestShutdownComesAfterEveryOtherCallback(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inside := false
		bot := &testBot{t: t, numShards: 1}
		bot.full = func(ctx context.Context, _ slaveclient.Assignment) error {
			inside = true
			<-ctx.Done()
			<-time.After(time.Second) // slow to heed its context
			inside = false
			return ctx.Err()
		}
		bot.shutdown = func(ctx context.Context) error {
			if inside {
				t.Error("Shutdown was called during FullStart")
			}
			if ctx.Err() != nil {
				t.Errorf("Shutdown has no time: %v", ctx.Err())
			}
			return errTest
		}
		ctx, cancel := context.WithCancel(t.Context())
		m := run(t, ctx, bot, slaveclient.Config{})
		control, _, _ := m.link()
		control.send(wire.EvtFullStart, &wire.StartData{NumShards: 1, Shards: []wire.ShardInfo{{Shard: 0, Epoch: 1}}})
		expect[*wire.ResumeShardData](control, wire.EvtResume)
		synctest.Wait()
		cancel()
		var failed *slaveclient.ShutdownError
		if err := <-m.ran; !errors.As(err, &failed) || !errors.Is(err, errTest) {
			t.Errorf("Run: %v, want what Shutdown returned", err)
		}
	})
}

func TestRunEndsWhenItsContextEndsAlthoughThereIsNoMaster(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := &testBot{t: t}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		m := run(t, ctx, bot, slaveclient.Config{}) // nobody accepts
		if err := <-m.ran; err != nil {
			t.Errorf("Run: %v", err)
		}
		if calls := bot.called(); len(calls) != 1 || calls[0] != "Shutdown" {
			t.Errorf("calls %q, want Shutdown only", calls)
		}
	})
}

func TestAConfigNamesEveryFieldThatIsWrong(t *testing.T) {
	t.Setenv(slaveclient.EnvAddr, "")
	cfg := slaveclient.Config{NumShards: -1, BackoffMin: -1, StateBudget: -1}
	cfg.Deadlines.Stop = -1
	cfg.Limits.State = -1
	err := slaveclient.Run(t.Context(), cfg, &testBot{t: t})
	var wrong *slaveclient.ConfigError
	if !errors.As(err, &wrong) {
		t.Fatalf("Run: %v, want a ConfigError", err)
	}
	for _, field := range []string{"Addr", "NumShards", "BackoffMin", "StateBudget", "Deadlines.Stop", "Limits.State"} {
		if !strings.Contains(err.Error(), field) {
			t.Errorf("%v does not name %s", err, field)
		}
	}
	for _, addr := range []string{"localhost:7447", "unix:", "tcp:nowhere", "udp:a:1"} {
		if err := slaveclient.Run(t.Context(), slaveclient.Config{Addr: addr}, &testBot{t: t}); !errors.As(err, &wrong) {
			t.Errorf("Addr %q: %v, want a ConfigError", addr, err)
		}
	}
}

func TestTheEnvironmentOfTheLauncherIsEnough(t *testing.T) {
	t.Setenv(slaveclient.EnvAddr, "unix:"+t.TempDir()+"/baton.sock")
	t.Setenv(slaveclient.EnvToken, "secret")
	t.Setenv(slaveclient.EnvSlaveID, "s7")
	m := listen(t, "unix", strings.TrimPrefix(envAddr(), "unix:"))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { m.ran <- slaveclient.Run(ctx, slaveclient.Config{}, &testBot{t: t, numShards: 1}) }()
	control, _, hello := m.link()
	if hello.SlaveID != "s7" || hello.Token != "secret" {
		t.Errorf("hello %+v", hello)
	}
	m.coldStart(control, 1)
	m.shutDown(control)
}

func TestARecordOfManyKindsAndSizesArrivesAsItWasSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent []slaveclient.Record
		for i := range 40 {
			sent = append(sent, slaveclient.Record{
				Kind: []string{"guild", "plugin", ""}[i%3], Key: fmt.Sprint(i), Payload: []byte(strings.Repeat("x", i*i*i*10)),
			})
		}
		source, target := &testBot{t: t, numShards: 1, records: sent}, &testBot{t: t}
		var got []slaveclient.Record
		target.load = func(_ context.Context, _ int, r slaveclient.Record) error {
			got = append(got, r)
			return nil
		}
		a := run(t, t.Context(), source, slaveclient.Config{SlaveID: "a"})
		b := run(t, t.Context(), target, slaveclient.Config{SlaveID: "b", StateBudget: 10000})
		old, from, _ := a.link()
		now, to, _ := b.link()
		a.coldStart(old, 1)
		handOut(old, 0, 2)
		takeIn(now, 1, 0, 2)
		old.send(wire.EvtStopShard, &wire.StopShardData{Shard: 0, Epoch: 2})
		for range sent {
			msg, _ := from.next()
			if err := to.conn.WriteMessage(msg); err != nil {
				t.Fatal(err)
			}
		}
		s := expect[*wire.ShardStoppedData](old, wire.EvtShardStopped)
		now.send(wire.EvtResume, &wire.ResumeShardData{
			Shard: 0, SessionID: s.SessionID, Sequence: s.Sequence, ResumeURL: s.ResumeURL, Epoch: 2, Records: s.Records, Digest: s.Digest,
		})
		expect[*wire.ResumeShardData](now, wire.EvtResume)
		if len(got) != len(sent) {
			t.Fatalf("%d records came, want %d", len(got), len(sent))
		}
		for i, r := range got {
			if r.Kind != sent[i].Kind || r.Key != sent[i].Key || string(r.Payload) != string(sent[i].Payload) {
				t.Errorf("record %d came as %q %q of %d bytes", i, r.Kind, r.Key, len(r.Payload))
			}
		}
		a.shutDown(old)
		b.shutDown(now)
	})
}
