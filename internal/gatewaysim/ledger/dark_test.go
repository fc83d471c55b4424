package ledger_test

import (
	"testing"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

// line is an event of shard 0/2.
func line(process string, number uint64, ms int) ledger.Handled {
	return ledger.Handled{Stream: zero, Number: number, At: at(ms), Process: process}
}

func TestHandOvers(t *testing.T) {
	other := func(h ledger.Handled) ledger.Handled {
		h.Stream = one
		return h
	}
	for _, tt := range []struct {
		name  string
		lines []ledger.Handled
		want  []string // from, to and dark time
	}{
		{"no event, no hand-over", nil, nil},
		{"one process", []ledger.Handled{line("a", 1, 1), line("a", 2, 2)}, nil},
		{"a, then b", []ledger.Handled{line("a", 1, 1), line("a", 2, 2), line("b", 3, 7), line("b", 4, 8)}, []string{"0/2 a b 5ms"}},
		{"there and back", []ledger.Handled{line("a", 1, 1), line("b", 2, 3), line("a", 3, 7)}, []string{"0/2 a b 2ms", "0/2 b a 4ms"}},
		{"two upgrades", []ledger.Handled{line("a", 1, 1), line("b", 2, 3), line("c", 3, 7)}, []string{"0/2 a b 2ms", "0/2 b c 4ms"}},
		{
			"the old one finishes late",
			[]ledger.Handled{line("a", 1, 1), line("b", 3, 4), line("a", 2, 9), line("b", 4, 10)},
			[]string{"0/2 a b -5ms"},
		},
		{
			"repeated events are not a return",
			[]ledger.Handled{line("a", 1, 1), line("a", 2, 2), line("b", 2, 4), line("b", 3, 5)},
			[]string{"0/2 a b 3ms"},
		},
		{
			"each shard for itself",
			[]ledger.Handled{line("a", 1, 1), other(line("b", 2, 2)), line("b", 3, 3), other(line("c", 4, 6))},
			[]string{"0/2 a b 2ms", "1/2 b c 4ms"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := ledger.HandOvers(tt.lines)
			if len(got) != len(tt.want) {
				t.Fatalf("want %v, got %+v", tt.want, got)
			}
			for i, h := range got {
				if text := h.Stream.String() + " " + h.From + " " + h.To + " " + h.Dark().String(); text != tt.want[i] {
					t.Errorf("want %s, got %s", tt.want[i], text)
				}
			}
		})
	}
}

func TestDarkTimesAreNearestRanks(t *testing.T) {
	if got := ledger.DarkTimes(nil); got != (ledger.Percentiles{}) {
		t.Errorf("of nothing: want zeros, got %+v", got)
	}
	var overs []ledger.HandOver
	for ms := 200; ms >= 1; ms-- {
		overs = append(overs, ledger.HandOver{LastOld: at(0), FirstNew: at(ms)})
	}
	want := ledger.Percentiles{P50: 100 * time.Millisecond, P99: 198 * time.Millisecond, Max: 200 * time.Millisecond}
	if got := ledger.DarkTimes(overs); got != want {
		t.Errorf("want %+v, got %+v", want, got)
	}
	one := ledger.DarkTimes(overs[:1])
	if one.P50 != 200*time.Millisecond || one.P99 != one.P50 || one.Max != one.P50 {
		t.Errorf("of one: want it everywhere, got %+v", one)
	}
}
