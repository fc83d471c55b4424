package wire

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"testing"
	"testing/iotest"
)

// pieces gives a stream in the given pieces, one a Read, and then err.
type pieces struct {
	rest [][]byte
	err  error
}

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.rest) == 0 {
		return 0, p.err
	}
	n := copy(b, p.rest[0])
	if p.rest[0] = p.rest[0][n:]; len(p.rest[0]) == 0 {
		p.rest = p.rest[1:]
	}
	return n, nil
}

func mustFrame(tb testing.TB, e EventType, v any) []byte {
	tb.Helper()
	frame, err := EncodeEvent(e, v)
	if err != nil {
		tb.Fatal(err)
	}
	return frame
}

func TestFramesSplitAtAnyByteAreReadAlike(t *testing.T) {
	resume := &ResumeShardData{Shard: 3, SessionID: "0f5c3f9a8b7c6d5e", Sequence: 1234, ResumeURL: "wss://gateway.example", Epoch: 7}
	stream := append(mustFrame(t, EvtShutdown, nil), mustFrame(t, EvtResume, resume)...)
	stream = append(stream, mustFrame(t, EvtSoftStartComplete, nil)...)

	check := func(t *testing.T, r io.Reader) {
		t.Helper()
		reader := NewReader(r, Limits{})
		for _, want := range []struct {
			event EventType
			data  any
		}{{EvtShutdown, nil}, {EvtResume, resume}, {EvtSoftStartComplete, nil}} {
			m, err := reader.Next()
			if err != nil {
				t.Fatal(err)
			}
			got, err := Decode(m)
			if err != nil || m.Event != want.event || !reflect.DeepEqual(got, want.data) {
				t.Fatalf("want %s %+v, got %s %+v, error %v", want.event, want.data, m.Event, got, err)
			}
		}
		if _, err := reader.Next(); !errors.Is(err, io.EOF) || errors.Is(err, ErrTruncated) {
			t.Fatalf("want a clean io.EOF, got %v", err)
		}
	}
	for i := 1; i < len(stream); i++ {
		for j := i; j < len(stream); j++ {
			check(t, &pieces{rest: [][]byte{stream[:i], stream[i:j], stream[j:]}, err: io.EOF})
		}
	}
	check(t, iotest.OneByteReader(bytes.NewReader(stream)))
	check(t, iotest.DataErrReader(bytes.NewReader(stream)))
}

func TestAStreamThatEndsInsideAFrameSaysWhere(t *testing.T) {
	frame := mustFrame(t, EvtSlaveHello, SlaveHelloData{})
	reset := errors.New("connection reset")
	for cut := 1; cut < len(frame); cut++ {
		for _, ending := range []error{io.EOF, reset} {
			_, err := NewReader(&pieces{rest: [][]byte{frame[:cut]}, err: ending}, Limits{}).Next()
			want := TruncatedError{Length: HeaderSize, Offset: int64(cut), Err: ending}
			if cut >= HeaderSize {
				want = TruncatedError{Event: EvtSlaveHello, Length: 10, Offset: int64(cut - HeaderSize), Err: ending}
			}
			if errors.Is(ending, io.EOF) {
				want.Err = io.ErrUnexpectedEOF
			}
			var got *TruncatedError
			if !errors.As(err, &got) || *got != want || !errors.Is(err, ErrTruncated) || !errors.Is(err, want.Err) {
				t.Errorf("cut after %d bytes: want %v, got %v", cut, &want, err)
			}
		}
	}
	if _, err := NewReader(&pieces{err: reset}, Limits{}).Next(); !errors.Is(err, reset) || errors.Is(err, ErrTruncated) {
		t.Errorf("between two frames want the stream's own error, got %v", err)
	}
}

func TestABodyOverItsEventsLimitIsRefusedByItsHeader(t *testing.T) {
	for name, c := range map[string]struct {
		event  EventType
		length uint32
		limits Limits
		limit  int // 0: accepted
	}{
		"control at the default":           {EvtResume, DefaultControlLimit, Limits{}, 0},
		"control over the default":         {EvtResume, DefaultControlLimit + 1, Limits{}, DefaultControlLimit},
		"control as long as a length goes": {EvtSlaveHello, 0xffffffff, Limits{}, DefaultControlLimit},
		"state over the control limit":     {EvtGuildState, DefaultControlLimit + 1, Limits{}, 0},
		"state over the default":           {EvtGuildState, DefaultStateLimit + 1, Limits{}, DefaultStateLimit},
		"control under a raised limit":     {EvtResume, 100_000, Limits{Control: 100_000}, 0},
		"state over a lowered limit":       {EvtGuildState, 101, Limits{State: 100}, 100},
		"an unknown event over control's":  {77, DefaultControlLimit + 1, Limits{}, DefaultControlLimit},
	} {
		t.Run(name, func(t *testing.T) {
			var head [HeaderSize]byte
			putHeader(head[:], c.event, int(c.length))
			src := &pieces{rest: [][]byte{head[:], make([]byte, min(c.length, 1<<20))}, err: io.EOF}
			m, err := NewReader(src, c.limits).Next()
			if c.limit == 0 {
				if err != nil || len(m.Body) != int(c.length) {
					t.Errorf("want %d bytes, got %d, error %v", c.length, len(m.Body), err)
				}
				return
			}
			var got *TooLargeError
			want := TooLargeError{Event: c.event, Length: int64(c.length), Limit: c.limit}
			if !errors.As(err, &got) || *got != want || !errors.Is(err, ErrTooLarge) {
				t.Errorf("want %v, got %v", &want, err)
			}
		})
	}
}

// watched is a stream of n zero bytes behind a header that promises more. It notes the most bytes that were ever asked for beyond
// what had been given: memory that only a claim stands for.
type watched struct {
	head   []byte
	left   int
	given  int
	excess int
}

