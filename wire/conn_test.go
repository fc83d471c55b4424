package wire

import (
	"errors"
	"io"
	"net"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

// pipe returns two Conns that are connected in memory, and closes them when the test ends.
func pipe(t *testing.T, a, b ConnConfig) (*Conn, *Conn) {
	t.Helper()
	left, right := net.Pipe()
	ca, cb := NewConn(left, a), NewConn(right, b)
	t.Cleanup(func() { _, _ = ca.Close(), cb.Close() })
	return ca, cb
}

// serving starts Serve and returns where its result arrives.
func serving(c *Conn, handler func(Message) error) <-chan error {
	ended := make(chan error, 1)
	go func() { ended <- c.Serve(handler) }()
	return ended
}

func ignore(Message) error { return nil }

// checkEnd holds that err is the end of connection id, in op, because of cause.
func checkEnd(t *testing.T, err error, id int64, op string, cause error) {
	t.Helper()
	var link *LinkError
	if !errors.As(err, &link) || link.ID != id || link.Op != op || !errors.Is(err, cause) {
		t.Errorf("want connection %d ended in %s by %v, got %v", id, op, cause, err)
	}
}

func TestServeHandsOverFramesInOrderUntilThePeerCloses(t *testing.T) {
	master, slave := pipe(t, ConnConfig{ID: 7}, ConnConfig{})
	var got []any
	ended := serving(master, func(m Message) error {
		d, err := Decode(m)
		got = append(got, m.Event, d)
		return err
	})
	want := []any{EvtSlaveHello, &SlaveHelloData{Running: true}, EvtShutdown, nil}
	if err := slave.Send(EvtSlaveHello, SlaveHelloData{Running: true}); err != nil {
		t.Fatal(err)
	}
	if err := slave.Send(EvtShutdown, nil); err != nil {
		t.Fatal(err)
	}
	_ = slave.Close()
	checkEnd(t, <-ended, 7, "read", io.EOF)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("want %v, got %v", want, got)
	}
	if master.ID() != 7 {
		t.Errorf("want id 7, got %d", master.ID())
	}
}

func TestTheReasonOfTheEndIsTheSameForEveryCall(t *testing.T) {
	refused := errors.New("refused by the handler")
	write := func(peer net.Conn, bytes string) {
		if _, err := peer.Write([]byte(bytes)); err != nil {
			t.Error(err)
		}
	}
	for name, c := range map[string]struct {
		op    string
		cause error
		end   func(c *Conn, peer net.Conn)
	}{
		"closed here":            {"close", ErrClosed, func(c *Conn, _ net.Conn) { _ = c.Close() }},
		"closed there":           {"read", io.EOF, func(_ *Conn, peer net.Conn) { _ = peer.Close() }},
		"cut in a header":        {"read", ErrTruncated, func(_ *Conn, peer net.Conn) { write(peer, "\x01\x00"); _ = peer.Close() }},
		"an impossible length":   {"read", ErrTooLarge, func(_ *Conn, peer net.Conn) { write(peer, "\x05\x00\x00\x00\xff\xff\xff\xff") }},
		"an error of handler's":  {"handle", refused, func(_ *Conn, peer net.Conn) { write(peer, "\x06\x00\x00\x00\x00\x00\x00\x00") }},
		"a body it can't decode": {"handle", ErrMalformed, func(_ *Conn, peer net.Conn) { write(peer, "\x05\x00\x00\x00\x00\x00\x00\x00") }},
	} {
		t.Run(name, func(t *testing.T) {
			near, far := net.Pipe()
			defer func() { _ = far.Close() }()
			conn := NewConn(near, ConnConfig{ID: 3})
			var reasons []error
			conn.SetCloseHandler(func(reason error) { reasons = append(reasons, reason) })
			if conn.Err() != nil {
				t.Fatalf("want no error before the end, got %v", conn.Err())
			}
			ended := serving(conn, func(m Message) error {
				if _, err := Decode(m); err != nil {
					return err
				}
				return refused
			})
			c.end(conn, far)
			err := <-ended
			<-conn.Done()
			checkEnd(t, err, 3, c.op, c.cause)
			_, receiveErr := conn.Receive()
			_, expectErr := conn.Expect(EvtSlaveHello)
			for call, got := range map[string]error{
				"Err":          conn.Err(),
				"Receive":      receiveErr,
				"Expect":       expectErr,
				"Serve":        conn.Serve(ignore),
				"Send":         conn.Send(EvtShutdown, nil),
				"Enqueue":      conn.Enqueue(EvtShutdown, nil),
				"SendRaw":      conn.SendRaw(AppendMessage(nil, Message{Event: EvtShutdown})),
				"WriteMessage": conn.WriteMessage(Message{Event: EvtGuildState, Body: make([]byte, 2*copyLimit)}),
			} {
				if !errors.Is(got, err) {
					t.Errorf("%s: want %v, got %v", call, err, got)
				}
			}
			_ = conn.Close()
			if len(reasons) != 1 || !errors.Is(reasons[0], err) {
				t.Errorf("want the close handler called once with %v, got %v", err, reasons)
			}
		})
	}
}

