package fsm

import (
	"fmt"
	"testing"

	looplab "github.com/looplab/fsm"
)

func BenchmarkLooplabNew(b *testing.B) {
	for _, n := range []int{10, 50, 150} {
		var ev []looplab.EventDesc
		for i := range n {
			ev = append(ev, looplab.EventDesc{Name: fmt.Sprintf("row %d, source %d: happened", i, i%10), Src: []string{fmt.Sprintf("state %d", i%10)}, Dst: fmt.Sprintf("state %d", (i+1)%10)})
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				looplab.NewFSM("state 0", ev, nil)
			}
		})
	}
}
