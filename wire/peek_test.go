package wire

import (
	"errors"
	"testing"

	"github.com/vmihailenco/msgpack/v5"
)

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
		"a key as an array":    "\x82\x95Shard\x01\xa5Epoch\x01",
		"one pair, then more":  "\x81\xa5Shard\x01\xa5Epoch\x01",
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

func TestPeekShardReadsIntegersAsDecodeBodyDoes(t *testing.T) {
	for _, value := range []string{
		"\xc0", "\x00", "\x7f", "\xff", "\xe0",
		"\xcc\x80", "\xcd\x80\x00", "\xce\x80\x00\x00\x00", "\xcf\x80\x00\x00\x00\x00\x00\x00\x00",
		"\xd0\x7f", "\xd1\x7f\x00", "\xd2\x7f\x00\x00\x00", "\xd3\x7f\x00\x00\x00\x00\x00\x00\x00",
		"\xd0\x80", "\xd1\x80\x00", "\xd2\x80\x00\x00\x00", "\xd3\x80\x00\x00\x00\x00\x00\x00\x00",
		"\xc2", "\xca\x00\x00\x00\x00", "\xa0", "\xc4\x01\x01", "\xd4\x01\x01", "\x90", "\x80",
	} {
		for _, body := range []string{"\x82\xa5Shard" + value + "\xa5Epoch\x05", "\x82\xa5Shard\x05\xa5Epoch" + value} {
			var want StateRecordData
			wantErr := DecodeBody(EvtGuildState, []byte(body), &want)
			shard, epoch, err := PeekShard([]byte(body))
			if (err == nil) != (wantErr == nil) || (err == nil && (shard != want.Shard || epoch != want.Epoch)) {
				t.Errorf("%q: want shard %d, epoch %d, error %v, got %d, %d, %v", body, want.Shard, want.Epoch, wantErr, shard, epoch, err)
			}
		}
	}
}
