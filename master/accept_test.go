package master

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

// frame returns a header with any event and length, and a body.
func frame(event, length uint32, body []byte) []byte {
	b := binary.LittleEndian.AppendUint32(nil, event)
	return append(binary.LittleEndian.AppendUint32(b, length), body...)
}

// encoded returns the frame of an event.
func encoded(t testing.TB, e wire.EventType, data any) []byte {
	t.Helper()
	b, err := wire.EncodeEvent(e, data)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAConnectionThatDoesNotBeginWithAHelloIsClosed(t *testing.T) {
	hello := uint32(wire.EvtSlaveHello)
	tests := map[string]struct {
		bytes  []byte
		reason string
	}{
		"another event":             {frame(uint32(wire.EvtHeartbeat), 0, nil), "want a frame of EvtSlaveHello first, got EvtHeartbeat"},
		"an unknown event":          {frame(77, 0, nil), "want a frame of EvtSlaveHello first, got EventType(77)"},
		"a guild state of 64 MiB":   {frame(uint32(wire.EvtGuildState), 64<<20, nil), "want a frame of EvtSlaveHello first, got EvtGuildState"},
		"a length of 0xFFFFFFFF":    {frame(hello, 0xFFFFFFFF, nil), "over the limit"},
		"a length over the limit":   {frame(hello, 64<<10+1, nil), "over the limit"},
		"a hello without a body":    {frame(hello, 0, nil), "malformed EvtSlaveHello body"},
		"a hello that is no map":    {frame(hello, 1, []byte{0xc3}), "malformed EvtSlaveHello body"},
		"nested arrays":             {frame(hello, 60<<10, []byte(strings.Repeat("\x91", 60<<10))), "malformed EvtSlaveHello body"},
		"a link of an unknown kind": {encoded(t, wire.EvtSlaveHello, &wire.SlaveHelloData{Link: "video"}), `got "video"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			logs, seen := observer.New(zap.WarnLevel)
			r := serve(t, Config{Logger: zap.New(logs)}, nil)
			p := r.dial()
			p.write(test.bytes)
			p.expectEnd()
			r.cancel(ErrDetach)
			if err := r.end(); err != nil {
				t.Fatal(err)
			}
			if len(r.core.heard) > 0 {
				t.Errorf("the core hears %T", <-r.core.heard)
			}
			entries := seen.FilterMessage("connection refused").AllUntimed()
			if len(entries) != 1 {
				t.Fatalf("%d refusals logged, want 1", len(entries))
			}
			if got, ok := entries[0].ContextMap()["error"].(string); !ok || !strings.Contains(got, test.reason) {
				t.Errorf("refused because of %q, want %q", got, test.reason)
			}
		})
	}
}

func TestAConnectionThatSaysNothingIsClosedInTime(t *testing.T) {
	for name, said := range map[string][]byte{
		"at all": nil, "after half a header": {8, 0, 0}, "after a header": frame(uint32(wire.EvtSlaveHello), 10, nil),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newPipeListener()
				r := serveOn(t, l, Config{Deadlines: lifecycle.Deadlines{Hello: 7 * time.Second}}, nil)
				nc := l.dial()
				defer func() { _ = nc.Close() }()
				start := time.Now()
				if _, err := nc.Write(said); err != nil {
					t.Fatal(err)
				}
				if _, err := nc.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
					t.Errorf("error %v, want the end", err)
				}
				if got := time.Since(start); got != 7*time.Second {
					t.Errorf("closed after %v, want 7s", got)
				}
				r.quiet()
			})
		})
	}
}

func TestASlaveThatSaidHelloMayBeSilentForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipeListener()
		r := serveOn(t, l, Config{}, nil)
		nc := l.dial()
		defer func() { _ = nc.Close() }()
		if _, err := nc.Write(encoded(t, wire.EvtSlaveHello, ptr(hello1()))); err != nil {
			t.Fatal(err)
		}
		hear[core.Opened](r)
		hear[core.Received](r)
		<-time.After(24 * time.Hour)
		if _, err := nc.Write(encoded(t, wire.EvtShutdown, nil)); err != nil {
			t.Fatal(err)
		}
		if got := hear[core.Received](r).Type; got != wire.EvtShutdown {
			t.Errorf("the core hears %v, want EvtShutdown", got)
		}
	})
}

func ptr[T any](v T) *T { return &v }

func TestAHelloMayComeInPiecesOfAnySize(t *testing.T) {
	hello := wire.SlaveHelloData{Running: true, Protocol: 2, SlaveID: "s1"}
	bytes := encoded(t, wire.EvtSlaveHello, &hello)
	for cut := 1; cut < len(bytes); cut += 5 {
		synctest.Test(t, func(t *testing.T) {
			l := newPipeListener()
			r := serveOn(t, l, Config{}, nil)
			nc := l.dial()
			defer func() { _ = nc.Close() }()
			// A pipe passes on what each Write gives it, and no more.
			for _, part := range [][]byte{bytes[:cut], bytes[cut:]} {
				if _, err := nc.Write(part); err != nil {
					t.Fatalf("cut at %d: %v", cut, err)
				}
			}
			hear[core.Opened](r)
			if got := hear[core.Received](r); got.Type != wire.EvtSlaveHello {
				t.Errorf("cut at %d: the core hears %v", cut, got.Type)
			}
		})
	}
}

func TestTooManyConnectionsWithoutAHelloAreRefused(t *testing.T) {
	r := serve(t, Config{MaxPending: 2}, nil)
	silent := []*puppet{r.dial(), r.dial()}
	r.dial().expectEnd()
	// One that says hello makes room.
	silent[0].send(wire.EvtSlaveHello, ptr(hello1()))
	hear[core.Opened](r)
	hear[core.Received](r)
	r.control(hello1())
}

func TestConnectionsThatAreResetDisturbNobody(t *testing.T) {
	l := mustListen(t, "127.0.0.1:0", false)
	r := serveOn(t, l, Config{}, nil)
	slave, link := r.control(hello1())
	for i := range 20 {
		p := r.dial()
		if i%2 == 0 {
			p.write([]byte{8, 0, 0, 0, 10})
		}
		// Closing without lingering sends a reset instead of an end.
		if tcp, ok := p.nc.(*net.TCPConn); !ok || tcp.SetLinger(0) != nil {
			t.Fatal("cannot provoke a reset")
		}
		if err := p.nc.Close(); err != nil {
			t.Fatal(err)
		}
	}
	slave.send(wire.EvtShutdown, nil)
	if got := hear[core.Received](r); got.Link != link || got.Type != wire.EvtShutdown {
		t.Errorf("the core hears %+v", got)
	}
	r.control(hello1())
}
