package wire

import (
	"slices"

	"github.com/vmihailenco/msgpack/v5"
)

// How each type of field is written and read, when its turn has come in a walk.

func signed[T ~int | ~int64](c *codec, name string, v *T, optional bool) {
	if c.writes(name, optional && *v == 0) {
		c.err = c.enc.EncodeInt64(int64(*v))
	} else if c.reads(name, optional) {
		if at := c.off; c.expect("an int", kindInt|kindNil) {
			var n int64
			n, c.err = c.dec.DecodeInt64() // as in v1.5.2 an unsigned one beyond the signed range wraps
			if *v = T(n); int64(*v) != n {
				c.fail(at, "%d does not fit into %T", n, *v)
			}
		}
		c.done()
	}
}

func unsigned[T ~uint32 | ~uint64](c *codec, name string, v *T, optional bool) {
	if c.writes(name, optional && *v == 0) {
		c.err = c.enc.EncodeUint64(uint64(*v))
	} else if c.reads(name, optional) {
		if at := c.off; c.expect("an int", kindInt|kindNil) {
			var n uint64
			n, c.err = c.dec.DecodeUint64() // a negative one, which only a form from d0 up can be, wraps
			if *v = T(n); uint64(*v) != n || (int64(n) < 0 && c.body[at] >= 0xd0) {
				c.fail(at, "%d does not fit into %T", int64(n), *v)
			}
		}
		c.done()
	}
}

func boolean(c *codec, name string, v *bool, optional bool) {
	if c.writes(name, optional && !*v) {
		c.err = c.enc.EncodeBool(*v)
	} else if c.reads(name, optional) {
		if c.expect("a bool", kindBool) { // v1.5.2 refuses nil here, and only here
			*v, c.err = c.dec.DecodeBool()
		}
		c.done()
	}
}

func text(c *codec, name string, v *string, optional bool) {
	if c.writes(name, optional && *v == "") {
		c.err = c.enc.EncodeString(*v)
	} else if c.reads(name, optional) {
		if c.expect("a string", kindText|kindNil) {
			*v, c.err = c.dec.DecodeString()
		}
		c.done()
	}
}

func octets(c *codec, name string, v *[]byte, optional bool) {
	if c.writes(name, optional && len(*v) == 0) {
		c.err = c.enc.EncodeBytes(*v)
	} else if c.reads(name, optional) {
		if c.expect("a string", kindText|kindNil) {
			*v, c.err = c.dec.DecodeBytes()
		}
		if len(*v) == 0 {
			*v = nil // as when it is left out
		}
		c.done()
	}
}

// value is a field that holds any one msgpack value, as it came.
func value(c *codec, name string, v *msgpack.RawMessage, optional bool) {
	if c.writes(name, optional && *v == nil) {
		if *v == nil {
			c.err = c.enc.EncodeNil()
			return
		}
		// Anything but exactly one value here would make the whole body unreadable for the peer.
		one := scanner{body: *v, event: c.event, depth: 1}
		if one.skip(); one.off < len(*v) {
			one.fail(one.off, "want one msgpack value, got bytes after it")
		}
		if c.err = one.err; c.err == nil {
			c.err = v.EncodeMsgpack(c.enc)
		}
	} else if c.reads(name, optional) {
		from := c.off
		c.skip() // not DecodeRaw, which recurses
		if *v = nil; c.body[from] != 0xc0 {
			*v = slices.Clone(msgpack.RawMessage(c.body[from:c.off]))
		}
		c.done()
	}
}

func shards(c *codec, name string, v *[]ShardInfo, optional bool) {
	if c.writes(name, optional && len(*v) == 0) {
		c.err = c.enc.EncodeArrayLen(len(*v))
		for i := range *v {
			c.encode(&(*v)[i])
		}
	} else if c.reads(name, optional) {
		*v = nil
		if c.expect("an array", kindArray|kindNil) {
			var n int
			if n, c.err = c.dec.DecodeArrayLen(); n > 0 { // and no more than there are bytes, says the scan
				*v = make([]ShardInfo, n)
			}
			for i := range *v {
				c.decode(&(*v)[i])
			}
		}
		c.done()
	}
}
