package control

import (
	"context"
	"time"
)

// Backend is what the API commands: a master, see [ForMaster].
type Backend interface {
	// Status tells how things stand now.
	Status() Status
	// Upgrade runs one upgrade to its end and calls progress, from one goroutine,
	// for each step. The context bounds only the beginning. The error says why none
	// was begun; how one that was begun has ended, the result says.
	Upgrade(ctx context.Context, plan Plan, progress func(Progress)) (Result, error)
	// Forget says that a slave's process is dead. The error says why that cannot be
	// so.
	Forget(ctx context.Context, slave string) error
}

// Plan says what to replace by what. The zero Plan replaces every slave by one
// of the same command, with the same number of shards.
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
}

// Line is one line of the answer to an upgrade: one field is set.
type Line struct {
	Progress *Progress `json:"progress,omitempty"`
	Result   *Result   `json:"result,omitempty"`
}

// Progress is one step of an upgrade.
type Progress struct {
	At time.Time `json:"at"`
	// State is the upgrade's, by its name in the table "upgrade".
	State string `json:"state"`
	// Total is how many shards are to move, Moved how many of them have arrived.
	Moved int `json:"moved"`
	Total int `json:"total"`
	// Move is set when a shard's hand-over has gone a step further.
	Move *Move `json:"move,omitempty"`
	// Note says in words what else happened, such as a slave that was launched.
	Note string `json:"note,omitempty"`
}

// Move is where the hand-over of one shard stands.
type Move struct {
	Shard int `json:"shard"`
	// State is the move's, by its name in the table "move".
	State string `json:"state"`
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
	Epoch uint64 `json:"epoch"`
	// Fresh says that the shard needed an IDENTIFY.
	Fresh bool `json:"fresh,omitempty"`
	// Arrived says that the shard runs on its new owner.
	Arrived bool `json:"arrived,omitempty"`
}

// Result is how an upgrade ended.
type Result struct {
	// Result is [ResultDone], [ResultFailed] or [ResultLaunched].
	Result string `json:"result"`
	// Seconds is from the request to the end.
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
	// Error says why the upgrade failed.
	Error string `json:"error,omitempty"`
}

// The values of Result.Result.
const (
	ResultDone   = "done"
	ResultFailed = "failed"
	// ResultLaunched: nothing served, so that nothing was replaced; the plan's command
	// is launched instead, now or at the end of the pause after a bot's early end.
	ResultLaunched = "launched"
)

// Done tells whether the upgrade has done what it was asked for.
func (r Result) Done() bool { return r.Result == ResultDone }

// Status is what a master knows about its slaves and shards.
type Status struct {
	PID     int    `json:"pid"`
	Version string `json:"version"`
	// Listen is where slaves connect.
	Listen string `json:"listen"`
	// State is the master's, by its name in the table "master".
	State string `json:"state"`
	// NumShards is 0 while the number is unknown.
	NumShards int      `json:"num_shards"`
	Slaves    []Slave  `json:"slaves"`
	Shards    []Shard  `json:"shards"`
	Shares    []Share  `json:"shares"`
	Upgrade   *Upgrade `json:"upgrade,omitempty"`
	// GaveUp says that a bot ended so often in a row that it is no longer
	// relaunched; an upgrade resets it.
	GaveUp bool `json:"gave_up,omitempty"`
}

// Slave is one that the master knows.
type Slave struct {
	ID string `json:"id"`
	// Role is what the slave is there for: new, spare, serving, source, target or
	// ending.
	Role string `json:"role"`
	// Link is the state of its control link, by its name in the table "link".
	Link string `json:"link"`
	// PID is 0 for a slave that this master has not launched.
	PID     int    `json:"pid,omitempty"`
	Version string `json:"version,omitempty"`
	// Dialect is 0 until the slave has said hello.
	Dialect int   `json:"dialect"`
	Shards  []int `json:"shards"`
}

// Shard is one gateway connection.
type Shard struct {
	Shard int `json:"shard"`
	// Owner runs the shard, or holds it while it is moved; empty when none does.
	Owner string `json:"owner,omitempty"`
	Epoch uint64 `json:"epoch"`
	// InDoubt says that the owner may run the shard or not.
	InDoubt bool `json:"in_doubt,omitempty"`
	// Move is the state of its hand-over, empty when no upgrade moves it.
	Move string `json:"move,omitempty"`
}

// Share is a set of shards that one slave serves, or shall serve.
type Share struct {
	// State is the share's, by its name in the table "share".
	State string `json:"state"`
	// Slave serves the share or is on its way; empty when none is.
	Slave string `json:"slave,omitempty"`
	// Shards is empty while the number of shards is unknown.
	Shards []int `json:"shards"`
	// Ends counts how often in a row the bot ended before all of the shards ran.
	Ends int `json:"ends,omitempty"`
}

// Upgrade is one that runs.
type Upgrade struct {
	ID        string   `json:"id"`
	State     string   `json:"state"`
	NumShards int      `json:"num_shards"`
	Sources   []string `json:"sources"`
	Targets   []string `json:"targets"`
	Moved     int      `json:"moved"`
	InFlight  int      `json:"in_flight"`
	Total     int      `json:"total"`
	// Failure is why the upgrade is being settled.
	Failure string `json:"failure,omitempty"`
}
