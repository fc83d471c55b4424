package batondisgo

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"time"

	"github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/gateway"

	"github.com/shardbaton/baton/slaveclient"
)

// Defaults of [Config].
const (
	DefaultArmFor    = 5 * time.Second
	DefaultResumeFor = 30 * time.Second
	DefaultRefusals  = 3
	DefaultRetry     = 250 * time.Millisecond
	DefaultCloseWait = time.Second
	DefaultSpare     = 2
	DefaultReachFor  = 10 * time.Second
	DefaultUnwell    = 10 * time.Second
)

// resumableCode is the close code that this package uses: any but 1000 and 1001
// leaves the session resumable.
const resumableCode = 4000

// Config says how a bot is built. The zero value is a bot with disgo's defaults
// and no listeners.
type Config struct {
	// Client are the options that disgo.New would get: listeners, caches, REST,
	// logger. Those for a gateway or shard manager have no place here: see Gateway.
	Client []bot.ConfigOpt
	// Gateway are options for every shard's gateway: intents, presence,
	// compression. Those about the connection, the session, the shard, the
	// logger and reconnecting are overruled. All processes that hand shards to
	// each other have to use the same intents and compression: they belong to
	// the session.
	Gateway []gateway.ConfigOpt

	// SoftStart, FullStart and Shutdown are called where slaveclient.Bot says.
	// Shutdown comes when all shards have stopped and all handlers have ended,
	// before the client is closed. nil means that there is nothing to do.
	SoftStart func(ctx context.Context, c *bot.Client, a slaveclient.Assignment) error
	FullStart func(ctx context.Context, c *bot.Client, a slaveclient.Assignment) error
	Shutdown  func(ctx context.Context, c *bot.Client) error
	// Health is asked by [Bot.Health], beside the connections that it looks at itself.
	// nil means that there is nothing else to ask.
	Health func(ctx context.Context, c *bot.Client) error
	// States are kinds of state beside disgo's caches.
	States []State
	// ShardDown is told when a shard that ran has stopped for good by itself,
	// for instance because of a [CloseError]. nil means that it is only logged.
	ShardDown func(shard int, err error)

	// Dial opens a TCP connection to Discord; a proxy goes here. nil means a
	// net.Dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// TLS is for wss URLs. nil means Go's defaults.
	TLS *tls.Config
	// IdentifyRateLimiter paces the IDENTIFYs of this process. nil means disgo's,
	// with the max_concurrency that Discord reports.
	IdentifyRateLimiter gateway.IdentifyRateLimiter

	// ArmFor is how long a connection that was opened ahead waits for its
	// session. 0 means 5 s.
	ArmFor time.Duration
	// ResumeFor bounds the time for which a RESUME is tried again, from its first
	// failure, before a fresh IDENTIFY. While the gateway is not reached at all, the
	// session is kept. 0 means 30 s.
	ResumeFor time.Duration
	// ReachFor bounds the time for which a shard that is started with a session may
	// fail to reach the gateway. StartShard then fails, and the session is left to
	// whoever gets through. 0 means 10 s.
	ReachFor time.Duration
	// Refusals is how many times Discord must refuse a session before a fresh
	// IDENTIFY. 0 means 3.
	Refusals int
	// Retry is the pause before the second try to connect anew; the first
	// follows at once. It doubles up to twenty times this, and varies by a fifth.
	// 0 means 250 ms.
	Retry time.Duration
	// CloseWait bounds the wait for Discord's answer to a close frame. 0 means 1 s.
	CloseWait time.Duration
	// Spare is how many parked gateways are kept ready, beyond those that a
	// transfer needs. A reconnect that finds none takes one second longer. 0
	// means 2.
	Spare int
	// Unwell is for how long a shard may be without a connection before [Bot.Health]
	// says so: longer than an ordinary reconnect takes. 0 means 10 s.
	Unwell time.Duration
}

// withDefaults fills in every empty field, or names those that cannot be used.
func (c Config) withDefaults() (Config, error) {
	var errs []error
	duration := func(field *time.Duration, name string, byDefault time.Duration) {
		if *field < 0 {
			errs = append(errs, fmt.Errorf("%s is %v: want 0 for the default (%v) or more", name, *field, byDefault))
		}
		if *field == 0 {
			*field = byDefault
		}
	}
	number := func(field *int, name string, byDefault int) {
		if *field < 0 {
			errs = append(errs, fmt.Errorf("%s is %d: want 0 for the default (%d) or more", name, *field, byDefault))
		}
		if *field == 0 {
			*field = byDefault
		}
	}
	duration(&c.ArmFor, "ArmFor", DefaultArmFor)
	duration(&c.ResumeFor, "ResumeFor", DefaultResumeFor)
	duration(&c.Retry, "Retry", DefaultRetry)
	duration(&c.CloseWait, "CloseWait", DefaultCloseWait)
	duration(&c.ReachFor, "ReachFor", DefaultReachFor)
	duration(&c.Unwell, "Unwell", DefaultUnwell)
	number(&c.Refusals, "Refusals", DefaultRefusals)
	number(&c.Spare, "Spare", DefaultSpare)
	kinds := map[string]bool{slaveclient.KindGuild: true}
	for i, s := range c.States {
		switch {
		case s == nil:
			errs = append(errs, fmt.Errorf("States[%d] is nil", i))
		case s.Kind() == "" || kinds[s.Kind()]:
			errs = append(errs, fmt.Errorf("States[%d] has kind %q: want one that is not empty, not %q and not another state's", i, s.Kind(), slaveclient.KindGuild))
		default:
			kinds[s.Kind()] = true
		}
	}
	if len(errs) > 0 {
		return c, &ConfigError{Problems: errs}
	}
	if c.Dial == nil {
		c.Dial = new(net.Dialer).DialContext
	}
	if c.TLS == nil {
		c.TLS = new(tls.Config)
	}
	if c.Health == nil {
		c.Health = func(context.Context, *bot.Client) error { return nil }
	}
	if c.ShardDown == nil {
		c.ShardDown = func(int, error) {}
	}
	return c, nil
}
