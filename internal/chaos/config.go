package chaos

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/shardbaton/baton/internal/testbed"
)

// Config says what to break and how. A zero field has the default that is given.
type Config struct {
	// Cells are what to run. Default: those of Full.
	Cells []Cell
	// Parallel is how many cells run at once. Default 4: most of a cell is waiting.
	Parallel int

	// Shards is the number of gateway connections of each bot. Default 8.
	Shards int
	// Guilds is how many guilds each shard has. Default 5.
	Guilds int
	// Rate is the number of events a second on each shard. Default 50.
	Rate float64

	// Program is the baton binary that serves as master. Default: this program.
	Program string
	// Bot is the program to launch. Default: disgobot beside this program.
	Bot string

	// Keep is a directory in which each cell that fails, or does not reach its phase,
	// leaves its logs and ledgers.
	// Default: they are removed.
	Keep string
	// Out is told of each cell as it ends. Default: nobody is.
	Out io.Writer

	// Checkpoint is how much of a killed slave's work may be done twice: the interval
	// at which slaves say how far they are. Default 1 s, a heartbeat.
	Checkpoint time.Duration
	// Patience bounds each wait of a cell: for the upgrade's end, for the service to
	// be restored, for every shard to handle events. Default 60 s.
	Patience time.Duration
}

// What faults are like.
const (
	// StopFor is for how long a process stands still.
	StopFor = 5 * time.Second
	// SlowLatency and SlowBytes are what a slow link is like: latency each way, and
	// bytes a second.
	SlowLatency = 200 * time.Millisecond
	SlowBytes   = 64 << 10
	// RestartAfter is the time from a master's death to the next one's start.
	RestartAfter = 200 * time.Millisecond
)

// usualLatency is that of every link before a fault: without any, the shorter phases
// of an upgrade would be over before a fault could hit them.
const usualLatency = 2 * time.Millisecond

// grace is how much longer than the checkpoint's interval a killed slave's last one
// may have been on its way on a busy machine.
const grace = 500 * time.Millisecond

// WithDefaults returns a copy in which every zero field has its default. The error
// says which program is missing.
func (c Config) WithDefaults() (Config, error) {
	fill(&c.Parallel, 4)
	fill(&c.Shards, 8)
	fill(&c.Guilds, 5)
	fill(&c.Rate, 50)
	fill(&c.Checkpoint, time.Second)
	fill(&c.Patience, time.Minute)
	if c.Out == nil {
		c.Out = io.Discard
	}
	if len(c.Cells) == 0 {
		c.Cells = Full()
	}
	var err error
	if c.Program == "" {
		if c.Program, err = os.Executable(); err != nil {
			return c, fmt.Errorf("where this program is: %w", err)
		}
	}
	if c.Program, err = filepath.Abs(c.Program); err != nil {
		return c, err
	}
	c.Bot, err = testbed.FindBot(c.Bot)
	return c, err
}

func fill[T comparable](field *T, usual T) {
	var zero T
	if *field == zero {
		*field = usual
	}
}

// Validate returns one error that names the flag of every field that is out of
// range, or nil.
func (c Config) Validate() error {
	var errs []error
	for _, n := range []struct {
		name         string
		value, least int
	}{
		{"--parallel", c.Parallel, 1},
		{"--guilds", c.Guilds, 1},
		{"--shards", c.Shards, leastShards},
	} {
		if n.value != 0 && n.value < n.least {
			errs = append(errs, fmt.Errorf("%s is %d: want at least %d", n.name, n.value, n.least))
		}
	}
	if c.Rate < 0 {
		errs = append(errs, fmt.Errorf("--rate is %v: want more than 0", c.Rate))
	}
	return errors.Join(errs...)
}

// leastShards leaves some before and some behind the one whose move is watched.
const leastShards = 4

// watched is the shard whose move is watched: one of the middle, so that some have
// moved and some have not.
func (c Config) watched() int { return c.Shards/2 + 1 }

// moving is how many shards move at once, for the same reason fewer than there are.
func (c Config) moving() int { return c.Shards / 2 }
