package fsm_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/shardbaton/baton/fsm"
)

func TestBindGivesTheFunctionsOfARowInOrder(t *testing.T) {
	def := build(t, sample())
	var done []string
	bound, err := fsm.Bind(def, map[string]func(){
		"note":     func() { done = append(done, "note") },
		"send #go": func() { done = append(done, "send") },
	})
	if err != nil {
		t.Fatal(err)
	}
	m := restore(t, def, copying)
	out, err := m.Fire(facts{last: true, urgent: true}, record)
	if err != nil {
		t.Fatal(err)
	}
	for _, do := range bound.Of(out.Row) {
		do()
	}
	if want := []string{"note", "send"}; !slices.Equal(done, want) {
		t.Errorf("done %v, want %v", done, want)
	}
	if out, err = m.Fire(facts{}, stop); err != nil || bound.Of(out.Row) != nil {
		t.Errorf("an event that was not taken has effects: %+v, %v", out, err)
	}
}

func TestBindFindsWhatDoesNotMatch(t *testing.T) {
	_, err := fsm.Bind(build(t, sample()), map[string]func(){
		"note":  nil,
		"dance": func() {},
	})
	want := []string{
		`fsm: table "sample \"1\" | table": effect "send #go" has no implementation`,
		`fsm: table "sample \"1\" | table": effect "note" is implemented by nil`,
		`fsm: table "sample \"1\" | table": effect "dance" is not an effect of the table`,
	}
	var got []string
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range joined.Unwrap() {
			got = append(got, one.Error())
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	var problem *fsm.BindError
	if !errors.As(err, &problem) || problem.Effect != "send #go" {
		t.Errorf("errors.As gives %+v, want the first problem", problem)
	}
}

// doer is an interface that effects may be bound to as well as functions.
type doer interface{ do() }

func TestBindTakesInterfacesToo(t *testing.T) {
	_, err := fsm.Bind(build(t, sample()), map[string]doer{"note": nil, "send #go": nil})
	var problem *fsm.BindError
	if !errors.As(err, &problem) || problem.Problem != "is implemented by nil" {
		t.Errorf("got %v, want a nil implementation", err)
	}
}
