package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// noSignals is a terminal at which nobody presses anything.
func noSignals(...os.Signal) (<-chan os.Signal, func()) { return nil, func() {} }

// outcome is what one command line did.
type outcome struct {
	status   int
	out, err string
}

// baton runs a command line that needs no signals.
func baton(t *testing.T, args ...string) outcome {
	t.Helper()
	var out, err bytes.Buffer
	c := &cli{out: &out, err: &err, notify: noSignals}
	status := c.run(t.Context(), args)
	return outcome{status, out.String(), err.String()}
}

// ownSockets gives the test a directory for sockets and journals that no other master
// uses.
func ownSockets(t *testing.T) {
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
	t.Setenv("XDG_RUNTIME_DIR", dir)
	t.Setenv("XDG_STATE_HOME", filepath.Join(dir, "state"))
}

func TestEveryMistakeIsOneLineAndAStatus(t *testing.T) {
	ownSockets(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "left.handled"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text := filepath.Join(full, "left.handled")
	for _, test := range []struct {
		name   string
		args   []string
		status int
		want   string
	}{
		{"an unknown command", []string{"sevre"}, 2, `unknown command "sevre" (did you mean serve?)`},
		{"an unknown flag", []string{"status", "--jsn"}, 2, "unknown flag: --jsn"},
		{"an unknown flag of the root", []string{"--nope"}, 2, "unknown flag: --nope"},
		{"a flag without its value", []string{"upgrade", "--slave"}, 2, "flag needs an argument: --slave"},
		{"a word for a number", []string{"serve", "--shards", "many"}, 2, "want a whole number of at least 0"},
		{"a number that is too small", []string{"serve", "--slaves", "0"}, 2, "want a whole number of at least 1"},
		{"a duration without a unit", []string{"serve", "--relaunch-after", "15"}, 2, "want a duration such as"},
		{"a negative duration", []string{"demo", "--rtt", "-1s"}, 2, "want a duration such as"},
		{"an unknown log format", []string{"serve", "--log-format", "xml"}, 2, "want one of console, json"},
		{"more slaves than shards", []string{"serve", "--shards", "2", "--slaves", "3"}, 2, "Slaves is 3 for 2 Shards"},
		{"a bot's command without the dashes", []string{"serve", "./bot"}, 2, `put the bot's command behind "--"`},
		{"an argument where none belongs", []string{"status", "now"}, 2, `unexpected argument "now"`},
		{"an address that is none", []string{"serve", "--listen", "here"}, 2, "not an address"},
		{"an address that others can reach", []string{"serve", "--listen", "0.0.0.0:0"}, 1, "--insecure"},
		{"a taken port for slaves", []string{"serve", "--listen", taken.Addr().String()}, 1, "already running there"},
		{"a taken port for the gateway", []string{"gateway", "--listen", taken.Addr().String()}, 1, "address already in use"},
		{"a bot that is not there", []string{"serve", "--", "/no/such/bot"}, 1, `the bot's program "/no/such/bot"`},
		{"a bot that is not in the path", []string{"serve", "--", "no-such-bot"}, 1, "not found in $PATH"},
		{"a bot that is no program", []string{"upgrade", "--", text}, 1, "permission denied"},
		{"no master to ask", []string{"status"}, 1, "no master answers on "},
		{"no master to upgrade", []string{"upgrade"}, 1, "start one with baton serve"},
		{"no master at a given place", []string{"status", "--control", "/no/such.sock"}, 1, "/no/such.sock"},
		{"no master to pause", []string{"pause"}, 1, "start one with baton serve"},
		{"no master to watch", []string{"watch"}, 1, "start one with baton serve"},
		{"a reason without a master", []string{"abort", "too", "slow"}, 1, "start one with baton serve"},
		{"a resume of something", []string{"resume", "u1"}, 2, `unexpected argument "u1"`},
		{"a hold without a canary", []string{"upgrade", "--hold", "1m"}, 2, "--hold is 1m0s without a canary to watch: set --canary or --canary-shards"},
		{"two canaries", []string{"upgrade", "--canary", "1", "--canary-shards", "0"}, 2, "--canary and --canary-shards: want one of them"},
		{"a deadline beyond the whole", []string{"upgrade", "--timeout", "1m", "--progress-timeout", "2m"}, 2, "--progress-timeout is 2m0s, but --timeout is 1m0s"},
		{"shards the wrong way round", []string{"upgrade", "--canary-shards", "3-1"}, 2, "want shards such as 0,3 or 0-3"},
		{"shards that are none", []string{"upgrade", "--canary-shards", "0,,1"}, 2, "want shards such as 0,3 or 0-3"},
		{"a shard twice", []string{"upgrade", "--canary-shards", "0-2,1"}, 2, "--canary-shards[3] is 1: want shards, each once"},
		{"a failure that does something else", []string{"upgrade", "--on-failure", "panic"}, 2, "want one of revert, pause"},
		{"a lease of a moment", []string{"serve", "--lease", "2s"}, 2, "Lease is 2s with a heartbeat every 1s"},
		{"a margin of no lease", []string{"serve", "--lease-margin", "2s"}, 2, "--lease-margin is 2s without a lease"},
		{"a journal in no directory", []string{"serve", "--journal", full + "/no/journal"}, 1, "its directory does not exist: make it, or correct the path"},
		{"a journal that is a text", []string{"serve", "--journal", text}, 1, "not a journal: choose another path"},
		{"a directory for a journal", []string{"serve", "--journal", full, "--journal-set-aside"}, 1, "not a journal: choose another path"},
		{"an unknown table", []string{"diagram", "--table", "chair"}, 2, `no table is called "chair": want one of master, link`},
		{"an unknown format", []string{"diagram", "--format", "png"}, 2, "want one of mermaid, dot"},
		{"an SVG of everything", []string{"diagram", "--format", "svg"}, 2, "choose it with --table"},
		{"a file that cannot be written", []string{"diagram", "--output", full + "/no/such/file"}, 1, "no such file or directory"},
		{"a gateway without shards", []string{"gateway", "--shards", "0"}, 2, "at least 1"},
		{"a gateway with a strange token", []string{"gateway", "--token", "secret"}, 2, "Token"},
		{"a demo without a bot", []string{"demo", "--bot", "/no/such/bot"}, 1, "run make build"},
		{"a demo of a directory", []string{"demo", "--bot", full}, 1, "is not a program"},
		{"a demo of contradictions", []string{"demo", "--cold", "--reshard", "8"}, 2, "--cold and --reshard"},
		{"a demo that changes nothing", []string{"demo", "--reshard", "16"}, 2, "--reshard is 16: want another number than --shards"},
		{"a demo without load", []string{"demo", "--rate", "0"}, 2, "want more than 0"},
		{"a demo into a full directory", []string{"demo", "--bot", program, "--keep", full}, 1, "is not empty"},
		{"chaos without a bot", []string{"chaos", "--bot", "/no/such/bot"}, 1, "run make build"},
		{"chaos for nobody", []string{"chaos", "--bot", program, "--only", "victim=nobody"}, 2, "no cell is like that"},
		{"chaos into a full directory", []string{"chaos", "--bot", program, "--keep", full}, 1, "is not empty"},
		{"chaos of no kind", []string{"chaos", "--only", "whom=old"}, 2, "want victim=, phase=, fault= or scenario="},
		{"chaos with too few shards", []string{"chaos", "--shards", "2"}, 2, "at least 4"},
		{"a shell that is unknown", []string{"completion", "tcl"}, 2, `unknown command "tcl"`},
		{"completion with an argument", []string{"completion", "bash", "now"}, 2, `unexpected argument "now"`},
		{"help on nothing known", []string{"help", "tea"}, 2, `no help on "tea"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := baton(t, test.args...)
			if got.status != test.status {
				t.Errorf("status %d, want %d", got.status, test.status)
			}
			if !strings.HasPrefix(got.err, "baton: ") || strings.Count(got.err, "\n") != 1 || !strings.Contains(got.err, test.want) {
				t.Errorf("on standard error: %q, want one line with %q", got.err, test.want)
			}
			if got.out != "" {
				t.Errorf("on standard output: %q, want nothing", got.out)
			}
		})
	}
}

func TestHelpAndCompletionAreThere(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, "Available Commands"},
		{[]string{"help", "serve"}, "-- COMMAND..."},
		{[]string{"help"}, "Available Commands"},
		{[]string{"completion"}, "Available Commands"},
		{[]string{"completion", "bash"}, "bash completion"},
		{[]string{"__complete", "diagram", "--table", ""}, "upgrade\n"},
		{[]string{"__complete", "serve", "--log-format", ""}, "json\n"},
		{[]string{"version"}, "baton "},
	} {
		got := baton(t, test.args...)
		if got.status != 0 || !strings.Contains(got.out, test.want) {
			t.Errorf("baton %s: status %d, output %q; want 0 and %q", strings.Join(test.args, " "), got.status, got.out, test.want)
		}
	}
}

func TestDiagramsAreDrawnInEveryFormat(t *testing.T) {
	for _, test := range []struct{ format, want string }{
		{"mermaid", "stateDiagram-v2"},
		{"dot", "digraph"},
		{"markdown", "| "},
		{"promela", "mtype"},
		{"promela-timed", "ltl left_move"},
		{"promela-glued", "next_move(me, event)"},
	} {
		t.Run(test.format, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "table")
			if got := baton(t, "diagram", "--table", "move", "--format", test.format, "--output", file); got.status != 0 {
				t.Fatal(got.err)
			}
			one, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(one), test.want) {
				t.Errorf("the drawing has no %q", test.want)
			}
			all := baton(t, "diagram", "--format", test.format)
			if all.status != 0 || !strings.Contains(all.out, string(one)) || len(all.out) < 2*len(one) {
				t.Errorf("the drawing of all tables does not hold that of one: status %d", all.status)
			}
		})
	}
}

func TestSVGIsDrawnByGraphviz(t *testing.T) {
	// A stand-in for dot: what counts is what it is given and what is made of its
	// answer.
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	got := baton(t, "diagram", "--table", "move", "--format", "svg")
	if got.status != 1 || !strings.Contains(got.err, "not installed") {
		t.Errorf("without dot: status %d, %q; want a line that says so", got.status, got.err)
	}
	script := func(text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "dot"), []byte("#!/bin/sh\n"+text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	script("read first rest\necho \"<svg>$1 $first</svg>\"\n")
	got = baton(t, "diagram", "--table", "move", "--format", "svg")
	if got.status != 0 || got.out != "<svg>-Tsvg digraph</svg>\n" {
		t.Errorf("got status %d, %q%q", got.status, got.out, got.err)
	}
	script("echo 'bad graph' >&2\nexit 3\n")
	got = baton(t, "diagram", "--table", "move", "--format", "svg")
	if got.status != 1 || !strings.Contains(got.err, "exit status 3: bad graph") {
		t.Errorf("got status %d, %q; want dot's complaint", got.status, got.err)
	}
}

func TestACanceledCommandLineEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, err bytes.Buffer
	c := &cli{out: &out, err: &err, notify: noSignals}
	if status := c.run(ctx, []string{"status", "--control", "/no/such.sock"}); status != 1 {
		t.Errorf("status %d, want 1", status)
	}
}
