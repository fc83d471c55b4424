package master

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
)

// lineLog is a logger that hands each message to a channel.
func lineLog(lines chan<- string) *zap.Logger {
	return zap.New(zapcore.NewNopCore(), zap.WrapCore(func(zapcore.Core) zapcore.Core {
		logs, _ := observer.New(zap.DebugLevel)
		return zapcore.RegisterHooks(logs, func(e zapcore.Entry) error { lines <- e.Message; return nil })
	}))
}

// launch starts this test binary in the given mode, with its output logged.
func launch(t *testing.T, l ExecLauncher, mode string, spec Spec) Process {
	t.Helper()
	l.Env = append(os.Environ(), childMode+"="+mode)
	if spec.Command == nil {
		spec.Command = []string{os.Args[0]}
	}
	if spec.Logger == nil {
		spec.Logger = zap.NewNop()
	}
	p, err := l.Launch(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Signal(os.Kill); err != nil {
			t.Error(err)
		}
		if _, err := p.Wait(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return p
}

// wait returns how the process ended.
func wait(t *testing.T, p Process) Exit {
	t.Helper()
	exit, err := p.Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return exit
}

// peer is a child's connection to the test.
type peer struct {
	t     *testing.T
	conn  net.Conn
	lines *bufio.Scanner
}

// accept waits for the child that was launched in mode "serve".
func accept(t *testing.T, l net.Listener) *peer {
	t.Helper()
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	// Nothing that a test waits for here takes that long unless it is broken.
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return &peer{t, conn, bufio.NewScanner(conn)}
}

// pid asks the child whether it is there and returns its process id.
func (p *peer) pid() int {
	p.t.Helper()
	if _, err := io.WriteString(p.conn, "there?\n"); err != nil {
		p.t.Fatalf("the child is gone: %v", err)
	}
	var pid int
	if !p.lines.Scan() {
		p.t.Fatal("the child is gone")
	}
	if _, err := fmt.Sscanf(p.lines.Text(), "%d: there?", &pid); err != nil {
		p.t.Fatalf("the child says %q: %v", p.lines.Text(), err)
	}
	return pid
}

// gone waits until the child's end of the connection is closed.
func (p *peer) gone() {
	p.t.Helper()
	if p.lines.Scan() {
		p.t.Fatalf("the child says %q instead of ending", p.lines.Text())
	}
	if err := p.lines.Err(); errors.Is(err, os.ErrDeadlineExceeded) {
		p.t.Fatal("the child does not end")
	}
}

func TestAChildIsToldWhereItBelongsAndItsOutputAndExitAreReported(t *testing.T) {
	logs, seen := observer.New(zap.InfoLevel)
	spec := Spec{
		Slave: "s1", Token: "secret", Addr: "unix:/run/baton",
		Command: []string{os.Args[0], "one", "two words"}, Logger: zap.New(logs),
	}
	p := launch(t, ExecLauncher{}, "report", spec)
	if got, want := wait(t, p), (Exit{Code: 3}); got != want {
		t.Errorf("exit %v, want %v", got, want)
	}
	var got []string
	for _, e := range seen.AllUntimed() {
		got = append(got, fmt.Sprint(e.Level, " ", e.ContextMap()["stream"], ": ", e.Message))
	}
	slices.Sort(got)
	want := []string{
		"info stdout: addr unix:/run/baton", "info stdout: slave s1", "info stdout: token secret",
		"warn stderr: args [one two words]",
	}
	if !slices.Equal(got, want) {
		t.Errorf("logged %q, want %q", got, want)
	}
}

func TestALineLongerThanTheLimitIsLoggedInPieces(t *testing.T) {
	logs, seen := observer.New(zap.InfoLevel)
	p := launch(t, ExecLauncher{MaxLine: 64}, "long line", Spec{Logger: zap.New(logs)})
	wait(t, p)
	var lengths []int
	for _, e := range seen.AllUntimed() {
		lengths = append(lengths, len(e.Message))
	}
	if want := []int{64, 36}; !slices.Equal(lengths, want) {
		t.Errorf("pieces of %v bytes, want %v", lengths, want)
	}
}

func TestASignalReachesTheChildAndIsNamedWhenItKills(t *testing.T) {
	tests := map[string]struct {
		signal os.Signal
		want   Exit
		text   string
	}{
		"one that the child handles": {os.Interrupt, Exit{Code: 7}, "exit status 7"},
		"one that it does not":       {syscall.SIGTERM, Exit{Code: -1, Signal: "terminated"}, "signal: terminated"},
		"kill":                       {os.Kill, Exit{Code: -1, Signal: "killed"}, "signal: killed"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			lines := make(chan string, 1)
			p := launch(t, ExecLauncher{}, "interrupted", Spec{Logger: lineLog(lines)})
			if got := <-lines; got != "ready" {
				t.Fatalf("the child says %q", got)
			}
			if err := p.Signal(test.signal); err != nil {
				t.Fatal(err)
			}
			got := wait(t, p)
			if got != test.want || got.String() != test.text {
				t.Errorf("exit %#v (%v), want %#v (%s)", got, got, test.want, test.text)
			}
			if err := p.Signal(test.signal); err != nil {
				t.Errorf("a signal after the end: %v, want no error", err)
			}
		})
	}
}

func TestWaitGivesUpWithItsContext(t *testing.T) {
	lines := make(chan string, 1)
	p := launch(t, ExecLauncher{}, "interrupted", Spec{Logger: lineLog(lines)})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func TestALaunchThatFailsSaysWhy(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	tests := map[string]struct {
		ctx     context.Context
		command []string
		want    error
	}{
		"no command":                {t.Context(), nil, ErrNoCommand},
		"a program that is missing": {t.Context(), []string{"/nowhere/bot"}, fs.ErrNotExist},
		"a name not in the path":    {t.Context(), []string{"no-such-bot-anywhere"}, exec.ErrNotFound},
		"a context that has ended":  {cancelled, []string{os.Args[0]}, context.Canceled},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ExecLauncher{}.Launch(test.ctx, Spec{Command: test.command, Logger: zap.NewNop()})
			if !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
		})
	}
}

