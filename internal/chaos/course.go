package chaos

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"syscall"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/internal/chaos/links"
	"github.com/shardbaton/baton/internal/control"
)

// course is how an upgrade is led into a phase. Most phases lie on the straight
// course: the upgrade is asked for, and goes there by itself.
type course struct {
	// idle has nobody ask for an upgrade.
	idle bool
	// reshard has the upgrade change the number of shards.
	reshard bool
	// held has the upgrade hold when half of the shards have moved, so that what is
	// commanded then finds it there.
	held bool
	// watched has the upgrade send a canary ahead and watch the new bot.
	watched bool
	// provoke is called for each step, before the strike looks at it. It makes
	// happen what leads to the phase, once.
	provoke func(s *strike, step control.Progress) error
	// relent undoes, when the strike has hit, what would keep the upgrade from its end.
	relent func(s *strike)
	// commanded says that it takes a master to relent: the next one, if need be.
	commanded bool
	// without is the victim that is not there any more in that phase, if any.
	without Victim
}

// courseTo returns the course that leads to the phase.
func courseTo(p Phase) course {
	switch {
	case p == Serving():
		return course{idle: true, without: New}
	case p.Move:
		return courseToMove(lifecycle.MoveState(p.State))
	}
	switch lifecycle.UpgradeState(p.State) {
	case lifecycle.UpgradeRecovering:
		return course{provoke: at(lifecycle.MoveStopping, killMaster)}
	case lifecycle.UpgradePaused:
		return course{provoke: at(lifecycle.MoveOnNew, command("pause")), relent: resume, commanded: true}
	case lifecycle.UpgradeSettling, lifecycle.UpgradeTurningBack, lifecycle.UpgradeTakingBack, lifecycle.UpgradeReverting, lifecycle.UpgradeRestoring:
		return course{held: true, provoke: at(lifecycle.MoveOnNew, command("abort"))}
	case lifecycle.UpgradeCanary, lifecycle.UpgradeHolding, lifecycle.UpgradeProving:
		return course{watched: true}
	case lifecycle.UpgradeSoftStarting, lifecycle.UpgradeCuttingOver, lifecycle.UpgradeCutStart:
		return course{reshard: true}
	default:
		return course{}
	}
}

func courseToMove(state lifecycle.MoveState) course {
	switch state {
	case lifecycle.MoveHandingOver:
		return course{provoke: at(lifecycle.MoveStopping, keepSilent), relent: letIn}
	case lifecycle.MoveReturning:
		return course{provoke: at(lifecycle.MoveStopping, cutNew)}
	}
	return course{}
}

// watch is how long the new bot is watched where it is.
const watch = control.Duration(300 * time.Millisecond)

// plan is what the upgrade is asked to do.
func (c course) plan(cfg Config) control.Plan {
	if c.reshard {
		return control.Plan{NumShards: 2 * cfg.Shards}
	}
	if c.held {
		half := []int{cfg.watched()}
		for n := 0; len(half) < cfg.Shards/2; n++ {
			if n != cfg.watched() {
				half = append(half, n)
			}
		}
		return control.Plan{CanaryShards: half, Hold: control.Duration(10 * time.Second)}
	}
	if c.watched {
		return control.Plan{Canary: 1, Hold: watch, Healthy: watch}
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

// command returns what gives the master an operator's command, without waiting for
// the answer: the steps that it leads to must be seen as they come.
func command(name string) func(*strike) error {
	return func(s *strike) error {
		cmd := exec.CommandContext(s.bed.ctx, s.bed.cfg.Program, name, "--control", s.bed.controlSocket())
		var said bytes.Buffer
		cmd.Stderr = &said
		s.meanwhile.Go(func() {
			if err := cmd.Run(); err != nil {
				s.refused(fmt.Errorf("baton %s: %w: %s", name, err, bytes.TrimSpace(said.Bytes())))
			}
		})
		return nil
	}
}

// resume ends the pause that the course has asked for.
func resume(s *strike) { _ = command("resume")(s) }

// silence is for how long a slave is kept silent at most, should the strike not come.
const silence = 8 * time.Second

// keepSilent cuts the new slave's control link and lets it make no other. What it was
// sent of the shard's state has arrived all the same.
func keepSilent(s *strike) error {
	replacement, err := s.replacement()
	if err != nil {
		return err
	}
	s.bed.links.Hold(replacement.slave, links.ControlLinks)
	ctx, cancel := context.WithTimeout(s.bed.ctx, silence)
	s.letIn = cancel
	s.meanwhile.Go(func() {
		defer cancel()
		<-ctx.Done()
		s.bed.links.Release(replacement.slave)
	})
	return nil
}

// letIn undoes keepSilent.
func letIn(s *strike) { s.letIn() }

// killMaster kills the master.
func killMaster(s *strike) error {
	s.masterKilled = true
	return s.bed.master.signal(syscall.SIGKILL)
}

// cutNew cuts the new slave's links, and with them what is on its way to it.
func cutNew(s *strike) error {
	replacement, err := s.replacement()
	if err == nil {
		s.bed.links.Cut(replacement.slave)
	}
	return err
}
