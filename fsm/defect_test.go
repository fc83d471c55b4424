package fsm_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/shardbaton/baton/fsm"
)

type (
	table  = fsm.Table[phase, signal, facts]
	row    = fsm.Row[phase, signal]
	exempt = fsm.Exempt[phase, signal]
)

// mutant is one way to spoil the sample, what Build must find, and a part of what
// it must say.
type mutant struct {
	name  string
	spoil func(*table)
	want  []fsm.DefectKind
	text  string
}

// mutants spoil the sample, one defect each. The test fails unless Build finds
// every kind that is listed and no other.
func mutants() []mutant {
	return []mutant{
		{"a table without a name", func(t *table) { t.Name = " " }, kinds(fsm.MissingName), "the table needs a Name"},
		{"a state without a name", func(t *table) {
			t.States = append(t.States, fsm.State[phase, signal]{Doc: "Nameless.", Rest: true})
		}, kinds(fsm.MissingName), "state number 5 needs a Name"},
		{"an event without a name", func(t *table) {
			t.Events = append(t.Events, fsm.Event[signal]{Doc: "Nameless."})
		}, kinds(fsm.MissingName), "event number 4 needs a Name"},
		{"a state that is called like the wildcard", func(t *table) {
			t.States = append(t.States, fsm.State[phase, signal]{Name: fsm.Any, Doc: "Everything.", Rest: true})
		}, kinds(fsm.ReservedName), "stands for every other name"},
		{"an event that is called like the wildcard", func(t *table) {
			t.Events = append(t.Events, fsm.Event[signal]{Name: fsm.Any, Doc: "Everything."})
		}, kinds(fsm.ReservedName), "stands for every other name"},
		{"a table without a doc", func(t *table) { t.Doc = "" }, kinds(fsm.MissingDoc), "the table needs a Doc"},
		{"a state without a doc", func(t *table) { t.States[1].Doc = "" }, kinds(fsm.MissingDoc), "state"},
		{"an event without a doc", func(t *table) { t.Events[1].Doc = "\n" }, kinds(fsm.MissingDoc), `event "record" needs a Doc`},
		{"a guard without a doc", func(t *table) { t.Guards[1].Doc = "" }, kinds(fsm.MissingDoc), `guard "urgent" needs a Doc`},
		{"an effect without a doc", func(t *table) { t.Effects[1].Doc = "" }, kinds(fsm.MissingDoc), `effect "note" needs a Doc`},
		{"a row without a doc", func(t *table) { t.Rows[3].Doc = "" }, kinds(fsm.MissingDoc), `row 3 (on "record") needs a Doc`},
		{"an exemption without a reason", func(t *table) { t.Refused[1].Because = "" }, kinds(fsm.MissingDoc), "Refused 1 needs a Because"},
		{"a guard without a test", func(t *table) { t.Guards[0].Test = nil }, kinds(fsm.MissingTest), `guard "last; one" needs a Test`},

		{"a state that is declared twice", func(t *table) { t.States = append(t.States, t.States[0]) }, kinds(fsm.DuplicateName), `state "on old" is declared twice`},
		{"an event that is declared twice", func(t *table) { t.Events = append(t.Events, t.Events[0]) }, kinds(fsm.DuplicateName), "declared twice"},
		{"a guard that is declared twice", func(t *table) { t.Guards = append(t.Guards, t.Guards[0]) }, kinds(fsm.DuplicateName), "declared twice"},
		{"an effect that is declared twice", func(t *table) { t.Effects = append(t.Effects, t.Effects[0]) }, kinds(fsm.DuplicateName), "declared twice"},
		{"a source that is listed twice", func(t *table) { t.Rows[0].From = []phase{onOld, onOld} }, kinds(fsm.DuplicateName), `lists "on old" twice in From`},
		{"a term that is listed twice", func(t *table) {
			t.Rows[1].When = []fsm.Term{fsm.Not("last; one"), fsm.Not("last; one")}
		}, kinds(fsm.DuplicateName), `lists the term "not last; one" twice`},

		{"an unknown initial state", func(t *table) { t.Initial = "nowhere" }, kinds(fsm.UnknownName), `Initial names the state "nowhere"`},
		{"an unknown source", func(t *table) { t.Rows[5].From = append(t.Rows[5].From, "nowhere") }, kinds(fsm.UnknownName), `names the state "nowhere"`},
		{"an unknown target", func(t *table) { t.Rows[8].To = "nowhere" }, kinds(fsm.UnknownName, fsm.Trap), `names the state "nowhere"`},
		{"an unknown event in a row", func(t *table) {
			t.Rows = append(t.Rows, row{From: []phase{onOld}, On: "never", Doc: "Unknown."})
		}, kinds(fsm.UnknownName), `names the event "never"`},
		{"an unknown guard", func(t *table) { t.Rows[0].When = []fsm.Term{fsm.Is("sunny")} }, kinds(fsm.UnknownName), `names the guard "sunny"`},
		{"an unknown effect", func(t *table) { t.Rows[0].Do = append(t.Rows[0].Do, "dance") }, kinds(fsm.UnknownName), `names the effect "dance"`},
		{"an unknown state in an exemption", func(t *table) { t.Ignored[1].In = append(t.Ignored[1].In, "nowhere") }, kinds(fsm.UnknownName), `Ignored 1 In names the state "nowhere"`},
		{"an unknown event in an exemption", func(t *table) { t.Refused[1].On = append(t.Refused[1].On, "never") }, kinds(fsm.UnknownName), `Refused 1 On names the event "never"`},
		{"an unknown event of a deadline", func(t *table) { t.States[2].OnDeadline = "never" }, kinds(fsm.UnknownName), `OnDeadline names the event "never"`},

		{"a guard that no row uses", func(t *table) {
			t.Guards = append(t.Guards, fsm.Guard[facts]{Name: "idle", Doc: "Unused.", Test: func(facts) bool { return true }})
		}, kinds(fsm.UnusedName), `guard "idle" is declared, but no row uses it`},
		{"an effect that no row uses", func(t *table) {
			t.Effects = append(t.Effects, fsm.Effect{Name: "idle", Doc: "Unused."})
		}, kinds(fsm.UnusedName), `effect "idle"`},
		{"an event that no row takes", func(t *table) {
			t.Events = append(t.Events, fsm.Event[signal]{Name: "idle", Doc: "Unused."})
			t.Refused = append(t.Refused, exempt{In: []phase{fsm.Any}, On: []signal{"idle"}, Because: "Never."})
		}, kinds(fsm.UnusedName), `event "idle"`},

		{"a row without a source", func(t *table) {
			t.Rows = append(t.Rows, row{On: begin, To: end, Doc: "From nowhere."})
		}, kinds(fsm.EmptyList), "at least one name in From"},
		{"an exemption of no events", func(t *table) { t.Refused = append(t.Refused, exempt{In: []phase{end}, Because: "?"}) }, kinds(fsm.EmptyList), "at least one name in On"},
		{"an exemption in no state", func(t *table) { t.Ignored = append(t.Ignored, exempt{On: []signal{stop}, Because: "?"}) }, kinds(fsm.EmptyList), "at least one name in In"},

		{"a row that wants a guard both ways", func(t *table) {
			t.Rows = append(t.Rows, row{From: []phase{copying}, On: record, When: []fsm.Term{fsm.Is("urgent"), fsm.Not("urgent")}, Doc: "Never."})
		}, kinds(fsm.ContradictoryTerms), `wants the guard "urgent" both true and false`},
		{"a pair with eleven guards", func(t *table) {
			var all []fsm.Term
			for i := range fsm.MaxGuards + 1 {
				name := fmt.Sprint("guard ", i)
				t.Guards = append(t.Guards, fsm.Guard[facts]{Name: name, Doc: "One of many.", Test: func(facts) bool { return true }})
				all = append(all, fsm.Is(name))
			}
			t.Rows[0].When = all
		}, kinds(fsm.TooManyGuards), "mention 11 guards, at most 10"},
		{"two rows that match the same answers", func(t *table) { t.Rows[3].When = []fsm.Term{fsm.Is("last; one")} }, kinds(fsm.OverlappingRows), "rows 2 and 3 match {last; one=true, urgent=true}"},
		{"two rows without guards for one pair", func(t *table) {
			t.Rows = append(t.Rows, row{From: []phase{onOld}, On: begin, To: end, Doc: "Too."})
		}, kinds(fsm.OverlappingRows), "rows 0 and 9 match (there are no guards)"},
		{"answers that no row matches", func(t *table) {
			t.Rows[1].When = []fsm.Term{fsm.Not("last; one"), fsm.Is("urgent")}
		}, kinds(fsm.UncoveredGuards), "no row matches {last; one=false, urgent=false}"},

		{"a pair that nothing mentions", func(t *table) { t.Refused = t.Refused[:2] }, kinds(fsm.UnhandledPair), `state "on old" on "stop /* or */ not /*/"`},
		{"a final state with an event that nothing mentions", func(t *table) { t.Ignored[1].On = []signal{begin, record} }, kinds(fsm.UnhandledPair), `state "end" on "stop`},
		{"a pair that is taken and refused", func(t *table) { t.Refused[2].On = append(t.Refused[2].On, begin) }, kinds(fsm.ConflictingPair), "is taken by row 0"},
		{"a pair that is ignored and refused", func(t *table) {
			t.Ignored = append(t.Ignored, exempt{In: []phase{onOld}, On: []signal{stop}, Because: "Either."})
		}, kinds(fsm.ConflictingPair), "is exempted by Ignored 2 and by Refused 2"},
		{"a pair that two wildcards of equal rank claim", func(t *table) {
			t.Refused = append(t.Refused, exempt{In: []phase{end}, On: []signal{fsm.Any}, Because: "Either."})
		}, kinds(fsm.ConflictingPair), "is exempted by Ignored 1 and by Refused 3: name the pair to decide"},
		{"an exemption of everything", func(t *table) {
			t.Ignored = append(t.Ignored, exempt{In: []phase{fsm.Any}, On: []signal{fsm.Any}, Because: "Whatever."})
		}, kinds(fsm.BlanketExempt), "Ignored 2 exempts every pair"},
		{"a wildcard among names", func(t *table) { t.Ignored[1].On = []signal{fsm.Any, begin} }, kinds(fsm.BlanketExempt), "lists names beside Any"},
		{"a wildcard that covers nothing", func(t *table) {
			t.Ignored = append(t.Ignored, exempt{In: []phase{copying}, On: []signal{fsm.Any}, Because: "Nothing is left."})
		}, kinds(fsm.IdleExempt), "Ignored 2 covers no pair"},

		{"a state that no row leads to", func(t *table) { t.Rows[3].To = end }, kinds(fsm.Unreachable), "no rows lead from \"on old\" to"},
		{"a state that no row leaves", func(t *table) {
			t.Rows[8].From = []phase{copying, held}
			t.Refused = append(t.Refused, exempt{In: []phase{resting}, On: []signal{stop}, Because: "Trapped."})
		}, kinds(fsm.Trap), "is not final, but no row leaves it"},
		{"states that lead only to each other", func(t *table) {
			t.States = append(t.States, fsm.State[phase, signal]{Name: "limbo", Doc: "Round and round.", Rest: true})
			t.Rows[8].From = []phase{copying, held}
			t.Rows = append(t.Rows,
				row{From: []phase{resting}, On: stop, To: "limbo", Doc: "In."},
				row{From: []phase{"limbo"}, On: stop, To: resting, Doc: "Back."})
			t.Refused = append(t.Refused, exempt{In: []phase{"limbo"}, On: []signal{fsm.Any}, Because: "Limbo."})
		}, kinds(fsm.Endless), "no rows lead from \"limbo\" to a final state"},
		{"no final state", func(t *table) { t.States[4].Final, t.States[4].Rest = false, true }, kinds(fsm.NoFinal, fsm.Trap), "at least one state must be Final"},
		{"a row that starts in a final state", func(t *table) {
			t.Rows = append(t.Rows, row{From: []phase{end}, On: begin, To: onOld, Doc: "Again."})
		}, kinds(fsm.FinalWithRows), `starts in the final state "end"`},

		{"a final state that is at rest", func(t *table) { t.States[4].Rest = true }, kinds(fsm.MixedRest), `state "end" must be only one of`},
		{"a state at rest with a deadline", func(t *table) { t.States[1].Rest = true }, kinds(fsm.MixedRest), "must be only one of"},
		{"a final state with a deadline", func(t *table) { t.States[4].Deadline, t.States[4].OnDeadline = "late", tooLate }, kinds(fsm.MixedRest), "must be only one of"},
		{"a state that waits without a deadline", func(t *table) { t.States[3].Rest = false }, kinds(fsm.MissingDeadline), "give it a Deadline, or mark it Rest"},
		{"a deadline without an event", func(t *table) { t.States[2].OnDeadline = "" }, kinds(fsm.HalfDeadline), "needs both"},
		{"an event without its deadline", func(t *table) { t.States[1].Deadline = "" }, kinds(fsm.HalfDeadline, fsm.IdleRearm), "needs both"},
		{"a deadline whose event is ignored", func(t *table) { t.Rows[5].From = []phase{onOld} }, kinds(fsm.UnhandledDeadline), "which no row takes there"},
		{"a deadline after which a row neither leaves nor re-arms", func(t *table) { t.Rows[7].Rearm = false }, kinds(fsm.SpentDeadline), "neither leaves nor re-arms"},
		{"a deadline that only re-arms", func(t *table) { t.Rows[6].To, t.Rows[6].Rearm = held, true }, kinds(fsm.SpentDeadline), "so its deadline ends nothing"},
		{"a row that re-arms where it leaves", func(t *table) { t.Rows[0].Rearm = true }, kinds(fsm.IdleRearm), "row 0"},
		{"a row that re-arms a state at rest", func(t *table) {
			t.Rows = append(t.Rows, row{From: []phase{onOld}, On: record, Rearm: true, Doc: "Nothing is armed."})
			t.Refused[0].In = []phase{held, resting}
		}, kinds(fsm.IdleRearm), "row 9"},
	}
}

