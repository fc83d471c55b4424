package wire

import (
	"bytes"
	"reflect"

	"github.com/vmihailenco/msgpack/v5"
)

// codec walks the fields of a body and has msgpack write or read each. It does not leave structs to msgpack as a whole, which
// writes an int as short as it can, where v1.5.2 writes eight bytes, and reads otherwise than v1.5.2: an array for a struct
// only of one length, nil for a bool.
//
// c.err is nil wherever msgpack's own errors are stored in it. There are none as things are: a buffer takes what is written, and
// nothing is read that scan and expect have not passed.
type codec struct {
	scanner // goes over the body once more after scan, as what dec reads from: so both stand at the same byte
	walk
	dec *msgpack.Decoder
	enc *msgpack.Encoder // writes to out
	out *bytes.Buffer
}

// walk is where a walk over the fields of a struct stands.
type walk struct {
	mode  mode
	count int    // fields found (modeCount), pairs or values still to read (modeMap, modeArray)
	key   []byte // modeMap: the key whose value comes next
}

// mode is what a walk does.
type mode uint8

const (
	modeCount  mode = iota // count the fields that are not left out
	modeEncode             // write them
	modeMap                // read the field that key names, then go on with the next key
	modeArray              // read the next value into the next field of dialect 1
)

// A field is left out of an encoding never, or while it is zero. The latter are dialect 2's.
const (
	always  = false
	nonzero = true
)

func newEncoder(e EventType, dst []byte) *codec {
	c := &codec{scanner: scanner{event: e}, enc: msgpack.GetEncoder(), out: bytes.NewBuffer(dst)}
	c.enc.Reset(c.out)
	return c
}

// appendBody appends d, or nil for a nil pointer.
func appendBody(dst []byte, e EventType, d data) ([]byte, error) {
	c := newEncoder(e, dst)
	defer msgpack.PutEncoder(c.enc)
	if reflect.ValueOf(d).IsNil() {
		c.err = c.enc.EncodeNil()
	} else {
		c.encode(d)
	}
	return c.out.Bytes(), c.err
}

// decodeBody reads one body into d. What stands behind the value is ignored.
func decodeBody(e EventType, body []byte, d data) error {
	reflect.ValueOf(d).Elem().SetZero()
	if len(body) == 0 && mayBeEmpty(e) {
		return nil
	}
	if _, err := scan(e, body); err != nil {
		return err
	}
	c := &codec{scanner: scanner{body: body, event: e}, dec: msgpack.GetDecoder()}
	defer msgpack.PutDecoder(c.dec)
	c.dec.Reset(&c.scanner)
	c.decode(d)
	return c.err
}

// mayBeEmpty names the events that have data in dialect 2 but are also sent without: as dialect 1's starts, and as the master's
// answer to a heartbeat.
func mayBeEmpty(e EventType) bool {
	return e == EvtSoftStart || e == EvtFullStart || e == EvtHeartbeat
}

func (c *codec) encode(d data) {
	outer := c.walk
	c.walk = walk{mode: modeCount}
	d.fields(c)
	if c.err == nil {
		c.err = c.enc.EncodeMapLen(c.count)
	}
	c.mode = modeEncode
	d.fields(c)
	c.walk = outer
}

// writes says whether the walk, at the field called name, shall write that field's value now. The name is then written.
func (c *codec) writes(name string, absent bool) bool {
	switch {
	case absent || c.err != nil:
	case c.mode == modeCount:
		c.count++
	case c.mode == modeEncode:
		c.err = c.enc.EncodeString(name)
		return c.err == nil
	}
	return false
}

// decode reads a struct that is zero, and stays so for nil.
func (c *codec) decode(d data) {
	outer := c.walk
	if !c.expect("a map or an array", kindMap|kindArray|kindNil) {
		return
	}
	if c.peek() == kindArray {
		c.walk = walk{mode: modeArray}
		c.count, c.err = c.dec.DecodeArrayLen()
		d.fields(c)
		for ; c.count > 0 && c.err == nil; c.count-- {
			c.skip()
		}
	} else {
		c.walk = walk{mode: modeMap}
		c.count, c.err = c.dec.DecodeMapLen() // -1 for nil
		c.decodeMap(d)
	}
	c.walk = outer
}

// decodeMap reads pairs. One walk reads them all where the keys come in d's order; a key that a whole walk does not want is none
// of d's and its value is skipped.
func (c *codec) decodeMap(d data) {
	c.nextKey()
	for c.count > 0 && c.err == nil {
		before := c.count
		d.fields(c)
		if c.count == before {
			c.skip()
			c.done()
		}
	}
}

// reads says whether the walk, at the field called name, shall read that field's value now.
func (c *codec) reads(name string, optional bool) bool {
	if c.err != nil {
		return false
	}
	if c.mode == modeMap {
		return string(c.key) == name
	}
	// v1.5.2's arrays hold dialect 1's fields; what more they hold is skipped, it is not dialect 2's.
	return c.mode == modeArray && !optional && c.count > 0
}

// done says that a field's value has been read.
func (c *codec) done() {
	c.count--
	if c.mode == modeMap {
		c.nextKey()
	}
}

func (c *codec) nextKey() {
	if c.count > 0 && c.expect("a string", kindText|kindNil) {
		var n int
		n, c.err = c.dec.DecodeBytesLen() // not DecodeString, which allocates; -1 for nil
		c.key = c.take(int64(max(n, 0)))
	}
}

// expect holds that the next value is one of some kinds. msgpack takes more than v1.5.2, and its errors do not say where.
func (c *codec) expect(want string, kinds kind) bool {
	if c.err != nil {
		return false
	}
	got := c.peek()
	if kinds&got == 0 {
		c.fail(c.off, "want %s, got %s", want, got)
	}
	return c.err == nil
}

// peek returns the next value's kind. There is one, as scan has found as many as are read.
func (c *codec) peek() kind {
	k, _, _ := form(c.body[c.off])
	return k
}
