package explore

import (
	"fmt"
	"strings"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	mcore "github.com/shardbaton/baton/master/core"
	score "github.com/shardbaton/baton/slaveclient/core"
)

// Limit names something that may happen so often in one run of a world.
type Limit int

// The limits. What has none may happen whenever it is possible: messages arrive,
// callbacks return, processes start, broken links are noticed and dialled again.
const (
	// Upgrades is how often the operator asks for an upgrade.
	Upgrades Limit = iota
	// Cuts is how many control links break by themselves; StateCuts the same for
	// links for state.
	Cuts
	StateCuts
	// Kills is how many slaves are killed, Crashes how often the master is.
	Kills
	Crashes
	// Freezes is how often a process stands still for a while.
	Freezes
	// Deadlines is how many deadlines pass although what they wait for may still come.
	Deadlines
	// Failures is how many callbacks fail, LaunchFailures how many launches.
	Failures
	LaunchFailures
	// Beats is how many heartbeats are sent beyond those that a new link brings.
	Beats
	// Events is how many events the gateway has for each shard.
	Events
	// Arrivals is how many slaves are started by hand.
	Arrivals
	// Forgets is how often the operator says that a dead slave is dead.
	Forgets
	// Stops is how often the master is asked for an orderly end.
	Stops
	// Strangers is how many connections are made by somebody who is no slave.
	Strangers
	// Pauses, Resumes and Aborts are the operator's words to an open upgrade.
	Pauses
	Resumes
	Aborts
	// Ills is how many health checks say that the bot is not well.
	Ills
	limits
)

// limitNames returns the limits' names in stories.
func limitNames() [limits]string {
	return [limits]string{
		"upgrades", "cuts", "statecuts", "kills", "crashes", "freezes", "deadlines", "failures", "launchfailures", "beats",
		"events", "arrivals", "forgets", "stops", "strangers", "pauses", "resumes", "aborts", "ills",
	}
}

// String returns the limit's name in stories.
func (l Limit) String() string { return limitNames()[l] }

// Budget says how often each thing may still happen.
type Budget [limits]uint8

// Config bounds one search.
type Config struct {
	Name string
	// Shards and Slaves are the master's options.
	Shards, Slaves int
	// Parallel is how many shards move at once.
	Parallel int
	// NumShards is the number of shards that upgrades ask for; 0: the same.
	NumShards int
	// ByHand says that the master cannot launch.
	ByHand bool
	// Cold begins with an idle world. Otherwise the search begins when every shard
	// is served for the first time.
	Cold bool
	// From lets one upgrade run without faults until it, or the move of a shard, is in
	// that state of its table; the search begins there.
	From string
	// Back has the operator abort that upgrade when every shard has moved, before From is
	// looked for.
	Back bool
	// StartNow is the master's option, Exits its MaxExits.
	StartNow bool
	Exits    int
	// Records is how many records a shard's state has; with PreCopy as many are sent ahead.
	Records int
	// PreCopy and Arm say what the bots offer.
	PreCopy, Arm bool
	// Stateless and Health say that the bots can do without their state, and look after
	// their health.
	Stateless, Health bool
	// Canary is how many shards upgrades move first; Hold, that these, and the whole in
	// the end, are watched for a while; Pauses, that a failure pauses an upgrade.
	Canary       int
	Hold, Pauses bool
	// First says how many of the slaves, by order of birth, speak dialect 1 only.
	First int
	// Journal and Lease are the master's options.
	Journal bool
	Lease   time.Duration
	// Budget bounds what may go wrong.
	Budget Budget

	// Master and Slave are the tables, when they are not the standard ones.
	Master *mcore.Tables
	Slave  *score.Tables
	// Warp alters what goes in and out of the cores. nil: nothing.
	Warp *Warp
}

