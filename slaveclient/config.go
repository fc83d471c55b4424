package slaveclient

import (
	"context"
	crand "crypto/rand"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

// The environment in which the master's launcher starts a bot. [Config] reads it
// where a field is empty.
const (
	EnvAddr    = "BATON_ADDR"
	EnvToken   = "BATON_TOKEN"
	EnvSlaveID = "BATON_SLAVE_ID"
)

// Defaults of [Config].
const (
	DefaultBackoffMin  = 100 * time.Millisecond
	DefaultBackoffMax  = 5 * time.Second
	DefaultStateBudget = 4 << 20
)

// Config says how a bot meets its master. The zero value is complete for a bot
// that the master launches.
type Config struct {
	// Addr is the master's address: "unix:/path" or "tcp:host:port". Empty means
	// $BATON_ADDR.
	Addr string
	// Token shows the master that it launched this process. Empty means
	// $BATON_TOKEN; a bot that is started by hand has none.
	Token string
	// SlaveID names this process to the master and stays the same when it
	// reconnects. Empty means $BATON_SLAVE_ID or, without that, a random one.
	SlaveID string
	// Version is the bot's own version, for the master's status. Empty is allowed.
	Version string
	// NumShards is the number of shards that the bot wishes to have in all. 0
	// leaves it to the master. A master of dialect 1 never says, so there it is
	// needed for a cold start.
	NumShards int
	// Stateless says that the bot can RESUME a shard although the state of the process
	// that ran it last is lost: it needs none, or finds it elsewhere. After a process
	// was killed the master then starts its shards anew by RESUME from their last
	// checkpoint, so that no event is lost, on an empty cache. Otherwise they start by
	// IDENTIFY, which brings the state and loses the events in between.
	Stateless bool
	// Logger is told what Run does. nil means that nothing is logged.
	Logger *zap.Logger
	// Dial opens a connection to the master. nil means a net.Dialer. The network
	// is "unix" or "tcp".
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// BackoffMin and BackoffMax bound the pause between two attempts to reach the
	// master: it starts at the minimum, doubles up to the maximum, and varies by
	// up to a fifth either way. 0 means 100 ms and 5 s.
	BackoffMin, BackoffMax time.Duration
	// Jitter returns a number in [0, 1) that varies one pause. nil means a random
	// one; a test passes its own.
	Jitter func() float64
	// StateBudget is the number of bytes of state that may wait for
	// LoadGuildState before the link they come on is no longer read. 0 means
	// 4 MiB. One record may exceed it. It does not apply to dialect 1, where
	// state and commands share a link.
	StateBudget int
	// Limits bound the messages in both directions. The zero value is 64 KiB for
	// control and 64 MiB for one record of state; the master has the same setting.
	Limits wire.Limits
	// OnlyDialect1 makes Run speak dialect 1 without offering more: its Hello is
	// then byte for byte that of a v1.5.2 slave.
	OnlyDialect1 bool
	// Deadlines bound the bot's callbacks.
	Deadlines lifecycle.SlaveDeadlines
}

// withDefaults returns the config with every empty field filled in, or one error
// that names each field that cannot be used.
func (c Config) withDefaults(env func(string) string) (Config, error) {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	fill(&c.Addr, env(EnvAddr))
	fill(&c.Token, env(EnvToken))
	fill(&c.SlaveID, env(EnvSlaveID))
	fill(&c.BackoffMin, DefaultBackoffMin)
	fill(&c.BackoffMax, max(DefaultBackoffMax, c.BackoffMin))
	fill(&c.StateBudget, DefaultStateBudget)
	if c.Addr == "" {
		wrong("Addr is empty and $%s is not set: want the master's address, as in \"unix:/run/baton.sock\"", EnvAddr)
	} else if _, _, err := splitAddr(c.Addr); err != nil {
		wrong("Addr %w", err)
	}
	if c.NumShards < 0 {
		wrong("NumShards is %d: want 0 to leave it to the master, or the number of shards", c.NumShards)
	}
	if c.BackoffMin < 0 {
		wrong("BackoffMin is %v: want 0 for the default (%v) or more", c.BackoffMin, DefaultBackoffMin)
	}
	if c.BackoffMax < c.BackoffMin {
		wrong("BackoffMax is %v: want at least BackoffMin (%v)", c.BackoffMax, c.BackoffMin)
	}
	if c.StateBudget < 0 {
		wrong("StateBudget is %d bytes: want 0 for the default (%d) or more", c.StateBudget, DefaultStateBudget)
	}
	if err := c.Limits.Validate(); err != nil {
		errs = append(errs, err)
	}
	if err := c.Deadlines.Validate(); err != nil {
		errs = append(errs, err)
	}
	if len(errs) > 0 {
		return c, &ConfigError{Problems: errs}
	}
	c.Deadlines = c.Deadlines.OrDefault()
	if c.Logger == nil {
		c.Logger = zap.NewNop()
	}
	if c.SlaveID == "" {
		c.SlaveID = crand.Text()
	}
	if c.Jitter == nil {
		c.Jitter = rand.Float64
	}
	if c.Dial == nil {
		c.Dial = new(net.Dialer).DialContext
	}
	return c, nil
}

// fill sets an empty field.
func fill[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// splitAddr takes "network:address" apart.
func splitAddr(addr string) (network, address string, err error) {
	network, address, _ = strings.Cut(addr, ":")
	if network != "unix" && network != "tcp" || address == "" {
		return "", "", fmt.Errorf("is %q: want \"unix:/path\" or \"tcp:host:port\"", addr)
	}
	if network == "tcp" {
		if _, _, err := net.SplitHostPort(address); err != nil {
			return "", "", fmt.Errorf("is %q: want \"tcp:host:port\": %w", addr, err)
		}
	}
	return network, address, nil
}
