package fsm

import (
	"fmt"
	"slices"
	"strings"
)

// Promela writes the table as a process for the model checker SPIN (6.5 or
// later): any event may come at any time, a guard may answer either way each
// time it is asked, and effects and reasons are comments. Every pair has its own
// option and there is no else, so a pair that nothing decides is a deadlock that
// SPIN finds. Names carry the table's name, so that the output for several
// tables can be concatenated; SPIN allows 255 names in all.
func (d *Definition[S, E, C]) Promela() string {
	t := d.table.plain()
	m := &promela{plain: t, plan: d.plan, name: sanitise(t.Name)}
	m.states = identifiers("S_"+m.name+"_", t.stateNames())
	var events, guards []string
	for _, e := range t.Events {
		events = append(events, e.Name)
	}
	for _, g := range t.Guards {
		guards = append(guards, g.Name)
	}
	m.events = identifiers("E_"+m.name+"_", events)
	m.guards = identifiers("g_", guards)
	m.write()
	return m.String()
}

// promela writes one table.
type promela struct {
	strings.Builder
	plain
	plan                   *plan
	name                   string
	states, events, guards map[string]string
}

func (m *promela) line(format string, args ...any) {
	fmt.Fprintf(&m.Builder, format+"\n", args...)
}

func (m *promela) write() {
	m.line("/* %s: %s */", promelaText(m.Name), promelaText(m.Doc))
	m.mtype("state", len(m.States), func(i int) string { return m.states[m.States[i].Name] })
	m.mtype("event", len(m.Events), func(i int) string { return m.events[m.Events[i].Name] })
	m.line("\nactive proctype p_%s() {", m.name)
	m.line("    mtype:state_%s state = %s;", m.name, m.states[m.Initial])
	m.line("    mtype:event_%s event;", m.name)
	for _, g := range m.Guards {
		m.line("    bool %s; /* %s: %s */", m.guards[g.Name], promelaText(g.Name), promelaText(g.Doc))
	}
	m.line("    do")
	for _, s := range m.States {
		if s.Final {
			m.line("    :: state == %s -> break", m.states[s.Name])
		}
	}
	for i, s := range m.States {
		if !s.Final {
			m.state(i, s.Name)
		}
	}
	m.line("    od\n}")
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

// state writes what may happen in one state: an event is chosen, and one option
// per event says what it does.
func (m *promela) state(index int, name string) {
	m.line("    :: state == %s ->", m.states[name])
	m.line("        if")
	for _, e := range m.Events {
		m.line("        :: event = %s", m.events[e.Name])
	}
	m.line("        fi;")
	m.line("        if")
	for e, event := range m.Events {
		c := m.plan.cells[index*len(m.Events)+e]
		if c.verdict == Taken {
			m.taken(c, event.Name, name)
		} else {
			m.line("        :: event == %s -> skip /* %s: %s */", m.events[event.Name], c.verdict, promelaText(c.because))
		}
	}
	m.line("        fi")
}

// taken writes the option of a pair with rows: its guards answer, and one of its
// rows is taken.
func (m *promela) taken(c cell, event, from string) {
	m.line("        :: event == %s ->", m.events[event])
	for _, g := range c.guards {
		m.line("            if :: %[1]s = true :: %[1]s = false fi;", m.guards[m.Guards[g].Name])
	}
	m.line("            if")
	for i, r := range m.Rows {
		if r.On == event && slices.Contains(r.From, from) {
			m.row(i, r, from)
		}
	}
	m.line("            fi")
}

// row writes one row in one of its sources.
func (m *promela) row(index int, r Row[string, string], from string) {
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
	to := r.To
	if to == "" {
		to = from
	}
	note := fmt.Sprintf("row %d", index)
	if len(r.Do) > 0 {
		note += ": " + promelaText(strings.Join(r.Do, ", "))
	}
	m.line("            :: %s -> state = %s /* %s */", strings.Join(terms, " && "), m.states[to], note)
}

// promelaText makes a text fit for a comment: an asterisk stands by itself, so
// that none can close or open one.
func promelaText(text string) string { return strings.ReplaceAll(oneLine(text), "*", " * ") }
