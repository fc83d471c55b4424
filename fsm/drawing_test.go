package fsm_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/shardbaton/baton/fsm"
)

//go:generate go test . -run TestDrawingsAreThose -update

var update = flag.Bool("update", false, "rewrite the golden files under testdata/fsm")

func TestDrawingsAreThoseOfTheGoldenFiles(t *testing.T) {
	def, err := sample().Build()
	if err != nil {
		t.Fatal(err)
	}
	for name, draw := range map[string]func() string{
		"sample.mmd":       def.Mermaid,
		"sample.dot":       def.DOT,
		"sample.md":        def.Markdown,
		"sample.pml":       def.Promela,
		"sample.timed.pml": func() string { return def.PromelaAs(fsm.PromelaTimed) },
		"sample.glued.pml": func() string { return def.PromelaAs(fsm.PromelaGlued) },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("..", "testdata", "fsm", name)
			got := draw()
			if *update {
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("%v: run go test ./fsm -update", err)
			}
			if got != string(want) {
				t.Errorf("%s is stale: run go test ./fsm -update and look at the difference\ngot:\n%s", path, got)
			}
		})
	}
}

func TestDrawingTheSameTableTwiceGivesTheSameText(t *testing.T) {
	first, err := sample().Build()
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		again, err := sample().Build()
		if err != nil {
			t.Fatal(err)
		}
		for i, pair := range [][2]string{
			{first.Mermaid(), again.Mermaid()},
			{first.DOT(), again.DOT()},
			{first.Markdown(), again.Markdown()},
			{first.Promela(), again.Promela()},
			{first.PromelaAs(fsm.PromelaTimed), again.PromelaAs(fsm.PromelaTimed)},
			{first.PromelaAs(fsm.PromelaGlued), again.PromelaAs(fsm.PromelaGlued)},
		} {
			if pair[0] != pair[1] {
				t.Fatalf("drawing %d differs:\n%s\n%s", i, pair[0], pair[1])
			}
		}
	}
}
