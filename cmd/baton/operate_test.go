package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/shardbaton/baton/internal/control"
	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/journal"
)

// want checks what a command line has done.
func (o outcome) want(t *testing.T, status int, texts ...string) {
	t.Helper()
	all := o.out + o.err
	if o.status != status {
		t.Errorf("status %d, want %d:\n%s", o.status, status, all)
	}
	for _, text := range texts {
		if !strings.Contains(all, text) {
			t.Errorf("%q is missing in:\n%s", text, all)
		}
	}
}

// wantEnd waits for a command line to end and checks its exit status.
func (r *running) wantEnd(t *testing.T, status int) {
	t.Helper()
	if got := <-r.ended; got != status {
		t.Errorf("exit status %d, want %d:\n%s", got, status, r.log)
	}
}

// String returns what was written.
func (tr *transcript) String() string {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return tr.text.String()
}

func TestAnOperatorPausesWatchesAndAbortsAnUpgrade(t *testing.T) {
	ownSockets(t)
	master := start(t, "serve", "--start-now", "--shards", "3", "--", self(t, paperBot))
	master.log.await(t, "share 1 of shards 0-2: serving")
	baton(t, "watch").want(t, 1, "no upgrade runs, so there is nothing to watch\n")

	upgrade := start(t, "upgrade", "--canary-shards", "1", "--hold", "1h")
	upgrade.log.await(t, "upgrade: holding")
	baton(t, "status").want(t, 0, ", holding: 1 of 3 shards moved")
	baton(t, "upgrade").want(t, 1, "another upgrade runs", "baton watch shows it")
	baton(t, "resume").want(t, 1, "not possible now")
	baton(t, "pause").want(t, 0, "upgrade u1, paused: 1 of 3 shards moved, 0 on their way\nbaton resume lets it go on, baton abort takes every shard back\n")
	baton(t, "status").want(t, 0, "u1, paused", "choices:", "baton resume")
	baton(t, "resume").want(t, 0, "upgrade u1, holding")

	watch := start(t, "watch")
	watch.log.await(t, "upgrade: holding")
	asJSON := start(t, "watch", "--json")
	asJSON.log.await(t, `"state":"holding"`)
	baton(t, "abort", "too", "many errors").want(t, 0, "upgrade u1, ", "on the way back", "baton watch shows it")
	for _, r := range []*running{upgrade, watch} {
		r.wantEnd(t, 3)
		for _, text := range []string{
			"on the way back", "shard 1: on old", "reverted in ", "all shards are on ",
			"baton: upgrade u1 was reverted", "aborted: too many errors",
		} {
			r.log.await(t, text)
		}
	}
	asJSON.wantEnd(t, 3)
	asJSON.log.await(t, `"result":"reverted"`)
	asJSON.log.await(t, `"kind":"aborted","reason":"too many errors"`)

	baton(t, "status").want(t, 0, "last:", "u1, reverted", "too many errors")
	baton(t, "watch").want(t, 1, "the last one, u1, has ended: reverted")
	baton(t, "abort").want(t, 1, "no upgrade runs: there is nothing to abort")
	baton(t, "upgrade", "--canary", "9").want(t, 1, "--canary is 9 of 3 shards")
	baton(t, "upgrade").want(t, 0, "3 shards moved from ")
	baton(t, "status").want(t, 0, "done")
	master.signals <- syscall.SIGTERM
	master.wantEnd(t, 0)
}

func TestAnInterruptedUpgradeGoesOnAndCanBeWatched(t *testing.T) {
	ownSockets(t)
	master := start(t, "serve", "--start-now", "--shards", "3", "--", self(t, paperBot))
	master.log.await(t, "share 1 of shards 0-2: serving")
	upgrade := start(t, "upgrade", "--canary", "1", "--hold", "1h")
	upgrade.log.await(t, "upgrade: holding")
	upgrade.signals <- os.Interrupt
	upgrade.wantEnd(t, 1)
	upgrade.log.await(t, "baton: interrupted; the upgrade goes on: baton watch shows it, baton abort takes it back")
	watch := start(t, "watch")
	watch.log.await(t, "upgrade: holding")
	baton(t, "abort").want(t, 0)
	watch.wantEnd(t, 3)
	master.signals <- syscall.SIGTERM
	master.wantEnd(t, 0)
}

