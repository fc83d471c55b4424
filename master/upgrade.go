package master

import (
	"context"
	"slices"
	"strconv"
	"time"

	"go.uber.org/zap"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master/core"
)

// progressBuffer is how many steps of an upgrade wait for a slow reader.
const progressBuffer = 256

// Upgrade is one that has begun.
type Upgrade struct {
	id       core.UpgradeID
	began    time.Time
	progress chan Progress
	done     chan struct{}
	result   Result // the loop's until done is closed
	err      error  // likewise

	// What follows is the loop's.
	now     Progress
	others  []*Upgrade  // further handles of this one, see [Master.Running]
	moves   []shardMove // by shard; one without a State is not moved
	moved   int
	retired []SlaveExit
}

// Progress is one step of an upgrade: what happened, and how things stand since.
type Progress struct {
	At time.Time
	// State is the upgrade's.
	State lifecycle.UpgradeState
	// Moved of Total shards run on the new slaves.
	Moved, Total int
	// Notice is what happened: a core.UpgradeState, core.ShardPhase,
	// core.SlaveExited or core.Problem.
	Notice Notice
}

// Result is how an upgrade ended.
type Result struct {
	core.Result
	// Upgrade is its id.
	Upgrade core.UpgradeID
	// Took is the time from the request to the end.
	Took time.Duration
	// Moves are the shards that were to be moved, in order. A change of the number
	// of shards moves none.
	Moves []ShardMove
	// Exits are the old slaves whose end was seen, in the order of their ends.
	Exits []SlaveExit
}

// ShardMove is what became of one shard.
type ShardMove struct {
	Shard int
	// From is empty when the shard had no owner.
	From, To core.SlaveID
	// State is where the move ended, in Epoch.
	State lifecycle.MoveState
	Epoch uint64
	// Fresh says that the shard had to IDENTIFY.
	Fresh bool
	// Dark is the time from the request to stop the shard to the news that it runs
	// again, seen from the master: longer than the bot's own dark time by the way
	// of two messages. 0 when the shard was not stopped, or does not run again.
	Dark time.Duration
}

// SlaveExit is the end of an old slave's process.
type SlaveExit struct {
	Slave core.SlaveID
	// Code is the exit status, or -1 when a signal ended the process.
	Code   int
	Reason string
}

// shardMove is a ShardMove under way.
type shardMove struct {
	ShardMove
	stopping time.Time // when the request to stop was sent; zero while it runs
}

// ID names the upgrade in notices and in the log.
func (u *Upgrade) ID() string { return string(u.id) }

// Progress returns the upgrade's steps. Each says how things stand, so when the
// reader is slow the oldest ones give way. The channel is closed at the end; it
// need not be read. It has one reader: others get a handle of their own from
// [Master.Running].
func (u *Upgrade) Progress() <-chan Progress { return u.progress }

// Done is closed when the upgrade has ended.
func (u *Upgrade) Done() <-chan struct{} { return u.done }

