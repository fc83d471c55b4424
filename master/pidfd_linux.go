package master

import (
	"errors"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// pidfd is a process by a file descriptor, which never comes to mean another one.
type pidfd struct {
	file *os.File
	conn syscall.RawConn
}

// openPidfd opens the process that has the pid now. The error is noProcess when there
// is none.
func openPidfd(pid int) (*pidfd, error) {
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return nil, os.NewSyscallError("pidfd_open", err)
	}
	// Only so does the runtime wait for it without a thread. The flag of pidfd_open
	// that does the same is younger.
	if err := unix.SetNonblock(fd, true); err != nil {
		return nil, errors.Join(os.NewSyscallError("fcntl", err), unix.Close(fd))
	}
	file := os.NewFile(uintptr(fd), "pidfd")
	conn, err := file.SyscallConn()
	if err == nil {
		err = file.SetReadDeadline(time.Time{}) // fails if the runtime cannot wait for it
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &pidfd{file, conn}, nil
}

// noProcess reports whether an error of openPidfd says that no process has the pid.
// Kernels say the other two, too, when only a thread has it, or a process group.
func noProcess(err error) bool {
	return errors.Is(err, unix.ESRCH) || errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOENT)
}

// hasEnded reports whether no thread of the process is left.
func (p *pidfd) hasEnded() (ended bool, err error) {
	if p.conn.Control(func(fd uintptr) { ended, err = readable(fd) }) != nil {
		return false, os.ErrClosed // there is no other reason
	}
	return ended, err
}

// wait returns nil when the process has ended. The error is os.ErrClosed after close.
func (p *pidfd) wait() error {
	var err error
	if p.conn.Read(func(fd uintptr) (stop bool) {
		stop, err = readable(fd)
		return stop || err != nil
	}) != nil {
		return os.ErrClosed // there is no other reason: it has no deadline
	}
	return err
}

// readable asks a pidfd whether its process has ended.
func readable(fd uintptr) (bool, error) {
	for {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 0)
		if !errors.Is(err, unix.EINTR) {
			return n > 0, os.NewSyscallError("poll", err)
		}
	}
}

// signal sends a signal to the process. One that has ended is not an error.
func (p *pidfd) signal(sig syscall.Signal) error { return ignoreEnded(p.send(sig, 0)) }

// killGroup kills what the process leads or has led. The error is unix.EINVAL on
// Linux before 6.9.
func (p *pidfd) killGroup() error {
	return ignoreEnded(p.send(unix.SIGKILL, unix.PIDFD_SIGNAL_PROCESS_GROUP))
}

func (p *pidfd) send(sig syscall.Signal, flags int) (err error) {
	if p.conn.Control(func(fd uintptr) { err = unix.PidfdSendSignal(int(fd), sig, nil, flags) }) != nil {
		return os.ErrClosed
	}
	return os.NewSyscallError("pidfd_send_signal", err)
}

func (p *pidfd) close() error { return p.file.Close() }

func ignoreEnded(err error) error {
	if errors.Is(err, unix.ESRCH) {
		return nil
	}
	return err
}
