package core

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
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

	// Canary is how many shards move before the rest, the first ones; CanaryShards
	// names them instead. 0 and none: no canary.
	Canary       int
	CanaryShards []int
	// Hold is how long the canary is watched before the rest moves. 0: not at all.
	Hold time.Duration
	// Healthy is for how long the new slaves must have been healthy, without a break,
	// before the rest moves and before the old ones are shut down. 0: they must be
	// healthy at that moment.
	Healthy time.Duration
	// Progress bounds the wait for the next shard to arrive; it does not run while the
	// upgrade is paused. 0: Deadlines.Progress.
	Progress time.Duration
	// Total bounds the upgrade, pauses included, up to the point where it is done or
	// begins to go back. 0: Deadlines.Total.
	Total time.Duration
	// PauseLimit is how long a pause may last before the upgrade goes back. 0:
	// Deadlines.Pause.
	PauseLimit time.Duration
	// OnFailure says what a failure does. Empty: [Revert].
	OnFailure OnFailure
}

// OnFailure is what a failure before the point of no return does to an upgrade.
type OnFailure string

const (
	// Revert takes every shard back to the old slaves.
	Revert OnFailure = "revert"
	// Pause leaves every shard where it is, for an operator to resume or abort. A new
	// slave that dies makes the upgrade revert all the same.
	Pause OnFailure = "pause"
)

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
	if p.Canary < 0 {
		errs = append(errs, fmt.Errorf("Canary is %d: want 0 for none, or more", p.Canary))
	}
	if p.Canary > 0 && len(p.CanaryShards) > 0 {
		errs = append(errs, errors.New("Canary and CanaryShards: want one of them"))
	}
	for i, n := range p.CanaryShards {
		if n < 0 || slices.Contains(p.CanaryShards[:i], n) {
			errs = append(errs, fmt.Errorf("CanaryShards[%d] is %d: want shards, each once", i, n))
		}
	}
	for _, d := range []struct {
		name  string
		value time.Duration
	}{{"Hold", p.Hold}, {"Healthy", p.Healthy}, {"Progress", p.Progress}, {"Total", p.Total}, {"PauseLimit", p.PauseLimit}} {
		if d.value < 0 {
			errs = append(errs, fmt.Errorf("%s is %v: want 0 for the default, or more", d.name, d.value))
		}
	}
	if p.Hold > 0 && p.Canary == 0 && len(p.CanaryShards) == 0 {
		errs = append(errs, fmt.Errorf("Hold is %v without a canary to watch: set Canary or CanaryShards", p.Hold))
	}
	if p.OnFailure != "" && p.OnFailure != Revert && p.OnFailure != Pause {
		errs = append(errs, fmt.Errorf("OnFailure is %q: want %q or %q", p.OnFailure, Revert, Pause))
	}
	if p.Total > 0 {
		errs = append(errs, p.fits(nil))
	}
	return errors.Join(errs...)
}

// fits checks that no wait of the plan is longer than the time for the whole. Without
// the usual deadlines only what the plan itself says is compared.
func (p Plan) fits(usual map[string]time.Duration) error {
	total := p.Total
	if total == 0 {
		total = usual[lifecycle.TotalDeadline]
	}
	var errs []error
	longer := func(name string, value time.Duration) {
		if value >= total {
			errs = append(errs, fmt.Errorf("%s is %v, but Total is %v: the whole would be over first", name, value, total))
		}
	}
	longer("Progress", p.Progress)
	longer("PauseLimit", p.PauseLimit)
	switch hold := max(p.Hold, p.Healthy); {
	case p.Canary > 0 || len(p.CanaryShards) > 0:
		if hold > 0 {
			longer("Hold and Healthy together", hold+p.Healthy)
		}
	default:
		longer("Healthy", p.Healthy)
	}
	return errors.Join(errs...)
}

// reversible reports whether the plan asks for what only a way back can give.
func (p Plan) reversible() bool {
	return len(p.CanaryShards) > 0 || p.Canary > 0 || p.Hold > 0 || p.Healthy > 0 || p.OnFailure != ""
}

// clone copies the plan so that the caller's later changes do not reach it.
func (p Plan) clone() Plan {
	p.Slaves, p.Command, p.CanaryShards = slices.Clone(p.Slaves), slices.Clone(p.Command), slices.Clone(p.CanaryShards)
	return p
}
