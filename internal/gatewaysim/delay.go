package gatewaysim

import (
	"io"
	"net"
	"sync"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim/memnet"
)

// delayed is a listener that simulates a round-trip time on the connections it
// accepts. It relays each through a pipe that delays both ways by half of it.
type delayed struct {
	net.Listener
	rtt    time.Duration
	relays sync.WaitGroup
}

// Accept returns the near end of a relayed connection.
func (l *delayed) Accept() (net.Conn, error) {
	raw, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	near, far := memnet.Pipe(l.rtt / 2)
	stop := make(chan struct{})
	l.relays.Add(2)
	go func() {
		defer l.relays.Done()
		// A real client's first byte would leave one round trip after its SYN.
		opening := time.NewTimer(l.rtt)
		defer opening.Stop()
		select {
		case <-opening.C:
			_, _ = io.Copy(far, raw)
		case <-stop:
		}
		_ = far.Close()
	}()
	go func() {
		defer l.relays.Done()
		_, _ = io.Copy(raw, far)
		close(stop)
		_ = raw.Close()
		_ = far.Close()
	}()
	return &relayed{Conn: near, raw: raw}, nil
}

// relayed is the gateway's end of a delayed connection.
type relayed struct {
	net.Conn
	raw net.Conn
}

// reset makes the connection end with a TCP reset instead of a FIN, where it is
// TCP. What was sent may be lost on the way, as with a cable that is cut.
func reset(c net.Conn) {
	if r, ok := c.(*relayed); ok {
		reset(r.raw)
		return
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
}
