package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/shardbaton/baton/fsm/lifecycle"
)

func TestTheGlueMeansSomethingByEveryGuardAndEffect(t *testing.T) {
	m, err := handover(handoverGlue, lifecycle.Move(), lifecycle.Shard())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(m.text, "#include") {
		t.Error("a table is not included")
	}
	checked := make(map[string]bool)
	for _, name := range regexp.MustCompile(`\b[ge]_(?:move|shard)_\w+\(me\)`).FindAllString(m.text, -1) {
		if !checked[name] && !strings.Contains(handoverGlue, "#define "+name) && !strings.Contains(handoverGlue, "inline "+name) {
			t.Errorf("handover.pml does not define %s", name)
		}
		checked[name] = true
	}
	if len(checked) == 0 {
		t.Error("the tables have no guards and no effects")
	}
}

func TestTheGlueDefinesNothingThatNoTableAsksFor(t *testing.T) {
	m, err := handover("#include \"move.pml\"\n#include \"shard.pml\"\n#include \"move.pml\"\n#include \"shard.pml\"\n", lifecycle.Move(), lifecycle.Shard())
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range regexp.MustCompile(`(?m)^(?:inline|#define) ([ge]_(?:move|shard)_\w+\(me\))`).FindAllStringSubmatch(handoverGlue, -1) {
		if !strings.Contains(m.text, found[1]) {
			t.Errorf("handover.pml defines %s, which no row uses", found[1])
		}
	}
}
