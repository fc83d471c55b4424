package demo

import (
	"time"

	"go.uber.org/zap"

	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/internal/testbed"
)

const (
	// heartbeat is far shorter than Discord's: it is by heartbeats that the bots say
	// which events they have handled, and the demonstration waits for that.
	heartbeat = 3 * time.Second
	// grace keeps a busy machine from being taken for a dead bot.
	grace = 30 * time.Second
	// Discord's own limits for bots that are not very large.
	discordConcurrency = 1
	discordInterval    = 5 * time.Second
)

// startLoad serves a gateway that sends no events yet and lets every shard
// identify at once. fail is called should the gateway end before it is told to.
func startLoad(cfg Config, log *zap.Logger, fail func(error)) (*testbed.Load, error) {
	most := max(cfg.Shards, cfg.Reshard)
	return testbed.StartLoad(gatewaysim.Config{
		Shards: cfg.Shards, GuildsPerShard: cfg.Guilds, GuildBytes: cfg.StateBytes,
		Rate: cfg.Rate, Stopped: true, RTT: cfg.RTT,
		MaxConcurrency: most, SessionStarts: 1000 + most*(1+cfg.Upgrades),
		HeartbeatInterval: heartbeat, HeartbeatGrace: grace,
		Logger: log,
	}, fail)
}
