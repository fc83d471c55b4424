package wire

import (
	"bytes"
	"errors"
	"io"
	"math"
	"reflect"
	"runtime"
	"testing"
	"testing/iotest"
)

func FuzzReader(f *testing.F) {
	var stream []byte
	for _, g := range goldenFrames(f) {
		f.Add(g.frame(f))
		stream = append(stream, g.frame(f)...)
	}
	f.Add(stream[:4096])
	f.Add([]byte("\x05\x00\x00\x00\xff\xff\xff\xff"))
	f.Add([]byte("\x07\x00\x00\x00\x00\x00\x00\x04rest"))
	f.Add([]byte("\x63\x00\x00\x00\x02\x00\x00\x00xx\x06\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		checkAllocation(t, 4*len(stream)+readBuffer+firstBody, func() {
			r := NewReader(bytes.NewReader(stream), Limits{})
			for {
				if _, err := r.Next(); err != nil {
					break
				}
			}
		})
		whole, wholeErr := readAll(t, bytes.NewReader(stream))
		split, splitErr := readAll(t, iotest.OneByteReader(bytes.NewReader(stream)))
		if !reflect.DeepEqual(whole, split) || wholeErr.Error() != splitErr.Error() {
			t.Fatalf("in one piece %v, %v\nbyte by byte %v, %v", whole, wholeErr, split, splitErr)
		}
		var again []byte
		for _, m := range whole {
			again = AppendMessage(again, m)
		}
		if back, err := readAll(t, bytes.NewReader(again)); !reflect.DeepEqual(back, whole) || !errors.Is(err, io.EOF) {
			t.Fatalf("want %v again, got %v, %v", whole, back, err)
		}
	})
}

// readAll reads to the end, which must be of a known kind.
func readAll(t *testing.T, stream io.Reader) ([]Message, error) {
	t.Helper()
	var all []Message
	r := NewReader(stream, Limits{})
	for {
		m, err := r.Next()
		if err == nil {
			all = append(all, m.Clone())
			continue
		}
		if !errors.Is(err, io.EOF) && !errors.Is(err, ErrTruncated) && !errors.Is(err, ErrTooLarge) {
			t.Fatalf("want the end, ErrTruncated or ErrTooLarge, got %v", err)
		}
		return all, err
	}
}

func FuzzSkip(f *testing.F) {
	for _, body := range scanSamples() {
		if len(body) < 1024 {
			f.Add(body)
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		// The most for the least: a byte of nesting is eight to remember, in a slice that doubles.
		checkAllocation(t, 4*8*len(body), func() {
			s := scanner{body: body}
			s.skip()
		})
		checkSkip(t, body)
	})
}

func FuzzPeekShard(f *testing.F) {
	addBodies(f, &StateRecordData{Shard: 3, Epoch: 1, Number: 2, Kind: "guild", Key: "41", Payload: []byte("…")})
	f.Fuzz(func(t *testing.T, body []byte) {
		var shard int
		var epoch uint64
		var err error
		checkAllocation(t, 0, func() { shard, epoch, err = PeekShard(body) })
		var whole StateRecordData
		if err != nil || DecodeBody(EvtGuildState, body, &whole) != nil {
			return
		}
		// A body that repeats a key decodes to its last value, but is routed by its first.
		if s := string(body); (whole.Shard != shard || whole.Epoch != epoch) &&
			bytes.Count(body, []byte("Shard")) < 2 && bytes.Count(body, []byte("Epoch")) < 2 {
			t.Fatalf("%q: peeked %d, %d; decoded %+v", s, shard, epoch, whole)
		}
	})
}

func FuzzDecodeStart(f *testing.F) {
	fuzzBody(f, &StartData{NumShards: 2, Shards: []ShardInfo{{Shard: 1, Epoch: 1, Phase: "running"}}})
}

func FuzzDecodeShardMigrationStart(f *testing.F) {
	fuzzBody(f, &ShardMigrationStartData{FromThisSlave: true, NumShards: 2, Shards: []ShardInfo{{Shard: 1}, {Sequence: 9}}})
}

func FuzzDecodeStopShard(f *testing.F) {
	fuzzBody(f, &StopShardData{Shard: 1, SessionID: "s", Sequence: 2, Epoch: 3})
}

func FuzzDecodeResume(f *testing.F) {
	fuzzBody(f, &ResumeShardData{Shard: 1, SessionID: "s", ResumeURL: "u", Epoch: 3, Records: 1, Digest: []byte("d"), Fresh: true})
}

