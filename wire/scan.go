package wire

import (
	"encoding/binary"
	"fmt"
)

// kind is what sort of msgpack value a token starts.
type kind uint8

const (
	kindNil kind = iota
	kindBool
	kindInt   // bits holds a two's complement int64
	kindUint  // bits holds a uint64
	kindFloat // size bytes follow
	kindText  // size bytes follow: str or bin, which v1.5.2 does not tell apart
	kindExt   // size bytes follow
	kindArray // size values follow
	kindMap   // size pairs of values follow
)

func (k kind) String() string {
	return [...]string{"nil", "bool", "int", "int", "float", "string", "ext", "array", "map"}[k]
}

type token struct {
	kind kind
	size int64
	bits uint64
}

// scanner walks a msgpack body that may be hostile. It never allocates and never recurses; every declared length is held against
// the bytes that are left before anyone acts on it. The first error sticks and stops everything after it.
type scanner struct {
	body  []byte
	off   int
	event EventType // for errors
	err   error
}

func (s *scanner) fail(at int, format string, args ...any) {
	if s.err == nil {
		s.err = &MalformedError{Event: s.event, Length: len(s.body), Offset: at, Reason: fmt.Sprintf(format, args...)}
	}
}

// take returns the next n bytes, which alias the body, or nil after an error.
func (s *scanner) take(n int64) []byte {
	if s.err != nil {
		return nil
	}
	if left := int64(len(s.body) - s.off); n > left {
		s.fail(s.off, "want %d more bytes, %d are left", n, left)
		return nil
	}
	b := s.body[s.off : s.off+int(n)]
	s.off += int(n)
	return b
}

// number reads a big-endian number of n bytes.
func (s *scanner) number(n int64) uint64 {
	var v uint64
	for _, b := range s.take(n) {
		v = v<<8 | uint64(b)
	}
	return v
}

// next reads one value's head. What follows it, bytes or values, is left to the caller, but is known to fit into the body: a
// container's values take at least one byte each.
func (s *scanner) next() token {
	at := s.off
	head := s.take(1)
	if s.err != nil {
		return token{}
	}
	t := s.head(head[0], at)
	if s.err != nil {
		return token{}
	}
	need := t.size
	if t.kind == kindMap {
		need *= 2
	}
	if left := int64(len(s.body) - s.off); need > left {
		s.fail(at, "%s of size %d, but only %d bytes are left", t.kind, t.size, left)
		return token{}
	}
	return t
}

func (s *scanner) head(c byte, at int) token {
	switch {
	case c <= 0x7f:
		return token{kind: kindUint, bits: uint64(c)}
	case c <= 0x8f:
		return token{kind: kindMap, size: int64(c & 0x0f)}
	case c <= 0x9f:
		return token{kind: kindArray, size: int64(c & 0x0f)}
	case c <= 0xbf:
		return token{kind: kindText, size: int64(c & 0x1f)}
	case c >= 0xe0:
		return token{kind: kindInt, bits: uint64(int64(int8(c)))}
	}
	switch c {
	case 0xc0:
		return token{kind: kindNil}
	case 0xc2, 0xc3:
		return token{kind: kindBool, bits: uint64(c & 1)}
	case 0xc4, 0xc5, 0xc6: // bin 8, 16, 32
		return token{kind: kindText, size: int64(s.number(1 << (c - 0xc4)))}
	case 0xc7, 0xc8, 0xc9: // ext 8, 16, 32: the type byte stands before the payload
		return token{kind: kindExt, size: int64(s.number(1<<(c-0xc7))) + 1}
	case 0xca, 0xcb: // float 32, 64
		return token{kind: kindFloat, size: 4 << (c - 0xca)}
	case 0xcc, 0xcd, 0xce, 0xcf: // uint 8 to 64
		return token{kind: kindUint, bits: s.number(1 << (c - 0xcc))}
	case 0xd0, 0xd1, 0xd2, 0xd3: // int 8 to 64
		width := int64(1) << (c - 0xd0)
		unused := 64 - 8*width
		return token{kind: kindInt, bits: uint64(int64(s.number(width)<<unused) >> unused)}
	case 0xd4, 0xd5, 0xd6, 0xd7, 0xd8: // fixext 1 to 16
		return token{kind: kindExt, size: 1<<(c-0xd4) + 1}
	case 0xd9, 0xda, 0xdb: // str 8, 16, 32
		return token{kind: kindText, size: int64(s.number(1 << (c - 0xd9)))}
	case 0xdc, 0xdd: // array 16, 32
		return token{kind: kindArray, size: int64(s.number(2 << (c - 0xdc)))}
	case 0xde, 0xdf: // map 16, 32
		return token{kind: kindMap, size: int64(s.number(2 << (c - 0xde)))}
	}
	s.fail(at, "want a msgpack value, got the code %#x that none starts with", c)
	return token{}
}

