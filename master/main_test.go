package master

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"go.uber.org/zap"

	"github.com/shardbaton/baton/slaveclient"
)

// childMode is the variable that turns this test binary into a child.
const childMode = "BATON_TEST_CHILD"

// TestMain plays the child where a test has launched this binary as one.
func TestMain(m *testing.M) {
	if mode := os.Getenv(childMode); mode != "" {
		os.Exit(playChild(mode))
	}
	os.Exit(m.Run())
}

// playChild is what a launched test binary does; it returns its exit status.
func playChild(mode string) int {
	switch mode {
	case "report":
		fmt.Println("addr", os.Getenv(EnvAddr))
		fmt.Println("token", os.Getenv(EnvToken))
		fmt.Println("slave", os.Getenv(EnvSlave))
		fmt.Fprintln(os.Stderr, "args", os.Args[1:])
		return 3
	case "long line":
		fmt.Println(strings.Repeat("x", 100))
		return 0
	case "interrupted":
		// Waits for the signal and says so by its exit status.
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, os.Interrupt)
		fmt.Println("ready")
		<-signals
		return 7
	case "serve":
		return serveTest()
	case "leave a helper":
		return leaveHelper()
	case "master":
		return playMaster()
	case "bot":
		return playBot()
	default:
		fmt.Fprintln(os.Stderr, "unknown mode", mode)
		return 99
	}
}

// serveTest connects to the test and answers each line with one of its own, as
// long as the test keeps the connection.
func serveTest() int {
	// What the SDK does too: a master that died must not take its slaves along.
	signal.Ignore(syscall.SIGPIPE)
	conn, err := net.Dial("unix", strings.TrimPrefix(os.Getenv(EnvAddr), "unix:"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		fmt.Println("heard", lines.Text())
		if _, err := fmt.Fprintf(conn, "%d: %s\n", os.Getpid(), lines.Text()); err != nil {
			return 1
		}
	}
	return 0
}

// leaveHelper starts a process of its own that connects to the test, and exits
// while that one still holds the output open.
func leaveHelper() int {
	helper := exec.Command(os.Args[0])
	helper.Env = append(os.Environ(), childMode+"=serve")
	helper.Stdout, helper.Stderr = os.Stdout, os.Stderr
	if err := helper.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	// The test says when the helper is up.
	if _, err := io.ReadAll(os.NewFile(3, "go")); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return 0
}

// plainBot is a bot whose shards are nothing but numbers.
type plainBot struct{ slaveclient.Bot }

func (plainBot) FullStart(context.Context, slaveclient.Assignment) error { return nil }
func (plainBot) Shutdown(context.Context) error                          { return nil }
func (plainBot) StartShardTransferFrom(context.Context) (int, error)     { return 2, nil }
func (plainBot) StartShardTransferTo(context.Context, int) error         { return nil }
func (plainBot) StopShard(context.Context, int, slaveclient.StateSender) (slaveclient.Session, error) {
	return slaveclient.Session{ID: "session", Sequence: 1}, nil
}

func (plainBot) StartShard(_ context.Context, _, _ int, s slaveclient.Session) (slaveclient.Started, error) {
	return slaveclient.Started{Session: s, Fresh: s.IsZero()}, nil
}

// playBot is a bot made with the SDK, as a real process.
func playBot() int {
	if err := slaveclient.Run(context.Background(), slaveclient.Config{NumShards: 2}, plainBot{}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// playMaster launches a child as a master does and waits for it.
func playMaster() int {
	spec := Spec{Token: "secret", Command: []string{os.Args[0]}, Addr: os.Getenv(EnvAddr), Logger: zap.NewNop()}
	launcher := ExecLauncher{Env: append(os.Environ(), childMode+"=serve")}
	p, err := launcher.Launch(context.Background(), spec)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if h, ok := p.(Handled); ok {
		fmt.Println(h.Handle())
	}
	if _, err := p.Wait(context.Background()); err != nil {
		return 1
	}
	return 0
}
