package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/disgoorg/disgo"
	"github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/gateway"
	"github.com/disgoorg/disgo/sharding"
	"go.uber.org/zap"
	"go.uber.org/zap/exp/zapslog"
)

// stopFor is how long the shards have to close.
const stopFor = 10 * time.Second

// runPlain runs every shard with disgo alone, until ctx ends: what the bot was
// before it could be replaced.
func runPlain(ctx context.Context, s settings, client []bot.ConfigOpt, gateways []gateway.ConfigOpt) error {
	options := []sharding.ConfigOpt{sharding.WithGatewayConfigOpts(gateways...)}
	if s.shards > 0 {
		ids := make([]int, s.shards)
		for id := range ids {
			ids[id] = id
		}
		options = append(options, sharding.WithShardCount(s.shards), sharding.WithShardIDs(ids...))
	}
	c, err := disgo.New(s.token, append(client, bot.WithShardManagerConfigOpts(options...))...)
	if err != nil {
		return fmt.Errorf("build the client: %w", err)
	}
	if err := c.OpenShardManager(ctx); err != nil {
		return fmt.Errorf("open the shards: %w", err)
	}
	<-ctx.Done()
	limit, cancel := context.WithTimeout(context.Background(), stopFor)
	defer cancel()
	c.Close(limit)
	return nil
}

// zapSlog lets disgo, which uses slog, log to zap.
func zapSlog(logger *zap.Logger) *slog.Logger { return slog.New(zapslog.NewHandler(logger.Core())) }
