package fsm

import (
	"fmt"
	"slices"
	"strings"
)

// PromelaForm chooses which model of a table [Definition.PromelaAs] writes.
//
// All forms are for the model checker SPIN (6.5 or later). In each of them every
// pair of state and event has its own option and there is no else, so that a pair
// which nothing decides is a deadlock that SPIN finds. Names carry the table's
// name, so that the output for several tables can be concatenated. SPIN allows
// 255 states, and as many events, in one table.
type PromelaForm int

const (
	// PromelaFree is the table by itself: any event may come at any time, and a
	// guard may answer either way each time it is asked. Effects and reasons are
	// comments.
	PromelaFree PromelaForm = iota
	// PromelaTimed is the table by itself with a clock. A deadline fires only in a
	// state that has it, so an event that some state names as OnDeadline comes from
	// nowhere else; all other events come from outside, at any time. It ends with
	// two properties in linear temporal logic:
	//
	//   - left_T: when deadlines fire in the end, and are armed anew only finitely
	//     often, then no waiting state is stayed in for ever, however much comes from
	//     outside.
	//   - settles_T: when only finitely many events come from outside, and deadlines
	//     are armed anew only finitely often, then the machine comes to rest or to an
	//     end. Who means a table to go round for ever defines recurs_T, in front of
	//     the model, as the condition that holds in each round.
	//
	// T stands for the table's name. That deadlines are armed anew only finitely
	// often cannot be said of one table, whose guards are free: it is an assumption.
	PromelaTimed
	// PromelaGlued is the table as a part of a model of several machines, which a
	// glue written by hand joins. The glue includes the text twice: the first time it
	// declares what the glue may use, the second time it is the process. T stands for
	// the table's name, and a machine is known by its number, which is called me.
	//
	// Before the first time the glue defines the macro N_T: how many machines of the
	// table there are. Between the two it may use state_T[me]; armed_T_event(me) for
	// each event of a deadline, which is true in the states whose deadline fires it;
	// and settled_T(me), which is true at rest and at an end. And it defines
	//
	//   - g_T_name(me), a macro for each guard: the answer.
	//   - e_T_name(me), an inline for each effect.
	//   - next_T(me, event), an inline: it waits until something happens and sets
	//     event to what that is to the machine, if it is anything. It, and all that
	//     the event leads to, is one atomic step, which begins with the inline's
	//     first statement.
	//   - refused_T(me, event), an inline: what a refused event leads to.
	//   - after_T(me), an inline: what ends each step, be it an assertion.
	//
	// After the second time it runs the process p_T(me) for each machine. SPIN does
	// not call it a deadlock when one waits for ever, so the glue says where that is
	// right, by settled_T.
	PromelaGlued
)

// Promela writes the table in the form [PromelaFree].
func (d *Definition[S, E, C]) Promela() string { return d.PromelaAs(PromelaFree) }

// PromelaAs writes the table as a process for SPIN, in the form chosen. An unknown
// form is taken for [PromelaFree].
func (d *Definition[S, E, C]) PromelaAs(form PromelaForm) string {
	t := d.table.plain()
	m := &promela{plain: t, plan: d.plan, name: sanitise(t.Name)}
	m.states = identifiers("S_"+m.name+"_", t.stateNames())
	var events, guards, effects []string
	for _, e := range t.Events {
		events = append(events, e.Name)
	}
	for _, g := range t.Guards {
		guards = append(guards, g.Name)
	}
	for _, e := range t.Effects {
		effects = append(effects, e.Name)
	}
	m.events = identifiers("E_"+m.name+"_", events)
	switch form {
	case PromelaTimed:
		m.guards = identifiers("g_", guards)
		m.timed()
	case PromelaGlued:
		m.guards = identifiers("g_"+m.name+"_", guards)
		m.effects = identifiers("e_"+m.name+"_", effects)
		m.glued()
	default:
		m.guards = identifiers("g_", guards)
		m.free()
	}
	return m.String()
}

// promela writes one table.
type promela struct {
	strings.Builder
	plain
	plan                            *plan
	name                            string
	states, events, guards, effects map[string]string
	// at is the variable that holds the state.
	at string
	// taken writes what a row does in one of its sources; exempt writes what an
	// event does that no row takes. Both return one statement.
	taken  func(r Row[string, string], from State[string, string]) string
	exempt func(verdict Verdict, event string) string
}

func (m *promela) line(format string, args ...any) {
	fmt.Fprintf(&m.Builder, format+"\n", args...)
}

// free writes the table by itself.
func (m *promela) free() {
	m.at = "state"
	m.taken = func(r Row[string, string], from State[string, string]) string {
		return "state = " + m.states[target(r, from)]
	}
	m.exempt = func(Verdict, string) string { return "skip" }
	m.header()
	m.line("\nactive proctype p_%s() {", m.name)
	m.line("    mtype:state_%s state = %s;", m.name, m.states[m.Initial])
	m.alone(func(State[string, string]) []Event[string] { return m.Events })
}

