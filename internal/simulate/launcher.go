package simulate

import (
	"context"
	"os"
	"time"

	"github.com/shardbaton/baton/master"
)

// launcher starts the processes of one master. When that is killed it is of no use
// any more, and the processes go on.
type launcher struct{ of *reign }

// Launch implements [master.Launcher].
func (l *launcher) Launch(ctx context.Context, spec master.Spec) (master.Process, error) {
	w := l.of.world
	took := newDice(w.seed, "start of "+spec.Slave).span(20*time.Millisecond, w.scenario.launch)
	started := make(chan struct{})
	w.clock.at(latest(l.of.thaw(), time.Now()).Add(took), func() { close(started) })
	select {
	case <-started:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-l.of.dead:
		return nil, errDead
	}
	return &child{w.start(l.of, spec)}, nil
}

// child is a process as its master sees it.
type child struct{ *process }

// PID implements [master.Process].
func (c *child) PID() int { return c.number }

// Wait implements [master.Process].
func (c *child) Wait(ctx context.Context) (master.Exit, error) {
	select {
	case <-c.ended:
		return c.exit, nil
	case <-ctx.Done():
		return master.Exit{}, ctx.Err()
	}
}

// Signal implements [master.Process].
func (c *child) Signal(s os.Signal) error {
	select {
	case <-c.parent.dead: // a dead master's last wish
		return nil
	default:
	}
	w := c.world
	w.clock.at(latest(c.parent.thaw(), time.Now()).Add(time.Microsecond), func() {
		w.diary.note("proc %s: signal %v from its master", c.name, s)
		if s == os.Kill {
			c.kill(newDice(w.seed, "end of "+c.name))
		} else {
			c.cancel()
		}
	})
	return nil
}
