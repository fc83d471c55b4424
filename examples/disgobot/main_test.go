package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap/zaptest"

	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
	"github.com/shardbaton/baton/internal/gatewaysim/simtest"
	"github.com/shardbaton/baton/master"
)

// playBot makes this test binary be the bot.
const playBot = "DISGOBOT_TEST_PLAYS_BOT"

func TestMain(m *testing.M) {
	if os.Getenv(playBot) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// limit bounds each test; it is reached only when something hangs.
const limit = time.Minute

func nothing(string) string { return "" }

// handled waits until every session has acknowledged so many more events.
func handled(ctx context.Context, t *testing.T, sim *simtest.Sim, shards, more int) {
	t.Helper()
	from := make(map[string]int)
	for _, s := range sim.Stats().Sessions {
		from[s.Session] = s.Sequence
	}
	sim.StartEvents()
	_, err := sim.Await(ctx, func(st gatewaysim.Stats) bool {
		done := 0
		for _, s := range st.Sessions {
			if s.Attached && s.Acknowledged >= from[s.Session]+more {
				done++
			}
		}
		return done == shards
	})
	if err != nil {
		t.Fatalf("not every shard has handled %d more events: %v", more, err)
	}
}

func TestAProcessReplacesAnotherAndNothingIsLost(t *testing.T) {
	const shards = 3
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	t.Setenv(playBot, "1")
	sim := simtest.Start(t, gatewaysim.Config{
		Shards: shards, GuildsPerShard: 10, Rate: 100, StateEvery: 3, Stopped: true,
		MaxConcurrency: shards, HeartbeatInterval: time.Second, HeartbeatGrace: limit,
		TrimOnHeartbeat: true, AttachedResume: gatewaysim.Refuse,
	})
	dir := t.TempDir()
	m, err := master.New(master.Config{
		Command: []string{os.Args[0], "--api", sim.URLs.REST, "--token", gatewaysim.Token(gatewaysim.DefaultApplication), "--handled", dir},
		Shards:  shards, StartNow: true, Logger: zaptest.NewLogger(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	serving, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- m.Serve(serving, listener) }()

	if _, err := sim.Await(ctx, func(st gatewaysim.Stats) bool { return st.Attached == shards }); err != nil {
		t.Fatal(err)
	}
	handled(ctx, t, sim, shards, 20)
	before := sim.Stats()
	upgrade, err := m.Upgrade(ctx, master.Plan{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := upgrade.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	handled(ctx, t, sim, shards, 20)
	if _, err := sim.Quiesce(ctx); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := <-served; err != nil {
		t.Errorf("the master ended with %v", err)
	}

	after := sim.Stats()
	if after.Identifies != before.Identifies || after.TakeOvers != 0 || after.ResumesRefused != 0 || after.SessionsClosed != 0 {
		t.Errorf("want every session resumed once and none ended:\nbefore %+v\nafter  %+v", before.Counters, after.Counters)
	}
	v, err := ledger.Judge(sim.Sent(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if !v.Clean() {
		t.Errorf("the ledger is not clean:\n%v", v)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"+ledger.Extension))
	if err != nil || len(files) != 2 {
		t.Errorf("want the notes of two processes, got %q, %v", files, err)
	}
}

func TestABotRunsThePlainWay(t *testing.T) {
	const shards = 2
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	sim := simtest.Start(t, gatewaysim.Config{Shards: shards, Rate: 50, MaxConcurrency: shards, Stopped: true, HeartbeatInterval: time.Second, HeartbeatGrace: limit})
	dir := t.TempDir()
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() {
		args := []string{"--plain", "--api", sim.URLs.REST, "--token", gatewaysim.Token(1), "--handled", dir, "--log-level", "error"}
		ended <- run(running, args, nothing, os.Stderr)
	}()
	if _, err := sim.Await(ctx, func(st gatewaysim.Stats) bool { return st.Attached == shards }); err != nil {
		t.Fatal(err)
	}
	handled(ctx, t, sim, shards, 5)
	if _, err := sim.Quiesce(ctx); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	v, err := ledger.Judge(sim.Sent(), dir)
	if err != nil || !v.Clean() {
		t.Errorf("%v, %v", v, err)
	}
}

func TestFlagsAndEnvironmentSayTheSame(t *testing.T) {
	env := map[string]string{"DISCORD_API": "http://api", "DISCORD_TOKEN": "secret", "BATON_LEDGER": "/ledger"}
	fromEnv, err := parse(nil, func(name string) string { return env[name] }, new(bytes.Buffer))
	if err != nil {
		t.Fatal(err)
	}
	fromFlags, err := parse([]string{"--api", "http://api", "--token", "secret", "--handled", "/ledger"}, nothing, new(bytes.Buffer))
	if err != nil {
		t.Fatal(err)
	}
	if fromEnv != fromFlags {
		t.Errorf("from the environment %+v, from flags %+v", fromEnv, fromFlags)
	}
}

func TestWrongArgumentsAreOneClearError(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no token":        {nil, "DISCORD_TOKEN"},
		"a stray word":    {[]string{"--token", "x", "word"}, "word"},
		"a wrong level":   {[]string{"--token", gatewaysim.Token(1), "--log-level", "loud"}, "--log-level"},
		"no master":       {[]string{"--token", gatewaysim.Token(1)}, "BATON_ADDR"},
		"a broken token":  {[]string{"--token", "x"}, "Token"},
		"a ledger's file": {[]string{"--token", gatewaysim.Token(1), "--handled", os.Args[0]}, "ledger"},
	} {
		t.Run(name, func(t *testing.T) {
			err := run(context.Background(), test.args, nothing, new(bytes.Buffer))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("want an error with %q, got %v", test.want, err)
			}
		})
	}
	if err := run(context.Background(), []string{"--help"}, nothing, new(bytes.Buffer)); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("want %v, got %v", flag.ErrHelp, err)
	}
}

func TestABotMisbehavesOnlyAsItCanBeAskedTo(t *testing.T) {
	for text, want := range map[string]vice{
		"cannot-start":       {kind: cannotStart},
		"fail-full-start":    {kind: failFullStart},
		"hang-full-start":    {kind: hangFullStart},
		"hang-full-start=2s": {kind: hangFullStart, limit: 2 * time.Second},
		"fail-resume=3":      {kind: failResume, shard: 3},
		"lose-gateway":       {kind: loseGateway},
		"unhealthy":          {kind: unhealthy},
	} {
		s, err := parse([]string{"--token", "x", "--misbehave", text}, nothing, new(bytes.Buffer))
		if err != nil || s.vice != want {
			t.Errorf("%s: want %+v, got %+v, %v", text, want, s.vice, err)
		}
	}
	for _, text := range []string{"", "rude", "fail-resume", "fail-resume=one", "hang-full-start=long", "unhealthy=1"} {
		if _, err := parse([]string{"--token", "x", "--misbehave", text}, nothing, new(bytes.Buffer)); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
	err := run(context.Background(), []string{"--token", gatewaysim.Token(1), "--misbehave", "cannot-start"}, nothing, new(bytes.Buffer))
	if err == nil || !strings.Contains(err.Error(), "--misbehave cannot-start") {
		t.Errorf("want it not to start, got %v", err)
	}
}
