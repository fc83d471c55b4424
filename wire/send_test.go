package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// gated is a net.Conn whose writes each wait until the test takes them from the channel.
type gated struct {
	net.Conn
	writes chan []byte
	closed chan struct{}
	once   sync.Once
}

func newGated() *gated { return &gated{writes: make(chan []byte), closed: make(chan struct{})} }

func (g *gated) Write(b []byte) (int, error) {
	select {
	case g.writes <- bytes.Clone(b):
		return len(b), nil
	case <-g.closed:
		return 0, net.ErrClosed
	}
}

func (g *gated) SetWriteDeadline(time.Time) error { return nil }

func (g *gated) Close() error {
	g.once.Do(func() { close(g.closed) })
	return nil
}

// shardsIn returns the shards of the EvtStopShard frames in b, in order.
func shardsIn(t *testing.T, b []byte) []int {
	t.Helper()
	var got []int
	r := NewReader(bytes.NewReader(b), Limits{})
	for {
		m, err := r.Next()
		if errors.Is(err, io.EOF) {
			return got
		}
		if err != nil {
			t.Fatal(err)
		}
		var d StopShardData
		if err := DecodeBody(m.Event, m.Body, &d); err != nil {
			t.Fatal(err)
		}
		got = append(got, d.Shard)
	}
}

func stop(shard int) *StopShardData { return &StopShardData{Shard: shard} }

func TestFramesThatQueueBehindAWriteGoOutInOneWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGated()
		conn := NewConn(g, ConnConfig{})
		var senders sync.WaitGroup
		send := func(shard int) {
			senders.Go(func() {
				if err := conn.Send(EvtStopShard, stop(shard)); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		send(0)
		for shard := 1; shard < 10; shard++ {
			send(shard)
		}
		if err := conn.Enqueue(EvtStopShard, stop(10)); err != nil {
			t.Fatal(err)
		}
		if got := shardsIn(t, <-g.writes); len(got) != 1 {
			t.Errorf("want the first frame alone, got %v", got)
		}
		if got, want := fmt.Sprint(shardsIn(t, <-g.writes)), "[1 2 3 4 5 6 7 8 9 10]"; got != want {
			t.Errorf("want %s in one write, got %s", want, got)
		}
		senders.Wait()
		if err := conn.Flush(); err != nil {
			t.Error(err)
		}
		_ = conn.Close()
	})
}

func TestAFrameEnqueuedBehindASendGoesOutByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGated()
		conn := NewConn(g, ConnConfig{})
		sent := make(chan error)
		go func() { sent <- conn.Send(EvtStopShard, stop(0)) }()
		synctest.Wait()
		if err := conn.Enqueue(EvtStopShard, stop(1)); err != nil {
			t.Fatal(err)
		}
		<-g.writes
		if err := <-sent; err != nil { // while the next frame is still being written
			t.Fatal(err)
		}
		if got := fmt.Sprint(shardsIn(t, <-g.writes)); got != "[1]" {
			t.Errorf("want the enqueued frame, got %s", got)
		}
		_ = conn.Close()
	})
}

// lingering is a net.Conn with a write that outlives Close until the test lets it go.
type lingering struct {
	net.Conn
	letGo chan struct{}
}

func (l *lingering) Write([]byte) (int, error) {
	<-l.letGo
	return 0, net.ErrClosed
}

func (l *lingering) SetWriteDeadline(time.Time) error { return nil }

func (l *lingering) Close() error { return nil }

func TestCloseWaitsForTheWriteUnderWay(t *testing.T) {
	for name, write := range map[string]func(*Conn){
		"Send":    func(c *Conn) { go func() { _ = c.Send(EvtShutdown, nil) }() },
		"Enqueue": func(c *Conn) { _ = c.Enqueue(EvtShutdown, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &lingering{letGo: make(chan struct{})}
				conn := NewConn(l, ConnConfig{})
				write(conn)
				synctest.Wait()
				closed := make(chan struct{})
				go func() {
					_ = conn.Close()
					close(closed)
				}()
				synctest.Wait()
				select {
				case <-closed:
					t.Error("want Close to wait for the write")
				default:
				}
				close(l.letGo)
				<-closed
			})
		})
	}
}

func TestEnqueueDoesNotWaitAndIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGated()
		conn := NewConn(g, ConnConfig{QueueLimit: 1000})
		queued := 0
		var full *QueueFullError
		for ; full == nil; queued++ {
			if err := conn.Enqueue(EvtStopShard, stop(queued)); err != nil && !errors.As(err, &full) {
				t.Fatal(err)
			}
		}
		queued--
		frame := len(mustFrame(t, EvtStopShard, stop(0)))
		if want := (1000 + frame - 1) / frame; queued != want || full.Limit != 1000 || full.Queued != queued*frame || full.Event != EvtStopShard {
			t.Errorf("want %d frames of %d bytes taken, got %d and %v", want, frame, queued, full)
		}
		if !errors.Is(full, ErrQueueFull) || conn.Err() != nil {
			t.Errorf("want ErrQueueFull and an open connection, got %v and %v", full, conn.Err())
		}
		var sent []int
		for len(sent) < queued {
			sent = append(sent, shardsIn(t, <-g.writes)...)
		}
		for i, shard := range sent {
			if i != shard {
				t.Fatalf("want the frames in order, got %v", sent)
			}
		}
		if err := conn.Flush(); err != nil {
			t.Error(err)
		}
		if err := conn.Enqueue(EvtStopShard, stop(0)); err != nil {
			t.Errorf("want room again, got %v", err)
		}
		_ = conn.Close()
	})
}

func TestFramesOfOneGoroutineKeepTheirOrderInEveryMixOfCalls(t *testing.T) {
	conn, peer := pipe(t, ConnConfig{}, ConnConfig{})
	const senders, rounds = 8, 40
	next := make([]uint64, senders)
	ended := serving(peer, func(m Message) error {
		var d StateRecordData
		if err := DecodeBody(m.Event, m.Body, &d); err != nil {
			return err
		}
		if d.Number != next[d.Shard] {
			return fmt.Errorf("sender %d: want number %d, got %d", d.Shard, next[d.Shard], d.Number)
		}
		if len(d.Payload) > 0 && d.Payload[len(d.Payload)-1] != byte(d.Shard) {
			return fmt.Errorf("sender %d: payload of another", d.Shard)
		}
		next[d.Shard]++
		return nil
	})
	var all sync.WaitGroup
	for shard := range senders {
		all.Go(func() {
			for n := uint64(0); n < rounds; n++ {
				d := &StateRecordData{Shard: shard, Number: n}
				var err error
				switch n % 4 {
				case 0:
					err = conn.Send(EvtGuildState, d)
				case 1:
					err = conn.Enqueue(EvtGuildState, d)
				case 2:
					err = conn.SendRaw(mustFrame(t, EvtGuildState, d))
				case 3:
					d.Payload = bytes.Repeat([]byte{byte(shard)}, 3*copyLimit)
					err = conn.WriteMessage(Message{Event: EvtGuildState, Body: mustFrame(t, EvtGuildState, d)[HeaderSize:]})
				}
				if err != nil {
					t.Errorf("sender %d, number %d: %v", shard, n, err)
					return
				}
			}
		})
	}
	all.Wait()
	if err := conn.Flush(); err != nil {
		t.Error(err)
	}
	_ = conn.Close()
	checkEnd(t, <-ended, 0, "read", io.EOF)
	for shard, n := range next {
		if n != rounds {
			t.Errorf("sender %d: want %d frames, got %d", shard, rounds, n)
		}
	}
}

