package master

import (
	"net"
	"sync"

	"github.com/shardbaton/baton/wire"
)

// pipeListener is a listener whose connections are in memory, for tests in which
// time is simulated.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
}

// dial returns the slave's end of a new connection.
func (l *pipeListener) dial() net.Conn {
	near, far := net.Pipe()
	select {
	case l.conns <- far:
	case <-l.closed:
		_ = far.Close()
	}
	return near
}

// Accept implements [net.Listener].
func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case nc := <-l.conns:
		return nc, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener].
func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr implements [net.Listener].
func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "/pipe", Net: "unix"} }

// hello1 is the first hello of a slave of dialect 1.
func hello1() wire.SlaveHelloData { return wire.SlaveHelloData{} }
