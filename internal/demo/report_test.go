package demo

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

// keys lists the keys of a JSON object, nested ones as "outer.inner", in order.
func keys(t *testing.T, text []byte) string {
	t.Helper()
	var found []string
	var outer string
	decoder := json.NewDecoder(bytes.NewReader(text))
	for depth := 0; ; {
		token, err := decoder.Token()
		if err != nil {
			return strings.Join(found, " ")
		}
		switch token {
		case json.Delim('{'):
			depth++
			continue
		case json.Delim('}'):
			depth--
			continue
		}
		if depth == 2 {
			found = append(found, outer+"."+token.(string))
		} else {
			outer = token.(string)
			found = append(found, outer)
		}
		if depth == 1 && (outer == "events" || outer == "dark_ms" || outer == "state") {
			continue
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheJSONHasTheKeysThatToolsRelyOn(t *testing.T) {
	text, err := json.Marshal(Report{})
	if err != nil {
		t.Fatal(err)
	}
	want := "result shards upgrade_seconds" +
		" events events.sent events.handled events.lost events.duplicated events.reordered" +
		" events.stale events.unknown events.two_owners" +
		" identifies_during_upgrade dark_ms dark_ms.p50 dark_ms.p99 dark_ms.max" +
		" state state.records state.bytes old_exit_code slaves upgrades"
	if got := keys(t, text); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestOnlyASeamlessRunIsClean(t *testing.T) {
	if !(Report{}).Clean() {
		t.Error("a report without a fault is not clean")
	}
	for name, r := range map[string]Report{
		"lost":        {Events: Events{Lost: 1}},
		"duplicated":  {Events: Events{Duplicated: 1}},
		"reordered":   {Events: Events{Reordered: 1}},
		"stale":       {Events: Events{Stale: 1}},
		"unknown":     {Events: Events{Unknown: 1}},
		"two owners":  {Events: Events{TwoOwners: 1}},
		"an IDENTIFY": {Identifies: 1},
	} {
		if r.Clean() {
			t.Errorf("a report with %s is clean", name)
		}
	}
}

// handled is an event of shard 0 that a process finished after so many
// milliseconds.
func handled(shards int, number uint64, process string, ms int) ledger.Handled {
	return ledger.Handled{
		Stream: ledger.Stream{Shards: shards}, Number: number, Process: process,
		At: time.Unix(0, 0).Add(time.Duration(ms) * time.Millisecond),
	}
}

func TestTheReportTakesItsDarkTimesFromTheLedger(t *testing.T) {
	for _, test := range []struct {
		name  string
		lines []ledger.Handled
		want  Dark
	}{
		{"nothing handled", nil, Dark{}},
		{"one process", []ledger.Handled{handled(1, 1, "a", 0), handled(1, 2, "a", 9)}, Dark{}},
		{
			"two hand-overs",
			[]ledger.Handled{handled(1, 1, "a", 0), handled(1, 2, "b", 4), handled(1, 3, "b", 10), handled(1, 4, "c", 18)},
			Dark{P50: 4, P99: 8, Max: 8},
		},
		{
			"a change of the number of shards, counted once",
			[]ledger.Handled{
				handled(1, 1, "a", 0), handled(2, 2, "b", 30), handled(1, 3, "a", 31), handled(2, 4, "b", 40),
			},
			Dark{P50: 30, P99: 30, Max: 30},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var r Report
			r.judge(ledger.Verdict{}, test.lines)
			if r.Dark != test.want {
				t.Errorf("dark %+v, want %+v", r.Dark, test.want)
			}
		})
	}
}

func TestPrintSaysWhatWasFound(t *testing.T) {
	r := Report{
		Result: Done, Shards: 16, Slaves: 1,
		Upgrades:   []Upgrade{{Seconds: 1.25, Moved: 16}},
		Events:     Events{Sent: 900, Handled: 899, Lost: 1},
		Dark:       Dark{P50: 2.5, P99: 9.75, Max: 10},
		State:      State{Records: 800, Bytes: 6553600},
		Identifies: 0,
	}
	var out bytes.Buffer
	if err := r.Print(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"1.250 s, 16 shards moved, 0 IDENTIFYs", "900 sent, 899 handled",
		"1 lost, 0 duplicated, 0 reordered", "p50 2.5 ms, p99 9.8 ms, max 10.0 ms", "800 records, 6553600 bytes",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, out.String())
		}
	}
}
