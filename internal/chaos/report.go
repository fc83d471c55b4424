package chaos

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// Report is what a run has shown.
type Report struct {
	// Outcomes are those of the cells, in the order in which the cells were given.
	Outcomes []Outcome `json:"outcomes"`
	// Unreached are the phases that no cell came through, with the reason where it is
	// known.
	Unreached []string `json:"unreached"`
	// Failed counts the outcomes with a violation.
	Failed  int     `json:"failed"`
	Seconds float64 `json:"seconds"`
}

// Kept tells whether every bound was kept.
func (r Report) Kept() bool { return r.Failed == 0 }

// lineFormat is a line of the table. The columns are wide enough for what is usual,
// because lines are printed as cells end.
const lineFormat = "%-31s | %-34s | %4s %4s %5s %5s %6s %8s %5s | %6s %6s %6s | %s\n"

// cellFormat is the first column.
const cellFormat = "%-6s %-18s %-5s"

// printHead prints what stands above the lines.
func printHead(w io.Writer) {
	_, _ = fmt.Fprintf(w, lineFormat, fmt.Sprintf(cellFormat, "victim", "phase", "fault"), "upgrade ended as", "lost", "dup", "reord", "stale", "owners",
		"orphaned", "ident", "dark", "recov", "took", "result")
}

// printLine prints an outcome as a line of the table.
func (o Outcome) printLine(w io.Writer) {
	name := fmt.Sprintf(cellFormat, o.Victim, o.Phase, o.Fault)
	if o.Scenario != "" {
		name = o.Scenario
	}
	number := func(n int) string {
		if !o.Reached {
			return "-"
		}
		return strconv.Itoa(n)
	}
	_, _ = fmt.Fprintf(w, lineFormat, name, o.ended(),
		number(o.Lost), number(o.Duplicated), number(o.Reordered), number(o.Stale), number(o.TwoOwners), number(o.Orphaned), number(o.Identifies),
		seconds(o.Dark.Seconds()), seconds(o.Recovery.Seconds()), seconds(o.Seconds), o.result())
}

// ended says how the upgrade ended and who has the shards.
func (o Outcome) ended() string {
	if o.Owners == "" || o.Upgrade == "" {
		return o.Upgrade + o.Owners
	}
	return o.Upgrade + ": " + o.Owners
}

// result is the last column.
func (o Outcome) result() string {
	var parts []string
	switch {
	case len(o.Violations) > 0:
		parts = append(parts, "FAIL "+strings.Join(o.Violations, "; "))
	case !o.Reached:
		parts = append(parts, "not reached")
	default:
		parts = append(parts, "ok")
	}
	if o.Note != "" {
		parts = append(parts, "("+o.Note+")")
	}
	return strings.Join(parts, " ")
}

func seconds(s float64) string {
	if s == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", s)
}

// Print writes the summary.
func (r Report) Print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) {
		_, _ = fmt.Fprintf(table, "%s\t%s\n", name, fmt.Sprintf(format, args...))
	}
	var reached, sent, lost, duplicated, orphaned, owners int
	var dark, recovery time.Duration
	for _, o := range r.Outcomes {
		if o.Reached {
			reached++
		}
		if o.checked() {
			continue
		}
		if !o.Unbound {
			sent, lost, duplicated = sent+o.Sent, lost+o.Lost, duplicated+o.Duplicated
		}
		orphaned, owners = orphaned+o.Orphaned, owners+o.TwoOwners
		dark, recovery = max(dark, o.Dark), max(recovery, o.Recovery)
	}
	row("cells", "%d run, %d reached their phase, %d FAILED, in %.1f s", len(r.Outcomes), reached, r.Failed, r.Seconds)
	row("events", "%d sent, %d lost, %d duplicated", sent, lost, duplicated)
	row("shards", "%d orphaned, %d times two owners", orphaned, owners)
	row("longest", "dark %.2f s, recovery from a slave's death %.2f s", dark.Seconds(), recovery.Seconds())
	for _, phase := range r.Unreached {
		row("not reached", "%s", phase)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	return r.printScenarios(w)
}

// printScenarios prints what the original does and what happened here.
func (r Report) printScenarios(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	head := "\nwhat happens\tv1.5.2\there\n"
	for _, o := range r.Outcomes {
		if s, ok := scenarioOf(o.Cell); ok && len(s.must) == 0 {
			_, _ = fmt.Fprintf(table, "%s%s\t%s\t%s\n", head, s.Happens, s.Original, o.here())
			head = ""
		}
	}
	return table.Flush()
}

// checked tells whether the outcome is that of a check of the harness itself.
func (o Outcome) checked() bool {
	s, _ := scenarioOf(o.Cell)
	return len(s.must) > 0
}

// here says in words what came of a scenario.
func (o Outcome) here() string {
	text := fmt.Sprintf("upgrade %s; lost %d, duplicated %d, two owners %d, orphaned %d", o.ended(), o.Lost, o.Duplicated, o.TwoOwners, o.Orphaned)
	if o.Note != "" {
		text += "; " + o.Note
	}
	if len(o.Violations) > 0 {
		text = "FAIL " + text
	}
	return text
}
