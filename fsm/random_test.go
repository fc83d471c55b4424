package fsm_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/shardbaton/baton/fsm"
	"github.com/shardbaton/baton/fsm/fsmtest"
)

type randomTable = fsm.Table[string, string, int]

func TestARandomTableIsBuiltOnlyWhenItsMachinesDoWhatItSays(t *testing.T) {
	built, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		tab := drawTable(t)
		spoils := rapid.IntRange(0, 2).Draw(t, "spoils")
		for range spoils {
			spoilTable(t, &tab)
		}
		def, err := tab.Build()
		if err != nil {
			refused++
			if spoils == 0 {
				t.Fatalf("a sound table is refused: %v", err)
			}
			return
		}
		built++
		if err := fsmtest.Compare(tab, def); err != nil {
			t.Fatal(err)
		}
		for name, draw := range map[string]func() string{
			"Mermaid": def.Mermaid, "DOT": def.DOT, "Markdown": def.Markdown, "Promela": def.Promela,
		} {
			if first := draw(); first == "" || first != draw() {
				t.Fatalf("%s is empty or differs from one call to the next", name)
			}
		}
	})
	if built == 0 || refused == 0 {
		t.Errorf("built %d tables and refused %d: want some of both", built, refused)
	}
}

// drawTable returns a sound table: states in a chain that the first event walks
// along, and for every other pair either rows that decide all answers of a few
// guards, or an exemption.
func drawTable(t *rapid.T) randomTable {
	states := names("state", rapid.IntRange(2, 5).Draw(t, "states"))
	events := names("event", rapid.IntRange(1, 4).Draw(t, "events"))
	guards := names("guard", rapid.IntRange(0, 3).Draw(t, "guards"))
	final := states[len(states)-1]
	tab := randomTable{Name: "random", Doc: "Drawn.", Initial: states[0], Effects: []fsm.Effect{{Name: "effect", Doc: "Drawn."}}}
	for i, s := range states {
		state := fsm.State[string, string]{Name: s, Doc: "Drawn.", Final: s == final}
		if !state.Final {
			tab.Rows = append(tab.Rows, fsm.Row[string, string]{From: []string{s}, On: events[0], To: states[i+1], Do: []string{"effect"}, Doc: "Drawn."})
			if state.Rest = rapid.Bool().Draw(t, "rest"); !state.Rest {
				state.Deadline, state.OnDeadline = "deadline of "+s, events[0]
			}
		}
		tab.States = append(tab.States, state)
	}
	for _, e := range events {
		tab.Events = append(tab.Events, fsm.Event[string]{Name: e, Doc: "Drawn."})
	}
	for _, s := range states {
		for _, e := range events[1:] {
			if s != final && rapid.Bool().Draw(t, "taken") {
				addRows(t, &tab, s, e, guards)
			}
		}
	}
	tab.Refused = append(tab.Refused, fsm.Exempt[string, string]{In: []string{final}, On: []string{fsm.Any}, Because: "Drawn."})
	addExempts(t, &tab)
	dropUnused(&tab, guards)
	return tab
}

// addRows decides a pair: for a chain of guards, the first that holds chooses
// the row, and the last row is for when none does.
func addRows(t *rapid.T, tab *randomTable, state, event string, guards []string) {
	chain := guards[:rapid.IntRange(0, len(guards)).Draw(t, "chain")]
	for i := range len(chain) + 1 {
		row := fsm.Row[string, string]{From: []string{state}, On: event, Doc: "Drawn."}
		for _, g := range chain[:i] {
			row.When = append(row.When, fsm.Not(g))
		}
		if i < len(chain) {
			row.When = append(row.When, fsm.Is(chain[i]))
		}
		to := rapid.SampledFrom(tab.States).Draw(t, "to")
		row.To = to.Name
		if at := declaration(tab, state); row.To == state && at.Deadline != "" {
			row.Rearm = rapid.Bool().Draw(t, "rearm")
		}
		if rapid.Bool().Draw(t, "do") {
			row.Do = []string{"effect"}
		}
		tab.Rows = append(tab.Rows, row)
	}
}

// addExempts exempts every pair that no row takes, one by one or by wildcard.
func addExempts(t *rapid.T, tab *randomTable) {
	for _, e := range tab.Events {
		var open []string
		for _, s := range tab.States {
			if !s.Final && !slices.ContainsFunc(tab.Rows, func(r fsm.Row[string, string]) bool {
				return r.On == e.Name && slices.Contains(r.From, s.Name)
			}) {
				open = append(open, s.Name)
			}
		}
		if len(open) == 0 {
			continue
		}
		if rapid.Bool().Draw(t, "wildcard") {
			open = []string{fsm.Any}
		}
		list := &tab.Ignored
		if rapid.Bool().Draw(t, "refused") {
			list = &tab.Refused
		}
		*list = append(*list, fsm.Exempt[string, string]{In: open, On: []string{e.Name}, Because: "Drawn."})
	}
}

// dropUnused leaves out the events that no row takes, and declares the guards
// that rows mention.
func dropUnused(tab *randomTable, guards []string) {
	tab.Events = slices.DeleteFunc(tab.Events, func(e fsm.Event[string]) bool {
		unused := !slices.ContainsFunc(tab.Rows, func(r fsm.Row[string, string]) bool { return r.On == e.Name })
		if unused {
			without := func(x fsm.Exempt[string, string]) bool { return x.On[0] == e.Name }
			tab.Ignored = slices.DeleteFunc(tab.Ignored, without)
			tab.Refused = slices.DeleteFunc(tab.Refused, without)
		}
		return unused
	})
	for bit, g := range guards {
		if slices.ContainsFunc(tab.Rows, func(r fsm.Row[string, string]) bool {
			return slices.Contains(r.When, fsm.Is(g)) || slices.Contains(r.When, fsm.Not(g))
		}) {
			tab.Guards = append(tab.Guards, fsm.Guard[int]{Name: g, Doc: "Drawn.", Test: func(bits int) bool { return bits>>bit&1 == 1 }})
		}
	}
}

// spoilTable changes one thing, which may or may not leave the table sound.
func spoilTable(t *rapid.T, tab *randomTable) {
	row := &tab.Rows[rapid.IntRange(0, len(tab.Rows)-1).Draw(t, "row")]
	switch rapid.IntRange(0, 6).Draw(t, "spoil") {
	case 0:
		row.To = rapid.SampledFrom(tab.States).Draw(t, "to").Name
	case 1:
		row.On = rapid.SampledFrom(tab.Events).Draw(t, "on").Name
	case 2:
		row.From = append(row.From, rapid.SampledFrom(tab.States).Draw(t, "from").Name)
	case 3:
		if len(row.When) > 0 {
			row.When = row.When[1:]
		}
	case 4:
		if len(row.When) > 0 {
			row.When[0].Negated = !row.When[0].Negated
		}
	case 5:
		row.Rearm = !row.Rearm
	case 6:
		tab.Refused = append(tab.Refused, fsm.Exempt[string, string]{
			In: []string{rapid.SampledFrom(tab.States).Draw(t, "in").Name}, On: []string{fsm.Any}, Because: "Spoilt.",
		})
	}
}

func declaration(tab *randomTable, state string) fsm.State[string, string] {
	return tab.States[slices.IndexFunc(tab.States, func(s fsm.State[string, string]) bool { return s.Name == state })]
}

func names(what string, count int) []string {
	var out []string
	for i := range count {
		out = append(out, fmt.Sprint(what, " ", i))
	}
	return out
}
