package fsm

import (
	"fmt"
	"strings"
)

// MaxGuards is how many different guards the rows of one state and event may
// mention: every truth assignment of them is tried.
const MaxGuards = 10

// checker collects the defects of a table, and the plan on the way.
type checker struct {
	t       plain
	plan    *plan
	guards  map[string]int
	effects map[string]int
	defects []error
}

// check returns the plan of a table, and every defect. The plan is usable only
// when there are no defects.
func check(t plain) (*plan, []error) {
	c := &checker{t: t, plan: &plan{runtimes: runtimes{initial: t.Initial}}}
	c.declarations()
	c.rows()
	c.exempts()
	c.usage()
	c.pairs()
	c.reach()
	c.deadlines()
	return c.plan, c.defects
}

// add notes a defect.
func (c *checker) add(kind DefectKind, format string, args ...any) {
	c.defects = append(c.defects, &Defect{Table: c.t.Name, Kind: kind, Text: fmt.Sprintf(format, args...)})
}

// declarations checks the names and docs of everything that is declared, and
// numbers it.
func (c *checker) declarations() {
	if strings.TrimSpace(c.t.Name) == "" {
		c.add(MissingName, "the table needs a Name")
	}
	c.doc(c.t.Doc, "the table")

	c.plan.states = make(map[string]int)
	for i, s := range c.t.States {
		c.declare(c.plan.states, "state", s.Name, s.Doc, i)
	}
	c.plan.events = make(map[string]int)
	for i, e := range c.t.Events {
		c.declare(c.plan.events, "event", e.Name, e.Doc, i)
	}
	c.guards = make(map[string]int)
	for i, g := range c.t.Guards {
		c.declare(c.guards, "guard", g.Name, g.Doc, i)
		if g.Test == nil {
			c.add(MissingTest, "guard %q needs a Test", g.Name)
		}
	}
	c.effects = make(map[string]int)
	for i, e := range c.t.Effects {
		c.declare(c.effects, "effect", e.Name, e.Doc, i)
	}

	c.plan.initial = c.known(c.plan.states, "state", c.t.Initial, "Initial")
}

// declare numbers one declaration. The first of two equal names keeps the number.
func (c *checker) declare(into map[string]int, what, name, doc string, index int) {
	place := fmt.Sprintf("%s %q", what, name)
	switch _, twice := into[name]; {
	case strings.TrimSpace(name) == "":
		c.add(MissingName, "%s number %d needs a Name", what, index)
	case name == Any:
		c.add(ReservedName, "%s stands for every other name: choose another", place)
	case twice:
		c.add(DuplicateName, "%s is declared twice", place)
	default:
		into[name] = index
	}
	c.doc(doc, place)
}

// doc checks that something is documented.
func (c *checker) doc(text, place string) {
	if strings.TrimSpace(text) == "" {
		c.add(MissingDoc, "%s needs a Doc", place)
	}
}

// known returns the number of a declared name, or -1 after noting the defect.
func (c *checker) known(names map[string]int, what, name, place string) int {
	if i, ok := names[name]; ok {
		return i
	}
	c.add(UnknownName, "%s names the %s %q, which is not declared", place, what, name)
	return -1
}

// distinct checks a list of names for emptiness and repetition.
func (c *checker) distinct(names []string, list, place string) {
	if len(names) == 0 {
		c.add(EmptyList, "%s needs at least one name in %s", place, list)
	}
	seen := make(map[string]bool)
	for _, n := range names {
		if seen[n] {
			c.add(DuplicateName, "%s lists %q twice in %s", place, n, list)
		}
		seen[n] = true
	}
}

// row names a row in a defect.
func (c *checker) row(i int) string { return fmt.Sprintf("row %d (on %q)", i, c.t.Rows[i].On) }

// rows checks every row by itself.
func (c *checker) rows() {
	for i, r := range c.t.Rows {
		place := c.row(i)
		c.distinct(r.From, "From", place)
		for _, from := range r.From {
			c.known(c.plan.states, "state", from, place)
		}
		c.known(c.plan.events, "event", r.On, place)
		if r.To != "" {
			c.known(c.plan.states, "state", r.To, place)
		}
		wanted := make(map[string]bool)
		for _, term := range r.When {
			c.known(c.guards, "guard", term.Guard, place)
			negated, before := wanted[term.Guard]
			switch {
			case before && negated == term.Negated:
				c.add(DuplicateName, "%s lists the term %q twice in When", place, term)
			case before:
				c.add(ContradictoryTerms, "%s wants the guard %q both true and false, so it never matches", place, term.Guard)
			}
			wanted[term.Guard] = term.Negated
		}
		for _, effect := range r.Do {
			c.known(c.effects, "effect", effect, place)
		}
		c.doc(r.Doc, place)
	}
}

// exempts checks every Exempt by itself.
func (c *checker) exempts() {
	c.exemptList("Ignored", c.t.Ignored)
	c.exemptList("Refused", c.t.Refused)
}

func (c *checker) exemptList(list string, exempts []Exempt[string, string]) {
	for i, x := range exempts {
		place := fmt.Sprintf("%s %d", list, i)
		c.distinct(x.In, "In", place)
		c.distinct(x.On, "On", place)
		anyState := c.exemptNames(c.plan.states, "state", x.In, place+" In")
		anyEvent := c.exemptNames(c.plan.events, "event", x.On, place+" On")
		if anyState && anyEvent {
			c.add(BlanketExempt, "%s exempts every pair: name the states or the events", place)
		}
		if strings.TrimSpace(x.Because) == "" {
			c.add(MissingDoc, "%s needs a Because", place)
		}
	}
}

// exemptNames checks one side of an Exempt and reports whether it is Any.
func (c *checker) exemptNames(names map[string]int, what string, list []string, place string) (wild bool) {
	for _, n := range list {
		if n == Any {
			wild = true
			continue
		}
		c.known(names, what, n, place)
	}
	if wild && len(list) > 1 {
		c.add(BlanketExempt, "%s lists names beside Any, which says nothing: leave one of them out", place)
	}
	return wild
}

// usage finds guards, effects and events that no row uses.
func (c *checker) usage() {
	used := map[string]map[string]bool{"guard": {}, "effect": {}, "event": {}}
	for _, r := range c.t.Rows {
		used["event"][r.On] = true
		for _, term := range r.When {
			used["guard"][term.Guard] = true
		}
		for _, effect := range r.Do {
			used["effect"][effect] = true
		}
	}
	unused := func(declared map[string]int, what, name string) {
		if _, named := declared[name]; named && !used[what][name] {
			c.add(UnusedName, "%s %q is declared, but no row uses it", what, name)
		}
	}
	for _, g := range c.t.Guards {
		unused(c.guards, "guard", g.Name)
	}
	for _, e := range c.t.Effects {
		unused(c.effects, "effect", e.Name)
	}
	for _, e := range c.t.Events {
		unused(c.plan.events, "event", e.Name)
	}
}
