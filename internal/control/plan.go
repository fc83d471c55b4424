package control

import (
	"fmt"
	"time"

	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/core"
)

// Duration is a time.Duration that JSON has as text, such as "1m30s"; see
// time.ParseDuration.
type Duration time.Duration

// MarshalText implements encoding.TextMarshaler.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is no duration: want one such as \"300ms\" or \"1m30s\"", text)
	}
	*d = Duration(v)
	return nil
}

// String writes the duration as [time.Duration] does.
func (d Duration) String() string { return time.Duration(d).String() }

// Plan says what to replace by what, and how carefully. The zero Plan replaces every
// slave by one of the same command, with the same number of shards.
type Plan struct {
	// Slaves are the ids of those to replace; empty means all.
	Slaves []string `json:"slaves,omitempty"`
	// NumShards is the new number of shards; 0 keeps it.
	NumShards int `json:"num_shards,omitempty"`
	// Parallel is how many shards may move at once; 0 means the master's setting.
	Parallel int `json:"parallel,omitempty"`
	// Command replaces the command that the master launches, from now on. The
	// program must be an absolute path or be found in the master's own PATH.
	Command []string `json:"command,omitempty"`

	// Canary is how many shards move before the rest, the first ones; CanaryShards
	// names them instead.
	Canary       int   `json:"canary,omitempty"`
	CanaryShards []int `json:"canary_shards,omitempty"`
	// Hold is how long the canary is watched before the rest moves.
	Hold Duration `json:"hold,omitempty"`
	// Healthy is for how long the new slaves must have been healthy before the rest
	// moves, and before the old ones are shut down.
	Healthy Duration `json:"healthy,omitempty"`
	// Progress bounds the wait for the next shard to arrive, Total the whole upgrade up
	// to its turning back, and PauseLimit a pause. 0 means the master's setting.
	Progress   Duration `json:"progress,omitempty"`
	Total      Duration `json:"total,omitempty"`
	PauseLimit Duration `json:"pause_limit,omitempty"`
	// OnFailure is "revert", which is also what nothing means, or "pause".
	OnFailure string `json:"on_failure,omitempty"`
}

// Validate returns one error that names every contradiction in the plan, or nil. The
// words are those of [core.Plan].
func (p Plan) Validate() error { return p.master().Validate() }

// master is the plan in the master's words.
func (p Plan) master() master.Plan {
	plan := master.Plan{
		NumShards: p.NumShards, Parallel: p.Parallel, Command: p.Command,
		Canary: p.Canary, CanaryShards: p.CanaryShards,
		Hold: time.Duration(p.Hold), Healthy: time.Duration(p.Healthy),
		Progress: time.Duration(p.Progress), Total: time.Duration(p.Total), PauseLimit: time.Duration(p.PauseLimit),
		OnFailure: core.OnFailure(p.OnFailure),
	}
	for _, id := range p.Slaves {
		plan.Slaves = append(plan.Slaves, core.SlaveID(id))
	}
	return plan
}
