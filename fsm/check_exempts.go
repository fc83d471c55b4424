package fsm

import "fmt"

// claimSet answers which Exempts speak about a pair, by how specific they are.
type claimSet struct {
	// all has every Exempt once, in order.
	all []claim
	// pair holds those that name both sides, state and event those that name one.
	pair         map[[2]int][]claim
	state, event map[int][]claim
}

// claims sorts the table's Exempts.
func (c *checker) claims() *claimSet {
	set := &claimSet{
		pair:  make(map[[2]int][]claim),
		state: make(map[int][]claim),
		event: make(map[int][]claim),
	}
	for i, x := range c.t.Ignored {
		set.add(c, x, claim{verdict: Ignored, because: x.Because, place: fmt.Sprintf("Ignored %d", i)})
	}
	for i, x := range c.t.Refused {
		set.add(c, x, claim{verdict: Refused, because: x.Because, place: fmt.Sprintf("Refused %d", i)})
	}
	return set
}

// add files one Exempt under everything it names. Names that are not declared
// are defects already and are left out.
func (set *claimSet) add(c *checker, x Exempt[string, string], by claim) {
	by.id = len(set.all)
	set.all = append(set.all, by)
	for _, state := range x.In {
		s, knownState := c.plan.states[state]
		for _, event := range x.On {
			e, knownEvent := c.plan.events[event]
			switch {
			case knownState && knownEvent:
				set.pair[[2]int{s, e}] = append(set.pair[[2]int{s, e}], by)
			case knownState && event == Any:
				set.state[s] = append(set.state[s], by)
			case knownEvent && state == Any:
				set.event[e] = append(set.event[e], by)
			}
		}
	}
}

// of returns the claims that name the pair, and the most specific of the others.
func (set *claimSet) of(s, e int) (exact, general []claim) {
	general = set.state[s]
	if len(general) == 0 {
		general = set.event[e]
	}
	return set.pair[[2]int{s, e}], general
}

// wild returns the ids of the Exempts that use Any.
func (set *claimSet) wild() map[int]bool {
	ids := make(map[int]bool)
	for _, half := range []map[int][]claim{set.state, set.event} {
		for _, claims := range half {
			for _, one := range claims {
				ids[one.id] = true
			}
		}
	}
	return ids
}
