package children_test

import (
	"context"
	"errors"
	"os"
	"reflect"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/shardbaton/baton/internal/control/children"
	"github.com/shardbaton/baton/master"
)

// stub launches processes that exist on paper only.
type stub struct{ said []string }

func (s stub) Launch(_ context.Context, spec master.Spec) (master.Process, error) {
	if spec.Slave == "" {
		return nil, errors.New("no such program")
	}
	for _, line := range s.said {
		spec.Logger.Info(line)
	}
	return &paper{killed: make(chan struct{})}, nil
}

type paper struct{ killed chan struct{} }

func (*paper) PID() int { return 1 }

func (p *paper) Wait(ctx context.Context) (master.Exit, error) {
	select {
	case <-p.killed:
		return master.Exit{Code: -1, Signal: "killed"}, nil
	case <-ctx.Done():
		return master.Exit{}, ctx.Err()
	}
}

func (p *paper) Signal(sig os.Signal) error {
	if sig == os.Kill {
		close(p.killed)
	}
	return nil
}

func TestKillEndsThoseThatLive(t *testing.T) {
	launcher := &children.Launcher{Base: stub{}}
	var processes []master.Process
	for _, id := range []string{"s1", "s2", "s3"} {
		p, err := launcher.Launch(t.Context(), master.Spec{Slave: id, Logger: zap.NewNop()})
		if err != nil {
			t.Fatal(err)
		}
		processes = append(processes, p)
	}
	if _, err := launcher.Launch(t.Context(), master.Spec{Logger: zap.NewNop()}); err == nil {
		t.Error("a launch that failed was reported as one")
	}
	if err := processes[0].Signal(os.Kill); err != nil {
		t.Fatal(err)
	}
	if _, err := processes[0].Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := launcher.Kill(); n != 2 || err != nil {
		t.Errorf("Kill() = %d, %v; want 2", n, err)
	}
	for _, p := range processes[1:] {
		if _, err := p.Wait(t.Context()); err != nil {
			t.Errorf("a process was not killed: %v", err)
		}
	}
	if n, err := launcher.Kill(); n != 0 || err != nil {
		t.Errorf("Kill() = %d, %v when all are dead; want 0", n, err)
	}
	if _, err := launcher.Launch(t.Context(), master.Spec{Slave: "s4", Logger: zap.NewNop()}); !errors.Is(err, children.ErrKilled) {
		t.Errorf("a launch after that: error %v, want ErrKilled", err)
	}
}

// slow launches when it is told to.
type slow struct{ begun, proceed chan struct{} }

func (s slow) Launch(ctx context.Context, spec master.Spec) (master.Process, error) {
	close(s.begun)
	<-s.proceed
	return stub{}.Launch(ctx, spec)
}

func TestKillEndsAlsoWhatIsBeingLaunched(t *testing.T) {
	base := slow{make(chan struct{}), make(chan struct{})}
	launcher := &children.Launcher{Base: base}
	launched := make(chan master.Process, 1)
	go func() {
		p, err := launcher.Launch(context.Background(), master.Spec{Slave: "s1", Logger: zap.NewNop()})
		if err != nil {
			t.Error(err)
		}
		launched <- p
	}()
	<-base.begun
	killed := make(chan int, 1)
	go func() {
		n, err := launcher.Kill()
		if err != nil {
			t.Error(err)
		}
		killed <- n
	}()
	close(base.proceed)
	if n := <-killed; n != 1 {
		t.Errorf("Kill() = %d, want 1", n)
	}
	if exit, err := (<-launched).Wait(t.Context()); err != nil || exit.Signal != "killed" {
		t.Errorf("it ended with %v, %v", exit, err)
	}
}

func TestTheLastLinesOfASlaveAreKeptAndStillLogged(t *testing.T) {
	var lines []string
	for n := range 30 {
		lines = append(lines, string(rune('a'+n%26)))
	}
	core, logged := observer.New(zap.InfoLevel)
	launcher := &children.Launcher{Base: stub{said: lines}}
	spec := master.Spec{Slave: "s1", Logger: zap.New(core).Named("s1")}
	if _, err := launcher.Launch(t.Context(), spec); err != nil {
		t.Fatal(err)
	}
	if got, want := launcher.Said("s1"), lines[10:]; !reflect.DeepEqual(got, want) {
		t.Errorf("kept %q, want %q", got, want)
	}
	if logged.Len() != len(lines) || logged.All()[0].LoggerName != "s1" {
		t.Errorf("%d of %d lines were logged under the slave's name", logged.Len(), len(lines))
	}
	if got := launcher.Said("s9"); got != nil {
		t.Errorf("a slave that was never launched said %q", got)
	}
}

// finder is a stub that finds what an earlier one has launched.
type finder struct{ stub }

func (finder) Attach(_ context.Context, handle string) (master.Process, error) {
	if handle != "here" {
		return nil, master.ErrGone
	}
	return &paper{killed: make(chan struct{})}, nil
}

// named is a process that can be found again.
type named struct{ *paper }

func (named) Handle() string { return "here" }

// naming launches such.
type naming struct{}

func (naming) Launch(context.Context, master.Spec) (master.Process, error) {
	return named{&paper{killed: make(chan struct{})}}, nil
}

func TestWhatIsFoundAgainIsOneOfTheLaunched(t *testing.T) {
	var attacher master.Attacher = &children.Launcher{Base: finder{}}
	if _, err := attacher.Attach(t.Context(), "elsewhere"); !errors.Is(err, master.ErrGone) {
		t.Errorf("error %v, want the one that the launcher gives", err)
	}
	found, err := attacher.Attach(t.Context(), "here")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := attacher.(*children.Launcher).Kill(); n != 1 || err != nil {
		t.Errorf("Kill() = %d, %v; want 1", n, err)
	}
	if exit, err := found.Wait(t.Context()); err != nil || exit.Signal != "killed" {
		t.Errorf("it ended with %v, %v", exit, err)
	}
	blind := &children.Launcher{Base: stub{}}
	if _, err := blind.Attach(t.Context(), "here"); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("error %v of a launcher that finds nothing again, want ErrUnsupported", err)
	}
}

func TestAProcessIsFoundAgainByItsOwnHandle(t *testing.T) {
	for _, test := range []struct {
		base master.Launcher
		want string
	}{{stub{}, ""}, {naming{}, "here"}} {
		p, err := (&children.Launcher{Base: test.base}).Launch(t.Context(), master.Spec{Slave: "s1", Logger: zap.NewNop()})
		if err != nil {
			t.Fatal(err)
		}
		if got := p.(interface{ Handle() string }).Handle(); got != test.want {
			t.Errorf("handle %q, want %q", got, test.want)
		}
	}
}
