package fsm

import (
	"fmt"
	"slices"
	"strings"
)

// claim is one Exempt that speaks about a pair.
type claim struct {
	verdict Verdict
	because string
	place   string
	// id identifies the Exempt, so that one that covers nothing is found.
	id int
}

// pairs decides what happens for every state and event, and finds the pairs that
// nothing, or more than one thing, decides.
func (c *checker) pairs() {
	exempts := c.claims()
	rowsOf := make(map[[2]int][]int)
	for i, r := range c.t.Rows {
		for _, from := range slices.Compact(slices.Sorted(slices.Values(r.From))) {
			if s, e, ok := c.pair(from, r.On); ok {
				rowsOf[[2]int{s, e}] = append(rowsOf[[2]int{s, e}], i)
			}
		}
	}
	idle := exempts.wild()
	for s := range c.t.States {
		for e := range c.t.Events {
			cell := cell{}
			rows := rowsOf[[2]int{s, e}]
			exact, general := exempts.of(s, e)
			place := fmt.Sprintf("state %q on %q", c.t.States[s].Name, c.t.Events[e].Name)
			switch {
			case c.shadowed(s, e):
				// A second declaration of the same name is a defect already.
			case len(rows) > 0 && len(exact) > 0:
				c.add(ConflictingPair, "%s is taken by %s and exempted by %s", place, c.row(rows[0]), exact[0].place)
			case len(exact) > 1:
				c.add(ConflictingPair, "%s is exempted by %s and by %s", place, exact[0].place, exact[1].place)
			case len(rows) > 0:
				cell = c.taken(s, rows, place)
			case len(exact) == 1:
				cell = c.exempted(exact[0])
			case len(general) > 1:
				delete(idle, general[0].id)
				delete(idle, general[1].id)
				c.add(ConflictingPair, "%s is exempted by %s and by %s: name the pair to decide", place, general[0].place, general[1].place)
			case len(general) == 1:
				cell = c.exempted(general[0])
				delete(idle, general[0].id)
			default:
				c.add(UnhandledPair, "%s: add a row, or list the pair in Ignored or Refused", place)
			}
			c.plan.cells = append(c.plan.cells, cell)
		}
	}
	for _, one := range exempts.all {
		if idle[one.id] {
			c.add(IdleExempt, "%s covers no pair: everything it could mean is mentioned elsewhere", one.place)
		}
	}
}

// shadowed reports whether the state or the event is a repeated or nameless
// declaration, about which no row can speak.
func (c *checker) shadowed(s, e int) bool {
	state, knownState := c.plan.states[c.t.States[s].Name]
	event, knownEvent := c.plan.events[c.t.Events[e].Name]
	return !knownState || !knownEvent || state != s || event != e
}

// pair returns the numbers of a state and an event, when both are declared.
func (c *checker) pair(state, event string) (s, e int, ok bool) {
	s, knownState := c.plan.states[state]
	e, knownEvent := c.plan.events[event]
	return s, e, knownState && knownEvent
}

// exempted is the cell of an exempted pair.
func (c *checker) exempted(by claim) cell {
	return cell{verdict: by.verdict, because: by.because}
}

// taken is the cell of a pair with rows: it tries every truth assignment of the
// guards that the rows mention, and exactly one row must match each.
func (c *checker) taken(state int, rows []int, place string) cell {
	out := cell{verdict: Taken}
	for _, i := range rows {
		for _, term := range c.t.Rows[i].When {
			if g, ok := c.guards[term.Guard]; ok && !slices.Contains(out.guards, g) {
				out.guards = append(out.guards, g)
			}
		}
	}
	if len(out.guards) > MaxGuards {
		c.add(TooManyGuards, "%s: the rows mention %d guards, at most %d can be checked: split the state or the event", place, len(out.guards), MaxGuards)
		return out
	}
	steps := make(map[int]int)
	for _, i := range rows {
		to := state
		if name := c.t.Rows[i].To; name != "" {
			known, ok := c.plan.states[name]
			if !ok {
				return out
			}
			to = known
		}
		steps[i] = c.plan.addStep(c.t, i, state, to)
	}
	var gaps, overlaps []string
	for truth := range 1 << len(out.guards) {
		var matching []int
		for _, i := range rows {
			if c.holds(c.t.Rows[i].When, out.guards, truth) {
				matching = append(matching, i)
			}
		}
		switch len(matching) {
		case 0:
			gaps = append(gaps, c.assignment(out.guards, truth))
			out.choice = append(out.choice, -1)
		case 1:
			out.choice = append(out.choice, steps[matching[0]])
		default:
			overlaps = append(overlaps, fmt.Sprintf("rows %d and %d match %s", matching[0], matching[1], c.assignment(out.guards, truth)))
			out.choice = append(out.choice, -1)
		}
	}
	if len(gaps) > 0 {
		c.add(UncoveredGuards, "%s: no row matches %s", place, firstOf(gaps))
	}
	if len(overlaps) > 0 {
		c.add(OverlappingRows, "%s: %s", place, firstOf(overlaps))
	}
	return out
}

// holds evaluates a conjunction. An undeclared guard is a defect already and
// counts as true.
func (c *checker) holds(when []Term, guards []int, truth int) bool {
	for _, term := range when {
		g, ok := c.guards[term.Guard]
		if !ok {
			continue
		}
		if answer := truth>>slices.Index(guards, g)&1 == 1; answer == term.Negated {
			return false
		}
	}
	return true
}

// assignment spells a truth assignment out.
func (c *checker) assignment(guards []int, truth int) string {
	if len(guards) == 0 {
		return "(there are no guards)"
	}
	var parts []string
	for bit, g := range guards {
		parts = append(parts, fmt.Sprintf("%s=%t", c.t.Guards[g].Name, truth>>bit&1 == 1))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// firstOf returns the first of a list and how many more there are.
func firstOf(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	return fmt.Sprintf("%s, and %d more", list[0], len(list)-1)
}
