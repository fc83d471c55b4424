package master_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

// patience bounds every wait of a test for something that must happen. It is a
// deadline, not a pause: nothing takes that long unless it is broken.
const patience = 20 * time.Second

// service is a whole master, core and all, that serves on a socket.
type service struct {
	tb     testing.TB
	m      *master.Master
	addr   net.Addr
	events *master.Subscription
	// detach ends it and leaves the slaves alone; stop ends it in order. Both wait.
	detach, stop func()
	// ended is closed when it has ended.
	ended chan struct{}
}

// socketDir returns a directory whose path is short enough for a socket.
func socketDir(tb testing.TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp("", "baton")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			tb.Error(err)
		}
	})
	return dir
}

// serve starts a master on a unix socket until the test ends.
func serve(tb testing.TB, cfg master.Config) *service {
	tb.Helper()
	return serveAt(tb, filepath.Join(socketDir(tb), "s"), cfg)
}

// serveAt is serve at an address of the test's choice.
func serveAt(tb testing.TB, addr string, cfg master.Config) *service {
	tb.Helper()
	l, err := master.Listen(addr, false)
	if err != nil {
		tb.Fatal(err)
	}
	m, err := master.New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	s := &service{tb: tb, m: m, addr: l.Addr(), events: m.Subscribe(1 << 16)}
	ctx, cancel := context.WithCancelCause(context.Background())
	served := make(chan error, 1)
	s.ended = make(chan struct{})
	go func() {
		served <- m.Serve(ctx, l)
		close(s.ended)
	}()
	ended := false
	end := func(cause error) {
		if ended {
			return
		}
		ended = true
		cancel(cause)
		if err := <-served; err != nil {
			tb.Errorf("Serve: %v", err)
		}
	}
	s.detach = func() { end(master.ErrDetach) }
	s.stop = func() { end(nil) }
	tb.Cleanup(s.detach)
	return s
}

// until waits for a notice and returns it. Notices before it are passed over.
func until[N master.Notice](s *service, what string, is func(N) bool) N {
	s.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var passed []master.Notice
	for {
		e, err := s.events.Next(ctx)
		if err != nil {
			for _, n := range passed {
				s.tb.Log(n)
			}
			s.tb.Fatalf("waited for %s: %v", what, err)
		}
		if n, ok := e.Notice.(N); ok && is(n) {
			return n
		}
		passed = append(passed, e.Notice)
	}
}

// serving waits until a share of the shards is served, and returns by whom.
func (s *service) serving() core.SlaveID {
	s.tb.Helper()
	return until(s, "a share to be served", func(n core.ShareState) bool { return n.State == lifecycle.ShareServing }).Slave
}

// upgrade begins an upgrade.
func (s *service) upgrade(plan master.Plan) *master.Upgrade {
	s.tb.Helper()
	u, err := s.m.Upgrade(context.Background(), plan)
	if err != nil {
		s.tb.Fatal(err)
	}
	return u
}

// result waits for an upgrade's end.
func (s *service) result(u *master.Upgrade) (master.Result, error) {
	s.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	r, err := u.Wait(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		s.tb.Fatalf("the upgrade has not ended: %+v", s.m.Status().Upgrade)
	}
	return r, err
}

// owners returns who owns each shard.
func (s *service) owners() []core.SlaveID {
	var owners []core.SlaveID
	for _, shard := range s.m.Status().Shards {
		owners = append(owners, shard.Owner)
	}
	return owners
}

// puppet is a slave's end of a control link, moved by the test.
type puppet struct {
	tb   testing.TB
	nc   net.Conn
	conn *wire.Conn
}

// dial connects a puppet, which says nothing yet.
func (s *service) dial() *puppet {
	s.tb.Helper()
	nc, err := net.Dial(s.addr.Network(), s.addr.String())
	if err != nil {
		s.tb.Fatal(err)
	}
	s.tb.Cleanup(func() { _ = nc.Close() })
	if err := nc.SetReadDeadline(time.Now().Add(patience)); err != nil {
		s.tb.Fatal(err)
	}
	return &puppet{s.tb, nc, wire.NewConn(nc, wire.ConnConfig{WriteTimeout: patience})}
}

func (p *puppet) send(e wire.EventType, data any) {
	p.tb.Helper()
	if err := p.conn.Send(e, data); err != nil {
		p.tb.Fatal(err)
	}
}

// offer sends a frame to a master that may have closed the connection already.
func (p *puppet) offer(e wire.EventType, data any) {
	p.tb.Helper()
	var ended *wire.LinkError
	if err := p.conn.Send(e, data); err != nil && !errors.As(err, &ended) {
		p.tb.Fatal(err)
	}
}

// sendRaw sends bytes that need not be frames.
func (p *puppet) sendRaw(b []byte) {
	p.tb.Helper()
	if _, err := p.nc.Write(b); err != nil {
		p.tb.Fatal(err)
	}
}

// expect returns the body of the next frame, which must be of that event.
func (p *puppet) expect(want wire.EventType) []byte {
	p.tb.Helper()
	m, err := p.conn.Receive()
	if err != nil {
		p.tb.Fatalf("want %v, got %v", want, err)
	}
	if m.Event != want {
		p.tb.Fatalf("got %v % x, want %v", m.Event, m.Body, want)
	}
	return m.Body
}

// cut closes the connection, as a process that ends does.
func (p *puppet) cut() {
	p.tb.Helper()
	if err := p.nc.Close(); err != nil {
		p.tb.Fatal(err)
	}
}
