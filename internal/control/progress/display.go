// Package progress shows an upgrade's progress to people: as bars on a terminal,
// as lines of text anywhere else.
package progress

import (
	"io"
	"os"

	"golang.org/x/term"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/internal/control"
)

// Display shows the progress of one upgrade. It is used by one goroutine.
type Display interface {
	// Show takes the next step in.
	Show(control.Progress)
	// Close leaves what was shown last. Show may not be called after it.
	Close()
}

// New returns a display for the writer: [Bars] when it is a terminal, [Plain]
// otherwise.
func New(w io.Writer) Display {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		_, rows, err := term.GetSize(int(f.Fd()))
		if err != nil {
			rows = usualRows
		}
		return newBars(w, rows)
	}
	return NewPlain(w)
}

// usualRows is how high a terminal is taken to be that does not say so.
const usualRows = 24

// parties says between whom a shard moves.
func parties(m *control.Move) string {
	from, to := m.From, m.To
	if from == "" {
		from = "nobody"
	}
	if to == "" {
		to = "nobody"
	}
	if m.Back {
		return from + " ← " + to
	}
	return from + " → " + to
}

// situation says where the upgrade stands, and what can be done about it when it
// waits for somebody.
func situation(step control.Progress) string {
	text := step.State
	state := lifecycle.UpgradeState(step.State)
	if step.Back && !state.Over() {
		text += ", on the way back"
	}
	if step.Failure != nil {
		text += ": " + step.Failure.String()
	}
	if state == lifecycle.UpgradePaused {
		text += "; baton resume lets it go on, baton abort takes it back"
	}
	return text
}

// how marks a shard that could not keep its session.
func how(m *control.Move) string {
	if m.Fresh {
		return ", by IDENTIFY"
	}
	return ""
}
