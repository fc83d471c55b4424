package gatewaysim

import (
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"
)

// Config describes a gateway. The zero value is a gateway with every default
// below; a zero field means its default.
type Config struct {
	// Shards is the recommended number of shards, as /gateway/bot reports it, and
	// together with GuildsPerShard and Rate it sets how many guilds there are and
	// how much happens in them. Bots may identify with any other count. Default 1.
	Shards int
	// GuildsPerShard is the number of guilds on each of Shards shards. Default 50.
	GuildsPerShard int
	// GuildBytes is the approximate size of a GUILD_CREATE's data in bytes of
	// JSON; it cannot be less than about 6000. Default 8192.
	GuildBytes int
	// Rate is the number of events per second on each of Shards shards.
	// Default 10.
	Rate float64
	// Stopped makes the gateway begin with its generator stopped; see
	// Gateway.StartEvents.
	Stopped bool
	// StateEvery makes one event in so many alter what bots cache (GUILD_UPDATE
	// and GUILD_MEMBER_UPDATE in turn); the others are MESSAGE_CREATE. Default 10;
	// 1 makes every event alter state.
	StateEvery int

	// Token is the only token that is accepted. Empty accepts every token that
	// looks like one: base64 of the application's id, a dot, anything.
	Token string
	// DisallowedIntents are intents that end a connection with 4014 when a bot
	// asks for them. Default none.
	DisallowedIntents Intents
	// MaxConcurrency is the number of IDENTIFY buckets (shard_id modulo
	// MaxConcurrency). Default 1.
	MaxConcurrency int
	// IdentifyInterval is the time for which an IDENTIFY blocks its bucket.
	// Default 5 s.
	IdentifyInterval time.Duration
	// SessionStarts is how many IDENTIFYs are allowed in 24 h. Default 1000.
	SessionStarts int

	// HeartbeatInterval is what HELLO asks for. Default 41.25 s.
	HeartbeatInterval time.Duration
	// HeartbeatGrace is how much later than HeartbeatInterval a heartbeat may
	// come; without one the session ends with close code 4009. Default half of
	// HeartbeatInterval.
	HeartbeatGrace time.Duration
	// AckDelay is the time from a heartbeat to its ACK. It is there because
	// clients, disgo among them, note that they sent a heartbeat after sending it,
	// and take an ACK that came before the note for a missing one. Default 20 ms.
	AckDelay time.Duration

	// AuthenticateWithin is how long a connection may go without IDENTIFY or RESUME
	// before it is closed with 4003. Discord does not document a limit; a client
	// that opens connections ahead of time had better survive a short one. Default
	// none.
	AuthenticateWithin time.Duration

	// ReplaySize is how many dispatches a session keeps for RESUME. Discord does
	// not document its own figure. Default 4096.
	ReplaySize int
	// BacklogSize is how many dispatches may wait for a client that reads too
	// slowly; at the next one its connection is cut with 4000. Default 65536.
	BacklogSize int
	// SessionExpiry is how long a session without a connection can be resumed.
	// Discord does not document its own figure, and clients had better not count
	// on more than the default, 30 s.
	SessionExpiry time.Duration
	// TrimOnHeartbeat makes a heartbeat drop from the replay buffer what its
	// sequence acknowledges, so that a RESUME from before it is refused. That is
	// the harsh reading of an undocumented point. Default off.
	TrimOnHeartbeat bool
	// AttachedResume is what a RESUME does to a session that another connection
	// still holds. Default TakeOver.
	AttachedResume AttachedResume

	// SendLimit is how many payloads a connection may send per SendWindow before
	// it is closed with 4008. Defaults 120 and 60 s.
	SendLimit  int
	SendWindow time.Duration

	// LedgerSize is how many deliveries the ledger holds, of about 100 bytes each.
	// When it is full the oldest are forgotten, a few thousand at a time, and the
	// judge does not ask about them any more. Default 4194304.
	LedgerSize int

	// RTT is a simulated round-trip time between the bots and the gateway: half
	// of it is added to each way, and opening a connection costs one more before
	// the first byte, so that a WebSocket dial takes 2 RTT. It holds for the REST
	// and /sim endpoints too. Default 0, none.
	RTT time.Duration

	// Logger gets the gateway's log. Default none.
	Logger *zap.Logger
}

