package master

import (
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shardbaton/baton/master/core"
)

func TestABacklogLosesNothingThatCounts(t *testing.T) {
	now := time.UnixMilli(1_800_000_000_000)
	rapid.Check(t, func(t *rapid.T) {
		l, want, b := mustOpen(t, nil), mustOpen(t, nil), newBacklog()
		ids := rapid.SampledFrom([]core.SlaveID{"s1", "s2"})
		for i := range rapid.IntRange(1, 40).Draw(t, "changes") {
			if rapid.IntRange(0, 9).Draw(t, "launch") == 0 {
				id, r := ids.Draw(t, "slave"), launchRecord{Token: rapid.String().Draw(t, "token")}
				b.addLaunch(id, r)
				want.launch(id, r)
				continue
			}
			at := now.Add(time.Duration(i) * time.Millisecond)
			c := drawChange(t)
			if rapid.Bool().Draw(t, "slave") { // few ids, so that they meet
				if id := ids.Draw(t, "slave"); rapid.Bool().Draw(t, "known") {
					c = core.SlaveKnown{SlaveRecord: core.SlaveRecord{Slave: id, Dialect: i}}
				} else {
					c = core.SlaveGone{Slave: id}
				}
			}
			b.add(uint64(i), c, at)
			if err := want.apply(c, at); err != nil {
				t.Fatal(err)
			}
		}
		var last *note
		met := make(map[topic]bool)
		for n := b.first; n != nil; last, n = n, n.next {
			if n.prev != last {
				t.Fatal("the list is broken")
			}
			if n.topic.kind != anyTopic && met[n.topic] {
				t.Fatalf("two notes about %+v", n.topic)
			}
			met[n.topic] = true
			if n.change == nil {
				l.launch(n.topic.slave, n.launch)
			} else if err := l.apply(n.change, n.at); err != nil {
				t.Fatal(err)
			}
		}
		if b.last != last {
			t.Fatal("the list has another end")
		}
		got, all := plain(&l.record), plain(&want.record)
		if !reflect.DeepEqual(got, all) || !maps.Equal(l.launches, want.launches) {
			t.Fatalf("got  %+v %+v\nwant %+v %+v", got, l.launches, all, want.launches)
		}
		if !slices.Equal(l.reported, want.reported) {
			t.Fatalf("reported %v, want %v", l.reported, want.reported)
		}
	})
}
