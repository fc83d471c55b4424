package core_test

import (
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

func plan(t *testing.T, d *datadriven.TestData) core.Plan {
	t.Helper()
	p := core.Plan{
		NumShards: number(t, d, "shards"), Parallel: number(t, d, "parallel"), Canary: number(t, d, "canary"),
		Hold: span(t, d, "hold"), Healthy: span(t, d, "healthy"), Progress: span(t, d, "progress"), Total: span(t, d, "total"), PauseLimit: span(t, d, "pause-limit"),
	}
	for _, a := range d.CmdArgs {
		switch a.Key {
		case "slaves":
			for _, v := range a.Vals {
				p.Slaves = append(p.Slaves, core.SlaveID(v))
			}
		case "command":
			p.Command = a.Vals
		case "on-failure":
			p.OnFailure = core.OnFailure(a.Vals[0])
		case "canary-shards":
			for _, v := range a.Vals {
				n, err := strconv.Atoi(v)
				if err != nil {
					t.Fatalf("%s: canary-shards: %v", d.Pos, err)
				}
				p.CanaryShards = append(p.CanaryShards, n)
			}
		}
	}
	return p
}

func number(t *testing.T, d *datadriven.TestData, key string) int {
	t.Helper()
	for _, a := range d.CmdArgs {
		if a.Key == key && len(a.Vals) == 1 {
			n, err := strconv.Atoi(a.Vals[0])
			if err != nil {
				t.Fatalf("%s: %s: %v", d.Pos, key, err)
			}
			return n
		}
	}
	return 0
}

// span reads a duration, 0 when it is not there.
func span(t *testing.T, d *datadriven.TestData, key string) time.Duration {
	t.Helper()
	for _, a := range d.CmdArgs {
		if a.Key == key && len(a.Vals) == 1 {
			v, err := time.ParseDuration(a.Vals[0])
			if err != nil {
				t.Fatalf("%s: %s: %v", d.Pos, key, err)
			}
			return v
		}
	}
	return 0
}

func eventNamed(t *testing.T, word string) wire.EventType {
	t.Helper()
	for e, n := range wire.EventNames() {
		if n == "Evt"+word {
			return e
		}
	}
	t.Fatalf("there is no message %q", word)
	return 0
}

// set sets a field of a message from words.
func set(t *testing.T, data any, field string, words []string) {
	t.Helper()
	f := reflect.ValueOf(data).Elem().FieldByName(field)
	if !f.IsValid() {
		t.Fatalf("%T has no field %q", data, field)
	}
	word := strings.Join(words, " ")
	switch f.Interface().(type) {
	case []wire.ShardInfo:
		for _, w := range words {
			f.Set(reflect.Append(f, reflect.ValueOf(info(t, w))))
		}
		return
	case []byte:
		f.SetBytes([]byte(word))
		return
	case wire.EventType:
		f.SetUint(uint64(eventNamed(t, word)))
		return
	case time.Duration:
		t.Fatalf("field %s cannot be set", field)
	}
	switch f.Kind() {
	case reflect.Bool:
		f.SetBool(len(words) == 0 || word == "true")
	case reflect.String:
		f.SetString(word)
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", field, err)
		}
		f.SetInt(n)
	case reflect.Uint64:
		n, err := strconv.ParseUint(word, 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", field, err)
		}
		f.SetUint(n)
	}
}

// info reads a shard as "0@1:running/session/100".
func info(t *testing.T, word string) wire.ShardInfo {
	t.Helper()
	integer := func(text string) int64 {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			t.Fatalf("%q is no shard: %v", word, err)
		}
		return n
	}
	head, session, kept := strings.Cut(word, "/")
	at, phase, _ := strings.Cut(head, ":")
	shard, epoch, _ := strings.Cut(at, "@")
	i := wire.ShardInfo{Shard: int(integer(shard)), Phase: phase}
	if epoch != "" {
		i.Epoch = uint64(integer(epoch))
	}
	if kept {
		id, sequence, _ := strings.Cut(session, "/")
		i.SessionID, i.Sequence = id, integer(sequence)
	}
	return i
}
