package progress

import (
	"fmt"
	"io"
	"time"

	"github.com/shardbaton/baton/internal/control"
)

// Plain writes a line for each state of the upgrade, each shard that has arrived or
// is back and each note, with the seconds since the first one in front.
type Plain struct {
	w     io.Writer
	start time.Time
	state string
	back  int // how many shards are back
}

// NewPlain returns a display that writes lines to w.
func NewPlain(w io.Writer) *Plain { return &Plain{w: w} }

// Show implements [Display].
func (p *Plain) Show(step control.Progress) {
	if p.start.IsZero() {
		p.start = step.At
	}
	switch {
	case step.Note != "":
		p.line(step, "%s", step.Note)
	case step.Move != nil && step.Move.Returned:
		m := step.Move
		p.back++
		p.line(step, "shard %d: %s (%s%s), %d back", m.Shard, m.State, parties(m), how(m), p.back)
	case step.Move != nil && step.Move.Arrived:
		m := step.Move
		p.line(step, "shard %d: %s (%s%s), %d of %d", m.Shard, m.State, parties(m), how(m), step.Moved, step.Total)
	case step.State != p.state:
		p.line(step, "upgrade: %s", situation(step))
	}
	p.state = step.State
}

// Close implements [Display].
func (p *Plain) Close() {}

// line writes one line. Nobody is helped by an error of a display's writer.
func (p *Plain) line(step control.Progress, format string, args ...any) {
	_, _ = fmt.Fprintf(p.w, "[%7.3f s] %s\n", step.At.Sub(p.start).Seconds(), fmt.Sprintf(format, args...))
}
