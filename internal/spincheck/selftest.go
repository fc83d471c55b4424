package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/shardbaton/baton/fsm"
	"github.com/shardbaton/baton/fsm/lifecycle"
)

// defect is something wrong that is made on purpose.
type defect struct {
	name string
	// check looks for it.
	check func(context.Context, toolchain) ([]string, error)
	// want is what one of the failures has to say.
	want string
}

// selfTest makes every defect, and returns those that were not found.
func (t toolchain) selfTest(ctx context.Context, defects []defect) ([]string, error) {
	missed := make([]string, len(defects))
	err := each(ctx, len(defects), func(ctx context.Context, i int) error {
		d := defects[i]
		one := t
		one.dir = filepath.Join(t.dir, fmt.Sprintf("defect-%d", i))
		failures, err := d.check(ctx, one)
		if err != nil {
			return fmt.Errorf("self-test, %s: %w", d.name, err)
		}
		if !strings.Contains(strings.Join(failures, "\n"), d.want) {
			missed[i] = fmt.Sprintf("self-test, %s: want a failure with %q, got\n    %s", d.name, d.want, strings.Join(failures, "\n    "))
		}
		return nil
	})
	return slices.DeleteFunc(missed, func(text string) bool { return text == "" }), err
}

// tableDefects are those of a table by itself. A table that fsm refuses to build
// has no model, so those defects are made in the model of a table that is right.
func tableDefects() []defect {
	return []defect{
		{
			name: "a pair that nothing decides", want: "invalid end state",
			check: broken(fsm.PromelaFree, "", "        :: event == E_lamp_warm -> skip /* ignored: it is off */\n", ""),
		},
		{
			name: "an answer of a guard that no row takes", want: "invalid end state",
			check: broken(fsm.PromelaFree, "", "            :: !g_worn -> state = S_lamp_on /* row 1 */\n", ""),
		},
		{
			name: "a state that nothing leads to", want: "break, in S_lamp_broken",
			check: broken(fsm.PromelaFree, "", "state = S_lamp_broken /* row 2 */", "state = S_lamp_off /* row 2 */"),
		},
		{
			name: "a row that is never taken", want: "row 2 */, in S_lamp_warming",
			check: broken(fsm.PromelaFree, "", "if :: g_worn = true :: g_worn = false fi;", "if :: g_worn = false fi;"),
		},
		{
			name: "a deadline that ends nothing", want: "acceptance cycle",
			check: broken(fsm.PromelaTimed, "left_lamp", "(S_lamp_off, true, ", "(S_lamp_warming, true, false && "),
		},
		{
			name: "a row for a deadline that is never armed", want: "row 5 */, in S_lamp_on",
			check: whole(recurrence{}, func(t *lampTable) {
				t.Rows = append(t.Rows, lampRow{From: []string{"on"}, On: "too late", To: "off", Doc: "no deadline is armed here"})
			}),
		},
		{
			name: "waits that lead from one to the next for ever", want: "acceptance cycle",
			check: whole(recurrence{}, func(t *lampTable) {
				t.States = append(t.States, lampState{Name: "cooling", Deadline: "cool", OnDeadline: "too late", Doc: "Too warm to try again."})
				t.Rows[3].To = "cooling"
				t.Rows = append(t.Rows, lampRow{From: []string{"cooling"}, On: "too late", To: "warming", Doc: "another try"})
				t.Ignored = append(t.Ignored, lampExempt{In: []string{"cooling"}, On: []string{"switch", "warm"}, Because: "it is off"})
			}),
		},
		{
			name: "an exemption that is not needed", want: "is to be struck out",
			check: whole(recurrence{state: "S_lamp_warming", because: "it does not"}, func(*lampTable) {}),
		},
	}
}

type (
	lampTable  = fsm.Table[string, string, bool]
	lampState  = fsm.State[string, string]
	lampRow    = fsm.Row[string, string]
	lampExempt = fsm.Exempt[string, string]
)

// lamp is a table that is right.
func lamp() lampTable {
	return lampTable{
		Name: "lamp", Doc: "A lamp that has to warm up.", Initial: "off",
		States: []lampState{
			{Name: "off", Rest: true, Doc: "Dark."},
			{Name: "warming", Deadline: "warm up", OnDeadline: "too late", Doc: "Not bright yet."},
			{Name: "on", Rest: true, Doc: "Bright."},
			{Name: "broken", Final: true, Doc: "Of no use."},
		},
		Events: []fsm.Event[string]{
			{Name: "switch", Doc: "Somebody wants it."},
			{Name: "warm", Doc: "It is warm."},
			{Name: "too late", Doc: "It does not get warm."},
		},
		Guards: []fsm.Guard[bool]{{Name: "worn", Doc: "it has been on for too long", Test: func(worn bool) bool { return worn }}},
		Rows: []lampRow{
			{From: []string{"off"}, On: "switch", To: "warming", Doc: "wanted"},
			{From: []string{"warming"}, On: "warm", When: []fsm.Term{fsm.Not("worn")}, To: "on", Doc: "there it is"},
			{From: []string{"warming"}, On: "warm", When: []fsm.Term{fsm.Is("worn")}, To: "broken", Doc: "once too often"},
			{From: []string{"warming"}, On: "too late", To: "off", Doc: "perhaps the next time"},
			{From: []string{"on"}, On: "switch", To: "off", Doc: "not wanted"},
		},
		Ignored: []lampExempt{
			{In: []string{"off"}, On: []string{"warm"}, Because: "it is off"},
			{In: []string{"off", "on"}, On: []string{fsm.Any}, Because: "nothing to do"},
			{In: []string{"warming"}, On: []string{"switch"}, Because: "it is under way"},
			{In: []string{"broken"}, On: []string{fsm.Any}, Because: "it is broken"},
		},
	}
}

// whole checks the lamp with a change that fsm lets pass.
func whole(recurs recurrence, change func(*lampTable)) func(context.Context, toolchain) ([]string, error) {
	return func(ctx context.Context, t toolchain) ([]string, error) {
		table := lamp()
		change(&table)
		def, err := table.Build()
		if err != nil {
			return nil, err
		}
		v, err := t.table(ctx, lifecycle.Drawing(def), recurs)
		return v.failures, err
	}
}

// broken checks a model of the lamp in which one text stands instead of another.
func broken(form fsm.PromelaForm, claim, before, after string) func(context.Context, toolchain) ([]string, error) {
	return func(ctx context.Context, t toolchain) ([]string, error) {
		def, err := lamp().Build()
		if err != nil {
			return nil, err
		}
		text := def.PromelaAs(form)
		if strings.Count(text, before) != 1 {
			return nil, fmt.Errorf("want %q once in\n%s", before, text)
		}
		m := model{name: "lamp", text: strings.Replace(text, before, after, 1)}
		if claim != "" {
			m.claims = []string{claim}
		}
		results, err := t.check(ctx, m)
		if err != nil {
			return nil, err
		}
		return append(results[0].failures(), results[0].gaps()...), nil
	}
}
