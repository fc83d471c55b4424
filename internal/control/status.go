package control

// Status is what a master knows about its slaves and shards.
type Status struct {
	PID     int    `json:"pid"`
	Version string `json:"version"`
	// Listen is where slaves connect.
	Listen string `json:"listen"`
	// Journal is the path of the file in which the next master finds what this one
	// knows; empty when there is none.
	Journal string `json:"journal,omitempty"`
	// Lease is for how long a slave serves without its master; 0 means for ever.
	Lease Duration `json:"lease,omitempty"`
	// State is the master's, by its name in the table "master".
	State string `json:"state"`
	// NumShards is 0 while the number is unknown.
	NumShards int      `json:"num_shards"`
	Slaves    []Slave  `json:"slaves"`
	Shards    []Shard  `json:"shards"`
	Shares    []Share  `json:"shares"`
	Upgrade   *Upgrade `json:"upgrade,omitempty"`
	// Last is how the upgrade ended that has ended last in this master's life.
	Last *Result `json:"last,omitempty"`
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
	Dialect int `json:"dialect"`
	// Unhealthy is why its bot says that it is not well.
	Unhealthy string `json:"unhealthy,omitempty"`
	// Missing says that an earlier master has written it down and that it has not been
	// heard of since, so that what it may run is not started elsewhere.
	Missing bool  `json:"missing,omitempty"`
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
	// Back says that its way is back to the sources. Pausing says that a pause was asked
	// for, and comes when the slaves have answered.
	Back    bool `json:"back,omitempty"`
	Pausing bool `json:"pausing,omitempty"`
	// Failure is why the upgrade goes back or is paused.
	Failure *Failure `json:"failure,omitempty"`
}
