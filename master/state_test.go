package master

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"

	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

// record returns a state record with a payload of that many bytes.
func record(shard int, epoch, number uint64, size int) *wire.StateRecordData {
	return &wire.StateRecordData{
		Shard: shard, Epoch: epoch, Number: number, Kind: "guild",
		Key: fmt.Sprint(number), Payload: bytes.Repeat([]byte{byte(number)}, size),
	}
}

func TestRecordsGoWhereTheirShardAndEpochAreRouted(t *testing.T) {
	r := serve(t, Config{}, nil)
	_, source, _ := r.slave2("a")
	_, one, _ := r.slave2("b")
	_, two, _ := r.slave2("c")
	r.do(core.Route{Shard: 1, Epoch: 5, From: "a", Slave: "b"}, core.Route{Shard: 2, Epoch: 9, From: "a", Slave: "c"})
	two.send(wire.EvtGuildState, record(1, 5, 0, 9)) // it does not have the shard
	records := []*wire.StateRecordData{
		record(1, 5, 0, 10),
		record(2, 9, 0, 20),
		record(1, 4, 1, 30), // an older epoch
		record(1, 6, 2, 30), // one that nobody announced
		record(3, 5, 3, 30), // a shard that does not move
		record(1, 5, 4, 3<<20),
		record(2, 9, 1, 0),
	}
	sent := make(chan error, 1)
	go func() {
		var err error
		for _, rec := range records {
			err = errors.Join(err, source.conn.Send(wire.EvtGuildState, rec))
		}
		sent <- err
	}()
	for _, want := range []struct {
		target  *puppet
		records []*wire.StateRecordData
	}{
		{one, []*wire.StateRecordData{record(1, 5, 0, 10), record(1, 5, 4, 3<<20)}},
		{two, []*wire.StateRecordData{record(2, 9, 0, 20), record(2, 9, 1, 0)}},
	} {
		for _, rec := range want.records {
			frame := encoded(t, wire.EvtGuildState, rec)
			if got := want.target.expect(wire.EvtGuildState).Body; !bytes.Equal(got, frame[wire.HeaderSize:]) {
				t.Errorf("record %d of shard %d came as %d bytes, want the %d that were sent", rec.Number, rec.Shard, len(got), len(frame)-wire.HeaderSize)
			}
		}
	}
	if err := within(t, sent, "the source to have sent"); err != nil {
		t.Fatal(err)
	}
	// A new route replaces the old one; without a route nothing goes anywhere.
	r.do(core.Route{Shard: 1, Epoch: 6, From: "a", Slave: "c"}, core.Unroute{Shard: 2})
	source.send(wire.EvtGuildState, record(1, 5, 5, 1))
	source.send(wire.EvtGuildState, record(2, 9, 2, 1))
	source.send(wire.EvtGuildState, record(1, 6, 6, 1))
	var got wire.StateRecordData
	if err := wire.DecodeBody(wire.EvtGuildState, two.expect(wire.EvtGuildState).Body, &got); err != nil || got.Number != 6 {
		t.Errorf("got record %d, %v, want 6 only", got.Number, err)
	}
	r.quiet()
}

func TestAStateLinkMustFollowTheControlLinkOfItsSlave(t *testing.T) {
	tests := map[string]wire.SlaveHelloData{
		"of a slave that nobody knows": {SlaveID: "stranger", Token: "t"},
		"without a name":               {Token: "t"},
		"with another token":           {SlaveID: "a", Token: "u"},
		"without its token":            {SlaveID: "a"},
	}
	for name, hello := range tests {
		t.Run(name, func(t *testing.T) {
			r := serve(t, Config{}, nil)
			sub := r.m.Subscribe(0)
			_, state, _ := r.slave2("a")
			p := r.dial()
			hello.Link = wire.LinkState
			p.send(wire.EvtSlaveHello, &hello)
			p.expectEnd()
			e, err := sub.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if problem, ok := e.Notice.(core.Problem); !ok || !errors.Is(problem.Err, core.ErrRefused) {
				t.Errorf("notice %+v, want a refusal", e.Notice)
			}
			r.do(core.Route{Shard: 1, Epoch: 1, From: "a", Slave: "a"})
			state.send(wire.EvtGuildState, record(1, 1, 0, 5)) // to itself: the link is still there
			state.expect(wire.EvtGuildState)
			r.quiet()
		})
	}
}

func TestANewStateLinkReplacesTheOld(t *testing.T) {
	r := serve(t, Config{}, nil)
	_, old, _ := r.slave2("a")
	fresh := r.dial()
	fresh.send(wire.EvtSlaveHello, &wire.SlaveHelloData{Protocol: 2, SlaveID: "a", Token: "t", Link: wire.LinkState})
	if got := hear[core.StateLost](r).Slave; got != "a" {
		t.Errorf("lost %q", got)
	}
	if got := hear[core.StateUp](r).Slave; got != "a" {
		t.Errorf("up %q", got)
	}
	old.expectEnd()
	r.do(core.Route{Shard: 1, Epoch: 1, From: "a", Slave: "a"})
	fresh.send(wire.EvtGuildState, record(1, 1, 0, 5))
	fresh.expect(wire.EvtGuildState)
	r.quiet() // the old one's end is not told a second time
}

