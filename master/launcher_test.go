package master

import (
	"context"
	"os"
	"sync"
	"testing"
)

// fakeLauncher hands each launch to the test, which plays the process.
type fakeLauncher struct {
	launched chan *fakeProcess
	// hold, when it is not nil, keeps Launch from returning until it is closed.
	hold chan struct{}
	fail error
}

func newFakeLauncher() *fakeLauncher { return &fakeLauncher{launched: make(chan *fakeProcess, 16)} }

// Launch implements Launcher.
func (l *fakeLauncher) Launch(_ context.Context, spec Spec) (Process, error) {
	if l.fail != nil {
		return nil, l.fail
	}
	p := &fakeProcess{spec: spec, pid: 4242, done: make(chan struct{}), signals: make(chan os.Signal, 4)}
	l.launched <- p
	if l.hold != nil {
		<-l.hold
	}
	return p, nil
}

// next returns the process that was launched next.
func (l *fakeLauncher) next(t *testing.T) *fakeProcess {
	t.Helper()
	return within(t, l.launched, "a launch")
}

// fakeProcess ends when the test says so, or when it is killed.
type fakeProcess struct {
	spec    Spec
	pid     int
	signals chan os.Signal
	once    sync.Once
	done    chan struct{}
	exit    Exit
}

// end lets the process end.
func (p *fakeProcess) end(e Exit) {
	p.once.Do(func() {
		p.exit = e
		close(p.done)
	})
}

// PID implements Process.
func (p *fakeProcess) PID() int { return p.pid }

// Wait implements Process.
func (p *fakeProcess) Wait(ctx context.Context) (Exit, error) {
	select {
	case <-p.done:
		return p.exit, nil
	case <-ctx.Done():
		return Exit{}, ctx.Err()
	}
}

// Signal implements Process.
func (p *fakeProcess) Signal(sig os.Signal) error {
	p.signals <- sig
	if sig == os.Kill {
		p.end(Exit{Code: -1, Signal: "killed"})
	}
	return nil
}
