// Package perturb finds fields that a function of a value does not look at.
package perturb

import (
	"fmt"
	"reflect"
	"strings"
	"unsafe"
)

// Blind changes every field that can be reached from the value that root points to,
// exported or not, one at a time, and returns the names of those whose change look
// does not notice, as "type.field". The value is as it was afterwards.
//
// A field is changed in every way in which its type allows: numbers grow, texts and
// slices get longer, pointers and interfaces become nil, flags turn. What is behind a
// pointer, in a slice or in a struct is changed as well; what is behind an interface
// or in a map is not. leave names the fields that are left alone, with what is behind
// them, and the returned stale are those of them that do not exist.
func Blind(root any, look func() string, leave map[string]string) (blind, stale []string) {
	b := &blinder{look: look, leave: leave, met: make(map[string]bool), seen: make(map[string]bool), visited: make(map[uintptr]bool)}
	b.value(reflect.ValueOf(root).Elem())
	for name := range leave {
		if !b.met[name] {
			stale = append(stale, name)
		}
	}
	return b.blind, stale
}

type blinder struct {
	look    func() string
	leave   map[string]string
	met     map[string]bool
	seen    map[string]bool // fields that were reported
	visited map[uintptr]bool
	blind   []string
}

// value goes into what a value holds.
func (b *blinder) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			b.field(v.Type(), v.Type().Field(i), open(v.Field(i)))
		}
	case reflect.Pointer:
		if !v.IsNil() && !b.visited[v.Pointer()] {
			b.visited[v.Pointer()] = true
			b.value(v.Elem())
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			b.value(open(v.Index(i)))
		}
	}
}

func (b *blinder) field(t reflect.Type, f reflect.StructField, v reflect.Value) {
	name := strings.SplitN(t.Name(), "[", 2)[0] + "." + f.Name
	if b.leave[name] != "" {
		b.met[name] = true
		return
	}
	before, _ := b.sees()
	was := reflect.New(v.Type()).Elem()
	was.Set(v)
	if change(v) {
		if after, ok := b.sees(); ok && after == before && !b.seen[name] {
			b.seen[name] = true
			b.blind = append(b.blind, name)
		}
	}
	v.Set(was)
	b.value(v)
}

// sees looks at the value. A look that breaks down because of a change has noticed it.
func (b *blinder) sees() (seen string, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	return b.look(), true
}

// change gives a value another one, and reports whether there is another.
func change(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(v.Int() + 1)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(v.Uint() + 1)
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Slice:
		if v.Len() > 0 {
			v.Set(v.Slice(0, v.Len()-1))
		} else {
			v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
		}
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return false
		}
		v.SetZero()
	case reflect.Array:
		return v.Len() > 0 && change(open(v.Index(0)))
	case reflect.Map, reflect.Func:
		if v.IsNil() {
			return false
		}
		v.SetZero()
	default:
		return false // a struct: its fields are changed one by one
	}
	return true
}

// open makes a field that is not exported settable.
func open(v reflect.Value) reflect.Value {
	if v.CanSet() {
		return v
	}
	return reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
}

// Explain says what to do about a blind field.
func Explain(name string) string {
	return fmt.Sprintf("%s is not in the fingerprint: write it in fingerprint.go, or list it in the test with the reason why it decides nothing", name)
}
