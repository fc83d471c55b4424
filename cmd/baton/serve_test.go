package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/internal/control"
	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/core"
)

// running is a command line that runs until its end.
type running struct {
	signals chan os.Signal
	log     *transcript
	ended   chan int
}

// start runs a command line in the background.
func start(t *testing.T, args ...string) *running {
	t.Helper()
	r := &running{signals: make(chan os.Signal), log: newTranscript(), ended: make(chan int, 1)}
	c := &cli{
		out: r.log, err: r.log,
		notify: func(...os.Signal) (<-chan os.Signal, func()) { return r.signals, func() {} },
	}
	go func() {
		r.ended <- c.run(t.Context(), args)
		r.log.close()
	}()
	return r
}

// transcript keeps what is written and tells those who wait for a text in it.
type transcript struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{}
	closed  bool
}

func newTranscript() *transcript { return &transcript{changed: make(chan struct{})} }

func (tr *transcript) Write(p []byte) (int, error) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	defer tr.change()
	return tr.text.Write(p)
}

// change wakes those who wait. tr.mu is held.
func (tr *transcript) change() {
	close(tr.changed)
	tr.changed = make(chan struct{})
}

func (tr *transcript) close() {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.closed = true
	tr.change()
}

// await returns when the text was written.
func (tr *transcript) await(t *testing.T, text string) {
	t.Helper()
	for {
		tr.mu.Lock()
		found, closed, changed, all := strings.Contains(tr.text.String(), text), tr.closed, tr.changed, tr.text.String()
		tr.mu.Unlock()
		if found {
			return
		}
		if closed {
			t.Fatalf("ended without %q; all it said:\n%s", text, all)
		}
		<-changed
	}
}

func TestServeIsCommandedOverItsSocketAndBySignals(t *testing.T) {
	ownSockets(t)
	master := start(t, "serve", "--shards", "2")
	master.log.await(t, "master listens")

	status := baton(t, "status")
	for _, want := range []string{"2, 2 without an owner", "shards 0-1:  vacant", "slaves.sock"} {
		if status.status != 0 || !strings.Contains(status.out, want) {
			t.Errorf("status %d, %q is missing in:\n%s%s", status.status, want, status.out, status.err)
		}
	}
	var object control.Status
	asJSON := baton(t, "status", "--json")
	if err := json.Unmarshal([]byte(asJSON.out), &object); err != nil || object.PID != os.Getpid() || object.NumShards != 2 {
		t.Errorf("status --json is %q (%v)", asJSON.out, err)
	}
	if second := baton(t, "serve"); second.status != 1 || !strings.Contains(second.err, "a master is already running there") {
		t.Errorf("a second master: status %d, %q", second.status, second.err)
	}
	if strings.Contains(status.out, "SLAVE") {
		t.Errorf("a table of no slaves:\n%s", status.out)
	}
	if refused := baton(t, "upgrade", "--slave", "s9"); refused.status != 1 || !strings.HasPrefix(refused.err, "baton: the master refuses: ") || refused.out != "" {
		t.Errorf("upgrade of a slave that is not there: status %d, %q %q; want a refusal", refused.status, refused.out, refused.err)
	}
	for _, args := range [][]string{{"upgrade"}, {"upgrade", "--json"}} {
		nobody := baton(t, args...)
		if nobody.status != 1 || !strings.HasPrefix(nobody.err, "baton: no slave serves, so nothing was replaced: ") || strings.Count(nobody.err, "\n") != 1 {
			t.Errorf("%v without a slave: status %d, %q", args, nobody.status, nobody.err)
		}
	}
	master.signals <- syscall.SIGUSR1
	master.log.await(t, "SIGUSR1 begins no upgrade")

	master.signals <- syscall.SIGTERM
	if got := <-master.ended; got != 0 {
		t.Errorf("exit status %d after SIGTERM, want 0", got)
	}
	if after := baton(t, "status"); after.status != 1 || !strings.Contains(after.err, "no master answers") {
		t.Errorf("after its end: status %d, %q", after.status, after.err)
	}
	if left, err := os.ReadDir(control.Dir()); err != nil || len(left) > 0 {
		t.Errorf("sockets are left behind: %v (%v)", left, err)
	}
}

