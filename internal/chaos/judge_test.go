package chaos

import (
	"strings"
	"testing"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

// The bots of the tests, and when they do things.
var (
	first  = bot{slave: "s1", pid: 11}
	second = bot{slave: "s2", pid: 12}
	noon   = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
)

// line is an event that a bot has handled so many milliseconds after noon.
func line(by bot, shard int, number uint64, after int) ledger.Handled {
	return ledger.Handled{
		Stream: ledger.Stream{Shard: shard, Shards: 2}, Sequence: int(number), Number: number,
		At: noon.Add(time.Duration(after) * time.Millisecond), Previous: ledger.Unchecked, Process: by.process(),
	}
}

// judged is the outcome of a cell whose gateway has sent what is handled, and the
// events with the given numbers besides.
func judged(s *strike, lines []ledger.Handled, unhandled ...uint64) Outcome {
	o := Outcome{Shards: 2, lines: lines, stopped: lines[len(lines)-1].At, gateway: gatewaysim.Stats{Attached: 2}}
	o.gateway.Identifies = 2
	known := make(map[uint64]bool)
	for _, l := range lines {
		if !known[l.Number] {
			known[l.Number] = true
			o.sent.Deliveries = append(o.sent.Deliveries, ledger.Delivery{Stream: l.Stream, Number: l.Number, Session: "x", Sequence: l.Sequence, At: l.At})
		}
	}
	for _, number := range unhandled {
		o.sent.Deliveries = append(o.sent.Deliveries, ledger.Delivery{Stream: ledger.Stream{Shards: 2}, Number: number, Session: "x", Sequence: 1, At: noon})
	}
	o.judge(s)
	return o
}

// killed is a strike that has killed the first bot so many milliseconds after noon.
func killed(after int) *strike {
	at := noon.Add(time.Duration(after) * time.Millisecond)
	s := harmless()
	s.cell.Fault, s.at, s.victim, s.deaths = Kill, at, first, []death{{first, at, at}}
	return s
}

func harmless() *strike {
	return &strike{cell: Cell{Victim: Old, Fault: Cut}, bed: &bed{cfg: Config{Shards: 2, Checkpoint: time.Second}}, at: noon}
}

func TestWhatIsRepeatedIsBound(t *testing.T) {
	for _, test := range []struct {
		name   string
		strike *strike
		lines  []ledger.Handled
		want   string // part of the only violation; empty for none
	}{
		{"nothing twice", harmless(), []ledger.Handled{line(first, 0, 1, 0), line(first, 1, 2, 5), line(second, 0, 3, 20)}, ""},
		{"twice without a kill", harmless(), []ledger.Handled{line(first, 0, 1, 0), line(second, 0, 1, 20)}, "1 duplicated that no killed slave"},
		{"twice after a kill", killed(900), []ledger.Handled{line(first, 0, 1, 0), line(second, 0, 1, 1000)}, ""},
		{"twice from before the checkpoint", killed(2900), []ledger.Handled{line(first, 0, 1, 0), line(second, 0, 1, 3000)}, "1 duplicated from before the last checkpoint: up to 2.9s"},
		{"twice by one that lives", killed(900), []ledger.Handled{line(second, 0, 1, 0), line(second, 0, 1, 1000)}, "1 duplicated that no killed slave"},
		{"three times", harmless(), []ledger.Handled{line(first, 0, 1, 0), line(second, 0, 1, 20), line(second, 0, 1, 21)}, "2 duplicated"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := judged(test.strike, test.lines)
			switch {
			case test.want == "" && len(o.Violations) > 0:
				t.Errorf("violations %q, want none", o.Violations)
			case test.want != "" && (len(o.Violations) != 1 || !strings.Contains(o.Violations[0], test.want)):
				t.Errorf("violations %q, want one with %q", o.Violations, test.want)
			}
		})
	}
}

func TestWithoutAMasterNothingIsCheckpointed(t *testing.T) {
	s := killed(2900)
	s.deaths[0].checkpointed = noon.Add(time.Second)
	o := judged(s, []ledger.Handled{line(first, 0, 1, 0), line(first, 0, 2, 2000), line(second, 0, 1, 3000), line(second, 0, 2, 3010)})
	if len(o.Violations) > 0 || o.Rework != time.Second {
		t.Errorf("violations %q, rework %v; want none, and 1s before the master's end", o.Violations, o.Rework)
	}
}

