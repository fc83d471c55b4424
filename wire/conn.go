package wire

import (
	"net"
	"sync"

	"go.uber.org/zap"
)

// Conn sends and receives frames over a net.Conn that it owns. Every method may be called from any goroutine, but Receive and
// Serve belong to one goroutine at a time.
//
// A Conn ends once: by Close, by the end or a fault of the stream, or by a write that fails or takes too long. From then on
// every call returns the same LinkError, which Err returns too.
type Conn struct {
	cfg    ConnConfig
	nc     net.Conn
	reader *Reader
	done   chan struct{} // closed when the Conn has ended

	mu         sync.Mutex
	turn       sync.Cond // a batch was written, a background writer has gone, or the Conn has ended
	pending    []byte    // frames that wait to be written
	spare      []byte    // the other buffer: the two take turns
	queued     uint64    // bytes ever taken for writing
	written    uint64    // bytes of those that the net.Conn has accepted
	writing    bool      // somebody writes; nobody else may touch the net.Conn's writing side
	waiting    int       // senders that wait for their turn
	background bool      // a goroutine runs that writes what was enqueued
	err        error     // why the Conn has ended
	announced  bool      // the end was made known, or is about to be
	onClose    func(error)
	handled    bool // onClose was called, or is about to be
}

// NewConn returns a Conn on nc. cfg must be valid.
func NewConn(nc net.Conn, cfg ConnConfig) *Conn {
	c := &Conn{cfg: cfg.withDefaults(), nc: nc, reader: NewReader(nc, cfg.Limits), done: make(chan struct{})}
	c.turn.L = &c.mu
	return c
}

// ID returns the connection's name from its ConnConfig.
func (c *Conn) ID() int64 { return c.cfg.ID }

// Unknown returns how many frames of unknown events were skipped. It belongs to the goroutine that receives.
func (c *Conn) Unknown() uint64 { return c.reader.Unknown() }

// Done returns a channel that is closed when the Conn has ended.
func (c *Conn) Done() <-chan struct{} { return c.done }

// Err returns why the Conn has ended, a *LinkError, or nil while it has not.
func (c *Conn) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// SetCloseHandler sets what is called, once in the Conn's life, when it has ended, with the reason. It runs on the goroutine that
// found the end, without any lock held, so it may use the Conn. If the Conn has ended already it is called at once.
func (c *Conn) SetCloseHandler(handler func(reason error)) {
	c.mu.Lock()
	c.onClose = handler
	late := c.announced
	c.mu.Unlock()
	if late {
		c.callCloseHandler()
	}
}

// Close ends the Conn with ErrClosed, unless it has ended already, and waits for writes under way to come back. Frames that
// were only enqueued may be lost; Flush first to have them sent. It always returns nil.
func (c *Conn) Close() error {
	c.end("close", ErrClosed)
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.writing || c.background {
		c.turn.Wait()
	}
	return nil
}

// end ends the Conn, if it has not ended yet, and makes the end known.
func (c *Conn) end(op string, cause error) {
	c.mu.Lock()
	c.fail(op, cause)
	c.mu.Unlock()
	c.announce()
}

// fail makes every call from now on return the cause. c.mu is held; the caller calls announce when it is not.
func (c *Conn) fail(op string, cause error) {
	if c.err == nil {
		c.err = &LinkError{ID: c.cfg.ID, Op: op, Err: cause}
		c.pending, c.spare = nil, nil
		c.turn.Broadcast()
	}
}

// announce makes the end known, if there is one and nobody has yet.
func (c *Conn) announce() {
	c.mu.Lock()
	first := c.err != nil && !c.announced
	c.announced = c.announced || first
	c.mu.Unlock()
	if first {
		_ = c.nc.Close() // why the Conn has ended is known already
		close(c.done)
		c.callCloseHandler()
	}
}

func (c *Conn) callCloseHandler() {
	c.mu.Lock()
	handler, reason := c.onClose, c.err
	if c.handled {
		handler = nil
	}
	c.handled = c.handled || handler != nil
	c.mu.Unlock()
	if handler != nil {
		handler(reason)
	}
}

// Receive returns the next frame. Its body is valid until the following call. An error has ended the Conn.
func (c *Conn) Receive() (Message, error) {
	return c.received(c.reader.Next())
}

// Expect is Receive for a frame that must be of event e; any other ends the Conn, its body unread. Every link starts with
// an EvtSlaveHello.
func (c *Conn) Expect(e EventType) (Message, error) {
	return c.received(c.reader.Expect(e))
}

func (c *Conn) received(m Message, err error) (Message, error) {
	if err != nil {
		c.end("read", err)
		return Message{}, c.Err()
	}
	return m, nil
}

// Serve calls handler for each incoming frame until the Conn ends, and returns why; it never returns nil. A frame's body is
// valid until handler returns: Clone what is kept. While handler runs nothing is read, which is the back pressure. An error from
// handler ends the Conn.
func (c *Conn) Serve(handler func(Message) error) error {
	for {
		m, err := c.Receive()
		if err != nil {
			return err
		}
		if err := handler(m); err != nil {
			c.end("handle", err)
			return c.Err()
		}
	}
}

// SendLogErr is Send that logs the error instead of returning it, for a caller that goes on in either case.
func (c *Conn) SendLogErr(e EventType, data any) {
	if err := c.Send(e, data); err != nil {
		c.cfg.Logger.Error("frame not sent", zap.Int64("conn", c.cfg.ID), zap.Stringer("event", e), zap.Error(err))
	}
}
