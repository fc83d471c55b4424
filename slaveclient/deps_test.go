package slaveclient_test

import (
	"os/exec"
	"strings"
	"testing"
)

// A bot that imports the SDK inherits what the SDK imports, so that is a promise.
func TestTheSDKPullsInNothingButWhatItPromises(t *testing.T) {
	allowed := []string{
		"github.com/shardbaton/baton/",
		"github.com/looplab/fsm",
		"github.com/vmihailenco/msgpack/v5",
		"github.com/vmihailenco/tagparser/v2",
		"go.uber.org/zap",
		"go.uber.org/multierr",
	}
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, path := range strings.Fields(string(out)) {
		first, _, _ := strings.Cut(path, "/")
		if !strings.Contains(first, ".") {
			continue // the standard library
		}
		known := false
		for _, prefix := range allowed {
			if strings.HasPrefix(path, prefix) {
				known, seen[prefix] = true, true
			}
		}
		if !known {
			t.Errorf("the SDK depends on %s", path)
		}
		if strings.HasPrefix(path, "github.com/shardbaton/baton/master") {
			t.Errorf("the SDK depends on the master: %s", path)
		}
	}
	for _, prefix := range allowed {
		if !seen[prefix] {
			t.Errorf("the SDK does not depend on %s any more: take it off the list", prefix)
		}
	}
}
