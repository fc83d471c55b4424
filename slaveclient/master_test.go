package slaveclient_test

import (
	"context"
	"errors"
	"net"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shardbaton/baton/slaveclient"
	"github.com/shardbaton/baton/wire"
)

// master is the other end of a slave's links, driven by a test line by line.
type master struct {
	t *testing.T
	// dials are the connections that the slave has opened and nobody has taken.
	dials chan net.Conn
	ran   chan error
	// beat is told every heartbeat of the links that are accepted from now on. nil:
	// nobody is.
	beat func(*wire.HeartbeatData)
}

// run starts a slave with this bot, towards a master that does nothing by itself.
func run(t *testing.T, ctx context.Context, bot slaveclient.Bot, cfg slaveclient.Config) *master {
	t.Helper()
	m := &master{t: t, dials: make(chan net.Conn), ran: make(chan error, 1)}
	cfg.Addr = "tcp:master:1"
	if cfg.SlaveID == "" {
		cfg.SlaveID = "s1"
	}
	cfg.Jitter = func() float64 { return 0.5 }
	cfg.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if network != "tcp" || address != "master:1" {
			t.Errorf("dialled %s %s, want tcp master:1", network, address)
		}
		ours, theirs := net.Pipe()
		select {
		case m.dials <- ours:
			return theirs, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	go func() { m.ran <- slaveclient.Run(ctx, cfg, bot) }()
	return m
}

// peer is one accepted link.
type peer struct {
	t      *testing.T
	conn   *wire.Conn
	frames chan wire.Message
	beats  chan *wire.HeartbeatData // the latest heartbeat
	tell   func(*wire.HeartbeatData)
	// mute keeps heartbeats from being answered.
	mute atomic.Bool
}

// accept takes the slave's next connection, reads from it, and answers heartbeats.
func (m *master) accept() *peer {
	m.t.Helper()
	p := &peer{
		t: m.t, conn: wire.NewConn(<-m.dials, wire.ConnConfig{}),
		frames: make(chan wire.Message, 1024), beats: make(chan *wire.HeartbeatData, 1), tell: m.beat,
	}
	go func() {
		defer close(p.frames)
		_ = p.conn.Serve(func(msg wire.Message) error {
			if msg.Event == wire.EvtHeartbeat {
				return p.beat(msg)
			}
			p.frames <- msg.Clone()
			return nil
		})
	}()
	return p
}

// sendShutdown sends the message after which the slave closes the link, maybe before
// a Send of it would have returned.
func (p *peer) sendShutdown() {
	p.t.Helper()
	if err := p.conn.Enqueue(wire.EvtShutdown, nil); err != nil {
		p.t.Errorf("send %s: %v", wire.EvtShutdown, err)
	}
}

// beat keeps a heartbeat in the place of the one before, and answers it.
func (p *peer) beat(msg wire.Message) error {
	data, err := wire.Decode(msg)
	if err != nil {
		p.t.Error(err)
		return err
	}
	select {
	case <-p.beats:
	default:
	}
	beat := data.(*wire.HeartbeatData)
	if p.tell != nil {
		p.tell(beat)
	}
	p.beats <- beat
	if p.mute.Load() {
		return nil
	}
	return p.conn.Enqueue(wire.EvtHeartbeat, &wire.HeartbeatData{Beat: beat.Beat})
}

// send sends a message to the slave.
func (p *peer) send(e wire.EventType, data any) {
	p.t.Helper()
	if err := p.conn.Send(e, data); err != nil {
		p.t.Errorf("send %s: %v", e, err)
	}
}

// next returns the slave's next frame that is not a heartbeat, or false at the
// end of the link.
func (p *peer) next() (wire.Message, bool) {
	m, ok := <-p.frames
	return m, ok
}

// expect returns the slave's next message, which has to be of this event.
func expect[T any](p *peer, want wire.EventType) T {
	p.t.Helper()
	var zero T
	m, ok := p.next()
	if !ok {
		p.t.Fatalf("the link ended, want %s", want)
	}
	data, err := wire.Decode(m)
	if err != nil {
		p.t.Fatal(err)
	}
	if m.Event != want {
		p.t.Fatalf("got %s %+v, want %s", m.Event, data, want)
	}
	if data == nil {
		return zero
	}
	return data.(T)
}

// link accepts a slave's control link, welcomes it, and accepts its state link.
func (m *master) link() (control, state *peer, hello *wire.SlaveHelloData) {
	m.t.Helper()
	return m.leasedLink(0)
}

// leasedLink is link by a master that grants leases.
func (m *master) leasedLink(lease time.Duration) (control, state *peer, hello *wire.SlaveHelloData) {
	m.t.Helper()
	control = m.accept()
	hello = expect[*wire.SlaveHelloData](control, wire.EvtSlaveHello)
	control.send(wire.EvtWelcome, &wire.WelcomeData{Protocol: 2, Lease: lease})
	state = m.accept()
	if h := expect[*wire.SlaveHelloData](state, wire.EvtSlaveHello); h.Link != wire.LinkState || h.SlaveID != hello.SlaveID {
		m.t.Fatalf("hello on the state link: %+v", h)
	}
	return control, state, hello
}

// coldStart has the slave run all of n shards at epoch 1.
func (m *master) coldStart(control *peer, n int) {
	m.t.Helper()
	start := &wire.StartData{NumShards: n}
	for i := range n {
		start.Shards = append(start.Shards, wire.ShardInfo{Shard: i, Epoch: 1})
	}
	control.send(wire.EvtFullStart, start)
	for range n {
		if d := expect[*wire.ResumeShardData](control, wire.EvtResume); !d.Fresh || d.Epoch != 1 {
			m.t.Fatalf("a shard started with %+v, want fresh at epoch 1", d)
		}
	}
	expect[*wire.StartData](control, wire.EvtFullStart)
}

// shutDown ends the slave in order.
func (m *master) shutDown(control *peer) {
	m.t.Helper()
	control.sendShutdown()
	expect[any](control, wire.EvtShutdown)
	if msg, ok := control.next(); ok {
		m.t.Fatalf("%s after Shutdown, want the end of the link", msg.Event)
	}
	if err := <-m.ran; err != nil {
		m.t.Fatalf("Run: %v", err)
	}
}

var errTest = errors.New("refused for the test")

// listen is run with a real listener and no slave yet.
func listen(t *testing.T, network, address string) *master {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	m := &master{t: t, dials: make(chan net.Conn), ran: make(chan error, 1)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			nc, err := l.Accept()
			if err != nil {
				return
			}
			m.dials <- nc
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	return m
}

func envAddr() string { return os.Getenv(slaveclient.EnvAddr) }
