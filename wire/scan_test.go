package wire

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/vmihailenco/msgpack/v5"
)

// scanSamples are values of every form of msgpack, whole ones and hostile ones.
func scanSamples() [][]byte {
	samples := [][]byte{{}, []byte(strings.Repeat("\x91", 5000)), []byte(strings.Repeat("\x81", 5000))}
	for code := range 256 {
		for _, tail := range []string{"", "\x00", "\x00\x00", "\x01\x02\x03", strings.Repeat("\x00", 40), strings.Repeat("\xff", 40)} {
			samples = append(samples, append([]byte{byte(code)}, tail...))
		}
	}
	return samples
}

// checkSkip holds skip against plain msgpack's Skip: both find the same end of the value, or neither finds one.
func checkSkip(t *testing.T, body []byte) {
	t.Helper()
	s := scanner{body: body}
	s.skip()
	r := bytes.NewReader(body)
	plain := msgpack.NewDecoder(r).Skip()
	if (s.err == nil) != (plain == nil) {
		t.Fatalf("%.40x: plain msgpack says %v, skip says %v", body, plain, s.err)
	}
	if want := len(body) - r.Len(); s.err == nil && s.off != want {
		t.Fatalf("%.40x: want %d bytes skipped, got %d", body, want, s.off)
	}
}

func TestSkipPassesOverExactlyWhatPlainMsgpackDoes(t *testing.T) {
	for _, body := range scanSamples() {
		checkSkip(t, body)
	}
}

func TestSkipTakesAnyDepthWithoutRecursionOrMemory(t *testing.T) {
	body := append(bytes.Repeat([]byte{0x91}, 16<<20), 0xc0)
	s := scanner{body: body}
	if s.skip(); s.err != nil || s.off != len(body) {
		t.Errorf("want %d bytes skipped, got %d, error %v", len(body), s.off, s.err)
	}
	short := body[len(body)-1000:]
	if n := testing.AllocsPerRun(10, func() {
		s = scanner{body: short}
		s.skip()
	}); n != 0 {
		t.Errorf("want no allocation, got %v", n)
	}
}

func TestSkipRefusesLengthsThatAddUpToMoreThanIsLeft(t *testing.T) {
	for _, body := range []string{
		"\x92\xdc\x00\x03\xc0\xc0\xc0",         // 3 values inside leave none for the outer array
		"\xdd\xff\xff\xff\xff\xc0",             // an array of 2³²−1
		"\xdf\x80\x00\x00\x00",                 // a map of 2³¹ pairs
		"\x93\xdb\xff\xff\xff\xff",             // a string of 2³²−1 bytes
		"\xc9\xff\xff\xff\xff\x01",             // an ext of 2³²−1 bytes
		"\x9f\x9f\x9f\x9f\xc0\xc0\xc0\xc0\xc0", // each length fits, the sum does not
	} {
		s := scanner{body: []byte(body), event: EvtResume}
		s.skip()
		var malformed *MalformedError
		if !errors.As(s.err, &malformed) || malformed.Event != EvtResume || malformed.Length != len(body) {
			t.Errorf("%x: want a MalformedError that names event and length, got %v", body, s.err)
		}
	}
}

func TestPeekShardReadsTheStartOfARecordAndNothingElse(t *testing.T) {
	record := StateRecordData{Shard: 70000, Epoch: 9, Number: 3, Kind: "guild", Payload: []byte("…")}
	wide := encodeBody(t, &record)
	compact, err := msgpack.Marshal(&record)
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string][]byte{"wide": wide, "compact": compact, "cut off behind the epoch": wide[:31]} {
		var shard int
		var epoch uint64
		var err error
		allocs := testing.AllocsPerRun(10, func() { shard, epoch, err = PeekShard(body) })
		if shard != 70000 || epoch != 9 || err != nil || allocs != 0 {
			t.Errorf("%s: want shard 70000, epoch 9, no allocation, got %d, %d, %v, error %v", name, shard, epoch, allocs, err)
		}
	}
}

func TestPeekShardRefusesWhatDoesNotStartAsARecord(t *testing.T) {
	for name, body := range map[string]string{
		"empty":                "",
		"dialect 1":            "\x81\xaaGuildState\x80",
		"an array":             "\x92\x01\x02",
		"nil":                  "\xc0",
		"one pair":             "\x81\xa5Shard\x01",
		"other order":          "\x82\xa5Epoch\x01\xa5Shard\x01",
		"epoch missing":        "\x82\xa5Shard\x01\xa6Number\x01",
		"negative epoch":       "\x82\xa5Shard\x01\xa5Epoch\xff",
		"shard as a string":    "\x82\xa5Shard\xa11\xa5Epoch\x01",
		"cut in the epoch":     "\x82\xa5Shard\x01\xa5Epoch\xcf\x00",
		"cut before the epoch": "\x82\xa5Shard\x01",
	} {
		if _, _, err := PeekShard([]byte(body)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: want ErrMalformed, got %v", name, err)
		}
	}
}
