package chaos

import (
	"slices"
	"strings"
	"testing"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/internal/control"
)

func TestEveryStateThatCanBeMetIsAPhase(t *testing.T) {
	phases := Phases()
	has := func(p Phase) bool { return slices.Contains(phases, p) }
	want := 1 // serving
	if !has(Serving()) {
		t.Error("no upgrade at all is no phase")
	}
	for _, state := range lifecycle.Upgrade().States {
		if state.Final {
			continue
		}
		want++
		if !has(Phase{State: string(state.Name)}) {
			t.Errorf("the upgrade's state %q is no phase", state.Name)
		}
	}
	for _, state := range lifecycle.Move().States {
		if state.Final || state.Name == lifecycle.MoveOnOld {
			continue
		}
		want++
		if !has(Phase{Move: true, State: string(state.Name)}) {
			t.Errorf("the move's state %q is no phase", state.Name)
		}
		if !state.Name.InFlight() {
			continue
		}
		want++
		if !has(Phase{Move: true, State: string(state.Name), Back: true}) {
			t.Errorf("the move's state %q is no phase of the way back", state.Name)
		}
	}
	if len(phases) != want {
		t.Errorf("%d phases, want %d: %v", len(phases), want, phases)
	}
}

func TestTheMatrixHasEveryVictimThatIsThereInEveryPhaseWithEveryFault(t *testing.T) {
	seen := make(map[string]int)
	cells := Matrix(Phases())
	for _, cell := range cells {
		seen[cell.String()]++
	}
	want := 0
	for _, phase := range Phases() {
		for _, victim := range Victims() {
			if course := courseTo(phase); course.without == victim || course.never != "" {
				continue
			}
			for _, fault := range Faults() {
				want++
				cell := Cell{Victim: victim, Phase: phase, Fault: fault}
				if seen[cell.String()] != 1 {
					t.Errorf("%s is %d times in the matrix", cell, seen[cell.String()])
				}
			}
		}
	}
	if len(cells) != want {
		t.Errorf("%d cells, want %d", len(cells), want)
	}
}

func TestThirteenScenariosAreTold(t *testing.T) {
	cells := Scenarios()
	if len(cells) != 13 {
		t.Errorf("%d scenarios, want 13", len(cells))
	}
	for _, cell := range append(cells, Checks()...) {
		s, ok := scenarioOf(cell)
		if !ok || s.Name != cell.Scenario {
			t.Errorf("%s is not found", cell)
		}
		switch check := len(s.must) > 0; {
		case check && s.act == nil:
			t.Errorf("the check %q does nothing", s.Name)
		case !check && (s.Happens == "" || s.Original == ""):
			t.Errorf("%q is not told", s.Name)
		case s.act == nil && s.strike == Cell{}:
			t.Errorf("nothing plays %q", s.Name)
		}
	}
}

func TestTheShortMatrixHitsEveryVictimWithEveryFault(t *testing.T) {
	cells := Short()
	for _, victim := range Victims() {
		for _, fault := range Faults() {
			if !slices.ContainsFunc(cells, func(c Cell) bool {
				return c.Scenario == "" && c.Victim == victim && c.Fault == fault
			}) {
				t.Errorf("%s is never hit by %s", victim, fault)
			}
		}
	}
	for _, cell := range append(Scenarios(), Checks()...) {
		if !slices.Contains(cells, cell) {
			t.Errorf("%s is not in it", cell)
		}
	}
	all := Full()
	for _, cell := range cells {
		if !slices.Contains(all, cell) {
			t.Errorf("%s is not in the whole matrix", cell)
		}
	}
}

func TestAPhaseIsSeenInTheStepsOfOneShard(t *testing.T) {
	stopping := Phase{Move: true, State: "stopping"}
	moving := Phase{State: "moving"}
	for _, test := range []struct {
		name  string
		phase Phase
		step  control.Progress
		want  bool
	}{
		{"the upgrade's state", moving, control.Progress{State: "moving"}, true},
		{"another state", moving, control.Progress{State: "retiring"}, false},
		{"the shard's state", stopping, control.Progress{State: "moving", Move: &control.Move{Shard: 5, State: "stopping"}}, true},
		{"the shard's on the way back", stopping, control.Progress{Move: &control.Move{Shard: 5, State: "stopping", Back: true}}, false},
		{"another shard's", stopping, control.Progress{State: "moving", Move: &control.Move{Shard: 4, State: "stopping"}}, false},
		{"another state of the shard", stopping, control.Progress{State: "moving", Move: &control.Move{Shard: 5, State: "arming"}}, false},
		{"a step of no shard", stopping, control.Progress{State: "stopping"}, false},
	} {
		if got := test.phase.seen(test.step, 5); got != test.want {
			t.Errorf("%s: seen is %v", test.name, got)
		}
	}
}

func TestAFilterChoosesByEachPart(t *testing.T) {
	cells := Full()
	for _, test := range []struct {
		only string
		want int
		all  func(Cell) bool
	}{
		{"", len(cells), func(Cell) bool { return true }},
		{"victim=old,phase=stopping,fault=kill", 1 + 0, func(c Cell) bool { return c.Victim == Old && c.Fault == Kill && c.Phase.State == "stopping" }},
		{"victim=master,phase=awaiting-hello", 4, func(c Cell) bool { return c.Victim == Master && c.Phase.State == "awaiting hello" }},
		{"victim=old,victim=new,phase=returning", 8, func(c Cell) bool { return c.Victim != Master }},
		{"scenario=nested-arrays", 1, func(c Cell) bool { return c.Scenario == "nested arrays" }},
		{"victim=nobody", 0, nil},
	} {
		filter, err := ParseFilter(test.only)
		if err != nil {
			t.Fatal(err)
		}
		chosen := filter.Choose(cells)
		if len(chosen) != test.want {
			t.Errorf("%q chooses %d cells, want %d", test.only, len(chosen), test.want)
		}
		for _, cell := range chosen {
			if !test.all(cell) {
				t.Errorf("%q chooses %+v", test.only, cell)
			}
		}
	}
	for _, wrong := range []string{"old", "who=old", "victim=old,"} {
		if _, err := ParseFilter(wrong); err == nil || !strings.Contains(err.Error(), "want victim=") {
			t.Errorf("ParseFilter(%q) = %v, want an error that says what is wanted", wrong, err)
		}
	}
}
