package simulate

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/shardbaton/baton/slaveclient"
)

// The state of a shard is a function of its events: after event n, one record says n
// and a sum over all numbers up to n, and the record that n falls on says n. So any
// state can be compared with what it must be at that event.

// sumKind is the kind of the record with the sum.
const sumKind = "sum"

// state is what a bot keeps of a shard.
type state struct {
	n     int64
	sum   uint64
	guild []int64 // by record: the latest event that fell on it
}

// stateAt is the state after event n.
func stateAt(n int64, records int) *state {
	s := &state{n: n, guild: make([]int64, records)}
	for i := int64(1); i <= n; i++ {
		s.sum = mix(s.sum, i)
	}
	for i := max(1, n-int64(records)+1); i <= n; i++ {
		s.guild[i%int64(records)] = i
	}
	return s
}

// mix takes one more event into a sum. The order matters.
func mix(sum uint64, n int64) uint64 { return (sum ^ uint64(n)) * 0x9e3779b97f4a7c15 }

// apply takes an event in and returns the record that it changed.
func (s *state) apply(n int64) int {
	i := int(n % int64(len(s.guild)))
	s.n, s.sum, s.guild[i] = n, mix(s.sum, n), n
	return i
}

// differs says how the state is not what it must be after event n, or nothing.
func (s *state) differs(n int64) string {
	if s == nil {
		return "there is none"
	}
	want := stateAt(n, len(s.guild))
	if s.n != want.n || s.sum != want.sum {
		return fmt.Sprintf("it is that of event %d (sum %x), want that of event %d (sum %x)", s.n, s.sum, want.n, want.sum)
	}
	for i := range want.guild {
		if s.guild[i] != want.guild[i] {
			return fmt.Sprintf("record %d is that of event %d, want that of event %d", i, s.guild[i], want.guild[i])
		}
	}
	return ""
}

// summary is the record of the sum.
func (s *state) summary() slaveclient.Record {
	p := binary.LittleEndian.AppendUint64(nil, uint64(s.n))
	return slaveclient.Record{Kind: sumKind, Key: "all", Payload: binary.LittleEndian.AppendUint64(p, s.sum)}
}

// record is that of a guild, padded to a size.
func (s *state) record(i, size int) slaveclient.Record {
	p := binary.LittleEndian.AppendUint64(nil, uint64(s.guild[i]))
	return slaveclient.Record{
		Kind: slaveclient.KindGuild, Key: fmt.Sprint(i),
		Payload: append(p, bytes.Repeat([]byte{byte(i)}, max(0, size-len(p)))...),
	}
}

// load takes a record in.
func (s *state) load(r slaveclient.Record) error {
	switch {
	case r.Kind == sumKind && len(r.Payload) == 16:
		s.n = int64(binary.LittleEndian.Uint64(r.Payload))
		s.sum = binary.LittleEndian.Uint64(r.Payload[8:])
		return nil
	case r.Kind == slaveclient.KindGuild && len(r.Payload) >= 8:
		var i int
		if _, err := fmt.Sscan(r.Key, &i); err != nil || i < 0 || i >= len(s.guild) {
			return fmt.Errorf("simulate: no such record: %q", r.Key)
		}
		s.guild[i] = int64(binary.LittleEndian.Uint64(r.Payload))
		return nil
	}
	return fmt.Errorf("simulate: a record of kind %q with %d bytes", r.Kind, len(r.Payload))
}
