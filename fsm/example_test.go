package fsm_test

import (
	"fmt"

	"github.com/shardbaton/baton/fsm"
)

// A door that closes by itself, unless it is blocked.
func Example() {
	type state string
	type event string
	type door struct{ blocked bool }

	def, err := fsm.Table[state, event, door]{
		Name: "door", Doc: "One door, from its first opening until it is removed.", Initial: "closed",
		States: []fsm.State[state, event]{
			{Name: "closed", Doc: "Nobody passes; a push opens it.", Rest: true},
			{Name: "open", Doc: "People pass until it falls shut.", Deadline: "fall shut", OnDeadline: "time is up"},
			{Name: "removed", Doc: "There is no door any more.", Final: true},
		},
		Events: []fsm.Event[event]{
			{Name: "push", Doc: "Somebody pushes."},
			{Name: "time is up", Doc: "The door has been open long enough."},
			{Name: "remove", Doc: "A carpenter comes."},
		},
		Guards: []fsm.Guard[door]{
			{Name: "blocked", Doc: "Somebody stands in the way.", Test: func(d door) bool { return d.blocked }},
		},
		Effects: []fsm.Effect{{Name: "squeak", Doc: "The hinges squeak."}},
		Rows: []fsm.Row[state, event]{
			{From: []state{"closed"}, On: "push", To: "open", Do: []string{"squeak"}, Doc: "A push opens."},
			{From: []state{"open"}, On: "time is up", When: []fsm.Term{fsm.Not("blocked")}, To: "closed", Do: []string{"squeak"}, Doc: "It falls shut."},
			{From: []state{"open"}, On: "time is up", When: []fsm.Term{fsm.Is("blocked")}, Rearm: true, Doc: "It waits once more."},
			{From: []state{"closed", "open"}, On: "remove", To: "removed", Doc: "The carpenter is quick."},
		},
		Ignored: []fsm.Exempt[state, event]{
			{In: []state{"open"}, On: []event{"push"}, Because: "It is open already."},
			{In: []state{"closed"}, On: []event{"time is up"}, Because: "It was shut by hand in time."},
		},
		Refused: []fsm.Exempt[state, event]{
			{In: []state{"removed"}, On: []event{fsm.Any}, Because: "There is no door."},
		},
	}.Build()
	if err != nil {
		fmt.Println(err) // every defect of the table
		return
	}

	m := def.New()
	for _, step := range []struct {
		door door
		on   event
	}{{door{}, "push"}, {door{blocked: true}, "time is up"}, {door{}, "push"}, {door{}, "time is up"}} {
		out, err := m.Fire(step.door, step.on)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: %s -> %s, do %v, arm %q: %s\n", out.Verdict, out.From, out.To, out.Effects, out.Deadline, out.Because)
	}
	fmt.Print(def.Mermaid())

	// Output:
	// taken: closed -> open, do [squeak], arm "fall shut": A push opens.
	// taken: open -> open, do [], arm "fall shut": It waits once more.
	// ignored: open -> open, do [], arm "": It is open already.
	// taken: open -> closed, do [squeak], arm "": It falls shut.
	// stateDiagram-v2
	//     state "closed" as s_closed
	//     state "open" as s_open
	//     state "removed" as s_removed
	//     [*] --> s_closed
	//     s_closed --> s_open : push / squeak
	//     s_open --> s_closed : time is up #91;not blocked#93; / squeak (deadline fall shut)
	//     s_open --> s_open : time is up #91;blocked#93; (deadline fall shut)
	//     s_closed --> s_removed : remove
	//     s_open --> s_removed : remove
	//     s_removed --> [*]
}

// Effects are bound to functions once, and nothing is left without one.
func ExampleBind() {
	def, err := sample().Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = fsm.Bind(def, map[string]func(to string){
		"note": func(to string) { fmt.Println("noted for", to) },
	})
	fmt.Println(err)

	bound, err := fsm.Bind(def, map[string]func(to string){
		"note":     func(to string) { fmt.Println("noted for", to) },
		"send #go": func(to string) { fmt.Println("sent to", to) },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := def.New().Fire(facts{}, begin)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, do := range bound.Of(out.Row) {
		do("shard 3")
	}
	// Output:
	// fsm: table "sample \"1\" | table": effect "send #go" has no implementation
	// sent to shard 3
}
