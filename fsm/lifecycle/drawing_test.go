package lifecycle_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/shardbaton/baton/fsm/lifecycle"
)

//go:generate go test . -run TestDrawingsAreThoseOfTheTables -update

var update = flag.Bool("update", false, "rewrite the drawings under testdata/diagrams and in README.md")

const stale = "%s is stale: run make gen and look at the difference"

func TestDrawingsAreThoseOfTheTables(t *testing.T) {
	drawings, err := lifecycle.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range drawings {
		for ending, text := range map[string]string{"mmd": d.Mermaid(), "dot": d.DOT(), "md": d.Markdown(), "pml": d.Promela()} {
			name := d.Name() + "." + ending
			t.Run(name, func(t *testing.T) {
				sameAs(t, filepath.Join("..", "..", "testdata", "diagrams", name), []byte(text))
			})
		}
	}
	t.Run("README", func(t *testing.T) {
		const path = "../../README.md"
		readme, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range drawings {
			block := regexp.MustCompile(fmt.Sprintf("(?s)<!-- table: %s -->\n.*?<!-- end -->", d.Name()))
			if found := block.FindAllIndex(readme, -1); len(found) != 1 {
				t.Fatalf("README.md has %d places for the table %s, want 1", len(found), d.Name())
			}
			drawn := fmt.Sprintf("<!-- table: %s -->\n```mermaid\n%s```\n<!-- end -->", d.Name(), d.Mermaid())
			readme = block.ReplaceAllLiteral(readme, []byte(drawn))
		}
		sameAs(t, path, readme)
	})
}

// sameAs holds a file to what it should contain, or, with -update, writes it.
func sameAs(t *testing.T, path string, want []byte) {
	t.Helper()
	got, err := os.ReadFile(path)
	if bytes.Equal(got, want) && err == nil {
		return
	}
	if !*update {
		t.Fatalf(stale, path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, want, 0o644); err != nil {
		t.Fatal(err)
	}
}