func TestEveryBoundThatIsBrokenIsNamed(t *testing.T) {
	lines := []ledger.Handled{line(first, 0, 2, 0), line(first, 0, 1, 5), line(first, 1, 7, 9)}
	o := judged(harmless(), lines, 3, 4)
	if o.Lost != 2 || o.Reordered != 1 {
		t.Errorf("lost %d, reordered %d; want 2 and 1", o.Lost, o.Reordered)
	}
	o = Outcome{Shards: 2, Orphaned: 1, lines: lines, stopped: noon}
	o.gateway.Attached, o.gateway.DoubledNow = 3, 1
	o.sent.Connections = []ledger.Connection{
		{Stream: lines[0].Stream, ID: 1, From: noon},
		{Stream: lines[0].Stream, ID: 2, From: noon.Add(time.Second)},
	}
	o.judge(harmless())
	all := strings.Join(o.Violations, "; ")
	for _, want := range []string{"3 of 2 shards are connected, 1 of them twice", "1 times two owners", "1 orphaned", "3 unknown"} {
		if !strings.Contains(all, want) {
			t.Errorf("the violations do not name %q: %s", want, all)
		}
	}
}

func TestAChangeOfTheNumberOfShardsIsNotBoundByWhatIsLost(t *testing.T) {
	s := harmless()
	s.course.reshard = true
	o := judged(s, []ledger.Handled{line(first, 0, 1, 0)}, 2)
	if o.Lost != 1 || !o.Unbound || len(o.Violations) > 0 {
		t.Errorf("got %+v, want one lost and no violation", o)
	}
}

func TestAShardIsDarkBetweenTwoEventsAndUntilTheEnd(t *testing.T) {
	lines := []ledger.Handled{line(first, 0, 1, 0), line(first, 1, 2, 10), line(second, 0, 3, 400), line(second, 1, 4, 410), line(second, 0, 5, 500)}
	if got := darkest(lines, lines[4].At); got != 400*time.Millisecond {
		t.Errorf("dark for %v, want 400ms", got)
	}
	if got := darkest(lines, noon.Add(2*time.Second)); got != 1590*time.Millisecond {
		t.Errorf("dark for %v with a shard that falls silent, want 1.59s", got)
	}
}

func TestRecoveryIsThatOfTheLastShardOfTheDead(t *testing.T) {
	at := death{bot: first, at: noon.Add(100 * time.Millisecond)}
	lines := []ledger.Handled{
		line(first, 0, 1, 0), line(first, 1, 2, 10),
		line(second, 0, 3, 150), line(second, 1, 4, 350), line(second, 1, 5, 900),
	}
	if got := recovery(lines, at); got != 250*time.Millisecond {
		t.Errorf("recovered after %v, want 250ms", got)
	}
	// A shard that had left it before its death is none of its own.
	moved := append([]ledger.Handled{line(first, 0, 1, 0), line(first, 1, 2, 10), line(second, 1, 9, 50)}, line(second, 0, 3, 150), line(second, 1, 4, 350))
	if got := recovery(moved, at); got != 50*time.Millisecond {
		t.Errorf("recovered after %v, want 50ms", got)
	}
	if got := recovery(lines[:3], at); got != 0 {
		t.Errorf("recovered after %v although a shard stays silent, want 0", got)
	}
}

func TestACheckMustFindWhatIsBroken(t *testing.T) {
	o := Outcome{Violations: []string{"7 lost", "8 times two owners"}}
	o.check([]string{"lost", "two owners"})
	if len(o.Violations) > 0 || !strings.Contains(o.Note, "7 lost; 8 times two owners") {
		t.Errorf("got %q, note %q", o.Violations, o.Note)
	}
	o = Outcome{Violations: []string{"7 lost"}}
	o.check([]string{"lost", "orphaned"})
	if len(o.Violations) != 1 || !strings.Contains(o.Violations[0], "orphaned") {
		t.Errorf("got %q, want one violation: nobody has noticed the orphan", o.Violations)
	}
}
