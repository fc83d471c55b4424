package wire

import (
	"errors"
	"fmt"
)

// What errors.Is finds behind the errors of this package. The typed errors below carry the details.
var (
	ErrTooLarge     = errors.New("body too large")
	ErrTruncated    = errors.New("stream ends inside a frame")
	ErrMalformed    = errors.New("malformed body")
	ErrUnknownEvent = errors.New("unknown event")
	ErrUnexpected   = errors.New("unexpected event")
	ErrClosed       = errors.New("connection closed by this side")
	ErrQueueFull    = errors.New("send queue full")
)

// TooLargeError says that a frame's body is longer than the limit for its event. Nothing was allocated for it; the stream
// cannot be read on.
type TooLargeError struct {
	Event  EventType
	Length int64 // bytes, as the header says
	Limit  int   // bytes
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("wire: %s body of %d bytes is over the limit of %d: raise wire.Limits on both sides or send less at once",
		e.Event, e.Length, e.Limit)
}

// Is reports whether target is ErrTooLarge.
func (e *TooLargeError) Is(target error) bool { return target == ErrTooLarge }

// TruncatedError says that the stream ended, or failed, inside a frame.
type TruncatedError struct {
	Event  EventType // 0 if even the header is not complete
	Length int64     // bytes that the part cut short, the header or the body, should have
	Offset int64     // bytes of it that arrived
	Err    error     // what ended the stream: io.ErrUnexpectedEOF or the connection's error
}

func (e *TruncatedError) Error() string {
	part := "header"
	if e.Event != 0 {
		part = e.Event.String() + " body"
	}
	return fmt.Sprintf("wire: stream ends in a %s after %d of %d bytes: %v", part, e.Offset, e.Length, e.Err)
}

// Is reports whether target is ErrTruncated.
func (e *TruncatedError) Is(target error) bool { return target == ErrTruncated }

// Unwrap returns what ended the stream.
func (e *TruncatedError) Unwrap() error { return e.Err }

// MalformedError says that a body, or bytes given as a frame, are not what they should be.
type MalformedError struct {
	Event  EventType
	Length int    // bytes of the body
	Offset int    // where in it
	Reason string // what was expected and what stands there
}

func (e *MalformedError) Error() string {
	return fmt.Sprintf("wire: malformed %s body, at byte %d of %d: %s", e.Event, e.Offset, e.Length, e.Reason)
}

// Is reports whether target is ErrMalformed.
func (e *MalformedError) Is(target error) bool { return target == ErrMalformed }

// UnknownEventError says that an event's number is not one that this version knows. A Reader skips such frames; only Decode and
// DecodeBody return this.
type UnknownEventError struct {
	Event EventType
}

func (e *UnknownEventError) Error() string {
	return fmt.Sprintf("wire: unknown event %d: skip it, the peer may be newer", uint32(e.Event))
}

// Is reports whether target is ErrUnknownEvent.
func (e *UnknownEventError) Is(target error) bool { return target == ErrUnknownEvent }

// UnexpectedEventError says that a frame is not of the event that has to come here. Its body was not read.
type UnexpectedEventError struct {
	Want, Got EventType
}

func (e *UnexpectedEventError) Error() string {
	return fmt.Sprintf("wire: want a frame of %s first, got %s: the peer does not speak this protocol", e.Want, e.Got)
}

// Is reports whether target is ErrUnexpected.
func (e *UnexpectedEventError) Is(target error) bool { return target == ErrUnexpected }

// DataTypeError says that a value given for encoding or decoding is not one of this package's data types.
type DataTypeError struct {
	Event EventType
	Type  string // Go type of what was given
}

func (e *DataTypeError) Error() string {
	return fmt.Sprintf("wire: %s: want nil, []byte or a data struct of package wire, got %s", e.Event, e.Type)
}

// QueueFullError says that Conn.Enqueue did not queue a frame, because the peer reads too slowly.
type QueueFullError struct {
	Event  EventType
	Queued int // bytes that wait to be written
	Limit  int // bytes that may
}

func (e *QueueFullError) Error() string {
	return fmt.Sprintf("wire: %s not queued: %d bytes already wait for a peer that does not read (limit %d): close the connection",
		e.Event, e.Queued, e.Limit)
}

// Is reports whether target is ErrQueueFull.
func (e *QueueFullError) Is(target error) bool { return target == ErrQueueFull }

// LinkError says why a Conn ended. Err is io.EOF when the peer closed between two frames, ErrClosed after Close, one of this
// package's errors for a frame that cannot be read, the handler's error, or the net.Conn's.
type LinkError struct {
	ID  int64  // the Conn's
	Op  string // "read", "write", "handle" or "close"
	Err error
}

func (e *LinkError) Error() string {
	return fmt.Sprintf("wire: connection %d ended (%s): %v", e.ID, e.Op, e.Err)
}

// Unwrap returns the cause.
func (e *LinkError) Unwrap() error { return e.Err }