// AttachedResume is a policy for a RESUME of a session that another connection
// holds.
type AttachedResume int

const (
	// TakeOver closes the old connection and gives the session to the new one.
	TakeOver AttachedResume = iota
	// Refuse answers the new connection with opcode 9, not resumable, and leaves
	// the old one alone.
	Refuse
)

// Validate reports every field that is out of range, joined in one error; each
// part names its field. A zero field is never out of range.
func (c Config) Validate() error {
	var errs []error
	check := func(ok bool, field, want string, got any) {
		if !ok {
			errs = append(errs, fmt.Errorf("gatewaysim: %s: want %s, got %v", field, want, got))
		}
	}
	for _, n := range []struct {
		field string
		value int
	}{
		{"Shards", c.Shards},
		{"GuildsPerShard", c.GuildsPerShard},
		{"GuildBytes", c.GuildBytes},
		{"StateEvery", c.StateEvery},
		{"MaxConcurrency", c.MaxConcurrency},
		{"SessionStarts", c.SessionStarts},
		{"ReplaySize", c.ReplaySize},
		{"BacklogSize", c.BacklogSize},
		{"SendLimit", c.SendLimit},
		{"LedgerSize", c.LedgerSize},
	} {
		check(n.value >= 0, n.field, "a positive number", n.value)
	}
	for _, d := range []struct {
		field string
		value time.Duration
	}{
		{"IdentifyInterval", c.IdentifyInterval},
		{"HeartbeatInterval", c.HeartbeatInterval},
		{"HeartbeatGrace", c.HeartbeatGrace},
		{"AckDelay", c.AckDelay},
		{"AuthenticateWithin", c.AuthenticateWithin},
		{"SessionExpiry", c.SessionExpiry},
		{"SendWindow", c.SendWindow},
		{"RTT", c.RTT},
	} {
		check(d.value >= 0, d.field, "a positive duration", d.value)
	}
	check(c.Rate >= 0 && c.Rate <= maxRate, "Rate", fmt.Sprintf("0 to %v events per second", float64(maxRate)), c.Rate)
	check(c.AttachedResume == TakeOver || c.AttachedResume == Refuse, "AttachedResume", "TakeOver or Refuse", int(c.AttachedResume))
	check(c.DisallowedIntents&^allIntents == 0, "DisallowedIntents", fmt.Sprintf("intents within %#x", uint64(allIntents)), uint64(c.DisallowedIntents))
	if c.Token != "" {
		_, err := applicationOf(c.Token)
		check(err == nil, "Token", "base64 of the application's id, a dot, anything", "another form")
	}
	return errors.Join(errs...)
}

// maxRate bounds Rate; above it the pacer's arithmetic would mean nothing.
const maxRate = 1e6

func (c Config) withDefaults() Config {
	setDefault(&c.Shards, 1)
	setDefault(&c.GuildsPerShard, 50)
	setDefault(&c.GuildBytes, 8192)
	setDefault(&c.Rate, 10)
	setDefault(&c.StateEvery, 10)
	setDefault(&c.MaxConcurrency, 1)
	setDefault(&c.IdentifyInterval, 5*time.Second)
	setDefault(&c.SessionStarts, 1000)
	setDefault(&c.HeartbeatInterval, 41250*time.Millisecond)
	setDefault(&c.HeartbeatGrace, c.HeartbeatInterval/2)
	setDefault(&c.AckDelay, 20*time.Millisecond)
	setDefault(&c.ReplaySize, 4096)
	setDefault(&c.BacklogSize, 65536)
	setDefault(&c.SessionExpiry, 30*time.Second)
	setDefault(&c.SendLimit, 120)
	setDefault(&c.SendWindow, time.Minute)
	setDefault(&c.LedgerSize, 4<<20)
	if c.Logger == nil {
		c.Logger = zap.NewNop()
	}
	return c
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
