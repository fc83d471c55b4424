package wire

import (
	"bufio"
	"errors"
	"io"
)

const (
	readBuffer = 16 << 10
	firstBody  = 4 << 10 // a body buffer's first size; it then grows with what has arrived
	keptBody   = 1 << 20 // a body buffer above this goes with its body, or each link would keep its largest for ever
)

// Reader reads frames from a stream. It belongs to one goroutine.
type Reader struct {
	r       *bufio.Reader
	limits  Limits
	buf     []byte // for bodies
	unknown uint64
}

// NewReader returns a Reader on r, which it reads ahead of the frames it returns. limits must be valid.
func NewReader(r io.Reader, limits Limits) *Reader {
	return &Reader{r: bufio.NewReaderSize(r, readBuffer), limits: limits}
}

// Next returns the next frame of a known event. Its body is valid until the following call. Frames of unknown events are skipped
// and counted.
//
// The error is io.EOF when the stream ends between two frames, a TruncatedError when it ends inside one, a TooLargeError when
// a header announces more than the limit, or the stream's own. None can be read past.
func (r *Reader) Next() (Message, error) {
	for {
		e, length, err := r.header()
		if err != nil {
			return Message{}, err
		}
		if e.Known() {
			return r.body(e, length)
		}
		r.unknown++
		if n, err := r.r.Discard(length); err != nil {
			return Message{}, truncated(e, length, n, err)
		}
	}
}

// Expect is Next for a frame that must be of event e. Any other gives an UnexpectedEventError, with its body unread: so a
// peer that has yet to say who it is cannot send a long one.
func (r *Reader) Expect(e EventType) (Message, error) {
	got, length, err := r.header()
	if err != nil {
		return Message{}, err
	}
	if got != e {
		return Message{}, &UnexpectedEventError{Want: e, Got: got}
	}
	return r.body(e, length)
}

// Unknown returns how many frames of unknown events were skipped.
func (r *Reader) Unknown() uint64 { return r.unknown }

// header reads a header and holds the length against the limit.
func (r *Reader) header() (e EventType, length int, err error) {
	var head [HeaderSize]byte
	if n, err := io.ReadFull(r.r, head[:]); err != nil {
		if n == 0 {
			return 0, 0, err
		}
		return 0, 0, truncated(0, HeaderSize, n, err)
	}
	e, claim := header(head[:])
	if limit := r.limits.For(e); int64(claim) > int64(limit) {
		return 0, 0, &TooLargeError{Event: e, Length: int64(claim), Limit: limit}
	}
	return e, int(claim), nil
}

// body fills the reused buffer. The length is only a claim, so the buffer is never more than twice what has arrived.
func (r *Reader) body(e EventType, length int) (Message, error) {
	if cap(r.buf) > keptBody {
		r.buf = nil
	}
	got := 0
	for got < length {
		if got == cap(r.buf) {
			grown := make([]byte, min(length, max(firstBody, 2*got)))
			copy(grown, r.buf[:got])
			r.buf = grown
		}
		n, err := io.ReadFull(r.r, r.buf[got:min(length, cap(r.buf))])
		if got += n; err != nil {
			return Message{}, truncated(e, length, got, err)
		}
	}
	return Message{Event: e, Body: r.buf[:length]}, nil
}

func truncated(e EventType, length, got int, err error) error {
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return &TruncatedError{Event: e, Length: int64(length), Offset: int64(got), Err: err}
}
