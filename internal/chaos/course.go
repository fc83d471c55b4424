package chaos

import (
	"syscall"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/internal/control"
)

// course is how an upgrade is led into a phase. Most phases lie on the straight
// course: the upgrade is asked for, and goes there by itself.
type course struct {
	// idle has nobody ask for an upgrade.
	idle bool
	// reshard has the upgrade change the number of shards.
	reshard bool
	// provoke is called for each step, before the strike looks at it. It makes
	// happen what leads to the phase, once.
	provoke func(s *strike, step control.Progress) error
	// relent undoes, when the strike has hit, what would keep the upgrade from its end.
	relent func(s *strike)
	// without is the victim that is not there any more in that phase, if any.
	without Victim
}

// courseTo returns the course that leads to the phase.
func courseTo(p Phase) course {
	if p == Serving() {
		return course{idle: true, without: New}
	}
	if p.Move {
		switch lifecycle.MoveState(p.State) {
		case lifecycle.MoveHandingOver:
			return course{provoke: at(lifecycle.MoveStopping, keepAway), relent: letIn}
		case lifecycle.MoveReturning:
			return course{provoke: at(lifecycle.MoveResuming, killNew), without: New}
		}
		return course{}
	}
	switch lifecycle.UpgradeState(p.State) {
	case lifecycle.UpgradeSoftStarting, lifecycle.UpgradeCuttingOver:
		return course{reshard: true}
	case lifecycle.UpgradeSettling, lifecycle.UpgradeRestoring:
		return course{provoke: at(lifecycle.MoveOnNew, killNew), without: New}
	}
	return course{}
}

// plan is what the upgrade is asked to do.
func (c course) plan(cfg Config) control.Plan {
	if c.reshard {
		return control.Plan{NumShards: 2 * cfg.Shards}
	}
	return control.Plan{}
}

// at returns what does something once, when the watched shard is seen in the state.
func at(state lifecycle.MoveState, do func(*strike) error) func(*strike, control.Progress) error {
	return func(s *strike, step control.Progress) error {
		if s.provoked || !(Phase{Move: true, State: string(state)}).seen(step, s.bed.cfg.watched()) {
			return nil
		}
		s.provoked = true
		return do(s)
	}
}

// keepAway cuts the new slave's links and lets it make no others.
func keepAway(s *strike) error {
	replacement, err := s.replacement()
	if err == nil {
		s.bed.links.Hold(replacement.slave)
	}
	return err
}

// letIn undoes keepAway.
func letIn(s *strike) {
	if replacement, err := s.replacement(); err == nil {
		s.bed.links.Release(replacement.slave)
	}
}

// killMaster kills the master.
func killMaster(s *strike) error {
	s.masterKilled = true
	return s.bed.master.signal(syscall.SIGKILL)
}

// killNew kills the new slave.
func killNew(s *strike) error {
	replacement, err := s.replacement()
	if err != nil {
		return err
	}
	s.deaths = append(s.deaths, death{replacement, time.Now()})
	return replacement.signal(syscall.SIGKILL)
}
