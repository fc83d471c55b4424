package fsm

import "strings"

// glued writes the table as a part of a larger model.
func (m *promela) glued() {
	m.at = "state_" + m.name + "[me]"
	m.taken = func(r Row[string, string], from State[string, string]) string {
		steps := []string{m.at + " = " + m.states[target(r, from)]}
		for _, effect := range r.Do {
			steps = append(steps, m.effects[effect]+"(me)")
		}
		return strings.Join(steps, "; ")
	}
	m.exempt = func(verdict Verdict, event string) string {
		if verdict == Refused {
			return "refused_" + m.name + "(me, " + event + ")"
		}
		return "skip"
	}
	for _, g := range m.Guards {
		m.guards[g.Name] = "(" + m.guards[g.Name] + "(me))"
	}
	m.line("#ifndef declared_%[1]s\n#define declared_%[1]s", m.name)
	m.header()
	m.line("mtype:state_%[1]s state_%[1]s[N_%[1]s] = %[2]s;", m.name, m.states[m.Initial])
	for _, e := range m.deadlines() {
		m.line("#define armed_%s_%s(me) %s", m.name, strings.TrimPrefix(m.events[e], "E_"+m.name+"_"),
			m.anyOf(func(s State[string, string]) bool { return s.OnDeadline == e }))
	}
	m.line("#define settled_%s(me) %s", m.name, m.anyOf(rests))
	m.line("#else\nproctype p_%s(byte me) {", m.name)
	m.line("    mtype:event_%s event;", m.name)
	m.line("end:")
	m.line("    do")
	m.line("    :: atomic {")
	m.line("        next_%s(me, event);", m.name)
	m.line("        if")
	m.line("        :: event == 0 -> skip")
	for i, s := range m.States {
		m.line("        :: event != 0 && %s == %s ->", m.at, m.states[s.Name])
		m.pairs(i, m.Events, false)
	}
	m.line("        fi;")
	m.line("        after_%s(me);", m.name)
	m.line("        event = 0 }")
	m.line("    od\n}\n#endif")
}
