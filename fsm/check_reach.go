package fsm

import "slices"

// reach looks at the table as a graph: every state must be reachable, and from
// every state there must be a way to a final one. Guards are taken to be free.
func (c *checker) reach() {
	forward := make([][]int, len(c.t.States))
	backward := make([][]int, len(c.t.States))
	for i, r := range c.t.Rows {
		for _, name := range r.From {
			from, ok := c.plan.states[name]
			if !ok {
				continue
			}
			if c.t.States[from].Final {
				c.add(FinalWithRows, "%s starts in the final state %q", c.row(i), name)
			}
			if to, ok := c.plan.states[r.To]; ok && to != from {
				forward[from] = append(forward[from], to)
				backward[to] = append(backward[to], from)
			}
		}
	}
	var finals []int
	for i, s := range c.t.States {
		if s.Final {
			finals = append(finals, i)
		}
	}
	if len(finals) == 0 {
		c.add(NoFinal, "at least one state must be Final")
	}
	var start []int
	if i, ok := c.plan.states[c.t.Initial]; ok {
		start = append(start, i)
	}
	reached, ends := closure(start, forward), closure(finals, backward)
	for i, s := range c.t.States {
		if c.plan.states[s.Name] != i {
			continue // a repeated declaration, about which no row can speak
		}
		if len(start) > 0 && !reached[i] {
			c.add(Unreachable, "no rows lead from %q to %q", c.t.Initial, s.Name)
		}
		switch {
		case s.Final:
		case len(forward[i]) == 0:
			c.add(Trap, "state %q is not final, but no row leaves it", s.Name)
		case len(finals) > 0 && !ends[i]:
			c.add(Endless, "no rows lead from %q to a final state", s.Name)
		}
	}
}

// closure returns every node that can be reached from the given ones.
func closure(from []int, edges [][]int) map[int]bool {
	seen := make(map[int]bool)
	todo := slices.Clone(from)
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !seen[at] {
			seen[at] = true
			todo = append(todo, edges[at]...)
		}
	}
	return seen
}
