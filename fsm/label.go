package fsm

import (
	"fmt"
	"strings"
)

// identifiers gives every name an identifier of ASCII letters, digits and
// underscores, unique in the list and stable for it: drawings refer to a state
// by it and show the name itself as a label.
func identifiers(prefix string, names []string) map[string]string {
	ids := make(map[string]string, len(names))
	taken := make(map[string]bool)
	for _, name := range names {
		id := prefix + sanitise(name)
		for n := 2; taken[id]; n++ {
			id = fmt.Sprintf("%s%s_%d", prefix, sanitise(name), n)
		}
		taken[id] = true
		ids[name] = id
	}
	return ids
}

// sanitise keeps the ASCII letters and digits, with an underscore between the
// runs of them.
func sanitise(name string) string {
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool { return !isASCIIAlnum(r) }), "_")
}

func isASCIIAlnum(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

// oneLine folds every run of white space and control characters into one space.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return r <= ' ' || 0x7f <= r && r <= 0xa0 || r == '\u2028' || r == '\u2029'
	}), " ")
}

// label is what a drawing writes at a transition: event [guards] / effects.
// esc escapes a name; the punctuation is given by the caller's notation.
func (r Row[S, E]) label(esc func(string) string, open, shut string) string {
	text := esc(string(r.On))
	if len(r.When) > 0 {
		var terms []string
		for _, term := range r.When {
			terms = append(terms, esc(term.String()))
		}
		text += " " + open + strings.Join(terms, ", ") + shut
	}
	if len(r.Do) > 0 {
		var effects []string
		for _, effect := range r.Do {
			effects = append(effects, esc(effect))
		}
		text += " / " + strings.Join(effects, ", ")
	}
	return text
}

// edge is everything that leads from one state to another.
type edge struct {
	from, to string
	rows     []int
}

// edges groups the rows by source and target, in the order in which they first
// appear, so that a drawing has one arrow for what has one direction.
func (t Table[S, E, C]) edges() []edge {
	index := make(map[[2]string]int)
	var out []edge
	for i, r := range t.Rows {
		for _, source := range r.From {
			from, to := string(source), string(r.To)
			if to == "" {
				to = from
			}
			at, ok := index[[2]string{from, to}]
			if !ok {
				at = len(out)
				index[[2]string{from, to}] = at
				out = append(out, edge{from: from, to: to})
			}
			out[at].rows = append(out[at].rows, i)
		}
	}
	return out
}

// expires reports whether a row in a state is taken by the state's deadline, and
// names the deadline.
func (t Table[S, E, C]) expires(from string, on E) (deadline string) {
	for _, s := range t.States {
		if string(s.Name) == from && s.Deadline != "" && s.OnDeadline == on {
			return s.Deadline
		}
	}
	return ""
}

// stateNames lists the states in order.
func (t Table[S, E, C]) stateNames() []string {
	var names []string
	for _, s := range t.States {
		names = append(names, string(s.Name))
	}
	return names
}
