package master

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// socketMode lets only the user who runs the master connect.
const socketMode = 0o600

// Listen opens the address that slaves connect to, for [Master.Serve]. It takes
// "unix:/path" or "/path" for a unix socket, and "tcp:host:port" or "host:port"
// for TCP; port 0 picks a free one.
//
// A unix socket gets mode 0600. One that a dead master has left behind is
// replaced; where a living one answers the error is [ErrInUse]. TCP is limited
// to loopback addresses unless insecure is true ([ErrInsecure]), because a
// control link carries no credentials of its own yet. Every error is an
// [*AddrError].
func Listen(addr string, insecure bool) (net.Listener, error) {
	network, where, err := splitAddr(addr)
	if err != nil {
		return nil, &AddrError{Addr: addr, Err: err}
	}
	var l net.Listener
	if network == "unix" {
		l, err = listenUnix(where)
	} else {
		l, err = listenTCP(where, insecure)
	}
	if err != nil {
		return nil, &AddrError{Addr: addr, Err: err}
	}
	return l, nil
}

// splitAddr tells the network from the address within it.
func splitAddr(addr string) (network, where string, err error) {
	if path, ok := strings.CutPrefix(addr, "unix:"); ok {
		// An abstract socket ("@name") has no mode that could protect it.
		if path == "" || path[0] == '@' || path[0] == 0 {
			return "", "", ErrAddress
		}
		return "unix", path, nil
	}
	if filepath.IsAbs(addr) {
		return "unix", addr, nil
	}
	where = strings.TrimPrefix(addr, "tcp:")
	if _, port, err := net.SplitHostPort(where); err != nil || port == "" {
		return "", "", ErrAddress
	}
	return "tcp", where, nil
}

// listenTCP resolves the address once, so that what is checked is what is used.
func listenTCP(where string, insecure bool) (net.Listener, error) {
	addr, err := net.ResolveTCPAddr("tcp", where)
	if err != nil {
		return nil, err
	}
	if !insecure && !addr.IP.IsLoopback() {
		return nil, ErrInsecure
	}
	l, err := net.ListenTCP("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%w (or something else has the port): %w", ErrInUse, err)
	}
	if err != nil {
		return nil, err
	}
	return l, nil
}

// listenUnix binds the socket, replacing the one of a dead master.
func listenUnix(path string) (net.Listener, error) {
	// Two masters that start at once would each take the other's fresh socket
	// for a stale one. The directory is a lock that leaves nothing behind.
	unlock, err := lockDir(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	defer unlock()
	l, err := bindUnix(path)
	if !errors.Is(err, syscall.EADDRINUSE) {
		return l, err
	}
	if err := removeStale(path); err != nil {
		return nil, err
	}
	return bindUnix(path)
}

// bindUnix makes the socket with its mode.
func bindUnix(path string) (net.Listener, error) {
	config := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		// Linux takes the mode of the file to be made from the socket. Elsewhere this
		// may fail, and for a moment the file has the mode that the umask leaves it.
		return c.Control(func(fd uintptr) { _ = syscall.Fchmod(int(fd), socketMode) })
	}}
	l, err := config.Listen(context.Background(), "unix", path)
	if errors.Is(err, syscall.EINVAL) {
		return nil, fmt.Errorf("%w (the system limits a socket's path to about 100 bytes; this one has %d)", err, len(path))
	}
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, socketMode); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// removeStale removes a socket that nobody answers on.
func removeStale(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode().Type() != fs.ModeSocket {
		return fmt.Errorf("%s exists and is not a socket: remove it or use another path", path)
	}
	conn, err := net.Dial("unix", path)
	if err == nil {
		return errors.Join(ErrInUse, conn.Close())
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("cannot tell whether a master is running there: %w", err)
	}
	return os.Remove(path)
}

// lockDir holds an advisory lock on a directory until unlock is called.
func lockDir(dir string) (unlock func(), err error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(d.Fd()), syscall.LOCK_EX)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", dir, err), d.Close())
	}
	return func() { _ = d.Close() }, nil
}

// dialable returns the form of a listener's address that a slave on the same
// host can use: "unix:/path" or "tcp:host:port".
func dialable(addr net.Addr) (string, error) {
	switch a := addr.(type) {
	case *net.UnixAddr:
		path, err := filepath.Abs(a.Name)
		return "unix:" + path, err
	case *net.TCPAddr:
		ip := a.IP
		switch {
		case len(ip) == 0 || ip.Equal(net.IPv6unspecified):
			ip = net.IPv6loopback
		case ip.Equal(net.IPv4zero):
			ip = net.IPv4(127, 0, 0, 1)
		}
		return "tcp:" + (&net.TCPAddr{IP: ip, Port: a.Port, Zone: a.Zone}).String(), nil
	default:
		return addr.Network() + ":" + addr.String(), nil
	}
}
