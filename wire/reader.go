package wire

import (
	"bufio"
	"errors"
	"io"
)

const (
	readBuffer = 16 << 10
	firstBody  = 4 << 10 // a body buffer's first size; it then grows with what has arrived
)

// Reader reads frames from a stream. It belongs to one goroutine.
type Reader struct {
	r       *bufio.Reader
	limits  Limits
	body    []byte
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
		var head [HeaderSize]byte
		if n, err := io.ReadFull(r.r, head[:]); err != nil {
			if n == 0 {
				return Message{}, err
			}
			return Message{}, &TruncatedError{Length: HeaderSize, Offset: int64(n), Err: err}
		}
		e, length := header(head[:])
		if limit := r.limits.For(e); int64(length) > int64(limit) {
			return Message{}, &TooLargeError{Event: e, Length: int64(length), Limit: limit}
		}
		if e.Known() {
			body, err := r.readBody(e, int(length))
			return Message{Event: e, Body: body}, err
		}
		r.unknown++
		if n, err := r.r.Discard(int(length)); err != nil {
			return Message{}, truncated(e, int64(length), n, err)
		}
	}
}

// Unknown returns how many frames of unknown events were skipped.
func (r *Reader) Unknown() uint64 { return r.unknown }

// readBody fills the reused buffer. The length is only a claim, so the buffer is never more than twice what has arrived.
func (r *Reader) readBody(e EventType, length int) ([]byte, error) {
	if length == 0 {
		return nil, nil
	}
	got := 0
	for got < length {
		if got == cap(r.body) {
			grown := make([]byte, min(length, max(firstBody, 2*got)))
			copy(grown, r.body[:got])
			r.body = grown
		}
		n, err := io.ReadFull(r.r, r.body[got:min(length, cap(r.body))])
		if got += n; err != nil {
			return nil, truncated(e, int64(length), got, err)
		}
	}
	return r.body[:length], nil
}

func truncated(e EventType, length int64, got int, err error) error {
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return &TruncatedError{Event: e, Length: length, Offset: int64(got), Err: err}
}
