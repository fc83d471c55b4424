package master

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shardbaton/baton/master/core"
)

// drawChange draws any change, of a kind that is named by its type.
func drawChange(t *rapid.T) core.Change {
	kinds := changeKinds()
	return kinds[rapid.SampledFrom(slices.Sorted(maps.Keys(kinds))).Draw(t, "kind")](t)
}

// changeKinds has a generator for each type of change.
func changeKinds() map[string]func(*rapid.T) core.Change {
	slave := rapid.SampledFrom([]core.SlaveID{"", "s1", "s2", "s3", "a/b #%", "\xff\xfe", core.SlaveID(strings.Repeat("long", 1000))})
	return map[string]func(*rapid.T) core.Change{
		"SlaveKnown": func(t *rapid.T) core.Change {
			r := rapid.Make[core.SlaveRecord]().Draw(t, "slave record")
			r.Slave = slave.Draw(t, "slave")
			return core.SlaveKnown{SlaveRecord: r}
		},
		"SlaveGone":  func(t *rapid.T) core.Change { return core.SlaveGone{Slave: slave.Draw(t, "slave")} },
		"ShardCount": func(t *rapid.T) core.Change { return core.ShardCount{Shards: rapid.IntRange(-1, 6).Draw(t, "shards")} },
		"ShardChanged": func(t *rapid.T) core.Change {
			r := rapid.Make[core.ShardRecord]().Draw(t, "shard record")
			if rapid.Bool().Draw(t, "no session") {
				r.Session = core.Session{}
			}
			return core.ShardChanged{Shard: rapid.IntRange(-1, 6).Draw(t, "shard"), ShardRecord: r}
		},
		"UpgradeChanged": func(t *rapid.T) core.Change {
			return core.UpgradeChanged{Upgrade: rapid.Make[*core.UpgradeRecord]().Draw(t, "upgrade")}
		},
		"CommandChanged": func(t *rapid.T) core.Change {
			return core.CommandChanged{Command: rapid.SliceOf(rapid.SampledFrom([]string{"bot", "", "\x80", "<&>"})).Draw(t, "command")}
		},
	}
}

// plain returns a copy of a record in which there is no empty slice but nil; an
// empty record is nil.
func plain(r *core.Record) *core.Record {
	if r == nil {
		return nil
	}
	r = r.Clone()
	if r.Upgrade != nil {
		u := *r.Upgrade
		u.Parts = slices.Clone(u.Parts)
		for i := range u.Parts {
			dropEmpty(reflect.ValueOf(&u.Parts[i]).Elem())
		}
		dropEmpty(reflect.ValueOf(&u.Plan).Elem())
		dropEmpty(reflect.ValueOf(&u).Elem())
		r.Upgrade = &u
	}
	dropEmpty(reflect.ValueOf(r).Elem())
	if reflect.DeepEqual(r, &core.Record{}) {
		return nil
	}
	return r
}

func dropEmpty(v reflect.Value) {
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Slice && f.Len() == 0 {
			f.SetZero()
		}
	}
}

// mustOpen reads entries that are known to be good.
func mustOpen(t interface {
	Helper()
	Fatal(...any)
}, entries map[string][]byte,
) *ledger {
	t.Helper()
	l, err := openLedger(entries)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// store writes what a ledger has to write into a journal that is a map.
func store(t rapid.TB, l *ledger, entries map[string][]byte) {
	t.Helper()
	changes, err := l.unwritten()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		if c.Key == "" || len(c.Key) > MaxJournalKey {
			t.Fatalf("a key of %d bytes", len(c.Key))
		}
		if c.Value == nil {
			delete(entries, c.Key)
		} else {
			entries[c.Key] = c.Value
		}
	}
	l.settle()
}

func TestAJournalGivesBackWhatWasChanged(t *testing.T) {
	now := time.UnixMilli(1_800_000_000_000)
	rapid.Check(t, func(t *rapid.T) {
		var want core.Record
		entries := make(map[string][]byte)
		l := mustOpen(t, nil)
		for range rapid.IntRange(1, 30).Draw(t, "changes") {
			switch rapid.IntRange(0, 5).Draw(t, "what") {
			case 0: // a write
				store(t, l, entries)
			case 1: // another master
				store(t, l, entries)
				l = mustOpen(t, entries)
			default:
				c := drawChange(t)
				want.Apply(c)
				if err := l.apply(c, now); err != nil {
					t.Fatal(err)
				}
			}
		}
		store(t, l, entries)
		got := mustOpen(t, entries).restore(now, 0)
		if got, want := plain(got.Record), plain(&want); !reflect.DeepEqual(got, want) {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
		if len(got.Expired) > 0 {
			t.Fatalf("sessions expired at once: %v", got.Expired)
		}
	})
}

// TestEveryKindOfChangeIsTried fails when the core has a change that the test above
// does not know.
func TestEveryKindOfChangeIsTried(t *testing.T) {
	files, err := filepath.Glob("core/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "apply" && f.Recv != nil {
				kinds = append(kinds, fmt.Sprint(f.Recv.List[0].Type))
			}
		}
	}
	slices.Sort(kinds)
	if want := slices.Sorted(maps.Keys(changeKinds())); len(kinds) == 0 || !slices.Equal(kinds, want) {
		t.Errorf("the core has the changes %v, tried are %v", kinds, want)
	}
}

