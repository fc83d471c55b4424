package simulate

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/shardbaton/baton/master"
)

// disk is what outlives every master: the entries of the journal.
type disk struct {
	world *world

	mu      sync.Mutex
	entries map[string][]byte
	writes  int
	// stalled is until when nothing is written; failing is until when writes fail.
	stalled, failing time.Time
}

// errDisk is how a write fails.
var errDisk = errors.New("simulate: the disk does not write")

// open returns the journal as one master has it.
func (d *disk) open(r *reign) master.Journal { return &journal{disk: d, of: r} }

// suffer has a fault happen to the disk.
func (d *disk) suffer(f fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	until := time.Now().Add(f.lasts)
	if f.kind == stallDisk {
		d.stalled = latest(d.stalled, until)
	} else {
		d.failing = latest(d.failing, until)
	}
}

// journal is the disk in the hands of one master.
type journal struct {
	*disk
	of *reign
}

// Load implements [master.Journal].
func (j *journal) Load(context.Context) (map[string][]byte, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return maps.Clone(j.entries), nil
}

// Write implements [master.Journal]. A write that is under way when its master is
// killed is made or not.
func (j *journal) Write(ctx context.Context, changes []master.JournalChange) error {
	w := j.world
	j.mu.Lock()
	j.writes++
	d := newDice(w.seed, fmt.Sprintf("write %d", j.writes))
	took := d.span(w.scenario.diskFrom, w.scenario.diskTo)
	due := latest(latest(time.Now(), j.stalled), j.of.thaw()).Add(took)
	failing := time.Now().Before(j.failing)
	j.mu.Unlock()
	made := make(chan error, 1)
	w.clock.at(due, func() { made <- j.write(changes, failing, d) })
	select {
	case err := <-made:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// write makes the changes, unless they fail or the master is dead.
func (j *journal) write(changes []master.JournalChange, failing bool, d dice) error {
	if j.of.fallen() && d.chance(0.5) {
		return errDead
	}
	if failing && d.chance(0.5) {
		return errDisk
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.of != j.world.reigns() {
		return errDead // its successor has the disk
	}
	for _, c := range changes {
		if c.Value == nil {
			delete(j.entries, c.Key)
		} else {
			j.entries[c.Key] = c.Value
		}
	}
	j.world.diary.note("disk %d changes", len(changes))
	if failing {
		return errDisk // it was written all the same
	}
	return nil
}

// Close implements [master.Journal].
func (j *journal) Close() error { return nil }
