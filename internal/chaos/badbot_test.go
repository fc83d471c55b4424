package chaos

import (
	"slices"
	"testing"
)

func TestEveryBadBotHasACellInBothMatrices(t *testing.T) {
	cells := BadBots()
	if len(cells) != len(badBots(Config{})) {
		t.Errorf("%d cells for %d bad bots", len(cells), len(badBots(Config{})))
	}
	full, short := Full(), Short()
	for _, cell := range cells {
		bad, ok := badBotOf(cell, Config{Shards: 8})
		if !ok || bad.misbehave == "" || bad.within <= 0 {
			t.Errorf("%s plays %+v", cell, bad)
		}
		if !slices.Contains(full, cell) || !slices.Contains(short, cell) {
			t.Errorf("%s is not in both matrices", cell)
		}
		if _, played := scenarioOf(cell); played {
			t.Errorf("%s has a scenario's name", cell)
		}
	}
	for _, cell := range append(Scenarios(), Checks()...) {
		if bad, ok := badBotOf(cell, Config{Shards: 8}); ok {
			t.Errorf("%s has the name of %+v", cell, bad)
		}
	}
}
