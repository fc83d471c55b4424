package wire

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/vmihailenco/msgpack/v5"
)

// allData is one zero value of every body, and of what stands inside bodies.
func allData() []data {
	all := []data{new(ShardInfo), new(StateRecordData)}
	for e := EvtSoftStart; e <= EvtArmShard; e++ {
		if d := newData(e); d != nil && e != EvtSoftStart { // EvtFullStart has the same
			all = append(all, d)
		}
	}
	return all
}

func eachData(t *testing.T, check func(t *testing.T, d data)) {
	t.Helper()
	for _, d := range allData() {
		t.Run(typeOf(d).Name(), func(t *testing.T) { check(t, d) })
	}
}

// fresh returns a zero value of d's type.
func fresh(d data) data {
	d, _ = reflect.New(typeOf(d)).Interface().(data)
	return d
}

func typeOf(d data) reflect.Type { return reflect.TypeOf(d).Elem() }

// fill sets every field to a random value that is not zero, including the edges of its type.
func fill(rnd *rand.Rand, d data) {
	fillValue(rnd, reflect.ValueOf(d).Elem(), []int{1, 31, 32, 255, 256, 65535, 65536})
}

func fillValue(rnd *rand.Rand, v reflect.Value, sizes []int) {
	ints := []int64{1, -1, 31, 127, 128, -32, -33, 65536, math.MaxInt64, math.MinInt64}
	blob := bytes.Repeat([]byte{byte(rnd.IntN(256))}, sizes[rnd.IntN(len(sizes))])
	switch x := v.Addr().Interface().(type) {
	case *msgpack.RawMessage:
		*x = msgpack.RawMessage{0x92, 0x01, 0x81, 0xa1, 'k', 0xc0}
		return
	case *[]byte:
		*x = blob
		return
	case *time.Duration:
		*x = time.Duration(ints[rnd.IntN(len(ints))])
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fillValue(rnd, v.Field(i), sizes)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), []int{1, 15, 16, 40}[rnd.IntN(4)], 40))
		for i := range v.Len() {
			fillValue(rnd, v.Index(i), sizes[:5])
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString(string(blob))
	case reflect.Uint32:
		v.SetUint(math.MaxUint32)
	case reflect.Uint64:
		v.SetUint([]uint64{1, 128, math.MaxUint64}[rnd.IntN(3)])
	default:
		v.SetInt(ints[rnd.IntN(len(ints))])
	}
}

// keys returns the keys of an encoded body in order.
func keys(t *testing.T, body []byte) []string {
	t.Helper()
	var names []string
	for _, p := range pairs(t, body) {
		names = append(names, p.key)
	}
	return names
}

type pair struct {
	key   string
	bytes []byte // key and value as they stand in the body
}

// pairs takes an encoded body apart by plain msgpack.
func pairs(t *testing.T, body []byte) []pair {
	t.Helper()
	r := bytes.NewReader(body)
	dec := msgpack.NewDecoder(r)
	n, err := dec.DecodeMapLen()
	all := make([]pair, max(n, 0))
	for i := range all {
		from := len(body) - r.Len()
		key, keyErr := dec.DecodeString()
		err = errors.Join(err, keyErr, dec.Skip())
		all[i] = pair{key, body[from : len(body)-r.Len()]}
	}
	if err != nil || r.Len() > 0 {
		t.Fatalf("%x: want one map, got error %v and %d bytes after it", body, err, r.Len())
	}
	return all
}

func encodeBody(tb testing.TB, d data) []byte {
	tb.Helper()
	frame, err := EncodeEvent(EvtHeartbeat, d)
	if err != nil {
		tb.Fatal(err)
	}
	return frame[HeaderSize:]
}

func TestEveryFieldOfAStructIsListedInOrderAndLeftOutWhenItsTagSaysSo(t *testing.T) {
	eachData(t, func(t *testing.T, d data) {
		t.Helper()
		var want, wantZero []string
		for i := range typeOf(d).NumField() {
			f := typeOf(d).Field(i)
			want = append(want, f.Name)
			switch tag := f.Tag.Get("msgpack"); tag {
			case "":
				wantZero = append(wantZero, f.Name)
			case ",omitempty":
			default:
				t.Errorf("field %s has the tag %q that nobody heeds", f.Name, tag)
			}
		}
		if got := keys(t, encodeBody(t, d)); !reflect.DeepEqual(got, wantZero) {
			t.Errorf("zero struct: want the fields %q, got %q", wantZero, got)
		}
		fill(rand.New(rand.NewPCG(1, 2)), d)
		if got := keys(t, encodeBody(t, d)); !reflect.DeepEqual(got, want) {
			t.Errorf("full struct: want the fields %q, got %q", want, got)
		}
	})
}

