package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
)

// HeaderSize is the length of a frame's header in bytes: event and body length, uint32 little-endian each.
const HeaderSize = 8

// The limits of a body's length in bytes unless Limits says otherwise.
const (
	DefaultControlLimit = 64 << 10
	DefaultStateLimit   = 64 << 20
)

// Message is one frame: an event and its undecoded body, which is empty for some.
type Message struct {
	Event EventType
	Body  []byte // see where it came from for how long it is valid
}

// Clone returns a Message with a body of its own, to keep one beyond the life of a Reader's buffer.
func (m Message) Clone() Message {
	return Message{Event: m.Event, Body: slices.Clone(m.Body)}
}

// Limits bound the length of bodies, in bytes. The zero value is the documented default.
type Limits struct {
	Control int // every event but EvtGuildState; 0: DefaultControlLimit
	State   int // EvtGuildState; 0: DefaultStateLimit
}

// Validate names, in one joined error, each field that cannot be used.
func (l Limits) Validate() error {
	var errs []error
	for _, f := range []struct {
		name  string
		value int
	}{{"Limits.Control", l.Control}, {"Limits.State", l.State}} {
		if f.value < 0 || int64(f.value) > math.MaxUint32 {
			errs = append(errs, fmt.Errorf("wire: %s: want 0 (the default) to %d bytes, got %d", f.name, int64(math.MaxUint32), f.value))
		}
	}
	return errors.Join(errs...)
}

// For returns the limit for a body of event e.
func (l Limits) For(e EventType) int {
	switch {
	case e == EvtGuildState && l.State != 0:
		return l.State
	case e == EvtGuildState:
		return DefaultStateLimit
	case l.Control != 0:
		return l.Control
	}
	return DefaultControlLimit
}

// EncodeEvent returns the frame for an event. data is nil for an empty body, a []byte that becomes the body as it is, or a
// struct of this package or a pointer to one (a nil pointer becomes msgpack's nil). Any other type gives a DataTypeError.
func EncodeEvent(e EventType, data any) ([]byte, error) {
	const usual = 256 // bytes; most control frames fit into them
	return AppendFrame(make([]byte, 0, usual), e, data)
}

// AppendFrame appends the frame that EncodeEvent returns to dst. After an error the result is dst unchanged.
func AppendFrame(dst []byte, e EventType, v any) ([]byte, error) {
	start := len(dst)
	out := append(dst, 0, 0, 0, 0, 0, 0, 0, 0)
	switch v := v.(type) {
	case nil:
	case []byte:
		out = append(out, v...)
	default:
		d, ok := asData(v)
		if !ok {
			return dst, &DataTypeError{Event: e, Type: fmt.Sprintf("%T", v)}
		}
		var err error
		if out, err = appendBody(out, e, d); err != nil {
			return dst, err
		}
	}
	length := len(out) - start - HeaderSize
	if int64(length) > math.MaxUint32 {
		return dst, &TooLargeError{Event: e, Length: int64(length), Limit: math.MaxUint32}
	}
	putHeader(out[start:], e, length)
	return out, nil
}

// AppendMessage appends m's frame to dst. The caller answers for the body's length, below 4 GiB.
func AppendMessage(dst []byte, m Message) []byte {
	start := len(dst)
	dst = append(dst, 0, 0, 0, 0, 0, 0, 0, 0)
	putHeader(dst[start:], m.Event, len(m.Body))
	return append(dst, m.Body...)
}

// header reads a frame's header.
func header(b []byte) (EventType, uint32) {
	return EventType(binary.LittleEndian.Uint32(b)), binary.LittleEndian.Uint32(b[4:])
}

func putHeader(b []byte, e EventType, length int) {
	binary.LittleEndian.PutUint32(b, uint32(e))
	binary.LittleEndian.PutUint32(b[4:], uint32(length))
}

// asData finds the codec's view of a data struct, also of one that was passed by value.
func asData(v any) (data, bool) {
	if d, ok := v.(data); ok {
		return d, true
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Struct {
		return nil, false
	}
	p := reflect.New(rv.Type())
	p.Elem().Set(rv)
	d, ok := p.Interface().(data)
	return d, ok
}

// Decode returns m's body as a pointer to the type that NewData gives for its event, or nil for an event without a body, whose
// body is ignored as v1.5.2 does. The result does not share memory with m. The error is an UnknownEventError or a MalformedError.
func Decode(m Message) (any, error) {
	if !m.Event.Known() {
		return nil, &UnknownEventError{Event: m.Event}
	}
	d := newData(m.Event)
	if d == nil {
		return nil, nil
	}
	if err := decodeBody(m.Event, m.Body, d); err != nil {
		return nil, err
	}
	return d, nil
}

// DecodeBody decodes a body into a data struct of this package, given as a pointer; it first sets all its fields to zero.
// After an error the fields are in no particular state. Missing fields stay zero, unknown ones are skipped, bytes after the value
// are ignored, as v1.5.2 does. An empty body is an error, except for the events that have one by protocol.
func DecodeBody(e EventType, body []byte, into any) error {
	if !e.Known() {
		return &UnknownEventError{Event: e}
	}
	d, ok := into.(data)
	if !ok || reflect.ValueOf(d).IsNil() {
		return &DataTypeError{Event: e, Type: fmt.Sprintf("%T", into)}
	}
	return decodeBody(e, body, d)
}