func TestTheExitOfAChildIsProofThatNothingOfItsGroupServes(t *testing.T) {
	l := mustListen(t, filepath.Join(socketDir(t), "s"), false)
	// The child's fourth file is the test's word that the helper is up.
	ready, release, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childMode+"=leave a helper", EnvAddr+"=unix:"+l.Addr().String())
	cmd.ExtraFiles = []*os.File{ready}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p, err := startChild(cmd, zap.NewNop(), 0)
	if err != nil {
		t.Fatal(err)
	}
	helper := accept(t, l)
	if helper.pid() == p.PID() {
		t.Fatal("the helper is the child itself")
	}
	if err := errors.Join(ready.Close(), release.Close()); err != nil {
		t.Fatal(err)
	}
	if got := wait(t, p); got != (Exit{}) {
		t.Errorf("exit %v, want status 0", got)
	}
	helper.gone()
}

func TestAChildOutlivesItsMaster(t *testing.T) {
	tests := map[string]func(master *exec.Cmd) error{
		"that is killed": func(master *exec.Cmd) error { return master.Process.Kill() },
		"that gets Ctrl-C at its terminal": func(master *exec.Cmd) error {
			return syscall.Kill(-master.Process.Pid, syscall.SIGINT)
		},
	}
	for name, end := range tests {
		t.Run(name, func(t *testing.T) {
			l := mustListen(t, filepath.Join(socketDir(t), "s"), false)
			master := exec.Command(os.Args[0])
			master.Env = append(os.Environ(), childMode+"=master", EnvAddr+"=unix:"+l.Addr().String())
			master.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			if err := master.Start(); err != nil {
				t.Fatal(err)
			}
			child := accept(t, l)
			pid := child.pid()
			if err := end(master); err != nil {
				t.Fatal(err)
			}
			if err := master.Wait(); err == nil || !strings.HasPrefix(err.Error(), "signal:") {
				t.Fatalf("the master ended with %v, want a signal", err)
			}
			// Its output has no reader any more, and it prints before it answers.
			for range 3 {
				if got := child.pid(); got != pid {
					t.Fatalf("process %d answers, want %d", got, pid)
				}
			}
			if err := child.conn.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}