func FuzzDecodeGuildState(f *testing.F) { fuzzBody(f, &GuildStateData{GuildState: []byte{0x91, 0xc0}}) }

func FuzzDecodeStateRecord(f *testing.F) {
	fuzzBody(f, &StateRecordData{Shard: 1, Epoch: 2, Number: 3, Kind: "guild", Key: "k", Payload: []byte("p")})
}

func FuzzDecodeSlaveHello(f *testing.F) {
	fuzzBody(f, &SlaveHelloData{
		Running: true, Protocol: 2, SlaveID: "i", Token: "t", Version: "v", NumShards: 2, Link: LinkState,
		PreCopy: true, Arm: true, Shards: []ShardInfo{{Shard: 1, SessionID: "s", ResumeURL: "u"}},
	})
}

func FuzzDecodeShardStopped(f *testing.F) {
	fuzzBody(f, &ShardStoppedData{Shard: 1, SessionID: "s", ResumeURL: "u", Epoch: 3, Records: 1, Digest: []byte("d")})
}

func FuzzDecodeWelcome(f *testing.F) {
	fuzzBody(f, &WelcomeData{Protocol: 2, SlaveID: "s", Heartbeat: 1e9})
}

func FuzzDecodeHeartbeat(f *testing.F) {
	fuzzBody(f, &HeartbeatData{Shards: []ShardInfo{{Shard: 1, Epoch: 1, Phase: "running"}}})
}

func FuzzDecodeFailure(f *testing.F) {
	fuzzBody(f, &FailureData{Event: EvtResume, Shard: -1, Epoch: 1, Phase: "stopped", SessionID: "s", Code: "c", Text: "t"})
}

func FuzzDecodeCopyShard(f *testing.F) { fuzzBody(f, &CopyShardData{Shard: 1, Epoch: 2, Records: 3}) }

func FuzzDecodeArmShard(f *testing.F) {
	fuzzBody(f, &ArmShardData{Shard: 1, Epoch: 2, ResumeURL: "u", Armed: true})
}

// fuzzBody feeds the decoder for sample's type. Whatever decodes must encode, and decode to the same again.
func fuzzBody(f *testing.F, sample data) {
	f.Helper()
	addBodies(f, sample)
	f.Fuzz(func(t *testing.T, body []byte) {
		got := fresh(sample)
		var err error
		// The most for the least: one byte of an array becomes a ShardInfo.
		checkAllocation(t, 2*int(reflect.TypeFor[ShardInfo]().Size())*len(body), func() {
			err = DecodeBody(EvtHeartbeat, body, got)
		})
		if err != nil {
			if !errors.Is(err, ErrMalformed) {
				t.Fatalf("want ErrMalformed, got %v", err)
			}
			return
		}
		once := encodeBody(t, got)
		back := fresh(sample)
		if err := DecodeBody(EvtHeartbeat, once, back); err != nil || !reflect.DeepEqual(back, got) {
			t.Fatalf("%v\nwant %+v again\n got %+v", err, got, back)
		}
		if twice := encodeBody(t, back); !bytes.Equal(once, twice) {
			t.Fatalf("want %x again, got %x", once, twice)
		}
	})
}

// addBodies adds sample's body and every recorded one, which are good or bad in all ways that were thought of.
func addBodies(f *testing.F, sample data) {
	f.Helper()
	f.Add(encodeBody(f, sample))
	for _, l := range lenientBodies(f) {
		if body := l.body(f); len(body) < 1024 {
			f.Add(body)
		}
	}
}

// checkAllocation holds that f allocates at most limit bytes and some for what does not grow with its input. ReadMemStats counts
// to the byte (runtime/metrics does not: it learns of small allocations late, megabytes at once), but it counts the whole
// process. Others, and pools that a collection has emptied, only add to what f takes; so the least of several runs is held to the limit.
func checkAllocation(t *testing.T, limit int, f func()) {
	t.Helper()
	const fixed = 4 << 10 // a codec, a coder of msgpack's, an error
	least := uint64(math.MaxUint64)
	for range 10 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		if least = min(least, after.TotalAlloc-before.TotalAlloc); least <= uint64(limit+fixed) {
			return
		}
	}
	t.Fatalf("want at most %d bytes allocated, got %d", limit+fixed, least)
}
