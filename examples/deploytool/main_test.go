package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/slaveclient"
)

// leash is the variable that turns this test binary into a bot: the socket of the
// test, which the bot must not outlive.
const leash = "DEPLOYTOOL_TEST_LEASH"

func TestMain(m *testing.M) {
	if path := os.Getenv(leash); path != "" {
		if err := bot(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// bot serves until the master or the test lets it go. It tells the test its process
// id and what it does.
func bot(path string) error {
	conn, err := net.Dial("unix", path)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		defer cancel()
		_, _ = io.Copy(io.Discard, conn)
	}()
	b := &shards{conn: conn}
	b.say("here")
	return slaveclient.Run(ctx, slaveclient.Config{NumShards: 2}, b)
}

// shards is a bot whose shards are nothing but numbers.
type shards struct{ conn net.Conn }

func (b *shards) say(what string) { _, _ = fmt.Fprintf(b.conn, "%d %s\n", os.Getpid(), what) }

func (b *shards) SoftStart(context.Context, slaveclient.Assignment) error { return nil }
func (b *shards) FullStart(context.Context, slaveclient.Assignment) error {
	b.say("serves")
	return nil
}

func (b *shards) Shutdown(context.Context) error                                { b.say("ends"); return nil }
func (b *shards) StartShardTransferFrom(context.Context) (int, error)           { return 2, nil }
func (b *shards) StartShardTransferTo(context.Context, int) error               { return nil }
func (b *shards) LoadGuildState(context.Context, int, slaveclient.Record) error { return nil }

func (b *shards) StopShard(_ context.Context, shard int, _ slaveclient.StateSender) (slaveclient.Session, error) {
	return slaveclient.Session{ID: strconv.Itoa(shard), Sequence: 1}, nil
}

func (b *shards) StartShard(_ context.Context, shard, _ int, s slaveclient.Session) (slaveclient.Started, error) {
	if s.IsZero() {
		return slaveclient.Started{Session: slaveclient.Session{ID: strconv.Itoa(shard)}, Fresh: true}, nil
	}
	return slaveclient.Started{Session: s}, nil
}

// news are what the bots say, each line with its process id.
func news(t *testing.T, l net.Listener) <-chan string {
	t.Helper()
	lines := make(chan string, 16)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = conn.Close() })
			go func() {
				for scanner := bufio.NewScanner(conn); scanner.Scan(); {
					lines <- scanner.Text()
				}
			}()
		}
	}()
	return lines
}

// expect waits for a bot to say something and returns its process id.
func expect(t *testing.T, lines <-chan string, what string) string {
	t.Helper()
	timeout := time.NewTimer(30 * time.Second)
	defer timeout.Stop()
	select {
	case line := <-lines:
		pid, said, _ := strings.Cut(line, " ")
		if said != what {
			t.Fatalf("a bot says %q, want %q", line, what)
		}
		return pid
	case <-timeout.C:
		t.Fatalf("no bot says %q", what)
		return ""
	}
}

func TestEveryDeploymentReplacesTheVersionBefore(t *testing.T) {
	dir, err := os.MkdirTemp("", "deploy")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	l, err := net.Listen("unix", filepath.Join(dir, "leash"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	lines := news(t, l)
	t.Setenv(leash, l.Addr().String())
	addr := filepath.Join(dir, "master")

	if err := deploy(t.Context(), addr, time.Millisecond, master.Plan{}, []string{os.Args[0]}); err != nil {
		t.Fatal(err)
	}
	serves := expect(t, lines, "here")
	expect(t, lines, "serves")
	for range 2 {
		if err := deploy(t.Context(), addr, time.Minute, master.Plan{}, []string{os.Args[0]}); err != nil {
			t.Fatal(err)
		}
		next := expect(t, lines, "here")
		if got := expect(t, lines, "serves"); got != next {
			t.Errorf("process %s serves, want the new one, %s", got, next)
		}
		if got := expect(t, lines, "ends"); got != serves {
			t.Errorf("process %s ends, want the old one, %s", got, serves)
		}
		serves = next
	}
}

func TestADeploymentWithoutACommandSaysWhatIsMissing(t *testing.T) {
	if err := deploy(t.Context(), "unix:/nowhere", 0, master.Plan{}, nil); err == nil || !strings.Contains(err.Error(), "no command") {
		t.Errorf("error %v, want that there is no command", err)
	}
}

func TestADeploymentCanBeGivenUpWhileNobodyServes(t *testing.T) {
	dir, err := os.MkdirTemp("", "deploy")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := deploy(ctx, filepath.Join(dir, "master"), time.Minute, master.Plan{}, []string{"bot"}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func TestAnInterruptedDeploymentGoesBack(t *testing.T) {
	dir, err := os.MkdirTemp("", "deploy")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	l, err := net.Listen("unix", filepath.Join(dir, "leash"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	lines := news(t, l)
	t.Setenv(leash, l.Addr().String())
	addr := filepath.Join(dir, "master")
	if err := deploy(t.Context(), addr, time.Millisecond, master.Plan{}, []string{os.Args[0]}); err != nil {
		t.Fatal(err)
	}
	expect(t, lines, "here")
	expect(t, lines, "serves")

	ctx, interrupt := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- deploy(ctx, addr, time.Minute, master.Plan{Canary: 1, Hold: time.Hour}, []string{os.Args[0]})
	}()
	expect(t, lines, "here")
	interrupt()
	err = <-ended
	var why *master.UpgradeError
	if !errors.Is(err, core.ErrAborted) || !errors.As(err, &why) || !why.Reverted {
		t.Errorf("error %v, want that it was aborted and reverted", err)
	}
}

func TestAPlanThatContradictsItselfIsRefusedAtOnce(t *testing.T) {
	if err := deploy(t.Context(), "unix:/nowhere", 0, master.Plan{Hold: time.Second}, []string{"bot"}); !errors.Is(err, core.ErrPlan) {
		t.Errorf("error %v, want ErrPlan", err)
	}
}
