package master

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/zap"
)

// orphan launches a child by a master of its own, kills that master, and returns the
// child and its handle.
func orphan(t *testing.T) (*peer, string) {
	t.Helper()
	l := mustListen(t, filepath.Join(socketDir(t), "s"), false)
	master := exec.Command(os.Args[0])
	master.Env = append(os.Environ(), childMode+"=master", EnvAddr+"=unix:"+l.Addr().String())
	out, err := master.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := master.Start(); err != nil {
		t.Fatal(err)
	}
	child := accept(t, l)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	if err := master.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := master.Wait(); err == nil || err.Error() != "signal: killed" {
		t.Fatalf("the master ended with %v", err)
	}
	return child, strings.TrimSpace(line)
}

// attach finds a process that must be there, and lets go of it when the test ends.
func attach(t *testing.T, handle string) *attached {
	t.Helper()
	p, err := ExecLauncher{}.Attach(t.Context(), handle)
	if err != nil {
		t.Fatal(err)
	}
	a, ok := p.(*attached)
	if !ok {
		t.Fatalf("attached to a %T", p)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// ended waits for the end of an attached process.
func ended(t *testing.T, p Process) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	exit, err := p.Wait(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if exit != (Exit{Code: -1}) || !strings.Contains(exit.String(), "not known") {
		t.Errorf("exit %+v (%v), want one that is not known", exit, exit)
	}
}

// running fails the test if the process is said to have ended.
func running(t *testing.T, p Process) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if exit, err := p.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("exit %v, error %v of a process that runs", exit, err)
	}
}

func TestTheNextMasterFindsAChildOfOneThatWasKilled(t *testing.T) {
	ends := map[string]func(t *testing.T, child *peer, p Process){
		"and sees it end": func(t *testing.T, child *peer, _ Process) {
			if err := child.conn.Close(); err != nil {
				t.Fatal(err)
			}
		},
		"and kills it": func(t *testing.T, _ *peer, p Process) {
			if err := p.Signal(os.Kill); err != nil {
				t.Fatal(err)
			}
		},
		"and asks it to end": func(t *testing.T, _ *peer, p Process) {
			if err := p.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
		},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			child, handle := orphan(t)
			p := attach(t, handle)
			if p.PID() != child.pid() || p.Handle() != handle {
				t.Errorf("found process %d, %s, want %d, %s", p.PID(), p.Handle(), child.pid(), handle)
			}
			running(t, p)
			end(t, child, p)
			ended(t, p)
			if err := p.Signal(os.Kill); err != nil {
				t.Errorf("a signal after the end: %v, want no error", err)
			}
			// There may be a zombie until whoever inherited it looks after it.
			again, err := ExecLauncher{}.Attach(t.Context(), handle)
			if err == nil {
				ended(t, again)
			} else if !errors.Is(err, ErrGone) {
				t.Errorf("error %v, want ErrGone", err)
			}
		})
	}
}

func TestAProcessThatWasLetGoRunsOn(t *testing.T) {
	child, handle := orphan(t)
	p := attach(t, handle)
	for range 2 {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
	if exit, err := p.Wait(t.Context()); err == nil {
		t.Errorf("exit %v of a process that was let go", exit)
	}
	running(t, attach(t, handle))
	child.pid() // it answers
}

// start starts this test binary as a child that nobody reaps before the test does. Its
// environment has the token, and what it inherits to others.
func start(t *testing.T, mode, token, addr string, files ...*os.File) (*exec.Cmd, string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childMode+"="+mode, EnvToken+"="+token, EnvAddr+"="+addr)
	cmd.ExtraFiles = files
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()         // or was waited for
	})
	handle := handleOf(cmd.Process.Pid, cmd.Env)
	if handle == "" {
		t.Fatal("the child has no handle")
	}
	return cmd, handle
}

// startServing is start of a child that has connected to the test.
func startServing(t *testing.T) (*exec.Cmd, *peer, string) {
	t.Helper()
	l := mustListen(t, filepath.Join(socketDir(t), "s"), false)
	cmd, handle := start(t, "serve", "secret", "unix:"+l.Addr().String())
	return cmd, accept(t, l), handle
}

// handleIn returns the handle of a launched process, which must have one.
func handleIn(t *testing.T, p Process) string {
	t.Helper()
	h, ok := p.(Handled)
	if !ok || h.Handle() == "" {
		t.Fatalf("a %T without a handle", p)
	}
	return h.Handle()
}

func TestAProcessThatHasEndedIsGone(t *testing.T) {
	p := launch(t, ExecLauncher{}, "report", Spec{Token: "secret"})
	wait(t, p)
	if _, err := (ExecLauncher{}).Attach(t.Context(), handleIn(t, p)); !errors.Is(err, ErrGone) || errors.Is(err, ErrCannotTell) {
		t.Errorf("error %v, want ErrGone", err)
	}
}

func TestAZombieHasEnded(t *testing.T) {
	cmd, child, handle := startServing(t)
	p := attach(t, handle)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	child.gone()
	ended(t, p)
	ended(t, attach(t, handle)) // nobody has reaped it
}