func TestTheNextMasterTakesUpTheUpgradeOfOneThatWasKilled(t *testing.T) {
	ownSockets(t)
	bot := self(t, paperBot)
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	first := exec.Command(own, "serve", "--start-now", "--shards", "3", "--", bot)
	first.Env = append(os.Environ(), masterEnv+"=1")
	log := newTranscript()
	first.Stderr = log
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	log.await(t, "share 1 of shards 0-2: serving")
	upgrade := start(t, "upgrade", "--canary", "1", "--hold", "1h")
	upgrade.log.await(t, "upgrade: holding")
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	// The exit status says that it was killed. The bots hold no end of its pipe.
	_ = first.Wait()
	upgrade.wantEnd(t, 1)
	upgrade.log.await(t, "the master went away before the upgrade ended; the slaves serve on")

	second := start(t, "serve", "--shards", "3", "--", bot)
	second.log.await(t, "upgrade u1: reverted")
	baton(t, "status").want(t, 0, "3, 0 without an owner", "u1, reverted", "the master was restarted")
	baton(t, "upgrade").want(t, 0, "3 shards moved from ", "done in ")
	second.signals <- syscall.SIGTERM
	second.wantEnd(t, 0)
}

func TestTheJournalStandsWhereItWasPutOrNowhere(t *testing.T) {
	ownSockets(t)
	serve := func(args ...string) *running {
		t.Helper()
		master := start(t, append([]string{"serve", "--shards", "1", "--start-now"}, args...)...)
		master.log.await(t, "master listens")
		return master
	}
	usual, err := control.JournalPath(control.Path())
	if err != nil {
		t.Fatal(err)
	}
	named := filepath.Join(t.TempDir(), "journal")
	for _, test := range []struct {
		name string
		args []string
		want string
	}{
		{"usually", nil, usual},
		{"by a name", []string{"--journal", named}, named},
		{"nowhere", []string{"--journal", "none"}, "none: what this master knows ends with it"},
	} {
		t.Run(test.name, func(t *testing.T) {
			master := serve(test.args...)
			baton(t, "status").want(t, 0, "journal:", test.want)
			_, err := os.Stat(test.want)
			if exists := err == nil; exists != filepath.IsAbs(test.want) {
				t.Errorf("a file at %s: %v", test.want, err)
			}
			master.signals <- syscall.SIGTERM
			master.wantEnd(t, 0)
		})
	}

	first := serve("--journal", named)
	other := filepath.Join(t.TempDir(), "c.sock")
	baton(t, "serve", "--control", other, "--listen", "127.0.0.1:0", "--journal", named).
		want(t, 1, "the journal is in use: another master runs on it", "--journal names another file")
	first.signals <- syscall.SIGTERM
	first.wantEnd(t, 0)
}

func TestWithoutAPlaceForTheJournalServeSaysWhatToDo(t *testing.T) {
	ownSockets(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_STATE_HOME", file)
	baton(t, "serve").want(t, 1, "no place for the journal", "not a directory", "--journal none")
	t.Setenv("XDG_STATE_HOME", "")
	t.Setenv("HOME", "")
	baton(t, "serve").want(t, 1, "no place for the journal", "$HOME is not defined", "--journal none")
}

func TestAJournalThatCannotBeReadIsSetAsideWhenThatIsAskedFor(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(t *testing.T, path string)
		want  string
	}{
		{"damaged", func(t *testing.T, path string) {
			t.Helper()
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			// Every page but the two that say what the file is.
			for i := 2 * os.Getpagesize(); i < len(text); i++ {
				text[i] = 0xee
			}
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}, "the journal is damaged"},
		{"without sense", func(t *testing.T, path string) {
			t.Helper()
			writeEntry(t, path, "shards", `{"v":1,"shards":2}`) // and no shard
		}, "the journal makes no sense"},
		{"of a later version", func(t *testing.T, path string) {
			t.Helper()
			writeEntry(t, path, "shards", `{"v":99}`)
		}, "written by a newer Baton"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ownSockets(t)
			path := filepath.Join(t.TempDir(), "journal")
			writeEntry(t, path, "shards", `{"v":1,"shards":0}`)
			test.spoil(t, path)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			refused := baton(t, "serve", "--journal", path)
			refused.want(t, 1, "journal "+path, test.want, "--journal-set-aside does that")
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
				t.Errorf("the refused journal was changed (%v)", err)
			}
			master := start(t, "serve", "--shards", "1", "--start-now", "--journal", path, "--journal-set-aside")
			master.log.await(t, "set aside")
			master.log.await(t, "master: serving")
			if aside, err := os.ReadFile(path + ".aside-1"); err != nil || !bytes.Equal(aside, before) {
				t.Errorf("what was set aside is not what was there (%v)", err)
			}
			master.signals <- syscall.SIGTERM
			master.wantEnd(t, 0)
		})
	}
}

// writeEntry writes one entry of a journal.
func writeEntry(t *testing.T, path, key, value string) {
	t.Helper()
	file, err := journal.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	err = file.Write(t.Context(), []master.JournalChange{{Key: key, Value: []byte(value)}})
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
}
