package master_test

import (
	"fmt"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/wire"
)

// handovers is how many shards a benchmark moves at a time.
const handovers = 1000

// clerk is the least that a slave of dialect 2 can do: it answers every request
// at once and has no shards really.
type clerk struct {
	tb    testing.TB
	id    string
	conn  *wire.Conn
	state *wire.Conn
	reply func(wire.EventType, any) error
	done  sync.WaitGroup

	// first is when the first request of a hand-over came, last when the latest one
	// was answered, in nanoseconds.
	first, last atomic.Int64
}

// newClerk connects a clerk with both of its links. With eager it writes each
// answer by itself, otherwise answers that come up together share a write.
func newClerk(tb testing.TB, addr net.Addr, id string, eager bool) *clerk {
	tb.Helper()
	c := &clerk{tb: tb, id: id, conn: dialWire(tb, addr)}
	if c.reply = c.conn.Enqueue; eager {
		c.reply = c.conn.Send
	}
	c.must(c.conn.Send(wire.EvtSlaveHello, &wire.SlaveHelloData{Protocol: 2, SlaveID: id, NumShards: handovers}))
	if m, err := c.conn.Receive(); err != nil || m.Event != wire.EvtWelcome {
		tb.Fatalf("got %v, %v, want a welcome", m.Event, err)
	}
	c.state = dialWire(tb, addr)
	c.must(c.state.Send(wire.EvtSlaveHello, &wire.SlaveHelloData{Protocol: 2, SlaveID: id, Link: wire.LinkState}))
	c.done.Go(func() { _ = c.conn.Serve(c.answer) })
	c.done.Go(func() { _ = c.state.Serve(func(wire.Message) error { return nil }) })
	return c
}

func dialWire(tb testing.TB, addr net.Addr) *wire.Conn {
	tb.Helper()
	nc, err := net.Dial(addr.Network(), addr.String())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = nc.Close() })
	return wire.NewConn(nc, wire.ConnConfig{})
}

func (c *clerk) must(err error) {
	c.tb.Helper()
	if err != nil {
		c.tb.Fatal(err)
	}
}

// answer answers one request.
func (c *clerk) answer(m wire.Message) error {
	switch m.Event {
	case wire.EvtFullStart:
		var d wire.StartData
		if err := wire.DecodeBody(m.Event, m.Body, &d); err != nil {
			return err
		}
		for _, s := range d.Shards {
			if err := c.conn.Enqueue(wire.EvtResume, &wire.ResumeShardData{Shard: s.Shard, Epoch: s.Epoch, Fresh: true}); err != nil {
				return err
			}
		}
		return c.conn.Send(m.Event, m.Body)
	case wire.EvtShardMigrationStart:
		var d wire.ShardMigrationStartData
		if err := wire.DecodeBody(m.Event, m.Body, &d); err != nil {
			return err
		}
		d.NumShards = handovers
		return c.conn.Send(m.Event, &d)
	case wire.EvtStopShard, wire.EvtResume:
		c.first.CompareAndSwap(0, time.Now().UnixNano())
		err := handOver(m, c.reply)
		c.last.Store(time.Now().UnixNano())
		return err
	case wire.EvtShutdown:
		defer func() { go c.close() }()
		return c.conn.Send(m.Event, nil)
	default:
		return nil
	}
}

// close ends both links.
func (c *clerk) close() {
	_ = c.conn.Close()
	_ = c.state.Close()
}

// handOver answers the two requests of which a hand-over is made.
func handOver(m wire.Message, reply func(wire.EventType, any) error) error {
	if m.Event == wire.EvtResume {
		var d wire.ResumeShardData
		if err := wire.DecodeBody(m.Event, m.Body, &d); err != nil {
			return err
		}
		return reply(m.Event, &wire.ResumeShardData{Shard: d.Shard, Epoch: d.Epoch})
	}
	var d wire.StopShardData
	if err := wire.DecodeBody(m.Event, m.Body, &d); err != nil {
		return err
	}
	return reply(wire.EvtShardStopped, &wire.ShardStoppedData{
		Shard: d.Shard, Epoch: d.Epoch, SessionID: "0123456789abcdef0123456789abcdef", Sequence: 123456,
	})
}

// bareLoop is the same four messages for each shard, one after the other, between
// the same two clerks, with nobody who thinks in between.
func bareLoop(tb testing.TB) time.Duration {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	var slaves, near [2]*wire.Conn
	var done sync.WaitGroup
	for i := range slaves {
		slaves[i] = dialWire(tb, l.Addr())
		nc, err := l.Accept()
		if err != nil {
			tb.Fatal(err)
		}
		near[i] = wire.NewConn(nc, wire.ConnConfig{})
		done.Go(func() {
			_ = slaves[i].Serve(func(m wire.Message) error { return handOver(m, slaves[i].Send) })
		})
	}
	ask := func(conn *wire.Conn, e, answer wire.EventType, data any) any {
		if err := conn.Send(e, data); err != nil {
			tb.Fatal(err)
		}
		m, err := conn.Receive()
		if err != nil || m.Event != answer {
			tb.Fatalf("got %v, %v, want %v", m.Event, err, answer)
		}
		d, err := wire.Decode(m)
		if err != nil {
			tb.Fatal(err)
		}
		return d
	}
	start := time.Now()
	for i := range handovers {
		stopped, ok := ask(near[0], wire.EvtStopShard, wire.EvtShardStopped, &wire.StopShardData{Shard: i, Epoch: 2}).(*wire.ShardStoppedData)
		if !ok {
			tb.Fatal("not a ShardStoppedData")
		}
		ask(near[1], wire.EvtResume, wire.EvtResume, &wire.ResumeShardData{
			Shard: i, Epoch: 2, SessionID: stopped.SessionID, Sequence: stopped.Sequence,
		})
	}
	took := time.Since(start)
	for i := range near {
		_ = near[i].Close()
	}
	done.Wait()
	for i := range slaves {
		_ = slaves[i].Close()
	}
	return took
}

// median is what one round takes when nothing else disturbs it.
func median(rounds []time.Duration) time.Duration {
	slices.Sort(rounds)
	return rounds[len(rounds)/2]
}

// BenchmarkHandOver moves 1,000 empty shards from one slave to another through a
// whole master over loopback. "x-bare" is the time as a multiple of the bare
// loop of the same four messages, one after the other, measured in turn.
func BenchmarkHandOver(b *testing.B) {
	for _, parallel := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("parallel=%d", parallel), func(b *testing.B) {
			s := serveAt(b, "127.0.0.1:0", master.Config{Deadlines: lifecycle.Deadlines{Silence: time.Hour}})
			old := newClerk(b, s.addr, "clerk-0", parallel == 1)
			s.serving()
			s.events.Close()
			var moving, bare []time.Duration
			for i := range b.N {
				bare = append(bare, bareLoop(b))
				next := newClerk(b, s.addr, fmt.Sprintf("clerk-%d", i+1), parallel == 1)
				r, err := s.result(s.upgrade(master.Plan{Parallel: parallel}))
				if err != nil || len(r.Moved) != handovers {
					b.Fatalf("%d shards moved, %v", len(r.Moved), err)
				}
				old.done.Wait()
				moving = append(moving, time.Duration(next.last.Load()-old.first.Load()))
				next.first.Store(0)
				old = next
			}
			b.ReportMetric(float64(median(moving))/float64(median(bare)), "x-bare")
			b.ReportMetric(float64(median(moving).Microseconds())/handovers, "µs/shard")
			b.ReportMetric(0, "ns/op")
		})
	}
}
