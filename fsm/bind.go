package fsm

import (
	"errors"
	"maps"
	"reflect"
	"slices"
)

// Bound holds the functions that implement the effects of a table, row by row.
type Bound[F any] struct {
	rows [][]F
}

// Bind pairs every effect of the table with its implementation, whatever the
// type of function the caller uses. The error joins a [*BindError] for each
// effect without an implementation, each implementation without an effect, and
// each nil.
func Bind[F any, S, E ~string, C any](d *Definition[S, E, C], effects map[string]F) (Bound[F], error) {
	var problems []error
	report := func(effect, problem string) {
		problems = append(problems, &BindError{Table: d.table.Name, Effect: effect, Problem: problem})
	}
	declared := make(map[string]bool)
	for _, e := range d.table.Effects {
		declared[e.Name] = true
		f, ok := effects[e.Name]
		switch {
		case !ok:
			report(e.Name, "has no implementation")
		case isNil(f):
			report(e.Name, "is implemented by nil")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(effects)) {
		if !declared[name] {
			report(name, "is not an effect of the table")
		}
	}
	if len(problems) > 0 {
		return Bound[F]{}, errors.Join(problems...)
	}
	b := Bound[F]{rows: make([][]F, len(d.table.Rows))}
	for i, row := range d.table.Rows {
		for _, name := range row.Do {
			b.rows[i] = append(b.rows[i], effects[name])
		}
	}
	return b, nil
}

// Of returns the functions of a row, in order: those of [Outcome].Row. For -1,
// the row of an outcome that was not taken, it returns nil.
func (b Bound[F]) Of(row int) []F {
	if row < 0 {
		return nil
	}
	return b.rows[row]
}

// isNil reports whether an implementation, of a type that only the caller knows,
// is nothing: a nil function, or a nil interface.
func isNil(f any) bool {
	v := reflect.ValueOf(f)
	return !v.IsValid() || v.Kind() == reflect.Func && v.IsNil()
}
