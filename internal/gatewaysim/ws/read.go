package ws

import (
	"encoding/binary"
	"fmt"
	"io"
)

// Message is a whole message, or one control frame.
type Message struct {
	Op      Opcode
	Payload []byte // valid until the next Read
}

// Read returns the next message or control frame, whichever comes first;
// control frames between the fragments of a message are returned at once. It
// answers nothing.
//
// It returns *Error when the peer breaks the protocol, and whatever the
// connection returns otherwise. One goroutine may read.
func (c *Conn) Read() (Message, error) {
	for {
		h, err := c.readHeader()
		if err != nil {
			return Message{}, err
		}
		if h.op.control() {
			payload, err := c.readPayload(c.control[:0], h)
			return Message{Op: h.op, Payload: payload}, err
		}
		if err := c.checkData(h); err != nil {
			return Message{}, err
		}
		if c.data, err = c.readPayload(c.data, h); err != nil {
			return Message{}, err
		}
		if h.final {
			message := Message{Op: c.dataOp, Payload: c.data}
			c.dataOp, c.data = OpContinuation, c.data[:0]
			return message, nil
		}
	}
}

type header struct {
	final  bool
	op     Opcode
	length uint64
	mask   [4]byte
}

func (c *Conn) readHeader() (header, error) {
	var b [8]byte
	if _, err := io.ReadFull(c.br, b[:2]); err != nil {
		return header{}, err
	}
	h := header{final: b[0]&0x80 != 0, op: Opcode(b[0] & 0x0F), length: uint64(b[1] & 0x7F)}
	switch {
	case b[0]&0x70 != 0:
		return header{}, &Error{CodeProtocolError, "reserved bits set without an extension"}
	case h.op > OpBinary && h.op < OpClose, h.op > OpPong:
		return header{}, &Error{CodeProtocolError, "unknown " + h.op.String()}
	case b[1]&0x80 == 0:
		return header{}, &Error{CodeProtocolError, "a client's frame must be masked"}
	case h.op.control() && (!h.final || h.length > maxControl):
		return header{}, &Error{CodeProtocolError, "a control frame must be whole and at most 125 bytes"}
	}
	switch h.length {
	case 126:
		if _, err := io.ReadFull(c.br, b[:2]); err != nil {
			return header{}, err
		}
		h.length = uint64(binary.BigEndian.Uint16(b[:2]))
	case 127:
		if _, err := io.ReadFull(c.br, b[:8]); err != nil {
			return header{}, err
		}
		h.length = binary.BigEndian.Uint64(b[:8])
	}
	_, err := io.ReadFull(c.br, h.mask[:])
	return h, err
}

// checkData keeps the order of fragments (section 5.4) and the limit, before
// anything is allocated.
func (c *Conn) checkData(h header) error {
	started := c.dataOp != OpContinuation
	switch {
	case h.op == OpContinuation && !started:
		return &Error{CodeProtocolError, "continuation of no message"}
	case h.op != OpContinuation && started:
		return &Error{CodeProtocolError, "new message inside a fragmented one"}
	case h.length > uint64(c.limit) || uint64(len(c.data))+h.length > uint64(c.limit):
		return &Error{CodeTooBig, fmt.Sprintf("message above the limit of %d bytes", c.limit)}
	}
	if !started {
		c.dataOp = h.op
	}
	return nil
}

// readPayload appends the unmasked payload to dst.
func (c *Conn) readPayload(dst []byte, h header) ([]byte, error) {
	start := len(dst)
	dst = append(dst, make([]byte, h.length)...)
	if _, err := io.ReadFull(c.br, dst[start:]); err != nil {
		return nil, err
	}
	for i := range dst[start:] {
		dst[start+i] ^= h.mask[i&3]
	}
	return dst, nil
}
