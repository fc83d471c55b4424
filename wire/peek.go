package wire

// PeekShard reads the shard and the epoch at the start of an encoded StateRecordData, and nothing else: a master routes by them.
// The error is a MalformedError if the body does not start as one.
func PeekShard(body []byte) (shard int, epoch uint64, err error) {
	// Not with msgpack's Decoder: the rest of the body, which may be 64 MiB, is not worth a scan, and a master that routes a
	// million records shall not leave as many readers to the garbage collector.
	s := scanner{body: body, event: EvtGuildState}
	if k, size := s.next(); s.err == nil && (k != kindMap || size < 2) {
		s.fail(0, "want a map that starts with Shard and Epoch, got %s of size %d", k, size)
	}
	s.wantKey("Shard")
	at := s.off
	v, _ := s.integer()
	if shard = int(v); int64(shard) != int64(v) {
		s.fail(at, "%d does not fit into an int", int64(v))
	}
	s.wantKey("Epoch")
	at = s.off
	epoch, negative := s.integer()
	if negative {
		s.fail(at, "%d does not fit into a uint64", int64(epoch))
	}
	return shard, epoch, s.err
}

// wantKey reads a map key that must be name.
func (s *scanner) wantKey(name string) {
	at := s.off
	k, size := s.next()
	if k != kindText {
		s.fail(at, "want the key %q, got %s", name, k)
	}
	if got := s.take(size); s.err == nil && string(got) != name {
		s.fail(at, "want the key %q, got %.40q", name, got)
	}
}

// integer reads an integer of any width, or nil as 0, in two's complement.
func (s *scanner) integer() (v uint64, negative bool) {
	at := s.off
	k, size := s.next()
	if k != kindInt && k != kindNil {
		s.fail(at, "want an int, got %s", k)
	}
	v = s.number(size)
	if s.err != nil || k == kindNil {
		return 0, false
	}
	switch first := s.body[at]; {
	case size == 0:
		v = uint64(int8(first))
	case first >= 0xd0: // int 8 to 64
		unused := 64 - 8*size
		v = uint64(int64(v<<unused) >> unused)
	default:
		return v, false
	}
	return v, int64(v) < 0
}