func TestAPeerThatStandsStillEndsTheConnAfterTheWriteTimeout(t *testing.T) {
	for name, write := range map[string]func(*Conn) error{
		"Send":         func(c *Conn) error { return c.Send(EvtShutdown, nil) },
		"WriteMessage": func(c *Conn) error { return c.WriteMessage(Message{Event: EvtGuildState, Body: make([]byte, 1<<20)}) },
		"Enqueue": func(c *Conn) error {
			if err := c.Enqueue(EvtShutdown, nil); err != nil {
				return err
			}
			return c.Flush()
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				near, far := net.Pipe()
				defer func() { _ = far.Close() }()
				conn := NewConn(near, ConnConfig{ID: 2, WriteTimeout: 3 * time.Second})
				start := time.Now()
				var others sync.WaitGroup
				for range 5 { // who waits for the writer learns of the end, too
					others.Go(func() { checkEnd(t, write(conn), 2, "write", os.ErrDeadlineExceeded) })
				}
				others.Wait()
				if took := time.Since(start); took != 3*time.Second {
					t.Errorf("want the end after 3s, got %s", took)
				}
			})
		})
	}
}

func TestAPeerThatReadsSlowlyButSteadilyIsNotCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		conn := NewConn(near, ConnConfig{WriteTimeout: 2 * time.Second})
		received := make(chan int64)
		go func() {
			var total int64
			tick := time.NewTicker(time.Second)
			defer tick.Stop()
			for {
				n, err := io.CopyN(io.Discard, far, writeChunk)
				total += n
				if err != nil {
					received <- total
					return
				}
				<-tick.C
			}
		}()
		body := make([]byte, 10*writeChunk)
		if err := conn.WriteMessage(Message{Event: EvtGuildState, Body: body}); err != nil {
			t.Fatal(err)
		}
		_ = conn.Close()
		if got, want := <-received, int64(HeaderSize+len(body)); got != want {
			t.Errorf("want %d bytes, got %d", want, got)
		}
	})
}

func TestWhatCannotBeSentIsRefusedAndTheConnGoesOn(t *testing.T) {
	conn, peer := pipe(t, ConnConfig{Limits: Limits{Control: 100, State: 200}}, ConnConfig{})
	received := make(chan Message, 1)
	serving(peer, func(m Message) error { received <- m.Clone(); return nil })
	long := AppendMessage(nil, Message{Event: EvtResume, Body: make([]byte, 101)})
	whole := AppendMessage(nil, Message{Event: EvtResume, Body: make([]byte, 10)})
	for name, c := range map[string]struct {
		send func() error
		want error
	}{
		"a body over the limit":             {func() error { return conn.Send(EvtResume, make([]byte, 101)) }, ErrTooLarge},
		"a body over the limit, enqueued":   {func() error { return conn.Enqueue(EvtResume, make([]byte, 101)) }, ErrTooLarge},
		"a message over the limit":          {func() error { return conn.WriteMessage(Message{EvtGuildState, make([]byte, 201)}) }, ErrTooLarge},
		"raw: over the limit":               {func() error { return conn.SendRaw(long) }, ErrTooLarge},
		"raw: part of a header":             {func() error { return conn.SendRaw(whole[:7]) }, ErrMalformed},
		"raw: part of a body":               {func() error { return conn.SendRaw(whole[:17]) }, ErrMalformed},
		"raw: a byte after a frame":         {func() error { return conn.SendRaw(append(whole, 0)) }, ErrMalformed},
		"a guild state that is not a value": {func() error { return conn.Send(EvtGuildState, &GuildStateData{GuildState: []byte{0x91}}) }, ErrMalformed},
	} {
		if err := c.send(); !errors.Is(err, c.want) {
			t.Errorf("%s: want %v, got %v", name, c.want, err)
		}
	}
	if err := conn.SendRaw(append(whole, whole...)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if m := <-received; m.Event != EvtResume || len(m.Body) != 10 {
			t.Errorf("want the two whole frames and nothing else, got %s with %d bytes", m.Event, len(m.Body))
		}
	}
}
