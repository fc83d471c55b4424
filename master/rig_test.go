package master

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

// patience bounds every wait of a test for something that must happen. It is a
// deadline, not a pause: nothing takes that long unless it is broken.
const patience = 10 * time.Second

// script stands in for the core: it tells the test what it hears, and answers
// what the test told it to.
type script struct {
	heard chan core.Event

	mu     sync.Mutex
	answer func(core.Event) []core.Effect
}

// Step implements stepper.
func (s *script) Step(e core.Event) []core.Effect {
	s.mu.Lock()
	answer := s.answer
	s.mu.Unlock()
	if answer != nil {
		if effects := answer(e); effects != nil {
			return effects
		}
	}
	s.heard <- e
	return nil
}

// Status implements stepper.
func (s *script) Status() core.Status { return core.Status{NumShards: 42} }

// rig is a serving master with a script for a core.
type rig struct {
	t      testing.TB
	m      *Master
	core   *script
	addr   net.Addr
	cancel context.CancelCauseFunc
	served chan error
}

// serve starts a master that the test's end detaches. The answers, if any, are
// what the core has to say; events that it has no answer to go to the test.
func serve(t testing.TB, cfg Config, answer func(core.Event) []core.Effect) *rig {
	t.Helper()
	l := mustListen(t, filepath.Join(socketDir(t), "s"), false)
	return serveOn(t, l, cfg, answer)
}

// serveOn is serve on a listener of the test's choice.
func serveOn(t testing.TB, l net.Listener, cfg Config, answer func(core.Event) []core.Effect) *rig {
	t.Helper()
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, core: &script{heard: make(chan core.Event, 1024), answer: answer}, addr: l.Addr(), served: make(chan error, 1)}
	r.m = newMaster(cfg.withDefaults(), r.core)
	ctx, cancel := context.WithCancelCause(context.Background())
	r.cancel = cancel
	go func() { r.served <- r.m.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel(ErrDetach)
		if err := <-r.served; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	hear[core.Started](r)
	return r
}

// end waits for Serve and returns its error.
func (r *rig) end() error {
	r.t.Helper()
	err := within(r.t, r.served, "Serve to return")
	r.served <- nil
	return err
}

// do has the loop carry out effects.
func (r *rig) do(effects ...core.Effect) {
	r.t.Helper()
	err := r.m.ask(r.t.Context(), func(l *loop) {
		for _, e := range effects {
			l.carryOut(e)
		}
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// hear returns the core's next event, which must be of type E.
func hear[E core.Event](r *rig) E {
	r.t.Helper()
	got := within(r.t, r.core.heard, fmt.Sprintf("the core to hear %T", *new(E)))
	e, ok := got.(E)
	if !ok {
		r.t.Fatalf("the core hears %T %+v, want %T", got, got, e)
	}
	return e
}

// quiet checks that the core has heard nothing up to now.
func (r *rig) quiet() {
	r.t.Helper()
	r.do() // everything before this was heard
	select {
	case e := <-r.core.heard:
		r.t.Fatalf("the core hears %T %+v, want nothing", e, e)
	default:
	}
}

// within receives from a channel, or fails the test.
func within[T any](t testing.TB, ch <-chan T, what string) T {
	t.Helper()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	select {
	case v := <-ch:
		return v
	case <-timeout.C:
		t.Fatalf("waited %v for %s", patience, what)
		return *new(T)
	}
}

// puppet is a slave's end of a connection, moved by the test.
type puppet struct {
	t    testing.TB
	nc   net.Conn
	conn *wire.Conn
}

// dial connects a puppet, which says nothing yet.
func (r *rig) dial() *puppet {
	r.t.Helper()
	nc, err := net.Dial(r.addr.Network(), r.addr.String())
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = nc.Close() })
	if err := nc.SetReadDeadline(time.Now().Add(patience)); err != nil {
		r.t.Fatal(err)
	}
	return &puppet{r.t, nc, wire.NewConn(nc, wire.ConnConfig{WriteTimeout: patience})}
}

// control connects a puppet and says hello; it returns the link's id, too.
func (r *rig) control(hello wire.SlaveHelloData) (*puppet, core.LinkID) {
	r.t.Helper()
	p := r.dial()
	p.send(wire.EvtSlaveHello, &hello)
	id := hear[core.Opened](r).Link
	got := hear[core.Received](r)
	if got.Link != id || !reflect.DeepEqual(got.Data, &hello) {
		r.t.Fatalf("the core hears %+v, want the hello on link %d", got, id)
	}
	return p, id
}

// slave2 connects a slave of dialect 2 with both of its links.
func (r *rig) slave2(id string) (control, state *puppet, link core.LinkID) {
	r.t.Helper()
	control, link = r.control(wire.SlaveHelloData{Protocol: 2, SlaveID: id, Token: "t"})
	r.do(core.Send{Link: link, Type: wire.EvtWelcome, Data: &wire.WelcomeData{Protocol: 2, SlaveID: id}})
	control.expect(wire.EvtWelcome)
	state = r.dial()
	state.send(wire.EvtSlaveHello, &wire.SlaveHelloData{Protocol: 2, SlaveID: id, Token: "t", Link: wire.LinkState})
	if got := hear[core.StateUp](r); string(got.Slave) != id {
		r.t.Fatalf("the core hears %+v, want it of %q", got, id)
	}
	return control, state, link
}

func (p *puppet) send(e wire.EventType, data any) {
	p.t.Helper()
	if err := p.conn.Send(e, data); err != nil {
		p.t.Fatal(err)
	}
}

// write sends bytes that need not be frames.
func (p *puppet) write(b []byte) {
	p.t.Helper()
	if _, err := p.nc.Write(b); err != nil {
		p.t.Fatal(err)
	}
}

// expect returns the next frame, which must be of that event.
func (p *puppet) expect(want wire.EventType) wire.Message {
	p.t.Helper()
	m, err := p.conn.Receive()
	if err != nil {
		p.t.Fatalf("want %v, got %v", want, err)
	}
	if m.Event != want {
		p.t.Fatalf("got %v % x, want %v", m.Event, m.Body, want)
	}
	return m
}

// expectEnd checks that the master closes the connection and sends nothing before.
func (p *puppet) expectEnd() {
	p.t.Helper()
	m, err := p.conn.Receive()
	var netErr net.Error
	switch {
	case err == nil:
		p.t.Fatalf("got %v, want the end of the connection", m.Event)
	case errors.As(err, &netErr) && netErr.Timeout():
		p.t.Fatal("the connection is still open")
	}
}
