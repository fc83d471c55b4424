package progress

import (
	"fmt"
	"io"
	"sync/atomic"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/internal/control"
)

// Bars keeps a bar for the whole upgrade at the bottom of a terminal and a line
// for each shard above it. Where the terminal is too low for all shards, there is the
// bar alone: what scrolls out of sight cannot be drawn over.
type Bars struct {
	container *mpb.Progress
	rows      int
	paused    bool
	back      bool
	whole     *bar
	shards    map[int]*bar
}

// bar is a line on the terminal. Its text is read by the goroutine that draws.
type bar struct {
	*mpb.Bar
	text *atomic.Pointer[string]
}

func (b *bar) say(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	b.text.Store(&text)
}

func newBars(w io.Writer, rows int, options ...mpb.ContainerOption) *Bars {
	container := mpb.New(append([]mpb.ContainerOption{mpb.WithOutput(w)}, options...)...)
	return &Bars{container: container, rows: rows, shards: make(map[int]*bar)}
}

// Show implements [Display].
func (b *Bars) Show(step control.Progress) {
	if b.whole == nil {
		// Without a total of its own, so that it never completes by itself: the
		// upgrade has more to do when all shards have arrived.
		b.whole = b.add(0, mpb.BarStyle(), mpb.BarPriority(wholePriority))
	}
	b.whole.SetTotal(int64(max(step.Total, 1)), false)
	b.whole.SetCurrent(int64(step.Moved))
	b.whole.say("%-16s %4d of %d", step.State, step.Moved, step.Total)
	if step.Note != "" {
		_, _ = fmt.Fprintln(b.container, step.Note)
	}
	// The bar has no room for more than the state's name: what holds the upgrade up, or
	// turns it back, stands above.
	paused := step.State == string(lifecycle.UpgradePaused)
	if paused && !b.paused || step.Back && !b.back || step.Failure != nil {
		_, _ = fmt.Fprintf(b.container, "upgrade: %s\n", situation(step))
	}
	b.paused, b.back = paused, step.Back
	// One row for the bar, one for the cursor.
	if step.Move != nil && step.Total+2 <= b.rows {
		b.move(step.Move)
	}
}

// move brings a shard's line up to date.
func (b *Bars) move(m *control.Move) {
	line := b.shards[m.Shard]
	if line == nil {
		// Without a total of its own either: a shard that has arrived may go back.
		line = b.add(0, mpb.NopStyle(), mpb.BarPriority(m.Shard))
		b.shards[m.Shard] = line
	}
	line.say("shard %4d  %-12s %s%s", m.Shard, m.State, parties(m), how(m))
}

// wholePriority puts the bar below the lines of all shards.
const wholePriority = 1 << 30

// add adds a line that shows its text.
func (b *Bars) add(total int64, style mpb.BarFillerBuilder, options ...mpb.BarOption) *bar {
	text := new(atomic.Pointer[string])
	text.Store(new(string))
	show := decor.Any(func(decor.Statistics) string { return *text.Load() })
	return &bar{Bar: b.container.New(total, style, append(options, mpb.PrependDecorators(show))...), text: text}
}

// Close implements [Display].
func (b *Bars) Close() {
	for _, line := range b.shards {
		line.Abort(false)
	}
	if b.whole != nil {
		b.whole.Abort(false)
	}
	b.container.Wait()
}
