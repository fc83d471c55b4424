package wire

import (
	"encoding/binary"
	"math"
	"reflect"

	"github.com/vmihailenco/msgpack/v5"
)

// mode is what a walk over a body's fields does.
type mode uint8

const (
	modeClear  mode = iota // set every field to zero
	modeEncode             // append the fields that are not left out
	modeMap                // read the field that key names, then go on with the next key
	modeArray              // read the next value into the next field of dialect 1
)

// A field is left out of an encoding never, or while it is zero. The latter are dialect 2's.
const (
	always  = false
	nonzero = true
)

// codec walks the fields of a body. It is this package's own, not plain msgpack, because v1.5.2's leniency is (an array of any
// length for a struct, no nil for a bool, eight bytes for every int) and because it must not trust a byte: one pass,
// no reflection, no recursion deeper than a list of shards.
type codec struct {
	scanner // modeMap, modeArray

	mode  mode
	dst   []byte // modeEncode: what is written so far
	count int    // modeEncode: fields written; modeMap, modeArray: pairs or values still to read
	key   []byte // modeMap: the key whose value comes next
	keyed bool   // modeMap: key is set
}

// wanted says whether the walk, at the field called name, shall read that field's value now.
func (c *codec) wanted(name string, optional bool) bool {
	if c.err != nil {
		return false
	}
	if c.mode == modeMap {
		return c.keyed && string(c.key) == name
	}
	// v1.5.2's arrays hold dialect 1's fields; what more they hold is skipped, it is not dialect 2's.
	return c.mode == modeArray && !optional && c.count > 0
}

// read says that a field's value has been read.
func (c *codec) read() {
	c.count--
	if c.mode == modeMap {
		c.nextKey()
	}
}

func (c *codec) nextKey() {
	c.keyed = c.err == nil && c.count > 0
	if c.keyed {
		c.key = c.text()
	}
}

// decode reads one body into d.
func (c *codec) decode(d data) {
	c.mode = modeClear
	d.fields(c)
	at := c.off
	switch t := c.next(); {
	case c.err != nil || t.kind == kindNil:
	case t.kind == kindMap:
		c.decodeMap(d, int(t.size))
	case t.kind == kindArray:
		c.mode, c.count = modeArray, int(t.size)
		d.fields(c)
		for ; c.count > 0 && c.err == nil; c.count-- {
			c.skip()
		}
	default:
		c.fail(at, "want a map or an array, got %s", t.kind)
	}
}

// decodeMap reads n pairs. One walk reads them all where the keys come in d's order; a key that a whole walk does not
// want is none of d's and its value is skipped.
func (c *codec) decodeMap(d data, n int) {
	c.mode, c.count = modeMap, n
	c.nextKey()
	for c.keyed && c.err == nil {
		before := c.count
		d.fields(c)
		if c.count == before {
			c.skip()
			c.read()
		}
	}
}

// encode appends d, or nil for a nil pointer.
func (c *codec) encode(d data) {
	if reflect.ValueOf(d).IsNil() {
		c.dst = append(c.dst, 0xc0)
		return
	}
	start, outer := len(c.dst), c.count
	c.mode, c.count = modeEncode, 0
	c.dst = append(c.dst, 0x80)
	d.fields(c)
	c.dst[start] |= byte(c.count) // no body has more than 15 fields; a test holds that
	c.count = outer
}

// name appends a field's key. No field has a name of more than 31 bytes; a test holds that.
func (c *codec) name(name string) {
	c.count++
	c.dst = append(c.dst, 0xa0|byte(len(name)))
	c.dst = append(c.dst, name...)
}

func signed[T ~int | ~int64](c *codec, name string, v *T, optional bool) {
	switch {
	case c.mode == modeClear:
		*v = 0
	case c.mode == modeEncode:
		if !optional || *v != 0 {
			c.name(name)
			c.dst = append(c.dst, 0xd3)
			c.dst = binary.BigEndian.AppendUint64(c.dst, uint64(int64(*v)))
		}
	case c.wanted(name, optional):
		signedValue(&c.scanner, v)
		c.read()
	}
}

func unsigned[T ~uint32 | ~uint64](c *codec, name string, v *T, optional bool) {
	switch {
	case c.mode == modeClear:
		*v = 0
	case c.mode == modeEncode:
		if !optional || *v != 0 {
			c.name(name)
			c.dst = append(c.dst, 0xcf)
			c.dst = binary.BigEndian.AppendUint64(c.dst, uint64(*v))
		}
	case c.wanted(name, optional):
		unsignedValue(&c.scanner, v)
		c.read()
	}
}