func TestTheCloseHandlerIsCalledOnceByWhicheverComesFirst(t *testing.T) {
	for range 100 {
		near, far := net.Pipe()
		conn := NewConn(near, ConnConfig{})
		var calls atomic.Int32
		conn.SetCloseHandler(func(error) {
			calls.Add(1)
			_ = conn.Close() // must neither wait for itself nor call again
		})
		var all sync.WaitGroup
		for _, f := range []func(){
			func() { _ = conn.Close() },
			func() { _ = far.Close() },
			func() { _ = conn.Serve(ignore) },
			func() { _ = conn.Send(EvtShutdown, nil) },
			func() { _ = conn.Enqueue(EvtShutdown, nil) },
			func() { _ = conn.Flush() },
		} {
			all.Go(f)
		}
		all.Wait()
		<-conn.Done()
		if err := conn.Flush(); err == nil {
			_ = conn.Close()
		}
		if n := calls.Load(); n != 1 {
			t.Fatalf("want one call, got %d", n)
		}
	}
}

func TestACloseHandlerThatComesLateIsCalledAtOnceAndOnlyOnce(t *testing.T) {
	conn, _ := pipe(t, ConnConfig{}, ConnConfig{})
	_ = conn.Close()
	calls := 0
	for range 2 {
		conn.SetCloseHandler(func(reason error) {
			calls++
			checkEnd(t, reason, 0, "close", ErrClosed)
		})
	}
	if calls != 1 {
		t.Errorf("want one call, got %d", calls)
	}
}

func TestACloseHandlerMayCloseWhateverWriterFoundTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, write := range map[string]func(*Conn) error{
			"Send":    func(c *Conn) error { return c.Send(EvtShutdown, nil) },
			"Enqueue": func(c *Conn) error { return c.Enqueue(EvtShutdown, nil) },
		} {
			near, _ := net.Pipe() // nobody reads: the write deadline ends it
			conn := NewConn(near, ConnConfig{})
			var reason error
			conn.SetCloseHandler(func(err error) { reason = err; _ = conn.Close() })
			_ = write(conn)
			<-conn.Done()
			synctest.Wait()
			if reason == nil || !errors.Is(reason, conn.Err()) {
				t.Errorf("%s: want the handler called with %v, got %v", name, conn.Err(), reason)
			}
		}
	})
}

func TestSendLogErrLogsWhatCouldNotBeSent(t *testing.T) {
	core, logs := observer.New(zap.ErrorLevel)
	conn, peer := pipe(t, ConnConfig{ID: 5, Logger: zap.New(core)}, ConnConfig{})
	received := make(chan EventType, 1)
	serving(peer, func(m Message) error { received <- m.Event; return nil })
	conn.SendLogErr(EvtShutdown, nil)
	if e := <-received; e != EvtShutdown || logs.Len() != 0 {
		t.Errorf("want the frame sent and nothing logged, got %s and %d entries", e, logs.Len())
	}
	_ = conn.Close()
	conn.SendLogErr(EvtResume, nil)
	if logs.Len() != 1 {
		t.Fatalf("want one entry, got %d", logs.Len())
	}
	fields := logs.All()[0].ContextMap()
	if fields["conn"] != int64(5) || fields["event"] != "EvtResume" || fields["error"] == nil {
		t.Errorf("want connection, event and error named, got %v", fields)
	}
}
