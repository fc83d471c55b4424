package slaveclient

import (
	"context"
	"sync"

	"github.com/shardbaton/baton/wire"
)

// stateLink tells those who send state which link is up now.
type stateLink struct {
	mu   sync.Mutex
	conn *wire.Conn
	made chan struct{} // closed when conn is set
}

func newStateLink() *stateLink { return &stateLink{made: make(chan struct{})} }

// set names the link that is up.
func (l *stateLink) set(conn *wire.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn == nil {
		close(l.made)
	}
	l.conn = conn
}

// drop forgets a link that was lost.
func (l *stateLink) drop(conn *wire.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil && l.conn == conn {
		l.conn = nil
		l.made = make(chan struct{})
	}
}

// wait returns the link, as soon as there is one.
func (l *stateLink) wait(ctx context.Context) (*wire.Conn, error) {
	for {
		l.mu.Lock()
		conn, made := l.conn, l.made
		l.mu.Unlock()
		if conn != nil {
			return conn, nil
		}
		select {
		case <-made:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}
