package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/shardbaton/baton/internal/demo"
)

// buildBot builds the real bot.
func buildBot(t *testing.T) string {
	t.Helper()
	bot := filepath.Join(t.TempDir(), "disgobot")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", bot, ".")
	build.Dir = filepath.Join("..", "..", "examples", "disgobot")
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the bot: %v\n%s", err, text)
	}
	return bot
}

// script writes a program for the shell.
func script(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bot")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// noTraces gives the test a directory for temporary files and fails it when
// something is left there. Its name is short: sockets stand in it.
func noTraces(t *testing.T) {
	t.Helper()
	dir, err := os.MkdirTemp("", "demo")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", dir)
	t.Cleanup(func() {
		left, err := os.ReadDir(dir)
		if err != nil || len(left) > 0 {
			t.Errorf("left in the directory for temporary files: %v (%v)", left, err)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
}

func TestTheDemoReplacesABotAndNothingIsLost(t *testing.T) {
	bot := buildBot(t)
	noTraces(t)
	keep := filepath.Join(t.TempDir(), "keep")
	got := baton(t, "demo", "--bot", bot, "--keep", keep, "--shards", "4", "--guilds", "5", "--rate", "40", "--slaves", "2", "--json")
	if got.status != 0 {
		t.Fatalf("status %d\n%s", got.status, got.err)
	}
	var report demo.Report
	if err := json.Unmarshal([]byte(got.out), &report); err != nil {
		t.Fatalf("standard output is not one JSON object: %v\n%s", err, got.out)
	}
	e := report.Events
	if report.Result != demo.Done || !report.Clean() || e.Sent == 0 || e.Handled != e.Sent || report.OldExitCode != 0 {
		t.Errorf("got %+v", report)
	}
	if len(report.Upgrades) != 1 || report.Upgrades[0].Moved != 4 || report.State.Records < 20 || report.Dark.Max <= 0 {
		t.Errorf("the upgrade is not fully described: %+v", report)
	}
	for _, want := range []string{"load is on", "upgrade: moving", "4 of 4", "0 lost, 0 duplicated, 0 reordered"} {
		if !strings.Contains(got.err, want) {
			t.Errorf("%q was not shown:\n%s", want, got.err)
		}
	}
	for _, name := range []string{"demo.log", "sent.json", "verdict.json", "report.json", "handled"} {
		if _, err := os.Stat(filepath.Join(keep, name)); err != nil {
			t.Errorf("not kept: %v", err)
		}
	}
}

func TestADemoCanShowTheWayBack(t *testing.T) {
	bot := buildBot(t)
	noTraces(t)
	got := baton(t, "demo", "--bot", bot, "--revert", "--shards", "3", "--guilds", "5", "--rate", "40", "--json")
	if got.status != 0 {
		t.Fatalf("status %d\n%s", got.status, got.err)
	}
	var report demo.Report
	if err := json.Unmarshal([]byte(got.out), &report); err != nil {
		t.Fatalf("standard output is not one JSON object: %v\n%s", err, got.out)
	}
	if report.Result != demo.Done || !report.Clean() || report.Events.Sent == 0 || len(report.Upgrades) != 1 {
		t.Fatalf("got %+v", report)
	}
	if u := report.Upgrades[0]; u.Result != "reverted" || u.Kept != 3 || u.Moved != 0 {
		t.Errorf("the upgrade is told as %+v", u)
	}
	for _, want := range []string{"3 of 3", "3 back", "--misbehave fail-full-start asks for this", "3 shards there and back, 0 IDENTIFYs"} {
		if !strings.Contains(got.err, want) {
			t.Errorf("%q was not shown:\n%s", want, got.err)
		}
	}
}

func TestADemoThatShouldGoBackAndDoesNotFails(t *testing.T) {
	bot := buildBot(t)
	noTraces(t)
	// It takes no notice of the flag by which it shall fail.
	stubborn := script(t, fmt.Sprintf("for last; do :; done\ncase \"$last\" in fail-full-start) set -- $(echo \"$@\" | sed 's/ --misbehave fail-full-start//');; esac\nexec %q \"$@\"\n", bot))
	got := baton(t, "demo", "--bot", stubborn, "--revert", "--shards", "2", "--guilds", "5", "--rate", "40")
	if got.status != 1 || !strings.Contains(got.err, "although it should have gone back") {
		t.Errorf("status %d, want 1 and why:\n%s%s", got.status, got.out, got.err)
	}
}

func TestADemoWhoseNewBotCrashesTellsWhyAndJudgesTheOldOne(t *testing.T) {
	bot := buildBot(t)
	mark := filepath.Join(t.TempDir(), "mark")
	noTraces(t)
	second := script(t, fmt.Sprintf("if [ -e %q ]; then echo 'wrong schema'; exit 3; fi\ntouch %q\nexec %q \"$@\"\n", mark, mark, bot))
	got := baton(t, "demo", "--bot", second, "--shards", "2", "--guilds", "5", "--rate", "40", "--json")
	if got.status != 1 || !strings.Contains(got.err, "exit status 3; it said last: wrong schema") {
		t.Errorf("status %d, want 1 and the bot's last words:\n%s", got.status, got.err)
	}
	var report demo.Report
	if err := json.Unmarshal([]byte(got.out), &report); err != nil {
		t.Fatalf("standard output is not one JSON object: %v\n%s", err, got.out)
	}
	// The old bot went on.
	if report.Result != demo.Failed || !report.Clean() || report.Events.Handled == 0 || report.Error == "" {
		t.Errorf("got %+v", report)
	}
}

func TestABotThatCrashesAtItsStartEndsTheDemo(t *testing.T) {
	noTraces(t)
	got := baton(t, "demo", "--bot", script(t, "echo 'no database'\nexit 4\n"))
	last := strings.TrimSuffix(got.err, "\n")
	if got.status != 1 || !strings.HasPrefix(last, "baton: bot ") || !strings.Contains(last, "exit status 4; it said last: no database") {
		t.Errorf("status %d, %q; want 1 and one line with the bot's last words", got.status, got.err)
	}
}

func TestAnInterruptedDemoEndsItsBotsInOrder(t *testing.T) {
	bot := buildBot(t)
	noTraces(t)
	run := start(t, "demo", "--bot", bot, "--shards", "2", "--guilds", "5")
	run.log.await(t, "shards run")
	run.signals <- os.Interrupt
	if got := <-run.ended; got != 1 {
		t.Errorf("exit status %d, want 1", got)
	}
	run.log.await(t, "baton: interrupted; the bots were ended in order")
}

func TestASecondSignalEndsADemoAtOnceAndLeavesNothing(t *testing.T) {
	born := filepath.Join(t.TempDir(), "born")
	if err := syscall.Mkfifo(born, 0o600); err != nil {
		t.Fatal(err)
	}
	bot := script(t, fmt.Sprintf("echo > %q\nexec %q\n", born, self(t, deafBot)))
	noTraces(t)
	run := start(t, "demo", "--bot", bot, "--shards", "2", "--guilds", "5")
	if _, err := os.ReadFile(born); err != nil { // there is a bot to be killed
		t.Fatal(err)
	}
	run.signals <- os.Interrupt
	run.log.await(t, "a second signal ends at once")
	run.signals <- os.Interrupt
	if got := <-run.ended; got != 1 {
		t.Errorf("exit status %d, want 1", got)
	}
	run.log.await(t, "baton: ended at once by a second signal; processes killed: 1")
}
