package simulate

import (
	"strings"
	"testing"
)

// TestDefects plants one defect at a time: the seeds must bring it to light, by the
// complaint that is its own.
func TestDefects(t *testing.T) {
	single(t)
	for planted, want := range map[defect]string{
		receivedSequence: "with a wrong state",
		earlySequence:    "with a wrong state",
		staleCopy:        "with a wrong state: record",
		holdsOn:          "starts it while",
		forgetful:        "without a reason",
		neverConnects:    "not every shard is served",
		ghostExit:        "starts it while",
		repeats:          "and again by",
		gatewayForgets:   "was lost",
	} {
		t.Run(string(planted), func(t *testing.T) {
			const patience = 100
			for s := uint64(1); s <= patience; s++ {
				scenario := draw(s)
				scenario.defect = planted
				r := run(t, s, scenario, nil)
				for _, v := range r.violations {
					if strings.Contains(v, want) {
						t.Logf("seed %d: %s", s, v)
						return
					}
				}
			}
			t.Errorf("no violation with %q in %d seeds", want, patience)
		})
	}
}