func TestWhatIsEncodedDecodesToTheSameAlsoByAndFromPlainMsgpack(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	eachData(t, func(t *testing.T, d data) {
		t.Helper()
		for range 20 {
			fill(rnd, d)
			body := encodeBody(t, d)

			ours := fresh(d)
			buffer := bytes.Clone(body)
			err := DecodeBody(EvtHeartbeat, buffer, ours)
			clear(buffer) // a reader's next frame goes to the same memory
			if err != nil || !reflect.DeepEqual(ours, d) {
				t.Fatalf("our bytes, our decoder: %v\nwant %+v\n got %+v", err, d, ours)
			}
			if again := encodeBody(t, ours); !bytes.Equal(again, body) {
				t.Fatalf("encoded again: want %x\n got %x", body, again)
			}
			plain := fresh(d)
			if err := msgpack.Unmarshal(body, plain); err != nil || !reflect.DeepEqual(plain, d) {
				t.Fatalf("our bytes, plain msgpack: %v\nwant %+v\n got %+v", err, d, plain)
			}
			compact, err := msgpack.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			back := fresh(d)
			if err := DecodeBody(EvtHeartbeat, compact, back); err != nil || !reflect.DeepEqual(back, d) {
				t.Fatalf("plain msgpack's bytes, our decoder: %v\nwant %+v\n got %+v", err, d, back)
			}
		}
	})
}

func TestKeysInAnyOrderAndAmongUnknownOnesAreFound(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	eachData(t, func(t *testing.T, d data) {
		t.Helper()
		fill(rnd, d)
		var mixed [][]byte
		for _, p := range pairs(t, encodeBody(t, d)) {
			mixed = append(mixed, p.bytes, []byte("\xa7unknown\x92\xc0\x81\x01\xa1x"))
		}
		for range 10 {
			rnd.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
			body := append([]byte{0xde, 0, byte(len(mixed))}, bytes.Join(mixed, nil)...)
			got := fresh(d)
			if err := DecodeBody(EvtHeartbeat, body, got); err != nil || !reflect.DeepEqual(got, d) {
				t.Fatalf("%v\nwant %+v\n got %+v", err, d, got)
			}
		}
	})
}

func TestOfARepeatedKeyTheLastValueCounts(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	eachData(t, func(t *testing.T, d data) {
		t.Helper()
		first := fresh(d)
		fill(rnd, first)
		fill(rnd, d)
		twice := append(pairs(t, encodeBody(t, first)), pairs(t, encodeBody(t, d))...)
		body := []byte{0xde, 0, byte(len(twice))}
		for _, p := range twice {
			body = append(body, p.bytes...)
		}
		got := fresh(d)
		if err := DecodeBody(EvtHeartbeat, body, got); err != nil || !reflect.DeepEqual(got, d) {
			t.Errorf("%v\nwant %+v\n got %+v", err, d, got)
		}
	})
	for into, body := range map[data]string{
		new(StartData):       "\x82\xa6Shards\x91\x80\xa6Shards\xc0",
		new(GuildStateData):  "\x82\xaaGuildState\x01\xaaGuildState\xc0",
		new(StateRecordData): "\x82\xa7Payload\xa11\xa7Payload\xc0",
	} {
		if err := DecodeBody(EvtHeartbeat, []byte(body), into); err != nil || !reflect.DeepEqual(into, fresh(into)) {
			t.Errorf("%q: want a zero struct, got %+v, error %v", body, into, err)
		}
	}
}

