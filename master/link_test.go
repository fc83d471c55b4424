package master

import (
	"bytes"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

func TestTheCoreHearsAndSaysWhatGoesOverALink(t *testing.T) {
	r := serve(t, Config{}, nil)
	slave, link := r.control(wire.SlaveHelloData{Running: true})
	slave.send(wire.EvtShardMigrationStart, &wire.ShardMigrationStartData{FromThisSlave: true, NumShards: 3})
	got := hear[core.Received](r)
	data, ok := got.Data.(*wire.ShardMigrationStartData)
	if got.Link != link || !ok || !data.FromThisSlave || data.NumShards != 3 {
		t.Errorf("the core hears %+v with %+v", got, got.Data)
	}
	r.do(
		core.Send{Link: link, Type: wire.EvtFullStart},
		core.Send{Link: link, Type: wire.EvtStopShard, Data: &wire.StopShardData{Shard: 7}},
	)
	slave.expect(wire.EvtFullStart)
	var stop wire.StopShardData
	if err := wire.DecodeBody(wire.EvtStopShard, slave.expect(wire.EvtStopShard).Body, &stop); err != nil || stop.Shard != 7 {
		t.Errorf("the slave is told %+v, %v", stop, err)
	}
}

func TestALinkThatEndsIsReportedOnceWithItsReason(t *testing.T) {
	tests := map[string]struct {
		end    func(*puppet)
		reason string
	}{
		"closed by the slave":        {func(p *puppet) { _ = p.nc.Close() }, "EOF"},
		"in the middle of a frame":   {func(p *puppet) { p.write([]byte{4, 0}); _ = p.nc.Close() }, "header after 2 of 8 bytes"},
		"a body that is malformed":   {func(p *puppet) { p.write(frame(5, 1, []byte{0xc3})) }, "malformed EvtResume body"},
		"a length of 0xFFFFFFFF":     {func(p *puppet) { p.write(frame(4, 0xFFFFFFFF, nil)) }, "over the limit"},
		"a state over the limit":     {func(p *puppet) { p.write(frame(7, 64<<20+1, nil)) }, "over the limit"},
		"16 MiB of nested arrays":    {func(p *puppet) { p.write(frame(4, 16<<20, nil)) }, "over the limit"},
		"as deep as a control frame": {func(p *puppet) { p.write(frame(4, 60<<10, bytes.Repeat([]byte{0x91}, 60<<10))) }, "malformed EvtStopShard body"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := serve(t, Config{}, nil)
			p, link := r.control(hello1())
			test.end(p)
			got := hear[core.Lost](r)
			if got.Link != link || !strings.Contains(got.Reason, test.reason) {
				t.Errorf("the core hears %+v, want %q", got, test.reason)
			}
			r.do(core.Send{Link: link, Type: wire.EvtFullStart}, core.CloseLink{Link: link}) // too late, and harmless
			r.quiet()
		})
	}
}

func TestAnUnknownEventIsSkipped(t *testing.T) {
	r := serve(t, Config{}, nil)
	p, _ := r.control(hello1())
	p.write(frame(4711, 3, []byte("abc")))
	p.send(wire.EvtShutdown, nil)
	if got := hear[core.Received](r); got.Type != wire.EvtShutdown {
		t.Errorf("the core hears %v, want EvtShutdown only", got.Type)
	}
}

func TestClosingALinkSendsWhatIsQueuedFirst(t *testing.T) {
	r := serve(t, Config{}, nil)
	p, link := r.control(hello1())
	const messages = 100
	effects := make([]core.Effect, 0, messages+2)
	for i := range messages {
		effects = append(effects, core.Send{Link: link, Type: wire.EvtStopShard, Data: &wire.StopShardData{Shard: i}})
	}
	effects = append(effects,
		core.CloseLink{Link: link, Reason: "not needed"},
		core.Send{Link: link, Type: wire.EvtFullStart}) // behind the end: dropped
	r.do(effects...)
	for range messages {
		p.expect(wire.EvtStopShard)
	}
	p.expectEnd()
	if got := hear[core.Lost](r); got.Link != link || got.Reason != "not needed" {
		t.Errorf("the core hears %+v", got)
	}
}

