package chaos

import (
	"strings"
	"testing"
	"time"
)

func TestALineSaysWhatCameOfACell(t *testing.T) {
	stopping := Phase{Move: true, State: "stopping"}
	for _, test := range []struct {
		name    string
		outcome Outcome
		want    []string
	}{
		{
			"all is well",
			Outcome{Cell: Cell{Victim: Old, Phase: stopping, Fault: Cut}, Reached: true, Upgrade: "done", Owners: "new 8", Dark: 120 * time.Millisecond},
			[]string{"old", "stopping", "cut", "done: new 8", "0.12", "| ok\n"},
		},
		{
			"bounds are broken",
			Outcome{Cell: Cell{Victim: New, Phase: stopping, Fault: Kill}, Reached: true, Upgrade: "failed", Lost: 3, Violations: []string{"3 lost", "1 orphaned"}, Note: "a note"},
			[]string{"failed", "FAIL 3 lost; 1 orphaned (a note)\n"},
		},
		{
			"the phase was not met",
			Outcome{Cell: Cell{Victim: New, Phase: stopping, Fault: Kill}, Upgrade: "done"},
			[]string{"not reached", "   - "},
		},
		{
			"a scenario",
			Outcome{Cell: Cell{Scenario: "nested arrays"}, Reached: true, Upgrade: "done"},
			[]string{"nested arrays  ", "| ok\n"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var text strings.Builder
			test.outcome.printLine(&text)
			for _, want := range test.want {
				if !strings.Contains(text.String(), want) {
					t.Errorf("%q is missing in %q", want, text.String())
				}
			}
		})
	}
}

func TestAReportSumsUp(t *testing.T) {
	met, missed := Phase{Move: true, State: "stopping"}, Phase{State: "sealing"}
	r := Report{Outcomes: []Outcome{
		{Cell: Cell{Victim: Old, Phase: met, Fault: Kill}, Reached: true, Sent: 10, Lost: 2, Recovery: time.Second, Violations: []string{"2 lost"}},
		{Cell: Cell{Victim: New, Phase: met, Fault: Kill}},
		{Cell: Cell{Victim: Old, Phase: missed, Fault: Kill}},
		{Cell: Cell{Victim: Old, Phase: met, Fault: Cut}, Reached: true, Sent: 10, Lost: 5, Unbound: true},
		{Cell: Checks()[0], Reached: true, Sent: 10, Lost: 7},
		{Cell: Cell{Scenario: "nested arrays"}, Reached: true, Sent: 10, Upgrade: "done"},
	}}
	r.sumUp()
	if r.Failed != 1 || r.Kept() || r.Unreached[0] != "sealing" || !strings.HasPrefix(r.Unreached[1], "handing over: a control link") {
		t.Errorf("got %+v", r)
	}
	var text strings.Builder
	if err := r.Print(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"6 run, 4 reached their phase, 1 FAILED", "20 sent, 2 lost", "recovery from a slave's death 1.00 s", "sealing",
		"16 MiB of nested arrays", "stack overflow, the process ends", "upgrade done; lost 0",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, text.String())
		}
	}
	if strings.Contains(text.String(), "check: lost") {
		t.Errorf("a check is among the scenarios:\n%s", text.String())
	}
}

func TestValidateNamesTheFlagOfEveryFieldThatIsWrong(t *testing.T) {
	if err := (Config{}).Validate(); err != nil {
		t.Errorf("the zero value: %v", err)
	}
	err := Config{Parallel: -1, Shards: 3, Guilds: -1, Rate: -1}.Validate()
	for _, want := range []string{"--parallel is -1", "--shards is 3: want at least 4", "--guilds is -1", "--rate is -1"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
}