// Warp is a deliberate defect of a core: it alters what the core is told, or what
// it does; nil instead of something makes it forget that. A field that is nil alters
// nothing.
type Warp struct {
	// MasterEvent is told, too, which slave is at the other end of the link that the
	// event is about, if it is about one.
	MasterEvent  func(peer string, e mcore.Event) mcore.Event
	MasterEffect func(mcore.Effect) []mcore.Effect
	SlaveEvent   func(score.Event) score.Event
	SlaveEffect  func(score.Effect) score.Effect
	// LeaseFromRead lets a lease count from when its answer was read.
	LeaseFromRead bool
}

// String writes the configuration as a story's first line has it.
func (c *Config) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "shards=%d", c.Shards)
	number := func(name string, v int) {
		if v != 0 {
			fmt.Fprintf(&b, " %s=%d", name, v)
		}
	}
	flag := func(name string, v bool) {
		if v {
			b.WriteString(" " + name)
		}
	}
	number("slaves", c.Slaves)
	number("parallel", c.Parallel)
	number("numshards", c.NumShards)
	number("records", c.Records)
	number("first", c.First)
	number("exits", c.Exits)
	if c.From != "" {
		b.WriteString(" from=" + strings.ReplaceAll(c.From, " ", "-"))
	}
	flag("back", c.Back)
	flag("byhand", c.ByHand)
	flag("startnow", c.StartNow)
	flag("cold", c.Cold)
	flag("precopy", c.PreCopy)
	flag("arm", c.Arm)
	flag("journal", c.Journal)
	flag("stateless", c.Stateless)
	flag("health", c.Health)
	number("canary", c.Canary)
	flag("hold", c.Hold)
	flag("pausing", c.Pauses)
	if c.Lease != 0 {
		fmt.Fprintf(&b, " lease=%v", c.Lease)
	}
	for l, n := range c.Budget {
		number(Limit(l).String(), int(n))
	}
	return b.String()
}

// beat is how often slaves report.
const beat = 20 * time.Second

// masterOptions are those of the master in its life-th life.
func (c *Config) masterOptions(life int, trace func(string, int)) mcore.Options {
	return mcore.Options{
		Shards: c.Shards, Slaves: c.Slaves, Parallel: c.Parallel, CanLaunch: !c.ByHand,
		SlavePrefix: prefix(life), Heartbeat: beat, BackOff: 5 * time.Second, BackOffLimit: 20 * time.Second,
		MaxExits: c.Exits, StartNow: c.StartNow, Journal: c.Journal, Lease: c.Lease, Tables: c.Master, Trace: trace,
		Deadlines: lifecycle.Deadlines{
			Silence: 3*beat - time.Second, Turn: 2 * time.Minute, ColdStart: 2 * time.Minute, Progress: 4 * time.Minute, SoftStart: 2 * time.Minute,
			Settle: 4 * time.Minute, Drain: 10 * time.Minute,
		},
	}
}

// plan is that of every upgrade.
func (c *Config) plan() mcore.Plan {
	p := mcore.Plan{NumShards: c.NumShards, Canary: c.Canary}
	if c.Hold {
		p.Healthy = time.Minute
		if c.Canary > 0 {
			p.Hold = time.Minute
		}
	}
	if c.Pauses {
		p.OnFailure = mcore.Pause
	}
	return p
}

// prefix is what the ids begin with that a master gives in its life-th life: s1 is
// the first slave of the first master, t1 of the second.
func prefix(life int) string { return string(rune('s' + (life-1)%8)) }

func (c *Config) slaveOptions(k slaveKind, trace func(string, int)) score.Options {
	num := c.Shards
	if c.Slaves > 1 {
		num = 0
	}
	return score.Options{
		SlaveID: k.id, NumShards: num, PreCopy: c.PreCopy, Arm: c.Arm, Stateless: c.Stateless, Health: c.Health, OnlyDialect1: k.first,
		BackoffMin: time.Second, BackoffMax: 5 * time.Second, Deadlines: lifecycle.SlaveDeadlines{}.OrDefault(),
		Tables: c.Slave, Trace: trace,
	}
}
