package control

import (
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
			PID: one.PID, Version: one.Version, Dialect: one.Dialect, Shards: list(one.Shards),
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
		}
		if u.Failure != nil {
			status.Upgrade.Failure = u.Failure.Error()
		}
	}
	return status
}

// ResultOf translates an upgrade's result. err is what waiting for it returned,
// nil when the upgrade is done.
func ResultOf(r master.Result, err error) Result {
	result := Result{
		Result: ResultDone, Seconds: r.Took.Seconds(), NumShards: r.NumShards,
		Sources: names(r.Sources), Targets: names(r.Targets),
		Moved: list(r.Moved), Kept: list(r.Kept), Lost: list(r.Lost), InDoubt: list(r.InDoubt),
		Fresh: r.Fresh,
	}
	if err != nil {
		result.Result, result.Error = ResultFailed, err.Error()
	}
	return result
}

// ProgressOf translates a step of an upgrade.
func ProgressOf(p master.Progress) Progress {
	step := Progress{At: p.At, State: string(p.State), Moved: p.Moved, Total: p.Total}
	switch n := p.Notice.(type) {
	case core.UpgradeState:
	case core.ShardPhase:
		step.Move = &Move{
			Shard: n.Shard, State: string(n.State), From: string(n.From), To: string(n.To),
			Epoch: n.Epoch, Fresh: n.Fresh, Arrived: n.State == lifecycle.MoveOnNew,
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
