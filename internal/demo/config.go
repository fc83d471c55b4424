package demo

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/shardbaton/baton/internal/control/children"
)

// Config says what to demonstrate. Fields that are zero have the default of the
// command baton demo, as far as they have one.
type Config struct {
	// Shards is the number of gateway connections. Default 16.
	Shards int
	// Guilds is how many guilds each shard has. Default 50.
	Guilds int
	// StateBytes is about how much is cached of each guild. Default 8192; about
	// 5000 is the least.
	StateBytes int
	// Rate is the number of events a second on each shard. Default 100.
	Rate float64
	// RTT is the simulated round-trip time between bots and gateway. Default 0.
	RTT time.Duration
	// Slaves is how many processes share the shards. Default 1.
	Slaves int
	// Parallel is how many shards move at once. Default 8.
	Parallel int
	// Upgrades is how often all of them are replaced, one time after another.
	// Default 1.
	Upgrades int
	// Reshard is the number of shards that the first upgrade leads to; 0 keeps it.
	Reshard int
	// Cold stops the old bots and starts the new ones, instead of an upgrade.
	Cold bool
	// Revert has the new bot fail when all shards are there, so that everything goes
	// back: the bot is given --misbehave fail-full-start.
	Revert bool
	// Bot is the program to launch. Default: disgobot beside this program's own
	// executable.
	Bot string
	// Keep is a directory to leave the logs and ledgers in; it must be empty or not
	// exist. Default: a temporary one that is removed.
	Keep string
	// Scratch is an empty directory with a short path, for sockets and the like, that the
	// caller removes. Default: a temporary one that is removed.
	Scratch string
	// Out is told, in lines or as bars, how things go. Default: nobody is.
	Out io.Writer
	// Launcher launches the bots. Default: one of its own.
	Launcher *children.Launcher
}

// WithDefaults returns a copy in which every zero field has its default.
func (c Config) WithDefaults() Config {
	fill(&c.Shards, 16)
	fill(&c.Guilds, 50)
	fill(&c.StateBytes, 8192)
	fill(&c.Rate, 100)
	fill(&c.Slaves, 1)
	fill(&c.Parallel, 8)
	fill(&c.Upgrades, 1)
	if c.Out == nil {
		c.Out = io.Discard
	}
	if c.Launcher == nil {
		c.Launcher = new(children.Launcher)
	}
	return c
}

func fill[T comparable](field *T, usual T) {
	var zero T
	if *field == zero {
		*field = usual
	}
}

// Validate returns one error that names the flag of every field that is out of range
// or that contradicts another, or nil. A zero field is never out of range.
func (c Config) Validate() error {
	var errs []error
	atLeast := func(name string, value, least int) {
		if value != 0 && value < least {
			errs = append(errs, fmt.Errorf("%s is %d: want at least %d", name, value, least))
		}
	}
	atLeast("--shards", c.Shards, 1)
	atLeast("--guilds", c.Guilds, 1)
	atLeast("--state-bytes", c.StateBytes, 1)
	atLeast("--slaves", c.Slaves, 1)
	atLeast("--parallel", c.Parallel, 1)
	atLeast("--upgrades", c.Upgrades, 1)
	atLeast("--reshard", c.Reshard, 1)
	if c.Rate < 0 {
		errs = append(errs, fmt.Errorf("--rate is %v: want more than 0", c.Rate))
	}
	if c.RTT < 0 {
		errs = append(errs, fmt.Errorf("--rtt is %v: want 0 or more", c.RTT))
	}
	full := c.WithDefaults()
	if full.Slaves > full.Shards {
		errs = append(errs, fmt.Errorf("--slaves is %d for --shards %d: want at most one slave a shard", full.Slaves, full.Shards))
	}
	if c.Reshard != 0 && c.Reshard == full.Shards {
		errs = append(errs, fmt.Errorf("--reshard is %d: want another number than --shards", c.Reshard))
	}
	if c.Reshard != 0 && c.Reshard < full.Slaves {
		errs = append(errs, fmt.Errorf("--reshard is %d for --slaves %d: want at most one slave a shard", c.Reshard, full.Slaves))
	}
	if c.Cold && c.Reshard != 0 {
		errs = append(errs, errors.New("--cold and --reshard: want one of them"))
	}
	if c.Revert && (c.Cold || c.Reshard != 0) {
		errs = append(errs, errors.New("--revert with --cold or --reshard: want one of them"))
	}
	return errors.Join(errs...)
}
