package fsm_test

import "github.com/shardbaton/baton/fsm"

// The sample is a small table in which everything occurs: guards, internal
// steps, deadlines that are armed anew, both kinds of wildcards, and names that
// every drawing has to escape.
type (
	phase  string
	signal string
	facts  struct{ last, urgent bool }
)

const (
	onOld   phase = "on old"
	copying phase = `copying "A|B"; 50% \ <b>&amp;#1</b>`
	held    phase = "on-old"
	resting phase = "zürück: [*] --> *ende* 🚚"
	end     phase = "end"

	begin   signal = "begin: now; then"
	record  signal = "record"
	tooLate signal = "copy\ntimed `out`"
	stop    signal = "stop /* or */ not /*/"
)

func sample() fsm.Table[phase, signal, facts] {
	return fsm.Table[phase, signal, facts]{
		Name:    `sample "1" | table`,
		Doc:     "A hand-over in miniature. */ It\nhas <nasty> names.",
		Initial: onOld,
		States: []fsm.State[phase, signal]{
			{Name: onOld, Doc: "The old owner runs; begin starts the copy.", Rest: true},
			{Name: copying, Doc: "Records arrive | until the last.", Deadline: "copy: deadline", OnDeadline: tooLate},
			{Name: held, Doc: "Waits for a stop.", Deadline: "hold", OnDeadline: tooLate},
			{Name: resting, Doc: "Nothing is owed.", Rest: true},
			{Name: end, Doc: "Over.", Final: true},
		},
		Events: []fsm.Event[signal]{
			{Name: begin, Doc: "The operator asks."},
			{Name: record, Doc: "One record came."},
			{Name: tooLate, Doc: "A deadline passed."},
			{Name: stop, Doc: "The operator has had enough."},
		},
		Guards: []fsm.Guard[facts]{
			{Name: "last; one", Doc: "The record is the last one.", Test: func(f facts) bool { return f.last }},
			{Name: "urgent", Doc: "Nobody wants to wait.", Test: func(f facts) bool { return f.urgent }},
		},
		Effects: []fsm.Effect{
			{Name: "send #go", Doc: "Tells the peer."},
			{Name: "note", Doc: "Writes the record down."},
		},
		Rows: []fsm.Row[phase, signal]{
			{From: []phase{onOld}, On: begin, To: copying, Do: []string{"send #go"}, Doc: "The copy starts."},
			{From: []phase{copying}, On: record, When: []fsm.Term{fsm.Not("last; one")}, Rearm: true, Do: []string{"note"}, Doc: "Progress was made."},
			{From: []phase{copying}, On: record, When: []fsm.Term{fsm.Is("last; one"), fsm.Is("urgent")}, To: end, Do: []string{"note", "send #go"}, Doc: "The last record, and no time for a rest."},
			{From: []phase{copying}, On: record, When: []fsm.Term{fsm.Is("last; one"), fsm.Not("urgent")}, To: resting, Do: []string{"note"}, Doc: "The last record."},
			{From: []phase{copying}, On: begin, To: copying, Doc: "Asked again: nothing changes, and the deadline runs on."},
			{From: []phase{copying}, On: tooLate, To: held, Doc: "No progress."},
			{From: []phase{held}, On: tooLate, When: []fsm.Term{fsm.Is("urgent")}, To: end, Doc: "Held long enough."},
			{From: []phase{held}, On: tooLate, When: []fsm.Term{fsm.Not("urgent")}, Rearm: true, Doc: "Held a while longer."},
			{From: []phase{copying, held, resting}, On: stop, To: end, Do: []string{"send #go"}, Doc: "An end can be asked for at any time."},
		},
		Ignored: []fsm.Exempt[phase, signal]{
			{In: []phase{fsm.Any}, On: []signal{tooLate}, Because: "The deadline passed while it was being disarmed."},
			{In: []phase{end}, On: []signal{fsm.Any}, Because: "It is over."},
		},
		Refused: []fsm.Exempt[phase, signal]{
			{In: []phase{onOld, held, resting}, On: []signal{record}, Because: "Records | come only\nwhile copying."},
			{In: []phase{held, resting}, On: []signal{begin}, Because: "It has begun."},
			{In: []phase{onOld}, On: []signal{stop}, Because: "There is nothing to stop."},
		},
	}
}
