package chaos

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/internal/control"
	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

// runCell plays one cell. The error says that the cell could not be played, not that
// it has found something.
func runCell(ctx context.Context, cfg Config, cell Cell) (outcome Outcome, err error) {
	began := time.Now()
	b, err := makeBed(ctx, cfg)
	if err != nil {
		return Outcome{Cell: cell}, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	s := &strike{cell: cell, course: courseTo(cell.Phase), bed: b}
	defer s.meanwhile.Wait()
	outcome, err = play(b.ctx, s)
	outcome.Cell, outcome.Seconds = cell, time.Since(began).Seconds()
	if err != nil {
		return outcome, errors.Join(err, keepFailed(b, cell))
	}
	if len(outcome.Violations) > 0 || !outcome.Reached {
		err = keepFailed(b, cell)
	}
	return outcome, err
}

// play does everything up to the judgement.
func play(ctx context.Context, s *strike) (Outcome, error) {
	b := s.bed
	var err error
	if s.old, err = b.start(ctx); err != nil {
		return Outcome{}, err
	}
	s.known = len(b.births.all())
	var o Outcome
	scenario, played := scenarioOf(s.cell)
	bad, isBad := badBotOf(s.cell, b.cfg)
	switch {
	case isBad:
		err = o.bad(ctx, s, bad)
	case scenario.act != nil:
		err = o.act(ctx, s, scenario)
	case s.course.idle:
		err = o.idle(ctx, s)
	default:
		err = o.upgrade(ctx, s)
	}
	if err != nil {
		return Outcome{}, errors.Join(err, s.err)
	}
	if err := s.done(); err != nil {
		return Outcome{}, err
	}
	if o.Reached = scenario.act != nil || !s.at.IsZero(); !o.Reached {
		return o, nil
	}
	if err := o.recover(ctx, s); err != nil {
		return Outcome{}, err
	}
	if s.found != nil {
		o.violate("%v", s.found)
	}
	if s.note != "" {
		o.note("%s", s.note)
	}
	if isBad || played && len(scenario.must) == 0 {
		if err := o.again(ctx, s, scenario.act == nil); err != nil {
			return Outcome{}, err
		}
	}
	if err := o.finish(ctx, s); err != nil {
		return Outcome{}, err
	}
	o.judge(s)
	if isBad {
		o.kept()
	}
	if len(scenario.must) > 0 {
		o.check(scenario.must)
	}
	return o, nil
}

// act plays a scenario. What it finds is a violation.
func (o *Outcome) act(ctx context.Context, s *strike, scenario Scenario) error {
	limit, cancel := context.WithTimeout(ctx, s.bed.cfg.Patience)
	defer cancel()
	note, err := scenario.act(limit, s.bed, s.old)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	o.Note = note
	if err != nil {
		o.violate("%v", err)
	}
	return nil
}

// again asks for an upgrade after a scenario, which must do what it is asked for.
// after says that there was one before.
func (o *Outcome) again(ctx context.Context, s *strike, after bool) error {
	limit, cancel := context.WithTimeout(ctx, s.bed.cfg.Patience)
	defer cancel()
	result, err := s.bed.master.control.Upgrade(limit, control.Plan{}, func(control.Progress) {})
	if err != nil {
		result.Result, result.Error = "refused", err.Error()
	}
	if !result.Done() {
		o.violate("the upgrade that follows: %s, %s", result.Result, result.Error)
	}
	if after {
		o.note("the next upgrade: %s", result.Result)
	} else {
		o.Upgrade, o.Why, o.Owners = result.Result, result.Error, ""
	}
	return o.recover(ctx, s)
}

// upgrade asks for the upgrade and follows it to its end, through the master's death
// if need be.
func (o *Outcome) upgrade(ctx context.Context, s *strike) error {
	b := s.bed
	limit, cancel := context.WithTimeout(ctx, b.cfg.Patience)
	defer cancel()
	result, err := b.master.control.Upgrade(limit, s.course.plan(b.cfg), s.observe)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err == nil:
		o.Upgrade, o.Why, o.UpgradeSeconds = result.Result, result.Error, result.Seconds
	case s.masterKilled && errors.Is(err, control.ErrCutOff):
		o.Upgrade = "cut off"
	case limit.Err() != nil:
		o.Upgrade = "endless"
		o.violate("the upgrade has not ended after %v", b.cfg.Patience)
	case errors.Is(err, control.ErrCutOff), errors.Is(err, control.ErrNoMaster):
		o.Upgrade = "cut off"
		o.violate("the master has ended by itself")
	default:
		return fmt.Errorf("the upgrade: %w", err)
	}
	return o.revive(ctx, s)
}