// header names the table, its states and its events.
func (m *promela) header() {
	m.line("/* %s: %s */", promelaText(m.Name), promelaText(m.Doc))
	m.mtype("state", len(m.States), func(i int) string { return m.states[m.States[i].Name] })
	m.mtype("event", len(m.Events), func(i int) string { return m.events[m.Events[i].Name] })
}

// mtype declares the names of one kind.
func (m *promela) mtype(kind string, count int, name func(int) string) {
	m.line("mtype:%s_%s = {", kind, m.name)
	for i := range count {
		comma := ","
		if i == count-1 {
			comma = ""
		}
		m.line("    %s%s", name(i), comma)
	}
	m.line("}")
}

// alone writes the rest of a process to which events come by themselves: in each
// state one of those that are offered there is chosen.
func (m *promela) alone(offered func(State[string, string]) []Event[string]) {
	m.line("    mtype:event_%s event;", m.name)
	for _, g := range m.Guards {
		m.line("    bool %s; /* %s: %s */", m.guards[g.Name], promelaText(g.Name), promelaText(g.Doc))
	}
	m.line("    do")
	for _, s := range m.States {
		if s.Final {
			// SPIN lists what it has not reached, but neither skip nor break.
			m.line("    :: %s == %s -> assert(true); break", m.at, m.states[s.Name])
		}
	}
	for i, s := range m.States {
		if s.Final {
			continue
		}
		events := offered(s)
		m.line("    :: %s == %s ->", m.at, m.states[s.Name])
		m.line("        if")
		for _, e := range events {
			m.line("        :: event = %s", m.events[e.Name])
		}
		if len(events) == 0 {
			m.line("        :: false")
		}
		m.line("        fi;")
		m.pairs(i, m.possible(i, events), true)
	}
	m.line("    od\n}")
}

// possible adds to the events that are offered in a state those that rows of the
// state take all the same: SPIN finds that such rows are never taken.
func (m *promela) possible(state int, offered []Event[string]) []Event[string] {
	var events []Event[string]
	for e, event := range m.Events {
		if m.plan.cells[state*len(m.Events)+e].verdict == Taken || slices.Contains(offered, event) {
			events = append(events, event)
		}
	}
	return events
}

// pairs writes one option for each event that can come in a state. When guards are
// free they answer before the row is chosen, and the answers are forgotten after
// it, so that states of the model do not differ by what no longer matters.
func (m *promela) pairs(state int, events []Event[string], free bool) {
	m.line("        if")
	for _, e := range events {
		c := m.plan.cells[state*len(m.Events)+m.plan.events[e.Name]]
		event := m.events[e.Name]
		if c.verdict != Taken {
			m.line("        :: event == %s -> %s /* %s: %s */", event, m.exempt(c.verdict, event), c.verdict, promelaText(c.because))
			continue
		}
		m.line("        :: event == %s ->", event)
		var forget []string
		for _, g := range c.guards {
			if guard := m.guards[m.Guards[g].Name]; free {
				m.line("            if :: %[1]s = true :: %[1]s = false fi;", guard)
				forget = append(forget, guard+" = false")
			}
		}
		m.line("            if")
		for i, r := range m.Rows {
			if r.On == e.Name && slices.Contains(r.From, m.States[state].Name) {
				m.row(i, r, m.States[state])
			}
		}
		if len(forget) == 0 {
			m.line("            fi")
		} else {
			m.line("            fi;\n            d_step { %s }", strings.Join(forget, "; "))
		}
	}
	if len(events) == 0 {
		m.line("        :: false")
	}
	m.line("        fi")
}

// row writes one row in one of its sources.
func (m *promela) row(index int, r Row[string, string], from State[string, string]) {
	var terms []string
	for _, term := range r.When {
		g := m.guards[term.Guard]
		if term.Negated {
			g = "!" + g
		}
		terms = append(terms, g)
	}
	if len(terms) == 0 {
		terms = []string{"true"}
	}
	note := fmt.Sprintf("row %d", index)
	if len(r.Do) > 0 {
		note += ": " + promelaText(strings.Join(r.Do, ", "))
	}
	m.line("            :: %s -> %s /* %s */", strings.Join(terms, " && "), m.taken(r, from), note)
}

// target is the state to which a row leads from a source.
func target(r Row[string, string], from State[string, string]) string {
	if r.To == "" {
		return from.Name
	}
	return r.To
}

// promelaText makes a text fit for a comment: an asterisk stands by itself, so
// that none can close or open one.
func promelaText(text string) string { return strings.ReplaceAll(oneLine(text), "*", " * ") }
