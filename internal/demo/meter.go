package demo

import (
	"encoding/binary"
	"net"
	"sync/atomic"

	"github.com/shardbaton/baton/wire"
)

// meter counts the state that slaves send to the master. It reads frame headers
// as they pass and nothing else.
type meter struct{ records, bytes atomic.Int64 }

// state returns what was counted so far.
func (m *meter) state() State { return State{Records: m.records.Load(), Bytes: m.bytes.Load()} }

// listen returns a listener whose connections are metered.
func (m *meter) listen(l net.Listener) net.Listener { return meteredListener{l, m} }

type meteredListener struct {
	net.Listener
	meter *meter
}

// Accept implements [net.Listener].
func (l meteredListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &meteredConn{Conn: conn, meter: l.meter}, nil
}

// meteredConn follows the frames of one connection. Reading is the business of
// one goroutine at a time.
type meteredConn struct {
	net.Conn
	meter *meter

	header []byte // as much of the next header as was seen
	body   int    // bytes of the present body that are still to come
}

// Read implements [net.Conn].
func (c *meteredConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.follow(p[:n])
	return n, err
}

func (c *meteredConn) follow(p []byte) {
	for len(p) > 0 {
		if c.body > 0 {
			n := min(c.body, len(p))
			c.body, p = c.body-n, p[n:]
			continue
		}
		n := min(wire.HeaderSize-len(c.header), len(p))
		c.header, p = append(c.header, p[:n]...), p[n:]
		if len(c.header) < wire.HeaderSize {
			return
		}
		event := wire.EventType(binary.LittleEndian.Uint32(c.header))
		c.body = int(binary.LittleEndian.Uint32(c.header[4:]))
		c.header = c.header[:0]
		if event == wire.EvtGuildState {
			c.meter.records.Add(1)
			c.meter.bytes.Add(int64(c.body))
		}
	}
}