func TestAControlLinkOutlivesItsStateLinkButNotTheOtherWayRound(t *testing.T) {
	r := serve(t, Config{WriteTimeout: 200 * time.Millisecond}, nil)
	control, state, link := r.slave2("a")
	if err := state.nc.Close(); err != nil {
		t.Fatal(err)
	}
	hear[core.StateLost](r)
	r.do(core.Send{Link: link, Type: wire.EvtHeartbeat})
	control.expect(wire.EvtHeartbeat)

	control, state, link = r.slave2("b")
	if err := control.nc.Close(); err != nil {
		t.Fatal(err)
	}
	hear[core.StateLost](r)
	if got := hear[core.Lost](r).Link; got != link {
		t.Errorf("link %d lost, want %d", got, link)
	}
	state.expectEnd()
}

func TestWhatASlaveSentBeforeItDiedStillArrives(t *testing.T) {
	r := serve(t, Config{}, nil)
	control, old, _ := r.slave2("old")
	_, fresh, _ := r.slave2("new")
	r.do(core.Route{Shard: 1, Epoch: 2, From: "old", Slave: "new"})
	if err := control.nc.Close(); err != nil {
		t.Fatal(err)
	}
	hear[core.StateLost](r)
	hear[core.Lost](r)
	old.send(wire.EvtGuildState, record(1, 2, 0, 5))
	fresh.expect(wire.EvtGuildState)
	if err := old.nc.Close(); err != nil {
		t.Fatal(err)
	}
	r.quiet() // the end of a link that is out of use is no news
}

func TestASlaveThatReturnsBringsANewStateLink(t *testing.T) {
	r := serve(t, Config{}, nil)
	_, before, _ := r.slave2("a")
	// The break of the old control link has not been seen yet.
	control, link := r.control(wire.SlaveHelloData{Running: true, Protocol: 2, SlaveID: "a", Token: "t"})
	r.do(core.Send{Link: link, Type: wire.EvtWelcome, Data: &wire.WelcomeData{Protocol: 2, SlaveID: "a"}})
	control.expect(wire.EvtWelcome)
	hear[core.StateLost](r)
	before.expectEnd()
	after := r.dial()
	after.send(wire.EvtSlaveHello, &wire.SlaveHelloData{Protocol: 2, SlaveID: "a", Token: "t", Link: wire.LinkState})
	hear[core.StateUp](r)
	r.do(core.Route{Shard: 1, Epoch: 1, From: "a", Slave: "a"})
	after.send(wire.EvtGuildState, record(1, 1, 0, 5))
	after.expect(wire.EvtGuildState)
	r.quiet()
}

func TestAStateLinkCarriesNothingButState(t *testing.T) {
	tests := map[string][]byte{
		"a request":                frame(uint32(wire.EvtShutdown), 0, nil),
		"a second hello":           encoded(t, wire.EvtSlaveHello, &wire.SlaveHelloData{Link: wire.LinkState}),
		"a record without a shard": frame(uint32(wire.EvtGuildState), 1, []byte{0xc0}),
		"a dialect 1 guild state":  encoded(t, wire.EvtGuildState, &wire.GuildStateData{}),
		"a length of 0xFFFFFFFF":   frame(uint32(wire.EvtGuildState), 0xFFFFFFFF, nil),
		"16 MiB of nested arrays":  frame(uint32(wire.EvtGuildState), 16<<20, bytes.Repeat([]byte{0x91}, 16<<20)),
	}
	for name, bytes := range tests {
		t.Run(name, func(t *testing.T) {
			r := serve(t, Config{}, nil)
			control, state, link := r.slave2("a")
			// The master may close before it has taken everything.
			_, _ = state.nc.Write(bytes)
			hear[core.StateLost](r)
			r.do(core.Send{Link: link, Type: wire.EvtHeartbeat})
			control.expect(wire.EvtHeartbeat)
		})
	}
}

