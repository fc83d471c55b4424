package fsm_test

import (
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"sync"
	"testing"

	"github.com/shardbaton/baton/fsm"
	"github.com/shardbaton/baton/fsm/fsmtest"
)

type definition = fsm.Definition[phase, signal, facts]

func build(tb testing.TB, tab table) *definition {
	tb.Helper()
	def, err := tab.Build()
	if err != nil {
		tb.Fatal(err)
	}
	return def
}

func restore(tb testing.TB, def *definition, state phase) *fsm.Machine[phase, signal, facts] {
	tb.Helper()
	m, err := def.Restore(fsm.Snapshot{Table: def.Name(), State: string(state)})
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func TestMachinesDoWhatTheTableSays(t *testing.T) {
	fsmtest.Equivalent(t, build(t, sample()), facts{}, facts{last: true}, facts{urgent: true}, facts{last: true, urgent: true})
}

func TestOutcomesSayEverythingThatTheCallerHasToDo(t *testing.T) {
	type outcome = fsm.Outcome[phase, signal]
	for _, tt := range []struct {
		name string
		in   phase
		on   signal
		ctx  facts
		want outcome
	}{
		{"leaving a state at rest arms the deadline of the next", onOld, begin, facts{}, outcome{
			Verdict: fsm.Taken, From: onOld, To: copying, Row: 0, Effects: []string{"send #go"}, Because: "The copy starts.",
			Deadline: "copy: deadline", DeadlineEvent: tooLate,
		}},
		{"an internal step with Rearm arms the deadline anew", copying, record, facts{}, outcome{
			Verdict: fsm.Taken, From: copying, To: copying, Row: 1, Effects: []string{"note"}, Because: "Progress was made.",
			Deadline: "copy: deadline", DeadlineEvent: tooLate,
		}},
		{"an internal step without it leaves the deadline alone", copying, begin, facts{}, outcome{
			Verdict: fsm.Taken, From: copying, To: copying, Row: 4, Because: "Asked again: nothing changes, and the deadline runs on.",
		}},
		{"moving between waiting states disarms one deadline and arms the other", copying, tooLate, facts{}, outcome{
			Verdict: fsm.Taken, From: copying, To: held, Row: 5, Because: "No progress.",
			Disarm: true, Deadline: "hold", DeadlineEvent: tooLate,
		}},
		{"guards choose the row", copying, record, facts{last: true, urgent: true}, outcome{
			Verdict: fsm.Taken, From: copying, To: end, Row: 2, Effects: []string{"note", "send #go"}, Because: "The last record, and no time for a rest.",
			Disarm: true,
		}},
		{"a wildcard ignores", onOld, tooLate, facts{}, outcome{
			Verdict: fsm.Ignored, From: onOld, To: onOld, Row: -1, Because: "The deadline passed while it was being disarmed.",
		}},
		{"the state's wildcard is more specific than the event's", end, tooLate, facts{}, outcome{
			Verdict: fsm.Ignored, From: end, To: end, Row: -1, Because: "It is over.",
		}},
		{"a mistake of the sender is refused", held, begin, facts{}, outcome{
			Verdict: fsm.Refused, From: held, To: held, Row: -1, Because: "It has begun.",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := restore(t, build(t, sample()), tt.in)
			got, err := m.Fire(tt.ctx, tt.on)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("\n got %+v\nwant %+v", got, tt.want)
			}
			if m.State() != tt.want.To || got.Moved() != (tt.in != tt.want.To) {
				t.Errorf("machine is in %q, Moved says %t", m.State(), got.Moved())
			}
		})
	}
}

func TestAnUndeclaredEventIsAnErrorAndChangesNothing(t *testing.T) {
	m := build(t, sample()).New()
	_, err := m.Fire(facts{}, "never")
	var unknown *fsm.UnknownEventError
	if !errors.As(err, &unknown) || unknown.Event != "never" || unknown.State != string(onOld) {
		t.Errorf("got %v, want an UnknownEventError for never", err)
	}
	if m.State() != onOld {
		t.Errorf("machine is in %q", m.State())
	}
}

func TestAGuardThatPanicsLeavesTheMachineUsable(t *testing.T) {
	tab := sample()
	panicking := true
	tab.Guards[1].Test = func(facts) bool {
		if panicking {
			panic(io.ErrUnexpectedEOF)
		}
		return true
	}
	m := restore(t, build(t, tab), copying)
	_, err := m.Fire(facts{last: true}, record)
	var guard *fsm.GuardError
	if !errors.As(err, &guard) {
		t.Fatalf("got %v, want a GuardError", err)
	}
	if guard.Guard != "urgent" || guard.Event != string(record) || len(guard.Stack) == 0 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %+v", guard)
	}
	if m.State() != copying {
		t.Fatalf("machine is in %q after the panic", m.State())
	}
	panicking = false
	if out, err := m.Fire(facts{last: true}, record); err != nil || out.To != end {
		t.Errorf("after the panic: got %+v, %v; want a way to %q", out, err, end)
	}
}

