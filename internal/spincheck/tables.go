package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/shardbaton/baton/fsm"
	"github.com/shardbaton/baton/fsm/lifecycle"
)

// maxNames is how many names of one kind SPIN allows: a name is a byte.
const maxNames = 255

// recurrence is a state through which a machine may go round by its deadlines
// alone, for ever as far as its table says.
type recurrence struct {
	state string
	// because says what ends the rounds, or why they need no end.
	because string
}

// recurring lists the recurrences by table. Every other table comes to rest by its
// deadlines alone. One that is not needed is a failure, too.
func recurring() map[string]recurrence {
	return map[string]recurrence{
		"share": {
			state:   "S_share_backing_off",
			because: "each round counts an end, the waits grow, and a share that is worn out is given up",
		},
	}
}

// verdict is what came of one thing that was checked.
type verdict struct {
	results  []result
	failures []string
}

// table checks one table by itself.
func (t toolchain) table(ctx context.Context, table lifecycle.Drawing, recurs recurrence) (verdict, error) {
	name := table.Name()
	var v verdict
	free := model{name: name, text: table.Promela()}
	v.failures = append(v.failures, names(free)...)
	if len(v.failures) > 0 {
		return v, nil
	}
	timed := model{name: name + " timed", text: table.PromelaAs(fsm.PromelaTimed), claims: []string{"left_" + name, "settles_" + name}}
	if recurs.state != "" {
		round := timed
		round.name += " without its recurrence"
		round.claims = []string{"settles_" + name}
		results, err := t.check(ctx, round)
		if err != nil {
			return v, err
		}
		if results[0].finding == "" {
			v.failures = append(v.failures, fmt.Sprintf("%s settles without %s, so the recurrence is to be struck out", name, recurs.state))
		}
		timed.text = fmt.Sprintf("#define recurs_%[1]s (state_%[1]s == %[2]s) /* %[3]s */\n", name, recurs.state, recurs.because) + timed.text
	}
	for _, m := range []model{free, timed} {
		results, err := t.check(ctx, m)
		if err != nil {
			return v, err
		}
		for _, r := range results {
			v.results = append(v.results, r)
			v.failures = append(v.failures, r.failures()...)
			v.failures = append(v.failures, r.gaps()...)
		}
	}
	return v, nil
}

// failures says what the search has found, and the way that leads there.
func (r result) failures() []string {
	if r.finding == "" {
		return nil
	}
	return []string{fmt.Sprintf("%s, %s: %s\n    %s", r.model.name, r.property(), r.finding, strings.Join(r.way, "\n    "))}
}

// property names what was searched for.
func (r result) property() string {
	if r.claim == "" {
		return "no deadlock"
	}
	return r.claim
}

// gaps names what was never reached, one line for each state of the table.
func (r result) gaps() []string {
	first, count := make(map[string]string), make(map[string]int)
	var states []string
	for _, at := range r.unreached {
		state := r.model.state(at)
		if count[state]++; count[state] == 1 {
			states = append(states, state)
			first[state] = r.model.describe(at)
		}
	}
	var gaps []string
	for _, state := range states {
		gap := fmt.Sprintf("%s: never reached: %s", r.model.name, first[state])
		if more := count[state] - 1; more > 0 {
			gap += fmt.Sprintf(", and %d more lines there", more)
		}
		gaps = append(gaps, gap)
	}
	return gaps
}

// names counts what the model declares: SPIN's own message does not say which
// kind of names there are too many of.
func names(m model) []string {
	var failures []string
	kind, count := "", 0
	for _, line := range strings.Split(m.text, "\n") {
		switch declared, opens := strings.CutSuffix(line, " = {"); {
		case opens && strings.HasPrefix(line, "mtype:"):
			kind, count = strings.TrimPrefix(declared, "mtype:"), 0
		case line == "}":
			if kind != "" && count > maxNames {
				failures = append(failures, fmt.Sprintf("%s: %d names of %s, but SPIN allows %d: split the table", m.name, count, kind, maxNames))
			}
			kind = ""
		default:
			count++
		}
	}
	return failures
}
