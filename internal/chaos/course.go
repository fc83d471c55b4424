package chaos

import (
	"context"
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
	// canary has some shards move first, and be watched before the others follow.
	canary bool
	// held has the last shard wait for a while, so that a command finds the upgrade
	// before its end.
	held bool
	// reshard has the upgrade change the number of shards.
	reshard bool
	// provoke is what has to be done for the upgrade to come to the phase, one after
	// another, each at its moment.
	provoke []prompt
	// relent undoes, when the strike has hit, what would keep the upgrade from its end.
	// It takes a master: the next one, if the present one was killed.
	relent func(s *strike)
	// without is the victim that is not there in that phase, if any.
	without Victim
	// never says why no run of real processes comes to the phase; empty where one does.
	never string
}

// prompt is what is done, once, when the upgrade is first seen in a phase.
type prompt struct {
	at Phase
	do func(*strike) error
}

// courseTo returns the course that leads to the phase.
func courseTo(p Phase) course {
	switch {
	case p == Serving():
		return course{idle: true, without: New}
	case p.Back:
		return courseBack(lifecycle.MoveState(p.State))
	case p.Move:
		return courseToMove(lifecycle.MoveState(p.State))
	}
	switch lifecycle.UpgradeState(p.State) {
	case lifecycle.UpgradeRecovering:
		return course{provoke: []prompt{{moving(lifecycle.MoveStopping), replaceMaster}}, relent: letIn}
	case lifecycle.UpgradeCanary, lifecycle.UpgradeHolding, lifecycle.UpgradeProving:
		return course{canary: true}
	case lifecycle.UpgradePaused:
		return course{provoke: []prompt{{moving(lifecycle.MoveOnNew), command(askPause)}}, relent: resume, held: true}
	case lifecycle.UpgradeSettling, lifecycle.UpgradeTurningBack, lifecycle.UpgradeTakingBack,
		lifecycle.UpgradeReverting, lifecycle.UpgradeRestoring:
		return course{provoke: aborted(), held: true}
	case lifecycle.UpgradeSoftStarting, lifecycle.UpgradeCuttingOver, lifecycle.UpgradeCutStart:
		return course{reshard: true}
	}
	return course{}
}

func courseToMove(state lifecycle.MoveState) course {
	switch state {
	case lifecycle.MoveHandingOver:
		return course{never: neverHandedOver}
	case lifecycle.MoveReturning:
		return course{provoke: []prompt{{moving(lifecycle.MoveStopping), cutNew}}}
	}
	return course{}
}

func courseBack(state lifecycle.MoveState) course {
	switch state {
	case lifecycle.MoveHandingOver:
		return course{never: neverHandedOver}
	case lifecycle.MoveReturning:
		stopping := Phase{Move: true, Back: true, State: string(lifecycle.MoveStopping)}
		return course{provoke: append(aborted(), prompt{stopping, cutOld}), held: true}
	}
	return course{provoke: aborted(), held: true}
}

// neverHandedOver: the exhaustive search comes to that state, by ways that take more
// than one fault.
const neverHandedOver = "a control link that is lost takes the state's along, and without whole state the shard goes back"

// moving is the watched shard's being in that state on its way to the new slave.
func moving(state lifecycle.MoveState) Phase { return Phase{Move: true, State: string(state)} }

// aborted has an operator want the shards back when about half of them have moved.
func aborted() []prompt { return []prompt{{moving(lifecycle.MoveOnNew), command(askAbort)}} }

// watchFor is for how long new slaves must be well where a plan has a canary.
const watchFor = 300 * time.Millisecond

// heldFor is for how long a command may be on its way.
const heldFor = 2 * time.Second

// plan is what the upgrade is asked to do.
func (c course) plan(cfg Config) control.Plan {
	var plan control.Plan
	if c.canary {
		plan.Canary, plan.Hold, plan.Healthy = cfg.Shards/4, control.Duration(watchFor), control.Duration(watchFor)
	}
	if c.held {
		plan.Canary, plan.Hold = cfg.Shards-1, control.Duration(heldFor)
	}
	if c.reshard {
		plan.NumShards = 2 * cfg.Shards
	}
	return plan
}

// prompt does what leads to the phase and is due at this step.
func (s *strike) prompt(step control.Progress) error {
	for s.prompted < len(s.course.provoke) {
		next := s.course.provoke[s.prompted]
		if !next.at.seen(step, s.bed.cfg.watched()) {
			return nil
		}
		s.prompted++
		if err := next.do(s); err != nil {
			return err
		}
	}
	return nil
}

// command returns what gives the master an operator's command, without waiting for the
// answer: the steps that it leads to must be seen as they come.
func command(give func(context.Context, *control.Client) error) func(*strike) error {
	return func(s *strike) error {
		s.meanwhile.Go(func() {
			if err := give(s.bed.ctx, s.bed.master.control); err != nil {
				s.refused(err)
			}
		})
		return nil
	}
}

func askPause(ctx context.Context, c *control.Client) error {
	_, err := c.Pause(ctx)
	return err
}

func askResume(ctx context.Context, c *control.Client) error {
	_, err := c.Resume(ctx)
	return err
}

func askAbort(ctx context.Context, c *control.Client) error {
	_, err := c.Abort(ctx, "an operator has changed his mind")
	return err
}

// resume ends the pause that the course has asked for.
func resume(s *strike) { _ = command(askResume)(s) }

// replaceMaster kills the master and keeps everybody away from the next one, which
// cannot get any further before letIn.
func replaceMaster(s *strike) error {
	s.unheard = time.Now()
	s.bed.links.Hold(links.Everyone, links.AllLinks)
	return killMaster(s)
}

func letIn(s *strike) { s.bed.links.Release(links.Everyone) }

// killMaster kills the master.
func killMaster(s *strike) error {
	s.masterKilled = true
	return s.bed.master.signal(syscall.SIGKILL)
}

// kill kills a slave.
func (s *strike) kill(b bot) error {
	d := death{b, time.Now(), time.Now()}
	if !s.unheard.IsZero() {
		d.checkpointed = s.unheard
	}
	s.deaths = append(s.deaths, d)
	return s.bed.births.signal(b, syscall.SIGKILL)
}

// cutOld and cutNew cut a slave's links, and with them what is on its way to it.
func cutOld(s *strike) error {
	s.bed.links.Cut(s.old.slave)
	return nil
}

func cutNew(s *strike) error {
	replacement, err := s.replacement()
	if err == nil {
		s.bed.links.Cut(replacement.slave)
	}
	return err
}