// session is one that a shard may have.
func session(n int64) core.Session {
	return core.Session{ID: "abc", Sequence: n, ResumeURL: "wss://gateway.example"}
}

func applyAll(t *testing.T, l *ledger, at time.Time, changes ...core.Change) {
	t.Helper()
	for _, c := range changes {
		if err := l.apply(c, at); err != nil {
			t.Fatal(err)
		}
	}
}

func TestASessionThatIsTooOldOrFromTheFutureIsForgotten(t *testing.T) {
	at := time.UnixMilli(1_800_000_000_000)
	tests := map[string]struct {
		now    time.Time
		maxAge time.Duration
		kept   bool
	}{
		"at once":                        {at, 0, true},
		"after 30 s":                     {at.Add(30 * time.Second), 0, true},
		"after more than 30 s":           {at.Add(30*time.Second + time.Millisecond), 0, false},
		"after 30 s when it is too long": {at.Add(30 * time.Second), 10 * time.Second, false},
		"a little before":                {at.Add(-5 * time.Second), 0, true},
		"long before":                    {at.Add(-6 * time.Second), 0, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			entries := make(map[string][]byte)
			l := mustOpen(t, nil)
			shard := core.ShardRecord{Owner: "s1", Epoch: 3, Issued: 4, Session: session(7)}
			applyAll(t, l, at, core.ShardCount{Shards: 2}, core.ShardChanged{Shard: 1, ShardRecord: shard})
			store(t, l, entries)
			got := mustOpen(t, entries).restore(test.now, test.maxAge)
			var expired []int
			if !test.kept {
				shard.Session, expired = core.Session{}, []int{1}
			}
			if want := []core.ShardRecord{{}, shard}; !reflect.DeepEqual(got.Record.Shards, want) || !slices.Equal(got.Expired, expired) {
				t.Errorf("got %+v and expired %v, want %+v and %v", got.Record.Shards, got.Expired, want, expired)
			}
		})
	}
}

func TestASessionIsAsOldAsTheLastChangeThatBroughtIt(t *testing.T) {
	at := time.UnixMilli(1_800_000_000_000)
	shard := core.ShardRecord{Owner: "s1", Epoch: 3, Issued: 3, Session: session(7)}
	l := mustOpen(t, nil)
	applyAll(t, l, at, core.ShardCount{Shards: 2}, core.ShardChanged{Shard: 0, ShardRecord: shard}, core.ShardChanged{Shard: 1, ShardRecord: shard})
	// A shard on which nothing has happened is said to be where it was.
	applyAll(t, l, at.Add(20*time.Second), core.ShardChanged{Shard: 0, ShardRecord: shard})
	if got := l.restore(at.Add(40*time.Second), 0).Expired; !slices.Equal(got, []int{1}) {
		t.Errorf("expired %v, want shard 1 alone", got)
	}
}

func TestSlavesAreInTheOrderInWhichTheyBecameKnown(t *testing.T) {
	known := func(id core.SlaveID) core.Change {
		return core.SlaveKnown{SlaveRecord: core.SlaveRecord{Slave: id}}
	}
	entries := make(map[string][]byte)
	l := mustOpen(t, nil)
	applyAll(t, l, time.Time{}, known("a"), known("b"), known("c"), known("b"), core.SlaveGone{Slave: "a"}, known("a"))
	store(t, l, entries)
	l = mustOpen(t, entries)
	applyAll(t, l, time.Time{}, known("0"), known("c"))
	store(t, l, entries)
	var got []core.SlaveID
	for _, s := range mustOpen(t, entries).restore(time.Time{}, 0).Record.Slaves {
		got = append(got, s.Slave)
	}
	if want := []core.SlaveID{"b", "c", "a", "0"}; !slices.Equal(got, want) {
		t.Errorf("slaves %q, want %q", got, want)
	}
}

func TestALaunchIsKeptUntilTheSlaveIsGone(t *testing.T) {
	entries := make(map[string][]byte)
	l := mustOpen(t, nil)
	want := launchRecord{Token: "secret", Handle: "\xff"}
	l.launch("s1", launchRecord{Token: "secret"})
	l.launch("s1", want)
	l.launch("s2", launchRecord{Token: "other"})
	applyAll(t, l, time.Time{}, core.SlaveKnown{SlaveRecord: core.SlaveRecord{Slave: "s1"}}, core.SlaveGone{Slave: "s2"})
	store(t, l, entries)
	got := mustOpen(t, entries).restore(time.Time{}, 0)
	if !maps.Equal(got.Launches, map[core.SlaveID]launchRecord{"s1": want}) {
		t.Errorf("launches %+v", got.Launches)
	}
}