func boolean(c *codec, name string, v *bool, optional bool) {
	switch {
	case c.mode == modeClear:
		*v = false
	case c.mode == modeEncode:
		if !optional || *v {
			c.name(name)
			if *v {
				c.dst = append(c.dst, 0xc3)
			} else {
				c.dst = append(c.dst, 0xc2)
			}
		}
	case c.wanted(name, optional):
		*v = c.boolean()
		c.read()
	}
}

func text(c *codec, name string, v *string, optional bool) {
	switch {
	case c.mode == modeClear:
		*v = ""
	case c.mode == modeEncode:
		if !optional || *v != "" {
			c.name(name)
			switch n := len(*v); {
			case n <= 31:
				c.dst = append(c.dst, 0xa0|byte(n))
			default:
				c.size(0xd9, n)
			}
			c.dst = append(c.dst, *v...)
		}
	case c.wanted(name, optional):
		*v = string(c.text())
		c.read()
	}
}

func octets(c *codec, name string, v *[]byte, optional bool) {
	switch {
	case c.mode == modeClear:
		*v = nil
	case c.mode == modeEncode:
		if !optional || len(*v) > 0 {
			c.name(name)
			c.size(0xc4, len(*v))
			c.dst = append(c.dst, *v...)
		}
	case c.wanted(name, optional):
		*v = append([]byte(nil), c.text()...)
		c.read()
	}
}

// size appends the head of a str (base 0xd9) or bin (base 0xc4) of n bytes in its 8, 16 or 32 bit form.
func (c *codec) size(base byte, n int) {
	switch {
	case n <= math.MaxUint8:
		c.dst = append(c.dst, base, byte(n))
	case n <= math.MaxUint16:
		c.dst = binary.BigEndian.AppendUint16(append(c.dst, base+1), uint16(n))
	default:
		c.dst = binary.BigEndian.AppendUint32(append(c.dst, base+2), uint32(n))
	}
}

// value is a field that holds any one msgpack value, as it came.
func value(c *codec, name string, v *msgpack.RawMessage, optional bool) {
	switch {
	case c.mode == modeClear:
		*v = nil
	case c.mode == modeEncode:
		c.name(name)
		if *v == nil {
			c.dst = append(c.dst, 0xc0)
			return
		}
		// Anything but exactly one value here would make the whole body unreadable for the peer.
		one := scanner{body: *v, event: c.event}
		one.skip()
		if one.off < len(*v) {
			one.fail(one.off, "want one msgpack value, got bytes after it")
		}
		if c.err == nil {
			c.err = one.err
		}
		c.dst = append(c.dst, *v...)
	case c.wanted(name, optional):
		from := c.off
		if c.skip(); c.err == nil && c.body[from] != 0xc0 {
			*v = append(msgpack.RawMessage(nil), c.body[from:c.off]...)
		}
		c.read()
	}
}

func shards(c *codec, name string, v *[]ShardInfo, optional bool) {
	switch {
	case c.mode == modeClear:
		*v = nil
	case c.mode == modeEncode:
		if optional && len(*v) == 0 {
			return
		}
		c.name(name)
		switch n := len(*v); {
		case n <= 15:
			c.dst = append(c.dst, 0x90|byte(n))
		case n <= math.MaxUint16:
			c.dst = binary.BigEndian.AppendUint16(append(c.dst, 0xdc), uint16(n))
		default:
			c.dst = binary.BigEndian.AppendUint32(append(c.dst, 0xdd), uint32(n))
		}
		for i := range *v {
			c.encode(&(*v)[i])
		}
	case c.wanted(name, optional):
		c.decodeShards(v)
		c.read()
	}
}

// decodeShards reads a list of shards with a codec of its own, so that the walk that called it keeps its place.
func (c *codec) decodeShards(v *[]ShardInfo) {
	at := c.off
	t := c.next()
	if c.err != nil || t.kind == kindNil {
		return
	}
	if t.kind != kindArray {
		c.fail(at, "want an array, got %s", t.kind)
		return
	}
	inner := codec{scanner: c.scanner}
	for range t.size {
		var s ShardInfo
		if inner.decode(&s); inner.err != nil {
			break
		}
		*v = append(*v, s)
	}
	c.scanner = inner.scanner
}
