package master_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/journal"
)

// BenchmarkJournal replaces a slave of 1,000 empty shards, eight at a time, by a master
// with a journal in a file and by one without, in turn. "x-total" and "x-dark" are the
// whole upgrade and the median dark time of a shard, as multiples of those without.
func BenchmarkJournal(b *testing.B) {
	type side struct {
		service *service
		old     *clerk
		total   []time.Duration
		dark    []time.Duration
	}
	var sides [2]*side
	for i := range sides {
		cfg := master.Config{Deadlines: lifecycle.Deadlines{Silence: time.Hour}}
		if i == 1 {
			file, err := journal.Open(filepath.Join(b.TempDir(), "journal"))
			if err != nil {
				b.Fatal(err)
			}
			cfg.Journal = file
		}
		s := serveAt(b, "127.0.0.1:0", cfg)
		sides[i] = &side{service: s, old: newClerk(b, s.addr, "clerk-0", false)}
		s.serving()
		s.events.Close()
	}
	for n := range b.N {
		for _, at := range sides {
			next := newClerk(b, at.service.addr, fmt.Sprintf("clerk-%d", n+1), false)
			r, err := at.service.result(at.service.upgrade(master.Plan{Parallel: 8}))
			if err != nil || len(r.Moved) != handovers {
				b.Fatalf("%d shards moved, %v", len(r.Moved), err)
			}
			at.old.done.Wait()
			at.old = next
			dark := make([]time.Duration, len(r.Moves))
			for i, m := range r.Moves {
				dark[i] = m.Dark
			}
			at.total, at.dark = append(at.total, r.Took), append(at.dark, median(dark))
		}
	}
	without, with := sides[0], sides[1]
	b.ReportMetric(float64(median(with.total))/float64(median(without.total)), "x-total")
	b.ReportMetric(float64(median(with.dark))/float64(median(without.dark)), "x-dark")
	b.ReportMetric(float64(median(with.dark).Microseconds()), "µs-dark")
	b.ReportMetric(float64((median(with.total)-median(without.total)).Microseconds())/1000, "ms-more")
	b.ReportMetric(0, "ns/op")
}