func TestEntriesThatCannotBeUsedAreNamed(t *testing.T) {
	tests := map[string]struct {
		entries map[string]string
		key     string
		want    error
	}{
		"an unknown key":           {map[string]string{"lease/s1": `{"v":1}`}, "lease/s1", ErrJournalNewer},
		"a newer version":          {map[string]string{"shards": `{"v":2,"what":"ever"}`}, "shards", ErrJournalNewer},
		"no version":               {map[string]string{"shards": `{"shards":1}`}, "shards", ErrJournalDamaged},
		"an unknown field":         {map[string]string{"upgrade": `{"v":1,"upgrade":"u","lease":1}`}, "upgrade", ErrJournalDamaged},
		"an unknown field further": {map[string]string{"upgrade": `{"v":1,"upgrade":"u","plan":{"lease":1}}`}, "upgrade", ErrJournalDamaged},
		"no JSON":                  {map[string]string{"command": `bot`}, "command", ErrJournalDamaged},
		"nothing":                  {map[string]string{"command": ``}, "command", ErrJournalDamaged},
		"more behind it":           {map[string]string{"command": `{"v":1,"command":["bot"]} {}`}, "command", ErrJournalDamaged},
		"a wrong type":             {map[string]string{"command": `{"v":1,"command":"bot"}`}, "command", ErrJournalDamaged},
		"a shard too many":         {map[string]string{"shards": `{"v":1,"shards":1}`, "shard/00000": `{"v":1}`, "shard/00001": `{"v":1}`}, "shards", ErrJournalDamaged},
		"a shard too few":          {map[string]string{"shards": `{"v":1,"shards":99999999999}`, "shard/00000": `{"v":1}`}, "shards", ErrJournalDamaged},
		"another shard":            {map[string]string{"shards": `{"v":1,"shards":1}`, "shard/00001": `{"v":1}`}, "shard/00001", ErrJournalDamaged},
		"a shard written shorter":  {map[string]string{"shards": `{"v":1,"shards":1}`, "shard/0": `{"v":1}`}, "shard/0", ErrJournalDamaged},
		"a negative shard":         {map[string]string{"shards": `{"v":1,"shards":1}`, "shard/-0001": `{"v":1}`}, "shard/-0001", ErrJournalDamaged},
		"another slave":            {map[string]string{"slave/a": `{"v":1,"slave":"b","place":1}`}, "slave/a", ErrJournalDamaged},
		"another slave's launch":   {map[string]string{"launch/a": `{"v":1,"slave":"b","token":"t"}`}, "launch/a", ErrJournalDamaged},
		"a place that is taken": {
			map[string]string{"slave/a": `{"v":1,"slave":"a","place":1}`, "slave/b": `{"v":1,"slave":"b","place":1}`}, "slave/b", ErrJournalDamaged,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			entries := make(map[string][]byte)
			for key, value := range test.entries {
				entries[key] = []byte(value)
			}
			_, err := openLedger(entries)
			var named *JournalError
			if !errors.Is(err, test.want) || !errors.As(err, &named) || named.Key != test.key {
				t.Errorf("error %v, want %v of %q", err, test.want, test.key)
			}
		})
	}
}

// FuzzOpenLedger reads entries that may mean anything: three keys and their values.
func FuzzOpenLedger(f *testing.F) {
	f.Add("shards", `{"v":1,"shards":1}`, "shard/00000", `{"v":1,"epoch":3,"issued":4,"session":{"id":"a","seq":7,"url":"","at":1}}`, "command", `{"v":1,"command":["bot"]}`)
	f.Add("slave/a", `{"v":1,"slave":"a","place":2}`, "slave/b", `{"v":1,"slave":"b","place":1,"dialect":2}`, "launch/%FF", `{"v":1,"slave":["/w=="],"token":"t"}`)
	f.Add("upgrade", `{"v":1,"upgrade":"u","plan":{"slaves":["a"],"hold":5},"parts":[{"slave":"a","shards":[1]}]}`, "x", "", "shard/1", "null")
	f.Fuzz(func(t *testing.T, k1, v1, k2, v2, k3, v3 string) {
		now := time.UnixMilli(1_800_000_000_000)
		l, err := openLedger(map[string][]byte{k1: []byte(v1), k2: []byte(v2), k3: []byte(v3)})
		if err != nil {
			if !errors.Is(err, ErrJournalNewer) && !errors.Is(err, ErrJournalDamaged) {
				t.Fatalf("error %v of no kind", err)
			}
			return
		}
		// What was understood can be written down and read again.
		for shard := range l.record.Shards {
			l.mark(entryID{prefix: shardPrefix, shard: shard})
		}
		for id := range l.places {
			l.mark(entryID{prefix: slavePrefix, slave: id})
		}
		for id := range l.launches {
			l.mark(entryID{prefix: launchPre, slave: id})
		}
		for _, key := range []string{shardsKey, upgradeKey, commandKey} {
			l.mark(entryID{prefix: key})
		}
		entries := make(map[string][]byte)
		store(t, l, entries)
		got, want := mustOpen(t, entries).restore(now, 0), l.restore(now, 0)
		got.Record, want.Record = plain(got.Record), plain(want.Record)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
	})
}
