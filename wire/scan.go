package wire

import (
	"fmt"
	"io"
	"math/bits"
)

// maxNesting is how many arrays and maps may stand inside each other: far more than any message has (encoding/json draws the same
// line), far fewer than a decoder that recurses, as a bot's own may over a GuildState, needs to overflow its stack.
const maxNesting = 10_000

// kind is what sort of msgpack value a byte starts, or a set of them.
type kind uint8

const (
	kindNil kind = 1 << iota
	kindBool
	kindInt
	kindFloat
	kindText // str or bin, which v1.5.2 does not tell apart
	kindExt
	kindArray
	kindMap
	kindNone kind = 0 // no value starts so
)

func (k kind) String() string {
	return [...]string{"no value", "nil", "bool", "int", "float", "string", "ext", "array", "map"}[bits.Len8(uint8(k))]
}

// form says how a value goes on behind its first byte: with a number of width bytes, and with that many more than size of what its
// kind consists of: values for an array, pairs of values for a map, bytes for all else.
func form(first byte) (k kind, width, size int64) {
	switch c := int64(first); {
	case c <= 0x7f || c >= 0xe0:
		return kindInt, 0, 0
	case c <= 0x8f:
		return kindMap, 0, c & 0x0f
	case c <= 0x9f:
		return kindArray, 0, c & 0x0f
	case c <= 0xbf:
		return kindText, 0, c & 0x1f
	case c == 0xc0:
		return kindNil, 0, 0
	case c == 0xc1:
		return kindNone, 0, 0
	case c <= 0xc3:
		return kindBool, 0, 0
	case c <= 0xc6: // bin 8, 16, 32
		return kindText, 1 << (c - 0xc4), 0
	case c <= 0xc9: // ext 8, 16, 32: its type takes a byte that the number does not count
		return kindExt, 1 << (c - 0xc7), 1
	case c <= 0xcb: // float 32, 64
		return kindFloat, 0, 4 << (c - 0xca)
	case c <= 0xcf: // uint 8 to 64
		return kindInt, 0, 1 << (c - 0xcc)
	case c <= 0xd3: // int 8 to 64
		return kindInt, 0, 1 << (c - 0xd0)
	case c <= 0xd8: // fixext 1 to 16
		return kindExt, 0, 1<<(c-0xd4) + 1
	case c <= 0xdb: // str 8, 16, 32
		return kindText, 1 << (c - 0xd9), 0
	case c <= 0xdd: // array 16, 32
		return kindArray, 2 << (c - 0xdc), 0
	default: // map 16, 32
		return kindMap, 2 << (c - 0xde), 0
	}
}

// scanner walks over msgpack that may be hostile, and decodes nothing. Every declared length is held against the bytes that are left
// before anyone acts on it. The first error sticks and stops everything after it.
type scanner struct {
	body  []byte
	off   int
	event EventType // for errors
	depth int       // arrays and maps around the body
	err   error
}

// scan returns how long the value is that body starts with, or a MalformedError.
//
// It comes before msgpack's Decoder, which by itself believes lengths (v5.4.1 allocates 2 GiB for an eight-byte frame that
// claims so many bytes) and recurses as deep as it is asked to (20 MB of 0x91 overflow the stack, which ends the process).
func scan(e EventType, body []byte) (int, error) {
	s := scanner{body: body, event: e}
	s.skip()
	return s.off, s.err
}

func (s *scanner) fail(at int, format string, args ...any) {
	if s.err == nil {
		s.err = &MalformedError{Event: s.event, Length: len(s.body), Offset: at, Reason: fmt.Sprintf(format, args...)}
	}
}

// Read, ReadByte and UnreadByte make a scanner something that msgpack's Decoder reads from without a buffer of its own.

func (s *scanner) Read(p []byte) (int, error) {
	n := copy(p, s.body[s.off:])
	if s.off += n; n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (s *scanner) ReadByte() (byte, error) {
	if s.off == len(s.body) {
		return 0, io.EOF
	}
	s.off++
	return s.body[s.off-1], nil
}

func (s *scanner) UnreadByte() error {
	s.off--
	return nil
}

// take returns the next n bytes, which alias the body, or nil after an error.
func (s *scanner) take(n int64) []byte {
	left := s.body[s.off:]
	if s.err != nil || n > int64(len(left)) {
		s.fail(s.off, "want %d more bytes, %d are left", n, len(left))
		return nil
	}
	s.off += int(n)
	return left[:n]
}

// number reads a big-endian number of n bytes.
func (s *scanner) number(n int64) uint64 {
	var v uint64
	for _, b := range s.take(n) {
		v = v<<8 | uint64(b)
	}
	return v
}

// next reads one value's head. What follows it is left to the caller, but is known to fit into the body: a value takes at least
// one byte.
func (s *scanner) next() (k kind, size int64) {
	at := s.off
	first, err := s.ReadByte()
	if err != nil || s.err != nil {
		s.fail(at, "want a msgpack value, got the end of the body")
		return kindNone, 0
	}
	k, width, size := form(first)
	if width > 0 {
		size += int64(s.number(width))
	}
	need := size
	if k == kindMap {
		need *= 2
	}
	switch left := int64(len(s.body) - s.off); {
	case k == kindNone:
		s.fail(at, "want a msgpack value, got the code %#x that none starts with", first)
	case need > left:
		s.fail(at, "%s of size %d, but only %d bytes are left", k, size, left)
	}
	if s.err != nil {
		return kindNone, 0
	}
	return k, size
}

// skip passes over one whole value. It does not recurse, and takes memory only for nesting that messages do not have.
func (s *scanner) skip() {
	var room [8]int64
	outer := room[:0] // values still owed to the arrays and maps around the innermost
	owed := int64(1)  // values still owed to that
	for s.err == nil && (owed > 0 || len(outer) > 0) {
		if owed == 0 {
			outer, owed = outer[:len(outer)-1], outer[len(outer)-1]
			continue
		}
		owed--
		at := s.off
		k, size := s.next()
		if k != kindArray && k != kindMap {
			s.off += int(size) // it fits, says next
			continue
		}
		if s.depth+len(outer) == maxNesting {
			s.fail(at, "want at most %d arrays and maps inside each other, got more", maxNesting)
		}
		outer, owed = append(outer, owed), size
		if k == kindMap {
			owed *= 2
		}
	}
}
