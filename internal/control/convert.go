package control

import (
	"errors"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/core"
)

// statusOf translates the master's own status; the process's part is not in it.
func statusOf(s core.Status) Status {
	status := Status{
		State:     string(s.State),
		NumShards: s.NumShards,
		Slaves:    []Slave{},
		Shards:    []Shard{},
		Shares:    []Share{},
		GaveUp:    s.GaveUp,
	}
	for _, one := range s.Slaves {
		status.Slaves = append(status.Slaves, Slave{
			ID: string(one.Slave), Role: string(one.Role), Link: string(one.Link),
			PID: one.PID, Version: one.Version, Dialect: one.Dialect,
			Unhealthy: one.Unhealthy, Missing: one.Missing, Shards: list(one.Shards),
		})
	}
	for _, one := range s.Shards {
		status.Shards = append(status.Shards, Shard{
			Shard: one.Shard, Owner: string(one.Owner), Epoch: one.Epoch, InDoubt: one.InDoubt, Move: string(one.Move),
		})
	}
	for _, one := range s.Shares {
		status.Shares = append(status.Shares, Share{
			State: string(one.State), Slave: string(one.Slave), Shards: list(one.Shards), Ends: one.Exits,
		})
	}
	if u := s.Upgrade; u != nil {
		status.Upgrade = &Upgrade{
			ID: string(u.Upgrade), State: string(u.State), NumShards: u.NumShards,
			Sources: names(u.Sources), Targets: names(u.Targets),
			Moved: u.Moved, InFlight: u.InFlight, Total: u.Total,
			Back: u.Back, Pausing: u.Pausing, Failure: failureOf(u.Failure),
		}
	}
	return status
}

// ResultOf translates an upgrade's result. err is what waiting for it returned,
// nil when the upgrade is done.
func ResultOf(r master.Result, err error) Result {
	result := Result{
		Result: ResultDone, Upgrade: string(r.Upgrade), Seconds: r.Took.Seconds(), NumShards: r.NumShards,
		Sources: names(r.Sources), Targets: names(r.Targets),
		Moved: list(r.Moved), Kept: list(r.Kept), Lost: list(r.Lost), InDoubt: list(r.InDoubt),
		Fresh: r.Fresh, Trouble: failureOf(r.Trouble),
	}
	if err == nil {
		return result
	}
	result.Result, result.Error = ResultFailed, err.Error()
	if r.State == lifecycle.UpgradeReverted {
		result.Result = ResultReverted
	}
	var reason *core.UpgradeError
	if errors.As(err, &reason) {
		result.Failure = failureOf(reason)
	}
	return result
}

// failureOf translates the reason of an upgrade; nil stays nil.
func failureOf(e *core.UpgradeError) *Failure {
	if e == nil {
		return nil
	}
	f := &Failure{Step: string(e.Step), Slave: string(e.Slave), Kind: e.Kind.Error(), Reason: e.Reason}
	if e.Shard >= 0 {
		f.Shard = &e.Shard
	}
	return f
}

// goesBack tells whether an upgrade in this state is on its way back, or has gone it.
func goesBack(s lifecycle.UpgradeState) bool {
	switch s {
	case lifecycle.UpgradeSettling, lifecycle.UpgradeTurningBack, lifecycle.UpgradeTakingBack,
		lifecycle.UpgradeReverting, lifecycle.UpgradeRestoring, lifecycle.UpgradeReverted:
		return true
	}
	return false
}

// ProgressOf translates a step of an upgrade.
func ProgressOf(p master.Progress) Progress {
	step := Progress{At: p.At, State: string(p.State), Back: goesBack(p.State), Moved: p.Moved, Total: p.Total}
	switch n := p.Notice.(type) {
	case core.UpgradeState:
	case core.ShardPhase:
		step.Move = &Move{
			Shard: n.Shard, State: string(n.State), From: string(n.From), To: string(n.To),
			Epoch: n.Epoch, Fresh: n.Fresh, Back: n.Back,
			Arrived: n.State == lifecycle.MoveOnNew, Returned: n.State == lifecycle.MoveOnOld,
		}
	default:
		step.Note = p.Notice.String()
	}
	return step
}

// names returns ids as text; never nil, so that JSON has a list.
func names(ids []core.SlaveID) []string {
	texts := make([]string, 0, len(ids))
	for _, id := range ids {
		texts = append(texts, string(id))
	}
	return texts
}

// list returns the numbers; never nil, so that JSON has a list.
func list(numbers []int) []int { return append([]int{}, numbers...) }
