package control

import (
	"time"

	"github.com/shardbaton/baton/master/core"
)

// statusOf translates the master's own status; the process's part is not in it.
func statusOf(s core.Status) Status {
	status := Status{
		State:     string(s.State),
		NumShards: s.NumShards,
		Slaves:    []Slave{},
		Shards:    []Shard{},
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

// resultOf translates an upgrade's result.
func resultOf(r core.Result, took time.Duration) Result {
	result := Result{
		Result: ResultDone, Seconds: took.Seconds(), NumShards: r.NumShards,
		Sources: names(r.Sources), Targets: names(r.Targets),
		Moved: list(r.Moved), Kept: list(r.Kept), Lost: list(r.Lost), InDoubt: list(r.InDoubt),
		Fresh: r.Fresh,
	}
	if r.Err != nil {
		result.Result, result.Error = ResultFailed, r.Err.Error()
	}
	return result
}

// tracker turns notices into progress: each step says where the whole upgrade
// stands, which a notice about one shard does not.
type tracker struct{ now Progress }

// step takes a notice in. It is false for one that is no news of an upgrade.
func (t *tracker) step(at time.Time, notice core.Notice) (Progress, bool) {
	t.now.At, t.now.Move, t.now.Note = at, nil, ""
	switch n := notice.(type) {
	case core.UpgradeState:
		t.now.State, t.now.Moved, t.now.Total = string(n.State), n.Moved, n.Total
	case core.ShardPhase:
		t.now.Move = &Move{
			Shard: n.Shard, State: string(n.State), From: string(n.From), To: string(n.To),
			Epoch: n.Epoch, Fresh: n.Fresh,
		}
	case core.SlaveLaunched, core.SlaveSeen, core.SlaveLost, core.SlaveExited, core.Problem:
		t.now.Note = notice.String()
	default:
		return Progress{}, false
	}
	return t.now, true
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
