package slaveclient_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/shardbaton/baton/slaveclient"
	"github.com/shardbaton/baton/wire"
)

// recorded is a line of a transcript of the original v1.5.2 master with two
// original slaves: connection 1 is the old slave, 2 the new one.
type recorded struct {
	Conn int            `json:"conn"`
	Dir  string         `json:"dir"` // s2m or m2s
	Kind string         `json:"kind"`
	ID   wire.EventType `json:"id"`
	Body string         `json:"body"`
}

func transcript(t *testing.T, name string) (lines []recorded) {
	t.Helper()
	f, err := os.Open("../testdata/yagpdb/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	scan := bufio.NewScanner(f)
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		var r recorded
		if err := json.Unmarshal(scan.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, r)
	}
	if scan.Err() != nil || len(lines) == 0 {
		t.Fatalf("%d lines, %v", len(lines), scan.Err())
	}
	return lines
}

func (r recorded) bytes(t *testing.T) []byte {
	t.Helper()
	b, err := hex.DecodeString(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// statesOf returns the guild states of each shard, in order: those before the
// slave's StopShard of that shard.
func statesOf(t *testing.T, lines []recorded) (states map[int][][]byte, shards int) {
	t.Helper()
	states = make(map[int][][]byte)
	for _, r := range lines {
		if r.Conn != 1 || r.Dir != "s2m" || r.Kind != "frame" {
			continue
		}
		switch r.ID {
		case wire.EvtGuildState:
			var d wire.GuildStateData
			if err := wire.DecodeBody(r.ID, r.bytes(t), &d); err != nil {
				t.Fatal(err)
			}
			states[shards] = append(states[shards], d.GuildState)
		case wire.EvtStopShard:
			shards++
		}
	}
	return states, shards
}

// replay plays one connection's side of the master to a slave, and holds what the
// slave says to what the original said. Only a hello that offers more may differ.
func replay(t *testing.T, p *peer, lines []recorded, conn int, offers bool) {
	t.Helper()
	for _, r := range lines {
		if r.Conn != conn || r.Kind != "frame" {
			continue
		}
		if r.Dir == "m2s" {
			if err := p.conn.WriteMessage(wire.Message{Event: r.ID, Body: r.bytes(t)}); err != nil {
				t.Fatal(err)
			}
			continue
		}
		got, ok := p.next()
		if !ok {
			t.Fatalf("the link ended, want %s", r.ID)
		}
		if got.Event != r.ID {
			t.Fatalf("got %s, want %s", got.Event, r.ID)
		}
		if (r.ID != wire.EvtSlaveHello || !offers) && !bytes.Equal(got.Body, r.bytes(t)) {
			t.Errorf("%s\n got %x\nwant %s", got.Event, got.Body, r.Body)
		}
	}
}

func TestTheSDKServesARecordedMasterOfDialect1(t *testing.T) {
	for _, name := range []string{"1-shard.jsonl", "4-shards.jsonl"} {
		for _, only := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s as the old slave, only dialect 1: %t", name, only), func(t *testing.T) {
				lines := transcript(t, name)
				synctest.Test(t, func(t *testing.T) { testSource(t, lines, only) })
			})
			t.Run(fmt.Sprintf("%s as the new slave, only dialect 1: %t", name, only), func(t *testing.T) {
				lines := transcript(t, name)
				synctest.Test(t, func(t *testing.T) { testTarget(t, lines, only) })
			})
		}
	}
}

func testSource(t *testing.T, lines []recorded, only bool) {
	t.Helper()
	states, n := statesOf(t, lines)
	bot := &testBot{t: t, numShards: n}
	bot.stop = func(ctx context.Context, shard int, out slaveclient.StateSender) (slaveclient.Session, error) {
		// A plugin's state has no place in dialect 1, and must not get in the way.
		if err := out.Send(ctx, slaveclient.Record{Kind: "plugin", Payload: []byte("not msgpack")}); err != nil {
			t.Error(err)
		}
		for _, s := range states[shard] {
			if err := out.Send(ctx, slaveclient.Record{Kind: slaveclient.KindGuild, Payload: s}); err != nil {
				t.Error(err)
			}
		}
		return slaveclient.Session{ID: fmt.Sprintf("sess-%d", shard), Sequence: int64(1000 + shard), ResumeURL: "wss://unknown-to-dialect-1"}, nil
	}
	m := run(t, t.Context(), bot, slaveclient.Config{NumShards: n, OnlyDialect1: only})
	p := m.accept()
	replay(t, p, lines, 1, !only)
	// The last frame was StopShard of shard n: it ends the slave, without an answer.
	if msg, ok := p.next(); ok {
		t.Errorf("got %s, want the end of the link", msg.Event)
	}
	if err := <-m.ran; err != nil {
		t.Errorf("Run: %v", err)
	}
	for shard := range n {
		if bot.count(fmt.Sprintf("StartShard %d/%d ", shard, n)) != 1 {
			t.Errorf("calls %q, want shard %d started once", bot.called(), shard)
		}
	}
	if calls := bot.called(); calls[len(calls)-1] != "Shutdown" {
		t.Errorf("calls %q, want Shutdown last", calls)
	}
}

