package memnet

import (
	"context"
	"net"
	"sync"
	"time"
)

// Listener accepts connections from inside the process.
type Listener struct {
	delay  time.Duration
	queue  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// Listen returns a listener whose connections delay each way by delay.
func Listen(delay time.Duration) *Listener {
	return &Listener{delay: delay, queue: make(chan net.Conn), closed: make(chan struct{})}
}

// Dial connects to the listener. It returns net.ErrClosed when the listener is
// closed.
func (l *Listener) Dial(ctx context.Context) (net.Conn, error) {
	client, server := Pipe(l.delay)
	select {
	case l.queue <- server:
		return client, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// DialContext has the shape that http.Transport asks for; it ignores the
// address.
func (l *Listener) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	return l.Dial(ctx)
}

// Accept returns the next connection, or net.ErrClosed after Close.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.queue:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close makes Accept and Dial fail. Connections live on.
func (l *Listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr returns the address of everything in memory.
func (l *Listener) Addr() net.Addr { return Addr{} }
