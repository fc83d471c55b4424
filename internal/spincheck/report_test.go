package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const clean = `
(Spin Version 6.5.2 -- 6 December 2019)

State-vector 16 byte, depth reached 24, errors: 0
       69 states, stored
       23 states, matched
       92 transitions (= stored+matched)

unreached in proctype p_lamp
	lamp.pml:5, state 2, "state = 3"
	lamp.pml:9, state 17, "-end-"
	(2 of 17 states)
unreached in claim left_lamp
	_spin_nvr.tmp:34, state 49, "-end-"
	(1 of 49 states)

pan: elapsed time 0 seconds
`

const found = `pan:1: acceptance cycle (at depth 206)
pan: wrote lamp.pml.trail
State-vector 32 byte, depth reached 269, errors: 1
     1277 states, stored (1405 visited)
     1828 transitions (= visited+matched)
`

func TestAReportSaysWhatWasSearchedAndFound(t *testing.T) {
	r, err := read(clean)
	if err != nil {
		t.Fatal(err)
	}
	if r.states != 69 || r.transitions != 92 || r.depth != 24 || r.finding != "" {
		t.Errorf("got %+v", r)
	}
	if want := []int{5}; !slices.Equal(r.unreached, want) {
		t.Errorf("unreached: got %v, want %v", r.unreached, want)
	}

	r, err = read(found)
	if err != nil {
		t.Fatal(err)
	}
	if want := "acceptance cycle (at depth 206)"; r.finding != want || r.states != 1277 {
		t.Errorf("got %+v, want the finding %q and 1277 states", r, want)
	}
}

func TestASearchThatProvesNothingIsAnError(t *testing.T) {
	for name, output := range map[string]string{
		"cut short by its depth": "error: max search depth too small\n" + clean,
		"cut short by memory":    "pan: out of memory\n" + clean,
		"an error without name":  strings.Replace(clean, "errors: 0", "errors: 1", 1),
		"no search":              "pan: elapsed time 0 seconds\n",
	} {
		if _, err := read(output); err == nil {
			t.Errorf("%s: want an error", name)
		}
	}
}

func TestAPlaceIsDescribedByItsStateAndItsRow(t *testing.T) {
	def, err := lamp().Build()
	if err != nil {
		t.Fatal(err)
	}
	m := model{name: "lamp", text: def.Promela()}
	for i, text := range strings.Split(m.text, "\n") {
		if strings.Contains(text, "row 3") {
			got := m.describe(i + 1)
			if want := fmt.Sprintf("lamp.pml:%d: :: true -> state = S_lamp_off /* row 3 */, in S_lamp_warming", i+1); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
	}
	missing := 1 + slices.IndexFunc(strings.Split(m.text, "\n"), func(line string) bool { return strings.Contains(line, "row 4") })
	reached, missed := m.rows([]int{missing})
	if want := []string{"lamp 0", "lamp 1", "lamp 2", "lamp 3"}; !slices.Equal(reached, want) || !slices.Equal(missed, []string{"lamp 4"}) {
		t.Errorf("got rows %v and %v", reached, missed)
	}
}

func TestTooManyNamesAreCounted(t *testing.T) {
	text := func(count int) model {
		return model{name: "big", text: "mtype:state_big = {\n" + strings.Repeat("    S_big,\n", count) + "}\nmtype:event_big = {\n    E_big\n}\n"}
	}
	if got := names(text(maxNames)); len(got) > 0 {
		t.Errorf("%d names: got %q", maxNames, got)
	}
	got := names(text(maxNames + 1))
	if want := "big: 256 names of state_big, but SPIN allows 255: split the table"; len(got) != 1 || got[0] != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