func (w *watched) Read(b []byte) (int, error) {
	w.excess = max(w.excess, len(b)-max(w.given, readBuffer))
	n := copy(b, w.head)
	w.head = w.head[n:]
	if n == 0 {
		if w.left == 0 {
			return 0, io.EOF
		}
		n = min(len(b), w.left, 1000)
		w.left -= n
	}
	w.given += n
	return n, nil
}

func TestABodysBufferNeverOutgrowsTwiceWhatHasArrived(t *testing.T) {
	for _, arrives := range []int{0, 1, 5000, 1 << 20} {
		var head [HeaderSize]byte
		putHeader(head[:], EvtGuildState, DefaultStateLimit)
		src := &watched{head: head[:], left: arrives}
		r := NewReader(src, Limits{})
		if _, err := r.Next(); !errors.Is(err, ErrTruncated) {
			t.Fatalf("want ErrTruncated, got %v", err)
		}
		if src.excess > 0 || cap(r.buf) > max(firstBody, 2*arrives) {
			t.Errorf("%d bytes arrived: buffer of %d, asked for %d too many", arrives, cap(r.buf), src.excess)
		}
	}
}

func TestALinkDoesNotKeepTheBufferOfItsLargestBody(t *testing.T) {
	frames := append(mustFrame(t, EvtGuildState, make([]byte, keptBody+1)), mustFrame(t, EvtGuildState, make([]byte, firstBody))...)
	r := NewReader(bytes.NewReader(frames), Limits{})
	for _, want := range []int{keptBody + 1, firstBody} {
		m, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if got := cap(r.buf); len(m.Body) != want || got != want {
			t.Errorf("want a body and a buffer of %d bytes, got %d and %d", want, len(m.Body), got)
		}
	}
}

func TestUnknownEventsAreSkippedAndCounted(t *testing.T) {
	stream := AppendMessage(nil, Message{Event: 0, Body: []byte("zero")})
	stream = AppendMessage(stream, Message{Event: EvtShutdown})
	stream = AppendMessage(stream, Message{Event: 16, Body: make([]byte, 60_000)})
	stream = AppendMessage(stream, Message{Event: 1 << 31})
	stream = AppendMessage(stream, Message{Event: EvtHeartbeat})
	r := NewReader(bytes.NewReader(stream), Limits{})
	for _, want := range []EventType{EvtShutdown, EvtHeartbeat} {
		if m, err := r.Next(); err != nil || m.Event != want {
			t.Fatalf("want %s, got %s, error %v", want, m.Event, err)
		}
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) || r.Unknown() != 3 {
		t.Errorf("want io.EOF after 3 unknown frames, got %v after %d", err, r.Unknown())
	}
	cut := NewReader(bytes.NewReader(AppendMessage(nil, Message{Event: 16, Body: make([]byte, 10)})[:12]), Limits{})
	var truncated *TruncatedError
	if _, err := cut.Next(); !errors.As(err, &truncated) || truncated.Event != 16 || truncated.Offset != 4 {
		t.Errorf("want a TruncatedError for the unknown event after 4 bytes, got %v", err)
	}
}

func TestExpectRefusesAnyOtherEventBeforeItsBody(t *testing.T) {
	hello := mustFrame(t, EvtSlaveHello, SlaveHelloData{Running: true})
	r := NewReader(bytes.NewReader(append(hello, hello...)), Limits{})
	if m, err := r.Expect(EvtSlaveHello); err != nil || m.Event != EvtSlaveHello || len(m.Body) != 10 {
		t.Errorf("want the hello, got %v, error %v", m, err)
	}
	for _, other := range []EventType{EvtGuildState, 99} {
		var head [HeaderSize]byte
		putHeader(head[:], other, 1000)
		var unexpected *UnexpectedEventError
		_, err := NewReader(bytes.NewReader(head[:]), Limits{}).Expect(EvtSlaveHello)
		if !errors.As(err, &unexpected) || !errors.Is(err, ErrUnexpected) || unexpected.Got != other || unexpected.Want != EvtSlaveHello {
			t.Errorf("want an UnexpectedEventError for %s, got %v", other, err)
		}
	}
	for cut := range hello {
		_, err := NewReader(bytes.NewReader(hello[:cut]), Limits{}).Expect(EvtSlaveHello)
		if want := cut > 0; errors.Is(err, ErrTruncated) != want || errors.Is(err, io.EOF) == want {
			t.Errorf("cut after %d bytes: got %v", cut, err)
		}
	}
}

func TestABodyLivesUntilTheNextFrameAndACloneLonger(t *testing.T) {
	stream := AppendMessage(nil, Message{Event: EvtGuildState, Body: []byte("first")})
	stream = AppendMessage(stream, Message{Event: EvtGuildState, Body: []byte("other")})
	r := NewReader(bytes.NewReader(stream), Limits{})
	first, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	kept := first.Clone()
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	if string(first.Body) != "other" || string(kept.Body) != "first" {
		t.Errorf("want the buffer reused and the clone kept, got %q and %q", first.Body, kept.Body)
	}
}

func TestLimitsAndConnConfigNameEachFieldThatCannotBeUsed(t *testing.T) {
	if err := (ConnConfig{}).Validate(); err != nil {
		t.Errorf("the zero value is the default, got %v", err)
	}
	err := ConnConfig{Limits: Limits{Control: -1, State: 1 << 40}, QueueLimit: -1}.Validate()
	if err == nil {
		t.Fatal("want an error")
	}
	for _, field := range []string{"Limits.Control", "Limits.State", "QueueLimit"} {
		if !bytes.Contains([]byte(err.Error()), []byte(field)) {
			t.Errorf("want %s named in %v", field, err)
		}
	}
}