func TestSnapshotsBringAMachineBack(t *testing.T) {
	def := build(t, sample())
	m := restore(t, def, held)
	text, err := json.Marshal(m.Snapshot())
	if err != nil {
		t.Fatal(err)
	}
	var snap fsm.Snapshot
	if err := json.Unmarshal(text, &snap); err != nil {
		t.Fatal(err)
	}
	again, err := def.Restore(snap)
	if err != nil {
		t.Fatal(err)
	}
	if again.State() != held || again.Snapshot() != m.Snapshot() {
		t.Errorf("got %+v, want %+v", again.Snapshot(), m.Snapshot())
	}
	if name, on := again.Deadline(); name != "hold" || on != tooLate {
		t.Errorf("the deadline to arm is %q on %q, want hold", name, on)
	}
}

func TestSnapshotsThatDoNotFitAreRefused(t *testing.T) {
	def := build(t, sample())
	for name, snap := range map[string]fsm.Snapshot{
		"of another table":    {Table: "another", State: string(held)},
		"of an unknown state": {Table: def.Name(), State: "nowhere"},
		"that is empty":       {},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := def.Restore(snap)
			var misfit *fsm.SnapshotError
			if m != nil || !errors.As(err, &misfit) || misfit.Snapshot != snap {
				t.Errorf("Restore gave %v, %v; want a SnapshotError", m, err)
			}
			kept := restore(t, def, copying)
			if err := kept.Reset(snap); !errors.As(err, &misfit) || kept.State() != copying {
				t.Errorf("Reset gave %v and state %q; want a SnapshotError and no change", err, kept.State())
			}
		})
	}
}

func TestACopiedMachineLivesItsOwnLife(t *testing.T) {
	m := restore(t, build(t, sample()), copying)
	twin := *m
	if _, err := m.Fire(facts{}, stop); err != nil {
		t.Fatal(err)
	}
	if out, err := twin.Fire(facts{}, tooLate); err != nil || out.To != held {
		t.Errorf("the copy: got %+v, %v", out, err)
	}
	if m.State() != end || twin.State() != held {
		t.Errorf("states are %q and %q, want %q and %q", m.State(), twin.State(), end, held)
	}
}

func TestChangingATableAfterBuildChangesNothing(t *testing.T) {
	tab := sample()
	def := build(t, tab)
	before := def.Markdown()
	spoil := func(tab table) {
		tab.States[1].Deadline = "changed"
		tab.Rows[0].Do[0] = "changed"
		tab.Rows[1].When[0] = fsm.Is("urgent")
		tab.Rows[8].From[0] = end
		tab.Ignored[1].In[0] = onOld
	}
	spoil(tab)
	spoil(def.Table())
	if def.Markdown() != before {
		t.Error("the definition changed with the table")
	}
	fsmtest.Equivalent(t, def)
}

func TestOneDefinitionServesManyGoroutines(t *testing.T) {
	def := build(t, sample())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				m := def.New()
				for _, on := range []signal{begin, record, tooLate, stop} {
					if _, err := m.Fire(facts{}, on); err != nil {
						t.Error(err)
					}
				}
				if !m.Final() {
					t.Errorf("machine is in %q, want %q", m.State(), end)
				}
			}
		})
	}
	wg.Wait()
}

func TestDefinitionsFindStatesByName(t *testing.T) {
	def := build(t, sample())
	if s, ok := def.State(held); !ok || s.Deadline != "hold" {
		t.Errorf("got %+v, %t", s, ok)
	}
	if s, ok := def.State("nowhere"); ok {
		t.Errorf("got %+v for a state that is not declared", s)
	}
}

func TestErrorsSayWhatWasExpectedAndWhatCame(t *testing.T) {
	for want, err := range map[string]error{
		`fsm: table "t" in state "s" was sent "e", which is not one of its events: declare the event or send another`: &fsm.UnknownEventError{Table: "t", State: "s", Event: "e"},
		`fsm: guard "g" of table "t" panicked in state "s" on "e": boom: a guard must answer for every context`:       &fsm.GuardError{Table: "t", State: "s", Event: "e", Guard: "g", Panic: "boom"},
		`fsm: table "t" in state "s" on "e": row 3 leads to "w", but the runtime is in "x": EOF`:                      &fsm.DivergedError{Table: "t", State: "s", Event: "e", Row: 3, Want: "w", Got: "x", Err: io.EOF},
		`fsm: table "t" cannot restore a snapshot of table "u"`:                                                       &fsm.SnapshotError{Table: "t", Snapshot: fsm.Snapshot{Table: "u", State: "s"}},
		`fsm: table "t" has no state "s": the snapshot was taken from another version of the table`:                   &fsm.SnapshotError{Table: "t", Snapshot: fsm.Snapshot{Table: "t", State: "s"}},
		`fsm: table "t": trap: state "s"`: &fsm.Defect{Table: "t", Kind: fsm.Trap, Text: `state "s"`},
	} {
		if got := err.Error(); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
}

func TestVerdictsAndTermsReadAsWords(t *testing.T) {
	for want, got := range map[string]string{
		"taken": fsm.Taken.String(), "ignored": fsm.Ignored.String(), "refused": fsm.Refused.String(),
		"Verdict(0)": fsm.Verdict(0).String(), "g": fsm.Is("g").String(), "not g": fsm.Not("g").String(),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
