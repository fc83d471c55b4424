package fsm

import (
	"fmt"
	"slices"
)

// deadlines checks that no state can be waited in for ever by accident.
func (c *checker) deadlines() {
	for _, s := range c.t.States {
		place := fmt.Sprintf("state %q", s.Name)
		timed := s.Deadline != "" || s.OnDeadline != ""
		switch {
		case s.Final && s.Rest, (s.Final || s.Rest) && timed:
			c.add(MixedRest, "%s must be only one of Final, Rest and with a Deadline", place)
		case !timed && !s.Final && !s.Rest:
			c.add(MissingDeadline, "%s waits for something: give it a Deadline, or mark it Rest when it may last for ever", place)
		case timed && (s.Deadline == "" || s.OnDeadline == ""):
			c.add(HalfDeadline, "%s needs both Deadline and OnDeadline, or neither", place)
		case timed && c.known(c.plan.events, "event", s.OnDeadline, place+" OnDeadline") >= 0:
			c.expiry(s, place)
		}
	}
	for i, r := range c.t.Rows {
		if r.Rearm && !slices.ContainsFunc(r.From, func(from string) bool { return c.rearms(r, from) }) {
			c.add(IdleRearm, "%s re-arms, but no source that it stays in has a Deadline: an entered state arms by itself", c.row(i))
		}
	}
}

// expiry checks the rows that take a state's deadline.
func (c *checker) expiry(s State[string, string], place string) {
	handled, leaves := false, false
	for i, r := range c.t.Rows {
		if r.On != s.OnDeadline || !slices.Contains(r.From, s.Name) {
			continue
		}
		handled = true
		if r.To != "" && r.To != s.Name {
			leaves = true
		} else if !r.Rearm {
			c.add(SpentDeadline, "%s: %s neither leaves nor re-arms, so nothing ends the wait after it", place, c.row(i))
		}
	}
	switch {
	case !handled:
		c.add(UnhandledDeadline, "%s: its deadline fires %q, which no row takes there", place, s.OnDeadline)
	case !leaves:
		c.add(SpentDeadline, "%s: no row on %q leaves it, so its deadline ends nothing", place, s.OnDeadline)
	}
}

// rearms reports whether the row is an internal step of a source with a deadline.
func (c *checker) rearms(r Row[string, string], from string) bool {
	s, ok := c.plan.states[from]
	return ok && (r.To == "" || r.To == from) && c.t.States[s].Deadline != ""
}
