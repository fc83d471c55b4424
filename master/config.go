package master

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

// The defaults of [Config] that are not those of package core.
const (
	DefaultStopTimeout = 2 * time.Minute
	DefaultMaxPending  = 128
	DefaultSessionAge  = 30 * time.Second
)

// Config says how a master works. The zero value launches nothing: slaves come
// by themselves, one of them serves all shards, and the first one's hello says
// how many there are.
type Config struct {
	// Command is what to launch as a slave: the program and its arguments. Empty
	// means that nothing is launched, unless there is a Launcher.
	Command []string
	// Launcher starts the slaves. nil means an [ExecLauncher] when there is a
	// Command, and none otherwise.
	Launcher Launcher
	// Addr is the address that launched slaves are told, as "unix:/path" or
	// "tcp:host:port". Empty means the one that Serve listens on.
	Addr string

	// Shards is the number of shards of the whole bot. 0 means what the first
	// slave's hello says.
	Shards int
	// Slaves is how many slaves share the shards. 0 means 1.
	Slaves int
	// MaxShardsPerSlave raises the number of slaves until none has more. 0 means
	// no limit.
	MaxShardsPerSlave int
	// Parallel is how many shards an upgrade moves at once. 0 means 8.
	Parallel int

	// Journal holds what the next master must know when this one dies; package journal
	// has one that is a file. Serve closes it. nil means that the next master knows
	// only what slaves tell it.
	Journal Journal
	// SessionAge is how old a session may be that an earlier master has written down
	// to be resumed where nobody serves the shard any more. 0 means
	// [DefaultSessionAge]: a gateway keeps a session for a short while.
	SessionAge time.Duration
	// Lease is for how long a slave serves without an answer from the master: then it
	// stops its shards by itself, so that they can be started elsewhere although
	// nobody knows what became of it. 0 means for ever: then a slave that is lost keeps
	// its shards until it is known to be dead. It must be several heartbeats long.
	Lease time.Duration
	// LeaseMargin is how much longer than Lease the master waits. It has to cover the
	// time that the bot takes to stop what it has begun. 0 means half of Lease, and at
	// least 1 s.
	LeaseMargin time.Duration

	// StartNow launches slaves at once. Otherwise the master first waits, for
	// Deadlines.Relaunch, whether slaves of an earlier master come back.
	StartNow bool
	// UpgradeOnHello begins an upgrade when slaves that nobody launched connect,
	// as many as it takes, as the seed does.
	UpgradeOnHello bool

	// Heartbeat is how often slaves report. 0 means 1 s.
	Heartbeat time.Duration
	// BackOff is the wait before a slave that ended is launched again; it doubles
	// with each end in a row, up to BackOffLimit, and varies by 20 %. 0 means 1 s
	// and 60 s.
	BackOff, BackOffLimit time.Duration
	// MaxExits is after how many ends in a row, before all shards ran, a slave is
	// no longer launched by itself. 0 means 5.
	MaxExits int
	// Deadlines bound every wait.
	Deadlines lifecycle.Deadlines
	// StopTimeout is for how long an orderly stop waits for an open upgrade, and
	// after that for the slaves, when their own deadlines are longer. 0 means
	// [DefaultStopTimeout].
	StopTimeout time.Duration

	// Limits bound what slaves may send and are sent.
	Limits wire.Limits
	// WriteTimeout is how long a slave may take to accept the next 256 KiB, or what
	// there is of them, before its link is closed. 0 means
	// [wire.DefaultWriteTimeout].
	WriteTimeout time.Duration
	// MaxPending is how many connections may be open that have not said hello; one
	// more is closed at once. 0 means [DefaultMaxPending].
	MaxPending int

	// Jitter returns a number in [0, 1) that varies one wait. nil means a random one;
	// a test passes its own.
	Jitter func() float64
	// SlavePrefix begins the ids that the master gives to slaves. It must differ
	// between two lives of a master whose slaves can meet. Empty means a random
	// one.
	SlavePrefix string
	// Logger is told what happens. nil means that nothing is logged.
	Logger *zap.Logger
}

// Validate returns one error that names every field that cannot be used, or nil.
func (c Config) Validate() error {
	var errs []error
	for _, f := range []struct {
		name  string
		value time.Duration
	}{{"StopTimeout", c.StopTimeout}, {"WriteTimeout", c.WriteTimeout}, {"SessionAge", c.SessionAge}} {
		if f.value < 0 {
			errs = append(errs, fmt.Errorf("%s is %v: want 0 for the default, or more", f.name, f.value))
		}
	}
	if c.MaxPending < 0 {
		errs = append(errs, fmt.Errorf("MaxPending is %d: want 0 for the default, or more", c.MaxPending))
	}
	if len(c.Command) > 0 && c.Command[0] == "" {
		errs = append(errs, errors.New("Command[0] is empty: want a program"))
	}
	errs = append(errs, c.Limits.Validate(), c.options().Validate())
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("master: config: %w", err)
	}
	return nil
}

// options are the core's part of the config.
func (c Config) options() core.Options {
	return core.Options{
		Shards: c.Shards, Slaves: c.Slaves, MaxShardsPerSlave: c.MaxShardsPerSlave, Parallel: c.Parallel,
		CanLaunch: c.launches(), StartNow: c.StartNow, UpgradeOnHello: c.UpgradeOnHello,
		SlavePrefix: c.SlavePrefix, Heartbeat: c.Heartbeat, Journal: c.Journal != nil,
		Lease: c.Lease, LeaseMargin: c.LeaseMargin,
		BackOff: c.BackOff, BackOffLimit: c.BackOffLimit, MaxExits: c.MaxExits,
		Deadlines: c.Deadlines,
	}
}

// launches tells whether this master can start processes.
func (c Config) launches() bool { return c.Launcher != nil || len(c.Command) > 0 }

// launcher is what starts the slaves.
func (c Config) launcher() Launcher {
	if c.Launcher != nil {
		return c.Launcher
	}
	return ExecLauncher{}
}

// withDefaults returns a copy in which every empty field that the shell reads
// has its default.
func (c Config) withDefaults() Config {
	if c.StopTimeout == 0 {
		c.StopTimeout = DefaultStopTimeout
	}
	if c.WriteTimeout == 0 {
		c.WriteTimeout = wire.DefaultWriteTimeout
	}
	if c.SessionAge == 0 {
		c.SessionAge = DefaultSessionAge
	}
	if c.MaxPending == 0 {
		c.MaxPending = DefaultMaxPending
	}
	if c.SlavePrefix == "" {
		c.SlavePrefix = "s" + randomID() + "-"
	}
	if c.Jitter == nil {
		c.Jitter = rand.Float64
	}
	if c.Logger == nil {
		c.Logger = zap.NewNop()
	}
	c.Command = slices.Clone(c.Command)
	c.Deadlines = c.Deadlines.OrDefault()
	return c
}