func TestNothingIsHeardOfALinkThatTheCoreClosed(t *testing.T) {
	r := serve(t, Config{}, nil)
	p, link := r.control(hello1())
	// The message is in the loop's inbox when the link is closed.
	err := r.m.ask(t.Context(), func(l *loop) {
		k := l.links[link]
		l.carryOut(core.CloseLink{Link: link, Reason: "enough"})
		l.handle(input{event: core.Received{Link: k.id, Type: wire.EvtShutdown}})
	})
	if err != nil {
		t.Fatal(err)
	}
	p.expectEnd()
	hear[core.Lost](r)
	r.quiet()
}

func TestASlaveThatDoesNotReadLosesItsLinkAndHoldsUpNobody(t *testing.T) {
	r := serve(t, Config{}, nil)
	_, frozen := r.control(hello1())
	other, link := r.control(hello1())
	body := &wire.StopShardData{SessionID: strings.Repeat("x", 60<<10)}
	for range 200 { // 12 MiB: more than the sockets and the queue hold
		r.do(core.Send{Link: frozen, Type: wire.EvtStopShard, Data: body})
	}
	if got := hear[core.Lost](r); got.Link != frozen || !strings.Contains(got.Reason, "queue") {
		t.Errorf("the core hears %+v, want that the queue is full", got)
	}
	r.do(core.Send{Link: link, Type: wire.EvtFullStart})
	other.expect(wire.EvtFullStart)
}

func TestAMessageThatCannotBeSentEndsTheLink(t *testing.T) {
	r := serve(t, Config{}, nil)
	_, link := r.control(hello1())
	r.do(core.Send{Link: link, Type: wire.EvtStopShard, Data: &wire.StopShardData{SessionID: strings.Repeat("x", 65<<10)}})
	if got := hear[core.Lost](r); got.Link != link || !strings.Contains(got.Reason, "over the limit") {
		t.Errorf("the core hears %+v, want why the message was not sent", got)
	}
}

// forwardTo is a core that forwards each guild state to a link.
func forwardTo(target *atomic.Uint64) func(core.Event) []core.Effect {
	return func(e core.Event) []core.Effect {
		if got, ok := e.(core.Received); ok && got.Type == wire.EvtGuildState {
			return []core.Effect{core.Forward{Link: core.LinkID(target.Load()), Body: got.Body}}
		}
		return nil
	}
}

func TestGuildStatesAreForwardedUnreadAndInOrder(t *testing.T) {
	var to atomic.Uint64
	r := serve(t, Config{}, forwardTo(&to))
	source, from := r.control(hello1())
	target, link := r.control(hello1())
	to.Store(uint64(link))
	bodies := [][]byte{
		{}, []byte("not msgpack at all"), bytes.Repeat([]byte{0x91}, 16<<20), {0x81, 0xa1, 'x', 0xc0},
	}
	go func() {
		for _, b := range bodies {
			if source.conn.Send(wire.EvtGuildState, b) != nil {
				return
			}
		}
		_ = source.conn.Send(wire.EvtStopShard, &wire.StopShardData{Shard: 1})
	}()
	for i, want := range bodies {
		if got := target.expect(wire.EvtGuildState).Body; !bytes.Equal(got, want) {
			t.Errorf("body %d: %d bytes, want the same %d", i, len(got), len(want))
		}
	}
	// The answer behind the states is heard after they were written.
	if got := hear[core.Received](r); got.Link != from || got.Type != wire.EvtStopShard {
		t.Errorf("the core hears %+v", got)
	}
}

