package wire

import (
	"crypto/sha256"
	"testing"
)

func TestTheDigestIsTheDocumentedChain(t *testing.T) {
	var d Digest
	d.Add(RecordSum(0, "guild", "41", []byte("payload")))
	d.Add(RecordSum(258, "", "", nil))

	first := sha256.Sum256([]byte("\x00\x00\x00\x00\x00\x00\x00\x00" + "\x05\x00\x00\x00guild" + "\x02\x00\x00\x0041" + "payload"))
	second := sha256.Sum256([]byte("\x02\x01\x00\x00\x00\x00\x00\x00" + "\x00\x00\x00\x00" + "\x00\x00\x00\x00"))
	chain := sha256.Sum256(append(make([]byte, 32), first[:]...))
	want := Digest(sha256.Sum256(append(chain[:], second[:]...)))
	if d != want {
		t.Errorf("want %x\n got %x", want, d)
	}
}

func TestTheDigestTellsEveryChangeOfARecordApart(t *testing.T) {
	seen := map[[sha256.Size]byte]string{}
	for name, sum := range map[string][sha256.Size]byte{
		"as it is":                         RecordSum(1, "guild", "41", []byte("xy")),
		"another number":                   RecordSum(2, "guild", "41", []byte("xy")),
		"another kind":                     RecordSum(1, "Guild", "41", []byte("xy")),
		"a byte moved from key to kind":    RecordSum(1, "guild4", "1", []byte("xy")),
		"a byte moved from payload to key": RecordSum(1, "guild", "41x", []byte("y")),
		"no payload":                       RecordSum(1, "guild", "41", nil),
	} {
		if other, ok := seen[sum]; ok {
			t.Errorf("%s and %s have the same sum", name, other)
		}
		seen[sum] = name
	}
	a, b := RecordSum(0, "k", "a", nil), RecordSum(1, "k", "b", nil)
	var ab, ba Digest
	ab.Add(a)
	ab.Add(b)
	ba.Add(b)
	ba.Add(a)
	if ab == ba {
		t.Error("the order of records does not change the digest")
	}
}

func TestADigestMatchesItsOwnBytesAndNothingElse(t *testing.T) {
	var none, some Digest
	some.Add(RecordSum(0, "k", "a", nil))
	for name, c := range map[string]struct {
		digest Digest
		bytes  []byte
		want   bool
	}{
		"its own":                 {some, some.Bytes(), true},
		"its own, of no records":  {none, none.Bytes(), true},
		"left out, no records":    {none, nil, true},
		"left out, but records":   {some, nil, false},
		"another's":               {some, none.Bytes(), false},
		"its first bytes":         {some, some.Bytes()[:31], false},
		"its own and a byte more": {some, append(some.Bytes(), 0), false},
	} {
		if got := c.digest.Matches(c.bytes); got != c.want {
			t.Errorf("%s: want %t, got %t", name, c.want, got)
		}
	}
}
