package core_test

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/shardbaton/baton/slaveclient/core"
	"github.com/shardbaton/baton/wire"
)

// number returns the whole number of key=N, or what is usual.
func number(t *testing.T, d *datadriven.TestData, key string, usual int) int {
	t.Helper()
	text := word(d, key, "")
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %s: %v", d.Pos, key, err)
	}
	return n
}

// word returns the value of key=word, or what is usual. An underscore is a space.
func word(d *datadriven.TestData, key, usual string) string {
	arg, ok := d.Arg(key)
	if !ok || len(arg.Vals) == 0 {
		return usual
	}
	return strings.ReplaceAll(arg.Vals[0], "_", " ")
}

// shardAt reads "2@7": shard 2 at epoch 7.
func shardAt(t *testing.T, text string) (shard int, epoch uint64) {
	t.Helper()
	if _, err := fmt.Sscanf(text, "%d@%d", &shard, &epoch); err != nil {
		t.Fatalf("%q: want shard@epoch: %v", text, err)
	}
	return shard, epoch
}

// session reads "id/sequence"; "none" is none.
func session(t *testing.T, text string) core.Session {
	t.Helper()
	if text == "none" {
		return core.Session{}
	}
	id, sequence, _ := strings.Cut(text, "/")
	n, err := strconv.ParseInt(sequence, 10, 64)
	if err != nil {
		t.Fatalf("session %q: want id/sequence: %v", text, err)
	}
	return core.Session{ID: id, Sequence: n, ResumeURL: "wss://resume"}
}

// messages are the wire's events by the names that stories use.
var messages = map[string]wire.EventType{
	"SoftStart": wire.EvtSoftStart, "FullStart": wire.EvtFullStart, "ShardMigrationStart": wire.EvtShardMigrationStart,
	"StopShard": wire.EvtStopShard, "Resume": wire.EvtResume, "Shutdown": wire.EvtShutdown, "GuildState": wire.EvtGuildState,
	"Welcome": wire.EvtWelcome, "Heartbeat": wire.EvtHeartbeat, "Failure": wire.EvtFailure,
	"SlaveHello": wire.EvtSlaveHello, "CopyShard": wire.EvtCopyShard, "ArmShard": wire.EvtArmShard,
}

// master makes a message of the master's from its fields.
func (s *story) master(t *testing.T, d *datadriven.TestData) core.Event {
	t.Helper()
	event, ok := messages[d.CmdArgs[0].Key]
	if !ok {
		t.Fatalf("%s: no such message: %s", d.Pos, d.CmdArgs[0].Key)
	}
	data := wire.NewData(event)
	for _, arg := range d.CmdArgs[1:] {
		s.set(t, data, arg)
	}
	if w, ok := data.(*wire.WelcomeData); ok {
		w.Protocol, w.Heartbeat = 2, time.Second
	}
	return core.Received{Type: event, Data: data}
}

// set sets one field of a message. "At=2@7" stands for shard and epoch, and
// "Digest=right" for that of the records sent for these.
func (s *story) set(t *testing.T, data any, arg datadriven.CmdArg) {
	t.Helper()
	v := reflect.ValueOf(data).Elem()
	value := strings.ReplaceAll(strings.Join(arg.Vals, ","), "_", " ")
	switch arg.Key {
	case "At":
		shard, epoch := shardAt(t, value)
		v.FieldByName("Shard").SetInt(int64(shard))
		v.FieldByName("Epoch").SetUint(epoch)
		return
	case "Shards":
		var list []wire.ShardInfo
		for _, at := range arg.Vals {
			at, with, _ := strings.Cut(at, "/")
			shard, epoch := shardAt(t, at)
			info := wire.ShardInfo{Shard: shard, Epoch: epoch}
			if with != "" {
				s := session(t, with)
				info.SessionID, info.Sequence, info.ResumeURL = s.ID, s.Sequence, s.ResumeURL
			}
			list = append(list, info)
		}
		v.FieldByName("Shards").Set(reflect.ValueOf(list))
		return
	case "Digest":
		digest := wire.Digest{1}
		if value == "right" {
			digest = *s.sent[fmt.Sprintf("%d@%d", v.FieldByName("Shard").Int(), v.FieldByName("Epoch").Uint())]
		}
		v.FieldByName("Digest").SetBytes(digest.Bytes())
		return
	}
	f := v.FieldByName(arg.Key)
	switch {
	case !f.IsValid():
		t.Fatalf("%T has no field %s", data, arg.Key)
	case f.Type() == reflect.TypeFor[wire.EventType]():
		f.SetUint(uint64(messages[value]))
	case f.Type() == reflect.TypeFor[time.Duration]():
		d, err := time.ParseDuration(value)
		if err != nil {
			t.Fatal(err)
		}
		f.SetInt(int64(d))
	case f.Kind() == reflect.Bool:
		f.SetBool(value != "false")
	case f.CanInt():
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		f.SetInt(n)
	case f.CanUint():
		n, err := strconv.ParseUint(value, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		f.SetUint(n)
	case f.Kind() == reflect.Slice:
		f.SetBytes([]byte(value))
	default:
		f.SetString(value)
	}
}

// bot answers a callback.
func (s *story) bot(t *testing.T, d *datadriven.TestData) string {
	t.Helper()
	name := core.Callback(d.CmdArgs[0].Key)
	shard := number(t, d, "shard", 0)
	fault := word(d, "error", "")
	switch name {
	case core.CallStart:
		return s.tell(core.Started{
			Shard: shard, Session: session(t, word(d, "session", "none")), Fresh: d.HasArg("fresh"), Err: fault,
		})
	case core.CallStop:
		n := uint64(number(t, d, "records", 0))
		var digest wire.Digest
		for i := range n {
			digest.Add(wire.RecordSum(i, "guild", "key", nil))
		}
		return s.tell(core.LetGo{Shard: shard, Session: session(t, word(d, "session", "none")), Records: n, Digest: digest, Err: fault})
	case core.CallCopy:
		epoch := s.calls[fmt.Sprint(core.CallCopy, shard)].Epoch
		return s.tell(core.Copied{Shard: shard, Epoch: epoch, Records: uint64(number(t, d, "records", 0)), Err: fault})
	case core.CallArm:
		return s.tell(core.Armed{Shard: shard, Epoch: s.calls[fmt.Sprint(core.CallArm, shard)].Epoch, Err: fault})
	case core.CallHealth:
		return s.tell(core.Checked{Err: fault})
	case core.CallShutdown:
		return s.tell(core.HasShutDown{Err: fault})
	case "LoadGuildState":
		l := s.loading[0]
		s.loading = s.loading[1:]
		return s.tell(core.Loaded{Shard: l.Shard, Epoch: l.Epoch, Number: l.Number, Err: fault})
	default:
		return s.tell(core.Prepared{Callback: name, NumShards: number(t, d, "count", 0), Err: fault})
	}
}