// Wait returns how the upgrade ended. The error is an [*UpgradeError] when it
// failed, [ErrStopped] when the master ended first, or the context's.
func (u *Upgrade) Wait(ctx context.Context) (Result, error) {
	select {
	case <-u.done:
		return u.result, u.err
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
}

// refusal returns why the upgrade did not begin.
func (u *Upgrade) refusal() error {
	select {
	case <-u.done:
		if u.result.State == "" {
			return u.err
		}
	default:
	}
	return nil
}

// newUpgrade returns the handle of an upgrade that begins now.
func newUpgrade(id core.UpgradeID, now time.Time) *Upgrade {
	return &Upgrade{
		id: id, began: now,
		progress: make(chan Progress, progressBuffer), done: make(chan struct{}),
	}
}

// note takes what happened into account and tells the reader.
func (u *Upgrade) note(n Notice, now time.Time) {
	switch step := n.(type) {
	case core.UpgradeState:
		// The count of an upgrade that was taken up from the journal begins here.
		u.now.State, u.now.Total, u.moved = step.State, step.Total, step.Moved
	case core.ShardPhase:
		u.noteShard(&step, now)
	case core.SlaveExited:
		u.retired = append(u.retired, SlaveExit{Slave: step.Slave, Code: step.Code, Reason: step.Reason})
	case core.Problem:
	default:
		return
	}
	u.now.At, u.now.Moved, u.now.Notice = now, u.moved, n
	u.tell(u.now)
	for _, o := range u.others {
		o.tell(u.now)
	}
}

// noteShard follows the move of one shard.
func (u *Upgrade) noteShard(n *core.ShardPhase, now time.Time) {
	for len(u.moves) <= n.Shard {
		u.moves = append(u.moves, shardMove{})
	}
	s := &u.moves[n.Shard]
	if arrived(s.State) {
		u.moved--
	}
	if arrived(n.State) {
		u.moved++
	}
	s.Shard, s.From, s.To, s.State, s.Epoch = n.Shard, n.From, n.To, n.State, n.Epoch
	s.Fresh = s.Fresh || n.Fresh
	switch n.State {
	case lifecycle.MoveStopping:
		s.stopping = now
	case lifecycle.MoveOnNew, lifecycle.MoveOnOld:
		if !s.stopping.IsZero() {
			s.Dark, s.stopping = now.Sub(s.stopping), time.Time{}
		}
	}
}

// arrived tells whether a shard runs on its new owner.
func arrived(s lifecycle.MoveState) bool {
	return s == lifecycle.MoveOnNew || s == lifecycle.MoveMoved
}

// tell gives the reader a step, at the cost of the oldest when it is slow.
func (u *Upgrade) tell(p Progress) {
	for {
		select {
		case u.progress <- p:
			return
		default:
		}
		select {
		case <-u.progress:
		default:
		}
	}
}

// finish makes the result known.
func (u *Upgrade) finish(r core.Result, err error, now time.Time) {
	u.result = Result{Result: r, Upgrade: u.id, Took: now.Sub(u.began)}
	for _, s := range u.moves {
		if s.State != "" {
			u.result.Moves = append(u.result.Moves, s.ShardMove)
		}
	}
	for _, e := range u.retired {
		if slices.Contains(r.Sources, e.Slave) {
			u.result.Exits = append(u.result.Exits, e)
		}
	}
	u.err = err
	for _, o := range append(u.others, u) {
		o.result, o.err = u.result, u.err
		close(o.progress)
		close(o.done)
	}
}

// beginUpgrade asks the core for an upgrade. When that refuses, the handle is
// finished already.
func (l *loop) beginUpgrade(plan Plan) *Upgrade {
	l.asked++
	u := l.upgrade(core.UpgradeID("u" + strconv.Itoa(l.asked)))
	if len(plan.Command) > 0 && !l.m.cfg.launches() {
		l.finishUpgrade(core.Finish{Upgrade: u.id, Result: core.Result{Err: &core.UpgradeError{
			Upgrade: u.id, Shard: -1, Kind: core.ErrPlan,
			Reason: "it has a Command, but this master launches nothing: configure a Command or a Launcher",
		}}})
		return u
	}
	l.step(core.UpgradeAsked{Upgrade: u.id, Plan: plan})
	return u
}

// upgrade returns the handle of an upgrade; one that the core began by itself
// gets one here, for the log's sake.
func (l *loop) upgrade(id core.UpgradeID) *Upgrade {
	for _, u := range l.upgrades {
		if u.id == id {
			return u
		}
	}
	u := newUpgrade(id, l.now)
	l.upgrades = append(l.upgrades, u)
	return u
}

// noteUpgrade tells the upgrade that runs what happened.
func (l *loop) noteUpgrade(n Notice, now time.Time) {
	switch about := n.(type) {
	case core.UpgradeState:
		l.upgrade(about.Upgrade).note(n, now)
	case core.ShardPhase:
		l.upgrade(about.Upgrade).note(n, now)
	default:
		for _, u := range l.upgrades {
			if u.now.State != "" {
				u.note(n, now)
			}
		}
	}
}

// finishUpgrade hands out the result.
func (l *loop) finishUpgrade(e core.Finish) {
	u := l.upgrade(e.Upgrade)
	l.upgrades = slices.DeleteFunc(l.upgrades, func(o *Upgrade) bool { return o == u })
	if e.Result.State == "" {
		u.finish(e.Result, e.Result.Err, l.now)
		l.log.Warn("upgrade refused", zap.String("upgrade", u.ID()), zap.Error(e.Result.Err))
		return
	}
	defer func() {
		l.m.mu.Lock()
		defer l.m.mu.Unlock()
		l.m.ended = u
	}()
	if e.Result.Err == nil {
		u.finish(e.Result, nil, l.now)
		l.log.Info("upgrade done", zap.String("upgrade", u.ID()), zap.Int("moved", len(e.Result.Moved)),
			zap.Int("fresh", e.Result.Fresh), zap.Duration("took", u.result.Took))
		return
	}
	u.finish(e.Result, e.Result.Err, l.now)
	if e.Result.State == lifecycle.UpgradeReverted {
		l.log.Warn("upgrade reverted: everything is as it was", zap.String("upgrade", u.ID()), zap.Error(e.Result.Err))
		return
	}
	l.log.Error("upgrade failed", zap.String("upgrade", u.ID()), zap.Error(e.Result.Err))
}

// abandonUpgrades answers who waits for an upgrade that the master does not see
// the end of.
func (l *loop) abandonUpgrades() {
	for _, u := range l.upgrades {
		u.finish(core.Result{State: u.now.State}, ErrStopped, l.now)
	}
	l.upgrades = nil
}
