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
// which queue up share one write. What is held always: while frames wait, somebody writes, or a sender waits to, or the
// background writer is there.

// Send sends one event and returns when the net.Conn has accepted it. data is as for EncodeEvent, whose errors it returns; it
// returns a TooLargeError for a body over this side's own limit. These do not end the Conn; any other error is the
// LinkError that has.
func (c *Conn) Send(e EventType, data any) error {
	c.mu.Lock()
	err := c.add(e, data)
	if err == nil {
		err = c.sent(c.queued)
	}
	return c.unlock(err)
}

// Enqueue is Send that never waits for the peer: the frame goes out in the background, in order with all others. It
// returns a QueueFullError, with the frame not queued, once ConnConfig.QueueLimit is reached: the peer then does not read.
func (c *Conn) Enqueue(e EventType, data any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if waiting := int(c.queued - c.written); c.err == nil && waiting >= c.cfg.QueueLimit {
		return &QueueFullError{Event: e, Queued: waiting, Limit: c.cfg.QueueLimit}
	}
	err := c.add(e, data)
	c.handOver()
	return err
}

// Flush returns when everything sent or enqueued before has been accepted by the net.Conn, or with the LinkError that ended it.
func (c *Conn) Flush() error {
	c.mu.Lock()
	return c.unlock(c.sent(c.queued))
}

// SendRaw sends bytes that are already frames, one or several, each whole; EncodeEvent makes them. It keeps their order and does
// not mix others in between. Unlike the seed's SendNoLock it may be called from any goroutine. Bytes that do not end
// where a frame ends give a MalformedError, and nothing is sent.
func (c *Conn) SendRaw(frames []byte) error {
	if err := c.checkFrames(frames); err != nil {
		return err
	}
	return c.write(nil, frames)
}

// WriteMessage sends a frame as it is, for passing one on from another Conn. It returns when the net.Conn has accepted
// it, and does not keep the body.
func (c *Conn) WriteMessage(m Message) error {
	if err := c.checkLength(m.Event, len(m.Body)); err != nil {
		return err
	}
	var head [HeaderSize]byte
	putHeader(head[:], m.Event, len(m.Body))
	return c.write(head[:], m.Body)
}

// write sends head and body without another frame in between.
func (c *Conn) write(head, body []byte) error {
	c.mu.Lock()
	tail := body[min(len(body), copyLimit):]
	if len(tail) > 0 {
		// Too long to be copied behind what waits: it goes out from where it is, at the end of a batch of its own.
		c.wait(func() bool { return !c.writing })
	}
	if c.err != nil {
		return c.unlock(c.err)
	}
	c.pending = append(append(c.pending, head...), body[:len(body)-len(tail)]...)
	c.queued += uint64(len(head) + len(body))
	mark := c.queued
	if len(tail) > 0 {
		c.writeBatch(tail)
	}
	return c.unlock(c.sent(mark))
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

// sent returns when all bytes up to mark are written, and writes them if nobody else does. c.mu is held.
func (c *Conn) sent(mark uint64) error {
	for c.err == nil && c.written < mark {
		if c.writing {
			c.wait(func() bool { return !c.writing || c.written >= mark })
		} else {
			c.writeBatch(nil)
		}
	}
	c.handOver()
	if c.written >= mark {
		return nil
	}
	return c.err
}

// wait returns when ready holds or the Conn has ended. c.mu is held.
func (c *Conn) wait(ready func() bool) {
	c.waiting++
	for c.err == nil && !ready() {
		c.turn.Wait()
	}
	c.waiting--
}

// handOver starts the background writer if frames wait that nobody else is going to write. c.mu is held.
func (c *Conn) handOver() {
	if c.err != nil || len(c.pending) == 0 || c.writing || c.waiting > 0 || c.background {
		return
	}
	c.background = true
	go func() {
		c.mu.Lock()
		for c.err == nil && !c.writing && len(c.pending) > 0 {
			c.writeBatch(nil)
		}
		c.background = false
		c.turn.Broadcast() // for Close
		_ = c.unlock(c.err)
	}()
}

// writeBatch writes everything that waits, and then tail. c.mu is held and nobody writes; it is let go for the time of the write.
func (c *Conn) writeBatch(tail []byte) {
	batch := c.pending
	c.pending, c.spare = c.spare[:0], nil
	c.writing = true
	c.mu.Unlock()
	err := c.writeChunks(batch)
	if err == nil {
		err = c.writeChunks(tail)
	}
	c.mu.Lock()
	c.writing = false
	c.turn.Broadcast()
	if err != nil {
		c.fail("write", err)
		return
	}
	c.written += uint64(len(batch) + len(tail))
	if cap(batch) <= keepBuffer {
		c.spare = batch[:0]
	}
}

// unlock lets c.mu go and, after an error, makes known that the Conn has ended, if it has.
func (c *Conn) unlock(err error) error {
	c.mu.Unlock()
	if err != nil {
		c.announce()
	}
	return err
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
