// Package children launches a master's slaves and keeps account of them: which
// still live, so that they can be killed at once, and what each said last.
package children

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/shardbaton/baton/master"
)

// lastLines is how many lines of each slave's output are kept.
const lastLines = 20

// Launcher is a [master.Launcher] that remembers what it has launched. The zero
// value launches by [master.ExecLauncher].
type Launcher struct {
	// Base does the launching; nil means a [master.ExecLauncher].
	Base master.Launcher

	mu     sync.Mutex
	live   map[*process]struct{}
	said   map[string]*tail
	killed bool
	// launching counts the launches that are under way; none begins once killed.
	launching sync.WaitGroup
}

// ErrKilled says that the launcher has killed all it launched, and launches no more.
var ErrKilled = errors.New("children: everything was killed")

// Launch implements [master.Launcher].
func (l *Launcher) Launch(ctx context.Context, spec master.Spec) (master.Process, error) {
	l.mu.Lock()
	if l.killed {
		l.mu.Unlock()
		return nil, ErrKilled
	}
	l.launching.Add(1)
	l.mu.Unlock()
	defer l.launching.Done()
	said := new(tail)
	spec.Logger = spec.Logger.WithOptions(zap.WrapCore(func(c zapcore.Core) zapcore.Core { return zapcore.NewTee(c, said) }))
	child, err := l.base().Launch(ctx, spec)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.said == nil {
		l.said = make(map[string]*tail)
	}
	l.said[spec.Slave] = said
	return l.keep(child), nil
}

// Attach implements [master.Attacher], if Base does: what is found is one of the
// launched from then on.
func (l *Launcher) Attach(ctx context.Context, handle string) (master.Process, error) {
	base, ok := l.base().(master.Attacher)
	if !ok {
		return nil, fmt.Errorf("children: the launcher cannot find a process again: %w", errors.ErrUnsupported)
	}
	found, err := base.Attach(ctx, handle)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.keep(found), nil
}

func (l *Launcher) base() master.Launcher {
	if l.Base == nil {
		return master.ExecLauncher{}
	}
	return l.Base
}

// keep notes a process that lives. l.mu is held.
func (l *Launcher) keep(child master.Process) *process {
	if l.live == nil {
		l.live = make(map[*process]struct{})
	}
	p := &process{Process: child, of: l}
	l.live[p] = struct{}{}
	return p
}

// Kill ends every process that still lives at once, also one that is being launched,
// and returns how many there were. Nothing is launched afterwards. The error names
// those that could not be killed.
func (l *Launcher) Kill() (int, error) {
	l.mu.Lock()
	l.killed = true
	l.mu.Unlock()
	l.launching.Wait()
	l.mu.Lock()
	live := make([]*process, 0, len(l.live))
	for p := range l.live {
		live = append(live, p)
	}
	l.mu.Unlock()
	var errs []error
	for _, p := range live {
		errs = append(errs, p.Signal(os.Kill))
	}
	return len(live), errors.Join(errs...)
}

// Said returns the last lines that a slave has written to its output.
func (l *Launcher) Said(slave string) []string {
	l.mu.Lock()
	said := l.said[slave]
	l.mu.Unlock()
	if said == nil {
		return nil
	}
	return said.lines()
}

// process is one that is forgotten when its end is seen.
type process struct {
	master.Process
	of *Launcher
}

// Wait implements [master.Process].
func (p *process) Wait(ctx context.Context) (master.Exit, error) {
	exit, err := p.Process.Wait(ctx)
	if err == nil {
		p.of.mu.Lock()
		delete(p.of.live, p)
		p.of.mu.Unlock()
	}
	return exit, err
}

// Handle is by what the next master finds the process, or empty; see
// [master.Attacher].
func (p *process) Handle() string {
	if found, ok := p.Process.(interface{ Handle() string }); ok {
		return found.Handle()
	}
	return ""
}

// Close lets go of a process that was found again, if it has to be let go of.
func (p *process) Close() error {
	if found, ok := p.Process.(io.Closer); ok {
		return found.Close()
	}
	return nil
}

// tail is a log's core that keeps the last messages.
type tail struct {
	mu   sync.Mutex
	kept []string
}

// Enabled implements [zapcore.LevelEnabler]: a slave's output is kept at any level.
func (*tail) Enabled(zapcore.Level) bool { return true }

// With implements [zapcore.Core]; the fields of a slave's lines say nothing new.
func (t *tail) With([]zapcore.Field) zapcore.Core { return t }

// Check implements [zapcore.Core].
func (t *tail) Check(e zapcore.Entry, to *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	return to.AddCore(e, t)
}

// Write implements [zapcore.Core].
func (t *tail) Write(e zapcore.Entry, _ []zapcore.Field) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.kept) == lastLines {
		t.kept = slices.Delete(t.kept, 0, 1)
	}
	t.kept = append(t.kept, e.Message)
	return nil
}

// Sync implements [zapcore.Core].
func (*tail) Sync() error { return nil }

func (t *tail) lines() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.kept)
}
