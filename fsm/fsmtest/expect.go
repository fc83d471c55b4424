package fsmtest

import (
	"fmt"
	"slices"

	"github.com/shardbaton/baton/fsm"
)

// expect reads from the table what an event does in a state, given the guards'
// answers. It fails where the table says nothing, or two things.
func expect[S, E ~string, C any](t fsm.Table[S, E, C], state S, event E, answers map[string]bool) (fsm.Outcome[S, E], error) {
	matching := -1
	taken := false
	for i, r := range t.Rows {
		if r.On != event || !slices.Contains(r.From, state) {
			continue
		}
		taken = true
		if !slices.ContainsFunc(r.When, func(term fsm.Term) bool { return answers[term.Guard] == term.Negated }) {
			if matching >= 0 {
				return fsm.Outcome[S, E]{}, fmt.Errorf("the table has rows %d and %d for it", matching, i)
			}
			matching = i
		}
	}
	if matching >= 0 {
		return follow(t, state, matching), nil
	}
	if taken {
		return fsm.Outcome[S, E]{}, fmt.Errorf("no row of the table matches")
	}
	return exempted(t, state, event)
}

// follow spells out what taking a row means.
func follow[S, E ~string, C any](t fsm.Table[S, E, C], state S, row int) fsm.Outcome[S, E] {
	r := t.Rows[row]
	out := fsm.Outcome[S, E]{Verdict: fsm.Taken, From: state, To: r.To, Row: row, Because: r.Doc}
	if len(r.Do) > 0 {
		out.Effects = r.Do
	}
	if r.To == "" {
		out.To = state
	}
	from, to := declared(t, state), declared(t, out.To)
	out.Disarm = from.Deadline != "" && out.To != state
	if out.To != state || r.Rearm {
		out.Deadline, out.DeadlineEvent = to.Deadline, to.OnDeadline
	}
	return out
}

// exempted finds the most specific Exempt of a pair.
func exempted[S, E ~string, C any](t fsm.Table[S, E, C], state S, event E) (fsm.Outcome[S, E], error) {
	for _, names := range []struct {
		state S
		event E
	}{{state, event}, {state, fsm.Any}, {fsm.Any, event}} {
		for _, list := range []struct {
			verdict fsm.Verdict
			exempts []fsm.Exempt[S, E]
		}{{fsm.Ignored, t.Ignored}, {fsm.Refused, t.Refused}} {
			for _, x := range list.exempts {
				if slices.Contains(x.In, names.state) && slices.Contains(x.On, names.event) {
					return fsm.Outcome[S, E]{Verdict: list.verdict, From: state, To: state, Row: -1, Because: x.Because}, nil
				}
			}
		}
	}
	return fsm.Outcome[S, E]{}, fmt.Errorf("the table says nothing about it")
}

// mentioned lists the guards that the rows of a pair mention.
func mentioned[S, E ~string, C any](t fsm.Table[S, E, C], state S, event E) []string {
	var guards []string
	for _, r := range t.Rows {
		if r.On != event || !slices.Contains(r.From, state) {
			continue
		}
		for _, term := range r.When {
			if !slices.Contains(guards, term.Guard) {
				guards = append(guards, term.Guard)
			}
		}
	}
	return guards
}

// declared returns the declaration of a state.
func declared[S, E ~string, C any](t fsm.Table[S, E, C], name S) fsm.State[S, E] {
	i := slices.IndexFunc(t.States, func(s fsm.State[S, E]) bool { return s.Name == name })
	if i < 0 {
		return fsm.State[S, E]{Name: name}
	}
	return t.States[i]
}
