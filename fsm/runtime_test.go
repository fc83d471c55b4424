package fsm

import (
	"context"
	"errors"
	"testing"

	looplab "github.com/looplab/fsm"
)

// These tests show the traps of looplab/fsm v1.0.3 that this package steps
// around, and that it does step around them.

func TestLooplabLetsTheLastOfTwoEqualEntriesWinAndWeDoNot(t *testing.T) {
	loop := looplab.NewFSM("a", looplab.Events{
		{Name: "go", Src: []string{"a"}, Dst: "b"},
		{Name: "go", Src: []string{"a"}, Dst: "c"},
	}, nil)
	if err := loop.Event(context.Background(), "go"); err != nil || loop.Current() != "c" {
		t.Fatalf("looplab went to %q, %v: it no longer lets the last entry win", loop.Current(), err)
	}
	def := buildTwin(t, func(heads bool) bool { return heads })
	for heads, want := range map[bool]string{true: "b", false: "c"} {
		m := def.New()
		if out, err := m.Fire(heads, "go"); err != nil || out.To != want || m.State() != want {
			t.Errorf("heads=%t: got %+v, %v; want %q", heads, out, err, want)
		}
	}
	names := make(map[string]bool)
	for _, s := range def.plan.steps {
		if names[s.event] {
			t.Errorf("two steps are called %q in looplab", s.event)
		}
		names[s.event] = true
	}
}

func TestLooplabIsWedgedByACancelledContextAndWeAreNot(t *testing.T) {
	loop := looplab.NewFSM("a", looplab.Events{{Name: "go", Src: []string{"a"}, Dst: "b"}}, nil)
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if err := loop.Event(cancelled, "go"); err == nil {
		t.Fatal("looplab took the transition")
	}
	if err := loop.Event(context.Background(), "go"); !errors.As(err, &looplab.InTransitionError{}) {
		t.Fatalf("looplab says %v: it is no longer wedged", err)
	}
	// No context reaches looplab, so a guard that sees a cancelled one can only
	// choose between rows.
	def := buildTwin(t, func(context.Context) bool { return true })
	m := def.New()
	for _, want := range []string{"b", "b"} {
		if out, err := m.Fire(cancelled, "go"); err != nil || out.To != want {
			t.Errorf("got %+v, %v; want %q", out, err, want)
		}
	}
}

func TestLooplabIsWedgedByAPanicAndWeAreNot(t *testing.T) {
	loop := looplab.NewFSM("a", looplab.Events{{Name: "go", Src: []string{"a"}, Dst: "b"}}, looplab.Callbacks{
		"leave_a": func(context.Context, *looplab.Event) { panic("in a callback") },
	})
	func() {
		defer func() {
			if recover() == nil {
				t.Error("looplab swallowed the panic")
			}
		}()
		_ = loop.Event(context.Background(), "go")
	}()
	if err := loop.Event(context.Background(), "go"); !errors.As(err, &looplab.InTransitionError{}) {
		t.Fatalf("looplab says %v: it is no longer wedged", err)
	}
	angry := true
	def := buildTwin(t, func(int) bool {
		if angry {
			panic("in a guard")
		}
		return true
	})
	m := def.New()
	var guard *GuardError
	if _, err := m.Fire(0, "go"); !errors.As(err, &guard) || guard.Panic != "in a guard" || m.State() != "a" {
		t.Errorf("got %v in state %q, want a GuardError in a", err, m.State())
	}
	angry = false
	if out, err := m.Fire(0, "go"); err != nil || out.To != "b" {
		t.Errorf("after the panic: got %+v, %v", out, err)
	}
}

func TestAGuardThatFiresItsOwnMachineIsFoundOut(t *testing.T) {
	var m *Machine[string, string, int]
	def := buildTwin(t, func(depth int) bool {
		if depth > 0 {
			if _, err := m.Fire(depth-1, "go"); err != nil {
				t.Error(err)
			}
		}
		return true
	})
	m = def.New()
	if out, err := m.Fire(1, "go"); !errors.Is(err, ErrReentered) || m.State() != "b" {
		t.Errorf("got %+v, %v in state %q; want ErrReentered where the guard brought it", out, err, m.State())
	}
}

func TestADisagreementWithLooplabIsReportedAndForgotten(t *testing.T) {
	t.Run("looplab ends elsewhere", func(t *testing.T) {
		def := buildTwin(t, func(bool) bool { return true })
		step := &def.plan.runtimes.transitions[0]
		step.Dst = "c"
		m := def.New()
		var diverged *DivergedError
		if _, err := m.Fire(true, "go"); !errors.As(err, &diverged) || diverged.Want != "b" || diverged.Got != "c" {
			t.Errorf("got %v, want a DivergedError from b to c", err)
		}
		if m.State() != "a" {
			t.Errorf("the machine moved to %q", m.State())
		}
	})
	t.Run("looplab refuses", func(t *testing.T) {
		def := buildTwin(t, func(bool) bool { return true })
		good := def.plan.steps[0].event
		def.plan.steps[0].event = "unheard of"
		m := def.New()
		var diverged *DivergedError
		if _, err := m.Fire(true, "go"); !errors.As(err, &diverged) || !errors.As(err, &looplab.UnknownEventError{}) {
			t.Errorf("got %v, want a DivergedError around looplab's", err)
		}
		def.plan.steps[0].event = good
		if out, err := m.Fire(true, "go"); err != nil || out.To != "b" {
			t.Errorf("once looplab agrees again: got %+v, %v", out, err)
		}
	})
}

// buildTwin is a table with one guarded pair: "go" leads from a to b when the
// guard holds, else to c; in b and c it stays.
func buildTwin[C any](t *testing.T, heads func(C) bool) *Definition[string, string, C] {
	t.Helper()
	def, err := Table[string, string, C]{
		Name: "twin", Doc: "Two ways.", Initial: "a",
		States: []State[string, string]{
			{Name: "a", Doc: "The fork.", Rest: true},
			{Name: "b", Doc: "Heads.", Rest: true},
			{Name: "c", Doc: "Tails.", Rest: true},
			{Name: "end", Doc: "Over.", Final: true},
		},
		Events: []Event[string]{{Name: "go", Doc: "Go on."}, {Name: "stop", Doc: "Stop."}},
		Guards: []Guard[C]{{Name: "heads", Doc: "The coin fell so.", Test: heads}},
		Rows: []Row[string, string]{
			{From: []string{"a"}, On: "go", When: []Term{Is("heads")}, To: "b", Doc: "Heads."},
			{From: []string{"a"}, On: "go", When: []Term{Not("heads")}, To: "c", Doc: "Tails."},
			{From: []string{"b", "c"}, On: "go", Doc: "Decided."},
			{From: []string{"a", "b", "c"}, On: "stop", To: "end", Doc: "Enough."},
		},
		Ignored: []Exempt[string, string]{{In: []string{"end"}, On: []string{Any}, Because: "Over."}},
	}.Build()
	if err != nil {
		t.Fatal(err)
	}
	return def
}
