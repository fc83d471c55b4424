package ledger_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

var (
	epoch = time.Unix(1_700_000_000, 0)
	zero  = ledger.Stream{Shard: 0, Shards: 2}
	one   = ledger.Stream{Shard: 1, Shards: 2}
)

// at is so many milliseconds after the epoch; the zero time stays zero.
func at(ms int) time.Time { return epoch.Add(time.Duration(ms) * time.Millisecond) }

// sent makes a ledger in which shard 0/2 was sent events 1 to n, with sequences
// 101 to 100+n, all of them changes that form one chain.
func sent(n int) ledger.Sent {
	var s ledger.Sent
	for i := 1; i <= n; i++ {
		s.Deliveries = append(s.Deliveries, ledger.Delivery{
			Stream: zero, Number: uint64(i), Session: "s", Sequence: 100 + i, At: at(i), Changes: true, Previous: uint64(i - 1),
		})
	}
	return s
}

// handled makes lines of shard 0/2 in the order of finishing.
func handled(numbers ...uint64) []ledger.Handled {
	var lines []ledger.Handled
	for i, n := range numbers {
		lines = append(lines, ledger.Handled{
			Stream: zero, Sequence: 100 + int(n), Number: n, At: at(1000 + i), Previous: n - 1, Process: "p",
		})
	}
	return lines
}

func TestCompare(t *testing.T) {
	edit := func(lines []ledger.Handled, f func([]ledger.Handled)) []ledger.Handled {
		f(lines)
		return lines
	}
	for _, tt := range []struct {
		name  string
		sent  ledger.Sent
		lines []ledger.Handled
		want  ledger.Verdict // without the lists
		shard *ledger.ShardVerdict
	}{
		{"nothing sent, nothing handled", ledger.Sent{}, nil, ledger.Verdict{}, nil},
		{"all handled once and in order", sent(5), handled(1, 2, 3, 4, 5), ledger.Verdict{Sent: 5, Handled: 5}, nil},
		{
			"a gap is a loss", sent(5), handled(1, 2, 4, 5),
			ledger.Verdict{Sent: 5, Handled: 4, Lost: 1},
			&ledger.ShardVerdict{Stream: zero, Lost: ledger.Offence{Count: 1, First: []uint64{3}}},
		},
		{"a missing end is a loss", sent(5), handled(1, 2), ledger.Verdict{Sent: 5, Handled: 2, Lost: 3}, nil},
		{"handled twice in a row", sent(3), handled(1, 2, 2, 3), ledger.Verdict{Sent: 3, Handled: 3, Duplicated: 1}, nil},
		{
			"a replay of what was handled is duplicates, not disorder", sent(4), handled(1, 2, 3, 2, 3, 4),
			ledger.Verdict{Sent: 4, Handled: 4, Duplicated: 2},
			&ledger.ShardVerdict{Stream: zero, Duplicated: ledger.Offence{Count: 2, First: []uint64{2, 3}}},
		},
		{
			"one event that comes late is one reordering", sent(4), handled(1, 3, 4, 2),
			ledger.Verdict{Sent: 4, Handled: 4, Reordered: 1},
			&ledger.ShardVerdict{Stream: zero, Reordered: ledger.Offence{Count: 1, First: []uint64{2}}},
		},
		{
			"disorder between processes is told apart", sent(3),
			edit(handled(1, 3, 2), func(l []ledger.Handled) { l[1].Process = "q" }),
			ledger.Verdict{Sent: 3, Handled: 3, Reordered: 1, ReorderedAcross: 1},
			nil,
		},
		{
			"a cache that missed a change is stale", sent(3),
			edit(handled(1, 2, 3), func(l []ledger.Handled) { l[2].Previous = 1 }),
			ledger.Verdict{Sent: 3, Handled: 3, Stale: 1},
			nil,
		},
		{
			"a bot without a cache is not asked", sent(3),
			edit(handled(1, 2, 3), func(l []ledger.Handled) { l[2].Previous = ledger.Unchecked }),
			ledger.Verdict{Sent: 3, Handled: 3},
			nil,
		},
		{"an event that was not sent", sent(1), handled(1, 2), ledger.Verdict{Sent: 1, Handled: 1, Unknown: 1}, nil},
		{
			"an event with another sequence", sent(1),
			edit(handled(1), func(l []ledger.Handled) { l[0].Sequence++ }),
			ledger.Verdict{Sent: 1, Lost: 1, Unknown: 1},
			nil,
		},
		{
			"an event of another shard", sent(1),
			edit(handled(1), func(l []ledger.Handled) { l[0].Stream = one }),
			ledger.Verdict{Sent: 1, Lost: 1, Unknown: 1},
			nil,
		},
		{
			"what no session got is lost",
			ledger.Sent{Deliveries: []ledger.Delivery{{Stream: zero, Number: 1}}},
			nil,
			ledger.Verdict{Sent: 1, Lost: 1},
			nil,
		},
		{
			"an event that two groups got is handled by either", bothGroups(3), handled(1, 2, 3),
			ledger.Verdict{Sent: 3, Handled: 3},
			nil,
		},
		{
			"and handled twice when both do it", bothGroups(3),
			append(handled(1, 2, 3), ledger.Handled{Stream: ledger.Stream{Shard: 3, Shards: 4}, Sequence: 202, Number: 2, At: at(2000), Previous: 1, Process: "q"}),
			ledger.Verdict{Sent: 3, Handled: 3, Duplicated: 1},
			nil,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := ledger.Compare(tt.sent, tt.lines)
			if tt.shard != nil && (len(got.Shards) != 1 || !reflect.DeepEqual(got.Shards[0], *tt.shard)) {
				t.Errorf("offenders: want %+v, got %+v", *tt.shard, got.Shards)
			}
			if got.Shards = nil; !reflect.DeepEqual(got, tt.want) {
				t.Errorf("want %v, got %v", tt.want, got)
			}
			if clean := tt.want.Lost+tt.want.Duplicated+tt.want.Reordered+tt.want.Stale+tt.want.Unknown == 0; got.Clean() != clean {
				t.Errorf("Clean: want %v", clean)
			}
		})
	}
}

