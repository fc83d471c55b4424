package wire

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
)

// Digest is the running digest of a shard's state records in the order of their numbers: D(0) is 32 zero bytes, D(n) is
// SHA-256 of D(n-1) and the n-th record's RecordSum. The zero value is the digest of no records. Digests compare with ==.
type Digest [sha256.Size]byte

// Add takes the next record's sum into the digest.
func (d *Digest) Add(sum [sha256.Size]byte) {
	var b [2 * sha256.Size]byte
	copy(b[:], d[:])
	copy(b[sha256.Size:], sum[:])
	*d = sha256.Sum256(b[:])
}

// Bytes returns the digest as it stands in a body, in memory of its own.
func (d Digest) Bytes() []byte { return d[:] }

// Matches says whether b, from a body, is this digest. An empty b is the digest of no records.
func (d Digest) Matches(b []byte) bool {
	if len(b) == 0 {
		return d == Digest{}
	}
	return bytes.Equal(d[:], b)
}

// RecordSum returns SHA-256 of a record: number (8 bytes), length of kind (4), kind, length of key (4), key, payload. Numbers are
// little-endian. It may run outside the order of the records; only Digest.Add depends on it.
func RecordSum(number uint64, kind, key string, payload []byte) [sha256.Size]byte {
	head := make([]byte, 0, 16+len(kind)+len(key))
	head = binary.LittleEndian.AppendUint64(head, number)
	head = binary.LittleEndian.AppendUint32(head, uint32(len(kind)))
	head = append(head, kind...)
	head = binary.LittleEndian.AppendUint32(head, uint32(len(key)))
	head = append(head, key...)
	h := sha256.New()
	h.Write(head)
	h.Write(payload)
	var sum [sha256.Size]byte
	h.Sum(sum[:0])
	return sum
}
