package fsm

import (
	"fmt"
	"strings"
)

// DOT draws the table for Graphviz. Final states have a double border, states at
// rest a dashed one, arrows that a deadline fires are dashed. Rows with the same
// source and target share an arrow. The text is the same every time.
func (d *Definition[S, E, C]) DOT() string { return d.table.plain().dot() }

func (t Table[S, E, C]) dot() string {
	ids := identifiers("s_", t.stateNames())
	var b strings.Builder
	fmt.Fprintf(&b, "digraph \"%s\" {\n", dotText(t.Name))
	fmt.Fprintf(&b, "    node [shape=box, style=rounded];\n")
	fmt.Fprintf(&b, "    start [shape=point, label=\"\"];\n")
	for _, s := range t.States {
		more := ""
		switch {
		case s.Final:
			more = ", peripheries=2"
		case s.Rest:
			more = `, style="rounded,dashed"`
		}
		fmt.Fprintf(&b, "    %s [label=\"%s\"%s];\n", ids[string(s.Name)], dotText(string(s.Name)), more)
	}
	fmt.Fprintf(&b, "    start -> %s;\n", ids[string(t.Initial)])
	for _, e := range t.edges() {
		var lines []string
		expiries := 0
		for _, i := range e.rows {
			r := t.Rows[i]
			line := r.label(dotText, "[", "]")
			if deadline := t.expires(e.from, r.On); deadline != "" {
				line += " (deadline " + dotText(deadline) + ")"
				expiries++
			}
			lines = append(lines, line)
		}
		more := ""
		if expiries == len(e.rows) {
			more = ", style=dashed"
		}
		fmt.Fprintf(&b, "    %s -> %s [label=\"%s\"%s];\n", ids[e.from], ids[e.to], strings.Join(lines, `\n`), more)
	}
	fmt.Fprintf(&b, "}\n")
	return b.String()
}

// dotText escapes a text for a double-quoted string. Graphviz reads backslashes
// and HTML entities inside of labels.
func dotText(text string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, `&`, `&amp;`).Replace(oneLine(text))
}
