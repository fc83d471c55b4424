package chaos

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"

	"github.com/shardbaton/baton/internal/control"
)

// master is a master's process, or several of them one after another.
type master struct {
	program string
	args    []string
	env     []string // beside this process's own
	control *control.Client
	log     *os.File
	news    pulse // beats with every line of its log, and at its end

	cmd   *exec.Cmd
	ended chan struct{} // closed when the present process has ended and its log is read
}

// errMasterEnded: the master ended although nobody wanted it to.
var errMasterEnded = errors.New("the master has ended by itself")

// start starts a process.
func (m *master) start(args ...string) error {
	cmd := exec.Command(m.program, append(append([]string{}, m.args[:len(m.args):len(m.args)]...), args...)...)
	cmd.Env = append(os.Environ(), m.env...)
	return m.run(cmd)
}

func (m *master) run(cmd *exec.Cmd) error {
	// Its own group, so that an interrupt from the terminal is ours to deal with.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	output, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("the master: %w", err)
	}
	ended := make(chan struct{})
	m.cmd, m.ended = cmd, ended
	go func() {
		defer m.news.beat()
		defer close(ended)
		m.follow(output)
		// How it ended is in its log, or it was killed from here.
		_ = cmd.Wait()
	}()
	return nil
}

// follow copies the log and tells of every line.
func (m *master) follow(output io.Reader) {
	lines := bufio.NewReader(output)
	for {
		line, err := lines.ReadBytes('\n')
		_, _ = m.log.Write(line)
		if err != nil {
			return
		}
		m.news.beat()
	}
}

// pid is the present process's.
func (m *master) pid() int { return m.cmd.Process.Pid }

// alive tells whether the present process runs.
func (m *master) alive() bool {
	select {
	case <-m.ended:
		return false
	default:
		return true
	}
}

// signal sends a signal to the process.
func (m *master) signal(sig syscall.Signal) error {
	if err := m.cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("signal %v to the master: %w", sig, err)
	}
	return nil
}

// kill ends the process, if one was started, and waits for its end.
func (m *master) kill() error {
	if m.cmd == nil {
		return nil
	}
	err := m.signal(syscall.SIGKILL)
	<-m.ended
	return err
}

// await returns the first status of which done is true. It looks whenever the master
// logs something. The error says that the master or the context ended; the status is
// then the last one that was seen.
func (m *master) await(ctx context.Context, done func(control.Status) bool) (control.Status, error) {
	var last control.Status
	for {
		news := m.news.wait()
		status, err := m.control.Status(ctx)
		if err == nil {
			if last = status; done(status) {
				return status, nil
			}
		}
		if !m.alive() {
			return last, errMasterEnded
		}
		select {
		case <-news:
		case <-ctx.Done():
			return last, context.Cause(ctx)
		}
	}
}
