package fsm_test

import (
	"context"
	"fmt"
	"testing"

	looplab "github.com/looplab/fsm"

	"github.com/shardbaton/baton/fsm"
)

// BenchmarkFire measures one event, by what becomes of it.
func BenchmarkFire(b *testing.B) {
	def := build(b, sample())
	for _, bb := range []struct {
		name string
		in   phase
		on   signal
		ctx  facts
	}{
		{"taken, moves", onOld, begin, facts{}},
		{"taken, two guards", copying, record, facts{last: true}},
		{"taken, stays", copying, begin, facts{}},
		{"ignored", onOld, tooLate, facts{}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			start := *restore(b, def, bb.in)
			for b.Loop() {
				m := start
				if _, err := m.Fire(bb.ctx, bb.on); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRestore measures what a search does for each step it tries: restore,
// fire once, take a snapshot.
func BenchmarkRestore(b *testing.B) {
	def := build(b, sample())
	snap := fsm.Snapshot{Table: def.Name(), State: string(copying)}
	b.ReportAllocs()
	for b.Loop() {
		m, err := def.Restore(snap)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := m.Fire(facts{}, stop); err != nil {
			b.Fatal(err)
		}
		_ = m.Snapshot()
	}
}

// BenchmarkLooplab measures what building and stepping a bare looplab machine
// costs: the reason why definitions lend theirs out.
func BenchmarkLooplab(b *testing.B) {
	for _, steps := range []int{10, 50, 150} {
		var all []looplab.EventDesc
		for i := range steps {
			all = append(all, looplab.EventDesc{
				Name: fmt.Sprintf("row %d, source 0: event", i),
				Src:  []string{fmt.Sprint("state ", i%10)}, Dst: fmt.Sprint("state ", (i+1)%10),
			})
		}
		b.Run(fmt.Sprintf("build %d steps", steps), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				looplab.NewFSM("state 0", all, nil)
			}
		})
	}
	b.Run("step", func(b *testing.B) {
		b.ReportAllocs()
		loop := looplab.NewFSM("a", looplab.Events{{Name: "go", Src: []string{"a"}, Dst: "b"}}, nil)
		for b.Loop() {
			loop.SetState("a")
			if err := loop.Event(context.Background(), "go"); err != nil {
				b.Fatal(err)
			}
		}
	})
}