func TestLenienceHoldsForDialect2Too(t *testing.T) {
	for body, want := range map[string]data{
		"\x81\xa6Shards\xc0":     &StartData{},
		"\x81\xa6Shards\x90":     &StartData{},
		"\x81\xa6Shards\x91\xc0": &StartData{Shards: []ShardInfo{{}}},
		"\x81\xa6Shards\x93\x91\x07\x93\x08\xa1x\x92\xc0\x80\x90": &StartData{Shards: []ShardInfo{{Shard: 7}, {Shard: 8}, {}}},
		"\x82\xa7Payload\xc4\x00\xa3Key\xc4\x01k":                 &StateRecordData{Key: "k"},
		"\x82\xa7Payload\xa1p\xa3Key\xc0":                         &StateRecordData{Payload: []byte("p")},
		"\x82\xa5Shard\xc0\xa5Epoch\xc0":                          &StateRecordData{},
		"\x92\x07\x08":                                            &StateRecordData{Shard: 7, Epoch: 8},
	} {
		got := fresh(want)
		if err := DecodeBody(EvtHeartbeat, []byte(body), got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: want %+v, got %+v, error %v", body, want, got, err)
		}
	}
}

func TestIntegersTakeEightBytesAndDialect2FieldsNoneWhileZero(t *testing.T) {
	for d, want := range map[data]string{
		&SlaveHelloData{Running: true}:                              "81a752756e6e696e67c3",
		&StopShardData{Shard: 1, SessionID: "s", Sequence: -1}:      "83a55368617264d30000000000000001a953657373696f6e4944a173a853657175656e6365d3ffffffffffffffff",
		&ShardMigrationStartData{FromThisSlave: true, NumShards: 4}: "82ad46726f6d54686973536c617665c3a94e756d536861726473d30000000000000004",
		&GuildStateData{}:          "81aa4775696c645374617465c0",
		&CopyShardData{Epoch: 1}:   "82a55368617264d30000000000000000a545706f6368cf0000000000000001",
		&FailureData{Event: 5}:     "82a54576656e74cf0000000000000005a55368617264d30000000000000000",
		&WelcomeData{Heartbeat: 1}: "81a9486561727462656174d30000000000000001",
	} {
		if got := fmt.Sprintf("%x", encodeBody(t, d)); got != want {
			t.Errorf("%T:\nwant %s\n got %s", d, want, got)
		}
	}
}

func TestDialect2FieldsRefuseWhatDoesNotFit(t *testing.T) {
	for name, c := range map[string]struct {
		into data
		body string
		want string
	}{
		"a negative epoch":             {new(StopShardData), "\x81\xa5Epoch\xff", "does not fit"},
		"an event above 32 bits":       {new(FailureData), "\x81\xa5Event\xcf\x00\x00\x00\x01\x00\x00\x00\x00", "does not fit"},
		"a bool as nil":                {new(ArmShardData), "\x81\xa5Armed\xc0", "want a bool, got nil"},
		"a digest as an int":           {new(ResumeShardData), "\x81\xa6Digest\x01", "want a string, got int"},
		"shards as a map":              {new(StartData), "\x81\xa6Shards\x80", "want an array, got map"},
		"a shard as an int":            {new(StartData), "\x81\xa6Shards\x91\x01", "want a map or an array, got int"},
		"more shards than bytes":       {new(StartData), "\x81\xa6Shards\xdd\xff\xff\xff\xff\x80", "only 1 bytes are left"},
		"a shard that breaks off":      {new(StartData), "\x81\xa6Shards\x91\x81\xa5Shard", "got the end of the body"},
		"a payload that breaks off":    {new(StateRecordData), "\x81\xa7Payload\xc6\xff\xff\xff\xff\x00", "only 1 bytes are left"},
		"a map of more pairs than fit": {new(StateRecordData), "\x83\xa1a\xc0\xa1b", "at byte 0 of 6: map of size 3"},
		"a map of 2³²−1 pairs":         {new(StateRecordData), "\xdf\xff\xff\xff\xff", "only 0 bytes are left"},
		"an ext before the map":        {new(StateRecordData), "\xd4\x01\x00\x80", "want a map or an array, got ext"},
		"a body that no value starts":  {new(StateRecordData), "\xc1", "0xc1"},
	} {
		t.Run(name, func(t *testing.T) {
			err := DecodeBody(EvtHeartbeat, []byte(c.body), c.into)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("want an error with %q, got %v", c.want, err)
			}
		})
	}
}
