package chaos

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Run plays the cells of cfg, prints a line for each on cfg.Out as it ends, and
// returns what they have shown; a cell that could not be played has failed, too. When
// the context ends, everything that was started is ended and the context's cause is
// returned.
func Run(ctx context.Context, cfg Config) (Report, error) {
	if err := cfg.Validate(); err != nil {
		return Report{}, err
	}
	cfg, err := cfg.WithDefaults()
	if err != nil {
		return Report{}, err
	}
	if err := emptyDir(cfg.Keep); err != nil {
		return Report{}, err
	}
	began := time.Now()
	report := Report{Outcomes: make([]Outcome, len(cfg.Cells)), Unreached: []string{}}
	printHead(cfg.Out)
	var out sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(cfg.Parallel)
	for i, cell := range cfg.Cells {
		group.Go(func() error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			outcome, err := runCell(ctx, cfg, cell)
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if err != nil {
				outcome.violate("the cell could not be played: %v", err)
			}
			report.Outcomes[i] = outcome
			out.Lock()
			defer out.Unlock()
			outcome.printLine(cfg.Out)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return Report{}, err
	}
	report.sumUp()
	report.Seconds = time.Since(began).Seconds()
	return report, nil
}

// sumUp fills in what follows from the outcomes.
func (r *Report) sumUp() {
	seen := make(map[string]bool)
	for _, o := range r.Outcomes {
		if o.Scenario == "" {
			seen[o.Phase.String()] = seen[o.Phase.String()] || o.Reached
		}
		if len(o.Violations) > 0 {
			r.Failed++
		}
	}
	for _, phase := range Phases() {
		reached, asked := seen[phase.String()]
		switch why := courseTo(phase).never; {
		case why != "":
			r.Unreached = append(r.Unreached, phase.String()+": "+why)
		case asked && !reached:
			r.Unreached = append(r.Unreached, phase.String())
		}
	}
}

// emptyDir returns an error when there is something in the directory.
func emptyDir(dir string) error {
	if dir == "" {
		return nil
	}
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return err
	case len(entries) > 0:
		return fmt.Errorf("%s is not empty: what two runs leave must not mix; name another directory", dir)
	}
	return nil
}

// keepFailed leaves the logs and ledgers of a cell where the config says.
func keepFailed(b *bed, cell Cell) error {
	if b.cfg.Keep == "" {
		return nil
	}
	return b.keep(filepath.Join(b.cfg.Keep, cell.file()))
}