// skip passes over one whole value. It counts the values still owed instead of recursing, so nesting costs nothing, however deep.
func (s *scanner) skip() {
	for owed := int64(1); owed > 0 && s.err == nil; owed-- {
		switch t := s.next(); t.kind {
		case kindFloat, kindText, kindExt:
			s.take(t.size)
		case kindArray:
			owed += t.size
		case kindMap:
			owed += 2 * t.size
		}
	}
}

// PeekShard reads the shard and the epoch at the start of an encoded StateRecordData, and nothing else: a master routes by them.
// The error is a MalformedError if the body does not start as one.
func PeekShard(body []byte) (shard int, epoch uint64, err error) {
	s := scanner{body: body, event: EvtGuildState}
	if t := s.next(); s.err == nil && (t.kind != kindMap || t.size < 2) {
		s.fail(0, "want a map that starts with Shard and Epoch, got %s of size %d", t.kind, t.size)
	}
	s.key("Shard")
	signedValue(&s, &shard)
	s.key("Epoch")
	unsignedValue(&s, &epoch)
	return shard, epoch, s.err
}

// key reads a map key that must be name.
func (s *scanner) key(name string) {
	at := s.off
	if got := s.text(); s.err == nil && string(got) != name {
		s.fail(at, "want the key %q, got %q", name, got)
	}
}

// text reads a string or bin value, or nil as the empty one. The result aliases the body.
func (s *scanner) text() []byte {
	at := s.off
	switch t := s.next(); {
	case s.err != nil || t.kind == kindNil:
		return nil
	case t.kind != kindText:
		s.fail(at, "want a string, got %s", t.kind)
		return nil
	default:
		return s.take(t.size)
	}
}

// boolean reads a bool. As v1.5.2 it refuses nil here, and only here.
func (s *scanner) boolean() bool {
	at := s.off
	t := s.next()
	if s.err == nil && t.kind != kindBool {
		s.fail(at, "want a bool, got %s", t.kind)
	}
	return t.bits == 1
}

// signedValue reads any integer, or nil as 0. As in v1.5.2 an unsigned one beyond the signed range wraps.
func signedValue[T ~int | ~int64](s *scanner, v *T) {
	at := s.off
	t := s.integer(at)
	*v = T(t.bits)
	if int64(*v) != int64(t.bits) {
		s.fail(at, "%d does not fit into %T", int64(t.bits), *v)
	}
}

// unsignedValue reads any integer that is not negative, or nil as 0.
func unsignedValue[T ~uint32 | ~uint64](s *scanner, v *T) {
	at := s.off
	t := s.integer(at)
	*v = T(t.bits)
	if uint64(*v) != t.bits || (t.kind == kindInt && int64(t.bits) < 0) {
		s.fail(at, "%d does not fit into %T", int64(t.bits), *v)
	}
}

func (s *scanner) integer(at int) token {
	t := s.next()
	if s.err == nil && t.kind != kindInt && t.kind != kindUint && t.kind != kindNil {
		s.fail(at, "want an int, got %s", t.kind)
		return token{}
	}
	return t
}

// header reads a frame's header.
func header(b []byte) (EventType, uint32) {
	return EventType(binary.LittleEndian.Uint32(b)), binary.LittleEndian.Uint32(b[4:])
}
