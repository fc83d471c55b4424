package main

import (
	"context"
	"errors"
	"flag"
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
	dir := flag.String("dir", "", "a folder in which the models are left (default: one that is removed)")
	cuts := flag.Int("cuts", 1, "how often a link may be cut, or a lease run out, in the hand-over")
	flag.Parse()
	failures, err := run(ctx, os.Stdout, *dir, *cuts)
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
func run(ctx context.Context, out io.Writer, dir string, cuts int) (failures []string, err error) {
	if dir == "" {
		if dir, err = os.MkdirTemp("", "spincheck"); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	tools, err := find(dir)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	defects := append(tableDefects(), handoverDefects()...)
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
	// The hand-over takes the longest, so it begins first; it is listed last.
	verdicts := make([]verdict, len(tables)+1)
	err = each(ctx, len(verdicts), func(ctx context.Context, i int) (err error) {
		if i == 0 {
			verdicts[len(tables)], err = tools.handover(ctx, cuts)
		} else {
			verdicts[i-1], err = tools.table(ctx, tables[i-1], recurring()[tables[i-1].Name()])
		}
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

// list writes a line for each search, and the rows that one did not come to.
func list(out io.Writer, verdicts []verdict) error {
	lines := []string{"model\tproperty\trows\tstates\ttransitions\tseconds\t"}
	var notes []string
	for _, v := range verdicts {
		for _, r := range v.results {
			reached, missed := r.model.rows(r.unreached)
			lines = append(lines, fmt.Sprintf("%s\t%s\t%d/%d\t%d\t%d\t%.2f\t", r.model.name, r.property(),
				len(reached), len(reached)+len(missed), r.states, r.transitions, r.took.Seconds()))
			if len(missed) > 0 {
				notes = append(notes, fmt.Sprintf("%s: rows not taken: %s\n", r.model.name, strings.Join(missed, ", ")))
			}
		}
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, err1 := io.WriteString(table, strings.Join(lines, "\n")+"\n")
	err2 := table.Flush()
	_, err3 := io.WriteString(out, strings.Join(notes, ""))
	return errors.Join(err1, err2, err3)
}