// idle strikes while no upgrade is asked for.
func (o *Outcome) idle(ctx context.Context, s *strike) error {
	o.Upgrade = "none"
	if err := s.hit(); err != nil {
		return err
	}
	if s.cell.kills() {
		// The master's news of the death may come later than the next look at it.
		if err := s.bed.noticed(ctx, s.victim); err != nil {
			o.violate("%v", err)
		}
	}
	return o.revive(ctx, s)
}

// revive starts the next master when the present one was killed, and follows the
// upgrade that it takes up, if there is one. If the strike is still to come, its moment
// may be there.
func (o *Outcome) revive(ctx context.Context, s *strike) error {
	m := s.bed.master
	for s.masterKilled {
		s.masterKilled = false
		<-m.ended
		if err := pause(ctx, RestartAfter); err != nil {
			return err
		}
		if err := m.start(s.bed.launching()...); err != nil {
			return err
		}
		if err := o.follow(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// follow follows the upgrade that a new master has taken up to its end.
func (o *Outcome) follow(ctx context.Context, s *strike) error {
	limit, cancel := context.WithTimeout(ctx, s.bed.cfg.Patience)
	defer cancel()
	m := s.bed.master
	// A master answers before it has read what an earlier one has left.
	if _, err := m.await(limit, func(now control.Status) bool {
		return now.Upgrade != nil || now.State == string(lifecycle.MasterServing)
	}); err != nil {
		o.violate("the next master: %v", err)
		return nil
	}
	result, err := m.control.Watch(limit, func(step control.Progress) {
		if !s.at.IsZero() && s.cell.Phase.seen(step, s.bed.cfg.watched()) {
			s.relent()
		}
		s.observe(step)
	})
	var nothing *control.Error
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err == nil:
		o.Upgrade, o.Why = o.Upgrade+", "+result.Result, result.Error
	case s.masterKilled && errors.Is(err, control.ErrCutOff), errors.As(err, &nothing):
	case limit.Err() != nil:
		o.violate("the upgrade that the next master took up has not ended after %v", s.bed.cfg.Patience)
	default:
		o.violate("the upgrade that the next master took up: %v", err)
	}
	return nil
}

// recover waits until service is whole again, and for some load to be handled then.
// What does not come about is a violation.
func (o *Outcome) recover(ctx context.Context, s *strike) error {
	b := s.bed
	status, err := b.settled(ctx)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		o.violate("service is not whole: %v", err)
	}
	if o.Owners == "" {
		o.owners(status, s)
	}
	// A change of their number may have come about or not.
	o.Shards = b.cfg.Shards
	if status.NumShards > 0 {
		o.Shards = status.NumShards
	}
	o.Orphaned = 0
	// The second time shows that the first was not the last.
	for range 2 {
		if err := b.load.AwaitHandling(ctx, o.Shards); err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			o.notHandling(err)
			break
		}
	}
	return nil
}

// finish stops the load, ends everything and collects what the judgement is made of.
func (o *Outcome) finish(ctx context.Context, s *strike) (err error) {
	b := s.bed
	o.stopped = time.Now()
	o.gateway = b.load.Stats()
	// The sessions of the other number of shards have had their time.
	for _, shards := range []int{b.cfg.Shards, s.course.plan(b.cfg).NumShards} {
		if shards != o.Shards && shards != 0 {
			b.load.Expire(gatewaysim.Target{Shard: gatewaysim.All, Shards: shards})
		}
	}
	if err := b.quiesce(ctx); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		o.violate("%v", err)
	}
	if err := b.endProcesses(); err != nil {
		return err
	}
	o.sent = b.load.Sent()
	o.lines, o.torn, err = ledger.ReadHandled(b.handled())
	return err
}
