package wire

import (
	"bytes"
	"errors"
	"reflect"
	"testing"
)

func TestUnknownEventsHaveANumberForAName(t *testing.T) {
	for e, want := range map[EventType]string{0: "EventType(0)", 16: "EventType(16)", 1 << 31: "EventType(2147483648)"} {
		if got := e.String(); got != want || e.Known() {
			t.Errorf("want %s and not known, got %s, known %t", want, got, e.Known())
		}
	}
}

func TestTheLookUpsCoverEveryKnownEventAndBelongToTheCaller(t *testing.T) {
	names, types := EventNames(), DataTypes()
	for e := EventType(0); e <= EvtArmShard+1; e++ {
		if name, ok := names[e]; ok != e.Known() || (ok && name != e.String()) {
			t.Errorf("%s: known %t, but has the name %q", e, e.Known(), name)
		}
		want := NewData(e)
		construct, ok := types[e]
		if ok != (want != nil) {
			t.Errorf("%s: NewData gives %T, but DataTypes has it: %t", e, want, ok)
		}
		if ok && reflect.TypeOf(construct()) != reflect.TypeOf(want) {
			t.Errorf("%s: NewData gives %T, DataTypes %T", e, want, construct())
		}
	}
	clear(names)
	clear(types)
	if len(EventNames()) != 15 || len(DataTypes()) != 13 {
		t.Errorf("want 15 names and 13 types whatever callers do, got %d and %d", len(EventNames()), len(DataTypes()))
	}
}

func TestDataOfAForeignTypeIsRefused(t *testing.T) {
	for _, v := range []any{"text", 7, struct{ Shard int }{}, map[string]int{}, new(int), [2]byte{}} {
		var wrong *DataTypeError
		dst := []byte("kept")
		got, err := AppendFrame(dst, EvtStopShard, v)
		if !errors.As(err, &wrong) || !bytes.Equal(got, dst) {
			t.Errorf("%T: want a DataTypeError and dst unchanged, got %v and %q", v, err, got)
		}
		if err := DecodeBody(EvtStopShard, []byte{0x80}, v); !errors.As(err, &wrong) {
			t.Errorf("%T: want a DataTypeError, got %v", v, err)
		}
	}
	var none *StopShardData
	if err := DecodeBody(EvtStopShard, []byte{0x80}, none); err == nil {
		t.Error("want an error for a nil pointer")
	}
}

func TestAGuildStateThatIsNotOneValueIsNotEncoded(t *testing.T) {
	for name, raw := range map[string][]byte{"empty": {}, "two values": {0x01, 0x02}, "cut off": {0x92, 0x01}, "no value": {0xc1}} {
		if _, err := EncodeEvent(EvtGuildState, &GuildStateData{GuildState: raw}); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: want ErrMalformed, got %v", name, err)
		}
	}
}

func TestAnEmptyBodyIsAnErrorExceptWhereTheProtocolSendsOne(t *testing.T) {
	empty := map[EventType]bool{
		EvtSoftStart: true, EvtFullStart: true, EvtShutdown: true, EvtSoftStartComplete: true, EvtHeartbeat: true,
	}
	for e := EvtSoftStart; e <= EvtArmShard; e++ {
		got, err := Decode(Message{Event: e})
		if empty[e] != (err == nil) || (err != nil && !errors.Is(err, ErrMalformed)) {
			t.Errorf("%s: an empty body is allowed: %t, got error %v", e, empty[e], err)
		}
		if want := NewData(e); err == nil && !reflect.DeepEqual(got, want) {
			t.Errorf("%s: want %#v, got %#v", e, want, got)
		}
	}
	if _, err := Decode(Message{Event: 99}); !errors.Is(err, ErrUnknownEvent) {
		t.Errorf("want ErrUnknownEvent, got %v", err)
	}
	if err := DecodeBody(99, nil, new(StartData)); !errors.Is(err, ErrUnknownEvent) {
		t.Errorf("want ErrUnknownEvent, got %v", err)
	}
}

func TestDecodingFirstClearsWhatTheStructHeld(t *testing.T) {
	for _, body := range [][]byte{{0x80}, {0x90}, {0xc0}} {
		d := StopShardData{Shard: 1, SessionID: "old", Sequence: 2, Epoch: 3}
		if err := DecodeBody(EvtStopShard, body, &d); err != nil || d != (StopShardData{}) {
			t.Errorf("%x: want zero, got %+v, %v", body, d, err)
		}
	}
	started := StartData{NumShards: 4, Shards: []ShardInfo{{Shard: 1}}}
	if err := DecodeBody(EvtFullStart, nil, &started); err != nil || started.NumShards != 0 || started.Shards != nil {
		t.Errorf("want zero, got %+v, %v", started, err)
	}
}