func TestAStalledTargetHoldsUpNeitherControlNorOtherSources(t *testing.T) {
	r := serve(t, Config{}, nil)
	sourceControl, source, sourceLink := r.slave2("a")
	_, other, _ := r.slave2("b")
	targetControl, target, targetLink := r.slave2("c")
	_, free, _ := r.slave2("d")
	r.do(
		core.Route{Shard: 1, Epoch: 1, From: "a", Slave: "c"}, core.Route{Shard: 2, Epoch: 1, From: "a", Slave: "d"},
		core.Route{Shard: 3, Epoch: 1, From: "b", Slave: "d"},
	)
	sent := make(chan error, 1)
	go func() {
		for n := range uint64(64) { // 64 MiB: more than the sockets hold
			if err := source.conn.Send(wire.EvtGuildState, record(1, 1, n, 1<<20)); err != nil {
				sent <- err
				return
			}
		}
		sent <- source.conn.Send(wire.EvtGuildState, record(2, 1, 0, 100))
	}()
	// The target takes part of a record and stops.
	if _, err := target.nc.Read(make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	for n := range uint64(10) {
		r.do(core.Send{Link: sourceLink, Type: wire.EvtHeartbeat}, core.Send{Link: targetLink, Type: wire.EvtHeartbeat})
		sourceControl.expect(wire.EvtHeartbeat)
		targetControl.expect(wire.EvtHeartbeat)
		other.send(wire.EvtGuildState, record(3, 1, n, 1<<20))
		free.expect(wire.EvtGuildState)
	}
	// Its end frees the source; the rest of shard 1 is dropped.
	if err := target.nc.Close(); err != nil {
		t.Fatal(err)
	}
	if got := hear[core.StateLost](r).Slave; got != "c" {
		t.Errorf("lost %q, want the target", got)
	}
	if err := within(t, sent, "the source to be let go"); err != nil {
		t.Error(err)
	}
	if got := free.expect(wire.EvtGuildState); len(got.Body) > 1000 {
		t.Errorf("got %d bytes, want the small record of shard 2", len(got.Body))
	}
}

func TestATargetThatStaysStalledLosesItsStateLink(t *testing.T) {
	r := serve(t, Config{WriteTimeout: 1e7}, nil) // 10 ms
	_, source, _ := r.slave2("a")
	r.slave2("b")
	r.do(core.Route{Shard: 1, Epoch: 1, From: "a", Slave: "b"})
	sent := make(chan error, 1)
	go func() {
		for n := range uint64(64) {
			if err := source.conn.Send(wire.EvtGuildState, record(1, 1, n, 1<<20)); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	if got := hear[core.StateLost](r).Slave; got != "b" {
		t.Errorf("lost %q, want the target", got)
	}
	if err := within(t, sent, "the source to be let go"); err != nil {
		t.Error(err)
	}
}

func TestATargetThatDiesInARecordGetsNoPartOfTheNext(t *testing.T) {
	r := serve(t, Config{}, nil)
	_, source, _ := r.slave2("a")
	_, target, _ := r.slave2("b")
	r.do(core.Route{Shard: 1, Epoch: 1, From: "a", Slave: "b"})
	sent := make(chan error, 1)
	go func() {
		// Longer than what the sockets hold, so that it is cut off.
		if err := source.conn.Send(wire.EvtGuildState, record(1, 1, 0, 32<<20)); err != nil {
			sent <- err
			return
		}
		sent <- source.conn.Send(wire.EvtGuildState, record(1, 1, 1, 10))
	}()
	if _, err := target.nc.Read(make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	if err := target.nc.Close(); err != nil {
		t.Fatal(err)
	}
	hear[core.StateLost](r)
	again := r.dial()
	again.send(wire.EvtSlaveHello, &wire.SlaveHelloData{Protocol: 2, SlaveID: "b", Token: "t", Link: wire.LinkState})
	hear[core.StateUp](r)
	if err := within(t, sent, "the source to be let go"); err != nil {
		t.Fatal(err)
	}
	// What the new link gets is whole records, from some number on.
	source.send(wire.EvtGuildState, record(1, 1, 2, 10))
	for number := uint64(0); number != 2; {
		var got wire.StateRecordData
		if err := wire.DecodeBody(wire.EvtGuildState, again.expect(wire.EvtGuildState).Body, &got); err != nil {
			t.Fatal(err)
		}
		if got.Number <= number && number != 0 {
			t.Fatalf("record %d came after %d", got.Number, number)
		}
		number = got.Number
	}
}

func TestStateIsForwardedInConstantMemory(t *testing.T) {
	r := serve(t, Config{}, nil)
	_, source, _ := r.slave2("a")
	_, target, _ := r.slave2("b")
	r.do(core.Route{Shard: 1, Epoch: 1, From: "a", Slave: "b"})
	const records, size = 256, 8 << 10
	frames := encoded(t, wire.EvtGuildState, record(1, 1, 7, size))
	run := func(n int) {
		received := make(chan error, 1)
		go func() {
			_, err := io.CopyN(io.Discard, target.nc, int64(n*len(frames)))
			received <- err
		}()
		for range n {
			if err := source.conn.SendRaw(frames); err != nil {
				t.Error(err)
			}
		}
		if err := within(t, received, "the records"); err != nil {
			t.Error(err)
		}
	}
	run(records) // the buffers reach their size
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	const rounds = 8
	for range rounds {
		run(records)
	}
	runtime.ReadMemStats(&after)
	if got := (after.TotalAlloc - before.TotalAlloc) / (rounds * records); got > size/4 {
		t.Errorf("%d bytes allocated for each record of %d: want the buffers to be used again", got, size)
	}
}
