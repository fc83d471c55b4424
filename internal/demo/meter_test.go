package demo

import (
	"errors"
	"io"
	"net"
	"testing"
	"testing/iotest"

	"github.com/shardbaton/baton/wire"
)

// once is a listener with one connection.
type once struct {
	net.Listener
	conn net.Conn
}

func (o *once) Accept() (net.Conn, error) {
	if o.conn == nil {
		return nil, net.ErrClosed
	}
	conn := o.conn
	o.conn = nil
	return conn, nil
}

func TestTheMeterCountsStateHoweverItIsSplit(t *testing.T) {
	var stream []byte
	for _, frame := range []struct {
		event wire.EventType
		body  int
	}{{wire.EvtSlaveHello, 20}, {wire.EvtGuildState, 3}, {wire.EvtHeartbeat, 0}, {wire.EvtGuildState, 70000}, {wire.EvtGuildState, 0}} {
		text, err := wire.EncodeEvent(frame.event, make([]byte, frame.body))
		if err != nil {
			t.Fatal(err)
		}
		stream = append(stream, text...)
	}
	want := State{Records: 3, Bytes: 70003}
	for name, split := range map[string]func(io.Reader) io.Reader{
		"whole":        func(r io.Reader) io.Reader { return r },
		"in halves":    iotest.HalfReader,
		"byte by byte": iotest.OneByteReader,
	} {
		t.Run(name, func(t *testing.T) {
			client, server := net.Pipe()
			written := make(chan error, 1)
			go func() {
				_, err := client.Write(stream)
				_ = client.Close()
				written <- err
			}()
			var m meter
			conn, err := m.listen(&once{conn: server}).Accept()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, split(conn)); err != nil {
				t.Fatal(err)
			}
			if err := <-written; err != nil {
				t.Fatal(err)
			}
			if got := m.state(); got != want {
				t.Errorf("counted %+v, want %+v", got, want)
			}
		})
	}
}

func TestTheMeterPassesTheListenersErrorOn(t *testing.T) {
	var m meter
	if _, err := m.listen(new(once)).Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v, want net.ErrClosed", err)
	}
}