// self returns this test's binary, which is a bot of that kind when it is
// launched.
func self(t *testing.T, kind string) string {
	t.Helper()
	t.Setenv(botEnv, kind)
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestUpgradeReplacesTheBotsThatServeHasLaunched(t *testing.T) {
	ownSockets(t)
	bot := self(t, paperBot)
	master := start(t, "serve", "--start-now", "--shards", "3", "--log-format", "json", "--", bot)
	master.log.await(t, "share 1 of shards 0-2: serving")

	plain := baton(t, "upgrade")
	for _, want := range []string{"upgrade: moving", "3 of 3", "done in ", "3 shards moved from "} {
		if plain.status != 0 || !strings.Contains(plain.out, want) {
			t.Errorf("upgrade: status %d, %q is missing in:\n%s%s", plain.status, want, plain.out, plain.err)
		}
	}
	asJSON := baton(t, "upgrade", "--json", "--parallel", "1", "--", bot, "another", "argument")
	lines := strings.Split(strings.TrimSpace(asJSON.out), "\n")
	var last control.Line
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil || last.Result == nil {
		t.Fatalf("upgrade --json: status %d, the last line is no result (%v):\n%s%s", asJSON.status, err, asJSON.out, asJSON.err)
	}
	if r := last.Result; !r.Done() || len(r.Moved) != 3 || r.Fresh != 0 || len(lines) < 5 {
		t.Errorf("upgrade --json: %d lines, result %+v", len(lines), r)
	}
	status := baton(t, "status")
	if !strings.Contains(status.out, "3, 0 without an owner") || !strings.Contains(status.out, last.Result.Targets[0]) {
		t.Errorf("the status is\n%s", status.out)
	}
	master.signals <- syscall.SIGUSR1
	// The third one; the ends of the first two were awaited by their commands.
	master.log.await(t, "upgrade u3: done")

	master.signals <- syscall.SIGTERM
	if got := <-master.ended; got != 0 {
		t.Errorf("exit status %d after SIGTERM, want 0", got)
	}
	master.log.await(t, "ended with code 0")
}

func TestASecondSignalKillsWhatDoesNotEnd(t *testing.T) {
	ownSockets(t)
	master := start(t, "serve", "--start-now", "--shards", "1", "--", self(t, deafBot))
	master.log.await(t, "a deaf bot is here")
	master.signals <- os.Interrupt
	master.log.await(t, "a second signal ends at once")
	master.signals <- os.Interrupt
	if got := <-master.ended; got != 1 {
		t.Errorf("exit status %d, want 1", got)
	}
	master.log.await(t, "ended at once by a second signal; processes killed: 1")
}

func TestTheGatewayServesUntilItIsInterrupted(t *testing.T) {
	dir := t.TempDir()
	gateway := start(t, "gateway", "--listen", "127.0.0.1:0", "--handled", dir)
	gateway.log.await(t, "token    ")
	gateway.signals <- os.Interrupt
	if got := <-gateway.ended; got != 0 {
		t.Errorf("exit status %d, want 0", got)
	}
	gateway.log.await(t, "sent 0, handled 0, lost 0")
}

func TestASignalWithNobodyServingSaysWhatBecomesOfIt(t *testing.T) {
	config := master.Config{Command: []string{"false"}, Shards: 2, StartNow: true, BackOff: time.Hour}
	nobody := config
	nobody.Command = nil
	for _, test := range []struct {
		name   string
		config master.Config
		until  func(master.Notice) bool
		want   string
	}{
		{"a bot that is tried again later", config, func(n master.Notice) bool {
			share, ok := n.(core.ShareState)
			return ok && share.State == lifecycle.ShareBackingOff
		}, "SIGUSR1: no slave serves, so nothing was replaced; the bot is launched once more"},
		{"a master that launches nothing", nobody, func(n master.Notice) bool {
			state, ok := n.(core.MasterState)
			return ok && state.State == lifecycle.MasterServing
		}, "SIGUSR1 begins no upgrade: no slave serves, so nothing was replaced: this master launches nothing"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, err := master.New(test.config)
			if err != nil {
				t.Fatal(err)
			}
			listener, err := master.Listen("127.0.0.1:0", false)
			if err != nil {
				t.Fatal(err)
			}
			news := m.Subscribe(0)
			ctx, cancel := context.WithCancel(context.Background())
			served := make(chan error, 1)
			go func() { served <- m.Serve(ctx, listener) }()
			for event := range news.All(t.Context()) {
				if test.until(event.Notice) {
					break
				}
			}
			seen, logs := observer.New(zap.InfoLevel)
			upgradeAll(t.Context(), m, zap.New(seen))
			if logs.FilterMessageSnippet(test.want).Len() != 1 {
				t.Errorf("logged %v, want %q", logs.All(), test.want)
			}
			cancel()
			if err := <-served; err != nil {
				t.Error(err)
			}
		})
	}
}
