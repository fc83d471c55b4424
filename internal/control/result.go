package control

import (
	"fmt"
	"strings"
)

// Result is how an upgrade ended.
type Result struct {
	// Result is [ResultDone], [ResultReverted], [ResultFailed] or [ResultLaunched].
	Result string `json:"result"`
	// Upgrade is its id.
	Upgrade string `json:"upgrade,omitempty"`
	// Seconds is from the request to the end; of an upgrade that this master took up
	// from its journal, from then on.
	Seconds float64 `json:"seconds"`
	// NumShards is the number of shards afterwards.
	NumShards int `json:"num_shards"`
	// Sources were to be replaced by Targets.
	Sources []string `json:"sources"`
	Targets []string `json:"targets"`
	// Moved shards run on the new slaves, Kept on those they were on. Lost ones
	// have no owner, and InDoubt ones may or may not run on theirs.
	Moved   []int `json:"moved"`
	Kept    []int `json:"kept"`
	Lost    []int `json:"lost"`
	InDoubt []int `json:"in_doubt"`
	// Fresh counts the shards that needed an IDENTIFY.
	Fresh int `json:"fresh"`
	// Error says why the upgrade is not done, in a sentence; Failure says the same in
	// parts, as far as it is about a step of the upgrade.
	Error   string   `json:"error,omitempty"`
	Failure *Failure `json:"failure,omitempty"`
	// Trouble is what would have made an upgrade go back that is done all the same,
	// because there was nobody to go back to.
	Trouble *Failure `json:"trouble,omitempty"`
}

// The values of Result.Result.
const (
	ResultDone = "done"
	// ResultReverted: everything is as it was before the upgrade.
	ResultReverted = "reverted"
	ResultFailed   = "failed"
	// ResultLaunched: nothing served, so that nothing was replaced; the plan's command
	// is launched instead, now or at the end of the pause after a bot's early end.
	ResultLaunched = "launched"
)

// Done tells whether the upgrade has done what it was asked for.
func (r Result) Done() bool { return r.Result == ResultDone }

// Failure is what made an upgrade go back, pause or fail.
type Failure struct {
	// Step is the state in which the upgrade was.
	Step string `json:"step,omitempty"`
	// Slave is the one that failed, and Shard the one at which it failed, if it was
	// about one.
	Slave string `json:"slave,omitempty"`
	Shard *int   `json:"shard,omitempty"`
	// Kind says in a few words what went wrong, always the same ones; Reason says what
	// was expected and what came.
	Kind   string `json:"kind"`
	Reason string `json:"reason,omitempty"`
}

// String says all of it on one line.
func (f Failure) String() string {
	var where []string
	if f.Step != "" {
		where = append(where, fmt.Sprintf("at %q", f.Step))
	}
	if f.Slave != "" {
		where = append(where, "slave "+f.Slave)
	}
	if f.Shard != nil {
		where = append(where, fmt.Sprintf("shard %d", *f.Shard))
	}
	text := f.Kind
	if f.Reason != "" {
		text += ": " + f.Reason
	}
	if len(where) == 0 {
		return text
	}
	return strings.Join(where, ", ") + ": " + text
}