func TestEveryKindOfDefectHasAMutant(t *testing.T) {
	source, err := os.ReadFile("defect.go")
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string]bool)
	for _, m := range mutants() {
		for _, k := range m.want {
			found[string(k)] = true
		}
	}
	declared := regexp.MustCompile(`DefectKind = "(.+)"`).FindAllStringSubmatch(string(source), -1)
	if len(declared) == 0 {
		t.Fatal("found no kinds in defect.go")
	}
	for _, k := range declared {
		if !found[k[1]] {
			t.Errorf("no mutant has the defect %q", k[1])
		}
	}
}

func TestBuildReturnsEveryDefectAtOnce(t *testing.T) {
	spoiled := sample()
	spoiled.Name, spoiled.Initial = "", "nowhere"
	spoiled.States[3].Rest = false
	spoiled.Rows[1].When = nil
	spoiled.Refused = nil
	_, err := spoiled.Build()
	count := make(map[fsm.DefectKind]int)
	for _, d := range fsm.Defects(err) {
		count[d.Kind]++
	}
	want := map[fsm.DefectKind]int{
		fsm.MissingName: 1, fsm.UnknownName: 1, fsm.MissingDeadline: 1, fsm.OverlappingRows: 1, fsm.UnhandledPair: 6,
	}
	if !maps.Equal(count, want) {
		t.Errorf("defects by kind: got %v, want %v\n%v", count, want, err)
	}
	var first *fsm.Defect
	if !errors.As(err, &first) || first.Kind != fsm.MissingName {
		t.Errorf("errors.As gives %v, want the first defect", first)
	}
	if got := fsm.Defects(fmt.Errorf("at start: %w", err)); len(got) != 10 {
		t.Errorf("a wrapped error has %d defects, want 10", len(got))
	}
	if got := fsm.Defects(errors.New("unrelated")); got != nil {
		t.Errorf("an unrelated error has defects: %v", got)
	}
}

