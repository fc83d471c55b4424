package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shardbaton/baton/fsm"
	"github.com/shardbaton/baton/fsm/lifecycle"
)

// svg is the one format that another program draws.
const svg = "svg"

func (c *cli) diagramCommand() *cobra.Command {
	var table, format, output string
	tables, broken := lifecycle.All()
	names := make([]string, 0, len(tables))
	for _, t := range tables {
		names = append(names, t.Name())
	}
	cmd := &cobra.Command{
		Use:   "diagram",
		Short: "Draw the tables by which master and slaves work",
		Long: `Diagram draws the tables that run in the master and in the slaves: each arrow is
a row of them. Without --table it prints all of them, one after another.

The three kinds of Promela are models for the model checker SPIN: of each table by
itself, of each table with a clock and the properties that follow from its
deadlines, and of each table as a part that a glue written by hand joins to others.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if broken != nil {
				return broken
			}
			chosen := tables
			if at := slices.Index(names, table); at >= 0 {
				chosen = tables[at : at+1]
			} else if table != "" {
				return usagef("no table is called %q: want one of %s", table, strings.Join(names, ", "))
			}
			if format == svg && len(chosen) > 1 {
				return usagef("an SVG file has one drawing: choose it with --table")
			}
			text, err := draw(cmd.Context(), chosen, format)
			if err != nil {
				return err
			}
			if output != "" {
				return os.WriteFile(output, []byte(text), 0o644)
			}
			_, err = io.WriteString(c.out, text)
			return err
		},
	}
	cmd.Flags().StringVar(&table, "table", "", "the table to draw: "+strings.Join(names, ", ")+" (default: all; svg needs one)")
	completeFlag(cmd, "table", names)
	choiceFlag(cmd, &format, "format", "mermaid", []string{"mermaid", "dot", "markdown", "promela", "promela-timed", "promela-glued", svg}, "what to write")
	cmd.Flags().StringVarP(&output, "output", "o", "", "file to write to (default: standard output)")
	return cmd
}

// draw returns the tables in a format.
func draw(ctx context.Context, tables []lifecycle.Drawing, format string) (string, error) {
	if format == svg {
		return graphviz(ctx, tables[0].DOT())
	}
	by := map[string]func(lifecycle.Drawing) string{
		"mermaid": lifecycle.Drawing.Mermaid, "dot": lifecycle.Drawing.DOT, "markdown": lifecycle.Drawing.Markdown, "promela": lifecycle.Drawing.Promela,
		"promela-timed": func(d lifecycle.Drawing) string { return d.PromelaAs(fsm.PromelaTimed) },
		"promela-glued": func(d lifecycle.Drawing) string { return d.PromelaAs(fsm.PromelaGlued) },
	}[format]
	var texts []string
	for _, table := range tables {
		texts = append(texts, by(table))
	}
	return strings.Join(texts, "\n"), nil
}

// graphviz has Graphviz lay a graph out.
func graphviz(ctx context.Context, graph string) (string, error) {
	cmd := exec.CommandContext(ctx, "dot", "-T"+svg)
	cmd.Stdin = strings.NewReader(graph)
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	err := cmd.Run()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return "", errors.New("SVG needs Graphviz, whose program \"dot\" is not installed here: install it, or take another --format")
	case err != nil:
		return "", fmt.Errorf("dot, of Graphviz: %w: %s", err, strings.TrimSpace(complaints.String()))
	}
	return out.String(), nil
}