func TestAGuildStateWithoutACounterpartIsDropped(t *testing.T) {
	var nowhere atomic.Uint64 // no link has that id
	r := serve(t, Config{}, forwardTo(&nowhere))
	source, _ := r.control(hello1())
	source.send(wire.EvtGuildState, []byte("x"))
	source.send(wire.EvtShutdown, nil)
	if got := hear[core.Received](r); got.Type != wire.EvtShutdown {
		t.Errorf("the core hears %v", got.Type)
	}
}

func TestATargetThatDoesNotReadHoldsUpItsSourceOnly(t *testing.T) {
	var to atomic.Uint64
	r := serve(t, Config{}, forwardTo(&to))
	source, _ := r.control(hello1())
	frozen, link := r.control(hello1())
	other, otherLink := r.control(hello1())
	to.Store(uint64(link))

	body := bytes.Repeat([]byte("state"), 1<<20)
	sent := make(chan error, 1)
	go func() {
		for range 8 { // 40 MiB: more than the sockets hold
			if err := source.conn.Send(wire.EvtGuildState, body); err != nil {
				sent <- err
				return
			}
		}
		sent <- source.conn.Send(wire.EvtShutdown, nil)
	}()
	// Some of the state arrives, then the target stops reading in the middle of it.
	if _, err := frozen.nc.Read(make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		r.do(core.Send{Link: otherLink, Type: wire.EvtHeartbeat})
		other.expect(wire.EvtHeartbeat)
		other.send(wire.EvtShutdown, nil)
		if got := hear[core.Received](r); got.Link != otherLink {
			t.Fatalf("the core hears %+v, want the other slave", got)
		}
	}
	// When it goes away, what was meant for it is dropped and the source goes on.
	if err := frozen.nc.Close(); err != nil {
		t.Fatal(err)
	}
	if got := hear[core.Lost](r); got.Link != link {
		t.Errorf("the core hears %+v, want the end of the frozen link", got)
	}
	if err := within(t, sent, "the source to be let go"); err != nil {
		t.Error(err)
	}
	if got := hear[core.Received](r); got.Type != wire.EvtShutdown {
		t.Errorf("the core hears %v", got.Type)
	}
}

func TestAHelloThatClaimsALaunchedSlaveNeedsItsToken(t *testing.T) {
	launcher := newFakeLauncher()
	r := serve(t, Config{Launcher: launcher}, nil)
	sub := r.m.Subscribe(0)
	r.do(core.Launch{Slave: "s1"})
	process := launcher.next(t)
	hear[core.Launched](r)
	for name, token := range map[string]string{"none": "", "another": "guess", "a part": process.spec.Token[:5]} {
		p := r.dial()
		p.send(wire.EvtSlaveHello, &wire.SlaveHelloData{Protocol: 2, SlaveID: "s1", Token: token})
		p.expect(wire.EvtFailure) // or the bot would dial again and again
		p.expectEnd()
		e, err := sub.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		problem, ok := e.Notice.(core.Problem)
		if !ok || problem.Slave != "s1" || !errors.Is(problem.Err, core.ErrRefused) {
			t.Errorf("token %s: notice %+v, want a refusal", name, e.Notice)
		}
	}
	r.quiet()
	r.control(wire.SlaveHelloData{Protocol: 2, SlaveID: "s1", Token: process.spec.Token})
	// Of a slave that was not launched nothing is known that could be checked.
	r.control(wire.SlaveHelloData{Protocol: 2, SlaveID: "visitor", Token: "any"})
}

func TestLinksOfTransportsOtherThanUnixWork(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "localhost:0"} {
		r := serveOn(t, mustListen(t, addr, false), Config{}, nil)
		p, link := r.control(hello1())
		r.do(core.Send{Link: link, Type: wire.EvtFullStart})
		p.expect(wire.EvtFullStart)
		if _, ok := p.nc.(*net.TCPConn); !ok {
			t.Errorf("connected by %T", p.nc)
		}
	}
}
