package simulate

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/shardbaton/baton/master"
)

// launcher returns how the master starts processes, and finds earlier ones if it can.
func (r *reign) launcher() master.Launcher {
	if r.world.scenario.attach {
		return &finder{launcher{r}}
	}
	return &launcher{r}
}

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
	return &child{w.start(l.of, spec), l.of}, nil
}

// finder is a launcher that finds the processes of earlier masters.
type finder struct{ launcher }

// Attach implements [master.Attacher].
func (f *finder) Attach(ctx context.Context, handle string) (master.Process, error) {
	w := f.of.world
	select {
	case <-w.clock.pass(newDice(w.seed, f.of.host.name+" finds "+handle).span(0, 50*time.Millisecond)):
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", master.ErrCannotTell, ctx.Err())
	}
	for _, p := range w.all() {
		if p.name != handle {
			continue
		}
		select {
		case <-p.ended:
			return nil, master.ErrGone
		default:
			p.do(func() { p.parent = f.of })
			return &child{p, f.of}, nil
		}
	}
	return nil, master.ErrGone
}

// child is a process as one master sees it.
type child struct {
	*process
	of *reign
}

// Handle implements [master.Handled].
func (c *child) Handle() string { return c.name }

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
	case <-c.of.dead: // a dead master's last wish
		return nil
	default:
	}
	w := c.world
	w.clock.at(latest(c.of.thaw(), time.Now()).Add(time.Microsecond), func() {
		w.diary.note("proc %s: signal %v from its master", c.name, s)
		if s == os.Kill {
			c.kill(newDice(w.seed, "end of "+c.name))
		} else {
			c.cancel()
		}
	})
	return nil
}
