package fsmtest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/shardbaton/baton/fsm"
	"github.com/shardbaton/baton/fsm/fsmtest"
)

type lampTable = fsm.Table[string, string, bool]

// lamp is a small table with a guard, a deadline, effects and both exemptions.
func lamp() lampTable {
	return lampTable{
		Name: "lamp", Doc: "One lamp.", Initial: "off",
		States: []fsm.State[string, string]{
			{Name: "off", Doc: "Dark.", Rest: true},
			{Name: "on", Doc: "Bright, for a while.", Deadline: "burn", OnDeadline: "timeout"},
			{Name: "broken", Doc: "For good.", Final: true},
		},
		Events: []fsm.Event[string]{
			{Name: "press", Doc: "The button is pressed."},
			{Name: "timeout", Doc: "It burned long enough."},
		},
		Guards:  []fsm.Guard[bool]{{Name: "worn", Doc: "The bulb is old.", Test: func(worn bool) bool { return worn }}},
		Effects: []fsm.Effect{{Name: "click", Doc: "It clicks."}},
		Rows: []fsm.Row[string, string]{
			{From: []string{"off"}, On: "press", When: []fsm.Term{fsm.Not("worn")}, To: "on", Do: []string{"click"}, Doc: "Light."},
			{From: []string{"off"}, On: "press", When: []fsm.Term{fsm.Is("worn")}, To: "broken", Doc: "A flash."},
			{From: []string{"on"}, On: "press", Rearm: true, Doc: "Longer."},
			{From: []string{"on"}, On: "timeout", To: "off", Do: []string{"click"}, Doc: "Dark again."},
		},
		Ignored: []fsm.Exempt[string, string]{{In: []string{fsm.Any}, On: []string{"timeout"}, Because: "It is dark already."}},
		Refused: []fsm.Exempt[string, string]{{In: []string{"broken"}, On: []string{"press"}, Because: "It is broken."}},
	}
}

func build(tb testing.TB, tab lampTable) *fsm.Definition[string, string, bool] {
	tb.Helper()
	def, err := tab.Build()
	if err != nil {
		tb.Fatal(err)
	}
	return def
}

func TestMachinesAreEquivalentToTheirOwnTable(t *testing.T) {
	fsmtest.Equivalent(t, build(t, lamp()), false, true)
}

func TestEveryDifferenceBetweenMachinesAndATableIsFound(t *testing.T) {
	def := build(t, lamp())
	for name, change := range map[string]func(*lampTable){
		"another target":             func(t *lampTable) { t.Rows[1].To = "off" },
		"another source":             func(t *lampTable) { t.Rows[3].From[0] = "off" },
		"another event":              func(t *lampTable) { t.Rows[3].On = "press" },
		"a negated guard":            func(t *lampTable) { t.Rows[0].When[0], t.Rows[1].When[0] = t.Rows[1].When[0], t.Rows[0].When[0] },
		"a guard that is not asked":  func(t *lampTable) { t.Rows[2].When = []fsm.Term{fsm.Is("worn")} },
		"a guard too many":           func(t *lampTable) { t.Rows = append(t.Rows[:1], t.Rows[2:]...); t.Rows[0].When = nil },
		"a row that is missing":      func(t *lampTable) { t.Rows = t.Rows[:3] },
		"a row that overlaps":        func(t *lampTable) { t.Rows = append(t.Rows, t.Rows[2]) },
		"an effect less":             func(t *lampTable) { t.Rows[0].Do = nil },
		"an effect more":             func(t *lampTable) { t.Rows[1].Do = []string{"click"} },
		"no re-arming":               func(t *lampTable) { t.Rows[2].Rearm = false },
		"another doc":                func(t *lampTable) { t.Rows[2].Doc = "Shorter." },
		"another deadline":           func(t *lampTable) { t.States[1].Deadline = "smoulder" },
		"another event of it":        func(t *lampTable) { t.States[1].OnDeadline = "press" },
		"a deadline in another":      func(t *lampTable) { t.States[0].Deadline, t.States[0].OnDeadline = "gloom", "press" },
		"a state that is not final":  func(t *lampTable) { t.States[2].Final = false },
		"another initial state":      func(t *lampTable) { t.Initial = "on" },
		"another name":               func(t *lampTable) { t.Name = "lantern" },
		"a state more":               func(t *lampTable) { t.States = append(t.States, fsm.State[string, string]{Name: "new"}) },
		"an event more":              func(t *lampTable) { t.Events = append(t.Events, fsm.Event[string]{Name: "new"}) },
		"ignored instead of refused": func(t *lampTable) { t.Ignored, t.Refused = append(t.Ignored, t.Refused...), nil },
		"refused instead of ignored": func(t *lampTable) { t.Ignored, t.Refused = nil, append(t.Refused, t.Ignored...) },
		"another reason":             func(t *lampTable) { t.Ignored[0].Because = "Because." },
		"an exemption that is gone":  func(t *lampTable) { t.Ignored = nil },
	} {
		t.Run(name, func(t *testing.T) {
			changed := lamp()
			change(&changed)
			if err := fsmtest.Compare(changed, def); err == nil {
				t.Error("the difference was not found")
			}
		})
	}
}

func TestGuardsWithAMindOfTheirOwnAreFoundByContexts(t *testing.T) {
	changed := lamp()
	changed.Guards[0].Test = func(worn bool) bool { return !worn }
	def := build(t, lamp())
	if err := fsmtest.Compare(changed, def); err != nil {
		t.Errorf("driven by name, the guard's own test is not asked: %v", err)
	}
	err := fsmtest.Compare(changed, def, true)
	if err == nil || !strings.Contains(err.Error(), "in context 0") {
		t.Errorf("got %v, want a difference in context 0", err)
	}
}

// reporter takes what Equivalent reports.
type reporter struct {
	testing.TB
	failed string
}

func (r *reporter) Helper()           {}
func (r *reporter) Error(args ...any) { r.failed += fmt.Sprint(args...) }

func TestEquivalentFailsTheTestOnADifference(t *testing.T) {
	// A guard that answers differently each time it is asked cannot be proven.
	flips := lamp()
	answer := false
	flips.Guards[0].Test = func(bool) bool { answer = !answer; return answer }
	r := &reporter{TB: t}
	fsmtest.Equivalent(r, build(t, flips), true)
	if !strings.Contains(r.failed, "the difference is in context 0") {
		t.Errorf("Equivalent reported %q", r.failed)
	}
}
