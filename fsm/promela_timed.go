package fsm

import (
	"fmt"
	"slices"
	"strings"
)

// timed writes the table by itself, with a clock and its properties.
func (m *promela) timed() {
	m.at = "state_" + m.name
	step := func(to string, fired, moved, rearmed bool) string {
		return fmt.Sprintf("step_%s(%s, %t, %t, %t)", m.name, to, fired, moved, rearmed)
	}
	m.taken = func(r Row[string, string], from State[string, string]) string {
		to := target(r, from)
		moved := to != from.Name
		rearmed := !moved && r.Rearm && from.Deadline != ""
		return step(m.states[to], r.On == from.OnDeadline, moved, rearmed)
	}
	m.exempt = func(Verdict, string) string { return step(m.at, false, false, false) }
	m.header()
	m.line("mtype:state_%s %s = %s;", m.name, m.at, m.states[m.Initial])
	m.line("\n/* What the last event was and did: a deadline fired, the state changed, the")
	m.line("   deadline of the state was armed anew. An event that is not a deadline comes")
	m.line("   from outside. */")
	m.line("bool fired_%[1]s, moved_%[1]s, rearmed_%[1]s;", m.name)
	m.line("#define step_%[1]s(to, fired, moved, rearmed) \\\n"+
		"    d_step { state_%[1]s = to; fired_%[1]s = fired; moved_%[1]s = moved; rearmed_%[1]s = rearmed }", m.name)
	m.line("\nactive proctype p_%s() {", m.name)
	m.alone(m.timely)
	m.properties()
}

// timely lists the events that can come in a state when deadlines fire only where
// they are armed.
func (m *promela) timely(s State[string, string]) []Event[string] {
	var events []Event[string]
	for _, e := range m.Events {
		if e.Name == s.OnDeadline || !slices.Contains(m.deadlines(), e.Name) {
			events = append(events, e)
		}
	}
	return events
}

// deadlines lists the events of deadlines, each once, in the order of the states.
func (m *promela) deadlines() []string {
	var events []string
	for _, s := range m.States {
		if s.OnDeadline != "" && !slices.Contains(events, s.OnDeadline) {
			events = append(events, s.OnDeadline)
		}
	}
	return events
}

// properties writes what has to hold of the model. Each is a disjunction of what
// happens for ever: an assumption that fails, or what is to be shown.
func (m *promela) properties() {
	m.line("\n#define waiting_%s %s", m.name, m.anyOf(func(s State[string, string]) bool { return s.Deadline != "" }))
	m.line("#define settled_%s %s", m.name, m.anyOf(rests))
	m.line("#ifndef recurs_%[1]s\n#define recurs_%[1]s false\n#endif", m.name)
	m.line("ltl left_%[1]s { "+
		"([]<>(fired_%[1]s || moved_%[1]s || !waiting_%[1]s)) -> ([]<>(rearmed_%[1]s || moved_%[1]s || !waiting_%[1]s)) }", m.name)
	m.line("ltl settles_%[1]s { []<>(!fired_%[1]s || rearmed_%[1]s || settled_%[1]s || recurs_%[1]s) }", m.name)
}

// rests reports whether a machine may stay in the state for ever.
func rests(s State[string, string]) bool { return s.Final || s.Rest }

// anyOf is the condition that the machine is in one of the states chosen.
func (m *promela) anyOf(chosen func(State[string, string]) bool) string {
	var terms []string
	for _, s := range m.States {
		if chosen(s) {
			terms = append(terms, m.at+" == "+m.states[s.Name])
		}
	}
	if len(terms) == 0 {
		return "false"
	}
	return "(" + strings.Join(terms, " || ") + ")"
}