func testTarget(t *testing.T, lines []recorded, only bool) {
	t.Helper()
	states, n := statesOf(t, lines)
	got := make(map[int][][]byte)
	bot := &testBot{t: t}
	bot.load = func(_ context.Context, shard int, r slaveclient.Record) error {
		bot.mu.Lock()
		defer bot.mu.Unlock()
		got[shard] = append(got[shard], r.Payload)
		return nil
	}
	bot.start = func(_ context.Context, shard int, s slaveclient.Session) (slaveclient.Started, error) {
		bot.mu.Lock()
		defer bot.mu.Unlock()
		if !slices.EqualFunc(got[shard], states[shard], bytes.Equal) {
			t.Errorf("shard %d starts with %d guild states, want the %d that were sent", shard, len(got[shard]), len(states[shard]))
		}
		if want := (slaveclient.Session{ID: fmt.Sprintf("sess-%d", shard), Sequence: int64(1000 + shard)}); s != want {
			t.Errorf("shard %d starts with %+v, want %+v", shard, s, want)
		}
		return slaveclient.Started{Session: slaveclient.Session{ID: s.ID, Sequence: s.Sequence + 7}}, nil
	}
	ctx, cancel := context.WithCancel(t.Context())
	m := run(t, ctx, bot, slaveclient.Config{OnlyDialect1: only})
	p := m.accept()
	replay(t, p, lines, 2, !only)
	synctest.Wait()
	if calls := bot.called(); calls[len(calls)-1] != fmt.Sprintf("FullStart %d %v", n, slices.Collect(upTo(n))) {
		t.Errorf("calls %q, want the whole bot started at the end", calls)
	}
	cancel()
	if msg, ok := p.next(); ok {
		t.Errorf("got %s, want the end of the link", msg.Event)
	}
	if err := <-m.ran; err != nil {
		t.Errorf("Run: %v", err)
	}
}

func upTo(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func TestALostLinkOfDialect1EndsTheStateThatWasOnItsWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cut := make(chan struct{})
		bot := &testBot{t: t, numShards: 1}
		bot.stop = func(ctx context.Context, _ int, out slaveclient.StateSender) (slaveclient.Session, error) {
			<-cut
			err := out.Send(ctx, slaveclient.Record{Kind: slaveclient.KindGuild, Payload: []byte{0xc0}})
			if link := new(wire.LinkError); !errors.As(err, &link) {
				t.Errorf("Send: %v, want that the link is lost", err)
			}
			return slaveclient.Session{}, err
		}
		m := run(t, t.Context(), bot, slaveclient.Config{NumShards: 1, OnlyDialect1: true})
		p := m.accept()
		expect[*wire.SlaveHelloData](p, wire.EvtSlaveHello)
		p.send(wire.EvtFullStart, nil)
		p.send(wire.EvtShardMigrationStart, &wire.ShardMigrationStartData{FromThisSlave: true})
		expect[*wire.ShardMigrationStartData](p, wire.EvtShardMigrationStart)
		p.send(wire.EvtStopShard, &wire.StopShardData{Shard: 0})
		synctest.Wait()
		_ = p.conn.Close()
		synctest.Wait()
		close(cut)

		// The original would send its old answer now. Nothing but the hello comes.
		p = m.accept()
		if h := expect[*wire.SlaveHelloData](p, wire.EvtSlaveHello); !h.Running {
			t.Error("a slave that runs a shard says hello as one that does not")
		}
		p.sendShutdown()
		if msg, ok := p.next(); ok {
			t.Errorf("got %s, want the end of the link", msg.Event)
		}
		if err := <-m.ran; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}
