package wire

import (
	"time"
)

const (
	writeChunk = 256 << 10 // bytes under one write deadline
	copyLimit  = 64 << 10  // a longer body is written from the caller's memory, not copied first
	keepBuffer = 1 << 20   // a longer send buffer is given back to the heap after use
)

// There is no writer goroutine while nothing is queued. Whoever adds a frame and finds that nobody writes becomes the writer,
// so a lone frame goes out on the goroutine that sends it; whoever finds a writer adds to its next batch, so that frames
// which queue up share one write.

// Send sends one event and returns when the net.Conn has accepted it. data is as for EncodeEvent, whose errors it returns; it
// returns a TooLargeError for a body over this side's own limit. These do not end the Conn; any other error is the
// LinkError that has.
func (c *Conn) Send(e EventType, data any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.add(e, data); err != nil {
		return err
	}
	return c.sent(c.queued)
}

// Enqueue is Send that never waits for the peer: the frame goes out in the background, in order with all others. It
// returns a QueueFullError, with the frame not queued, once ConnConfig.QueueLimit is reached: the peer then does not read.
func (c *Conn) Enqueue(e EventType, data any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if waiting := int(c.queued - c.written); waiting >= c.cfg.QueueLimit {
		return &QueueFullError{Event: e, Queued: waiting, Limit: c.cfg.QueueLimit}
	}
	if err := c.add(e, data); err != nil {
		return err
	}
	if !c.writing {
		c.writeInBackground()
	}
	return nil
}

// Flush returns when everything sent or enqueued before has been accepted by the net.Conn, or with the LinkError that ended it.
func (c *Conn) Flush() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sent(c.queued)
}

// SendRaw sends bytes that are already frames, one or several, each whole; EncodeEvent makes them. It keeps their order and does
// not mix others in between. Unlike the seed's SendNoLock it may be called from any goroutine. Bytes that do not end
// where a frame ends give a MalformedError, and nothing is sent.
func (c *Conn) SendRaw(frames []byte) error {
	if err := c.checkFrames(frames); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.write(nil, frames)
}

// WriteMessage sends a frame as it is, for passing one on from another Conn. It returns when the net.Conn has accepted
// it, and does not keep the body.
func (c *Conn) WriteMessage(m Message) error {
	if err := c.checkLength(m.Event, len(m.Body)); err != nil {
		return err
	}
	head := AppendMessage(nil, Message{Event: m.Event})
	putHeader(head, m.Event, len(m.Body))
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.write(head, m.Body)
}

// add encodes a frame behind those that wait. c.mu is held.
func (c *Conn) add(e EventType, data any) error {
	if c.err != nil {
		return c.err
	}
	before := len(c.pending)
	out, err := AppendFrame(c.pending, e, data)
	if err == nil {
		err = c.checkLength(e, len(out)-before-HeaderSize)
	}
	if err != nil {
		return err
	}
	c.pending = out
	c.queued += uint64(len(out) - before)
	return nil
}

// sent returns when all bytes up to mark are written, writing them itself if nobody else does. c.mu is held.
func (c *Conn) sent(mark uint64) error {
	for c.err == nil && c.written < mark {
		if c.writing {
			c.turn.Wait()
			continue
		}
		c.writing = true
		c.writeBatch(nil)
		c.writing = false
		// What queued up meanwhile is not this caller's: a sender who waits takes over, or the background does.
		c.turn.Broadcast()
		if c.err == nil && c.written >= mark && len(c.pending) > 0 {
			c.writeInBackground()
		}
	}
	if c.written >= mark {
		return nil
	}
	return c.err
}

// write sends head and body without letting another frame in between, without copying a long body. c.mu is held.
func (c *Conn) write(head, body []byte) error {
	if c.err != nil {
		return c.err
	}
	if len(body) <= copyLimit {
		c.pending = append(append(c.pending, head...), body...)
		c.queued += uint64(len(head) + len(body))
		return c.sent(c.queued)
	}
	for c.writing && c.err == nil {
		c.turn.Wait()
	}
	if c.err != nil {
		return c.err
	}
	c.writing = true
	c.pending = append(append(c.pending, head...), body[:copyLimit]...)
	c.queued += uint64(len(head) + len(body))
	c.writeBatch(body[copyLimit:])
	c.writing = false
	c.turn.Broadcast()
	if c.err == nil && len(c.pending) > 0 {
		c.writeInBackground()
	}
	return c.err
}

// writeInBackground writes until nothing waits. c.mu is held and nobody writes.
func (c *Conn) writeInBackground() {
	c.writing = true
	c.writes.Go(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		for c.err == nil && len(c.pending) > 0 {
			c.writeBatch(nil)
			c.turn.Broadcast()
		}
		c.writing = false
		c.turn.Broadcast()
	})
}

// writeBatch writes everything that waits, and then tail. c.mu is held, and let go for the time of the write; the
// caller has set c.writing.
func (c *Conn) writeBatch(tail []byte) {
	batch := c.pending
	c.pending = c.spare[:0]
	c.spare = nil
	c.mu.Unlock()
	err := c.writeChunks(batch)
	if err == nil {
		err = c.writeChunks(tail)
	}
	if err != nil {
		c.end("write", err)
	}
	c.mu.Lock()
	if cap(batch) <= keepBuffer {
		c.spare = batch[:0]
	}
	if err == nil {
		c.written += uint64(len(batch) + len(tail))
	}
}

// writeChunks writes b under a deadline that is set anew for each chunk: a slow peer is one that stands still, not one that
// gets much.
func (c *Conn) writeChunks(b []byte) error {
	for len(b) > 0 {
		n := min(len(b), writeChunk)
		if c.cfg.WriteTimeout > 0 {
			if err := c.nc.SetWriteDeadline(time.Now().Add(c.cfg.WriteTimeout)); err != nil {
				return err
			}
		}
		if _, err := c.nc.Write(b[:n]); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

func (c *Conn) checkLength(e EventType, length int) error {
	if limit := c.cfg.Limits.For(e); length > limit {
		return &TooLargeError{Event: e, Length: int64(length), Limit: limit}
	}
	return nil
}

// checkFrames holds that b is whole frames within the limits.
func (c *Conn) checkFrames(b []byte) error {
	for at := 0; at < len(b); {
		left := len(b) - at
		if left < HeaderSize {
			return &MalformedError{Length: len(b), Offset: at, Reason: "want whole frames, got part of a header"}
		}
		e, length := header(b[at:])
		if err := c.checkLength(e, int(length)); err != nil {
			return err
		}
		if int64(length) > int64(left-HeaderSize) {
			return &MalformedError{Event: e, Length: len(b), Offset: at, Reason: "want whole frames, got part of a body"}
		}
		at += HeaderSize + int(length)
	}
	return nil
}
