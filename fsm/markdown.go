package fsm

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Markdown writes the table out as GitHub-flavoured Markdown: states, events,
// guards, effects, rows, what is ignored and refused and why, and a matrix of
// what happens for every state and event. Its title is a second-level heading;
// the text is the same every time.
func (d *Definition[S, E, C]) Markdown() string {
	t := d.table.plain()
	m := &markdown{}
	m.line("## %s", markdownText(t.Name))
	m.line("")
	m.line("%s", markdownText(t.Doc))
	m.declarations(t)
	m.rows(t)
	m.exempts("Ignored", t.Ignored)
	m.exempts("Refused", t.Refused)
	m.matrix(t, d.plan)
	return m.String()
}

// markdown collects lines.
type markdown struct{ strings.Builder }

func (m *markdown) line(format string, args ...any) {
	fmt.Fprintf(&m.Builder, format+"\n", args...)
}

// table opens a table under a heading.
func (m *markdown) table(heading string, columns ...string) {
	m.line("\n### %s\n", heading)
	m.cells(columns...)
	m.line("|%s", strings.Repeat("---|", len(columns)))
}

func (m *markdown) cells(cells ...string) { m.line("| %s |", strings.Join(cells, " | ")) }

func (m *markdown) declarations(t plain) {
	m.table("States", "State", "Kind", "Deadline", "When it passes", "Meaning")
	for _, s := range t.States {
		kind := "waits"
		switch {
		case s.Final:
			kind = "final"
		case s.Rest:
			kind = "rests"
		}
		if s.Name == t.Initial {
			kind = "initial, " + kind
		}
		m.cells(markdownText(s.Name), kind, markdownText(s.Deadline), markdownText(s.OnDeadline), markdownText(s.Doc))
	}
	m.table("Events", "Event", "Meaning")
	for _, e := range t.Events {
		m.cells(markdownText(e.Name), markdownText(e.Doc))
	}
	if len(t.Guards) > 0 {
		m.table("Guards", "Guard", "True when")
		for _, g := range t.Guards {
			m.cells(markdownText(g.Name), markdownText(g.Doc))
		}
	}
	if len(t.Effects) > 0 {
		m.table("Effects", "Effect", "What is done")
		for _, e := range t.Effects {
			m.cells(markdownText(e.Name), markdownText(e.Doc))
		}
	}
}

func (m *markdown) rows(t plain) {
	m.table("Rows", "Row", "From", "On", "When", "To", "Do", "Why")
	for i, r := range t.Rows {
		to := markdownText(r.To)
		if to == "" {
			to = "(stays)"
		}
		if r.Rearm {
			to += ", deadline armed anew"
		}
		var terms []string
		for _, term := range r.When {
			terms = append(terms, term.String())
		}
		m.cells(strconv.Itoa(i), markdownList(r.From), markdownText(r.On), markdownList(terms), to, markdownList(r.Do), markdownText(r.Doc))
	}
}

func (m *markdown) exempts(heading string, exempts []Exempt[string, string]) {
	if len(exempts) == 0 {
		return
	}
	m.table(heading, "In", "On", "Because")
	for _, x := range exempts {
		m.cells(markdownExempt(x.In, "every other state"), markdownExempt(x.On, "every other event"), markdownText(x.Because))
	}
}

// matrix shows what the wildcards come to: the rows of each pair, or its verdict.
func (m *markdown) matrix(t plain, p *plan) {
	columns := []string{"State"}
	for _, e := range t.Events {
		columns = append(columns, markdownText(e.Name))
	}
	m.table("Every state and event", columns...)
	for s, state := range t.States {
		line := []string{markdownText(state.Name)}
		for e := range t.Events {
			line = append(line, p.cells[s*len(t.Events)+e].markdown(p))
		}
		m.cells(line...)
	}
}

// markdown returns the row numbers of a pair, or its verdict.
func (c cell) markdown(p *plan) string {
	if c.verdict != Taken {
		return c.verdict.String()
	}
	var rows []int
	for _, choice := range c.choice {
		rows = append(rows, p.steps[choice].row)
	}
	slices.Sort(rows)
	var parts []string
	for _, row := range slices.Compact(rows) {
		parts = append(parts, strconv.Itoa(row))
	}
	return "row " + strings.Join(parts, ", ")
}

func markdownList(names []string) string {
	var parts []string
	for _, n := range names {
		parts = append(parts, markdownText(n))
	}
	return strings.Join(parts, ", ")
}

func markdownExempt(names []string, every string) string {
	if len(names) == 1 && names[0] == Any {
		return every
	}
	return markdownList(names)
}

// markdownText escapes a text for a cell: what Markdown or HTML would read as
// markup is preceded by a backslash or written as an entity.
func markdownText(text string) string {
	var b strings.Builder
	for _, r := range oneLine(text) {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case strings.ContainsRune("\\`*_{}[]#|~!$", r):
			b.WriteRune('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