func TestAnEmptyTableIsNotBuilt(t *testing.T) {
	if _, err := (table{}).Build(); !errors.Is(err, fsm.NoFinal) {
		t.Errorf("got %v, want at least %q", err, fsm.NoFinal)
	}
}

func kinds(k ...fsm.DefectKind) []fsm.DefectKind { return k }

func TestBuildFindsTheDefectInEachMutantAndNothingElse(t *testing.T) {
	for _, m := range mutants() {
		t.Run(m.name, func(t *testing.T) {
			spoiled := sample()
			m.spoil(&spoiled)
			def, err := spoiled.Build()
			if err == nil || def != nil {
				t.Fatalf("Build gave %v, %v; want an error", def, err)
			}
			if !strings.Contains(err.Error(), m.text) {
				t.Errorf("the error does not say %q:\n%v", m.text, err)
			}
			want := make(map[fsm.DefectKind]bool)
			for _, k := range m.want {
				want[k] = true
				if !errors.Is(err, k) {
					t.Errorf("Build did not find %q:\n%v", k, err)
				}
			}
			for _, d := range fsm.Defects(err) {
				if !want[d.Kind] {
					t.Errorf("Build found something else: %v", d)
				}
				if d.Table != spoiled.Name {
					t.Errorf("defect names table %q, want %q", d.Table, spoiled.Name)
				}
			}
		})
	}
}
