package demo

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/shardbaton/baton/internal/control"
	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

// Report is what a demonstration has shown.
type Report struct {
	// Result is [Done], or [Failed] and Error says why.
	Result string `json:"result"`
	Shards int    `json:"shards"`
	// UpgradeSeconds is how long the longest upgrade took, from the request until
	// the old process has ended. For a cold restart: from the request to stop until
	// all shards are connected again.
	UpgradeSeconds float64 `json:"upgrade_seconds"`
	Events         Events  `json:"events"`
	// Identifies counts the sessions that were started during the upgrades.
	Identifies uint64 `json:"identifies_during_upgrade"`
	Dark       Dark   `json:"dark_ms"`
	// State is what the bots sent to each other.
	State State `json:"state"`
	// OldExitCode is the exit status of the processes that were replaced, and at the
	// end of those that replaced them: 0, or the first other.
	OldExitCode int       `json:"old_exit_code"`
	Slaves      int       `json:"slaves"`
	Upgrades    []Upgrade `json:"upgrades"`
	Error       string    `json:"error,omitempty"`
}

// The values of Report.Result.
const (
	Done   = "done"
	Failed = "failed"
)

// Events counts events by what became of them; see package ledger for the words.
type Events struct {
	Sent       int `json:"sent"`
	Handled    int `json:"handled"`
	Lost       int `json:"lost"`
	Duplicated int `json:"duplicated"`
	Reordered  int `json:"reordered"`
	Stale      int `json:"stale"`
	Unknown    int `json:"unknown"`
	TwoOwners  int `json:"two_owners"`
}

// Dark sums up, in milliseconds, for how long each shard's events were handled by
// nobody: from the last that the old process handled to the first of the new one.
type Dark struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// State counts the records of cached state that went from old to new bots, and
// the bytes of their bodies on the wire.
type State struct {
	Records int64 `json:"records"`
	Bytes   int64 `json:"bytes"`
}

// Upgrade is one of those that were made.
type Upgrade struct {
	// Result is how it ended: one of package control's.
	Result  string  `json:"result"`
	Seconds float64 `json:"seconds"`
	// Moved shards are on the new bots, Kept ones on the old.
	Moved      int    `json:"moved"`
	Kept       int    `json:"kept"`
	Identifies uint64 `json:"identifies"`
}

// outcome says what became of the shards.
func (u Upgrade) outcome() string {
	if u.Identifies > 0 && u.Identifies >= uint64(u.Moved) {
		return fmt.Sprintf("%d shards started anew", u.Identifies)
	}
	if u.Result == control.ResultReverted {
		return fmt.Sprintf("%d shards there and back, %d IDENTIFYs", u.Kept, u.Identifies)
	}
	return fmt.Sprintf("%d shards moved, %d IDENTIFYs", u.Moved, u.Identifies)
}

// Clean tells whether every event was handled once, in order and on the right
// state, by sessions that were kept.
func (r Report) Clean() bool {
	e := r.Events
	return e.Lost+e.Duplicated+e.Reordered+e.Stale+e.Unknown+e.TwoOwners == 0 && r.Identifies == 0
}

// judge fills in what the ledger says.
func (r *Report) judge(v ledger.Verdict, lines []ledger.Handled) {
	r.Events = Events{
		Sent: v.Sent, Handled: v.Handled, Lost: v.Lost, Duplicated: v.Duplicated, Reordered: v.Reordered,
		Stale: v.Stale, Unknown: v.Unknown, TwoOwners: v.TwoOwners,
	}
	dark := ledger.DarkTimes(handOvers(lines))
	r.Dark = Dark{P50: milliseconds(dark.P50), P99: milliseconds(dark.P99), Max: milliseconds(dark.Max)}
}

// handOvers finds the hand-overs of shards, and, where the number of shards has
// changed, that of the whole bot: its new shards are not the same as the old.
func handOvers(lines []ledger.Handled) []ledger.HandOver {
	overs := ledger.HandOvers(lines)
	last := make(map[int]ledger.Handled) // by number of shards
	for _, line := range lines {
		if _, known := last[line.Shards]; !known && len(last) > 0 {
			overs = append(overs, firstOf(line, last))
		}
		last[line.Shards] = line
	}
	return overs
}

// firstOf is the hand-over whose first event on the new side is given.
func firstOf(line ledger.Handled, last map[int]ledger.Handled) ledger.HandOver {
	over := ledger.HandOver{Stream: line.Stream, To: line.Process, FirstNew: line.At}
	for _, old := range last {
		if old.At.After(over.LastOld) {
			over.From, over.LastOld = old.Process, old.At
		}
	}
	return over
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }

// Print writes the report for people.
func (r Report) Print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) {
		_, _ = fmt.Fprintf(table, "%s\t%s\n", name, fmt.Sprintf(format, args...))
	}
	row("result", "%s", r.Result)
	row("shards", "%d", r.Shards)
	row("slaves", "%d", r.Slaves)
	for i, u := range r.Upgrades {
		row(fmt.Sprintf("upgrade %d", i+1), "%.3f s, %s", u.Seconds, u.outcome())
	}
	e := r.Events
	row("events", "%d sent, %d handled", e.Sent, e.Handled)
	row("", "%d lost, %d duplicated, %d reordered", e.Lost, e.Duplicated, e.Reordered)
	row("", "%d on stale state, %d unknown, %d times two owners", e.Stale, e.Unknown, e.TwoOwners)
	row("dark", "p50 %.1f ms, p99 %.1f ms, max %.1f ms a shard", r.Dark.P50, r.Dark.P99, r.Dark.Max)
	row("state", "%d records, %d bytes", r.State.Records, r.State.Bytes)
	row("old exit code", "%d", r.OldExitCode)
	return table.Flush()
}
