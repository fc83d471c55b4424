package core

import (
	"errors"
	"fmt"
	"slices"
)

// Plan says what an upgrade shall do. Its zero value replaces all slaves by as
// many new ones, with the same number of shards.
type Plan struct {
	// Slaves are those to replace, one to one. Empty: all, by as many as the
	// assignment of shards to slaves gives.
	Slaves []SlaveID
	// NumShards is the new number of shards. 0, or the present number: the shards
	// keep their sessions and are moved by RESUME. Another number replaces all
	// slaves by a soft start.
	NumShards int
	// Parallel is how many shards move at once. 0: Options.Parallel. Dialect 1
	// slaves move one at a time.
	Parallel int
	// Command is launched instead of the default from now on, relaunches included;
	// when the upgrade fails, relaunches stay with the earlier one.
	Command []string
}

// Validate returns one error, [ErrPlan], that names every contradiction in the
// plan itself, or nil.
func (p Plan) Validate() error {
	if err := p.contradictions(); err != nil {
		return fmt.Errorf("%w: %w", ErrPlan, err)
	}
	return nil
}

func (p Plan) contradictions() error {
	var errs []error
	if p.NumShards < 0 || p.NumShards > maxShards {
		errs = append(errs, fmt.Errorf("NumShards is %d: want 0 to keep the number, or up to %d", p.NumShards, maxShards))
	}
	if p.Parallel < 0 {
		errs = append(errs, fmt.Errorf("Parallel is %d: want 0 for the default, or more", p.Parallel))
	}
	for i, s := range p.Slaves {
		if s == "" || slices.Contains(p.Slaves[:i], s) {
			errs = append(errs, fmt.Errorf("Slaves[%d] is %q: want the id of a slave, each once", i, s))
		}
	}
	return errors.Join(errs...)
}

// clone copies the plan so that the caller's later changes do not reach it.
func (p Plan) clone() Plan {
	p.Slaves, p.Command = slices.Clone(p.Slaves), slices.Clone(p.Command)
	return p
}
