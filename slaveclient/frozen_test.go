//go:build linux

package slaveclient_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/shardbaton/baton/slaveclient"
	"github.com/shardbaton/baton/wire"
)

// frozenEnv makes the test binary the bot of TestAFrozenProcessDoesNothingWhenItThaws.
const frozenEnv = "SLAVECLIENT_TEST_FROZEN"

// shortLease is short, because a real process has to stand still for it.
const shortLease = 500 * time.Millisecond

func TestAFrozenProcessDoesNothingWhenItThaws(t *testing.T) {
	if os.Getenv(frozenEnv) != "" {
		leasedChild(t)
	}
	socket := t.TempDir() + "/baton.sock"
	m := listen(t, "unix", socket)
	child := exec.Command(os.Args[0], "-test.run=^TestAFrozenProcessDoesNothingWhenItThaws$")
	child.Env = append(os.Environ(), frozenEnv+"=1", slaveclient.EnvAddr+"=unix:"+socket, slaveclient.EnvToken+"=")
	orders, answers := pipes(t, child)
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	control, _, _ := m.leasedLink(shortLease)
	m.coldStart(control, 1)
	act := func() {
		t.Helper()
		if _, err := fmt.Fprintln(orders, "act"); err != nil {
			t.Fatal(err)
		}
	}
	answer := func() string {
		t.Helper()
		line, err := answers.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		return line
	}
	act()
	if got := answer(); got != "held\n" {
		t.Fatalf("the process says %q before it is frozen", got)
	}
	// What is asked of it while it stands still is the first that it does. The master
	// does not answer then, or the lease could be held again by the time that it is
	// asked.
	control.mute.Store(true)
	signal(t, child, syscall.SIGSTOP)
	<-time.After(2 * shortLease)
	act()
	signal(t, child, syscall.SIGCONT)
	if got := answer(); got != "over\n" {
		t.Errorf("the process says %q when it thaws", got)
	}
	if told := firstStopped(control); told.SessionID != "session-0" {
		t.Errorf("the shard is told as %+v", told)
	}
	control.sendShutdown()
	expect[any](control, wire.EvtShutdown)
	if err := child.Wait(); err != nil {
		t.Errorf("the bot's process ended with %v", err)
	}
}

// firstStopped returns the shard when a heartbeat says that it has stopped.
func firstStopped(control *peer) wire.ShardInfo {
	for {
		for _, s := range (<-control.beats).Shards {
			if s.Phase == "stopped" {
				return s
			}
		}
	}
}

func signal(t *testing.T, child *exec.Cmd, s syscall.Signal) {
	t.Helper()
	if err := child.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

func pipes(t *testing.T, child *exec.Cmd) (io.Writer, *bufio.Reader) {
	t.Helper()
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	return in, bufio.NewReader(out)
}

// leasedChild is a bot that says for each line it reads whether it may act, and its
// whole process.
func leasedChild(t *testing.T) {
	t.Helper()
	bot := newLeasedBot(t)
	bot.start = func(_ context.Context, shard int, _ slaveclient.Session) (slaveclient.Started, error) {
		go func() {
			for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
				if bot.lease.Held() {
					fmt.Println("held")
				} else {
					fmt.Println("over")
				}
			}
		}()
		return slaveclient.Started{Session: session(shard), Fresh: true}, nil
	}
	if err := slaveclient.Run(t.Context(), slaveclient.Config{}, bot); err != nil {
		os.Exit(4)
	}
	os.Exit(0)
}
