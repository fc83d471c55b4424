package batondisgo

import (
	"context"
	"iter"
	"log/slog"

	"github.com/disgoorg/disgo/gateway"
	"github.com/disgoorg/disgo/sharding"
	"github.com/disgoorg/snowflake/v2"

	"github.com/shardbaton/baton/slaveclient"
)

// manager is the shard manager that the client sees.
type manager struct{ bot *Bot }

var _ sharding.ShardManager = (*manager)(nil)

// Open opens nothing: the master says which shards start here, and when.
func (m *manager) Open(context.Context) {
	m.bot.log.Warn("shards are started by the master: OpenShardManager does nothing, call slaveclient.Run")
}

// Close stops every shard.
func (m *manager) Close(ctx context.Context) {
	if err := m.bot.stopAll(ctx); err != nil {
		m.bot.log.Error("not every shard has stopped", slog.Any("err", err))
	}
}

func (m *manager) OpenShard(ctx context.Context, id int) error {
	return m.ResumeShard(ctx, id, sharding.ShardState{})
}

func (m *manager) ResumeShard(ctx context.Context, id int, state sharding.ShardState) error {
	_, err := m.bot.StartShard(ctx, id, m.bot.total(), slaveclient.Session{
		ID: state.SessionID, Sequence: int64(state.Sequence), ResumeURL: state.ResumeURL,
	})
	return err
}

func (m *manager) CloseShard(ctx context.Context, id int) {
	if s := m.bot.lookup(id); s != nil {
		s.gateway.Close(ctx)
	}
}

// ShardByGuildID returns nil when the guild's shard never was here.
func (m *manager) ShardByGuildID(guild snowflake.ID) gateway.Gateway {
	total := m.bot.total()
	if total == 0 {
		return nil
	}
	return m.Shard(sharding.ShardIDByGuild(guild, total))
}

// Shard returns nil when the shard never was here. One that has left is still
// there for the handlers that run on; its status says that it is not connected.
func (m *manager) Shard(id int) gateway.Gateway {
	if s := m.bot.lookup(id); s != nil {
		return s.gateway
	}
	return nil
}

// Shards are those that run here or are being connected.
func (m *manager) Shards() iter.Seq[gateway.Gateway] {
	return func(yield func(gateway.Gateway) bool) {
		for _, s := range m.bot.all() {
			if s.isHere() && !yield(s.gateway) {
				return
			}
		}
	}
}
