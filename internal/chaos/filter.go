package chaos

import (
	"fmt"
	"slices"
	"strings"
)

// Filter chooses cells by their parts. The zero value takes every cell.
type Filter map[string][]string

// The parts of a cell that a filter can ask about.
const (
	byVictim   = "victim"
	byPhase    = "phase"
	byFault    = "fault"
	byScenario = "scenario"
)

// ParseFilter reads parts as "victim=old,phase=stopping,fault=kill". A part that is
// named several times may be any of its values. A hyphen may stand for a space.
func ParseFilter(text string) (Filter, error) {
	if text == "" {
		return nil, nil
	}
	filter := make(Filter)
	for part := range strings.SplitSeq(text, ",") {
		key, value, found := strings.Cut(part, "=")
		if !found || !slices.Contains([]string{byVictim, byPhase, byFault, byScenario}, key) {
			return nil, fmt.Errorf("%q: want victim=, phase=, fault= or scenario=, with a value", part)
		}
		filter[key] = append(filter[key], hyphens(value))
	}
	return filter, nil
}

// Choose returns the cells that the filter takes.
func (f Filter) Choose(cells []Cell) []Cell {
	var chosen []Cell
	for _, cell := range cells {
		if f.takes(cell) {
			chosen = append(chosen, cell)
		}
	}
	return chosen
}

func (f Filter) takes(cell Cell) bool {
	for key, values := range f {
		if !slices.Contains(values, part(cell, key)) {
			return false
		}
	}
	return true
}

// part returns one part of the cell as a filter has it.
func part(cell Cell, key string) string {
	switch key {
	case byVictim:
		return hyphens(string(cell.Victim))
	case byPhase:
		return hyphens(cell.Phase.String())
	case byFault:
		return hyphens(string(cell.Fault))
	default:
		return hyphens(cell.Scenario)
	}
}
