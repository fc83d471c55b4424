package fsm

import (
	"fmt"
	"strings"
)

// Mermaid draws the table as a stateDiagram-v2 of https://mermaid.js.org. Rows
// with the same source and target share an arrow, one line each: event [guards]
// / effects, and the name of the deadline that fires the event. What is ignored
// or refused is not drawn. The text is the same every time.
func (d *Definition[S, E, C]) Mermaid() string { return d.table.plain().mermaid() }

func (t Table[S, E, C]) mermaid() string {
	ids := identifiers("s_", t.stateNames())
	var b strings.Builder
	fmt.Fprintf(&b, "stateDiagram-v2\n")
	for _, s := range t.States {
		fmt.Fprintf(&b, "    state \"%s\" as %s\n", mermaidText(string(s.Name)), ids[string(s.Name)])
	}
	fmt.Fprintf(&b, "    [*] --> %s\n", ids[string(t.Initial)])
	for _, e := range t.edges() {
		var lines []string
		for _, i := range e.rows {
			r := t.Rows[i]
			line := r.label(mermaidText, mermaidText("["), mermaidText("]"))
			if deadline := t.expires(e.from, r.On); deadline != "" {
				line += " (deadline " + mermaidText(deadline) + ")"
			}
			lines = append(lines, line)
		}
		fmt.Fprintf(&b, "    %s --> %s : %s\n", ids[e.from], ids[e.to], strings.Join(lines, "<br/>"))
	}
	for _, s := range t.States {
		if s.Final {
			fmt.Fprintf(&b, "    %s --> [*]\n", ids[string(s.Name)])
		}
	}
	return b.String()
}

// mermaidText writes every ASCII character that could mean something to Mermaid,
// or to the Markdown and HTML inside its labels, as a numeric entity. A hyphen or
// an underscore inside a word means nothing.
func mermaidText(text string) string {
	var b strings.Builder
	runes := []rune(oneLine(text))
	for i, r := range runes {
		inWord := 0 < i && i < len(runes)-1 && isASCIIAlnum(runes[i-1]) && isASCIIAlnum(runes[i+1])
		switch {
		case isASCIIAlnum(r), r >= 0x80, strings.ContainsRune(" ,()/", r), inWord && (r == '-' || r == '_'):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	return b.String()
}
