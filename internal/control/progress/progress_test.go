package progress

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/vbauerster/mpb/v8"

	"github.com/shardbaton/baton/internal/control"
)

// story is an upgrade of two shards, one of which loses its session.
func story() []control.Progress {
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	at := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
	return []control.Progress{
		{At: at(0), State: "launching"},
		{At: at(100), State: "launching", Note: "slave s2: launched as process 7"},
		{At: at(200), State: "moving", Total: 2},
		{At: at(210), State: "moving", Total: 2, Move: &control.Move{Shard: 0, State: "stopping", From: "s1", To: "s2", Epoch: 2}},
		{At: at(215), State: "moving", Total: 2, Moved: 1, Move: &control.Move{Shard: 0, State: "on new", From: "s1", To: "s2", Epoch: 2, Arrived: true}},
		{At: at(220), State: "moving", Total: 2, Moved: 2, Move: &control.Move{Shard: 1, State: "on new", To: "s2", Epoch: 1, Arrived: true, Fresh: true}},
		{At: at(1300), State: "done", Total: 2, Moved: 2},
	}
}

// wayBack is one whose shard goes back, because of it or by the operator's will.
func wayBack() []control.Progress {
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	at := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
	move := func(state string, back bool) *control.Move {
		return &control.Move{Shard: 0, State: state, From: "s1", To: "s2", Back: back, Arrived: state == "on new", Returned: state == "on old"}
	}
	return []control.Progress{
		{At: at(0), State: "moving", Total: 2},
		{At: at(10), State: "moving", Total: 2, Moved: 1, Move: move("on new", false)},
		{At: at(20), State: "paused", Total: 2, Moved: 1, Failure: &control.Failure{Step: "moving", Slave: "s2", Kind: "bot is unhealthy"}},
		{At: at(30), State: "settling", Back: true, Total: 2, Moved: 1},
		{At: at(40), State: "reverting", Back: true, Total: 2, Moved: 1},
		{At: at(50), State: "reverting", Back: true, Total: 2, Moved: 1, Move: move("stopping", true)},
		{At: at(60), State: "reverting", Back: true, Total: 2, Move: move("on old", true)},
		{At: at(70), State: "reverted", Back: true, Total: 2},
	}
}

func show(d Display) { play(d, story()) }

func play(d Display, story []control.Progress) {
	for _, step := range story {
		d.Show(step)
	}
	d.Close()
}

func TestPlainWritesALineForEachThingThatMatters(t *testing.T) {
	var out bytes.Buffer
	show(New(&out))
	want := strings.Join([]string{
		"[  0.000 s] upgrade: launching",
		"[  0.100 s] slave s2: launched as process 7",
		"[  0.200 s] upgrade: moving",
		"[  0.215 s] shard 0: on new (s1 → s2), 1 of 2",
		"[  0.220 s] shard 1: on new (nobody → s2, by IDENTIFY), 2 of 2",
		"[  1.300 s] upgrade: done",
		"",
	}, "\n")
	if got := out.String(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestBarsEndWithEveryShardsLineAboveTheBar(t *testing.T) {
	var out bytes.Buffer
	show(newBars(&out, 24, mpb.WithAutoRefresh(), mpb.WithWidth(80)))
	shown := lastFrame(out.String())
	for i, want := range []string{"shard    0  on new       s1 → s2", "shard    1  on new       nobody → s2, by IDENTIFY", "done                2 of 2 [=="} {
		if i >= len(shown) || !strings.HasPrefix(shown[i], want) {
			t.Errorf("line %d is not %q; all:\n%s", i, want, strings.Join(shown, "\n"))
		}
	}
	if !strings.Contains(out.String(), "slave s2: launched as process 7\n") {
		t.Error("the note is missing")
	}
}

func TestWhereNotAllShardsHaveARowThereIsTheBarAlone(t *testing.T) {
	var out bytes.Buffer
	show(newBars(&out, 3, mpb.WithAutoRefresh(), mpb.WithWidth(80)))
	shown := lastFrame(out.String())
	if strings.Contains(out.String(), "shard ") {
		t.Errorf("a shard's line was drawn:\n%s", out.String())
	}
	if len(shown) != 1 || !strings.HasPrefix(shown[0], "done") {
		t.Errorf("want the bar alone, got:\n%s", strings.Join(shown, "\n"))
	}
}

func TestPlainTellsTheWayBackAndWhatCanBeDone(t *testing.T) {
	var out bytes.Buffer
	play(New(&out), wayBack())
	want := strings.Join([]string{
		"[  0.000 s] upgrade: moving",
		"[  0.010 s] shard 0: on new (s1 → s2), 1 of 2",
		`[  0.020 s] upgrade: paused: at "moving", slave s2: bot is unhealthy; baton resume lets it go on, baton abort takes it back`,
		"[  0.030 s] upgrade: settling, on the way back",
		"[  0.040 s] upgrade: reverting, on the way back",
		"[  0.060 s] shard 0: on old (s1 ← s2), 1 back",
		"[  0.070 s] upgrade: reverted",
		"",
	}, "\n")
	if got := out.String(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestBarsFollowAShardBack(t *testing.T) {
	var out bytes.Buffer
	play(newBars(&out, 24, mpb.WithAutoRefresh(), mpb.WithWidth(80)), wayBack())
	shown := lastFrame(out.String())
	for i, want := range []string{"shard    0  on old       s1 ← s2", "reverted            0 of 2 ["} {
		if i >= len(shown) || !strings.HasPrefix(shown[i], want) {
			t.Errorf("line %d is not %q; all:\n%s", i, want, strings.Join(shown, "\n"))
		}
	}
	for _, want := range []string{"upgrade: paused: at", "upgrade: settling, on the way back\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q was not shown", want)
		}
	}
}

func TestBarsCanEndBeforeAnythingHappened(t *testing.T) {
	var out bytes.Buffer
	newBars(&out, 24).Close()
	if out.Len() != 0 {
		t.Errorf("got %q, want nothing", out.String())
	}
}

// lastFrame returns the lines that were drawn last: behind the last movement of
// the cursor.
func lastFrame(text string) []string {
	if at := strings.LastIndex(text, "\x1b["); at >= 0 {
		_, text, _ = strings.Cut(text[at:], "J")
	}
	return strings.Split(strings.TrimRight(text, "\n"), "\n")
}
