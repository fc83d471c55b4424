package chaos

import (
	"fmt"
	"strings"
)

// Victim is whom a fault hits.
type Victim string

// The victims.
const (
	Master Victim = "master"
	Old    Victim = "old" // the slave that is replaced
	New    Victim = "new" // the slave that replaces it
)

// Victims returns all of them.
func Victims() []Victim { return []Victim{Master, Old, New} }

// Fault is what happens to a victim.
type Fault string

// The faults.
const (
	// Kill is SIGKILL. A master that was killed is started again.
	Kill Fault = "kill"
	// Stop is SIGSTOP, and SIGCONT after StopFor.
	Stop Fault = "stop"
	// Cut resets the victim's links; it may dial again at once.
	Cut Fault = "cut"
	// Slow is Cut, and from then on latency and a low limit on the victim's links.
	Slow Fault = "slow"
)

// Faults returns all of them.
func Faults() []Fault { return []Fault{Kill, Stop, Cut, Slow} }

// Cell is one run: who suffers what, and when.
type Cell struct {
	Victim Victim `json:"victim"`
	Phase  Phase  `json:"phase"`
	Fault  Fault  `json:"fault"`
	// Scenario is the name of the scenario that the cell plays; empty for a cell of
	// the matrix.
	Scenario string `json:"scenario,omitempty"`
}

// String names the cell.
func (c Cell) String() string {
	if c.Scenario != "" {
		return c.Scenario
	}
	return fmt.Sprintf("%s %s %s", c.Victim, c.Phase, c.Fault)
}

// file is the cell's name as that of a directory.
func (c Cell) file() string { return hyphens(c.String()) }

func hyphens(text string) string { return strings.ReplaceAll(text, " ", "-") }

// kills tells whether a slave dies of the cell's fault.
func (c Cell) kills() bool { return c.Fault == Kill && c.Victim != Master }

// Matrix returns a cell for every victim, phase and fault, but for those whose victim
// is not there in the phase, and for phases to which nothing leads.
func Matrix(phases []Phase) []Cell {
	var cells []Cell
	for _, victim := range Victims() {
		for _, phase := range phases {
			if course := courseTo(phase); course.without == victim || course.never != "" {
				continue
			}
			for _, fault := range Faults() {
				cells = append(cells, Cell{Victim: victim, Phase: phase, Fault: fault})
			}
		}
	}
	return cells
}
