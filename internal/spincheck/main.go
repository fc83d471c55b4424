package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/shardbaton/baton/fsm/lifecycle"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	failures, err := run(ctx, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "spincheck:", err)
	}
	for _, f := range failures {
		fmt.Fprintln(os.Stderr, f)
	}
	if err != nil || len(failures) > 0 {
		os.Exit(1)
	}
}

// run makes every check and returns what they found.
func run(ctx context.Context, out io.Writer) (failures []string, err error) {
	dir, err := os.MkdirTemp("", "spincheck")
	if err != nil {
		return nil, err
	}
	defer func() {
		if removed := os.RemoveAll(dir); err == nil {
			err = removed
		}
	}()
	tools, err := find(dir)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	defects := tableDefects()
	missed, err := tools.selfTest(ctx, defects)
	if err != nil || len(missed) > 0 {
		return missed, err
	}
	if _, err := fmt.Fprintf(out, "self-test: %d defects made, all found, in %.1f s\n\n", len(defects), time.Since(began).Seconds()); err != nil {
		return nil, err
	}

	tables, err := lifecycle.All()
	if err != nil {
		return nil, err
	}
	verdicts := make([]verdict, len(tables))
	err = each(ctx, len(tables), func(ctx context.Context, i int) (err error) {
		verdicts[i], err = tools.table(ctx, tables[i], recurring()[tables[i].Name()])
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, v := range verdicts {
		failures = append(failures, v.failures...)
	}
	return failures, list(out, verdicts)
}

// each calls check with every index below count, as many at a time as there are
// processors: compiling a model and searching it keep one busy.
func each(ctx context.Context, count int, check func(ctx context.Context, i int) error) error {
	all, ctx := errgroup.WithContext(ctx)
	all.SetLimit(runtime.NumCPU())
	for i := range count {
		all.Go(func() error { return check(ctx, i) })
	}
	return all.Wait()
}

// list writes a line for each search.
func list(out io.Writer, verdicts []verdict) error {
	lines := []string{"model\tproperty\trows\tstates\ttransitions\tseconds\t"}
	for _, v := range verdicts {
		for _, r := range v.results {
			lines = append(lines, fmt.Sprintf("%s\t%s\t%d\t%d\t%d\t%.2f\t",
				r.model.name, r.property(), r.model.rows(), r.states, r.transitions, r.took.Seconds()))
		}
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	if _, err := io.WriteString(table, strings.Join(lines, "\n")+"\n"); err != nil {
		return err
	}
	return table.Flush()
}
