package fsm

import (
	"fmt"
	"slices"

	looplab "github.com/looplab/fsm"
)

// plain is a table whose types are forgotten, so that checks and drawings are
// written, and compiled, once.
type plain = Table[string, string, struct{}]

// plan is a checked table, by index: what a machine looks up when it runs.
type plan struct {
	initial int
	states  map[string]int
	events  map[string]int
	// cells has one entry per pair, at state*len(events)+event.
	cells []cell
	steps []step
	// runtimes carry the steps out.
	runtimes runtimes
}

// cell says what happens to one event in one state.
type cell struct {
	verdict Verdict
	// because is the reason of an exemption.
	because string
	// guards are those that the pair's rows mention; choice has one step for
	// each of their truth assignments, the first guard being the lowest bit.
	guards []int
	choice []int
}

// step is one row in one of its source states.
type step struct {
	row, from, to int
	// event is the name of the step in looplab: unique, because there a second
	// entry for the same event and source would replace the first.
	event string
}

// addStep appends a step and returns its index.
func (p *plan) addStep(t plain, row, from, to int) int {
	s := step{row: row, from: from, to: to}
	s.event = fmt.Sprintf("row %d, source %d: %s", row, from, t.Rows[row].On)
	p.steps = append(p.steps, s)
	p.runtimes.transitions = append(p.runtimes.transitions, looplab.EventDesc{
		Name: s.event, Src: []string{t.States[from].Name}, Dst: t.States[to].Name,
	})
	return len(p.steps) - 1
}

// clone copies the table so deeply that the caller's later changes do not reach it.
func (t Table[S, E, C]) clone() Table[S, E, C] {
	t.States = slices.Clone(t.States)
	t.Events = slices.Clone(t.Events)
	t.Guards = slices.Clone(t.Guards)
	t.Effects = slices.Clone(t.Effects)
	t.Rows = slices.Clone(t.Rows)
	for i, r := range t.Rows {
		r.From, r.When, r.Do = slices.Clone(r.From), slices.Clone(r.When), slices.Clone(r.Do)
		t.Rows[i] = r
	}
	t.Ignored = cloneExempts(t.Ignored)
	t.Refused = cloneExempts(t.Refused)
	return t
}

func cloneExempts[S, E ~string](exempts []Exempt[S, E]) []Exempt[S, E] {
	exempts = slices.Clone(exempts)
	for i, x := range exempts {
		x.In, x.On = slices.Clone(x.In), slices.Clone(x.On)
		exempts[i] = x
	}
	return exempts
}

// plain forgets the types of the table. A guard keeps whether it has a Test.
func (t Table[S, E, C]) plain() plain {
	p := plain{
		Name: t.Name, Doc: t.Doc, Initial: string(t.Initial), Effects: t.Effects,
		Ignored: plainExempts(t.Ignored), Refused: plainExempts(t.Refused),
	}
	for _, s := range t.States {
		p.States = append(p.States, State[string, string]{
			Name: string(s.Name), Doc: s.Doc, Final: s.Final, Rest: s.Rest,
			Deadline: s.Deadline, OnDeadline: string(s.OnDeadline),
		})
	}
	for _, e := range t.Events {
		p.Events = append(p.Events, Event[string]{Name: string(e.Name), Doc: e.Doc})
	}
	for _, g := range t.Guards {
		forgotten := Guard[struct{}]{Name: g.Name, Doc: g.Doc}
		if g.Test != nil {
			forgotten.Test = func(struct{}) bool { return false }
		}
		p.Guards = append(p.Guards, forgotten)
	}
	for _, r := range t.Rows {
		p.Rows = append(p.Rows, Row[string, string]{
			From: texts(r.From), On: string(r.On), When: r.When, To: string(r.To),
			Rearm: r.Rearm, Do: r.Do, Doc: r.Doc,
		})
	}
	return p
}

func plainExempts[S, E ~string](exempts []Exempt[S, E]) []Exempt[string, string] {
	var out []Exempt[string, string]
	for _, x := range exempts {
		out = append(out, Exempt[string, string]{In: texts(x.In), On: texts(x.On), Because: x.Because})
	}
	return out
}

func texts[T ~string](names []T) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = string(n)
	}
	return out
}
