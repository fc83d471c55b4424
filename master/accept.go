package master

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"syscall"
	"time"

	"go.uber.org/zap"

	"github.com/shardbaton/baton/wire"
)

// acceptPause is the longest wait after an error of Accept that may pass.
const acceptPause = time.Second

// accept lets connections in until the master ends or the listener fails.
func (l *loop) accept(listener net.Listener) {
	pending := make(chan struct{}, l.m.cfg.MaxPending)
	var pause time.Duration
	for {
		nc, err := listener.Accept()
		switch {
		case err == nil:
			pause = 0
			l.admit(nc, pending)
		case l.work.Err() != nil:
			return
		case passing(err):
			pause = min(max(2*pause, 5*time.Millisecond), acceptPause)
			l.log.Warn("cannot accept a connection now", zap.Error(err), zap.Duration("pause", pause))
			l.pause(pause)
		default:
			l.m.post(input{call: func(l *loop) { l.fail(fmt.Errorf("master: listener failed: %w", err)) }})
			return
		}
	}
}

// passing tells whether an error of Accept is about the moment, not the listener.
func passing(err error) bool {
	for _, e := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED, syscall.EINTR} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// pause waits, but not beyond the end of the master.
func (l *loop) pause(d time.Duration) {
	ctx, cancel := context.WithTimeout(l.work, d)
	defer cancel()
	<-ctx.Done()
}

// admit serves a connection on a goroutine of its own. pending has room for those
// that have not said hello.
func (l *loop) admit(nc net.Conn, pending chan struct{}) {
	if !l.conns.add(nc) {
		return
	}
	select {
	case pending <- struct{}{}:
	default:
		l.log.Warn("connection refused: too many have not said hello", zap.Int("limit", cap(pending)))
		l.conns.remove(nc)
		return
	}
	l.group.Go(func() {
		defer l.conns.remove(nc)
		conn, hello, err := l.greet(nc)
		<-pending
		switch {
		case err != nil:
			l.log.Warn("connection refused", zap.Stringer("peer", nc.RemoteAddr()), zap.Error(err))
		case hello.Link == wire.LinkState:
			l.serveState(conn, hello)
		default:
			l.serveControl(conn, hello)
		}
	})
}

// greet reads the first frame, which must be a hello. The body of anything else is
// not even read.
func (l *loop) greet(nc net.Conn) (*wire.Conn, *wire.SlaveHelloData, error) {
	if err := nc.SetReadDeadline(time.Now().Add(l.m.cfg.Deadlines.Hello)); err != nil {
		return nil, nil, err
	}
	conn := wire.NewConn(nc, wire.ConnConfig{
		Limits: l.m.cfg.Limits, WriteTimeout: l.m.cfg.WriteTimeout, Logger: l.log,
	})
	first, err := conn.Expect(wire.EvtSlaveHello)
	if err != nil {
		return nil, nil, err
	}
	hello := new(wire.SlaveHelloData)
	if err := wire.DecodeBody(first.Event, first.Body, hello); err != nil {
		return nil, nil, err
	}
	if hello.Link != wire.LinkControl && hello.Link != wire.LinkState {
		return nil, nil, fmt.Errorf("want a control link (%q) or a state link (%q), got %q", wire.LinkControl, wire.LinkState, hello.Link)
	}
	return conn, hello, nc.SetReadDeadline(time.Time{})
}

// connSet holds the open connections, so that they can all be ended. The zero
// value is ready.
type connSet struct {
	mu    sync.Mutex
	conns map[net.Conn]struct{}
	ended bool
}

// add takes a connection in; after closeAll it closes it instead and reports false.
func (s *connSet) add(nc net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		_ = nc.Close()
		return false
	}
	if s.conns == nil {
		s.conns = make(map[net.Conn]struct{})
	}
	s.conns[nc] = struct{}{}
	return true
}

// remove closes a connection and forgets it.
func (s *connSet) remove(nc net.Conn) {
	s.mu.Lock()
	delete(s.conns, nc)
	s.mu.Unlock()
	_ = nc.Close()
}

// closeAll closes every connection, those to come included.
func (s *connSet) closeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	for nc := range s.conns {
		_ = nc.Close()
	}
}
