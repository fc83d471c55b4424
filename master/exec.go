package master

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"go.uber.org/zap"
)

// drainLimit bounds how long the output of a process is read after its exit.
// It is used up only when something outside its group holds the pipe open.
const drainLimit = 250 * time.Millisecond

// ExecLauncher launches slaves as child processes; the zero value is ready.
//
// A child leads a process group of its own, so that Ctrl-C at the master's
// terminal does not reach it and the whole group can be killed. It outlives the
// master; from then on its output is a pipe without a reader, which ends a
// program that does not mind SIGPIPE (the SDK does). On Linux the next master finds
// it again, see [ExecLauncher.Attach]. When the child exits, what
// is left of its group is killed: the exit is the proof that nothing of the
// slave serves any more.
//
// Standard output and error go to the log line by line, at the levels info and
// warn. A log that blocks holds the child up.
type ExecLauncher struct {
	// Dir is the working directory; empty means the master's.
	Dir string
	// Env is the environment before the variables of [Spec.Environ] are added;
	// nil means the master's own.
	Env []string
	// MaxLine cuts longer lines of output into pieces of so many bytes; zero
	// means 16 KiB.
	MaxLine int
}

// Launch starts spec.Command. See [Launcher].
func (l ExecLauncher) Launch(ctx context.Context, spec Spec) (Process, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(spec.Command) == 0 {
		return nil, ErrNoCommand
	}
	cmd := exec.Command(spec.Command[0], spec.Command[1:]...)
	cmd.Dir = l.Dir
	cmd.Env = l.Env
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	cmd.Env = append(cmd.Env[:len(cmd.Env):len(cmd.Env)], spec.Environ()...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return startChild(cmd, spec.Logger, l.MaxLine)
}

// child is a running command and the goroutines that serve it: one for each
// stream of output and one that reaps. They live as long as the process.
type child struct {
	cmd    *exec.Cmd
	handle string
	done   chan struct{}
	exit   Exit // valid once done is closed

	mu     sync.Mutex
	reaped bool // the pid may belong to somebody else by now
}

// startChild starts the command with its output connected to the log.
func startChild(cmd *exec.Cmd, log *zap.Logger, maxLine int) (*child, error) {
	stdout, stderr, closeWriters, err := outputPipes(cmd)
	if err != nil {
		return nil, fmt.Errorf("master: output of %s: %w", cmd.Path, err)
	}
	err = cmd.Start()
	closeWriters()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("master: start the slave's command: %w", err), stdout.Close(), stderr.Close())
	}
	c := &child{cmd: cmd, handle: handleOf(cmd.Process.Pid, cmd.Env), done: make(chan struct{})}
	var readers sync.WaitGroup
	readers.Go(func() { forwardLines(stdout, maxLine, streamTo(log, zap.InfoLevel, "stdout")) })
	readers.Go(func() { forwardLines(stderr, maxLine, streamTo(log, zap.WarnLevel, "stderr")) })
	go c.reap(&readers, stdout, stderr)
	return c, nil
}

// outputPipes gives the command a pipe for each of its output streams. The
// writing ends must be closed in this process once the child has them.
func outputPipes(cmd *exec.Cmd) (stdout, stderr *os.File, closeWriters func(), err error) {
	stdout, outWriter, err := os.Pipe()
	if err != nil {
		return nil, nil, nil, err
	}
	stderr, errWriter, err := os.Pipe()
	if err != nil {
		return nil, nil, nil, errors.Join(err, stdout.Close(), outWriter.Close())
	}
	cmd.Stdout, cmd.Stderr = outWriter, errWriter
	return stdout, stderr, func() {
		_ = outWriter.Close()
		_ = errWriter.Close()
	}, nil
}

// reap waits for the process, ends what is left of its group, and lets the
// readers finish what was printed.
func (c *child) reap(readers *sync.WaitGroup, outputs ...*os.File) {
	// The error repeats what ProcessState says: output is copied elsewhere.
	_ = c.cmd.Wait()
	c.mu.Lock()
	c.reaped = true
	c.mu.Unlock()
	// Should the group be empty, its number is free, but the system does not
	// give a number out again before it has gone through all the others.
	_ = syscall.Kill(-c.cmd.Process.Pid, syscall.SIGKILL)
	for _, f := range outputs {
		_ = f.SetReadDeadline(time.Now().Add(drainLimit))
	}
	readers.Wait()
	for _, f := range outputs {
		_ = f.Close()
	}
	c.exit = exitOf(c.cmd.ProcessState)
	close(c.done)
}

// PID implements [Process].
func (c *child) PID() int { return c.cmd.Process.Pid }

// Handle implements [Handled].
func (c *child) Handle() string { return c.handle }

// Wait implements [Process].
func (c *child) Wait(ctx context.Context) (Exit, error) {
	select {
	case <-c.done:
		return c.exit, nil
	case <-ctx.Done():
		return Exit{}, ctx.Err()
	}
}

// Signal implements [Process]. Kill ends the whole group; any other signal goes
// to the child alone, which knows best what to do with its own helpers.
func (c *child) Signal(sig os.Signal) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.reaped {
		return nil
	}
	var err error
	if sig == os.Kill {
		err = syscall.Kill(-c.cmd.Process.Pid, syscall.SIGKILL)
	} else {
		err = c.cmd.Process.Signal(sig)
	}
	if errors.Is(err, os.ErrProcessDone) || errors.Is(err, syscall.ESRCH) {
		return nil
	}
	return err
}

// exitOf translates the system's account of an exit.
func exitOf(s *os.ProcessState) Exit {
	if ws, ok := s.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		return Exit{Code: -1, Signal: ws.Signal().String()}
	}
	return Exit{Code: s.ExitCode()}
}