// bothGroups is sent, but sessions with four shards got the events too.
func bothGroups(n int) ledger.Sent {
	s := sent(n)
	for i := 1; i <= n; i++ {
		d := s.Deliveries[i-1]
		d.Stream, d.Session, d.Sequence = ledger.Stream{Shard: 3, Shards: 4}, "t", 200+i
		s.Deliveries = append(s.Deliveries, d)
	}
	return s
}

func TestOnlyTheFirstOffendersAreListed(t *testing.T) {
	v := ledger.Compare(sent(50), nil)
	if len(v.Shards) != 1 || v.Shards[0].Lost.Count != 50 || len(v.Shards[0].Lost.First) != ledger.FirstOffenders {
		t.Errorf("want 50 counted and %d listed, got %+v", ledger.FirstOffenders, v.Shards)
	}
}

func TestTwoOwners(t *testing.T) {
	held := func(id uint64, stream ledger.Stream, session string, from, to int) ledger.Connection {
		c := ledger.Connection{Stream: stream, ID: id, Session: session, From: at(from)}
		if to > 0 {
			c.To = at(to)
		}
		return c
	}
	tookOver := held(2, zero, "s", 10, 20)
	tookOver.TookOver = true
	for _, tt := range []struct {
		name        string
		connections []ledger.Connection
		want        []ledger.Overlap
	}{
		{"one after the other", []ledger.Connection{held(1, zero, "s", 0, 10), held(2, zero, "s", 10, 20)}, nil},
		{"two shards at once", []ledger.Connection{held(1, zero, "s", 0, 10), held(2, one, "t", 0, 10)}, nil},
		{
			"two sessions of one shard",
			[]ledger.Connection{held(1, zero, "s", 0, 10), held(2, zero, "t", 4, 20)},
			[]ledger.Overlap{{Stream: zero, First: 1, Second: 2, From: at(4), For: 6 * time.Millisecond}},
		},
		{
			"one within the other",
			[]ledger.Connection{held(1, zero, "s", 0, 30), held(2, zero, "t", 4, 20)},
			[]ledger.Overlap{{Stream: zero, First: 1, Second: 2, From: at(4), For: 16 * time.Millisecond}},
		},
		{
			"two that last",
			[]ledger.Connection{held(1, zero, "s", 0, 0), held(2, zero, "t", 4, 0)},
			[]ledger.Overlap{{Stream: zero, First: 1, Second: 2, From: at(4), For: -1}},
		},
		{
			"one that lasts and one that ended",
			[]ledger.Connection{held(1, zero, "s", 0, 0), held(2, zero, "t", 4, 5)},
			[]ledger.Overlap{{Stream: zero, First: 1, Second: 2, From: at(4), For: time.Millisecond}},
		},
		{
			"a session taken from who still held it",
			[]ledger.Connection{held(1, zero, "s", 0, 10), tookOver},
			[]ledger.Overlap{{Stream: zero, First: 1, Second: 2, From: at(10), TookOver: true}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := ledger.Compare(ledger.Sent{Connections: tt.connections}, nil)
			if !reflect.DeepEqual(v.Overlaps, tt.want) || v.TwoOwners != len(tt.want) || v.Clean() != (tt.want == nil) {
				t.Errorf("want %+v, got %+v", tt.want, v)
			}
		})
	}
}

func ExampleCompare() {
	shard := ledger.Stream{Shard: 0, Shards: 1}
	sent := ledger.Sent{Deliveries: []ledger.Delivery{
		{Stream: shard, Number: 1, Session: "s", Sequence: 4},
		{Stream: shard, Number: 2, Session: "s", Sequence: 5},
		{Stream: shard, Number: 3, Session: "s", Sequence: 6},
	}}
	lines := []ledger.Handled{
		{Stream: shard, Number: 1, Sequence: 4, Process: "old"},
		{Stream: shard, Number: 1, Sequence: 4, Process: "new"},
		{Stream: shard, Number: 3, Sequence: 6, Process: "new"},
	}
	verdict := ledger.Compare(sent, lines)
	fmt.Println(verdict)
	fmt.Println(verdict.Shards[0].Lost.First, verdict.Shards[0].Duplicated.First, verdict.Clean())
	// Output:
	// sent 3, handled 2, lost 1, duplicated 1, reordered 0, stale 0, unknown 0, two owners 0, torn 0
	// [2] [1] false
}
