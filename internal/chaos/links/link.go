package links

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"github.com/shardbaton/baton/wire"
)

const (
	// piece is the most that is passed on at once, so that a slow link trickles.
	piece = 4 << 10
	// inFlight is how many pieces a direction holds: what a socket's buffer would.
	inFlight = 16
)

// link is one connection of a slave.
type link struct {
	proxy  *Proxy
	client net.Conn
	closed chan struct{}
	once   sync.Once

	// The proxy's lock guards these.
	slave  string
	state  bool     // it carries state
	known  bool     // the two above are
	master net.Conn // nil until it is dialled
}

func newLink(p *Proxy, client net.Conn) *link {
	return &link{proxy: p, client: client, closed: make(chan struct{})}
}

// cut resets both connections at once, whatever is on its way. The proxy's lock is
// held.
func (l *link) cut() {
	l.once.Do(func() {
		close(l.closed)
		reset(l.client)
		if l.master != nil {
			reset(l.master)
		}
	})
}

// end cuts without the proxy's lock.
func (l *link) end() {
	l.proxy.mu.Lock()
	defer l.proxy.mu.Unlock()
	l.cut()
}

// reset closes a connection so that its peer sees a reset, where there is one.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// run passes the connection on until it ends.
func (l *link) run(ctx context.Context) {
	defer l.end()
	seen, hello, err := readHello(l.client)
	if err == nil && !l.proxy.introduce(l, hello) {
		return
	}
	// What is no hello passes all the same: the master shall see it.
	if len(seen) == 0 {
		return
	}
	master, err := l.proxy.dial(ctx)
	if err != nil {
		return
	}
	if !l.connected(master) {
		return
	}
	var ways sync.WaitGroup
	ways.Go(func() { l.pass(io.MultiReader(bytes.NewReader(seen), l.client), l.master) })
	ways.Go(func() { l.pass(l.master, l.client) })
	ways.Wait()
}

// connected notes the connection to the master, unless the link was cut meanwhile.
func (l *link) connected(master net.Conn) bool {
	l.proxy.mu.Lock()
	defer l.proxy.mu.Unlock()
	select {
	case <-l.closed:
		_ = master.Close()
		return false
	default:
		l.master = master
		return true
	}
}

// readHello reads the first frame. seen is everything that was read on the way; the
// error says that it is no hello.
func readHello(conn net.Conn) (seen []byte, hello wire.SlaveHelloData, err error) {
	var all bytes.Buffer
	message, err := wire.NewReader(io.TeeReader(conn, &all), wire.Limits{}).Expect(wire.EvtSlaveHello)
	if err != nil {
		return all.Bytes(), hello, err
	}
	err = wire.DecodeBody(message.Event, message.Body, &hello)
	return all.Bytes(), hello, err
}

// chunk is what was read at once, and when it may be written.
type chunk struct {
	data []byte
	due  time.Time
	// last says that nothing follows; broken, that the stream ended by a failure.
	last, broken bool
}

// pass copies one direction under the link's conditions. The news of its end travels
// as what was read before it does; the end by a failure ends both directions.
func (l *link) pass(from io.Reader, to net.Conn) {
	queue := make(chan chunk, inFlight)
	var reader sync.WaitGroup
	reader.Go(func() {
		for {
			conditions := l.proxy.conditions(l)
			buffer := make([]byte, conditions.size())
			n, err := from.Read(buffer)
			// They may have changed while there was nothing to read.
			due := time.Now().Add(l.proxy.conditions(l).Latency)
			c := chunk{data: buffer[:n], due: due, last: err != nil, broken: err != nil && !errors.Is(err, io.EOF)}
			select {
			case queue <- c:
			case <-l.closed:
				return
			}
			if c.last {
				return
			}
		}
	})
	l.write(queue, to)
	reader.Wait()
}

// write writes what is queued, each piece when it is due, until the last one or the
// link's end.
func (l *link) write(queue <-chan chunk, to net.Conn) {
	for {
		var c chunk
		select {
		case c = <-queue:
		case <-l.closed:
			return
		}
		if !l.wait(time.Until(c.due)) {
			return
		}
		if _, err := to.Write(c.data); err != nil {
			l.end()
			return
		}
		if c.last {
			l.finish(to, c.broken)
			return
		}
		if !l.wait(l.proxy.conditions(l).free(len(c.data))) {
			return
		}
	}
}

// finish tells one end that the other one has ended.
func (l *link) finish(to net.Conn, broken bool) {
	half, ok := to.(interface{ CloseWrite() error })
	if broken || !ok {
		l.end()
		return
	}
	// The other direction may have something left to say.
	_ = half.CloseWrite()
}

// wait waits for so long, and returns false should the link be cut meanwhile.
func (l *link) wait(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-l.closed:
		return false
	}
}
