package core_test

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

// rapid's own default of 100 random lives is too few for what takes several steps
// in the right order; -rapid.checks asks for more.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "1000"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	flag.Parse()
	os.Exit(m.Run())
}
