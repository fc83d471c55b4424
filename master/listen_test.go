package master

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// socketDir returns a directory whose path is short enough for a socket.
func socketDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "baton")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// mustListen listens until the test ends.
func mustListen(t testing.TB, addr string, insecure bool) net.Listener {
	t.Helper()
	l, err := Listen(addr, insecure)
	if err != nil {
		t.Fatalf("Listen(%q): %v", addr, err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// leaveStale makes a socket file that nobody listens on, as a killed master does.
func leaveStale(t testing.TB, path string) {
	t.Helper()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestListenTakesEachFormOfAnAddress(t *testing.T) {
	dir := socketDir(t)
	tests := map[string]struct{ addr, network string }{
		"a unix socket":            {"unix:" + dir + "/a", "unix"},
		"a path":                   {dir + "/b", "unix"},
		"tcp with its prefix":      {"tcp:127.0.0.1:0", "tcp"},
		"tcp without":              {"127.0.0.1:0", "tcp"},
		"a name that is loopback":  {"localhost:0", "tcp"},
		"another loopback address": {"127.9.9.9:0", "tcp"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			l := mustListen(t, test.addr, false)
			if got := l.Addr().Network(); got != test.network {
				t.Errorf("network %q, want %q", got, test.network)
			}
			addr, err := dialable(l.Addr())
			if err != nil {
				t.Fatal(err)
			}
			network, where, _ := strings.Cut(addr, ":")
			conn, err := net.Dial(network, where)
			if err != nil {
				t.Fatalf("a slave that is told %q cannot connect: %v", addr, err)
			}
			if err := conn.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestListenRefusesWhatIsNoAddress(t *testing.T) {
	for _, addr := range []string{"", "unix:", "unix:@abstract", "relative/path", "localhost", "tcp:", "tcp:host", "127.0.0.1:", "1.2.3.4:5:6"} {
		t.Run(addr, func(t *testing.T) {
			_, err := Listen(addr, false)
			if !errors.Is(err, ErrAddress) {
				t.Fatalf("error %v, want ErrAddress", err)
			}
			var e *AddrError
			if !errors.As(err, &e) || e.Addr != addr {
				t.Errorf("error %#v does not name the address %q", err, addr)
			}
		})
	}
}

func TestListenRefusesWhatOthersCanReachUnlessInsecure(t *testing.T) {
	for _, addr := range []string{":0", "0.0.0.0:0", "[::]:0", "tcp:0.0.0.0:0", "192.0.2.1:0"} {
		t.Run(addr, func(t *testing.T) {
			if _, err := Listen(addr, false); !errors.Is(err, ErrInsecure) {
				t.Errorf("error %v, want ErrInsecure", err)
			}
		})
	}
	l := mustListen(t, "0.0.0.0:0", true)
	addr, err := dialable(l.Addr())
	if err != nil {
		t.Fatal(err)
	}
	if host, _, _ := net.SplitHostPort(strings.TrimPrefix(addr, "tcp:")); host != "127.0.0.1" && host != "::1" {
		t.Errorf("slaves of a master on all addresses are sent to %q, want a loopback address", addr)
	}
}

func TestAUnixSocketIsForItsOwnerOnly(t *testing.T) {
	path := filepath.Join(socketDir(t), "s")
	mustListen(t, path, false)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("mode %o, want 600", got)
	}
}

func TestAStaleSocketIsReplaced(t *testing.T) {
	path := filepath.Join(socketDir(t), "s")
	leaveStale(t, path)
	l := mustListen(t, path, false)
	conn, err := net.Dial("unix", path)
	if err != nil {
		t.Fatalf("the new socket does not answer: %v", err)
	}
	if err := errors.Join(conn.Close(), l.Close()); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the socket outlives its listener: %v", err)
	}
}

func TestASecondMasterIsRefused(t *testing.T) {
	path := filepath.Join(socketDir(t), "s")
	tcp := mustListen(t, "127.0.0.1:0", false)
	mustListen(t, path, false)
	for _, addr := range []string{path, tcp.Addr().String()} {
		if _, err := Listen(addr, false); !errors.Is(err, ErrInUse) {
			t.Errorf("second Listen(%q): error %v, want ErrInUse", addr, err)
		}
	}
}

func TestOnlyOneOfManyMastersReplacesAStaleSocket(t *testing.T) {
	path := filepath.Join(socketDir(t), "s")
	leaveStale(t, path)
	const masters = 8
	listeners := make([]net.Listener, masters)
	errs := make([]error, masters)
	var wg sync.WaitGroup
	for i := range masters {
		wg.Go(func() { listeners[i], errs[i] = Listen(path, false) })
	}
	wg.Wait()
	won := 0
	for i := range masters {
		if errs[i] == nil {
			won++
			defer func() { _ = listeners[i].Close() }()
		} else if !errors.Is(errs[i], ErrInUse) {
			t.Errorf("error %v, want ErrInUse", errs[i])
		}
	}
	if won != 1 {
		t.Errorf("%d masters listen, want 1", won)
	}
}

func TestAFileThatIsNoSocketIsLeftAlone(t *testing.T) {
	path := filepath.Join(socketDir(t), "precious")
	if err := os.WriteFile(path, []byte("data"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(path, false); err == nil || !strings.Contains(err.Error(), "not a socket") {
		t.Errorf("error %v, want one that says that it is not a socket", err)
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != "data" {
		t.Errorf("the file now holds %q, %v", data, err)
	}
}

func TestListenSaysWhatTheSystemSays(t *testing.T) {
	dir := socketDir(t)
	if _, err := Listen(dir+"/missing/s", false); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing directory: error %v, want fs.ErrNotExist", err)
	}
	_, err := Listen(dir+"/"+strings.Repeat("x", 120), false)
	if !errors.Is(err, syscall.EINVAL) || !strings.Contains(err.Error(), "limits a socket's path") {
		t.Errorf("a path that is too long: error %v, want one that explains the limit", err)
	}
}
