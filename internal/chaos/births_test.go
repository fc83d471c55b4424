package chaos

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// birth launches a program as a slave of that name.
func birth(t *testing.T, b *births, slave string, program ...string) *exec.Cmd {
	t.Helper()
	command := b.command(program)
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(os.Environ(), "BATON_SLAVE_ID="+slave)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

func newTestBirths(t *testing.T) *births {
	t.Helper()
	b, err := newBirths(t.TempDir(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func TestABirthIsKnownWithItsProcessAndItsOutputIsKept(t *testing.T) {
	b := newTestBirths(t)
	cmd := birth(t, b, "s1", "/bin/sh", "-c", "echo out; echo err >&2")
	got, err := b.after(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if want := (bot{"s1", cmd.Process.Pid}); got != want {
		t.Errorf("born: %+v, want %+v", got, want)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(b.logs, "s1.log"))
	if err != nil || string(text) != "out\nerr\n" {
		t.Errorf("kept %q, %v", text, err)
	}
	if b.lives(got) {
		t.Error("a process that has ended lives")
	}
}

func TestTheNextBirthIsWaitedFor(t *testing.T) {
	b := newTestBirths(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := b.after(ctx, 0); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v where nobody was born", err)
	}
	type answer struct {
		bot bot
		err error
	}
	answers := make(chan answer)
	go func() {
		second, err := b.after(t.Context(), 1)
		answers <- answer{second, err}
	}()
	for i, name := range []string{"s1", "s2"} {
		if err := birth(t, b, name, "/bin/true").Wait(); err != nil {
			t.Fatal(err)
		}
		// One after another: two processes may write in any order.
		if _, err := b.after(t.Context(), i); err != nil {
			t.Fatal(err)
		}
	}
	if got := <-answers; got.err != nil || got.bot.slave != "s2" {
		t.Errorf("got %+v, want s2", got)
	}
}

func TestKillEndsBotsThatLive(t *testing.T) {
	b := newTestBirths(t)
	cmd := birth(t, b, "s1", "/bin/sh", "-c", "tail -f /dev/null & wait")
	living, err := b.after(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if !b.lives(living) {
		t.Error("a process that lives does not")
	}
	if err := b.kill(); err != nil {
		t.Fatal(err)
	}
	err = cmd.Wait()
	if b.lives(living) {
		t.Error("a process that was killed lives")
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) || !strings.Contains(exit.Error(), "killed") {
		t.Errorf("the bot ended with %v, want a kill", err)
	}
}