func TestWhoHasThePidOfAProcessThatIsGoneIsLeftAlone(t *testing.T) {
	_, child, text := startServing(t)
	h, err := parseHandle(text)
	if err != nil {
		t.Fatal(err)
	}
	h.start-- // an earlier process with the same pid
	if _, err := (ExecLauncher{}).Attach(t.Context(), h.String()); !errors.Is(err, ErrGone) {
		t.Errorf("error %v, want ErrGone", err)
	}
	killGroupOf(h)
	child.pid() // it answers
	running(t, attach(t, text))
}

func TestTheGroupIsKilledByItsNumberWhereTheKernelIsOld(t *testing.T) {
	_, child, text := startServing(t)
	h, err := parseHandle(text)
	if err != nil {
		t.Fatal(err)
	}
	killGroupOf(h)
	child.gone()
}

// leavingHelper starts a child that leaves a helper when release is closed. The
// helper's token is the child's.
func leavingHelper(t *testing.T, token string) (cmd *exec.Cmd, helper *peer, handle string, release func()) {
	t.Helper()
	l := mustListen(t, filepath.Join(socketDir(t), "s"), false)
	ready, hold, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd, handle = start(t, "leave a helper", token, "unix:"+l.Addr().String(), ready)
	helper = accept(t, l)
	if helper.pid() == cmd.Process.Pid {
		t.Fatal("the helper is the child itself")
	}
	return cmd, helper, handle, func() {
		if err := errors.Join(ready.Close(), hold.Close()); err != nil {
			t.Error(err)
		}
	}
}

func TestWhatAnAttachedProcessLeavesBehindIsKilled(t *testing.T) {
	_, helper, handle, release := leavingHelper(t, "secret")
	p := attach(t, handle)
	release()
	ended(t, p)
	helper.gone()
}

func TestWhatAProcessLeftBehindWhileNoMasterWasThereIsKilled(t *testing.T) {
	cmd, helper, handle, release := leavingHelper(t, "secret")
	release()
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	helper.pid() // it answers
	if _, err := (ExecLauncher{}).Attach(t.Context(), handle); !errors.Is(err, ErrGone) {
		t.Errorf("error %v, want ErrGone", err)
	}
	helper.gone()
}

func TestAStrangerInTheGroupOfAProcessThatIsGoneIsLeftAlone(t *testing.T) {
	for name, mark := range map[string]string{"of another slave": markOf([]string{EnvToken + "=other"}), "when there is no mark": ""} {
		t.Run(name, func(t *testing.T) {
			cmd, helper, text, release := leavingHelper(t, "secret")
			h, err := parseHandle(text)
			if err != nil {
				t.Fatal(err)
			}
			h.mark = mark
			release()
			if err := cmd.Wait(); err != nil {
				t.Fatal(err)
			}
			if _, err := (ExecLauncher{}).Attach(t.Context(), h.String()); !errors.Is(err, ErrCannotTell) || errors.Is(err, ErrGone) {
				t.Errorf("error %v, want ErrCannotTell", err)
			}
			helper.pid() // it answers
			if _, err := (ExecLauncher{}).Attach(t.Context(), text); !errors.Is(err, ErrGone) {
				t.Errorf("error %v, want ErrGone", err)
			}
			helper.gone()
		})
	}
}

func TestAttachGivesUpWithItsContext(t *testing.T) {
	_, child, handle := startServing(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (ExecLauncher{}).Attach(ctx, handle); !errors.Is(err, context.Canceled) || !errors.Is(err, ErrCannotTell) {
		t.Errorf("error %v, want context.Canceled and ErrCannotTell", err)
	}
	child.pid() // it answers
}

// openFiles counts the file descriptors of this process.
func openFiles(t *testing.T) int {
	t.Helper()
	names, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(names)
}

func TestAttachingLeavesNoFilesOpen(t *testing.T) {
	cmd, child, handle := startServing(t)
	wasHere := launch(t, ExecLauncher{}, "report", Spec{Logger: zap.NewNop()})
	wait(t, wasHere)
	gone := handleIn(t, wasHere)
	before := openFiles(t)
	var last []*attached
	for range 100 {
		if err := attach(t, handle).Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := (ExecLauncher{}).Attach(t.Context(), gone); !errors.Is(err, ErrGone) {
			t.Fatalf("error %v, want ErrGone", err)
		}
		last = append(last, attach(t, handle))
	}
	if got := openFiles(t); got != before+len(last) {
		t.Errorf("%d files are open, want %d more than %d", got, len(last), before)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	child.gone()
	for _, p := range last {
		ended(t, p)
	}
	if got := openFiles(t); got != before {
		t.Errorf("%d files are open, want %d as before", got, before)
	}
}

func TestAProgramsNameMayContainAnything(t *testing.T) {
	got, err := parseStat([]byte("42 (a) b ) S 1 7 7 0 -1 4194304 98 0 0 0 0 0 0 0 20 0 1 0 122850 3133440 394"))
	if want := (stat{group: 7, start: 122850}); err != nil || got != want {
		t.Errorf("got %+v (%v), want %+v", got, err, want)
	}
	for _, bad := range []string{"", "42 (a) S 1 7", "42 (a) S 1 x 7 0 -1 4194304 98 0 0 0 0 0 0 0 20 0 1 0 122850"} {
		if _, err := parseStat([]byte(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}
