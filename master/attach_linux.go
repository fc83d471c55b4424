package master

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

var (
	_ Attacher = ExecLauncher{}
	_ Finder   = ExecLauncher{}
	_ Handled  = (*child)(nil)
	_ Handled  = (*attached)(nil)
)

// handleOf returns the handle of a process that cannot have been reaped yet, or
// nothing if the system does not say enough about it.
func handleOf(pid int, environ []string) string {
	at, err := here()
	if err != nil {
		return ""
	}
	s, err := readStat(pid)
	if err != nil {
		return ""
	}
	return handle{home: at, pid: pid, start: s.start, mark: markOf(environ)}.String()
}

// Attach implements [Attacher]: it finds a child of a master that was killed, or that
// left it running. It needs Linux 5.3 or later and /proc. Handles hold on the machine
// and in the container where they were made.
//
// As at the exit of a child, what is left of the process's group is killed when it
// has ended; where it ended while no master was there, Attach does so before it
// returns [ErrGone].
func (l ExecLauncher) Attach(ctx context.Context, text string) (Process, error) {
	if err := ctx.Err(); err != nil {
		return nil, cannotTell("%w", err)
	}
	h, err := parseHandle(text)
	if err != nil {
		return nil, err
	}
	from, err := here()
	if err != nil {
		return nil, cannotTell("%w", err)
	}
	if err := h.home.reached(from); err != nil {
		return nil, err
	}
	fd, err := openPidfd(h.pid)
	if noProcess(err) {
		return nil, endRemains(ctx, h)
	}
	if err != nil {
		return nil, cannotTell("%w", err)
	}
	// The process that is opened has the pid since before this look at it, so if it
	// is the one that began then, it always was.
	s, err := readStat(h.pid)
	if err == nil && s.start == h.start {
		return newAttached(h, fd), nil
	}
	ended, endedErr := fd.hasEnded()
	closeErr := fd.close()
	switch {
	case err == nil:
		// A pid is not given out again while a process group has it as its number.
		return nil, fmt.Errorf("%w: another process has its pid, %d", ErrGone, h.pid)
	case notThere(err) && ended:
		return nil, endRemains(ctx, h)
	}
	return nil, cannotTell("%w", errors.Join(err, endedErr, closeErr))
}

// Find implements [Finder]: it reads the environment of every process that this one
// may look into.
func (l ExecLauncher) Find(ctx context.Context, token string) (Process, error) {
	at, err := here()
	if err != nil {
		return nil, cannotTell("%w", err)
	}
	all, err := processes()
	if err != nil {
		return nil, cannotTell("%w", err)
	}
	// What the process has started may have inherited the token; it is the oldest.
	h := handle{home: at, mark: markOf([]string{EnvToken + "=" + token})}
	for pid, s := range all {
		younger := s.start > h.start || s.start == h.start && pid > h.pid
		if s.group != pid || h.pid != 0 && younger {
			continue
		}
		if mark, err := readMark(pid); err == nil && mark != "" && mark == h.mark {
			h.pid, h.start = pid, s.start
		}
	}
	if h.pid == 0 {
		return nil, cannotTell("no process that can be looked into was launched with that token")
	}
	p, err := l.Attach(ctx, h.String())
	if errors.Is(err, ErrGone) { // of this one; it may have been an heir of the one looked for
		return nil, cannotTell("process %d was launched with that token, and has ended since", h.pid)
	}
	return p, err
}

// endRemains kills what a process that is gone has left of its group, and waits for
// the end of that. It returns ErrGone then.
func endRemains(ctx context.Context, h handle) error {
	for {
		all, err := processes()
		if err != nil {
			return cannotTell("%w", err)
		}
		left := 0
		for pid, s := range all {
			if s.group != h.pid {
				continue
			}
			found, err := endMember(ctx, h, pid)
			if err != nil {
				return cannotTell("process %d belongs to its group, and cannot be ended: %w", pid, err)
			}
			if found {
				left++
			}
		}
		// Whoever was killed may have started others before.
		if left == 0 {
			return fmt.Errorf("%w: no process has its pid, %d", ErrGone, h.pid)
		}
	}
}

// endMember kills one process of the group and waits for its end, if it still is one
// of the group. The error says why it is left alone, or cannot be killed.
func endMember(ctx context.Context, h handle, pid int) (found bool, err error) {
	fd, err := openPidfd(pid)
	if noProcess(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, ignoreClosedFile(fd.close())) }()
	if ended, err := fd.hasEnded(); ended || err != nil {
		return false, err
	}
	s, err := readStat(pid)
	if notThere(err) || err == nil && s.group != h.pid {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	// The group's number may have been another group's since.
	mark, err := readMark(pid)
	if notThere(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if mark == "" || mark != h.mark {
		return false, errors.New("it does not look as if the slave had started it")
	}
	if err := fd.signal(unix.SIGKILL); err != nil {
		return false, err
	}
	stop := context.AfterFunc(ctx, func() { _ = fd.close() })
	defer stop()
	if err := fd.wait(); err != nil {
		return false, errors.Join(err, ctx.Err())
	}
	return true, nil
}

// attached is a process that an earlier master has launched, and the goroutine that
// waits for its end.
type attached struct {
	handle handle
	fd     *pidfd
	done   chan struct{}
	left   error // valid once done is closed: why the end is not known
}

func newAttached(h handle, fd *pidfd) *attached {
	a := &attached{handle: h, fd: fd, done: make(chan struct{})}
	go a.watch()
	return a
}

// watch waits for the end, and ends what is left of the group.
func (a *attached) watch() {
	defer close(a.done)
	if a.left = a.fd.wait(); a.left != nil {
		_ = a.fd.close() // nothing can be done about it, and nothing was written
		return
	}
	if err := a.fd.killGroup(); errors.Is(err, unix.EINVAL) {
		killGroupOf(a.handle)
	}
	_ = a.fd.close()
}

// killGroupOf kills the group of a process that has just ended, by its number. If the
// pid is another process's by now, nothing is left of the group.
func killGroupOf(h handle) {
	if s, err := readStat(h.pid); err == nil && s.start != h.start {
		return
	}
	// Should the group be empty, its number is free, but the system does not give a
	// number out again before it has gone through all the others.
	_ = syscall.Kill(-h.pid, syscall.SIGKILL)
}

// PID implements [Process].
func (a *attached) PID() int { return a.handle.pid }

// Handle implements [Handled].
func (a *attached) Handle() string { return a.handle.String() }

// Wait implements [Process]. The exit tells nothing but that there was one. The error
// is also that of a process that was let go by Close.
func (a *attached) Wait(ctx context.Context) (Exit, error) {
	select {
	case <-a.done:
		if a.left != nil {
			return Exit{}, fmt.Errorf("master: wait for process %d: %w", a.PID(), a.left)
		}
		return Exit{Code: -1}, nil
	case <-ctx.Done():
		return Exit{}, ctx.Err()
	}
}

// Signal implements [Process]. It reaches the process alone; the rest of its group is
// killed when it has ended.
func (a *attached) Signal(sig os.Signal) error {
	s, ok := sig.(syscall.Signal)
	if !ok {
		return fmt.Errorf("master: signal %v: want one of package syscall", sig)
	}
	return ignoreClosedFile(a.fd.signal(s))
}

// Close lets go of the process and leaves it running.
func (a *attached) Close() error {
	err := ignoreClosedFile(a.fd.close())
	<-a.done
	return err
}

func ignoreClosedFile(err error) error {
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}
